//! EiEvent. OpenADR 2.0b Profile, rules 1 to 70 and 100 to 116; scenarios `event-*`.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, code, minutes, noon, seconds, signal, simple};
use jiff::{SignedDuration, Timestamp};
use oadr_platform::opt::Opt;
use oadr_schemas::openadr::check::check_event;
use oadr_schemas::openadr::ei::{EiResponse, OptType};
use oadr_schemas::openadr::oadr::{OadrCreatedEvent, OadrDistributeEvent, ResponseRequired};
use oadr_schemas::openadr::{Code, Message};
use oadr_vtn::Error;
use oadr_vtn::record::{BaselineDraft, EventDraft, IntervalDraft};
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

#[tokio::test]
async fn a_new_event_has_the_form_the_rules_want() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let id = created(&bench, simple(&["A"], at(60), &[1, 2, 3])).await;
    let events = ven.poll_events().await;
    assert!(events.ei_response.as_ref().is_some_and(EiResponse::is_ok), "rule 40");
    assert!(!events.request_id.is_empty(), "rule 41");
    assert_eq!(events.vtn_id, "VTN-1");
    let [event] = events.oadr_event.as_slice() else { panic!() };
    assert_eq!(event.oadr_response_required, ResponseRequired::Always);
    let event = &event.ei_event;
    assert_eq!((event.id(), event.modification_number()), (id.as_str(), 0), "rule 4");
    assert_eq!(event.ei_target.ven_id, ["A"], "rule 63");
    assert!(event.ei_active_period.properties.x_ei_notification.is_some(), "rule 105");
    assert_eq!(check_event(event), Ok(()), "rules 2, 8, 9, 100 to 104, 107, 111, 116");
    assert_eq!(event.event_descriptor.created_date_time.0, bench.now());
}

#[tokio::test]
async fn a_bad_definition_is_refused_with_its_rule_and_reaches_nobody() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let good = || simple(&["A"], at(60), &[1]);
    let refused = async |draft| broken_rule(bench.vtn.create_event(draft).await);

    assert_eq!(refused(simple(&["A"], at(60), &[4])).await, 9);
    assert_eq!(refused(EventDraft { duration: minutes(11), ..good() }).await, 8);
    let interval = || vec![IntervalDraft { duration: minutes(10), value: Decimal::ONE }];
    let price = signal("ELECTRICITY_PRICE", "setpoint", Some("EUR/kWh"), interval());
    assert_eq!(refused(EventDraft { signals: vec![price], ..good() }).await, 104);
    let mut classy = good();
    classy.signals[0].device_classes = vec!["Toaster".into()];
    assert_eq!(refused(classy).await, 111);
    let mut twins = good();
    twins.signals = vec![
        signal("SIMPLE", "level", None, interval()),
        signal("SIMPLE", "level", None, interval()),
    ];
    twins.signals.iter_mut().for_each(|signal| signal.id = Some("s".into()));
    assert_eq!(refused(twins).await, 107);
    assert_eq!(refused(EventDraft { signals: Vec::new(), ..good() }).await, 33);
    let half = SignedDuration::from_millis(600_500);
    assert_eq!(refused(EventDraft { duration: half, ..good() }).await, 1);
    assert_eq!(refused(simple(&["A"], at(-60), &[1])).await, 33, "a new event in the past");
    assert_eq!(refused(simple(&["nobody"], at(60), &[1])).await, 21, "OpenLEADR #72: in silence");
    assert_eq!(refused(simple(&[], at(60), &[1])).await, 22);

    ven.poll_nothing().await;
    assert!(ven.events().await.oadr_event.is_empty());
    assert!(bench.vtn.events(None, 9).unwrap().is_empty());
}

#[tokio::test]
async fn rule_70_an_event_id_is_used_once() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    created(&bench, named("e", simple(&["A"], at(60), &[1]))).await;
    let again = bench.vtn.create_event(named("e", simple(&["A"], at(90), &[2]))).await;
    assert!(matches!(again, Err(Error::Clash(_))));
}

#[tokio::test]
async fn a_resource_target_stands_alone() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut draft = simple(&["A"], at(60), &[1]);
    draft.targets.resources = vec!["battery".into()];
    created(&bench, draft).await;
    let target = &ven.poll_events().await.oadr_event[0].ei_event.ei_target;
    // Rule 22: beside a venID it would be an alternative, and so everything.
    assert_eq!((target.resource_id.len(), target.ven_id.len()), (1, 0));
}

