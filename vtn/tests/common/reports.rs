//! A VEN that reports: what it offers, is asked for and sends.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::{EiResponse, ReadingType, ReportSpecifier, SpecifierPayload};
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCreateReport, OadrReportRequest, OadrUpdatedReport,
};
use oadr_schemas::openadr::report::Row;
use oadr_schemas::xml::Duration;
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::{ReadingValue, RequestState};
use rust_decimal::Decimal;

use super::{Bench, Ven, data, minutes, noon, usage};

pub fn at(minute: i64) -> Timestamp {
    noon().checked_add(minutes(minute)).unwrap()
}

pub fn wanted(granularity: SignedDuration, every: SignedDuration) -> ReportWanted {
    ReportWanted {
        specifier: "usage".into(),
        rids: Vec::new(),
        granularity,
        every,
        start: None,
        duration: SignedDuration::ZERO,
    }
}

pub fn row(minute: i64, value: i64) -> Row {
    Row::at("power", at(minute), Decimal::from(value))
}

/// A VEN that offers `usage` with the data points `power` and `more`.
pub async fn offering<'a>(bench: &'a Bench) -> Ven<'a> {
    let ven = bench.registered("A").await;
    let report = usage("usage", &["power", "more"], bench.now());
    assert_eq!(ven.code(ven.register_report(vec![report])).await, 200);
    ven
}

/// A request asked for, fetched and promised.
pub async fn running(ven: &Ven<'_>, wanted: ReportWanted) -> String {
    let id = ven.bench.vtn.request_report(&ven.id, wanted).await.unwrap().id;
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    let answer = ven.created_report(&create.request_id, &[&id]);
    assert_eq!(ven.code(answer).await, 200);
    id
}

pub fn state(bench: &Bench, id: &str) -> RequestState {
    let requests = bench.vtn.report_requests("A").unwrap();
    requests.into_iter().find(|request| request.id == id).unwrap().state
}

pub async fn report(ven: &Ven<'_>, id: &str, rows: &[Row]) -> u16 {
    ven.code(ven.update_report(vec![data(id, "usage", rows, ven.bench.now())])).await
}

pub fn all(bench: &Bench) -> Vec<(Timestamp, Decimal)> {
    let found = bench.vtn.readings(("A", "power"), (Timestamp::MIN, Timestamp::MAX), 99).unwrap();
    let number = |value: &ReadingValue| match value {
        ReadingValue::Number(number) => *number,
        other => panic!("{other:?}"),
    };
    found.iter().map(|datum| (datum.reading.start, number(&datum.reading.value))).collect()
}

impl Ven<'_> {
    /// Asks the VTN for a report of its own.
    pub fn create_report(&self, specifier: &str) -> OadrCreateReport {
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
            ven_id: Some(self.id.clone()),
        }
    }

    pub fn cancel_report(&self, requests: &[&str]) -> OadrCancelReport {
        OadrCancelReport {
            schema_version: None,
            request_id: "k2".into(),
            report_request_id: requests.iter().map(|id| (*id).to_owned()).collect(),
            report_to_follow: false,
            ven_id: Some(self.id.clone()),
        }
    }

    /// The answer to an oadrUpdateReport, which this VTN never sends.
    pub fn updated_report(&self, request_id: &str) -> OadrUpdatedReport {
        OadrUpdatedReport {
            schema_version: None,
            ei_response: EiResponse::ok(request_id),
            oadr_cancel_report: None,
            ven_id: Some(self.id.clone()),
        }
    }
}
