//! EiReport of the VEN in miniature: what it is asked, and what is due. Rules 300 to 346.

mod data;
mod faults;
mod metadata;
mod request;

use jiff::Timestamp;
use oadr_conformance::hook::Told;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCanceledReport, OadrCreateReport, OadrPendingReports, OadrRegisterReport,
    OadrRegisteredReport, OadrUpdateReport,
};
use oadr_schemas::openadr::{Code, Message};
use serde_json::Value;

use super::State;

pub use faults::FAULTS;

/// What is known of reports.
#[derive(Default)]
pub struct Reports {
    /// What is measured.
    pub meter: data::Meter,
    /// What was asked for and is not over.
    pub running: Vec<Running>,
}

/// What there is to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The metadata itself.
    Metadata,
    /// Energy, collected over each interval.
    Usage,
    /// Power, at instants, on change as well.
    Power,
    /// The resource's state, at instants.
    Status,
    /// Power, as it was recorded.
    History,
}

/// A report that goes on.
#[derive(Clone, Debug)]
pub struct Running {
    /// reportRequestID.
    pub id: String,
    /// Of what.
    pub what: What,
    /// The points asked for.
    pub rids: Vec<String>,
    /// granularity, seconds; 0: on change.
    pub granularity_s: i64,
    /// reportBackDuration, seconds; 0: once.
    pub back_s: i64,
    /// Where the next report's data begin.
    pub next: Timestamp,
    /// Where all data end.
    pub end: Option<Timestamp>,
    /// One more and no other.
    pub last: bool,
}

/// oadrRegisterReport, after a new registration (rules 301, 309).
pub async fn introduce(state: &mut State) {
    state.reports.running.clear();
    transmit(state, None).await;
}

/// Sends the metadata, which calls off what was asked for before (rule 306).
async fn transmit(state: &mut State, asked: Option<String>) -> bool {
    let keeps_data = state.faults.has("old-reports-go-on");
    let drops_all = state.faults.has("metadata-request-dropped");
    state.reports.running.retain(|one| match one.what {
        What::Metadata => !drops_all || one.back_s == 0 || asked.as_ref() == Some(&one.id),
        _ => keeps_data,
    });
    let register = OadrRegisterReport {
        schema_version: None,
        request_id: format!("metadata-{}", state.now.as_second()),
        oadr_report: metadata::offered(state, asked.is_some()),
        ven_id: state.registration.ven_id.clone(),
        report_request_id: asked.filter(|_| !state.faults.has("metadata-unnamed")),
    };
    let Some(Message::OadrRegisteredReport(registered)) = state.say(register).await else {
        return false;
    };
    let requests = registered.oadr_report_request;
    if !requests.is_empty() && !state.faults.has("piggyback-ignored") {
        let answer = request::take(state, registered.ei_response.request_id, &requests);
        state.say(answer).await;
    }
    true
}

/// oadrRegisterReport of the VTN's.
pub fn registered_by_vtn(state: &mut State, register: OadrRegisterReport) -> Vec<Message> {
    vec![
        OadrRegisteredReport {
            schema_version: None,
            ei_response: EiResponse::ok(register.request_id),
            oadr_report_request: Vec::new(),
            ven_id: state.registration.ven_id.clone(),
        }
        .into(),
    ]
}

/// oadrCreateReport: the answers it owes.
pub fn asked(state: &mut State, create: OadrCreateReport) -> Vec<Message> {
    vec![request::take(state, create.request_id, &create.oadr_report_request)]
}

/// oadrCancelReport: all of it or nothing. Rules 336, 345.
pub fn cancelled(state: &mut State, cancel: OadrCancelReport) -> Vec<Message> {
    let known = |id: &String| state.reports.running.iter().any(|one| one.id == *id);
    let all = cancel.report_request_id.iter().all(known) || state.faults.has("cancel-unknown-ok");
    let request_id = cancel.request_id.clone();
    let before = pending(state);
    let ei_response = match all {
        true => {
            call_off(state, &cancel);
            EiResponse::ok(request_id)
        }
        false => EiResponse::error(Code::InvalidId, "no such report", request_id),
    };
    let stale = state.faults.has("pending-stale");
    vec![
        OadrCanceledReport {
            schema_version: None,
            ei_response,
            oadr_pending_reports: if stale { before } else { pending(state) },
            ven_id: state.registration.ven_id.clone(),
        }
        .into(),
    ]
}

