//! EiRegisterParty of the VTN in miniature. Rules 400 to 407.

use std::collections::{BTreeMap, VecDeque};

use oadr_conformance::hook::Told;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCreatePartyRegistration,
    OadrCreatedPartyRegistration, OadrProfile, OadrProfile2, OadrProfiles, OadrQueryRegistration,
    OadrRegisterReport, OadrRequestReregistration, OadrResponse, OadrTransport, OadrTransport2,
    OadrTransports,
};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::Duration;

use super::{State, VTN_ID, error, ok};
use crate::fault::Fault;

pub use super::gate::gate;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::message(
        "query-tells-ids",
        "reg-query-unregistered",
        "the answer to a query carries a venID",
        |message| {
            if let Message::OadrCreatedPartyRegistration(created) = message {
                created.ven_id.get_or_insert_with(|| "told too early".to_owned());
            }
        },
    ),
    Fault::inside("no-xmpp", "reg-query-unregistered", "XMPP is not offered"),
    Fault::inside("same-ven-id", "reg-create-pull", "every VEN gets the same venID"),
    Fault::message(
        "no-poll-interval",
        "reg-create-pull",
        "no oadrRequestedOadrPollFreq is told",
        |message| {
            if let Message::OadrCreatedPartyRegistration(created) = message {
                created.oadr_requested_oadr_poll_freq = None;
            }
        },
    ),
    Fault::message(
        "empty-registration-id",
        "reg-create-pull",
        "the registrationID is empty",
        |message| {
            if let Message::OadrCreatedPartyRegistration(created) = message {
                created.registration_id = Some(String::new());
            }
        },
    ),
    Fault::message(
        "another-request-id",
        "reg-create-pull",
        "the answer tells the requestID of another request",
        |message| {
            if let Message::OadrCreatedPartyRegistration(created) = message {
                created.ei_response.request_id = "another".to_owned();
            }
        },
    ),
    Fault::inside("push-nowhere", "reg-create-push", "a PUSH VEN needs no address"),
    Fault::inside("preset-ignored", "reg-preset-venid", "a preset venID is not given"),
    Fault::inside("preset-unchecked", "reg-preset-venid", "any venID is taken as preset"),
    Fault::inside("new-id-at-reregistration", "reg-reregister", "IDs change"),
    Fault::inside("reregister-wipes", "reg-reregister", "report requests are lost"),
    Fault::inside("registration-id-unchecked", "reg-reregister", "any registrationID will do"),
    Fault::inside("new-wipes-nothing", "reg-new-wipes", "report requests outlive a registration"),
    Fault::inside("new-without-metadata", "reg-new-wipes", "the VTN's metadata do not come again"),
    Fault::inside("cancel-forgets-nothing", "reg-cancel-by-ven", "a cancelled VEN is served on"),
    Fault::inside("cancelled-goes-on", "reg-initiated-by-vtn", "a dismissed VEN is served on"),
    Fault::inside("cancel-names-another", "reg-initiated-by-vtn", "a registrationID of nobody's"),
    Fault::inside("strangers-served", "reg-unregistered-traffic", "who is unknown is served"),
    Fault::inside(
        "strangers-told-briefly",
        "reg-unregistered-traffic",
        "463 comes in oadrResponse, whatever was asked",
    ),
    Fault::inside("no-greeting", "reg-metadata-first", "the VTN's metadata never comes"),
    Fault::inside("events-before-metadata", "reg-metadata-first", "events come first"),
];

/// Who is known, by the SHA-256 of the certificate.
#[derive(Default)]
pub struct Parties {
    /// All that were let in or called.
    pub by_print: BTreeMap<String, Party>,
    /// Numbers IDs.
    pub count: usize,
}

/// A VEN.
#[derive(Default)]
pub struct Party {
    /// A venID preset by the operator.
    pub preset: Option<String>,
    /// Its registration.
    pub registration: Option<Registration>,
}

/// A registration.
#[derive(Clone)]
pub struct Registration {
    /// venID.
    pub ven_id: String,
    /// registrationID.
    pub registration_id: String,
    /// oadrHttpPullModel.
    pub pull: bool,
    /// Where a PUSH VEN listens.
    pub address: Option<String>,
    /// What waits for it, in turn.
    pub queue: VecDeque<Message>,
    /// Its last request was a poll.
    pub polled: bool,
    /// The operator has asked it to register again.
    pub asked_again: bool,
    /// The operator has cancelled it; it is over when the VEN has heard of it.
    pub leaving: bool,
}

impl Parties {
    /// The registration of a venID.
    pub fn ven(&mut self, ven_id: &str) -> Option<&mut Registration> {
        let all = self.by_print.values_mut().filter_map(|party| party.registration.as_mut());
        all.into_iter().find(|registration| registration.ven_id == ven_id)
    }

