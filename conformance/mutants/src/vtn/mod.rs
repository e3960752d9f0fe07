//! The VTN in miniature. Everything happens in answer to a request or to the operator; what is to
//! be pushed is pushed before the operator's question is answered.

mod base;
mod event;
mod gate;
mod hook;
mod opt;
mod poll;
mod push;
mod register_party;
mod report;
mod report_faults;
mod report_own;
mod signature;
mod tls;
mod transactive;
mod wire;
mod xmpp;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use oadr_certs::dev::{Ca, KeyKind, Role as For};
use oadr_certs::tls::ServerSettings;
use oadr_conformance::hook::Hook;
use oadr_conformance::wire::server::{Door, Reaction, Request};
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::OadrResponse;
use oadr_schemas::openadr::{self, Code};
use oadr_transport::{Clock as _, SystemClock};

use crate::fault::{Fault, Faults};

/// All its faults, a list a file; those of EI 1.0 are in [`EI_FAULTS`].
pub const FAULTS: &[&[Fault]] = &[
    base::FAULTS,
    event::fault_answer::FAULTS,
    event::fault_form::FAULTS,
    event::fault_list::FAULTS,
    event::fault_time::FAULTS,
    opt::FAULTS,
    poll::FAULTS,
    push::FAULTS,
    register_party::FAULTS,
    report_faults::FAULTS,
    report_own::FAULTS,
    signature::FAULTS,
    tls::FAULTS,
    wire::FAULTS,
    xmpp::FAULTS,
];

/// Its faults in EI 1.0.
pub const EI_FAULTS: &[&[Fault]] = transactive::FAULTS;

/// A VTN that runs until it is dropped. Clones are one.
#[derive(Clone)]
pub struct Model(Arc<Inner>);

struct Inner {
    faults: Faults,
    state: Mutex<State>,
    /// With which it calls PUSH VENs.
    identity: oadr_certs::Identity,
    roots: oadr_certs::Roots,
    desk: signature::Desk,
    hall: xmpp::Hall,
}

/// What it knows, a part a service.
pub struct State {
    /// Its time: moved by the operator's question `clock`.
    pub now: Timestamp,
    /// Its faults.
    pub faults: Faults,
    /// Who is registered.
    pub parties: register_party::Parties,
    /// Events.
    pub events: event::Events,
    /// Opts.
    pub opts: opt::Opts,
    /// Reports.
    pub reports: report::Reports,
    /// The trading floor.
    pub floor: transactive::Floor,
    /// Signatures.
    pub signatures: signature::Signatures,
}

/// The vtnID. It has letters, so that its case can be changed.
pub const VTN_ID: &str = "Model-VTN";

/// A model that serves.
pub struct Running {
    /// Its base address.
    pub url: String,
    /// Its operator.
    pub hook: Arc<dyn Hook>,
    _door: Door,
    _server: oadr_conformance::xmpp::Server,
}

/// What kind of VTN it is, where the profile has more than one.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// It has reports to offer.
    #[default]
    Reporting,
    /// It has none.
    WithoutData,
}

/// Starts a VTN with certificates of an authority.
///
/// # Errors
/// What keeps it from starting.
pub async fn start(ca: &Ca, faults: Faults, kind: Kind) -> Result<Running, String> {
    let said = |error: oadr_certs::Error| error.to_string();
    let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let ecc = ca.issue(For::Vtn, "model-ecc", KeyKind::Ecc, &hosts).map_err(said)?;
    let rsa = ca.issue(For::Vtn, "model-rsa", KeyKind::Rsa, &hosts).map_err(said)?;
    let now = SystemClock.now();
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let state = State {
        now,
        faults,
        parties: register_party::Parties::default(),
        events: event::Events::default(),
        opts: opt::Opts::default(),
        reports: report::Reports::default(),
        floor: transactive::Floor::default(),
        signatures: signature::Signatures::default(),
    };
    let mut state = state;
    state.reports.own.without_data = kind == Kind::WithoutData;
    let identity = ecc.clone();
    let (state, roots) = (Mutex::new(state), ca.roots());
    let (desk, hall) = (signature::Desk::default(), xmpp::Hall::default());
    let model = Model(Arc::new(Inner { faults, state, identity, roots, desk, hall }));
    let settings = ServerSettings {
        identities: tls::shown(&faults, vec![ecc, rsa]),
        roots: tls::trusted(&faults, ca),
        crls: Vec::new(),
    };
    let config = tls::config(&faults, settings)?;
    let server = xmpp::open(&model, Arc::clone(&config)).await.map_err(|e| e.to_string())?;
    let serving = model.clone();
    let meet = move |request: Request| {
        let model = serving.clone();
        async move { model.meet(request).await }
    };
    let listen = ([127, 0, 0, 1], 0).into();
    let door = Door::open(listen, config, meet, |_| {}).await.map_err(|e| e.to_string())?;
    let url = format!("https://localhost:{}/", door.address.port());
    Ok(Running {
        hook: Arc::new(hook::Operator::new(model, url.clone())),
        url,
        _door: door,
        _server: server,
    })
}

