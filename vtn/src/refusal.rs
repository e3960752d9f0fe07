//! The payload that would normally answer, carrying a code. OpenADR 2.0b Profile, rules 48, 517
//! and the table of registration errors.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCanceledOpt, OadrCanceledPartyRegistration, OadrCanceledReport, OadrCreatedOpt,
    OadrCreatedPartyRegistration, OadrCreatedReport, OadrDistributeEvent, OadrPendingReports,
    OadrRegisteredReport, OadrResponse, OadrUpdatedReport,
};

use crate::service::register_party::profiles;
use crate::settings::Settings;

/// Answers `request` with `ei_response` in the payload that fits it; oadrResponse where none
/// does, as for a payload that never travels to a VTN. `ven` is the venID of who is answered, if
/// that is known. oadrCreatedPartyRegistration leaves it out: there it is what registering gives.
pub(crate) fn refuse(
    request: &Message,
    ei_response: EiResponse,
    (settings, ven): (&Settings, Option<&str>),
) -> Message {
    let schema_version = None;
    let ven_id = ven.map(str::to_owned);
    match request {
        Message::OadrQueryRegistration(_) | Message::OadrCreatePartyRegistration(_) => {
            OadrCreatedPartyRegistration {
                schema_version,
                ei_response,
                registration_id: None,
                ven_id: None,
                vtn_id: settings.vtn_id.clone(),
                oadr_profiles: profiles(),
                oadr_requested_oadr_poll_freq: None,
                oadr_service_specific_info: None,
                oadr_extensions: None,
            }
            .into()
        }
        Message::OadrCancelPartyRegistration(m) => OadrCanceledPartyRegistration {
            schema_version,
            ei_response,
            registration_id: Some(m.registration_id.clone()),
            ven_id,
        }
        .into(),
        Message::OadrRequestEvent(m) => OadrDistributeEvent {
            schema_version,
            ei_response: Some(ei_response),
            request_id: m.ei_request_event.request_id.clone(),
            vtn_id: settings.vtn_id.clone(),
            oadr_event: Vec::new(),
        }
        .into(),
        Message::OadrRegisterReport(_) => OadrRegisteredReport {
            schema_version,
            ei_response,
            oadr_report_request: Vec::new(),
            ven_id,
        }
        .into(),
        Message::OadrCreateReport(_) => {
            let oadr_pending_reports = OadrPendingReports::default();
            OadrCreatedReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrUpdateReport(_) => {
            OadrUpdatedReport { schema_version, ei_response, oadr_cancel_report: None, ven_id }
                .into()
        }
        Message::OadrCancelReport(_) => {
            let oadr_pending_reports = OadrPendingReports::default();
            OadrCanceledReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrCreateOpt(m) => OadrCreatedOpt::new(ei_response, m.opt_id.as_str()).into(),
        Message::OadrCancelOpt(m) => OadrCanceledOpt::new(ei_response, m.opt_id.as_str()).into(),
        _ => OadrResponse { schema_version, ei_response, ven_id }.into(),
    }
}
