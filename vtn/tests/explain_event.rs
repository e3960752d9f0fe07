//! Why a VEN did or did not get an event: the links from the event on, each made over the wire.
//! OpenADR 2.0b Profile, rules 3, 6, 10, 13, 22, 48, 52, 309, 500, 510.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, at, minutes, noon, seconds, signal, simple};
use oadr_schemas::openadr::ei::OptType;
use oadr_vtn::explain::{Cause, Weight};
use oadr_vtn::record::{EventDraft, IntervalDraft, Targets};

const AE: (&str, &str) = ("A", "e");

/// An event e for A, of twenty minutes from an hour after noon on.
fn draft() -> EventDraft {
    EventDraft { id: Some("e".into()), ..simple(&["A"], at(60), &[1, 2]) }
}

fn for_group(group: &str) -> EventDraft {
    let groups = vec![group.to_owned()];
    EventDraft { targets: Targets { groups, ..Targets::default() }, ..draft() }
}

async fn made(bench: &Bench, draft: EventDraft) {
    bench.vtn.create_event(draft).await.unwrap();
}

/// Polls the event and answers it.
async fn answers(ven: &Ven<'_>, opt: OptType) {
    let events = ven.poll_events().await;
    assert_eq!(ven.code(ven.answer(&events, opt)).await, 200);
}

#[tokio::test]
async fn a_ven_that_got_an_event_and_is_in() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    bench.pass(seconds(5));
    made(&bench, draft()).await;
    bench.pass(seconds(5));
    answers(&a, OptType::OptIn).await;
    let all = bench.explain("A", "e");
    let codes: Vec<Cause> = all.findings.iter().map(|one| one.code).collect();
    use Cause::{AnsweredIn, EventFar, Heard, Registered, Sent, Targeted, VenKnown};
    assert_eq!(codes, [VenKnown, Registered, Heard, Targeted, EventFar, Sent, AnsweredIn]);
    assert!(all.findings.iter().all(|one| one.weight == Weight::Note));
    let verdict = "A got event e: it answered optIn to modification 0 under requestID ";
    assert!(all.verdict.starts_with(verdict), "{}", all.verdict);
    assert_eq!(bench.why(AE, AnsweredIn).since, Some(bench.now()));
}

#[tokio::test]
async fn there_is_no_such_event() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    assert_eq!(bench.verdict("A", "e"), "there is no event e here");
    assert!(bench.finds(AE, Cause::EventUnknown));
}

#[tokio::test]
async fn rule_22_an_event_for_others_is_told_with_its_targets() {
    let bench = Bench::new().await;
    let _a = bench.registered("A").await;
    bench.registered("B").await;
    made(&bench, EventDraft { targets: simple(&["B"], noon(), &[1]).targets, ..for_group("x") })
        .await;
    let not = bench.why(AE, Cause::NotTargeted);
    assert!(not.text.contains("for VEN B") && not.text.contains("no group"), "{}", not.text);
    let mut both = for_group("pilot");
    both.targets.vens.push("B".into());
    bench.vtn.modify_event("e", both, None).await.unwrap();
    let not = bench.why(AE, Cause::NotTargeted);
    assert!(not.text.contains("VEN B and group pilot"), "{}", not.text);
    assert!(not.mend.unwrap().contains("`vtn group add pilot A`"));
    assert!(!bench.finds(AE, Cause::NotPolledSince), "it waits for no poll");
    bench.vtn.set_groups("A", ["pilot".to_owned()].into()).await.unwrap();
    assert!(bench.why(AE, Cause::Targeted).text.contains("by its group pilot"));
    bench.vtn.set_groups("A", ["other".to_owned()].into()).await.unwrap();
    let not = bench.why(AE, Cause::NotTargeted).text;
    assert!(not.contains("in group other") && not.contains("was taken from it"), "{not}");
}