#[tokio::test]
async fn rule_5_each_change_counts_one_up() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let draft = simple(&["A"], at(1), &[1, 2, 3]);
    let id = created(&bench, draft.clone()).await;
    created(&bench, named("other", simple(&["A"], at(90), &[1]))).await;
    opt_in(&ven).await;
    bench.pass(minutes(12));
    // The first interval is over: the second and third may change, it may not (rule 20).
    for (number, level) in [(1, 2), (2, 0)] {
        let mut changed = draft.clone();
        changed.signals[0].intervals[2].value = level.into();
        bench.vtn.modify_event(&id, changed, Some("weather".into())).await.unwrap();
        let events = ven.poll_events().await;
        let event = &events.oadr_event[0].ei_event;
        assert_eq!((event.id(), event.modification_number()), (id.as_str(), number));
        let times =
            events.oadr_event.iter().map(|e| e.ei_event.event_descriptor.created_date_time.0);
        assert!(times.clone().all(|time| time == bench.now()), "rule 115: renewed, all the same");
        assert_eq!(times.count(), 2, "rule 50: all events are listed");
        assert_eq!(ven.code(ven.answer(&events, OptType::OptIn)).await, 200);
        ven.poll_nothing().await;
    }
    let mut changed = draft.clone();
    changed.signals[0].intervals[0].value = 0.into();
    assert_eq!(broken_rule(bench.vtn.modify_event(&id, changed, None).await), 20);
    let mut moved = draft.clone();
    moved.start = at(2);
    assert_eq!(broken_rule(bench.vtn.modify_event(&id, moved, None).await), 20);
    assert_eq!(bench.vtn.event(&id).unwrap().modification, 2);
}

#[tokio::test]
async fn rule_61_a_withdrawal_that_crosses_an_answer_is_still_told() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.registered("B").await;
    let kept = created(&bench, simple(&["A"], at(60), &[1])).await;
    let moved = created(&bench, simple(&["A"], at(90), &[1])).await;
    let events = ven.poll_events().await;
    assert_eq!(events.oadr_event.len(), 2);
    bench.vtn.modify_event(&moved, simple(&["B"], at(90), &[1]), None).await.unwrap();
    // The answer to the earlier list was on its way.
    ven.send(ven.answer(&events, OptType::OptIn)).await;
    assert_eq!(ids(&ven.poll_events().await), [kept.as_str()]);
}

#[tokio::test]
async fn the_same_content_again_is_no_change() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let draft = simple(&["A"], at(60), &[1]);
    let id = created(&bench, draft.clone()).await;
    opt_in(&ven).await;
    assert_eq!(bench.vtn.modify_event(&id, draft, None).await.unwrap().modification, 0);
    ven.poll_nothing().await;
}

#[tokio::test]
async fn several_signals_and_a_baseline_follow_the_table() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let interval =
        |value: &str| vec![IntervalDraft { duration: minutes(10), value: value.parse().unwrap() }];
    let mut draft = simple(&["A"], at(60), &[1]);
    draft.signals.push(signal("ELECTRICITY_PRICE", "price", Some("EUR/kWh"), interval("0.312")));
    draft.signals.push(signal("LOAD_DISPATCH", "setpoint", Some("kW"), interval("-4.5")));
    draft.signals[2].device_classes = vec!["Storage".into()];
    draft.baseline = Some(BaselineDraft {
        id: "b".into(),
        name: "yesterday".into(),
        start: at(55),
        duration: minutes(20),
        intervals: [interval("5"), interval("6")].concat(),
        unit: Some("kW".into()),
        resources: vec!["site".into()],
    });
    created(&bench, draft).await;
    let events = ven.poll_events().await;
    let event = &events.oadr_event[0].ei_event;
    assert_eq!(check_event(event), Ok(()));
    let signals = &event.ei_event_signals;
    let ids: Vec<_> = signals.ei_event_signal.iter().map(|s| s.signal_id.as_str()).collect();
    assert_eq!(ids, ["0", "1", "2"], "rule 107");
    let targets: Vec<_> = signals.ei_event_signal.iter().map(|s| s.ei_target.is_some()).collect();
    assert_eq!(targets, [false, false, true], "rule 111");
    assert_eq!(signals.ei_event_baseline.as_ref().unwrap().intervals.interval.len(), 2);
}

#[tokio::test]
async fn rules_16_and_17_answers_are_recorded_and_may_change() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    for id in ["e1", "e2"] {
        created(&bench, named(id, simple(&["A"], at(60), &[1]))).await;
    }
    let events = ven.poll_events().await;
    let reply = ven.send(ven.answer(&events, OptType::OptIn)).await;
    assert_eq!(code(&reply), 200);
    assert_eq!(reply.request_id(), Some(events.request_id.as_str()), "rule 42: the inner one");
    let stated = |id: &str| bench.vtn.event_answers(id).unwrap()[0].delivery.opt_of(None);
    assert_eq!((stated("e1"), stated("e2")), (Some(Opt::In), Some(Opt::In)));
    assert_eq!(ven.code(ven.answer_to("e2", 0, OptType::OptOut)).await, 200);
    assert_eq!((stated("e1"), stated("e2")), (Some(Opt::In), Some(Opt::Out)));
}

