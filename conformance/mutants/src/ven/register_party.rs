//! EiRegisterParty of the VEN in miniature. Rules 400 to 407.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCreatePartyRegistration,
    OadrProfile, OadrRequestReregistration, OadrResponse, OadrTransport,
};
use oadr_schemas::openadr::{Code, Message};

use super::{State, base, event, report};
use crate::fault::{Fault, Faults};

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("fetches-first", "reg-boot", "events are fetched before the registration"),
    Fault::message("boots-with-id", "reg-boot", "a first registration has an ID", |message| {
        if let Message::OadrCreatePartyRegistration(create) = message {
            create.registration_id.get_or_insert_with(|| "made-up".to_owned());
        }
    }),
    Fault::message("no-model", "reg-boot", "oadrHttpPullModel is left out", |message| {
        if let Message::OadrCreatePartyRegistration(create) = message {
            create.oadr_http_pull_model = None;
        }
    }),
    Fault::message("no-address", "reg-boot", "a PUSH VEN tells no address", |message| {
        if let Message::OadrCreatePartyRegistration(create) = message {
            create.oadr_transport_address = None;
        }
    }),
    Fault::inside("no-metadata", "reg-after-new", "no metadata are sent"),
    Fault::inside("no-fetching", "reg-after-new", "events are not fetched"),
    Fault::inside("polls-first", "reg-after-new", "it polls before its metadata are sent"),
    Fault::inside("metadata-unanswered", "reg-after-new", "the VTN's metadata are not answered"),
    Fault::inside("again-without-ids", "reg-reregister-on-request", "it registers as if new"),
    Fault::inside("again-is-done", "reg-reregister-on-request", "it answers and does no more"),
    Fault::inside("again-unanswered", "reg-reregister-on-request", "it registers, no answer"),
    Fault::inside("any-registration", "reg-cancelled", "the registrationID is not looked at"),
    Fault::inside("cancelled-in-words", "reg-cancelled", "a cancellation changes nothing"),
    Fault::inside("waits-at-power-up", "reg-cancelled", "powered up, it still waits to register"),
    Fault::inside("keeps-ids", "reg-cancelled", "it comes back with its old venID"),
];

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

impl Registration {
    /// As it stands when the VEN is powered up again: one that is not registered tries at once
    /// (rule 401).
    pub fn powered_up(mut self, faults: Faults) -> Self {
        self.not_before.take_if(|_| !faults.has("waits-at-power-up"));
        self
    }
}

/// Registers, if it has to.
pub async fn step(state: &mut State) {
    let due = state.registration.not_before.is_none_or(|at| at <= state.now);
    if state.registration.id.is_some() || !due {
        return;
    }
    if state.faults.has("fetches-first") {
        state.registration.ven_id.get_or_insert_with(|| "nobody".to_owned());
        event::fetch(state).await;
        state.registration.ven_id = None;
    }
    if !register(state).await {
        state.registration.not_before = Some(state.in_s(RETRY_S));
        return;
    }
    if state.faults.has("polls-first") {
        super::poll::step(state).await;
    }
    if !state.faults.has("no-metadata") {
        report::introduce(state).await;
    }
    if !state.faults.has("no-fetching") {
        event::fetch(state).await;
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
    state.registration.again = !state.faults.has("again-is-done");
    if state.faults.has("again-unanswered") {
        return Vec::new();
    }
    let ven_id = state.registration.ven_id.clone().unwrap_or_default();
    vec![OadrResponse::ok("").with_ven_id(ven_id).into()]
}

/// oadrCancelPartyRegistration by the VTN. Rules 400, 407.
pub fn cancelled(state: &mut State, cancel: OadrCancelPartyRegistration) -> Vec<Message> {
    let foreign = state.registration.id.as_ref() != Some(&cancel.registration_id);
    if foreign && !state.faults.has("any-registration") {
        let why = "another registrationID is in force";
        return vec![base::refusal(state, &cancel.into(), Code::InvalidId, why)];
    }
    let ven_id = state.registration.ven_id.clone();
    let ei_response = EiResponse::ok(cancel.request_id);
    if !state.faults.has("cancelled-in-words") {
        forget(state);
    }
    let registration_id = Some(cancel.registration_id);
    let schema_version = None;
    vec![
        OadrCanceledPartyRegistration { schema_version, ei_response, registration_id, ven_id }
            .into(),
    ]
}

/// Nothing is left of the registration; it may try anew after a while (rules 401, 407).
pub fn forget(state: &mut State) {
    let keeps = state.faults.has("keeps-ids") || state.faults.has("heeds-strangers");
    state.registration.id = None;
    state.registration.ven_id.take_if(|_| !keeps);
    let wait_s = if state.faults.has("waits-at-power-up") { 1000 } else { RETRY_S };
    state.registration.not_before = Some(state.in_s(wait_s));
    state.reports = report::Reports::default();
    state.events = event::Events::default();
    state.polls.next = None;
}

/// What follows once the answer is said.
pub async fn after(state: &mut State) {
    if std::mem::take(&mut state.registration.again) {
        if state.faults.has("again-without-ids") {
            (state.registration.id, state.registration.ven_id) = (None, None);
        }
        state.registration.again = !register(state).await;
    }
}

/// How long it waits between attempts, seconds.
const RETRY_S: i64 = 30;
