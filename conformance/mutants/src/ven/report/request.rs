//! What the VEN in miniature is asked for, and whether it can be had.
//! Rules 304, 308, 317, 322, 324, 325, 340.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{EiResponse, ReportSpecifier};
use oadr_schemas::openadr::oadr::{OadrCreatedReport, OadrReportRequest};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::Duration;

use super::metadata::{DEPTH_S, names, shortest_s, specified};
use super::{Running, What, data, pending};
use crate::ven::State;

/// Takes all requests or none; gives the oadrCreatedReport.
pub fn take(state: &mut State, request_id: String, requests: &[OadrReportRequest]) -> Message {
    let read: Result<Vec<_>, _> = requests.iter().map(|one| understood(state, one)).collect();
    let request_id = match state.faults.has("request-id-lost") {
        true => "another".to_owned(),
        false => request_id,
    };
    let ei_response = match read {
        Ok(taken) => {
            for one in taken {
                state.reports.running.retain(|other| other.id != one.id);
                state.reports.running.push(one);
            }
            EiResponse::ok(request_id)
        }
        Err(code) => {
            if state.faults.has("refusal-stops-all") {
                state.reports.running.clear();
            }
            EiResponse::error(code, code.description(), request_id)
        }
    };
    let mut oadr_pending_reports = pending(state);
    if state.faults.has("created-unlisted") {
        oadr_pending_reports.report_request_id.clear();
    }
    let ven_id = state.registration.ven_id.clone();
    OadrCreatedReport { schema_version: None, ei_response, oadr_pending_reports, ven_id }.into()
}

fn understood(state: &State, asked: &OadrReportRequest) -> Result<Running, Code> {
    let specifier = &asked.report_specifier;
    let what = match specified(state, &specifier.report_specifier_id) {
        Some(what) => what,
        None if state.faults.has("takes-foreign-specifier") => What::Usage,
        None => return Err(Code::InvalidId),
    };
    let granularity_s = seconds(&specifier.granularity.duration);
    let mut one = Running {
        id: asked.report_request_id.clone(),
        what,
        rids: specifier.specifier_payload.iter().map(|payload| payload.rid.clone()).collect(),
        granularity_s,
        back_s: seconds(&specifier.report_back_duration.duration),
        next: state.now,
        end: None,
        last: false,
    };
    let mut running = state.reports.running.iter();
    if running.any(|other| other.id == one.id) && !state.faults.has("reuses-id") {
        return Err(Code::InvalidId);
    }
    if what == What::Metadata {
        return Ok(one);
    }
    let offered = names(what).1;
    let foreign = one.rids.iter().any(|rid| !offered.contains(&rid.as_str()));
    if foreign && !state.faults.has("takes-foreign-rid") {
        return Err(Code::InvalidId);
    }
    match (what, one.back_s) {
        (What::History, 0) => history(state, &mut one, specifier)?,
        (What::History, _) => return Err(Code::InvalidData),
        (_, 0) => {}
        _ => periodic(state, &mut one, specifier)?,
    }
    Ok(one)
}

fn periodic(state: &State, one: &mut Running, specifier: &ReportSpecifier) -> Result<(), Code> {
    let (start, end) = span(specifier)?;
    let (fine, coarse) = (state.faults.has("takes-too-fine"), state.faults.has("takes-too-coarse"));
    match one.granularity_s {
        0 if one.what == What::Power => {}
        0 => return Err(Code::InvalidData),
        g if g < i64::from(shortest_s(state)) && !fine => return Err(Code::InvalidData),
        g if g > one.back_s && !coarse => return Err(Code::InvalidData),
        _ => {}
    }
    // Rule 340.
    if (one.back_s > DEPTH || start < data::later(state.now, -DEPTH)) && !takes_all(state) {
        return Err(too_much(state));
    }
    (one.next, one.end) = (start, end.filter(|_| !state.faults.has("periodic-endless")));
    if state.faults.has("starts-late") {
        one.next = data::later(start, one.back_s);
    }
    if state.faults.has("twice-as-coarse") {
        one.granularity_s *= 2;
    }
    Ok(())
}

fn history(state: &State, one: &mut Running, specifier: &ReportSpecifier) -> Result<(), Code> {
    let (start, end) = span(specifier)?;
    let too_far = end.is_some_and(|end| end.duration_since(start).as_secs() > DEPTH);
    if too_far && !takes_all(state) {
        return Err(too_much(state));
    }
    let end = end.filter(|_| !state.faults.has("history-without-end"));
    let open = if state.faults.has("history-stops") { data::later(start, 60) } else { state.now };
    (one.next, one.end) = (start, Some(end.unwrap_or(open)));
    Ok(())
}

fn takes_all(state: &State) -> bool {
    state.faults.has("takes-too-much")
}

fn too_much(state: &State) -> Code {
    if state.faults.has("too-much-is-451") { Code::NotAllowed } else { Code::InvalidData }
}

/// From when to when; `None`: without end (rule 325). It has to be there (rule 324).
fn span(specifier: &ReportSpecifier) -> Result<(Timestamp, Option<Timestamp>), Code> {
    let properties = &specifier.report_interval.as_ref().ok_or(Code::NotCompliant)?.properties;
    let start = Timestamp::from(&properties.dtstart);
    let length = seconds(&properties.duration.duration);
    Ok((start, (length > 0).then(|| data::later(start, length))))
}

fn seconds(duration: &Duration) -> i64 {
    duration.from(Timestamp::UNIX_EPOCH).map_or(0, |span| span.as_secs())
}

const DEPTH: i64 = DEPTH_S as i64;
