//! A VTN in memory with a clock that stands, and VENs that hand it bodies without a network.
#![allow(dead_code, unused_imports, clippy::unwrap_used)] // Each test file uses its part.

mod explained;
mod limited;
mod messages;
mod pushing;
mod reports;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::{Fingerprint, Identity, PeerCertificate};
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::oadr::{OadrPoll, OadrResponse};
use oadr_schemas::openadr::{self, Code, Message};
use oadr_schemas::xml::Limits;
use oadr_store::{Memory, Store};
use oadr_transport::{Answer, Handler, ManualClock, Peer, Random, Received};
use oadr_vtn::audit::Audit;
use oadr_vtn::record::{Enrolment, EventDraft, IntervalDraft, SignalDraft, Targets};
use oadr_vtn::settings::Policy;
use oadr_vtn::{Hooks, Settings, Vtn};
use rand::SeedableRng;

pub use limited::Limited;
pub use messages::*;
pub use pushing::*;
pub use reports::*;

/// The day every test begins: 2026-06-01, noon UTC.
pub fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

pub fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

/// A VTN under test.
pub struct Bench {
    pub vtn: Vtn,
    pub clock: ManualClock,
    pub memory: Memory,
    settings: Settings,
}

impl Bench {
    /// With default settings: policy `known`.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::new("VTN-1");
        change(&mut settings);
        let (memory, clock) = (Memory::new(), ManualClock::new(noon()));
        let vtn = open(&settings, memory.open(), &clock, Hooks::default()).await;
        Self { vtn, clock, memory, settings }
    }

    pub async fn of_policy(policy: Policy) -> Self {
        Self::with(|settings| settings.policy = policy).await
    }

    pub async fn with_hooks(hooks: Hooks) -> Self {
        let bench = Self::new().await;
        let store = bench.memory.open();
        let vtn = open(&bench.settings, store, &bench.clock, hooks).await;
        Self { vtn, ..bench }
    }

    /// The same with an audit log.
    pub fn audited(self, audit: Audit) -> Self {
        Self { vtn: self.vtn.audited(audit), ..self }
    }

    /// The program is killed and started again on the same store.
    pub async fn restart(&mut self) {
        let store = self.memory.open();
        self.vtn = open(&self.settings, store, &self.clock, Hooks::default()).await;
    }

    /// The same with other settings.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        self.restart().await;
    }

    pub fn now(&self) -> Timestamp {
        use oadr_transport::Clock;
        self.clock.now()
    }

    pub fn pass(&self, time: SignedDuration) {
        self.clock.advance(time.unsigned_abs());
    }

    /// A certificate nobody knows.
    pub fn stranger(&self, name: &str) -> Ven<'_> {
        Ven { bench: self, certificate: certificate(name), id: String::new() }
    }

    /// A VEN that is enrolled and has not registered.
    pub async fn enrolled(&self, id: &str) -> Ven<'_> {
        let certificate = certificate(id);
        self.enrol(id, certificate.fingerprint()).await;
        Ven { bench: self, certificate, id: id.to_owned() }
    }

    pub async fn enrol(&self, id: &str, fingerprint: Fingerprint) {
        let groups = Default::default();
        let ven_id = Some(id.to_owned());
        self.vtn.enrol_ven(Enrolment { fingerprint, ven_id, name: None, groups }).await.unwrap();
    }

    /// A VEN that has just registered.
    pub async fn fresh(&self, id: &str) -> Ven<'_> {
        let ven = self.enrolled(id).await;
        ven.register().await;
        ven
    }

    /// A VEN that has registered, taken the VTN's metadata, and for which nothing waits.
    pub async fn registered(&self, id: &str) -> Ven<'_> {
        let ven = self.fresh(id).await;
        ven.take_metadata().await;
        ven
    }
}

async fn open(settings: &Settings, store: Store, clock: &ManualClock, hooks: Hooks) -> Vtn {
    static SEED: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let seed = SEED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let random = Random::seed_from_u64(seed);
    let clock = Arc::new(clock.clone());
    Vtn::open(settings.clone(), store, hooks, clock, random).await.unwrap()
}

/// A VEN's end: its certificate and what it thinks its venID is.
#[derive(Clone)]
pub struct Ven<'a> {
    pub bench: &'a Bench,
    pub certificate: Arc<PeerCertificate>,
    pub id: String,
}

