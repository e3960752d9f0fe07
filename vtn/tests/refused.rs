//! What the VTN remembers of messages that were not taken. OpenADR 2.0b Profile, rules 25, 48,
//! 516, 517.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, certificate, certificate_until, minutes, noon, seconds, simple};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, OptType};
use oadr_schemas::openadr::oadr::OadrCreatedEvent;
use oadr_schemas::xml::{DateTime, Duration};
use oadr_vtn::Side;

#[tokio::test]
async fn a_refused_answer_is_kept_with_its_event_and_the_reason() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    assert!(bench.vtn.refused("A").is_empty(), "what is taken is no refusal");
    let event = bench.vtn.create_event(simple(&["A"], noon(), &[1])).await.unwrap();
    a.poll_events().await;
    bench.pass(minutes(2));
    assert_eq!(a.code(a.answer_to(&event.id, 7, OptType::OptIn)).await, 450);
    let kept = bench.vtn.refused("A").pop().unwrap();
    assert_eq!((kept.at, kept.by, kept.code), (bench.now(), Side::Vtn, 450));
    assert_eq!((kept.payload, &kept.events), ("oadrCreatedEvent", &vec![event.id]));
    assert!(kept.why.contains("modificationNumber 0"), "{}", kept.why);
}

#[tokio::test]
async fn rule_25_a_ven_that_refuses_its_list_is_kept_with_its_words() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    let error = EiResponse::error(Code::InvalidId, "another vtnID", "d1");
    assert_eq!(a.code(OadrCreatedEvent::refusing("A", error)).await, 200);
    let kept = bench.vtn.refused("A").pop().unwrap();
    assert_eq!((kept.by, kept.code, kept.why.as_str()), (Side::Ven, 452, "another vtnID"));
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_under_its_ven() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    assert_eq!(a.post("/OpenADR2/Simple/2.0b/EiEvent", "<nonsense/>").await.status, 406);
    let kept = bench.vtn.refused("A").pop().unwrap();
    assert_eq!((kept.payload, kept.code), ("", 406));
    assert!(kept.why.starts_with("not schema-valid"), "{}", kept.why);
    assert!(bench.vtn.strangers().is_empty());
}

#[tokio::test]
async fn rule_516_a_ven_whose_certificate_has_ended_is_kept_as_itself() {
    let bench = Bench::new().await;
    let certificate = certificate_until("A", noon().checked_add(minutes(10)).unwrap());
    bench.enrol("A", certificate.fingerprint()).await;
    let a = common::Ven { bench: &bench, certificate, id: "A".to_owned() };
    a.register().await;
    bench.pass(minutes(11));
    assert_eq!(a.post_message(a.query().into()).await.status, 403);
    let kept = bench.vtn.refused("A").pop().unwrap();
    assert_eq!((kept.code, kept.why.as_str()), (403, "the certificate has expired"));
}

#[tokio::test]
async fn a_stranger_is_kept_by_its_fingerprint_with_what_it_claims_to_be() {
    let bench = Bench::new().await;
    let mut stranger = bench.stranger("site 7");
    stranger.id = "A".to_owned();
    assert_eq!(stranger.code(stranger.answer_to("E", 0, OptType::OptIn)).await, 463);
    let known = bench.vtn.strangers().pop().unwrap();
    assert_eq!(known.fingerprint, stranger.certificate.fingerprint());
    assert_eq!(known.common_name.as_deref(), Some("site 7"));
    assert_eq!(known.claims.as_deref(), Some("A"));
    assert_eq!(known.refused[0].why, "not registered: the certificate is unknown");
    assert!(bench.vtn.refused("A").is_empty(), "a claim identifies nobody");
}

#[tokio::test]
async fn the_clock_of_a_ven_is_seen_where_its_message_bears_a_time() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    // Rule 210: no span is negative.
    let never = Duration { negative: true, ..Duration::from_seconds(60) };
    let mut opt = a.opt("o1", OptType::OptOut, (noon(), never));
    opt.created_date_time = DateTime(noon().checked_sub(seconds(90)).unwrap());
    assert_eq!(a.code(opt).await, 454);
    assert_eq!(bench.vtn.refused("A").pop().unwrap().ahead, Some(seconds(-90)));
}

#[tokio::test]
async fn memory_is_bounded_whatever_peers_send() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    for number in 0..100 {
        let long = format!("{number}{}", "x".repeat(10_000));
        assert_eq!(a.code(a.answer_to(&long, 0, OptType::OptIn)).await, 452);
        let mut stranger = common::Ven { certificate: certificate("S"), ..a.clone() };
        stranger.id = long;
        assert_eq!(stranger.code(stranger.cancel_opt("o1")).await, 463);
    }
    let kept = bench.vtn.refused("A");
    assert_eq!(kept.len(), 16);
    assert!(kept.iter().all(|one| one.why.len() <= 256 && one.events.is_empty()));
    let strangers = bench.vtn.strangers();
    assert_eq!(strangers.len(), 64);
    assert!(strangers[0].claims.as_ref().is_some_and(|id| id.starts_with("99x")));
    assert!(strangers.iter().all(|one| one.claims.as_ref().unwrap().len() <= 256));
}
