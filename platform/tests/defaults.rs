//! Nothing behind a hook: every question still gets a polite answer.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
};

use jiff::Timestamp;
use oadr_platform::{
    Aggregator, Answer, Grid, Interval, Market, PartyId, Prosumer, Reason,
    aggregator::{NoAggregator, Notice},
    grid::{Limit, NoGrid},
    market::{Command, NoMarket},
    opt::OptReason,
    prosumer::{Decision, EventOffer, Instruction, NoProsumer, Site},
};

fn now<T>(mut answer: Answer<'_, T>) -> Result<T, oadr_platform::Refusal> {
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a default must not wait"),
    }
}

#[test]
fn no_market_refuses_every_command_politely() {
    let market: Arc<dyn Market> = Arc::new(NoMarket);
    let refusal = now(market.apply(Command::Expire, Timestamp::UNIX_EPOCH)).unwrap_err();
    assert_eq!(refusal.reason, Reason::NotOffered);
    assert_eq!(refusal.to_string(), "not offered here: there is no market here");
    assert_eq!(now(market.wakes_at()), Ok(None));
}

#[test]
fn no_aggregator_takes_notice_and_has_no_opinion() {
    let aggregator: Arc<dyn Aggregator> = Arc::new(NoAggregator);
    let notice = Notice::Registered { party: PartyId::from("ven-1") };
    assert_eq!(now(aggregator.told(notice, Timestamp::UNIX_EPOCH)), Ok(()));
    let hour = Interval::hour(Timestamp::UNIX_EPOCH);
    assert_eq!(
        now(aggregator.targets(&"http://m".into(), hour, 1000.into(), Timestamp::UNIX_EPOCH)),
        Ok(None)
    );
}

#[test]
fn no_prosumer_opts_out_of_everything() {
    let prosumer: Arc<dyn Prosumer> = Arc::new(NoProsumer);
    let at = Timestamp::UNIX_EPOCH;
    assert_eq!(now(prosumer.describe()), Ok(Site::default()));
    let offer = EventOffer {
        event: "e".into(),
        modification: 0,
        market_context: "http://m".into(),
        priority: 0,
        test: false,
        interval: Interval::hour(at),
        resources: vec![],
        signals: vec![],
    };
    let decision = now(prosumer.decide(&offer, at)).unwrap();
    assert!(matches!(decision, Decision::OptOut { reason: OptReason::NotParticipating, .. }));
    let refusal = now(prosumer.apply(Instruction::release("boiler".into()), at)).unwrap_err();
    assert_eq!(refusal.to_string(), "unknown: no resource boiler");
    assert_eq!(now(prosumer.tenders(at)), Ok(vec![]));
    assert_eq!(now(prosumer.measure(at)), Ok(vec![]));
    assert_eq!(now(prosumer.status(at)), Ok(vec![]));
    assert_eq!(now(prosumer.availability(at)), Ok(vec![]));
}

#[test]
fn no_grid_is_unlimited() {
    let grid: Arc<dyn Grid> = Arc::new(NoGrid);
    let limit = now(grid.limit(&"ven-1".into(), Interval::hour(Timestamp::UNIX_EPOCH)));
    assert_eq!(limit, Ok(Limit { import_w: None, export_w: None }));
}
