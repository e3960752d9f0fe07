//! The list of events over time. OpenADR 2.0b Profile, rules 13 to 15, 27, 29, 47,
//! 50, 52, 61, 66, 502.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, minutes, noon, seconds, simple};
use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::EventStatus;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::OadrDistributeEvent;
use oadr_vtn::Error;
use oadr_vtn::record::EventDraft;
use rust_decimal::Decimal;

fn at(minute: i64) -> Timestamp {
    noon().checked_add(minutes(minute)).unwrap()
}

fn broken_rule(result: Result<impl std::fmt::Debug, Error>) -> u16 {
    match result {
        Err(Error::Fault(fault)) => fault.rule,
        other => panic!("{other:?}"),
    }
}

fn ids(events: &OadrDistributeEvent) -> Vec<&str> {
    events.oadr_event.iter().map(|event| event.ei_event.id()).collect()
}

fn status(events: &OadrDistributeEvent, place: usize) -> EventStatus {
    events.oadr_event[place].ei_event.event_descriptor.event_status.clone()
}

async fn created(bench: &Bench, draft: EventDraft) -> String {
    bench.vtn.create_event(draft).await.unwrap().id
}

/// An event under a given ID.
fn named(id: &str, draft: EventDraft) -> EventDraft {
    EventDraft { id: Some(id.to_owned()), ..draft }
}

/// Answers all that a poll brings.
async fn opt_in(ven: &Ven<'_>) -> OadrDistributeEvent {
    let events = ven.poll_events().await;
    assert_eq!(ven.code(ven.answer(&events, OptType::OptIn)).await, 200);
    events
}

/// OpenLEADR #97: an event made while the VTN runs reached nobody.
#[tokio::test]
async fn an_event_reaches_those_it_is_for_and_nobody_else() {
    let bench = Bench::new().await;
    let (a, b, c) =
        (bench.registered("A").await, bench.registered("B").await, bench.registered("C").await);
    bench.vtn.set_groups("B", ["north".to_owned()].into()).await.unwrap();
    let mut to_group = named("group", simple(&[], at(60), &[1]));
    to_group.targets.groups = vec!["north".into()];
    let mut to_all = named("all", simple(&[], at(61), &[1]));
    to_all.targets.all = true;
    created(&bench, to_group).await;
    created(&bench, to_all).await;
    created(&bench, named("one", simple(&["C"], at(62), &[1]))).await;
    assert_eq!(ids(&a.events().await), ["all"]);
    assert_eq!(ids(&b.events().await), ["group", "all"]);
    assert_eq!(ids(&c.events().await), ["all", "one"]);
    // Whoever comes later hears what is for everybody; who joins a group, what is for it.
    assert_eq!(ids(&bench.registered_later("D").await.events().await), ["all"]);
    bench.vtn.set_groups("A", ["north".to_owned()].into()).await.unwrap();
    assert_eq!(ids(&a.poll_events().await), ["group", "all"]);
    // And who leaves hears that it is over, by omission (rule 61).
    bench.vtn.set_groups("B", Default::default()).await.unwrap();
    assert_eq!(ids(&b.poll_events().await), ["all"]);
}

#[tokio::test]
async fn rule_13_the_status_follows_the_clock_and_the_number_stays() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let ramped = EventDraft { ramp_up: Some(minutes(2)), ..simple(&["A"], at(10), &[1]) };
    created(&bench, named("ramped", ramped)).await;
    created(&bench, named("plain", simple(&["A"], at(10), &[1]))).await;
    opt_in(&ven).await;
    use EventStatus::{Active, Far, Near};
    let timeline = [
        (479, Far, Far),
        (1, Far, Near),
        (119, Far, Near),
        (1, Active, Active),
        (599, Active, Active),
    ];
    for (step, plain, ramped) in timeline {
        bench.pass(seconds(step));
        let events = ven.events().await;
        assert_eq!(ids(&events), ["plain", "ramped"]);
        assert_eq!((status(&events, 0), status(&events, 1)), (plain, ramped), "{}", bench.now());
        assert!(events.oadr_event.iter().all(|e| e.ei_event.modification_number() == 0));
        // Rule 502: progress is no change.
        ven.poll_nothing().await;
    }
    bench.pass(seconds(1));
    assert!(ven.events().await.oadr_event.is_empty(), "over");
}

#[tokio::test]
async fn rules_14_and_29_the_current_value_is_that_in_force() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    created(&bench, simple(&["A"], at(10), &[1, 2])).await;
    for (minute, value) in [(0, 0), (10, 1), (20, 2)] {
        bench.clock.set(at(minute));
        let events = ven.events().await;
        let signal = &events.oadr_event[0].ei_event.ei_event_signals.ei_event_signal[0];
        let shown = signal.current_value.as_ref().unwrap().value();
        assert_eq!(shown, Some(Decimal::from(value)), "minute {minute}");
    }
}