    /// All that are registered.
    pub fn registered(&mut self) -> impl Iterator<Item = &mut Registration> {
        self.by_print.values_mut().filter_map(|party| party.registration.as_mut())
    }
}

impl State {
    /// Something for a VEN, by poll or push.
    pub fn put(&mut self, ven_id: &str, message: impl Into<Message>) {
        if let Some(registration) = self.parties.ven(ven_id) {
            registration.queue.push_back(message.into());
        }
    }
}

/// oadrQueryRegistration. Rule 404.
pub fn query(
    state: &mut State,
    query: OadrQueryRegistration,
    thumbprint: &str,
) -> OadrCreatedPartyRegistration {
    let known = state.parties.by_print.get(thumbprint).and_then(|p| p.registration.clone());
    told(state, EiResponse::ok(query.request_id), known.as_ref())
}

/// oadrCreatePartyRegistration. Rules 400, 402, 403, 406.
pub fn create(
    state: &mut State,
    create: OadrCreatePartyRegistration,
    thumbprint: &str,
) -> OadrCreatedPartyRegistration {
    let known = state.parties.by_print.get(thumbprint);
    let current = known.and_then(|party| party.registration.clone());
    let preset = known.and_then(|party| party.preset.clone());
    let known_before = current.is_some();
    let id = create.request_id.clone();
    if let Some((code, why)) = misfit(state, &create, (current.as_ref(), preset.as_ref())) {
        return told(state, error(code, why, &id), None);
    }
    // Rule 406: unless it was asked for, a registration without IDs starts over.
    let again = match &create.registration_id {
        Some(_) => {
            !state.faults.has("reregister-wipes") && !state.faults.has("new-id-at-reregistration")
        }
        None => current.as_ref().is_some_and(|own| own.asked_again),
    };
    let fresh = match current {
        Some(own) if again => own,
        Some(own) if !state.faults.has("new-id-at-reregistration") => {
            if !state.faults.has("new-wipes-nothing") {
                state.reports.forget(&own.ven_id);
            }
            Registration { queue: VecDeque::new(), ..own }
        }
        _ => state.number(preset),
    };
    let pull = create.oadr_http_pull_model.unwrap_or(true);
    let registration = Registration {
        pull,
        address: create.oadr_transport_address,
        asked_again: false,
        leaving: false,
        ..fresh
    };
    let party = state.parties.by_print.entry(thumbprint.to_owned()).or_default();
    party.registration = Some(registration.clone());
    let silent = known_before && state.faults.has("new-without-metadata");
    if !again && !silent {
        greet(state, &registration.ven_id);
    }
    told(state, EiResponse::ok(id), Some(&registration))
}

/// Why a registration is refused; `None` if it is not.
fn misfit(
    state: &State,
    create: &OadrCreatePartyRegistration,
    (current, preset): (Option<&Registration>, Option<&String>),
) -> Option<(Code, &'static str)> {
    let faults = &state.faults;
    let named = create.ven_id.as_ref().filter(|id| !id.is_empty());
    match create.oadr_http_pull_model {
        None if !faults.has("pull-model-guessed") => {
            return Some((Code::NotCompliant, "oadrHttpPullModel is missing"));
        }
        Some(false) if create.oadr_transport_address.is_none() && !faults.has("push-nowhere") => {
            return Some((Code::NotCompliant, "oadrTransportAddress is missing"));
        }
        _ => {}
    }
    if faults.has("empty-refused") && create.oadr_ven_name.as_deref() == Some("") {
        return Some((Code::InvalidData, "oadrVenName is empty"));
    }
    let own = match &create.registration_id {
        Some(id) => {
            let right = current.is_some_and(|own| own.registration_id == *id);
            if !right && !faults.has("registration-id-unchecked") {
                return Some((Code::InvalidId, "no such registrationID"));
            }
            current.map(|own| &own.ven_id)
        }
        None => preset,
    };
    let fits = named.is_none() || named == own || faults.has("preset-unchecked");
    (!fits).then_some((Code::InvalidId, "the venID is not the one known"))
}

impl State {
    /// A registration with IDs that nobody has.
    fn number(&mut self, preset: Option<String>) -> Registration {
        self.parties.count += 1;
        let number = if self.faults.has("same-ven-id") { 0 } else { self.parties.count };
        let preset = preset.filter(|_| !self.faults.has("preset-ignored"));
        Registration {
            ven_id: preset.unwrap_or_else(|| format!("Model-VEN-{number}")),
            registration_id: format!("Model-reg-{number}"),
            pull: true,
            address: None,
            queue: VecDeque::new(),
            polled: false,
            asked_again: false,
            leaving: false,
        }
    }
}

