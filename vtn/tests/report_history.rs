//! What was recorded, Green Button data, and values on change. OpenADR 2.0b Profile, rules 313,
//! 317, 324, 325, 331, 340.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, all, at, minutes, noon, offering, row, running, state, usage, wanted};
use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::atom::Feed;
use oadr_schemas::openadr::ei::{Interval, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrDataQualityType, OadrGBStreamPayloadBase, OadrRegisteredReport, OadrReport,
};
use oadr_schemas::openadr::report::Heading;
use oadr_schemas::openadr::strm::{Intervals, StreamPayloadBase};
use oadr_schemas::xml::{self, DateTime, Duration, Limits};
use oadr_vtn::Error;
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::{Reading, ReadingValue, RequestState};
use oadr_vtn::settings::ReportWish;
use rust_decimal::Decimal;

const NONE: SignedDuration = SignedDuration::ZERO;

/// A report of a day's depth, of this name.
fn offer(name: ReportName, rids: &[&str], now: Timestamp) -> OadrReport {
    OadrReport { report_name: Some(name), ..usage("usage", rids, now) }
}

async fn ven_with<'a>(bench: &'a Bench, offer: OadrReport) -> Ven<'a> {
    let ven = bench.registered("A").await;
    assert_eq!(ven.code(ven.register_report(vec![offer])).await, 200);
    ven
}

fn history(start: Option<Timestamp>, duration: SignedDuration) -> ReportWanted {
    ReportWanted { start, duration, ..wanted(NONE, NONE) }
}

async fn rule(bench: &Bench, wanted: ReportWanted) -> u16 {
    match bench.vtn.request_report("A", wanted).await {
        Err(Error::Fault(fault)) => fault.rule,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn history_is_asked_for_once_as_recorded_and_in_the_past() {
    let bench = Bench::new().await;
    let ven = ven_with(&bench, offer(ReportName::MetadataHistoryUsage, &["power"], noon())).await;
    assert_eq!(rule(&bench, wanted(minutes(1), minutes(5))).await, 324);
    assert_eq!(rule(&bench, history(None, NONE)).await, 324);
    assert_eq!(rule(&bench, history(Some(at(1)), NONE)).await, 325);
    assert_eq!(rule(&bench, history(Some(at(-5)), minutes(6))).await, 325);
    assert_eq!(rule(&bench, history(Some(at(-24 * 60 - 5)), minutes(5))).await, 340);
    let id = running(&ven, history(Some(at(-24 * 60)), NONE)).await;
    let heading = Heading {
        report_request_id: id.clone(),
        report_specifier_id: "usage".into(),
        report_name: ReportName::HistoryUsage,
        created: noon(),
    };
    let report = OadrReport::of_rows(heading, &[row(-10, 4), row(-5, 5)]).unwrap();
    assert_eq!(ven.code(ven.update_report(vec![report])).await, 200);
    assert_eq!(all(&bench).len(), 2);
    assert_eq!(state(&bench, &id), RequestState::Ended);
}

#[tokio::test]
async fn a_wish_for_history_asks_once_for_all_that_there_is() {
    let name = "HISTORY_USAGE".to_owned();
    let bench = Bench::with(|settings| {
        settings.reports = vec![ReportWish { name, granularity: minutes(1), every: minutes(5) }];
    })
    .await;
    let ven = bench.registered("A").await;
    let offer = offer(ReportName::MetadataHistoryUsage, &["power"], noon());
    let reply = ven.send(ven.register_report(vec![offer])).await;
    let registered = OadrRegisteredReport::try_from(reply).unwrap();
    let [request] = registered.oadr_report_request.as_slice() else { panic!() };
    let specifier = &request.report_specifier;
    assert!(
        specifier.granularity.duration.is_zero()
            && specifier.report_back_duration.duration.is_zero()
    );
    let interval = &specifier.report_interval.as_ref().unwrap().properties;
    assert_eq!(Timestamp::from(&interval.dtstart), at(-24 * 60), "rule 340: no more than it keeps");
    assert!(interval.duration.duration.is_zero(), "rule 325: all since then");
}

#[tokio::test]
async fn rule_317_values_on_change_are_asked_for_where_they_are_offered() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    assert_eq!(rule(&bench, wanted(NONE, minutes(5))).await, 317);
    let mut changing = usage("usage", &["power", "more"], noon());
    let rate = changing.oadr_report_description[0].oadr_sampling_rate.as_mut().unwrap();
    rate.oadr_on_change = true;
    assert_eq!(ven.code(ven.register_report(vec![changing])).await, 200);
    assert_eq!(rule(&bench, wanted(NONE, minutes(5))).await, 317, "more is not on change");
    let one = ReportWanted { rids: vec!["power".into()], ..wanted(NONE, minutes(5)) };
    let id = running(&ven, one).await;
    let mut same = row(0, 4);
    same.quality = Some(OadrDataQualityType::NoNewValuePreviousValueUsed);
    assert_eq!(common::report(&ven, &id, &[same]).await, 200);
    let found = bench.vtn.readings(("A", "power"), (at(0), at(1)), 9).unwrap();
    let quality = found[0].reading.quality.as_deref();
    assert_eq!(quality, Some("No New Value - Previous Value Used"));
}

#[tokio::test]
async fn rule_313_data_have_the_name_of_their_metadata() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    let mut report = common::data(&id, "usage", &[row(0, 4)], noon());
    report.report_name = Some(ReportName::HistoryUsage);
    assert_eq!(ven.code(ven.update_report(vec![report])).await, 454);
    assert!(all(&bench).is_empty());
}