impl Ven<'_> {
    /// Posts raw bytes.
    pub async fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        let peer = Peer { certificate: Arc::clone(&self.certificate), address };
        let received = Received { path: path.to_owned(), body: body.into().into() };
        self.bench.vtn.handle(peer, received).await
    }

    /// Posts a message at its service's address.
    pub async fn post_message(&self, message: Message) -> Answer {
        let row = openadr_table::pairing_of(&message);
        let service = row.map_or(Service::EiEvent, |row| row.service);
        self.post_at(service, message).await
    }

    pub async fn post_at(&self, service: Service, message: Message) -> Answer {
        let path = format!("/OpenADR2/Simple/2.0b/{}", service.name());
        self.post(&path, openadr::encode(message, None)).await
    }

    /// Sends a message and reads the reply; every reply is schema-valid and says 2.0b (rule 509).
    pub async fn send(&self, message: impl Into<Message>) -> Message {
        let answer = self.post_message(message.into()).await;
        assert_eq!(answer.status, 200, "HTTP status");
        read(&answer)
    }

    /// Sends a message and gives the code of the reply.
    pub async fn code(&self, message: impl Into<Message>) -> u16 {
        code(&self.send(message).await)
    }

    pub async fn poll(&self) -> Message {
        self.send(OadrPoll { schema_version: None, ven_id: self.id.clone() }).await
    }

    /// Polls and expects nothing.
    pub async fn poll_nothing(&self) {
        let reply = self.poll().await;
        assert!(matches!(&reply, Message::OadrResponse(r) if r.ei_response.is_ok()), "{reply:?}");
    }
}

pub fn read(answer: &Answer) -> Message {
    let text = std::str::from_utf8(&answer.body).unwrap();
    assert!(text.contains("schemaVersion=\"2.0b\""), "rule 509: {text}");
    openadr::decode(&answer.body, &Limits::reports()).unwrap().message
}

/// The number of the reply's code.
pub fn code(reply: &Message) -> u16 {
    let response = reply.response().unwrap_or_else(|| panic!("no eiResponse in {reply:?}"));
    Code::try_from(&response.response_code).unwrap().number()
}

pub fn confirmed(reply: Message) -> OadrResponse {
    let response = OadrResponse::try_from(reply).unwrap();
    assert!(response.ei_response.is_ok(), "{response:?}");
    response
}

/// A certificate of a throw-away authority, valid from a year before to a year after noon.
pub fn certificate(name: &str) -> Arc<PeerCertificate> {
    certificate_until(name, noon().checked_add(SignedDuration::from_hours(24 * 365)).unwrap())
}

pub fn certificate_until(name: &str, not_after: Timestamp) -> Arc<PeerCertificate> {
    Arc::new(PeerCertificate::from_der(identity_until(name, not_after).leaf()).unwrap())
}

/// The same with its key.
pub fn identity_until(name: &str, not_after: Timestamp) -> Identity {
    static CA: OnceLock<Ca> = OnceLock::new();
    let year = SignedDuration::from_hours(24 * 365);
    let not_before = noon().checked_sub(year).unwrap();
    let validity = Validity { not_before, not_after };
    let ca = CA.get_or_init(|| Ca::ecc(Validity::days(noon(), 3650)).unwrap());
    let subject = oadr_certs::dev::Subject {
        role: Role::Ven,
        name: name.to_owned(),
        key: KeyKind::Ecc,
        hosts: Vec::new(),
    };
    ca.issue_for(&subject, validity).unwrap()
}

/// A SIMPLE event for `vens` with intervals of ten minutes.
pub fn simple(vens: &[&str], start: Timestamp, levels: &[i64]) -> EventDraft {
    let interval = |level: &i64| IntervalDraft { duration: minutes(10), value: (*level).into() };
    let count = i64::try_from(levels.len()).unwrap();
    EventDraft {
        id: None,
        market_context: "http://market.example/demo".to_owned(),
        start,
        duration: minutes(10 * count),
        start_after: None,
        notification: SignedDuration::ZERO,
        ramp_up: None,
        recovery: None,
        priority: 0,
        response_required: true,
        signals: vec![signal("SIMPLE", "level", None, levels.iter().map(interval).collect())],
        baseline: None,
        targets: Targets {
            vens: vens.iter().map(|v| (*v).to_owned()).collect(),
            ..Targets::default()
        },
        test: false,
        comment: None,
    }
}

pub fn signal(
    name: &str,
    kind: &str,
    unit: Option<&str>,
    intervals: Vec<IntervalDraft>,
) -> SignalDraft {
    SignalDraft {
        id: None,
        name: name.to_owned(),
        kind: kind.to_owned(),
        unit: unit.map(str::to_owned),
        intervals,
        device_classes: Vec::new(),
    }
}
