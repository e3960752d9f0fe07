//! EiReport. OpenADR 2.0b Profile, rules 300 to 346; scenarios `report-*` with the VTN as
//! requester.

mod common;

use common::{Bench, Ven, code, confirmed, data, minutes, noon, seconds, status, usage};
use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::check::check_report_request;
use oadr_schemas::openadr::ei::{
    EiResponse, ReadingType, ReportName, ReportSpecifier, SpecifierPayload,
};
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCreateReport, OadrCreatedReport, OadrDataQualityType,
    OadrPayloadResourceStatus, OadrRegisterReport, OadrRegisteredReport, OadrReport,
    OadrReportRequest, OadrUpdatedReport,
};
use oadr_schemas::openadr::report::{Heading, Row};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::Duration;
use oadr_vtn::Error;
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::{ReadingValue, RequestState};
use oadr_vtn::settings::ReportWish;
use rust_decimal::Decimal;

fn at(minute: i64) -> Timestamp {
    noon().checked_add(minutes(minute)).unwrap()
}

fn wanted(granularity: SignedDuration, every: SignedDuration) -> ReportWanted {
    ReportWanted {
        specifier: "usage".into(),
        rids: Vec::new(),
        granularity,
        every,
        start: None,
        duration: SignedDuration::ZERO,
    }
}

fn row(minute: i64, value: i64) -> Row {
    Row::at("power", at(minute), Decimal::from(value))
}

/// A VEN that offers `usage` with the data points `power` and `more`.
async fn offering<'a>(bench: &'a Bench) -> Ven<'a> {
    let ven = bench.registered("A").await;
    let report = usage("usage", &["power", "more"], bench.now());
    assert_eq!(ven.code(ven.register_report(vec![report])).await, 200);
    ven
}

/// A request asked for, fetched and promised.
async fn running(ven: &Ven<'_>, wanted: ReportWanted) -> String {
    let id = ven.bench.vtn.request_report(&ven.id, wanted).await.unwrap().id;
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    let answer = ven.created_report(&create.request_id, &[&id]);
    assert_eq!(ven.code(answer).await, 200);
    id
}

fn state(bench: &Bench, id: &str) -> RequestState {
    let requests = bench.vtn.report_requests("A").unwrap();
    requests.into_iter().find(|request| request.id == id).unwrap().state
}

async fn report(ven: &Ven<'_>, id: &str, rows: &[Row]) -> u16 {
    ven.code(ven.update_report(vec![data(id, "usage", rows, ven.bench.now())])).await
}

fn all(bench: &Bench) -> Vec<(Timestamp, Decimal)> {
    let found = bench.vtn.readings(("A", "power"), (Timestamp::MIN, Timestamp::MAX), 99).unwrap();
    let number = |value: &ReadingValue| match value {
        ReadingValue::Number(number) => *number,
        other => panic!("{other:?}"),
    };
    found.iter().map(|datum| (datum.reading.start, number(&datum.reading.value))).collect()
}

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
async fn a_request_has_the_form_the_rules_want() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let first = bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap();
    let second = bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap();
    assert_ne!(first.id, second.id, "rule 322");
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    let [request] = create.oadr_report_request.as_slice() else { panic!() };
    assert_eq!(request.report_request_id, first.id);
    assert_eq!(check_report_request(request), Ok(()));
    assert!(request.report_specifier.report_interval.is_some(), "rule 324");
}

#[tokio::test]
async fn more_than_is_offered_is_not_asked_for() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let rule = async |wanted| match bench.vtn.request_report("A", wanted).await {
        Err(Error::Fault(fault)) => fault.rule,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        rule(ReportWanted { specifier: "none".into(), ..wanted(minutes(1), minutes(5)) }).await,
        300
    );
    assert_eq!(
        rule(ReportWanted { rids: vec!["none".into()], ..wanted(minutes(1), minutes(5)) }).await,
        300
    );
    assert_eq!(rule(wanted(minutes(1), minutes(60 * 25))).await, 340);
    assert_eq!(rule(wanted(seconds(30), minutes(5))).await, 317);
    assert_eq!(rule(wanted(minutes(6), minutes(5))).await, 317);
    ven.poll_nothing().await;
}

