//! What a VTN that does everything right says to each request. OpenADR 2.0b Profile, 8.1 to 8.6;
//! rules 21, 27, 33, 115, 301, 328, 400, 517. Registrations are in [`super::enrol`].

use jiff::Timestamp;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCanceledOpt, OadrCanceledPartyRegistration, OadrCanceledReport, OadrCreateReport,
    OadrCreatedEvent, OadrCreatedOpt, OadrCreatedReport, OadrDistributeEvent, OadrEvent,
    OadrPendingReports, OadrRegisterReport, OadrRegisteredReport, OadrRequestEvent, OadrResponse,
    OadrUpdateReport, OadrUpdatedReport,
};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::DateTime;

use super::enrol;
use super::top::{State, VTN_ID};

/// The usual answer, with its usual effect.
pub fn usual(state: &mut State, message: &Message, now: Timestamp) -> Message {
    let id = message.request_id().unwrap_or_default();
    if let Some((code, why)) = objection(state, message) {
        return plain(state, message, EiResponse::error(code, why, id));
    }
    let response = EiResponse::ok(id);
    match message {
        Message::OadrQueryRegistration(_) => enrol::created(state, response, None).into(),
        Message::OadrCreatePartyRegistration(create) => {
            enrol::register(state, response, create).into()
        }
        Message::OadrPoll(_) => match state.queue.pop_front() {
            Some(waiting) => waiting,
            None => plain(state, message, EiResponse::ok("")),
        },
        Message::OadrRequestEvent(request) => listed(state, request, response, now).into(),
        Message::OadrCreateReport(create) => {
            promise(state, create);
            plain(state, message, response)
        }
        Message::OadrCancelPartyRegistration(_) => {
            let answer = plain(state, message, response);
            state.ven = None;
            answer
        }
        Message::OadrCanceledPartyRegistration(canceled) => {
            if canceled.ei_response.is_ok() {
                state.ven = None;
            }
            OadrResponse::from(response).into()
        }
        Message::OadrCreatedEvent(created) => {
            unlist(state, created);
            plain(state, message, response)
        }
        _ => plain(state, message, response),
    }
}

/// What is wrong with a request, if it is not of a registration. Rules 21, 33, 400, 517.
fn objection(state: &State, message: &Message) -> Option<(Code, &'static str)> {
    match message {
        Message::OadrQueryRegistration(_)
        | Message::OadrCreatePartyRegistration(_)
        | Message::OadrCanceledPartyRegistration(_)
        | Message::OadrResponse(_) => return None,
        Message::OadrDistributeEvent(_)
        | Message::OadrRequestReregistration(_)
        | Message::OadrCreatedPartyRegistration(_)
        | Message::OadrCreatedOpt(_)
        | Message::OadrCanceledOpt(_) => {
            return Some((Code::NotCompliant, "never sent to a VTN"));
        }
        _ => {}
    }
    let Some(ven) = &state.ven else { return Some((Code::NotRegistered, "not registered here")) };
    match message.ven_id() {
        None => return Some((Code::NotCompliant, "there is no venID")),
        Some(id) if id != ven.ven_id => return Some((Code::InvalidId, "another venID")),
        Some(_) => {}
    }
    match message {
        Message::OadrCancelPartyRegistration(cancel)
            if cancel.registration_id != ven.registration_id =>
        {
            Some((Code::InvalidId, "another registrationID"))
        }
        // The kit's VTN has no data: only its metadata can be asked for.
        Message::OadrCreateReport(create) if create.oadr_report_request.iter().any(is_for_data) => {
            Some((Code::InvalidId, "no such reportSpecifierID"))
        }
        _ => None,
    }
}

fn is_for_data(request: &oadr_schemas::openadr::oadr::OadrReportRequest) -> bool {
    request.report_specifier.report_specifier_id != "METADATA"
}

