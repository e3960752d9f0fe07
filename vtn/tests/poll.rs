//! OadrPoll and the HTTP side of dispatch. OpenADR 2.0b Profile, rules 33, 401, 500 to 502, 511;
//! annex C; scenarios `poll-*`, `http-statuses`.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, code, confirmed, seconds, simple, usage};
use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::{
    OadrCreateReport, OadrPoll, OadrRequestReregistration, OadrResponse,
};
use oadr_vtn::control::ReportWanted;

fn once() -> ReportWanted {
    ReportWanted {
        specifier: "METADATA".into(),
        rids: Vec::new(),
        granularity: Default::default(),
        every: Default::default(),
        start: None,
        duration: Default::default(),
    }
}

/// OpenLEADR #161, #181: a poll fetched events only.
#[tokio::test]
async fn rule_500_one_payload_a_poll_and_then_oadr_response() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    ven.poll_nothing().await;
    bench.vtn.request_report("A", once()).await.unwrap();
    bench.vtn.request_reregistration("A").await.unwrap();
    bench.vtn.create_event(simple(&["A"], bench.now(), &[1])).await.unwrap();
    // Events go first.
    let events = ven.poll_events().await;
    assert_eq!(ven.code(ven.answer(&events, OptType::OptIn)).await, 200);
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    let id = create.oadr_report_request[0].report_request_id.clone();
    let answer = ven.created_report(&create.request_id, &[&id]);
    let reply = confirmed(ven.send(answer).await);
    assert_eq!(reply.ei_response.request_id, create.request_id);
    assert!(matches!(ven.poll().await, Message::OadrRequestReregistration(_)));
    confirmed(ven.send(OadrResponse::ok("").with_ven_id("A")).await);
    ven.poll_nothing().await;
}

#[tokio::test]
async fn annex_c_a_ven_may_poll_on_before_it_answers() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.vtn.request_report("A", once()).await.unwrap();
    bench.vtn.request_reregistration("A").await.unwrap();
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    assert!(matches!(ven.poll().await, Message::OadrRequestReregistration(_)));
    ven.poll_nothing().await;
    let id = create.oadr_report_request[0].report_request_id.clone();
    assert_eq!(ven.code(ven.created_report(&create.request_id, &[&id])).await, 200);
    assert_eq!(ven.code(OadrResponse::ok("").with_ven_id("A")).await, 200);
    bench.pass(seconds(3600));
    ven.poll_nothing().await;
}

#[tokio::test]
async fn what_is_not_answered_in_time_is_offered_again_until_it_is() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.vtn.request_report("A", once()).await.unwrap();
    let mut requests = Vec::new();
    for _ in 0..4 {
        let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
        requests.push(create.request_id);
        ven.poll_nothing().await;
        bench.pass(seconds(60));
    }
    requests.dedup();
    assert_eq!(requests.len(), 1, "the same payload each time");
    assert_eq!(ven.code(ven.created_report(&requests[0], &[])).await, 200);
    assert_eq!(ven.code(ven.created_report(&requests[0], &[])).await, 200, "and once more");
    ven.poll_nothing().await;
}

#[tokio::test]
async fn an_answer_to_another_request_acknowledges_nothing() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.vtn.request_report("A", once()).await.unwrap();
    ven.poll().await;
    assert_eq!(ven.code(ven.created_report("something else", &[])).await, 200);
    bench.pass(seconds(60));
    assert!(matches!(ven.poll().await, Message::OadrCreateReport(_)));
}

#[tokio::test]
async fn a_poll_of_one_ven_takes_nothing_of_another() {
    let bench = Bench::new().await;
    let (a, b) = (bench.registered("A").await, bench.registered("B").await);
    bench.vtn.request_reregistration("B").await.unwrap();
    a.poll_nothing().await;
    assert_eq!(bench.vtn.outbox("B").unwrap().waiting.len(), 1);
    b.poll().await;
    assert_eq!(bench.vtn.outbox("B").unwrap().unanswered.len(), 1);
}

#[tokio::test]
async fn rule_511_a_payload_at_another_service_is_not_served() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let poll = OadrPoll { schema_version: None, ven_id: "A".into() };
    assert_eq!(ven.post_at(Service::EiEvent, poll.clone().into()).await.status, 404);
    assert_eq!(ven.post_at(Service::OadrPoll, poll.into()).await.status, 200);
    assert_eq!(ven.post("/OpenADR2/Simple/2.0b/EiNothing", "<x/>").await.status, 404);
    assert_eq!(ven.post("/elsewhere", "").await.status, 404);
}

#[tokio::test]
async fn rule_401_what_a_vtn_sends_is_not_taken_from_a_ven() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let backwards = OadrRequestReregistration { schema_version: None, ven_id: "A".into() };
    let reply = ven.send(backwards).await;
    assert_eq!((code(&reply), reply.name()), (459, "oadrResponse"));
}

#[tokio::test]
async fn what_is_not_schema_valid_is_406_without_a_body() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let path = "/OpenADR2/Simple/2.0b/EiEvent";
    for body in ["", "<", "<oadrPoll/>", "<!DOCTYPE x [<!ENTITY e 'e'>]><x>&e;</x>"] {
        let answer = ven.post(path, body).await;
        assert_eq!((answer.status, answer.body.len()), (406, 0), "{body}");
    }
    let long = format!("<x>{}</x>", " ".repeat(300_000));
    assert_eq!(ven.post(path, long).await.status, 406);
}

#[tokio::test]
async fn a_prefix_is_part_of_the_address() {
    let bench = Bench::with(|settings| settings.prefix = "/vtn".into()).await;
    let ven = bench.enrolled("A").await;
    let body = oadr_schemas::openadr::encode(ven.query().into(), None);
    let at = |path| ven.post(path, body.clone());
    assert_eq!(at("/vtn/OpenADR2/Simple/2.0b/EiRegisterParty").await.status, 200);
    assert_eq!(at("/OpenADR2/Simple/2.0b/EiRegisterParty").await.status, 404);
}

#[tokio::test]
async fn counters_tell_what_was_fetched_and_refused() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let before = bench.vtn.counters();
    ven.poll_nothing().await;
    ven.post("/elsewhere", "").await;
    bench.vtn.request_reregistration("A").await.unwrap();
    ven.poll().await;
    assert_eq!(ven.code(ven.cancel_opt("none")).await, 452);
    let after = bench.vtn.counters();
    assert_eq!(after.requests - before.requests, 4);
    assert_eq!(after.fetched - before.fetched, 1);
    assert_eq!(after.refused - before.refused, 1);
    assert_eq!(after.unreadable - before.unreadable, 1);
    assert_eq!(bench.vtn.last_heard("A"), Some(bench.now()));
}

#[tokio::test]
async fn raw_messages_are_archived_when_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_owned();
    let bench = Bench::with(|settings| settings.trace_messages = Some(path)).await;
    let ven = bench.enrolled("A").await;
    ven.register().await;
    ven.send(ven.register_report(vec![usage("u", &["r"], bench.now())])).await;
    let mut names: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names[0].starts_with("20260601T120000.000000-00000000-A-re"), "{names:?}");
    let reply = std::fs::read_to_string(directory.path().join(&names[0])).unwrap();
    assert!(reply.contains("oadrCreatedPartyRegistration"));
}