#[tokio::test]
async fn rule_52_a_cancellation_is_repeated_until_acknowledged_or_tried_enough() {
    let bench = Bench::with(|settings| settings.limits.event_tries = 3).await;
    let ven = bench.registered("A").await;
    for id in ["first", "second"] {
        created(&bench, named(id, simple(&["A"], at(60), &[1]))).await;
    }
    opt_in(&ven).await;
    for id in ["first", "second"] {
        bench.vtn.cancel_event(id, None).await.unwrap();
    }
    let events = ven.poll_events().await;
    assert_eq!(ids(&events), ["first", "second"]);
    for place in [0, 1] {
        assert_eq!(status(&events, place), EventStatus::Cancelled, "rule 10");
        assert_eq!(events.oadr_event[place].ei_event.modification_number(), 1, "rule 5");
    }
    assert_eq!(ven.code(ven.answer_to("first", 1, OptType::OptIn)).await, 200);
    ven.poll_nothing().await;
    // Two more times for the second, each after the time to answer; then never again.
    for _ in 0..2 {
        bench.pass(seconds(60));
        assert_eq!(ids(&ven.poll_events().await), ["second"], "rule 50: no longer the first");
    }
    for _ in 0..3 {
        bench.pass(seconds(60));
        let reply = ven.poll().await;
        let listed = OadrDistributeEvent::try_from(reply).map_or(0, |e| e.oadr_event.len());
        assert_eq!(listed, 0);
    }
}

#[tokio::test]
async fn what_was_never_sent_needs_no_cancellation() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let id = created(&bench, simple(&["A"], at(60), &[1])).await;
    bench.vtn.cancel_event(&id, None).await.unwrap();
    bench.vtn.cancel_event(&id, None).await.unwrap();
    assert_eq!(bench.vtn.event(&id).unwrap().modification, 1, "twice is once");
    assert!(ven.events().await.oadr_event.is_empty());
}

#[tokio::test]
async fn rule_502_a_cancelled_event_is_offered_by_poll() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let id = created(&bench, simple(&["A"], at(60), &[1])).await;
    opt_in(&ven).await;
    ven.poll_nothing().await;
    bench.vtn.cancel_event(&id, Some("not needed".into())).await.unwrap();
    let events = ven.poll_events().await;
    let descriptor = &events.oadr_event[0].ei_event.event_descriptor;
    assert_eq!(descriptor.modification_reason.as_deref(), Some("not needed"));
    assert!(
        broken_rule(bench.vtn.modify_event(&id, simple(&["A"], at(60), &[2]), None).await) == 20
    );
}

/// OpenLEADR #42: a VEN drops what a list leaves out.
#[tokio::test]
async fn rule_50_all_that_is_not_over_is_listed_once() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let near = EventDraft { ramp_up: Some(minutes(30)), ..simple(&["A"], at(20), &[1]) };
    created(&bench, named("near", near)).await;
    created(&bench, named("active", simple(&["A"], at(0), &[1, 1]))).await;
    created(&bench, named("overlaps", simple(&["A"], at(15), &[1]))).await;
    created(&bench, named("far", simple(&["A"], at(600), &[1]))).await;
    ven.events().await;
    assert_eq!(ven.code(ven.answer_to("far", 0, OptType::OptOut)).await, 200);
    assert_eq!(ids(&ven.events().await), ["active", "overlaps", "near", "far"]);
}

/// OpenLEADR #49: events came in no order.
#[tokio::test]
async fn rules_15_and_27_order_and_reply_limit() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let start = [("p0", 0, -4), ("late1", 1, -2), ("early1", 1, -3), ("p2", 2, -5)];
    for (id, priority, minute) in start {
        let draft = EventDraft { priority, ..simple(&["A"], at(minute), &[1]) };
        created(&bench, named(id, draft)).await;
    }
    created(&bench, named("pending late", simple(&["A"], at(90), &[1]))).await;
    let urgent = EventDraft { priority: 1, ..simple(&["A"], at(91), &[1]) };
    created(&bench, named("pending later", urgent)).await;
    let order = ["early1", "late1", "p2", "p0", "pending late", "pending later"];
    assert_eq!(ids(&ven.events().await), order);
    for _ in 0..2 {
        let two = ven.send(ven.request_event(Some(2))).await;
        assert_eq!(ids(&two.try_into().unwrap()), order[..2]);
    }
    // What the limit cut off is offered in full at once.
    assert_eq!(ven.poll_events().await.oadr_event.len(), 6);
}

#[tokio::test]
async fn rule_66_a_random_window_keeps_the_event_listed() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut draft = simple(&["A"], at(0), &[1]);
    draft.duration = seconds(10);
    draft.signals[0].intervals[0].duration = seconds(10);
    draft.start_after = Some(seconds(30));
    created(&bench, draft).await;
    bench.pass(seconds(10));
    assert_eq!(status(&ven.events().await, 0), EventStatus::Completed);
    bench.pass(seconds(29));
    assert_eq!(status(&ven.events().await, 0), EventStatus::Completed);
    bench.pass(seconds(1));
    assert!(ven.events().await.oadr_event.is_empty());
}

/// OpenLEADR #143: an event without end was refused.
#[tokio::test]
async fn rule_47_zero_runs_until_cancelled() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut draft = simple(&["A"], at(1), &[1]);
    draft.duration = SignedDuration::ZERO;
    draft.signals[0].intervals[0].duration = SignedDuration::ZERO;
    let id = created(&bench, draft).await;
    bench.pass(SignedDuration::from_hours(24 * 300));
    assert_eq!(status(&ven.events().await, 0), EventStatus::Active);
    bench.vtn.cancel_event(&id, None).await.unwrap();
    assert_eq!(status(&ven.poll_events().await, 0), EventStatus::Cancelled);
}

impl Bench {
    /// A VEN that comes when events are there already.
    async fn registered_later(&self, id: &str) -> Ven<'_> {
        let ven = self.fresh(id).await;
        ven.take_metadata().await;
        ven
    }
}
