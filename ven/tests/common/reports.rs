//! Asking for reports, and what they hold when they come.

use oadr_schemas::openadr::ei::PayloadBase;
use oadr_schemas::openadr::oadr::*;
use oadr_schemas::openadr::strm::StreamPayloadBase;

use super::World;
use super::make::{create, report};

pub const USAGE: &str = "TELEMETRY_USAGE";

pub async fn ask(world: &mut World, requests: Vec<OadrReportRequest>) -> OadrCreatedReport {
    world.vtn.forget();
    world.vtn.queue(create("q1", requests));
    world.pass(11).await;
    let created: OadrCreatedReport = world.vtn.one();
    assert_eq!(created.ei_response.request_id, "q1", "rule 303");
    created
}

pub fn code(created: &OadrCreatedReport) -> &str {
    created.ei_response.response_code.value()
}

/// Rows of a report: when, and each value with its rID.
pub fn rows(report: &OadrReport) -> Vec<(String, Vec<(String, String)>)> {
    let intervals = &report.intervals.as_ref().unwrap().interval;
    let payload = |payload: &StreamPayloadBase| match payload {
        StreamPayloadBase::OadrReportPayload(payload) => {
            let value = match &payload.payload_base {
                PayloadBase::PayloadFloat(float) => float.value.to_string(),
                PayloadBase::OadrPayloadResourceStatus(status) => {
                    format!("{} {}", status.oadr_online, status.oadr_manual_override)
                }
            };
            (payload.rid.clone(), value)
        }
        other => panic!("{other:?}"),
    };
    intervals
        .iter()
        .map(|interval| {
            let start = interval.dtstart.as_ref().unwrap().date_time.to_string();
            (start[11..19].to_owned(), interval.stream_payload_base.iter().map(payload).collect())
        })
        .collect()
}

pub fn updates(world: &World) -> Vec<OadrReport> {
    let all = world.vtn.all::<OadrUpdateReport>();
    all.into_iter().flat_map(|update| update.oadr_report).collect()
}

pub fn starts(report: &OadrReport) -> Vec<String> {
    rows(report).into_iter().map(|(start, _)| start).collect()
}

/// Usage of the power meter: 10 s apart, a report each 30 s, from 12:01.
pub fn periodic(id: &str, length: &str) -> OadrReportRequest {
    let from = Some(("2026-06-01T12:01:00Z", length));
    report(id, (USAGE, &["power", "energy"]), ("PT10S", "PT30S"), from)
}