/// Rules 301, 309, 405: the VTN's metadata is the first thing a new VEN hears.
fn greet(state: &mut State, ven_id: &str) {
    if state.faults.has("no-greeting") {
        return;
    }
    if state.faults.has("events-before-metadata") {
        let list = super::event::list(state, ven_id);
        state.put(ven_id, list);
    }
    let greeting = OadrRegisterReport {
        schema_version: None,
        request_id: format!("metadata-{ven_id}"),
        oadr_report: super::report_own::offered(state),
        ven_id: Some(ven_id.to_owned()),
        report_request_id: None,
    };
    state.put(ven_id, greeting);
}

/// oadrCancelPartyRegistration by the VEN. Rule 407.
pub fn cancel(
    state: &mut State,
    cancel: OadrCancelPartyRegistration,
) -> OadrCanceledPartyRegistration {
    let ven_id = cancel.ven_id.clone().unwrap_or_default();
    let known = state.parties.ven(&ven_id).map(|own| own.registration_id.clone());
    let ei_response = if known.as_deref() == Some(cancel.registration_id.as_str()) {
        forget(state, &ven_id);
        EiResponse::ok(cancel.request_id)
    } else {
        error(Code::InvalidId, "no such registrationID", &cancel.request_id)
    };
    let registration_id = Some(cancel.registration_id);
    let (schema_version, ven_id) = (None, cancel.ven_id);
    OadrCanceledPartyRegistration { schema_version, ei_response, registration_id, ven_id }
}

/// oadrCanceledPartyRegistration: the VEN has heard that it is over.
pub fn canceled(state: &mut State, canceled: OadrCanceledPartyRegistration) -> OadrResponse {
    let ven_id = canceled.ven_id.unwrap_or_default();
    if state.parties.ven(&ven_id).is_some_and(|own| own.leaving)
        && !state.faults.has("cancelled-goes-on")
    {
        forget(state, &ven_id);
    }
    ok(&canceled.ei_response.request_id)
}

/// The operator wants a VEN to register again.
pub fn ask_again(state: &mut State, ven_id: &str) -> Told {
    let Some(own) = state.parties.ven(ven_id) else { return unknown(ven_id) };
    own.asked_again = true;
    state
        .put(ven_id, OadrRequestReregistration { schema_version: None, ven_id: ven_id.to_owned() });
    Told::done()
}

/// The operator ends a registration; it is over when the VEN has heard of it.
pub fn dismiss(state: &mut State, ven_id: &str) -> Told {
    let wrong = state.faults.has("cancel-names-another");
    let Some(own) = state.parties.ven(ven_id) else { return unknown(ven_id) };
    own.leaving = true;
    let registration_id = if wrong { "another".to_owned() } else { own.registration_id.clone() };
    let cancel = OadrCancelPartyRegistration {
        schema_version: None,
        request_id: format!("dismiss-{ven_id}"),
        registration_id,
        ven_id: Some(ven_id.to_owned()),
    };
    state.put(ven_id, cancel);
    Told::done()
}

fn unknown(ven_id: &str) -> Told {
    Told::Failed(format!("no VEN {ven_id}"))
}

fn forget(state: &mut State, ven_id: &str) {
    if state.faults.has("cancel-forgets-nothing") {
        return;
    }
    for party in state.parties.by_print.values_mut() {
        if party.registration.as_ref().is_some_and(|own| own.ven_id == ven_id) {
            party.registration = None;
        }
    }
    state.reports.forget(ven_id);
}

fn told(
    state: &State,
    ei_response: EiResponse,
    registration: Option<&Registration>,
) -> OadrCreatedPartyRegistration {
    let mut names = vec![OadrTransport::SimpleHttp, OadrTransport::Xmpp];
    if state.faults.has("no-xmpp") {
        names.pop();
    }
    let transport = |oadr_transport_name| OadrTransport2 { oadr_transport_name };
    let oadr_transport: Vec<_> = names.into_iter().map(transport).collect();
    let profile = |oadr_profile_name| OadrProfile2 {
        oadr_profile_name,
        oadr_transports: OadrTransports { oadr_transport: oadr_transport.clone() },
    };
    OadrCreatedPartyRegistration {
        schema_version: None,
        ei_response,
        registration_id: registration.map(|own| own.registration_id.clone()),
        ven_id: registration.map(|own| own.ven_id.clone()),
        vtn_id: VTN_ID.to_owned(),
        oadr_profiles: OadrProfiles {
            oadr_profile: vec![profile(OadrProfile::V20a), profile(OadrProfile::V20b)],
        },
        oadr_requested_oadr_poll_freq: Some(Duration::from_seconds(10).into()),
        oadr_service_specific_info: None,
        oadr_extensions: None,
    }
}
