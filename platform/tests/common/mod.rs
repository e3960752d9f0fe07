//! What the tests share: answers without an executor, and short ways to write tenders.
#![allow(dead_code)]
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::{
    task::{Context, Poll, Waker},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use oadr_platform::{
    Answer, Interval, Refusal,
    market::{Product, Side, Tender},
};
use rust_decimal::Decimal;

/// The answer of a reference implementation, which never waits.
pub fn now<T>(mut answer: Answer<'_, T>) -> Result<T, Refusal> {
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a reference implementation must not wait"),
    }
}

/// Midnight of a test day, and so many seconds.
pub fn at(seconds: i64) -> Timestamp {
    "2026-11-23T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

/// The number written.
pub fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Energy in the hour from 12:00, in euros.
pub fn noon() -> Product {
    Product {
        market_context: "http://market.example".into(),
        class: "energy".into(),
        currency: "EUR".into(),
        interval: Interval::new(at(12 * 3600), Duration::from_secs(3600)),
    }
}

/// An open tender for noon, standing until the gate.
pub fn tender(party: &str, id: &str, side: Side, wh: i64, price: &str) -> Tender {
    Tender {
        id: id.into(),
        party: party.into(),
        counter_party: None,
        side,
        product: noon(),
        quantity_wh: wh.into(),
        price_per_kwh: number(price),
        integral_only: false,
        expires_at: at(12 * 3600),
    }
}
