//! Metadata of reports, in both directions. OpenADR 2.0b Profile, rules 300 to 312, 344.

#![allow(clippy::unwrap_used)]

mod common;

use common::{
    Bench, all, at, code, confirmed, data, minutes, offering, report, row, running, seconds, state,
    status, usage, wanted,
};
use jiff::SignedDuration;
use oadr_schemas::openadr::check::check_report_request;
use oadr_schemas::openadr::ei::ReportType;
use oadr_schemas::openadr::oadr::{OadrCreatedReport, OadrRegisterReport, OadrRegisteredReport};
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::{Leniency, RequestState};
use oadr_vtn::settings::ReportWish;
use rust_decimal::Decimal;

#[tokio::test]
async fn a_vens_metadata_is_kept() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let [metadata] = bench.vtn.report_metadata("A").unwrap().try_into().unwrap();
    assert_eq!((metadata.specifier.as_str(), metadata.name.as_str()), ("usage", "TELEMETRY_USAGE"));
    assert_eq!(metadata.depth, SignedDuration::from_hours(24));
    let point = &metadata.points[0];
    assert_eq!((point.rid.as_str(), point.unit.as_deref()), ("power", Some("kW")));
    assert_eq!((point.at_least_every, point.at_most_every), (Some(minutes(1)), Some(minutes(60))));
    assert_eq!(point.resources, ["site"]);
    // Rule 301: a VEN with nothing to offer says so.
    assert_eq!(ven.code(ven.register_report(Vec::new())).await, 200);
    assert!(bench.vtn.report_metadata("A").unwrap().is_empty());
}

#[tokio::test]
async fn metadata_that_break_a_rule_replace_nothing() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let twice = || usage("u", &["r"], bench.now());
    assert_eq!(ven.code(ven.register_report(vec![twice(), twice()])).await, 454, "rule 308");
    let mut numbered = twice();
    numbered.report_request_id = "7".into();
    assert_eq!(ven.code(ven.register_report(vec![numbered])).await, 459, "rule 311");
    let mut shallow = twice();
    shallow.duration = None;
    assert_eq!(ven.code(ven.register_report(vec![shallow])).await, 459, "rule 312");
    assert_eq!(bench.vtn.report_metadata("A").unwrap()[0].specifier, "usage");
}

#[tokio::test]
async fn a_known_fault_is_overlooked_where_the_record_says_so() {
    let bench = Bench::new().await;
    let (ven, other) = (bench.registered("A").await, bench.registered("B").await);
    // As OpenLEADR 0.5.36 offers a report by default.
    let mut report = usage("usage", &["power"], bench.now());
    report.duration = None;
    report.report_request_id = "7".into();
    report.oadr_report_description[0].report_type = ReportType::Reading;
    assert_eq!(ven.code(ven.register_report(vec![report.clone()])).await / 100, 4);
    let overlooked = [Leniency::MetadataForm, Leniency::IntervalStarts];
    bench.vtn.set_leniencies("A", overlooked.into()).await.unwrap();
    assert_eq!(ven.code(ven.register_report(vec![report.clone()])).await, 200);
    assert_eq!(other.code(other.register_report(vec![report])).await / 100, 4, "not for all");
    let metadata = &bench.vtn.report_metadata("A").unwrap()[0];
    assert_eq!(metadata.points[0].kind, "reading", "as it was sent");
    // And as it reports two data points.
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    let mut report = data(&id, "usage", &[row(0, 4), row(1, 5)], bench.now());
    report.intervals.as_mut().unwrap().interval.reverse();
    report.dtstart = None;
    assert_eq!(ven.code(ven.update_report(vec![report.clone()])).await, 200);
    assert_eq!(all(&bench), [(at(0), Decimal::from(4)), (at(1), Decimal::from(5))]);
    bench.vtn.set_leniencies("A", Default::default()).await.unwrap();
    assert_eq!(ven.code(ven.update_report(vec![report])).await, 459);
}

#[tokio::test]
async fn data_points_have_a_limit() {
    let bench = Bench::with(|settings| settings.limits.data_points = 2).await;
    let ven = bench.registered("A").await;
    let three = usage("u", &["1", "2", "3"], bench.now());
    assert_eq!(ven.code(ven.register_report(vec![three])).await, 454);
}