#[tokio::test]
async fn readings_are_kept_once_however_often_they_come() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    assert_eq!(report(&ven, &id, &[row(0, 4), row(1, 5)]).await, 200);
    assert_eq!(report(&ven, &id, &[row(0, 4), row(1, 5)]).await, 200);
    // Late and corrected: rule 346.
    assert_eq!(report(&ven, &id, &[row(-1, 3), row(1, 6)]).await, 200);
    let (three, four, six) = (Decimal::from(3), Decimal::from(4), Decimal::from(6));
    assert_eq!(all(&bench), [(at(-1), three), (at(0), four), (at(1), six)]);
    let one = bench.vtn.readings(("A", "power"), (at(0), at(1)), 99).unwrap();
    assert_eq!(one.len(), 1, "from inclusive, to exclusive");
    assert_eq!(one[0].point.unit.as_deref(), Some("kW"));
    assert_eq!(one[0].reading.received, bench.now());
}

#[tokio::test]
async fn every_permitted_shape_of_intervals_is_read() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    let spans: Vec<Row> = (0..3).map(|n| row(n, n).over(Duration::from_seconds(60))).collect();
    // dtstart and duration in each interval.
    let whole = data(&id, "usage", &spans, bench.now());
    // Durations only: starts follow from the first (rules 314, 315).
    let mut chained = data(&id, "usage", &spans, bench.now());
    let intervals = &mut chained.intervals.as_mut().unwrap().interval;
    intervals.iter_mut().for_each(|interval| interval.dtstart = None);
    chained.ei_report_id = Some("anything".into());
    // One value, its time that of the report.
    let mut single = data(&id, "usage", &[row(0, 0)], bench.now());
    single.intervals.as_mut().unwrap().interval[0].dtstart = None;
    let mut rich = row(2, 2).over(Duration::from_seconds(60));
    rich.quality = Some(OadrDataQualityType::QualityGoodNonSpecific);
    rich.accuracy = Some(Decimal::ONE);
    rich.confidence = Some(90);
    let rich = data(&id, "usage", &[rich], bench.now());
    for report in [whole, chained, single, rich] {
        assert_eq!(ven.code(ven.update_report(vec![report])).await, 200);
        assert!(
            all(&bench).iter().all(|(start, value)| *start == at(i64::try_from(*value).unwrap()))
        );
    }
    assert_eq!(all(&bench).len(), 3);
    let last = bench.vtn.readings(("A", "power"), (at(2), at(3)), 9).unwrap().remove(0).reading;
    assert_eq!(last.duration, Some(minutes(1)));
    assert_eq!(last.quality.as_deref(), Some("Quality Good - Non Specific"));
    assert_eq!((last.confidence, last.accuracy), (Some(90), Some(Decimal::ONE)));
}

#[tokio::test]
async fn rule_304_what_was_not_asked_for_is_not_kept() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let narrow = ReportWanted { rids: vec!["power".into()], ..wanted(minutes(1), minutes(5)) };
    let id = running(&ven, narrow).await;
    assert_eq!(report(&ven, "none", &[row(0, 1)]).await, 452);
    let elsewhere = data(&id, "elsewhere", &[row(0, 1)], bench.now());
    assert_eq!(ven.code(ven.update_report(vec![elsewhere])).await, 452);
    let more = Row::at("more", at(0), Decimal::ONE);
    assert_eq!(report(&ven, &id, &[row(0, 1), more]).await, 452);
    assert!(all(&bench).is_empty());
    // Good and bad in one message: all or nothing.
    let good = data(&id, "usage", &[row(0, 1)], bench.now());
    let bad = data("none", "usage", &[row(1, 1)], bench.now());
    assert_eq!(ven.code(ven.update_report(vec![good, bad])).await, 452);
    assert!(all(&bench).is_empty());
}

