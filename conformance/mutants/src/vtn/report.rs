//! EiReport of the VTN in miniature, as the one that asks. Rules 300 to 346.
//!
//! It asks of its own accord for each TELEMETRY_USAGE, in its answer to the metadata, and for
//! everything that its operator wants.

use std::collections::BTreeMap;

use jiff::Timestamp;
use oadr_conformance::hook::Told;
use oadr_conformance::say::report as say;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCanceledReport, OadrCreatedReport, OadrRegisterReport,
    OadrRegisteredReport, OadrReport, OadrReportRequest, OadrResponse, OadrUpdateReport,
    OadrUpdatedReport,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::report_own::Own;
use super::{State, error, ok};

/// What is known of reports.
#[derive(Default)]
pub struct Reports {
    /// What each VEN offers, by venID.
    offered: BTreeMap<String, Vec<OadrReport>>,
    asked: Vec<Asked>,
    /// By venID, rID and time.
    readings: BTreeMap<(String, String, Timestamp), Decimal>,
    /// Requests that it takes for running though they are not, with their VENs.
    missed: Vec<(String, String)>,
    /// Numbers requests.
    count: usize,
    /// What the VTN itself reports.
    pub own: Own,
}

/// A request to a VEN.
struct Asked {
    ven_id: String,
    id: String,
    specifier: String,
    ending: Ending,
}

/// How far a request is cancelled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    No,
    /// The next oadrUpdatedReport says so.
    InAnswer,
    /// It has been said so: what still comes is answered by oadrCancelReport.
    Told,
    /// oadrCancelReport is on its way.
    Insisted,
}

impl Reports {
    /// A registration is over: metadata and requests go with it (rule 407).
    pub fn forget(&mut self, ven_id: &str) {
        self.offered.remove(ven_id);
        self.asked.retain(|asked| asked.ven_id != ven_id);
        self.own.forget(ven_id);
    }
}

/// oadrRegisterReport. Rules 306, 344.
pub fn register(state: &mut State, register: OadrRegisterReport) -> OadrRegisteredReport {
    let ven_id = register.ven_id.clone().unwrap_or_default();
    let before = state.reports.offered.insert(ven_id.clone(), register.oadr_report.clone());
    let had = before.is_some_and(|before| !before.is_empty());
    if state.faults.has("renewed-misses-old") {
        let old = state.reports.asked.iter().filter(|asked| asked.ven_id == ven_id);
        let old: Vec<_> = old.map(|asked| (ven_id.clone(), asked.id.clone())).collect();
        state.reports.missed.extend(old);
    }
    if !state.faults.has("renewed-keeps-old") {
        state.reports.asked.retain(|asked| asked.ven_id != ven_id);
    }
    let usage = |one: &&OadrReport| one.report_name == Some(ReportName::MetadataTelemetryUsage);
    let wanted: Vec<_> = register.oadr_report.iter().filter(usage).cloned().collect();
    let mut oadr_report_request = Vec::new();
    if !(had && state.faults.has("renewed-not")) {
        for report in wanted {
            oadr_report_request.push(usage_request(state, &ven_id, &report));
        }
    }
    OadrRegisteredReport {
        schema_version: None,
        ei_response: EiResponse::ok(register.request_id),
        oadr_report_request,
        ven_id: register.ven_id,
    }
}

/// Ends what it misses.
pub fn step(state: &mut State) {
    for (ven_id, id) in std::mem::take(&mut state.reports.missed) {
        state.put(&ven_id, cancellation(&ven_id, vec![id], false));
    }
}