#[tokio::test]
async fn rule_344_the_settings_wishes_ride_piggyback() {
    let wish =
        |name: &str| ReportWish { name: name.into(), granularity: seconds(1), every: minutes(5) };
    let bench = Bench::with(|settings| {
        settings.reports = vec![wish("TELEMETRY_USAGE"), wish("HISTORY_USAGE")];
    })
    .await;
    let ven = bench.registered("A").await;
    let now = bench.now();
    let offers = vec![usage("usage", &["power", "more"], now), status("status", &["power"], now)];
    let reply = ven.send(ven.register_report(offers)).await;
    let registered = OadrRegisteredReport::try_from(reply).unwrap();
    let [request] = registered.oadr_report_request.as_slice() else { panic!() };
    assert_eq!(check_report_request(request), Ok(()), "rules 321, 338");
    let specifier = &request.report_specifier;
    assert_eq!(specifier.report_specifier_id, "usage");
    let rids: Vec<_> = specifier.specifier_payload.iter().map(|p| p.rid.as_str()).collect();
    assert_eq!(rids, ["power", "more"], "rule 300");
    // Rule 317: a second is less than the VEN's shortest period.
    assert_eq!(specifier.granularity.duration.to_string(), "PT1M");
    assert_eq!(specifier.report_back_duration.duration.to_string(), "PT5M");
    let interval = specifier.report_interval.as_ref().unwrap();
    assert!(interval.properties.duration.duration.is_zero(), "rules 324, 325: without end");
    // The VEN promises it, and reports.
    let id = request.report_request_id.as_str();
    confirmed(ven.send(ven.created_report("any", &[id])).await);
    assert_eq!(state(&bench, id), RequestState::Running);
    assert_eq!(report(&ven, id, &[row(0, 4)]).await, 200);
}

#[tokio::test]
async fn rule_306_new_metadata_end_old_requests() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    assert_eq!(report(&ven, &id, &[row(0, 4)]).await, 200);
    bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap();
    let again = usage("usage", &["power"], bench.now());
    assert_eq!(ven.code(ven.register_report(vec![again])).await, 200);
    assert!(bench.vtn.report_requests("A").unwrap().is_empty());
    assert_eq!(report(&ven, &id, &[row(1, 4)]).await, 452);
    ven.poll_nothing().await;
    assert_eq!(all(&bench).len(), 1, "what came stays");
}

#[tokio::test]
async fn rule_301_a_ven_asks_for_the_vtns_metadata() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let create = ven.create_report("METADATA");
    for _ in 0..2 {
        let reply = OadrCreatedReport::try_from(ven.send(create.clone()).await).unwrap();
        assert_eq!(reply.ei_response.request_id, "k1", "rule 303");
        assert_eq!(reply.oadr_pending_reports.report_request_id, ["their request"], "rule 329");
    }
    let register = OadrRegisterReport::try_from(ven.poll().await).unwrap();
    assert_eq!(register.report_request_id.as_deref(), Some("their request"), "rule 311");
    assert!(register.oadr_report.is_empty());
    confirmed(ven.send(ven.registered_report(&register.request_id)).await);
    ven.poll_nothing().await;
    assert_eq!(ven.code(ven.create_report("usage")).await, 452, "there is no other report");
}

#[tokio::test]
async fn rule_306_a_request_for_metadata_is_answered_by_metadata() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let once = ReportWanted {
        specifier: "METADATA".into(),
        ..wanted(SignedDuration::ZERO, SignedDuration::ZERO)
    };
    let id = running(&ven, once).await;
    assert_eq!(state(&bench, &id), RequestState::Running);
    let mut register = ven.register_report(vec![usage("usage", &["power"], bench.now())]);
    register.report_request_id = Some(id.clone());
    assert_eq!(ven.code(register).await, 200);
    assert_eq!(state(&bench, &id), RequestState::Ended);
}

#[tokio::test]
async fn the_vtn_reports_nothing_and_says_so() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let reply = ven.send(ven.cancel_report(&["none"])).await;
    assert_eq!((code(&reply), reply.name()), (452, "oadrCanceledReport"), "rule 336");
    assert_eq!(ven.code(ven.updated_report("none")).await, 459);
}

#[tokio::test]
async fn what_a_ven_asks_for_and_never_acknowledges_is_bounded() {
    let bench = Bench::with(|settings| settings.limits.outbox = 4).await;
    let ven = bench.registered("A").await;
    let ask = async |id: &str| {
        let mut create = ven.create_report("METADATA");
        create.oadr_report_request[0].report_request_id = id.to_owned();
        ven.code(create).await
    };
    for _ in 0..3 {
        assert_eq!(ask("one").await, 200);
        ven.poll().await;
    }
    let outbox = || bench.vtn.outbox("A").unwrap();
    assert_eq!((outbox().waiting.len(), outbox().unanswered.len()), (0, 1), "the same is once");
    assert_eq!(ask("two").await, 200);
    ven.poll().await;
    assert_eq!(ask("three").await, 451, "half of the places");
    assert_eq!(outbox().unanswered.len(), 2);
    bench.vtn.request_reregistration("A").await.unwrap();
    assert_eq!(ask(&"x".repeat(251)).await, 454);
}

#[tokio::test]
async fn a_payload_never_answered_is_given_up() {
    let bench = Bench::with(|settings| settings.limits.payload_tries = 2).await;
    let ven = bench.registered("A").await;
    assert_eq!(ven.code(ven.create_report("METADATA")).await, 200);
    for _ in 0..2 {
        assert_eq!(ven.poll().await.name(), "oadrRegisterReport");
        bench.pass(minutes(2));
    }
    ven.poll_nothing().await;
    assert!(bench.vtn.outbox("A").unwrap().unanswered.is_empty());
}