/// OpenLEADR #165: each event has a code of its own.
#[tokio::test]
async fn rule_48_faulty_answers_get_their_code_and_the_good_ones_count() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.registered("B").await;
    let draft = simple(&["A"], at(60), &[1]);
    let id = created(&bench, draft).await;
    let foreign = created(&bench, simple(&["B"], at(60), &[1])).await;
    assert_eq!(ven.code(ven.answer_to(&id, 0, OptType::OptIn)).await, 452, "not sent yet");
    ven.poll_events().await;
    bench.vtn.modify_event(&id, simple(&["A"], at(60), &[2]), None).await.unwrap();
    ven.poll_events().await;
    assert_eq!(ven.code(ven.answer_to(&id, 0, OptType::OptIn)).await, 450);
    assert_eq!(ven.code(ven.answer_to(&id, 2, OptType::OptIn)).await, 450);
    let unknown = ven.send(ven.answer_to("no such event", 0, OptType::OptIn)).await;
    let not_mine = ven.send(ven.answer_to(&foreign, 0, OptType::OptIn)).await;
    assert_eq!(code(&unknown), 452);
    assert_eq!(unknown, not_mine, "threat T2: another's event looks like none");
    let mut mixed = ven.answer_to("no such event", 0, OptType::OptIn);
    let good = ven.answer_to(&id, 1, OptType::OptOut);
    let inside = mixed.ei_created_event.event_responses.as_mut().unwrap();
    inside.event_response.extend(good.answers().iter().cloned());
    assert_eq!(ven.code(mixed).await, 452);
    let answers = bench.vtn.event_answers(&id).unwrap();
    assert_eq!(answers[0].delivery.opt_of(None), Some(Opt::Out));
}

#[tokio::test]
async fn rule_25_an_outer_error_is_heard_and_not_read() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let id = created(&bench, simple(&["A"], at(60), &[1])).await;
    ven.poll_events().await;
    let error = EiResponse::error(Code::InvalidId, "another vtnID", "d1");
    assert_eq!(ven.code(OadrCreatedEvent::refusing("A", error)).await, 200);
    assert_eq!(bench.vtn.event_answers(&id).unwrap()[0].delivery.answer, None);
}

#[tokio::test]
async fn an_event_that_was_not_answered_is_offered_again() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let id = created(&bench, simple(&["A"], at(600), &[1])).await;
    assert_eq!(ids(&ven.poll_events().await), [id.as_str()]);
    ven.poll_nothing().await;
    bench.pass(seconds(60));
    let events = ven.poll_events().await;
    assert_eq!(ven.code(ven.answer(&events, OptType::OptIn)).await, 200);
    bench.pass(seconds(60));
    ven.poll_nothing().await;
}

#[tokio::test]
async fn a_modification_made_while_an_answer_is_on_its_way_is_not_lost() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let id = created(&bench, simple(&["A"], at(600), &[1])).await;
    let before = ven.poll_events().await;
    bench.vtn.modify_event(&id, simple(&["A"], at(600), &[2]), None).await.unwrap();
    assert_eq!(ven.code(ven.answer(&before, OptType::OptIn)).await, 200);
    let after = ven.poll_events().await;
    assert_eq!(after.oadr_event[0].ei_event.modification_number(), 1);
}

#[tokio::test]
async fn rule_12_never_wants_no_answer_and_is_sent_twice() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let draft = EventDraft { response_required: false, ..simple(&["A"], at(600), &[1]) };
    created(&bench, draft).await;
    let events = ven.poll_events().await;
    assert_eq!(events.oadr_event[0].oadr_response_required, ResponseRequired::Never);
    ven.poll_nothing().await;
    bench.pass(seconds(60));
    ven.poll_events().await;
    bench.pass(seconds(60));
    ven.poll_nothing().await;
}

#[tokio::test]
async fn rule_23_events_travel_one_way() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let events: Message = ven.events().await.into();
    assert_eq!(ven.code(events).await, 459);
}

#[tokio::test]
async fn an_answer_stands_once_the_event_is_over() {
    let bench = Bench::new().await;
    let (a, b) = (bench.registered("A").await, bench.registered("B").await);
    let id = created(&bench, simple(&["A", "B"], noon(), &[1])).await;
    opt_in(&a).await;
    b.poll_events().await;
    assert_eq!(a.code(a.answer_to(&id, 0, OptType::OptOut)).await, 200);
    bench.pass(minutes(11));
    assert_eq!(a.code(a.answer_to(&id, 0, OptType::OptIn)).await, 451);
    assert_eq!(a.code(a.answer_to(&id, 0, OptType::OptOut)).await, 200, "its reply was lost");
    assert_eq!(b.code(b.answer_to(&id, 0, OptType::OptIn)).await, 200, "late, and the first");
}
