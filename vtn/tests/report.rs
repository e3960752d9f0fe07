//! EiReport. OpenADR 2.0b Profile, rules 300 to 346; scenarios `report-*` with the VTN as
//! requester.

#![allow(clippy::unwrap_used)]

mod common;

use common::{
    Bench, all, at, code, confirmed, data, minutes, offering, report, row, running, seconds, state,
    status, usage, wanted,
};
use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::check_report_request;
use oadr_schemas::openadr::ei::{EiResponse, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCreateReport, OadrDataQualityType, OadrPayloadResourceStatus, OadrReport,
};
use oadr_schemas::openadr::report::{Heading, Row};
use oadr_schemas::xml::Duration;
use oadr_vtn::Error;
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::{ReadingValue, RequestState};
use rust_decimal::Decimal;

/// OpenLEADR #123: a request had no reportInterval.
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
async fn one_request_has_one_report_in_a_message() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    let twice = [0, 1].map(|n| data(&id, "usage", &[row(n, 1)], bench.now()));
    assert_eq!(ven.code(ven.update_report(twice.to_vec())).await, 454);
    assert!(all(&bench).is_empty());
    let other = running(&ven, wanted(minutes(1), minutes(5))).await;
    let each = [&id, &other].map(|id| data(id, "usage", &[row(0, 1)], bench.now()));
    assert_eq!(ven.code(ven.update_report(each.to_vec())).await, 200);
}

/// OpenLEADR #115, #116: a report of a single value.
#[tokio::test]
async fn a_report_touches_only_the_data_points_it_has_values_of() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    assert_eq!(report(&ven, &id, &[row(0, 1)]).await, 200);
    let series = bench.vtn.series("A").unwrap();
    assert_eq!(series.len(), 1, "{series:?}");
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

/// OpenLEADR #108: TELEMETRY_STATUS.
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