#[tokio::test]
async fn threat_t2_anothers_request_is_unknown() {
    let bench = Bench::new().await;
    let a = offering(&bench).await;
    let id = running(&a, wanted(minutes(1), minutes(5))).await;
    let b = bench.registered("B").await;
    let update = |id: &str| b.update_report(vec![data(id, "usage", &[row(0, 1)], bench.now())]);
    let (not_mine, none) = (b.send(update(&id)).await, b.send(update("none")).await);
    assert_eq!(not_mine, none);
    assert_eq!(code(&none), 452);
    let (not_mine, none) = (b.created_report("x", &[&id]), b.created_report("x", &["none"]));
    assert_eq!(b.send(not_mine).await, b.send(none).await);
    assert!(all(&bench).is_empty());
    assert!(
        bench.vtn.readings(("B", "power"), (Timestamp::MIN, Timestamp::MAX), 9).unwrap().is_empty()
    );
}

#[tokio::test]
async fn rules_313_to_316_a_malformed_report_is_refused() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    let good = || data(&id, "usage", &[row(0, 1), row(1, 1)], bench.now());
    let broken: [fn(&mut OadrReport); 4] = [
        |report| report.report_name = None,
        |report| report.dtstart = None,
        |report| report.intervals = None,
        |report| report.intervals.as_mut().unwrap().interval.reverse(),
    ];
    for (n, break_it) in broken.into_iter().enumerate() {
        let mut report = good();
        break_it(&mut report);
        assert_eq!(ven.code(ven.update_report(vec![report])).await, 459, "case {n}");
    }
    assert!(all(&bench).is_empty());
}

#[tokio::test]
async fn a_resource_status_is_kept_beside_a_number_of_the_same_rid() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let now = bench.now();
    let offers = vec![usage("usage", &["power"], now), status("status", &["power"], now)];
    ven.send(ven.register_report(offers)).await;
    let numbers = running(&ven, wanted(minutes(1), minutes(5))).await;
    let states = ReportWanted { specifier: "status".into(), ..wanted(minutes(1), minutes(5)) };
    let states = running(&ven, states).await;
    let online = OadrPayloadResourceStatus {
        oadr_online: true,
        oadr_manual_override: false,
        oadr_load_control_state: None,
    };
    let heading = Heading {
        report_request_id: states,
        report_specifier_id: "status".into(),
        report_name: ReportName::TelemetryStatus,
        created: now,
    };
    let report = OadrReport::of_rows(heading, &[Row::at("power", now, online)]).unwrap();
    let number = data(&numbers, "usage", &[row(0, 7)], now);
    assert_eq!(ven.code(ven.update_report(vec![report, number])).await, 200);
    let found = bench.vtn.readings(("A", "power"), (at(0), at(1)), 9).unwrap();
    assert_eq!(found.len(), 2, "rule 308: rIDs are unique in a report only");
    assert!(found.iter().any(|d| matches!(&d.reading.value, ReadingValue::Status(s) if s.online)));
    assert_eq!(bench.vtn.series("A").unwrap().len(), 2);
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
async fn rule_324_a_one_shot_is_over_with_its_report_which_may_be_repeated() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(SignedDuration::ZERO, SignedDuration::ZERO)).await;
    assert_eq!(report(&ven, &id, &[row(0, 4)]).await, 200);
    assert_eq!(state(&bench, &id), RequestState::Ended);
    assert_eq!(report(&ven, &id, &[row(0, 4)]).await, 200, "its reply was lost");
    assert_eq!(all(&bench).len(), 1);
}

