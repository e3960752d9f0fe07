//! Who may speak. OpenADR 2.0b Profile, sections 9.2.1.1 and 10.5, rules 21, 405, 508, 512, 516,
//! 517; threat T1.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;

use common::{Bench, certificate, certificate_until, code, minutes, noon};
use oadr_schemas::exchange::Sender;
use oadr_schemas::exchange::openadr_table::{PAIRINGS, pairing_of};
use oadr_schemas::openadr::Message;
use oadr_vtn::control::Approval;
use oadr_vtn::record::Standing;
use oadr_vtn::settings::Policy;

#[tokio::test]
async fn every_request_is_all_that_a_ven_may_send() {
    let bench = Bench::new().await;
    let made = bench.stranger("nobody").every_request();
    let made: BTreeSet<_> = made.iter().map(Message::name).collect();
    let rows = PAIRINGS.iter().filter(|row| row.sender != Sender::Vtn);
    assert_eq!(made, rows.map(|row| row.request).collect());
}

/// OpenLEADR 0.5.36 answers a poll of a VEN that never registered with 200, and oadrCreatedEvent
/// from an unknown one with HTTP 500.
#[tokio::test]
async fn rule_517_tells_a_stranger_463_in_the_payload_that_fits() {
    let bench = Bench::new().await;
    let mut stranger = bench.stranger("nobody");
    for id in ["", "A", "no such VEN"] {
        stranger.id = id.to_owned();
        for request in stranger.every_request() {
            let (name, wanted) = (request.name(), fitting(&request));
            let reply = stranger.send(request).await;
            assert_eq!((code(&reply), reply.name()), (463, wanted), "{name} as {id:?}");
        }
    }
    assert!(bench.vtn.vens(None, 9).unwrap().is_empty(), "a refusal leaves no trace");
}

#[tokio::test]
async fn rule_405_an_enrolled_ven_registers_before_all_else() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    for request in ven.every_request().into_iter().filter(|request| !introduces(request)) {
        // Its code is 452: there is no such registration to renew.
        let registers = matches!(request, Message::OadrCreatePartyRegistration(_));
        let (name, wanted) = (request.name(), fitting(&request));
        let reply = ven.send(request).await;
        let expected = if registers { 452 } else { 463 };
        assert_eq!((code(&reply), reply.name()), (expected, wanted), "{name}");
    }
}

#[tokio::test]
async fn t1_no_message_is_taken_under_another_ven_id() {
    let bench = Bench::new().await;
    let (a, _b) = (bench.registered("A").await, bench.registered("B").await);
    // Another VEN's, an unknown one, the own one in other letters (rule 512), none (rule 508).
    for (id, expected) in [("B", 452), ("C", 452), ("a", 452), ("", 459)] {
        let mut liar = a.clone();
        liar.id = id.to_owned();
        for request in liar.every_request().into_iter().filter(|request| !introduces(request)) {
            let (name, wanted) = (request.name(), fitting(&request));
            let reply = liar.send(request).await;
            assert_eq!((code(&reply), reply.name()), (expected, wanted), "{name} as {id:?}");
        }
    }
    assert!(bench.vtn.opts("A").unwrap().is_empty() && bench.vtn.opts("B").unwrap().is_empty());
    assert!(bench.vtn.report_metadata("B").unwrap().is_empty());
}

#[tokio::test]
async fn rule_508_an_absent_ven_id_is_missing_not_unchecked() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    let mut update = a.update_report(Vec::new());
    update.ven_id = None;
    assert_eq!(a.code(update).await, 459);
}

/// OpenLEADR #56: the fingerprint was computed and never compared.
#[tokio::test]
async fn names_in_a_certificate_identify_nobody() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    // The same common name under another key.
    let mut impostor = bench.stranger("A");
    impostor.id = "A".to_owned();
    assert_ne!(impostor.certificate.thumbprint, a.certificate.thumbprint);
    assert_eq!(impostor.certificate.common_name, a.certificate.common_name);
    assert_eq!(code(&impostor.poll().await), 463);
    assert_eq!(code(&a.poll().await), 200);
}

#[tokio::test]
async fn rule_516_an_expired_certificate_gets_no_answer() {
    let bench = Bench::new().await;
    let mut ven = bench.registered("A").await;
    let soon = noon().checked_add(minutes(5)).unwrap();
    ven.certificate = certificate_until("A", soon);
    bench.vtn.add_certificate("A", ven.certificate.fingerprint()).await.unwrap();
    assert_eq!(code(&ven.poll().await), 200);
    bench.pass(minutes(6));
    let answer = ven.post_message(ven.request_event(None).into()).await;
    assert_eq!((answer.status, answer.body.len()), (403, 0));
}

#[tokio::test]
async fn first_contact_binds_the_whole_sha_256() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    assert_eq!(bench.vtn.ven("A").unwrap().certificates[0].thumbprint, None);
    ven.send(ven.query()).await;
    let bound = bench.vtn.ven("A").unwrap();
    assert_eq!(bound.certificates[0].thumbprint, Some(ven.certificate.thumbprint));
    assert_eq!(bound.certificates[0].not_after, Some(ven.certificate.not_after));
    // The fingerprint is spent: nobody else can be enrolled with it.
    let taken = bench.vtn.add_certificate("A", ven.certificate.fingerprint()).await;
    assert!(taken.is_err());
}