/// All points of a report, as finely as it is measured, as rarely as that is allowed.
fn usage_request(state: &mut State, ven_id: &str, report: &OadrReport) -> OadrReportRequest {
    let mut rids: Vec<_> = report.oadr_report_description.iter().map(|one| &*one.rid).collect();
    if state.faults.has("renewed-wide") {
        rids.push("a point that was");
    }
    let rate = report.oadr_report_description.iter().find_map(|one| one.oadr_sampling_rate.clone());
    let seconds = |period: oadr_schemas::xml::Duration| {
        period.exact().and_then(|span| u32::try_from(span.as_secs()).ok())
    };
    let finest = rate.as_ref().and_then(|rate| seconds(rate.oadr_min_period)).unwrap_or(1);
    let back = rate.as_ref().and_then(|rate| seconds(rate.oadr_max_period)).unwrap_or(finest);
    let interval = Some((state.now, 0));
    let specifier = report.report_specifier_id.as_str();
    let id = remember(state, ven_id, specifier);
    say::request(&id, (specifier, &rids), (finest, back), interval)
}

/// Rule 322: a reportRequestID of its own.
fn remember(state: &mut State, ven_id: &str, specifier: &str) -> String {
    state.reports.count += 1;
    let one = state.faults.has("ask-same-id") || state.faults.has("renewed-same-id");
    let number = if one { 0 } else { state.reports.count };
    let id = format!("Model-request-{number}");
    let asked = Asked {
        ven_id: ven_id.to_owned(),
        id: id.clone(),
        specifier: specifier.to_owned(),
        ending: Ending::No,
    };
    state.reports.asked.push(asked);
    id
}

/// The operator's `request_report`. Rules 300, 324.
pub fn request(state: &mut State, question: &Value) -> Told {
    let text = |name: &str| question[name].as_str().unwrap_or_default();
    let number = |name: &str| u32::try_from(question[name].as_u64().unwrap_or(0)).unwrap_or(0);
    let (ven_id, specifier) = (text("ven_id"), text("specifier"));
    let rids = question["rids"].as_array().into_iter().flatten();
    let rids: Vec<_> = rids.filter_map(Value::as_str).collect();
    let mut reports = state.reports.offered.get(ven_id).into_iter().flatten();
    let report = reports.find(|one| one.report_specifier_id == specifier);
    let points = || report.iter().flat_map(|report| &report.oadr_report_description);
    let offered = rids.iter().all(|rid| points().any(|point| point.rid == *rid));
    if report.is_none() || !offered {
        return Told::Refused("it is not offered".to_owned());
    }
    let from = question["from"].as_str().and_then(|from| from.parse().ok());
    let interval = from.map(|from| (from, number("duration_s")));
    let id = remember(state, ven_id, specifier);
    let how_often = (number("granularity_s"), number("back_s"));
    let request = say::request(&id, (specifier, &rids), how_often, interval);
    let create = say::create(&format!("create-{id}"), Some(ven_id.to_owned()), vec![request]);
    state.put(ven_id, create);
    Told::Ok(json!({ "report_request_id": id }))
}

/// oadrCreatedReport: the VEN has taken a request.
pub fn created(_: &mut State, created: OadrCreatedReport) -> OadrResponse {
    ok(&created.ei_response.request_id)
}

/// oadrUpdateReport. Rules 304, 314 to 316, 328, 335, 346.
pub fn update(state: &mut State, update: OadrUpdateReport) -> OadrUpdatedReport {
    let ven_id = update.ven_id.clone().unwrap_or_default();
    let taken = update.oadr_report.iter().map(|report| take(state, &ven_id, report));
    let taken: Result<Vec<_>, _> = taken.collect();
    let ei_response = match taken {
        Ok(_) => EiResponse::ok(update.request_id),
        Err((code, why)) => error(code, why, &update.request_id),
    };
    let ids: Vec<_> = update.oadr_report.iter().map(|one| &*one.report_request_id).collect();
    OadrUpdatedReport {
        schema_version: None,
        ei_response,
        oadr_cancel_report: ended(state, &ven_id, &ids),
        ven_id: update.ven_id,
    }
}

