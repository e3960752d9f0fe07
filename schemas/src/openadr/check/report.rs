//! An oadrReport with data by itself. OpenADR 2.0b Profile, rules 313 to 316, 342.

use jiff::Timestamp;

use super::Fault;
use crate::openadr::Code;
use crate::openadr::ei::Interval;
use crate::openadr::oadr::OadrReport;
use crate::openadr::strm::StreamPayloadBase;

/// What the points of a report are, as the two sides know from the metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampled {
    /// Values at an instant.
    Instants,
    /// Values collected over a time.
    Spans,
    /// Some the one, some the other.
    Both,
}

/// Holds a report with data against the rules that need nothing but the report. Its
/// own duration is not compared with that of its intervals.
///
/// # Errors
/// The first broken one of rules 313 (what is there and what is not), 314 (starts), 315
/// (durations), 316 (uids).
pub fn check_report_data(report: &OadrReport) -> Result<(), Fault> {
    let fault = |rule, what: &str| {
        let what = format!("report {}: {what}", report.report_request_id);
        Err(Fault::new(rule, Code::NotCompliant, what))
    };
    if !report.oadr_report_description.is_empty() {
        return fault(313, "data comes without oadrReportDescription");
    }
    match &report.report_name {
        None => return fault(313, "data needs a reportName"),
        Some(name) if name.to_string().starts_with("METADATA_") => {
            return fault(313, "the reportName of data does not begin METADATA_");
        }
        Some(_) => {}
    }
    let Some(start) = report.dtstart.as_ref().map(Timestamp::from) else {
        return fault(313, "data needs a dtstart");
    };
    let Some(intervals) = &report.intervals else {
        return fault(313, "data needs intervals");
    };
    let intervals = intervals.interval.as_slice();
    let starts: Vec<_> = intervals.iter().filter_map(|i| i.dtstart.as_ref()).collect();
    if !starts.is_empty() && starts.len() != intervals.len() {
        return fault(314, "dtstart stands in all intervals or in none");
    }
    if starts.first().is_some_and(|first| *first.date_time != start) {
        return fault(314, "the first interval does not start with the report");
    }
    if !starts.is_sorted_by_key(|start| start.date_time) {
        return fault(314, "the oldest interval comes first");
    }
    let durations = intervals.iter().filter(|i| i.duration.is_some()).count();
    if durations != 0 && durations != intervals.len() {
        return fault(315, "duration stands in all intervals or in none");
    }
    if starts.is_empty() && durations == 0 && intervals.len() > 1 {
        return fault(315, "several intervals need dtstart or duration");
    }
    if starts.is_empty() && !is_green_button(intervals) {
        return check_uids(report, intervals);
    }
    Ok(())
}

/// Holds the shape of a report's intervals against what its points are (rule 342).
///
/// # Errors
/// Rule 342 if spans come without duration or instants with one.
pub fn check_report_kind(report: &OadrReport, points: Sampled) -> Result<(), Fault> {
    let intervals = report.intervals.iter().flat_map(|all| &all.interval);
    for (k, interval) in intervals.enumerate() {
        let wrong = match (points, &interval.duration) {
            (Sampled::Spans, None) => "data collected over a time has no duration",
            (Sampled::Instants, Some(_)) => "data at an instant has a duration",
            _ => continue,
        };
        let what = format!("report {}, interval {k}: {wrong}", report.report_request_id);
        return Err(Fault::new(342, Code::NotCompliant, what));
    }
    Ok(())
}

fn check_uids(report: &OadrReport, intervals: &[Interval]) -> Result<(), Fault> {
    for (k, interval) in intervals.iter().enumerate() {
        let uid = interval.uid.as_ref().map(|uid| uid.text.trim());
        if uid != Some(&*k.to_string()) {
            let id = &report.report_request_id;
            let found = uid.unwrap_or("none");
            let what = format!("report {id}, interval {k}: the uid is {found}, not {k}");
            let code = if uid.is_none() { Code::NotCompliant } else { Code::OutOfSequence };
            return Err(Fault::new(316, code, what));
        }
    }
    Ok(())
}

fn is_green_button(intervals: &[Interval]) -> bool {
    let mut payloads = intervals.iter().flat_map(|interval| &interval.stream_payload_base);
    payloads.any(|payload| matches!(payload, StreamPayloadBase::OadrGBPayload(_)))
}
