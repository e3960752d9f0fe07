//! Who may speak to the VTN in miniature, and refusals in the payload that answers.
//! Rules 33, 405, 508, 517.

use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCanceledOpt, OadrCanceledPartyRegistration, OadrCanceledReport, OadrCreatedOpt,
    OadrCreatedReport, OadrDistributeEvent, OadrPendingReports, OadrRegisteredReport, OadrResponse,
    OadrUpdatedReport,
};
use oadr_schemas::openadr::{Code, Message};

use super::register_party::Registration;
use super::{State, VTN_ID, error};
use crate::fault::Faults;

/// Rules 405, 517: who is not registered is told 463, who names another venID 452, each in the
/// payload that would have answered. `None`: go on.
pub fn gate(state: &mut State, message: &Message, thumbprint: &str) -> Option<Message> {
    let open = matches!(
        message,
        Message::OadrQueryRegistration(_) | Message::OadrCreatePartyRegistration(_)
    );
    let party = state.parties.by_print.entry(thumbprint.to_owned()).or_default();
    if open {
        return None;
    }
    let id = message.request_id().unwrap_or_default();
    let response = match &party.registration {
        None if state.faults.has("strangers-served") => return None,
        None if state.faults.has("strangers-told-briefly") => {
            return Some(OadrResponse::error(Code::NotRegistered, "not registered", id).into());
        }
        None => error(Code::NotRegistered, "not registered", id),
        Some(own) if message.ven_id().is_some_and(|named| !is_own(&state.faults, named, own)) => {
            error(Code::InvalidId, "the venID is not that of the certificate", id)
        }
        Some(_) => return None,
    };
    Some(refusal(message, response))
}

/// A refusal in the payload that would have answered.
pub fn refusal(message: &Message, ei_response: EiResponse) -> Message {
    let (schema_version, ven_id) = (None, None);
    let oadr_pending_reports = OadrPendingReports::default();
    match message {
        Message::OadrRequestEvent(_) => OadrDistributeEvent {
            schema_version,
            ei_response: Some(ei_response),
            request_id: "refused".to_owned(),
            vtn_id: VTN_ID.to_owned(),
            oadr_event: Vec::new(),
        }
        .into(),
        Message::OadrCreateOpt(m) => OadrCreatedOpt::new(ei_response, m.opt_id.clone()).into(),
        Message::OadrCancelOpt(m) => OadrCanceledOpt::new(ei_response, m.opt_id.clone()).into(),
        Message::OadrRegisterReport(_) => OadrRegisteredReport {
            schema_version,
            ei_response,
            oadr_report_request: Vec::new(),
            ven_id,
        }
        .into(),
        Message::OadrCreateReport(_) => {
            OadrCreatedReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrCancelReport(_) => {
            OadrCanceledReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrUpdateReport(_) => {
            let oadr_cancel_report = None;
            OadrUpdatedReport { schema_version, ei_response, oadr_cancel_report, ven_id }.into()
        }
        Message::OadrCancelPartyRegistration(m) => {
            let registration_id = Some(m.registration_id.clone());
            OadrCanceledPartyRegistration { schema_version, ei_response, registration_id, ven_id }
                .into()
        }
        _ => OadrResponse::from(ei_response).into(),
    }
}

/// Rule 512: letters count.
fn is_own(faults: &Faults, named: &str, own: &Registration) -> bool {
    named == own.ven_id
        || faults.has("foreign-id-served")
        || faults.has("ven-b-by-a")
        || (faults.has("case-ignored") && named.eq_ignore_ascii_case(&own.ven_id))
}
