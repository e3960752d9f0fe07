//! EiRegisterParty of the VEN in miniature. Rules 400 to 407.

use jiff::Timestamp;
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCreatePartyRegistration,
    OadrProfile, OadrRequestReregistration, OadrResponse, OadrTransport,
};

use super::{State, event, report};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// How it stands with the VTN.
#[derive(Default)]
pub struct Registration {
    /// venID, once told or preset.
    pub ven_id: Option<String>,
    /// registrationID, while registered.
    pub id: Option<String>,
    /// vtnID, as told.
    pub vtn_id: String,
    /// Where it listens, if it is a PUSH VEN.
    pub address: Option<String>,
    /// It has to register again, with both IDs.
    pub again: bool,
    /// When it may try (again); `None`: at once.
    pub not_before: Option<Timestamp>,
}

/// Registers, if it has to.
pub async fn step(state: &mut State) {
    let due = state.registration.not_before.is_none_or(|at| at <= state.now);
    if state.registration.id.is_some() || !due {
        return;
    }
    if register(state).await {
        report::introduce(state).await;
        event::fetch(state).await;
    } else {
        state.registration.not_before = Some(state.in_s(30));
    }
}

/// One oadrCreatePartyRegistration; false if it came to nothing.
async fn register(state: &mut State) -> bool {
    let own = &state.registration;
    let create = OadrCreatePartyRegistration {
        schema_version: None,
        request_id: format!("register-{}", state.now.as_second()),
        registration_id: own.id.clone(),
        ven_id: own.ven_id.clone(),
        oadr_profile_name: OadrProfile::V20b,
        oadr_transport_name: OadrTransport::SimpleHttp,
        oadr_transport_address: own.address.clone(),
        oadr_report_only: state.settings.report_only,
        oadr_xml_signature: state.settings.signatures,
        oadr_ven_name: Some("VEN in miniature".to_owned()),
        oadr_http_pull_model: Some(state.pull),
    };
    let Some(Message::OadrCreatedPartyRegistration(created)) = state.say(create).await else {
        return false;
    };
    if !created.ei_response.is_ok() {
        return false;
    }
    let freq = created.oadr_requested_oadr_poll_freq.and_then(|freq| freq.duration.exact());
    state.polls.every_s = freq.map_or(10, |every| every.as_secs());
    state.registration.ven_id = created.ven_id;
    state.registration.id = created.registration_id;
    state.registration.vtn_id = created.vtn_id;
    true
}

/// oadrRequestReregistration. Rules 401, 402.
pub fn asked_again(state: &mut State, _: OadrRequestReregistration) -> Vec<Message> {
    state.registration.again = true;
    let ven_id = state.registration.ven_id.clone().unwrap_or_default();
    vec![OadrResponse::ok("").with_ven_id(ven_id).into()]
}

/// oadrCancelPartyRegistration by the VTN. Rules 400, 407.
pub fn cancelled(state: &mut State, cancel: OadrCancelPartyRegistration) -> Vec<Message> {
    let ven_id = state.registration.ven_id.clone();
    let ei_response = EiResponse::ok(cancel.request_id);
    state.registration.id = None;
    state.registration.ven_id = None;
    state.registration.not_before = Some(state.in_s(30));
    vec![
        OadrCanceledPartyRegistration {
            schema_version: None,
            ei_response,
            registration_id: Some(cancel.registration_id),
            ven_id,
        }
        .into(),
    ]
}

/// What follows once the answer is said.
pub async fn after(state: &mut State) {
    if std::mem::take(&mut state.registration.again) {
        register(state).await;
    }
}
