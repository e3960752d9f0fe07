//! Reports ended in the answer to a report. OpenADR 2.0b Profile, rules 328, 335, 345.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, data, minutes, offering, report, row, running, state, wanted};
use jiff::SignedDuration;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{OadrCancelReport, OadrCreateReport, OadrUpdatedReport};
use oadr_vtn::Error;
use oadr_vtn::record::RequestState;

/// One value under each of these requests; what the answer cancels.
async fn reported(ven: &Ven<'_>, ids: &[&str], minute: i64) -> Option<OadrCancelReport> {
    let each = ids.iter().map(|id| data(id, "usage", &[row(minute, 1)], ven.bench.now()));
    let reply = ven.send(ven.update_report(each.collect())).await;
    let updated = OadrUpdatedReport::try_from(reply).unwrap();
    assert!(updated.ei_response.is_ok(), "{updated:?}");
    updated.oadr_cancel_report
}

async fn two_running(ven: &Ven<'_>) -> [String; 2] {
    let wanted = || wanted(minutes(1), minutes(5));
    [running(ven, wanted()).await, running(ven, wanted()).await]
}

#[tokio::test]
async fn rule_328_an_answer_ends_the_report_it_answers_and_no_other() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let [stays, ends] = two_running(&ven).await;
    for _ in 0..2 {
        bench.vtn.cancel_report_in_answer("A", &ends, false).await.unwrap();
    }
    assert_eq!(state(&bench, &ends), RequestState::CancellingInAnswer(false));
    assert_eq!(reported(&ven, &[&stays], 0).await, None);
    let cancel = reported(&ven, &[&stays, &ends], 1).await.unwrap();
    assert_eq!((&cancel.report_request_id, cancel.report_to_follow), (&vec![ends.clone()], false));
    assert!(!cancel.request_id.is_empty());
    assert_eq!(state(&bench, &ends), RequestState::CancelledInAnswer(false));
    assert_eq!(state(&bench, &stays), RequestState::Running);
    ven.poll_nothing().await;
}

#[tokio::test]
async fn rule_335_a_ven_that_goes_on_is_told_by_a_poll() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    bench.vtn.cancel_report_in_answer("A", &id, false).await.unwrap();
    assert!(reported(&ven, &[&id], 0).await.is_some());
    for minute in 1..3 {
        assert_eq!(reported(&ven, &[&id], minute).await, None, "kept, and told otherwise");
    }
    let cancel = OadrCancelReport::try_from(ven.poll().await).unwrap();
    assert_eq!(cancel.report_request_id, std::slice::from_ref(&id));
    ven.poll_nothing().await;
    assert_eq!(ven.code(ven.canceled_report(&cancel.request_id, &[])).await, 200);
    assert_eq!(state(&bench, &id), RequestState::Cancelled);
    assert_eq!(report(&ven, &id, &[row(3, 1)]).await, 452);
    assert_eq!(common::all(&bench).len(), 3, "what came meanwhile is kept");
}

#[tokio::test]
async fn rule_345_one_more_may_follow_and_no_two() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let [one_more, none] = two_running(&ven).await;
    bench.vtn.cancel_report_in_answer("A", &one_more, true).await.unwrap();
    bench.vtn.cancel_report_in_answer("A", &none, false).await.unwrap();
    // One oadrCancelReport has one reportToFollow: the other waits for its next answer.
    let cancel = reported(&ven, &[&one_more, &none], 0).await.unwrap();
    assert_eq!(
        (&cancel.report_request_id, cancel.report_to_follow),
        (&vec![one_more.clone()], true)
    );
    let cancel = reported(&ven, &[&one_more, &none], 1).await.unwrap();
    assert_eq!((&cancel.report_request_id, cancel.report_to_follow), (&vec![none], false));
    ven.poll_nothing().await;
    assert_eq!(reported(&ven, &[&one_more], 2).await, None);
    let cancel = OadrCancelReport::try_from(ven.poll().await).unwrap();
    assert_eq!(cancel.report_request_id, [one_more]);
}

#[tokio::test]
async fn what_no_report_answers_is_not_ended_so() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let once = running(&ven, wanted(SignedDuration::ZERO, SignedDuration::ZERO)).await;
    let refused = bench.vtn.cancel_report_in_answer("A", &once, false).await;
    assert!(matches!(refused, Err(Error::Fault(fault)) if fault.rule == 328));
    let by_poll = running(&ven, wanted(minutes(1), minutes(5))).await;
    bench.vtn.cancel_report("A", &by_poll, false).await.unwrap();
    let refused = bench.vtn.cancel_report_in_answer("A", &by_poll, false).await;
    assert!(matches!(refused, Err(Error::Clash(_))));
    let unknown = bench.vtn.cancel_report_in_answer("A", "none", false).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));
}

#[tokio::test]
async fn a_request_to_be_ended_so_may_be_refused_or_ended_by_a_poll() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap().id;
    bench.vtn.cancel_report_in_answer("A", &id, false).await.unwrap();
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    let mut answer = ven.created_report(&create.request_id, &[]);
    answer.ei_response = EiResponse::error(Code::InvalidData, "no", create.request_id.as_str());
    assert_eq!(ven.code(answer).await, 200);
    assert_eq!(state(&bench, &id), RequestState::Refused(454, "no".into()));
    let other = running(&ven, wanted(minutes(1), minutes(5))).await;
    bench.vtn.cancel_report_in_answer("A", &other, false).await.unwrap();
    bench.vtn.cancel_report("A", &other, false).await.unwrap();
    assert_eq!(ven.poll().await.name(), "oadrCancelReport");
    assert_eq!(reported(&ven, &[&other], 0).await, None, "the poll tells it");
}
