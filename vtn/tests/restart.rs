//! What survives a crash: everything that was acknowledged, once. Threat T5. OpenLEADR #95, #186:
//! events and report requests were gone after a restart.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, data, minutes, noon, simple, usage};
use jiff::Timestamp;
use oadr_platform::opt::Opt;
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::OadrCreateReport;
use oadr_schemas::openadr::report::Row;
use oadr_schemas::xml::Duration;
use oadr_vtn::control::ReportWanted;
use rust_decimal::Decimal;

/// The VEN of a bench that was restarted.
fn again<'a>(
    bench: &'a Bench,
    certificate: &std::sync::Arc<oadr_certs::PeerCertificate>,
) -> Ven<'a> {
    Ven { bench, certificate: std::sync::Arc::clone(certificate), id: "A".to_owned() }
}

#[tokio::test]
async fn every_exchange_goes_on_after_a_restart() {
    let mut bench = Bench::new().await;
    let certificate = {
        let ven = bench.registered("A").await;
        bench.vtn.create_event(named("e")).await.unwrap();
        ven.poll_events().await;
        std::sync::Arc::clone(&ven.certificate)
    };
    bench.restart().await;
    {
        // Known by its certificate, registered, and its answer fits what was sent before.
        let ven = again(&bench, &certificate);
        assert_eq!(ven.code(ven.answer_to("e", 0, OptType::OptIn)).await, 200);
        let report = usage("usage", &["power"], bench.now());
        assert_eq!(ven.code(ven.register_report(vec![report])).await, 200);
        bench.vtn.request_report("A", wanted()).await.unwrap();
        let hour = (bench.now(), Duration::from_seconds(3600));
        assert_eq!(ven.code(ven.opt("o", OptType::OptOut, hour)).await, 200);
    }
    bench.restart().await;
    {
        let ven = again(&bench, &certificate);
        let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
        let id = &create.oadr_report_request[0].report_request_id;
        assert_eq!(ven.code(ven.created_report(&create.request_id, &[id])).await, 200);
        let row = Row::at("power", bench.now(), Decimal::from(5));
        let report = data(id, "usage", &[row], bench.now());
        assert_eq!(ven.code(ven.update_report(vec![report])).await, 200);
    }
    bench.restart().await;
    let answers = bench.vtn.event_answers("e").unwrap();
    assert_eq!(answers[0].delivery.opt_of(None), Some(Opt::In));
    assert_eq!(bench.vtn.opts("A").unwrap().len(), 1);
    let all = (Timestamp::MIN, Timestamp::MAX);
    assert_eq!(bench.vtn.readings(("A", "power"), all, 9).unwrap().len(), 1);
}

#[tokio::test]
async fn a_payload_whose_reply_was_lost_with_the_process_is_offered_again() {
    let mut bench = Bench::new().await;
    let certificate = {
        let ven = bench.registered("A").await;
        bench.vtn.create_event(named("e")).await.unwrap();
        bench.vtn.request_reregistration("A").await.unwrap();
        // Both were committed as fetched; the VEN never got the replies.
        ven.poll_events().await;
        ven.poll().await;
        std::sync::Arc::clone(&ven.certificate)
    };
    bench.restart().await;
    bench.pass(minutes(1));
    let ven = again(&bench, &certificate);
    assert!(matches!(ven.poll().await, Message::OadrDistributeEvent(_)));
    assert!(matches!(ven.poll().await, Message::OadrRequestReregistration(_)));
}

#[tokio::test]
async fn threat_t5_every_message_twice_is_every_message_once() {
    // Two VTNs, the same story; in one of them every reply is lost once and the VEN repeats.
    let (once, twice) = (story(1).await, story(2).await);
    assert_eq!(once, twice);
}

/// A VEN's day, each message sent so many times; what an operator sees of it in the end.
async fn story(times: usize) -> String {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let repeat = async |message: Message| {
        let mut codes = Vec::new();
        for _ in 0..times {
            codes.push(ven.code(message.clone()).await);
        }
        assert!(codes.iter().all(|code| *code == 200), "{}: {codes:?}", message.name());
    };
    repeat(ven.create_registration().into()).await;
    ven.take_metadata().await;
    bench.vtn.create_event(named("e")).await.unwrap();
    let events = ven.poll_events().await;
    repeat(ven.answer(&events, OptType::OptIn).into()).await;
    repeat(ven.opt_event("o", OptType::OptOut, ("e", 0)).into()).await;
    let hour = (bench.now(), Duration::from_seconds(3600));
    repeat(ven.opt("s", OptType::OptOut, hour).into()).await;
    repeat(ven.register_report(vec![usage("usage", &["power"], bench.now())]).into()).await;
    bench.vtn.request_report("A", wanted()).await.unwrap();
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    let id = &create.oadr_report_request[0].report_request_id;
    repeat(ven.created_report(&create.request_id, &[id]).into()).await;
    let rows = [Row::at("power", bench.now(), Decimal::from(5))];
    repeat(ven.update_report(vec![data(id, "usage", &rows, bench.now())]).into()).await;
    repeat(ven.cancel_opt("s").into()).await;

    let all = (Timestamp::MIN, Timestamp::MAX);
    let delivery = &bench.vtn.event_answers("e").unwrap()[0].delivery;
    // Each VTN makes up its own requestIDs.
    let answer = delivery.answer.clone();
    let answer = answer.map(|answer| oadr_vtn::record::EventAnswer { request_id: None, ..answer });
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        (&answer, delivery.opt_of(None), delivery.opts.len()),
        bench.vtn.opts("A").unwrap(),
        bench.vtn.opt_history("A", 99).unwrap(),
        bench.vtn.report_metadata("A").unwrap(),
        bench.vtn.report_requests("A").unwrap().len(),
        bench
            .vtn
            .readings(("A", "power"), all, 9)
            .unwrap()
            .iter()
            .map(|datum| (datum.reading.start, datum.reading.value.clone()))
            .collect::<Vec<_>>(),
    )
}

#[tokio::test]
async fn a_request_that_meets_another_writer_is_decided_anew() {
    let bench = std::sync::Arc::new(Bench::new().await);
    bench.registered("A").await;
    let ven = bench.stranger("unused");
    drop(ven);
    let mut tasks = tokio::task::JoinSet::new();
    // Operators change the party and its queue while others do the same.
    for n in 0..20 {
        let bench = std::sync::Arc::clone(&bench);
        tasks.spawn(async move {
            let group = format!("g{n}");
            let mut groups = bench.vtn.ven("A").unwrap().groups;
            groups.insert(group);
            bench.vtn.set_groups("A", groups).await.unwrap();
            bench.vtn.create_event(simple(&["A"], noon(), &[1])).await.unwrap();
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(bench.vtn.events(None, 99).unwrap().len(), 20);
}

fn named(id: &str) -> oadr_vtn::record::EventDraft {
    oadr_vtn::record::EventDraft { id: Some(id.into()), ..simple(&["A"], noon(), &[1]) }
}

fn wanted() -> ReportWanted {
    ReportWanted {
        specifier: "usage".into(),
        rids: Vec::new(),
        granularity: minutes(1),
        every: minutes(5),
        start: None,
        duration: Default::default(),
    }
}
