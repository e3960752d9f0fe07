//! EiRegisterParty. OpenADR 2.0b Profile, rules 301, 309, 400 to 407; scenarios `reg-*`.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, code, confirmed, usage};
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCreatedPartyRegistration,
    OadrProfile, OadrRegisterReport, OadrResponse, OadrTransport,
};
use oadr_vtn::control::ReportWanted;

#[tokio::test]
async fn rule_404_a_query_tells_no_ids_before_registration() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let reply: OadrCreatedPartyRegistration = ven.send(ven.query()).await.try_into().unwrap();
    assert!(reply.ei_response.is_ok());
    assert_eq!(reply.ei_response.request_id, "q1");
    assert_eq!(reply.vtn_id, "VTN-1");
    assert_eq!((reply.registration_id, reply.ven_id), (None, None));
    let [profile] = reply.oadr_profiles.oadr_profile.as_slice() else { panic!() };
    assert_eq!(profile.oadr_profile_name, OadrProfile::V20b);
    let [transport] = profile.oadr_transports.oadr_transport.as_slice() else { panic!() };
    assert_eq!(transport.oadr_transport_name, OadrTransport::SimpleHttp);
}

#[tokio::test]
async fn rule_403_a_pull_ven_gets_its_ids_and_a_poll_interval() {
    let bench = Bench::new().await;
    let (a, b) = (bench.enrolled("A").await, bench.enrolled("B").await);
    let created = a.created(a.create_registration()).await;
    assert_eq!(created.ven_id.as_deref(), Some("A"));
    let poll = created.oadr_requested_oadr_poll_freq.unwrap();
    assert_eq!(poll.duration.to_string(), "PT10S");
    assert_ne!(created.registration_id.unwrap(), b.register().await);
}

#[tokio::test]
async fn rule_402_a_push_ven_needs_an_address() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let mut create = ven.create_registration();
    create.oadr_http_pull_model = Some(false);
    assert_eq!(ven.code(create.clone()).await, 459);
    create.oadr_transport_address = Some("not an address".into());
    assert_eq!(ven.code(create.clone()).await, 454);
    assert!(!bench.vtn.ven("A").unwrap().is_registered());
    create.oadr_transport_address = Some("https://192.0.2.7:8443/p/".into());
    assert_eq!(ven.code(create).await, 200);
    let registration = bench.vtn.ven("A").unwrap().registration.unwrap();
    assert!(!registration.pull);
    assert_eq!(registration.address.as_deref(), Some("https://192.0.2.7:8443/p/"));
}

#[tokio::test]
async fn rule_402_the_model_is_to_be_said() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let mut create = ven.create_registration();
    create.oadr_http_pull_model = None;
    assert_eq!(ven.code(create).await, 459);
}

/// OpenLEADR #14, #155: who speaks XMPP or 2.0a is told so.
#[tokio::test]
async fn what_is_not_served_here_is_not_registered() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let mut create = ven.create_registration();
    create.oadr_transport_name = OadrTransport::Xmpp;
    assert_eq!(ven.code(create).await, 469);
    let mut create = ven.create_registration();
    create.oadr_profile_name = OadrProfile::V20a;
    assert_eq!(ven.code(create).await, 469);
}

/// OpenLEADR #53: a venID that was arranged beforehand.
#[tokio::test]
async fn rule_400_a_preset_ven_id_is_checked() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let mut create = ven.create_registration();
    create.ven_id = Some("B".into());
    assert_eq!(ven.code(create.clone()).await, 452);
    create.ven_id = Some("A".into());
    assert_eq!(ven.created(create).await.ven_id.as_deref(), Some("A"));
}

#[tokio::test]
async fn rule_402_re_registration_keeps_everything() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let id = ven.register().await;
    ven.take_metadata().await;
    let request = report_running(&ven).await;
    assert_eq!(ven.code(ven.renew_registration("another")).await, 452);
    let again = ven.created(ven.renew_registration(&id)).await;
    assert_eq!(again.registration_id.as_deref(), Some(id.as_str()));
    assert_eq!(bench.vtn.report_requests("A").unwrap()[0].id, request);
    let mut nameless = ven.renew_registration(&id);
    nameless.ven_id = None;
    assert_eq!(ven.code(nameless).await, 459);
}

#[tokio::test]
async fn rule_406_a_new_registration_wipes_reports() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let request = report_running(&ven).await;
    let mut create = ven.create_registration();
    create.request_id = "r9".into();
    assert_eq!(ven.code(create).await, 200);
    assert!(bench.vtn.report_requests("A").unwrap().is_empty());
    assert!(bench.vtn.report_metadata("A").unwrap().is_empty());
    let row =
        oadr_schemas::openadr::report::Row::at("power", bench.now(), rust_decimal::Decimal::ONE);
    let late = common::data(&request, "usage", &[row], bench.now());
    assert_eq!(ven.code(ven.update_report(vec![late])).await, 452);
    // Rules 301, 309: and the VTN's metadata come first again.
    assert!(matches!(ven.poll().await, Message::OadrRegisterReport(_)));
}

