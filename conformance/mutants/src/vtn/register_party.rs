//! EiRegisterParty of the VTN in miniature, and who may speak. Rules 400 to 407, 517.

use std::collections::{BTreeMap, VecDeque};

use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledOpt, OadrCanceledPartyRegistration,
    OadrCanceledReport, OadrCreatePartyRegistration, OadrCreatedOpt, OadrCreatedPartyRegistration,
    OadrCreatedReport, OadrDistributeEvent, OadrPendingReports, OadrProfile, OadrProfile2,
    OadrProfiles, OadrQueryRegistration, OadrRegisterReport, OadrRegisteredReport, OadrResponse,
    OadrTransport, OadrTransport2, OadrTransports, OadrUpdatedReport,
};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::Duration;

use super::{State, VTN_ID, error, ok};
use crate::fault::Fault;

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
        None => error(Code::NotRegistered, "not registered", id),
        Some(own) if message.ven_id().is_some_and(|named| named != own.ven_id) => {
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
    let id = create.request_id.clone();
    state.parties.count += 1;
    let number = if state.faults.has("same-ven-id") { 0 } else { state.parties.count };
    let party = state.parties.by_print.entry(thumbprint.to_owned()).or_default();
    let preset = party.preset.clone();
    let ven_id = preset.unwrap_or_else(|| format!("Model-VEN-{number}"));
    let registration = Registration {
        ven_id,
        registration_id: format!("Model-reg-{number}"),
        pull: create.oadr_http_pull_model.unwrap_or(true),
        address: create.oadr_transport_address,
        queue: VecDeque::new(),
        asked_again: false,
        leaving: false,
    };
    party.registration = Some(registration.clone());
    greet(state, &registration.ven_id);
    told(state, EiResponse::ok(id), Some(&registration))
}

/// Rules 301, 309, 405: the VTN's metadata is the first thing a new VEN hears.
fn greet(state: &mut State, ven_id: &str) {
    let greeting = OadrRegisterReport {
        schema_version: None,
        request_id: format!("metadata-{ven_id}"),
        oadr_report: Vec::new(),
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
    if state.parties.ven(&ven_id).is_some_and(|own| own.leaving) {
        forget(state, &ven_id);
    }
    ok(&canceled.ei_response.request_id)
}

fn forget(state: &mut State, ven_id: &str) {
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