#[tokio::test]
async fn targets_are_told_by_which_they_are_met() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let mut draft = draft();
    draft.targets.resources = ["r1", "r2", "r3", "r4", "r5", "r6"].map(str::to_owned).into();
    made(&bench, draft.clone()).await;
    let by = bench.why(AE, Cause::Targeted).text;
    assert!(by.contains("by its venID") && by.contains("r5 and 1 more"), "{by}");
    draft.targets = Targets { all: true, ..Targets::default() };
    bench.vtn.modify_event("e", draft, None).await.unwrap();
    assert!(bench.why(AE, Cause::Targeted).text.contains("as for all"));
}

#[tokio::test]
async fn rule_48_a_market_context_that_is_served_no_more() {
    let served = "http://market.example/demo";
    let mut bench = Bench::with(|settings| settings.market_contexts = vec![served.into()]).await;
    bench.registered("A").await;
    made(&bench, draft()).await;
    assert!(!bench.finds(AE, Cause::MarketContextNotServed));
    bench.restart_with(|settings| settings.market_contexts = vec!["urn:other".into()]).await;
    let not = bench.why(AE, Cause::MarketContextNotServed);
    assert!(not.text.contains(served), "{}", not.text);
}

#[tokio::test]
async fn rule_13_the_status_goes_with_the_time() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    let ramp_up = Some(minutes(10));
    made(&bench, EventDraft { ramp_up, priority: 2, ..draft() }).await;
    answers(&a, OptType::OptIn).await;
    for (minute, cause) in [
        (0, Cause::EventFar),
        (50, Cause::EventNear),
        (60, Cause::EventActive),
        (80, Cause::EventCompleted),
    ] {
        bench.clock.set(at(minute));
        let status = bench.why(AE, cause);
        assert!(status.text.contains("priority 2, modification 0"), "{}", status.text);
        assert_eq!(status.since, Some(at(minute)));
    }
}

#[tokio::test]
async fn rule_10_a_cancelled_event_is_told_with_its_reason() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    made(&bench, draft()).await;
    bench.vtn.cancel_event("e", Some("too warm".into())).await.unwrap();
    let verdict = bench.verdict("A", "e");
    assert_eq!(verdict, "event e was cancelled at 2026-06-01T12:00:00Z: too warm");
    assert_eq!(bench.why(AE, Cause::EventCancelled).since, Some(noon()));
    assert!(!bench.finds(AE, Cause::NotPolledSince), "it is not to be sent any more");
}

#[tokio::test]
async fn rules_3_6_and_510_say_what_a_ven_may_do_otherwise() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let interval = || vec![IntervalDraft { duration: minutes(20), value: 5.into() }];
    let odd = signal("LOAD_CONTROL", "x-loadControlLevelOffset", None, interval());
    let one = EventDraft { test: true, signals: vec![odd], ..draft() };
    made(&bench, one).await;
    made(&bench, EventDraft { id: Some("first".into()), priority: 1, ..draft() }).await;
    made(&bench, EventDraft { id: Some("later".into()), priority: 1, start: at(80), ..draft() })
        .await;
    assert!(bench.finds(AE, Cause::TestEvent));
    let rival = bench.why(AE, Cause::Outranked);
    assert!(rival.text.starts_with("event first has priority 1"), "{}", rival.text);
    let odd = bench.why(AE, Cause::SignalsOptional);
    assert!(odd.text.contains("LOAD_CONTROL x-loadControlLevelOffset"), "{}", odd.text);
    for cause in [Cause::TestEvent, Cause::Outranked, Cause::SignalsOptional] {
        assert!(!bench.finds(("A", "first"), cause), "{cause:?}");
    }
}

#[tokio::test]
async fn a_ven_that_came_when_the_event_was_over() {
    let bench = Bench::new().await;
    made(&bench, EventDraft { targets: Targets { all: true, ..Targets::default() }, ..draft() })
        .await;
    bench.clock.set(at(90));
    bench.registered("A").await;
    assert!(bench.verdict("A", "e").contains("over or cancelled before"));
    assert_eq!(bench.why(AE, Cause::JoinedTooLate).weight, Weight::Stops);
    // Known before, and in the group only afterwards.
    made(&bench, EventDraft { id: Some("g".into()), start: at(100), ..for_group("pilot") }).await;
    bench.vtn.cancel_event("g", None).await.unwrap();
    bench.vtn.set_groups("A", ["pilot".to_owned()].into()).await.unwrap();
    assert!(bench.finds(("A", "g"), Cause::JoinedTooLate));
}

