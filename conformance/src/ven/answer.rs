//! What a VTN that does everything right says to each request. OpenADR 2.0b Profile, 8.1 to 8.6.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCanceledOpt, OadrCanceledPartyRegistration, OadrCanceledReport,
    OadrCreatePartyRegistration, OadrCreatedOpt, OadrCreatedPartyRegistration, OadrCreatedReport,
    OadrDistributeEvent, OadrPendingReports, OadrProfile, OadrProfile2, OadrProfiles,
    OadrRegisteredReport, OadrResponse, OadrTransport, OadrTransport2, OadrTransports,
    OadrUpdatedReport,
};
use oadr_schemas::openadr::{Code, Message};

use super::top::{Registered, State, VTN_ID};
use crate::say;

/// The usual answer, with its usual effect; `None` is an empty body.
pub fn usual(state: &mut State, message: &Message, now: Timestamp) -> Option<Message> {
    let response = EiResponse::ok(message.request_id().unwrap_or_default());
    let (schema_version, ven_id) = (None, state.ven.as_ref().map(|ven| ven.ven_id.clone()));
    let known = ven_id.is_some() && message.ven_id() == ven_id.as_deref();
    if !known && !is_registration(message) {
        return Some(unknown(message));
    }
    Some(match message {
        Message::OadrQueryRegistration(_) => created(state, response, None).into(),
        Message::OadrCreatePartyRegistration(create) => register(state, response, create).into(),
        Message::OadrCancelPartyRegistration(cancel) => {
            state.ven = None;
            let registration_id = Some(cancel.registration_id.clone());
            let ei_response = response;
            OadrCanceledPartyRegistration { schema_version, ei_response, registration_id, ven_id }
                .into()
        }
        Message::OadrPoll(_) => state
            .queue
            .pop_front()
            .unwrap_or_else(|| OadrResponse::ok("").with_ven_id(ven_id.unwrap_or_default()).into()),
        Message::OadrRequestEvent(_) => {
            distribute(Some(response), &format!("list-{}", now.as_second()), state.events.clone())
                .into()
        }
        Message::OadrRegisterReport(_) => OadrRegisteredReport {
            schema_version,
            ei_response: response,
            oadr_report_request: std::mem::take(&mut state.piggyback),
            ven_id,
        }
        .into(),
        Message::OadrUpdateReport(_) => OadrUpdatedReport {
            schema_version,
            ei_response: response,
            oadr_cancel_report: state.embedded_cancel.take(),
            ven_id,
        }
        .into(),
        Message::OadrCreateReport(create) => {
            // The kit's VTN has no data: only metadata can be asked for, and it has none.
            let oadr_pending_reports = OadrPendingReports::default();
            let _ = create;
            OadrCreatedReport {
                schema_version,
                ei_response: response,
                oadr_pending_reports,
                ven_id,
            }
            .into()
        }
        Message::OadrCancelReport(_) => OadrCanceledReport {
            schema_version,
            ei_response: response,
            oadr_pending_reports: OadrPendingReports::default(),
            ven_id,
        }
        .into(),
        Message::OadrCreateOpt(opt) => OadrCreatedOpt::new(response, opt.opt_id.clone()).into(),
        Message::OadrCancelOpt(opt) => OadrCanceledOpt::new(response, opt.opt_id.clone()).into(),
        Message::OadrCanceledPartyRegistration(canceled) => {
            if canceled.ei_response.is_ok() {
                state.ven = None;
            }
            OadrResponse::from(response).into()
        }
        _ => OadrResponse::from(response).with_ven_id(ven_id.unwrap_or_default()).into(),
    })
}

/// oadrDistributeEvent of the kit's VTN.
pub fn distribute(
    ei_response: Option<EiResponse>,
    request_id: &str,
    events: Vec<oadr_schemas::openadr::oadr::OadrEvent>,
) -> OadrDistributeEvent {
    OadrDistributeEvent {
        schema_version: None,
        ei_response,
        request_id: request_id.to_owned(),
        vtn_id: VTN_ID.to_owned(),
        oadr_event: events,
    }
}

fn is_registration(message: &Message) -> bool {
    matches!(
        message,
        Message::OadrQueryRegistration(_)
            | Message::OadrCreatePartyRegistration(_)
            | Message::OadrCanceledPartyRegistration(_)
            | Message::OadrResponse(_)
    )
}

/// Rule 517: not registered.
fn unknown(message: &Message) -> Message {
    let id = message.request_id().unwrap_or_default().to_owned();
    OadrResponse::error(Code::NotRegistered, "not registered here", id).into()
}

fn register(
    state: &mut State,
    response: EiResponse,
    create: &OadrCreatePartyRegistration,
) -> OadrCreatedPartyRegistration {
    if state.closed {
        let id = response.request_id;
        let refusal = EiResponse::error(Code::NotRegistered, "registration is closed", id);
        return created(state, refusal, None);
    }
    let again = state
        .ven
        .clone()
        .filter(|ven| create.registration_id.as_deref() == Some(ven.registration_id.as_str()));
    if create.registration_id.is_some() && again.is_none() {
        let id = response.request_id;
        let refusal = EiResponse::error(Code::InvalidId, "no such registrationID", id);
        return created(state, refusal, None);
    }
    let ids = again.map(|ven| (ven.ven_id, ven.registration_id)).unwrap_or_else(|| {
        state.registrations += 1;
        let number = state.registrations;
        let ven_id = create.ven_id.clone().unwrap_or_else(|| format!("Kit-VEN-{number}"));
        (ven_id, format!("Kit-reg-{number}"))
    });
    let ven = Registered {
        ven_id: ids.0,
        registration_id: ids.1,
        pull: create.oadr_http_pull_model.unwrap_or(true),
        address: create.oadr_transport_address.clone(),
        signs: create.oadr_xml_signature,
    };
    state.ven = Some(ven.clone());
    created(state, response, Some(ven))
}

fn created(
    state: &State,
    ei_response: EiResponse,
    ven: Option<Registered>,
) -> OadrCreatedPartyRegistration {
    let profile = |name| OadrProfile2 {
        oadr_profile_name: name,
        oadr_transports: OadrTransports {
            oadr_transport: vec![OadrTransport2 { oadr_transport_name: OadrTransport::SimpleHttp }],
        },
    };
    OadrCreatedPartyRegistration {
        schema_version: None,
        ei_response,
        registration_id: ven.as_ref().map(|ven| ven.registration_id.clone()),
        ven_id: ven.map(|ven| ven.ven_id),
        vtn_id: VTN_ID.to_owned(),
        oadr_profiles: OadrProfiles { oadr_profile: vec![profile(OadrProfile::V20b)] },
        oadr_requested_oadr_poll_freq: Some(say::seconds(state.poll_s).into()),
        oadr_service_specific_info: None,
        oadr_extensions: None,
    }
}