fn call_off(state: &mut State, cancel: &OadrCancelReport) {
    let deaf = ["cancel-deaf", "metadata-cancel-deaf"].iter().any(|name| state.faults.has(name));
    if deaf && !cancel.report_to_follow {
        return;
    }
    let misses = ["last-missing", "embedded-at-once"].iter().any(|name| state.faults.has(name));
    let to_follow = cancel.report_to_follow && !misses;
    let of_it = |one: &Running| cancel.report_request_id.contains(&one.id);
    let goes_on = state.faults.has("last-goes-on");
    for one in state.reports.running.iter_mut().filter(|one| of_it(one)) {
        one.last = to_follow && !goes_on;
    }
    if !to_follow {
        state.reports.running.retain(|one| !of_it(one));
    }
}

/// The reportRequestIDs of all reports still to come (rule 329).
fn pending(state: &State) -> OadrPendingReports {
    state.reports.running.iter().map(|one| one.id.clone()).collect()
}

/// What follows once an answer is said.
pub async fn after(state: &mut State) {
    deliver(state).await;
}

/// Measures, and sends the reports that are due.
pub async fn step(state: &mut State) {
    data::sample(state);
    deliver(state).await;
}

async fn deliver(state: &mut State) {
    for _ in 0..MOST {
        let due = |one: &&Running| data::due(state, one) <= state.now;
        let Some(one) = state.reports.running.iter().find(due).cloned() else { return };
        if state.registration.id.is_none() || !send(state, &one).await {
            return;
        }
    }
}

/// One report; false if the VTN did not take it: it stays due.
async fn send(state: &mut State, one: &Running) -> bool {
    if one.what == What::Metadata {
        let silent = state.faults.has("metadata-silent") || state.faults.has("none-silent");
        if !silent && !transmit(state, Some(one.id.clone())).await {
            return false;
        }
        advance(state, one);
        return true;
    }
    let report = data::report(state, one);
    let Some(report) = report else {
        advance(state, one);
        return true;
    };
    let update = OadrUpdateReport {
        schema_version: None,
        request_id: format!("{}-{}", one.id, one.next.as_second()),
        oadr_report: vec![report],
        ven_id: state.registration.ven_id.clone(),
    };
    let Some(Message::OadrUpdatedReport(updated)) = state.say(update).await else { return false };
    advance(state, one);
    // Rule 328: no answer is owed for it.
    if let Some(cancel) = updated.oadr_cancel_report.filter(|_| !state.faults.has("embedded-deaf"))
    {
        match state.faults.has("embedded-confirmed") {
            true => {
                for answer in cancelled(state, cancel) {
                    state.say(answer).await;
                }
            }
            false => call_off(state, &cancel),
        }
    }
    true
}

/// The next report of it, if there is one.
fn advance(state: &mut State, one: &Running) {
    let once = one.back_s == 0 || (one.what == What::Metadata && state.faults.has("metadata-once"));
    let again = state.faults.has("oneshot-again") && one.what != What::Metadata && !one.last;
    let next = data::later(one.next, one.back_s);
    let over = (once && !again) || one.last || (one.end.is_some_and(|end| next >= end));
    match over {
        true => state.reports.running.retain(|other| other.id != one.id),
        false => {
            let same = state.reports.running.iter_mut().find(|other| other.id == one.id);
            if let Some(same) = same {
                same.next = next;
                same.last = once;
            }
        }
    }
}

/// The question `source` of docs/hooks.md.
pub fn source(state: &mut State, question: &Value) -> Told {
    state.reports.meter.source = match question["state"].as_str() {
        Some("live") => data::Source::Live,
        Some("still") => data::Source::Still,
        Some("unplugged") => data::Source::Unplugged,
        other => return Told::Cannot(format!("no source {other:?}")),
    };
    Told::done()
}

/// In one step.
const MOST: usize = 100;