#[tokio::test]
async fn rule_500_an_event_waits_for_the_poll_of_its_ven() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    bench.pass(seconds(5));
    made(&bench, draft()).await;
    let waits = bench.why(AE, Cause::NotPolledSince);
    assert_eq!((waits.since, waits.weight), (Some(bench.now()), Weight::Stops));
    assert!(waits.text.contains(&noon().to_string()), "its last poll: {}", waits.text);
    assert!(bench.verdict("A", "e").starts_with("A has not got event e: the event has to wait"));
    bench.pass(seconds(5));
    answers(&a, OptType::OptIn).await;
    assert!(!bench.finds(AE, Cause::NotPolledSince));
    bench.pass(seconds(5));
    bench.vtn.modify_event("e", EventDraft { priority: 3, ..draft() }, None).await.unwrap();
    let waits = bench.why(AE, Cause::NotPolledSince).text;
    assert!(waits.starts_with("modification 1 has to wait for its poll, it has 0"), "{waits}");
    assert!(bench.why(AE, Cause::AnsweredOlder).text.contains("to modification 0"));
    assert!(bench.verdict("A", "e").starts_with("A has not got event e: modification 1"));
}

#[tokio::test]
async fn an_event_may_wait_for_a_poll_until_it_is_over() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    bench.clock.set(at(90));
    a.poll().await;
    let waited = bench.why(AE, Cause::NotPolledSince);
    let (over, poll) = (format!("was over at {}", at(80)), format!("one was at {}", at(90)));
    assert!(waited.text.contains(&over) && waited.text.contains(&poll), "{}", waited.text);
    assert!(bench.verdict("A", "e").starts_with("A has not got event e"));
}

#[tokio::test]
async fn after_a_restart_polls_are_not_known_and_that_is_said() {
    let mut bench = Bench::new().await;
    bench.registered("A").await;
    made(&bench, draft()).await;
    bench.pass(minutes(5));
    bench.restart().await;
    let waits = bench.why(AE, Cause::NotPolledSince).text;
    assert!(waits.contains(&format!("since the VTN started at {}", bench.now())), "{waits}");
}

#[tokio::test]
async fn rule_309_metadata_goes_first() {
    let bench = Bench::new().await;
    let a = bench.fresh("A").await;
    made(&bench, draft()).await;
    bench.pass(seconds(5));
    a.poll().await;
    assert_eq!(bench.why(AE, Cause::WaitsInLine).since, Some(noon()));
    assert!(bench.verdict("A", "e").contains("something else went first"));
    a.poll_events().await;
    assert!(!bench.finds(AE, Cause::WaitsInLine));
}

#[tokio::test]
async fn rule_52_an_event_that_is_not_answered_is_given_up() {
    let bench = Bench::with(|settings| settings.limits.event_tries = 2).await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    a.poll_events().await;
    let not = bench.why(AE, Cause::NotAnswered);
    assert_eq!((not.since, not.weight), (Some(noon()), Weight::Stops));
    assert!(bench.verdict("A", "e").starts_with("A got event e, but it has not answered"));
    assert!(!bench.finds(AE, Cause::GivenUp));
    bench.pass(minutes(2));
    a.poll_events().await;
    assert!(bench.why(AE, Cause::Sent).text.contains("was sent 2 times, first at"));
    assert!(bench.why(AE, Cause::GivenUp).text.starts_with("after 2 times"));
    assert_eq!(a.code(a.answer_to("e", 0, OptType::OptIn)).await, 200);
    assert!(!bench.finds(AE, Cause::GivenUp) && !bench.finds(AE, Cause::NotAnswered));
}
