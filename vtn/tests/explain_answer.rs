//! What a VEN said to an event, and why it was not taken. OpenADR 2.0b Profile, rules 12, 25, 36,
//! 48, 201, 206.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, at, noon, seconds, simple};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, EiTarget, EventResponse, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::OadrCreatedEvent;
use oadr_schemas::xml::Duration;
use oadr_vtn::explain::{Cause, Weight};
use oadr_vtn::record::EventDraft;

const AE: (&str, &str) = ("A", "e");

/// An event e for A, of twenty minutes from an hour after noon on.
fn draft() -> EventDraft {
    EventDraft { id: Some("e".into()), ..simple(&["A"], at(60), &[1, 2]) }
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
async fn rule_12_an_event_may_ask_for_no_answer() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, EventDraft { response_required: false, ..draft() }).await;
    a.poll_events().await;
    assert_eq!(bench.verdict("A", "e"), "A got event e: it asks for no answer (rule 12)");
    assert!(!bench.finds(AE, Cause::NotAnswered) && bench.finds(AE, Cause::AnswerNotWanted));
}

#[tokio::test]
async fn an_answer_to_what_it_was_sent_before_does_not_count() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    answers(&a, OptType::OptIn).await;
    bench.vtn.modify_event("e", EventDraft { priority: 3, ..draft() }, None).await.unwrap();
    a.poll_events().await;
    let not = bench.why(AE, Cause::NotAnswered).text;
    assert!(not.ends_with("to modification 0 it said optIn"), "{not}");
    assert!(!bench.finds(AE, Cause::AnsweredIn));
}

#[tokio::test]
async fn a_ven_that_is_out_or_cannot() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    answers(&a, OptType::OptOut).await;
    assert!(bench.verdict("A", "e").starts_with("A got event e, but it answered optOut"));
    assert_eq!(bench.why(AE, Cause::AnsweredOut).since, Some(noon()));
    // Rule 48: a VEN answers optOut with 460 to a signal that it cannot follow.
    let cannot = |code| {
        let id = QualifiedEventID::new("e", 0);
        OadrCreatedEvent::answering("A", vec![EventResponse::new(id, OptType::OptOut, code, "d1")])
    };
    assert_eq!(a.code(cannot(Code::SignalNotSupported)).await, 200);
    let told = bench.why(AE, Cause::AnsweredWithError);
    assert!(told.text.contains("under requestID d1, code 460"), "{}", told.text);
    assert!(told.mend.unwrap().contains("cannot follow the signal"));
    assert_eq!(a.code(cannot(Code::TargetMismatch)).await, 200);
    assert!(bench.why(AE, Cause::AnsweredWithError).mend.unwrap().contains("market context"));
}

#[tokio::test]
async fn rule_206_an_opt_outranks_the_answer() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    answers(&a, OptType::OptIn).await;
    assert_eq!(a.code(a.opt_event("o1", OptType::OptOut, ("e", 0))).await, 200);
    let out = bench.verdict("A", "e");
    assert_eq!(out, "A got event e, but by oadrCreateOpt o1 it is out (economic)");
    assert!(bench.finds(AE, Cause::OptedOut) && bench.finds(AE, Cause::AnswerOverruled));
    assert_eq!(a.code(a.opt_event("o2", OptType::OptIn, ("e", 0))).await, 200);
    let verdict = bench.verdict("A", "e");
    assert_eq!(verdict, "A got event e: by oadrCreateOpt o2 it is in (economic)");
    assert!(bench.finds(AE, Cause::OptedIn) && !bench.finds(AE, Cause::OptedOut));
    let mut part = a.opt_event("o3", OptType::OptOut, ("e", 0));
    part.ei_target = EiTarget::resources(["heater"]);
    assert_eq!(a.code(part).await, 200);
    let part = bench.why(AE, Cause::OptedOutInPart);
    assert_eq!(
        (part.text.as_str(), part.weight),
        ("by oadrCreateOpt o3 heater is out", Weight::Hinders)
    );
}

#[tokio::test]
async fn rule_201_a_schedule_of_its_own_excuses_a_ven() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    let hour = Duration::from_seconds(3600);
    // Before, after, for another programme; then within the second half.
    for (id, from) in [("o1", 0), ("o2", 80)] {
        assert_eq!(a.code(a.opt(id, OptType::OptOut, (at(from), hour))).await, 200);
        assert!(!bench.finds(AE, Cause::ScheduledOut), "{id}");
    }
    let mut other = a.opt("o3", OptType::OptOut, (at(60), hour));
    other.market_context = Some("urn:other".into());
    assert_eq!(a.code(other).await, 200);
    assert_eq!(a.code(a.opt("o4", OptType::OptIn, (at(60), hour))).await, 200);
    assert!(!bench.finds(AE, Cause::ScheduledOut));
    assert_eq!(a.code(a.opt("o5", OptType::OptOut, (at(75), hour))).await, 200);
    let out = bench.why(AE, Cause::ScheduledOut);
    assert_eq!(out.text, "by its schedule o5 it is out then (economic)");
    assert_eq!((out.since, out.weight), (Some(noon()), Weight::Hinders));
}

#[tokio::test]
async fn rule_48_a_refused_answer_is_told_until_one_is_taken() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    bench.pass(seconds(1));
    // It answers before it was sent the event, then another modification.
    assert_eq!(a.code(a.answer_to("e", 0, OptType::OptIn)).await, 452);
    assert!(bench.why(AE, Cause::AnswerRefused).mend.unwrap().contains("not sent this event"));
    a.poll_events().await;
    bench.pass(seconds(1));
    assert_eq!(a.code(a.answer_to("e", 4, OptType::OptIn)).await, 450);
    let refused = bench.why(AE, Cause::AnswerRefused);
    assert!(refused.text.starts_with("its oadrCreatedEvent about the event was refused with 450"));
    assert_eq!(refused.since, Some(bench.now()));
    assert!(refused.mend.unwrap().contains("oadrRequestEvent"));
    assert!(!bench.finds(AE, Cause::MessagesRefused), "it is told once");
    bench.pass(seconds(1));
    assert_eq!(a.code(a.answer_to("e", 0, OptType::OptIn)).await, 200);
    assert!(!bench.finds(AE, Cause::AnswerRefused));
}

#[tokio::test]
async fn rule_25_a_ven_that_refuses_its_list() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    made(&bench, draft()).await;
    a.poll_events().await;
    let error = EiResponse::error(Code::InvalidId, "another vtnID", "d1");
    assert_eq!(a.code(OadrCreatedEvent::refusing("A", error)).await, 200);
    let refused = bench.why(AE, Cause::ListRefused);
    assert_eq!(refused.text, "it refused the list of events with 452: another vtnID");
    assert!(!bench.finds(AE, Cause::MessagesRefused), "it is told once");
}

#[tokio::test]
async fn what_was_refused_before_the_event_has_no_part_in_it() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    assert_eq!(a.code(a.cancel_opt("none")).await, 452);
    bench.pass(seconds(1));
    made(&bench, draft()).await;
    assert!(!bench.finds(AE, Cause::MessagesRefused));
    assert_eq!(a.code(a.cancel_opt("none")).await, 452);
    assert!(bench.why(AE, Cause::MessagesRefused).text.contains(", once"));
}
