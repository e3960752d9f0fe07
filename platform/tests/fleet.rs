//! The reference aggregator and grid. Y.2072 8.2.2, 8.2.4.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::time::Duration;

use common::{at, now, number};
use oadr_platform::{
    Aggregator, Grid, Interval, MarketContext, Reason,
    aggregator::{Fleet, Notice, Share},
    grid::{Connections, Delivered, Limit},
    opt::{Opt, OptReason, OptSchedule},
    reading::{Kind, Quality, Reading},
};
use rust_decimal::Decimal;

fn programme() -> MarketContext {
    "http://programme.example".into()
}

fn hour() -> Interval {
    Interval::hour(at(3600))
}

fn tell(fleet: &Fleet, notice: Notice) {
    now(fleet.told(notice, at(0))).unwrap();
}

fn reported(party: &str, seconds: i64, watts: i64) -> Notice {
    let reading = Reading {
        rid: "power".into(),
        kind: Kind::Power,
        at: at(seconds),
        value: watts.into(),
        quality: Quality::Good,
    };
    Notice::Reported { party: party.into(), readings: vec![reading] }
}

fn answered(modification: u32, opt: Opt, interval: Interval) -> Notice {
    Notice::Answered { party: "ven-1".into(), event: "e".into(), modification, opt, interval }
}

/// Two VENs of 1,000 and 3,000 W, of which half can be shed.
fn fleet() -> Fleet {
    let fleet = Fleet::shedding(number("0.5")).unwrap();
    for (party, watts) in [("ven-1", 1000), ("ven-2", 3000)] {
        tell(&fleet, Notice::Registered { party: party.into() });
        tell(&fleet, reported(party, 3000, watts));
    }
    fleet
}

fn sheddable(fleet: &Fleet) -> Decimal {
    fleet.sheddable_w(&programme(), hour(), at(3600))
}

#[test]
fn the_flexibility_of_all_is_a_share_of_what_they_draw() {
    assert_eq!(sheddable(&fleet()), 2000.into());
}

#[test]
fn the_largest_are_called_first_and_the_last_for_the_rest_only() {
    let fleet = fleet();
    let share = |party: &str, watts: i64| Share { party: party.into(), power_w: watts.into() };
    let targets =
        |watts: i64| now(fleet.targets(&programme(), hour(), watts.into(), at(3600))).unwrap();
    assert_eq!(targets(0), Some(vec![]));
    assert_eq!(targets(1200), Some(vec![share("ven-2", 1200)]));
    assert_eq!(targets(1600), Some(vec![share("ven-2", 1500), share("ven-1", 100)]));
    assert_eq!(targets(9000), Some(vec![share("ven-2", 1500), share("ven-1", 500)]));
}

#[test]
fn who_takes_part_elsewhere_is_not_counted_twice() {
    let fleet = fleet();
    tell(&fleet, answered(1, Opt::In, Interval::hour(at(5400))));
    assert_eq!(sheddable(&fleet), 1500.into());
    tell(&fleet, answered(0, Opt::Out, Interval::hour(at(5400))));
    assert_eq!(sheddable(&fleet), 1500.into(), "an answer to an older version");
    tell(&fleet, answered(2, Opt::In, Interval::hour(at(7200))));
    assert_eq!(sheddable(&fleet), 2000.into(), "the event has moved");
    tell(&fleet, answered(3, Opt::In, Interval::new(at(7199), Duration::ZERO)));
    assert_eq!(sheddable(&fleet), 1500.into(), "an open end");
}

#[test]
fn an_opt_out_schedule_takes_a_ven_out_while_it_lasts() {
    let fleet = fleet();
    let schedule = |market_context: Option<MarketContext>| OptSchedule {
        id: "away".into(),
        opt: Opt::Out,
        reason: OptReason::NotParticipating,
        market_context,
        resources: vec![],
        intervals: vec![Interval::hour(at(0)), Interval::hour(at(7199))],
    };
    let opted = |m| Notice::Opted { party: "ven-2".into(), schedule: schedule(m) };
    tell(&fleet, opted(Some("http://other.example".into())));
    assert_eq!(sheddable(&fleet), 2000.into());
    tell(&fleet, opted(None));
    assert_eq!(sheddable(&fleet), 500.into());
    tell(&fleet, Notice::OptCancelled { party: "ven-2".into(), opt: "away".into() });
    assert_eq!(sheddable(&fleet), 2000.into());
}

#[test]
fn late_and_bad_readings_do_not_hide_good_ones_and_old_ones_do_not_count() {
    let fleet = fleet();
    tell(&fleet, reported("ven-1", 2000, 9000));
    assert_eq!(sheddable(&fleet), 2000.into());
    let Notice::Reported { party, mut readings } = reported("ven-1", 3100, 9000) else { panic!() };
    readings[0].quality = Quality::Bad;
    tell(&fleet, Notice::Reported { party, readings });
    assert_eq!(sheddable(&fleet), 2000.into());
    assert_eq!(fleet.sheddable_w(&programme(), hour(), at(6601)), Decimal::ZERO);
}

#[test]
fn a_ven_that_feeds_in_sheds_nothing() {
    let fleet = fleet();
    tell(&fleet, reported("ven-2", 3100, -500));
    assert_eq!(sheddable(&fleet), 500.into());
}

#[test]
fn an_unregistered_ven_is_forgotten_and_not_heard() {
    let fleet = fleet();
    tell(&fleet, Notice::Registered { party: "ven-2".into() });
    assert_eq!(sheddable(&fleet), 2000.into(), "registering again loses nothing");
    tell(&fleet, Notice::Unregistered { party: "ven-2".into() });
    assert_eq!(sheddable(&fleet), 500.into());
    let refusal = now(fleet.told(reported("ven-2", 3200, 1), at(0))).unwrap_err();
    assert_eq!(refusal.reason, Reason::Unknown);
    assert!(fleet.member(&"ven-2".into()).is_none());
}

#[test]
fn a_share_beyond_the_whole_is_refused() {
    assert_eq!(Fleet::shedding(number("1.01")).unwrap_err().reason, Reason::Malformed);
}

#[test]
fn a_connection_has_its_limit_and_its_last_count() {
    let limit = Limit { import_w: Some(5000.into()), export_w: Some(2000.into()) };
    let grid = Connections::new([("ven-1".into(), limit)].into());
    assert_eq!(now(grid.limit(&"ven-1".into(), hour())), Ok(limit));
    assert_eq!(now(grid.limit(&"ven-9".into(), hour())).unwrap_err().reason, Reason::Unknown);
    let delivered = |party: &str, wh: i64| Delivered {
        party: party.into(),
        trade: None,
        interval: hour(),
        energy_wh: wh.into(),
    };
    now(grid.delivered(delivered("ven-1", 700), at(0))).unwrap();
    now(grid.delivered(delivered("ven-1", 710), at(1))).unwrap();
    assert_eq!(grid.counted_wh(&"ven-1".into(), None, hour()), Some(710.into()));
    let refusal = now(grid.delivered(delivered("ven-9", 1), at(0))).unwrap_err();
    assert_eq!(refusal.reason, Reason::Unknown);
}

#[test]
fn a_limit_holds_in_both_directions() {
    let limit = Limit { import_w: Some(5000.into()), export_w: Some(2000.into()) };
    let allowed = [5000, 5001, -2000, -2001].map(|w| limit.allows(w.into()));
    assert_eq!(allowed, [true, false, true, false]);
    assert!(Limit::default().allows(Decimal::MAX));
}