#[tokio::test]
async fn a_ven_changes_over_to_a_new_certificate() {
    let bench = Bench::new().await;
    let old = bench.registered("A").await;
    let mut new = old.clone();
    new.certificate = certificate("A, renewed");
    assert_eq!(code(&new.poll().await), 463);
    bench.vtn.add_certificate("A", new.certificate.fingerprint()).await.unwrap();
    assert_eq!((code(&new.poll().await), code(&old.poll().await)), (200, 200));
    let third = certificate("A, once more").fingerprint();
    assert!(bench.vtn.add_certificate("A", third).await.is_err(), "two at most");
    bench.vtn.remove_certificate("A", old.certificate.fingerprint()).await.unwrap();
    assert_eq!((code(&new.poll().await), code(&old.poll().await)), (200, 463));
}

#[tokio::test]
async fn policy_approve_waits_for_an_operator() {
    let bench = Bench::of_policy(Policy::Approve).await;
    let mut ven = bench.stranger("new here");
    assert_eq!(ven.code(ven.request_event(None)).await, 463);
    assert!(bench.vtn.pending_vens(9).unwrap().is_empty(), "only a registration introduces");
    assert_eq!(ven.code(ven.create_registration()).await, 463);
    assert_eq!(ven.code(ven.create_registration()).await, 463);
    let pending = bench.vtn.pending_vens(9).unwrap();
    assert_eq!((pending.len(), pending[0].standing), (1, Standing::Pending));
    let approval = Approval { ven_id: Some("A".into()), ..Approval::default() };
    bench.vtn.approve_ven(&pending[0].id, approval).await.unwrap();
    assert!(bench.vtn.pending_vens(9).unwrap().is_empty());
    ven.id = "A".to_owned();
    ven.register().await;
    assert_eq!(bench.vtn.vens(None, 9).unwrap().len(), 1);
}

#[tokio::test]
async fn policy_approve_remembers_so_many_strangers_only() {
    let bench = Bench::with(|settings| {
        settings.policy = Policy::Approve;
        settings.limits.pending_parties = 2;
    })
    .await;
    for name in ["1", "2", "3"] {
        let stranger = bench.stranger(name);
        assert_eq!(stranger.code(stranger.query()).await, 463);
    }
    assert_eq!(bench.vtn.pending_vens(9).unwrap().len(), 2);
    assert_eq!(bench.vtn.vens(None, 9).unwrap().len(), 2);
}

#[tokio::test]
async fn policy_open_takes_whoever_registers() {
    let bench = Bench::of_policy(Policy::Open).await;
    let mut ven = bench.stranger("new here");
    assert_eq!(ven.code(ven.request_event(None)).await, 463);
    let created = ven.created(ven.create_registration()).await;
    ven.id = created.ven_id.unwrap();
    assert_eq!(ven.id.len(), 32, "128 random bits");
    ven.take_metadata().await;
    // Taking another's name is not part of the bargain.
    let other = bench.stranger("another");
    let mut create = other.create_registration();
    create.ven_id = Some(ven.id.clone());
    assert_eq!(other.code(create).await, 452);
}

#[tokio::test]
async fn a_barred_ven_gets_463_until_it_is_approved_again() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.vtn.bar_ven("A").await.unwrap();
    assert_eq!(code(&ven.poll().await), 463);
    assert_eq!(ven.code(ven.create_registration()).await, 463);
    bench.vtn.approve_ven("A", Approval::default()).await.unwrap();
    assert_eq!(code(&ven.poll().await), 200);
}

#[tokio::test]
async fn rule_70_ven_ids_are_unique() {
    let bench = Bench::new().await;
    bench.enrolled("A").await;
    let enrolment = oadr_vtn::record::Enrolment {
        fingerprint: certificate("B").fingerprint(),
        ven_id: Some("A".into()),
        name: None,
        groups: Default::default(),
    };
    assert!(bench.vtn.enrol_ven(enrolment).await.is_err());
}

#[tokio::test]
async fn many_at_once_are_each_written_down() {
    let bench = Arc::new(Bench::of_policy(Policy::Open).await);
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..16 {
        let bench = Arc::clone(&bench);
        tasks.spawn(async move {
            let ven = bench.stranger(&n.to_string());
            // The same VEN twice at the same time is one VEN.
            let (a, b) = (ven.create_registration(), ven.create_registration());
            let (a, b) = tokio::join!(ven.created(a), ven.created(b));
            assert_eq!(a.ven_id, b.ven_id);
            a.ven_id.unwrap()
        });
    }
    let mut ids = Vec::new();
    while let Some(id) = tasks.join_next().await {
        ids.push(id.unwrap());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 16);
    assert_eq!(bench.vtn.vens(None, 99).unwrap().len(), 16);
}

/// What a VEN may send without a venID, before it is registered.
fn introduces(request: &Message) -> bool {
    match request {
        Message::OadrQueryRegistration(_) => true,
        Message::OadrCreatePartyRegistration(create) => create.registration_id.is_none(),
        _ => false,
    }
}

/// The payload that normally answers.
fn fitting(request: &Message) -> &'static str {
    match pairing_of(request).unwrap().reply {
        Some("*") => "oadrResponse",
        Some(name) => name,
        None => "",
    }
}