/// The payload that answers a request, with this response and nothing of weight beside it; what
/// is waiting to ride on it does.
fn plain(state: &mut State, message: &Message, ei_response: EiResponse) -> Message {
    let (schema_version, ven_id) = (None, state.ven.as_ref().map(|ven| ven.ven_id.clone()));
    let ok = ei_response.is_ok();
    match message {
        Message::OadrRegisterReport(_) => {
            let oadr_report_request =
                if ok { std::mem::take(&mut state.piggyback) } else { Vec::new() };
            OadrRegisteredReport { schema_version, ei_response, oadr_report_request, ven_id }.into()
        }
        Message::OadrUpdateReport(update) => {
            let oadr_cancel_report =
                state.embedded_cancel.take_if(|cancel| ok && is_of(update, cancel));
            OadrUpdatedReport { schema_version, ei_response, oadr_cancel_report, ven_id }.into()
        }
        Message::OadrCreateReport(create) => {
            let ids = create.oadr_report_request.iter().filter(|_| ok);
            let oadr_pending_reports: OadrPendingReports =
                ids.map(|one| one.report_request_id.clone()).collect();
            OadrCreatedReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrCancelReport(_) => {
            let oadr_pending_reports = OadrPendingReports::default();
            OadrCanceledReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrCancelPartyRegistration(cancel) => {
            let registration_id = Some(cancel.registration_id.clone());
            OadrCanceledPartyRegistration { schema_version, ei_response, registration_id, ven_id }
                .into()
        }
        Message::OadrRequestEvent(_) => distribute(Some(ei_response), "list-none", vec![]).into(),
        Message::OadrCreateOpt(opt) => OadrCreatedOpt::new(ei_response, opt.opt_id.clone()).into(),
        Message::OadrCancelOpt(opt) => OadrCanceledOpt::new(ei_response, opt.opt_id.clone()).into(),
        _ => OadrResponse { schema_version, ei_response, ven_id }.into(),
    }
}

/// Rule 328: what is cancelled inside oadrUpdatedReport is of the reports that it answers.
fn is_of(
    update: &OadrUpdateReport,
    cancel: &oadr_schemas::openadr::oadr::OadrCancelReport,
) -> bool {
    let came = |id: &String| update.oadr_report.iter().any(|one| one.report_request_id == *id);
    cancel.report_request_id.iter().all(came)
}

/// Rule 301: metadata that were asked for come by the next poll. A PUSH VEN is not called by
/// itself: what it is to be told, scenarios tell.
fn promise(state: &mut State, create: &OadrCreateReport) {
    for request in &create.oadr_report_request {
        let id = &request.report_request_id;
        let metadata = OadrRegisterReport {
            report_request_id: Some(id.clone()),
            ..metadata(&format!("md-{id}"), create.ven_id.clone())
        };
        state.queue.push_back(metadata.into());
    }
}

/// oadrRegisterReport of the kit's VTN, which has no data (rule 305).
pub fn metadata(request_id: &str, ven_id: Option<String>) -> OadrRegisterReport {
    OadrRegisterReport {
        schema_version: None,
        request_id: request_id.to_owned(),
        oadr_report: Vec::new(),
        ven_id,
        report_request_id: None,
    }
}

/// What oadrRequestEvent brings: brought up to date (rule 115), no more than is wanted (rule 27).
fn listed(
    state: &mut State,
    request: &OadrRequestEvent,
    response: EiResponse,
    now: Timestamp,
) -> OadrDistributeEvent {
    refresh(&mut state.events, now);
    let limit = request.ei_request_event.reply_limit.and_then(|limit| usize::try_from(limit).ok());
    let events = state.events.iter().take(limit.unwrap_or(usize::MAX)).cloned().collect();
    distribute(Some(response), &format!("list-{}", now.as_second()), events)
}

/// Status and values as they are now; if that changes any, all are made now (rule 115). Events
/// that make no sense, on purpose, are left as they are.
pub fn refresh(events: &mut [OadrEvent], now: Timestamp) {
    let mut changed = false;
    for event in events.iter_mut() {
        let mut fresh = event.ei_event.clone();
        if fresh.refresh(now).is_ok() && fresh != event.ei_event {
            event.ei_event = fresh;
            changed = true;
        }
    }
    if changed {
        stamp(events, now);
    }
}

/// createdDateTime, the same for all (rule 115).
pub fn stamp(events: &mut [OadrEvent], now: Timestamp) {
    let second = Timestamp::from_second(now.as_second()).unwrap_or(now);
    for event in events {
        event.ei_event.event_descriptor.created_date_time = DateTime(second);
    }
}

/// Rule 50: what is cancelled is listed until that is acknowledged.
fn unlist(state: &mut State, created: &OadrCreatedEvent) {
    let answered = |event: &OadrEvent| {
        let id = event.ei_event.id();
        created.answers().iter().any(|one| one.qualified_event_id.event_id == id)
    };
    state.events.retain(|event| !event.ei_event.is_cancelled() || !answered(event));
}

/// oadrDistributeEvent of the kit's VTN.
pub fn distribute(
    ei_response: Option<EiResponse>,
    request_id: &str,
    events: Vec<OadrEvent>,
) -> OadrDistributeEvent {
    OadrDistributeEvent {
        schema_version: None,
        ei_response,
        request_id: request_id.to_owned(),
        vtn_id: VTN_ID.to_owned(),
        oadr_event: events,
    }
}