#[tokio::test]
async fn a_ven_may_refuse_a_request() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap().id;
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    let mut answer = ven.created_report(&create.request_id, &[]);
    answer.ei_response =
        EiResponse::error(Code::InvalidData, "too much", create.request_id.as_str());
    assert_eq!(ven.code(answer).await, 200);
    assert_eq!(state(&bench, &id), RequestState::Refused(454, "too much".into()));
    assert_eq!(report(&ven, &id, &[row(0, 4)]).await, 452);
    ven.poll_nothing().await;
}

#[tokio::test]
async fn rule_345_a_cancelled_report_may_come_once_more() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let follows = running(&ven, wanted(minutes(1), minutes(5))).await;
    let stops = running(&ven, wanted(minutes(1), minutes(5))).await;
    for (id, to_follow) in [(&follows, true), (&stops, false)] {
        bench.vtn.cancel_report("A", id, to_follow).await.unwrap();
        bench.vtn.cancel_report("A", id, to_follow).await.unwrap();
        let cancel = OadrCancelReport::try_from(ven.poll().await).unwrap();
        assert_eq!(
            (cancel.report_request_id, cancel.report_to_follow),
            (vec![id.clone()], to_follow)
        );
        let pending: &[&str] = if to_follow { &[id] } else { &[] };
        confirmed(ven.send(ven.canceled_report(&cancel.request_id, pending)).await);
    }
    ven.poll_nothing().await;
    assert_eq!(state(&bench, &follows), RequestState::Cancelling(true));
    assert_eq!(report(&ven, &follows, &[row(0, 1)]).await, 200);
    assert_eq!(state(&bench, &follows), RequestState::Ended);
    assert_eq!(state(&bench, &stops), RequestState::Cancelled);
    assert_eq!(report(&ven, &stops, &[row(1, 1)]).await, 452);
}

#[tokio::test]
async fn a_request_that_is_over_before_it_was_fetched_goes_unsent() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap().id;
    // The VEN fetches and refuses it; what comes again later is nothing.
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    bench.vtn.cancel_report("A", &id, false).await.unwrap();
    let cancel = OadrCancelReport::try_from(ven.poll().await).unwrap();
    assert_eq!(ven.code(ven.canceled_report(&cancel.request_id, &[])).await, 200);
    assert_eq!(state(&bench, &id), RequestState::Cancelled);
    bench.pass(minutes(2));
    ven.poll_nothing().await;
    assert!(bench.vtn.outbox("A").unwrap().unanswered.is_empty(), "{}", create.request_id);
}

#[tokio::test]
async fn rule_301_a_ven_asks_for_the_vtns_metadata() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let create = create_report(&ven, "METADATA");
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
    assert_eq!(ven.code(create_report(&ven, "usage")).await, 452, "there is no other report");
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
    let cancel = OadrCancelReport {
        schema_version: None,
        request_id: "k2".into(),
        report_request_id: vec!["none".into()],
        report_to_follow: false,
        ven_id: Some("A".into()),
    };
    let reply = ven.send(cancel).await;
    assert_eq!((code(&reply), reply.name()), (452, "oadrCanceledReport"), "rule 336");
    let updated = OadrUpdatedReport {
        schema_version: None,
        ei_response: EiResponse::ok("none"),
        oadr_cancel_report: None,
        ven_id: Some("A".into()),
    };
    assert_eq!(ven.code(Message::from(updated)).await, 459);
}

fn create_report(ven: &Ven<'_>, specifier: &str) -> OadrCreateReport {
    let zero = || Duration::ZERO.into();
    let payload = SpecifierPayload {
        rid: "77".into(),
        item_base: None,
        reading_type: ReadingType::XNotApplicable,
    };
    let report_specifier = ReportSpecifier {
        report_specifier_id: specifier.into(),
        granularity: zero(),
        report_back_duration: zero(),
        report_interval: None,
        specifier_payload: vec![payload],
    };
    OadrCreateReport {
        schema_version: None,
        request_id: "k1".into(),
        oadr_report_request: vec![OadrReportRequest {
            report_request_id: "their request".into(),
            report_specifier,
        }],
        ven_id: Some(ven.id.clone()),
    }
}