/// A feed with two quarters of an hour of energy, in Wh.
fn feed(id: &str, values: [i64; 2]) -> Feed {
    let reading = |start: i64, value: i64| {
        format!(
            "<IntervalReading><ReadingQuality><quality>8</quality></ReadingQuality><timePeriod>\
             <duration>900</duration><start>{start}</start></timePeriod><value>{value}</value>\
             </IntervalReading>"
        )
    };
    let start = at(-60).as_second();
    let blocks = reading(start, values[0]) + &reading(start + 900, values[1]);
    let text = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><id>{id}</id><title>House</title>\
         <entry><link rel='self' href='R/1'/><content><ReadingType xmlns='http://naesb.org/espi'>\
         <powerOfTenMultiplier>-1</powerOfTenMultiplier><uom>72</uom></ReadingType></content></entry>\
         <entry><link rel='up' href='M/1/IntervalBlock'/><content><IntervalBlock \
         xmlns='http://naesb.org/espi'>{blocks}</IntervalBlock></content></entry></feed>"
    );
    xml::decode(text.as_bytes(), &Limits::reports()).unwrap()
}

fn green(id: &str, feeds: Vec<Feed>) -> OadrReport {
    let payload = |feed| StreamPayloadBase::OadrGBPayload(OadrGBStreamPayloadBase { feed });
    let interval = Interval {
        dtstart: Some(at(-60).into()),
        duration: Some(Duration::from_seconds(1800).into()),
        uid: None,
        stream_payload_base: feeds.into_iter().map(payload).collect(),
    };
    OadrReport {
        dtstart: Some(at(-60).into()),
        duration: None,
        intervals: Some(Intervals { interval: vec![interval] }),
        ei_report_id: None,
        oadr_report_description: Vec::new(),
        report_request_id: id.to_owned(),
        report_specifier_id: "usage".to_owned(),
        report_name: Some(ReportName::HistoryGreenbutton),
        created_date_time: DateTime(noon()),
    }
}

fn readings(bench: &Bench, rid: &str) -> Vec<Reading> {
    let found = bench.vtn.readings(("A", rid), (Timestamp::MIN, Timestamp::MAX), 99).unwrap();
    assert!(found.iter().all(|datum| datum.point.unit.as_deref() == Some("Wh")));
    found.into_iter().map(|datum| datum.reading).collect()
}

#[tokio::test]
async fn green_button_data_are_kept_as_they_came_and_told_as_readings() {
    let bench = Bench::new().await;
    let offer = offer(ReportName::MetadataHistoryGreenbutton, &["meter"], noon());
    let ven = ven_with(&bench, offer).await;
    let id = running(&ven, history(Some(at(-60)), NONE)).await;
    for (values, first) in [([55, 65], Decimal::new(55, 1)), ([75, 85], Decimal::new(75, 1))] {
        let sent = feed("urn:uuid:1", values);
        assert_eq!(ven.code(ven.update_report(vec![green(&id, vec![sent.clone()])])).await, 200);
        let [about] = bench.vtn.green_button("A", None, 9).unwrap().try_into().unwrap();
        assert_eq!((about.id.as_str(), about.title.as_deref()), ("urn:uuid:1", Some("House")));
        assert_eq!((about.meters, about.values), (1, 2));
        assert_eq!((about.from, about.to), (Some(at(-60)), Some(at(-30))));
        let kept = bench.vtn.green_button_feed("A", "urn:uuid:1").unwrap();
        assert_eq!(xml::decode::<Feed>(kept.as_bytes(), &Limits::reports()), Ok(sent));
        let [early, late] = readings(&bench, "meter").try_into().unwrap();
        assert_eq!((early.start, early.duration), (at(-60), Some(minutes(15))));
        assert_eq!((early.value, late.start), (ReadingValue::Number(first), at(-45)));
        assert_eq!(early.quality.as_deref(), Some("Quality Uncertain - Non Specific"));
    }
    assert!(matches!(bench.vtn.green_button_feed("A", "none"), Err(Error::Unknown { .. })));
}

#[tokio::test]
async fn a_feed_that_could_be_of_several_data_points_is_kept_and_told_of_none() {
    let bench = Bench::new().await;
    let offer = offer(ReportName::MetadataHistoryGreenbutton, &["a", "b"], noon());
    let ven = ven_with(&bench, offer).await;
    let id = running(&ven, history(Some(at(-60)), NONE)).await;
    let feeds = vec![feed("urn:uuid:1", [1, 2]), feed("urn:uuid:2", [3, 4])];
    assert_eq!(ven.code(ven.update_report(vec![green(&id, feeds)])).await, 200);
    let ids = |after| {
        let found = bench.vtn.green_button("A", after, 1).unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(
        (ids(None), ids(Some("urn:uuid:1"))),
        (vec!["urn:uuid:1".into()], vec!["urn:uuid:2".into()])
    );
    assert!(bench.vtn.series("A").unwrap().is_empty());
    let long = feed(&"x".repeat(251), [1, 2]);
    assert_eq!(ven.code(ven.update_report(vec![green(&id, vec![long])])).await, 454);
}