#[tokio::test]
async fn a_registration_sent_again_for_want_of_a_reply_is_one_registration() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let first = ven.register().await;
    assert_eq!(ven.register().await, first);
    assert_eq!(bench.vtn.outbox("A").unwrap().waiting.len(), 1);
    // Once the VEN has gone on, the same words are a new registration.
    ven.take_metadata().await;
    assert_ne!(ven.register().await, first);
}

#[tokio::test]
async fn rule_309_the_first_payload_is_the_vtns_metadata() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    bench.vtn.create_event(common::simple(&["A"], bench.now(), &[1])).await.unwrap();
    ven.register().await;
    let register = OadrRegisterReport::try_from(ven.poll().await).unwrap();
    assert!(register.oadr_report.is_empty(), "rule 305: nothing to offer");
    assert_eq!(register.report_request_id, None, "rule 311");
    assert_eq!(register.ven_id.as_deref(), Some("A"));
    assert!(matches!(ven.poll().await, Message::OadrDistributeEvent(_)));
}

/// OpenLEADR #100: a VEN could not cancel.
#[tokio::test]
async fn rule_407_a_ven_cancels_its_registration() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let id = ven.register().await;
    report_running(&ven).await;
    assert_eq!(ven.code(ven.cancel_registration("another")).await, 452);
    let reply: OadrCanceledPartyRegistration =
        ven.send(ven.cancel_registration(&id)).await.try_into().unwrap();
    assert!(reply.ei_response.is_ok());
    assert_eq!(reply.ei_response.request_id, "c1");
    assert_eq!(code(&ven.poll().await), 463);
    assert!(bench.vtn.report_metadata("A").unwrap().is_empty());
    // The same again, its reply having been lost.
    assert_eq!(ven.code(ven.cancel_registration(&id)).await, 200);
    ven.register().await;
    ven.take_metadata().await;
}

#[tokio::test]
async fn rule_401_the_vtn_asks_for_re_registration_and_then_cancels() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let id = ven.register().await;
    ven.take_metadata().await;
    let request = report_running(&ven).await;
    bench.vtn.request_reregistration("A").await.unwrap();
    bench.vtn.request_reregistration("A").await.unwrap();
    assert!(matches!(ven.poll().await, Message::OadrRequestReregistration(_)));
    confirmed(ven.send(OadrResponse::ok("").with_ven_id("A")).await);
    ven.poll_nothing().await;
    assert_eq!(ven.code(ven.renew_registration(&id)).await, 200);
    assert_eq!(bench.vtn.report_requests("A").unwrap()[0].id, request, "nothing wiped");

    bench.vtn.cancel_registration("A").await.unwrap();
    let cancel = OadrCancelPartyRegistration::try_from(ven.poll().await).unwrap();
    assert_eq!(cancel.registration_id, id);
    let answer = ven.canceled_registration(&cancel.request_id, &id);
    confirmed(ven.send(answer.clone()).await);
    assert_eq!(code(&ven.poll().await), 463);
    confirmed(ven.send(answer).await);
}

#[tokio::test]
async fn rule_406_a_new_registration_the_vtn_asked_for_wipes_nothing() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let request = report_running(&ven).await;
    bench.vtn.request_reregistration("A").await.unwrap();
    ven.poll().await;
    let mut create = ven.create_registration();
    create.request_id = "r9".into();
    let first = ven.created(create.clone()).await;
    assert_eq!(bench.vtn.report_requests("A").unwrap()[0].id, request);
    // The same again, its reply having been lost. Much later it is a VEN that starts over.
    assert_eq!(ven.created(create.clone()).await, first);
    assert_eq!(bench.vtn.report_requests("A").unwrap()[0].id, request);
    bench.pass(common::minutes(2));
    assert_ne!(ven.created(create).await.registration_id, first.registration_id);
    assert!(bench.vtn.report_requests("A").unwrap().is_empty());
}

/// Metadata given, one periodic report asked for and promised.
async fn report_running(ven: &common::Ven<'_>) -> String {
    let now = ven.bench.now();
    assert_eq!(ven.code(ven.register_report(vec![usage("usage", &["power"], now)])).await, 200);
    let wanted = ReportWanted {
        specifier: "usage".into(),
        rids: Vec::new(),
        granularity: common::minutes(1),
        every: common::minutes(5),
        start: None,
        duration: Default::default(),
    };
    let request = ven.bench.vtn.request_report(&ven.id, wanted).await.unwrap();
    loop {
        if let Message::OadrCreateReport(create) = ven.poll().await {
            let answer = ven.created_report(&create.request_id, &[&request.id]);
            assert_eq!(ven.code(answer).await, 200);
            return request.id;
        }
    }
}