fn take(state: &mut State, ven_id: &str, report: &OadrReport) -> Result<(), (Code, &'static str)> {
    let known = state.reports.asked.iter().any(|asked| {
        let own = asked.ven_id == ven_id && asked.specifier == report.report_specifier_id;
        own && asked.id == report.report_request_id
    });
    if !known && !state.faults.has("receive-any-request") {
        return Err((Code::InvalidId, "no such reportRequestID"));
    }
    super::report_faults::may_take(state, report)?;
    let rows = report.rows().map_err(|fault| (fault.code, "no report"))?;
    let flat = state.faults.has("receive-flat");
    for row in &rows {
        let at = if flat { rows[0].start } else { row.start };
        let Some(value) = row.number() else { continue };
        let readings = &mut state.reports.readings;
        let key = (ven_id.to_owned(), row.rid.clone(), at);
        let known = readings.contains_key(&key);
        if known && state.faults.has("receive-once") {
            return Err((Code::OutOfSequence, "it is there"));
        }
        let later =
            readings.keys().any(|(ven, rid, time)| ven == ven_id && *rid == row.rid && *time > at);
        if later && !known && state.faults.has("receive-in-turn") {
            return Err((Code::OutOfSequence, "it is late"));
        }
        if !(known && state.faults.has("receive-first")) {
            readings.insert(key, value);
        }
    }
    Ok(())
}

/// Rule 328: what the answer ends is out of the reports answered. Rule 335: what goes on all the
/// same is ended by oadrCancelReport.
fn ended(state: &mut State, ven_id: &str, ids: &[&str]) -> Option<OadrCancelReport> {
    let other = state.faults.has("ends-another");
    let insists = !state.faults.has("insists-not");
    let (mut now, mut insist) = (Vec::new(), Vec::new());
    for asked in state.reports.asked.iter_mut().filter(|asked| asked.ven_id == ven_id) {
        let answered = ids.contains(&&*asked.id);
        match asked.ending {
            Ending::InAnswer if answered || other => {
                asked.ending = Ending::Told;
                now.push(asked.id.clone());
            }
            Ending::Told if answered && insists => {
                asked.ending = Ending::Insisted;
                insist.push(asked.id.clone());
            }
            _ => {}
        }
    }
    if !insist.is_empty() {
        state.put(ven_id, cancellation(ven_id, insist, false));
    }
    (!now.is_empty()).then(|| cancellation(ven_id, now, false))
}

/// The operator's `cancel_report`.
pub fn end(state: &mut State, question: &Value) -> Told {
    let ven_id = question["ven_id"].as_str().unwrap_or_default();
    let embedded = question["embedded"] == true;
    let own = |asked: &&mut Asked| {
        asked.ven_id == ven_id && question["report_request_id"] == asked.id.as_str()
    };
    let Some(asked) = state.reports.asked.iter_mut().find(own) else {
        return Told::Refused("no such request".to_owned());
    };
    asked.ending = if embedded { Ending::InAnswer } else { Ending::Insisted };
    let ids = vec![asked.id.clone()];
    if !embedded {
        let to_follow = question["to_follow"] == true;
        state.put(ven_id, cancellation(ven_id, ids, to_follow));
    }
    Told::done()
}

fn cancellation(ven_id: &str, ids: Vec<String>, to_follow: bool) -> OadrCancelReport {
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    say::cancel(&format!("cancel-{}", ids.join("-")), Some(ven_id.to_owned()), &ids, to_follow)
}

/// oadrCanceledReport: the VEN has stopped.
pub fn canceled(state: &mut State, canceled: OadrCanceledReport) -> OadrResponse {
    let ven_id = canceled.ven_id.unwrap_or_default();
    let still = canceled.oadr_pending_reports.report_request_id;
    state.reports.asked.retain(|asked| {
        asked.ven_id != ven_id || asked.ending != Ending::Insisted || still.contains(&asked.id)
    });
    ok(&canceled.ei_response.request_id)
}

/// The operator's `readings`.
pub fn readings(state: &State, question: &Value) -> Value {
    let all = state.reports.readings.iter();
    let own = all.filter(|((ven_id, _, _), _)| question["ven_id"] == ven_id.as_str());
    let told = own.map(|((_, rid, at), value)| json!({ "rid": rid, "at": at, "value": value }));
    json!({ "readings": told.collect::<Vec<_>>() })
}