impl Model {
    /// What it knows.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn meet(&self, request: Request) -> Reaction {
        if !signature::admits(self, &request).await {
            return signature::ignored();
        }
        let reaction = signature::signed(self, &request, wire::meet(self, &request)).await;
        // Not before the answer: it may be a registration.
        let model = self.clone();
        tokio::spawn(async move { push::deliver(&model).await });
        reaction
    }

    /// The document that answers a document posted to a service of 2.0b; `None`: an empty body.
    ///
    /// # Errors
    /// The HTTP status, if it is no valid document or comes to the wrong place.
    pub fn answer(
        &self,
        service: &str,
        document: &[u8],
        thumbprint: &str,
    ) -> Result<Option<String>, u16> {
        let limits = oadr_schemas::xml::Limits::reports();
        let received = openadr::decode(document, &limits).map_err(|_| 406_u16)?;
        let mut state = self.state();
        let reply = dispatch(&mut state, service, received.message, thumbprint)?;
        Ok(reply.map(|mut reply| {
            state.faults.message(&mut reply);
            state.faults.text(openadr::encode(reply, None))
        }))
    }
}

/// One line a payload; what does not belong to the service is 404.
fn dispatch(
    state: &mut State,
    service: &str,
    message: Message,
    thumbprint: &str,
) -> Result<Option<Message>, u16> {
    let row = oadr_schemas::exchange::openadr_table::pairing_of(&message);
    if row.is_some_and(|row| row.service.name() != service) {
        // An oadrResponse answers payloads of every service.
        let lax = state.faults.has("poll-anywhere");
        if !lax && !matches!(message, Message::OadrResponse(_)) {
            return Err(404);
        }
    }
    if let Some(refusal) = register_party::gate(state, &message, thumbprint) {
        return Ok(Some(refusal));
    }
    if let Some(refusal) = base::check(state, &message) {
        return Ok(Some(refusal));
    }
    Ok(Some(match message {
        Message::OadrQueryRegistration(m) => register_party::query(state, m, thumbprint).into(),
        Message::OadrCreatePartyRegistration(m) => {
            register_party::create(state, m, thumbprint).into()
        }
        Message::OadrCancelPartyRegistration(m) => register_party::cancel(state, m).into(),
        Message::OadrCanceledPartyRegistration(m) => register_party::canceled(state, m).into(),
        Message::OadrPoll(m) => poll::poll(state, m),
        Message::OadrResponse(m) => poll::response(state, m).into(),
        Message::OadrRequestEvent(m) => event::request(state, m).into(),
        Message::OadrCreatedEvent(m) => event::created(state, m).into(),
        Message::OadrCreateOpt(m) => opt::create(state, m).into(),
        Message::OadrCancelOpt(m) => opt::cancel(state, m).into(),
        Message::OadrRegisterReport(m) => report::register(state, m).into(),
        Message::OadrRegisteredReport(m) => report_own::registered(state, m).into(),
        Message::OadrCreateReport(m) => report_own::create(state, m).into(),
        Message::OadrCreatedReport(m) => report::created(state, m).into(),
        Message::OadrUpdateReport(m) => report::update(state, m).into(),
        Message::OadrCancelReport(m) => report_own::cancel(state, m).into(),
        Message::OadrCanceledReport(m) => report::canceled(state, m).into(),
        Message::OadrUpdatedReport(m) => ok(&m.ei_response.request_id).into(),
        // What a VTN says and never hears (rules 23, 401).
        _ if state.faults.has("wrong-way-taken") => ok("").into(),
        _ => return Err(404),
    }))
}

/// oadrResponse, 200.
fn ok(request_id: &str) -> OadrResponse {
    OadrResponse::ok(request_id)
}

/// An eiResponse of this code.
fn error(code: Code, why: &str, request_id: &str) -> EiResponse {
    EiResponse::error(code, why, request_id)
}
