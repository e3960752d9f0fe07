//! The VTN: opened over a store, answering requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::PeerCertificate;
use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::{self, Code, Message};
use oadr_schemas::{ei, xml};
use oadr_store::Store;
use oadr_transport::net::BoxFuture;
use oadr_transport::{Answer, Clock, Family, Handler, Peer, Random, Received, paths};

use crate::account::Line;
use crate::audit::Audit;
use crate::certificates;
use crate::context::Context;
use crate::dispatch::{check_place, dispatch};
use crate::dispatch_ei::{dispatch_ei, refuse_ei};
use crate::error::{Error, Told};
use crate::event;
use crate::hooks::Hooks;
use crate::ids::Ids;
use crate::metrics::Metrics;
use crate::party::{Door, may_send};
use crate::probe::Probe;
use crate::refusal::refuse;
use crate::refused::{Refused, Said, Stranger};
use crate::settings::Settings;
use crate::trace::Archive;
use crate::trade::floor::Floor;
use crate::watch::{Counters, Watch, count};

/// A VTN. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Vtn(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub settings: Settings,
    pub store: Store,
    pub hooks: Hooks,
    pub clock: Arc<dyn Clock>,
    pub ids: Ids,
    pub watch: Watch,
    pub metrics: Metrics,
    pub probe: Probe,
    pub floor: Floor,
    pub audit: Option<Audit>,
    archive: Archive,
}

impl Vtn {
    /// A VTN over a store. What a crash left half told is told to the end first.
    ///
    /// # Errors
    /// [`Error::Settings`]; those of the store.
    pub async fn open(
        settings: Settings,
        store: Store,
        hooks: Hooks,
        clock: Arc<dyn Clock>,
        random: Random,
    ) -> Result<Self, Error> {
        settings.check()?;
        let (ids, archive) = (Ids::new(random), Archive::default());
        let watch = Watch::new(clock.now(), settings.poll_every);
        let (metrics, probe) = (Metrics::new(&store), Probe::default());
        let floor = Floor::open(store.clone(), hooks.market.clone(), clock.clone()).await?;
        let audit = None;
        let inner = Inner {
            settings,
            store,
            hooks,
            clock,
            ids,
            watch,
            metrics,
            probe,
            floor,
            audit,
            archive,
        };
        certificates::complete(&inner.store).await?;
        event::finish_fan_outs(&inner.store, inner.clock.now()).await?;
        Ok(Self(Arc::new(inner)))
    }

    /// The same VTN, which writes down what operators and VENs do.
    ///
    /// # Panics
    /// If there are clones of it already: they would do things that nobody writes down.
    #[must_use]
    pub fn audited(mut self, audit: Audit) -> Self {
        let inner = Arc::get_mut(&mut self.0).expect("set the audit log before it is shared");
        inner.audit = Some(audit);
        self
    }

    /// Where it writes down what operators and VENs do; `None`: nowhere.
    #[must_use]
    pub fn audit(&self) -> Option<&Audit> {
        self.0.audit.as_ref()
    }

    /// How it is set up.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Where it remembers.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// What it counted since it was opened.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.0.watch.counters()
    }

    /// When a party was last heard since the VTN was opened, UTC.
    #[must_use]
    pub fn last_heard(&self, ven: &str) -> Option<Timestamp> {
        self.0.watch.heard(ven).map(|heard| heard.last)
    }

    /// A VEN's last messages that were not taken since the VTN was opened, and those by which it
    /// did not take ours, oldest first.
    #[must_use]
    pub fn refused(&self, ven: &str) -> Vec<Refused> {
        self.0.watch.refusals.of_ven(ven)
    }

    /// Who spoke with a certificate that nobody here knows since the VTN was opened, the last
    /// first.
    #[must_use]
    pub fn strangers(&self) -> Vec<Stranger> {
        self.0.watch.refusals.strangers()
    }
}

impl fmt::Debug for Vtn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vtn").field(&self.0.settings.vtn_id).finish()
    }
}

impl Handler for Vtn {
    fn handle(&self, peer: Peer, request: Received) -> BoxFuture<'_, Answer> {
        Box::pin(self.0.answer(peer, request))
    }
}

impl Inner {
    pub(crate) async fn answer(&self, peer: Peer, request: Received) -> Answer {
        let began = tokio::time::Instant::now();
        count(&self.watch.requests);
        let now = self.clock.now();
        let mut line = Line::default();
        let place = paths::parse(&self.settings.prefix, &request.path);
        let answer = match place {
            Some((Family::OpenAdr, name)) => {
                self.openadr(&peer.certificate, (name, &request.body), now, &mut line).await
            }
            Some((Family::Ei, name)) => {
                self.ei(&peer.certificate, (name, &request.body), now, &mut line).await
            }
            None => failed(Error::NotServed, &mut line),
        };
        self.remember(&line, &peer.certificate, now, &answer);
        self.audit(&line, (&peer, &request), now, &answer);
        let party = line.party.take().unwrap_or_else(|| peer.certificate.fingerprint().to_string());
        self.archive(now, &party, (&request.body, &answer.body)).await;
        let took = began.elapsed();
        let about = (place.map(|(_, name)| name), line.payload);
        self.metrics.answered(about, (answer.status, &line.code), took);
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.log(&line, (&party, us), &answer);
        answer
    }

    /// Keeps what was said, if that is asked for.
    pub(crate) async fn archive(&self, now: Timestamp, party: &str, bodies: (&[u8], &[u8])) {
        if let Some(directory) = &self.settings.trace_messages {
            self.archive.keep(directory, (now, party), bodies).await;
        }
    }

    /// An OpenADR message: decode, recognise, check, dispatch, encode.
    async fn openadr(
        &self,
        certificate: &PeerCertificate,
        (service, body): (&str, &[u8]),
        now: Timestamp,
        line: &mut Line,
    ) -> Answer {
        let message = match openadr::decode(body, &self.limits(service)) {
            Ok(received) => received.message,
            Err(error) => return failed(Error::Malformed(error), line),
        };
        line.payload = message.name();
        line.request_id = message.request_id().unwrap_or_default().to_owned();
        let reply = match self.attempts(certificate, service, &message, now, line).await {
            Ok(reply) => reply,
            Err(error) => match error.told() {
                Told::Status(_) => return failed(error, line),
                Told::Code(code) => {
                    let request_id = message.request_id().unwrap_or_default();
                    let said = EiResponse::error(code, error.description(), request_id);
                    // Nobody is told a venID by being turned away.
                    let ven = line.party.as_deref().filter(|_| code != Code::NotRegistered);
                    let reply = refuse(&message, said, (&self.settings, ven));
                    line.error = Some(error);
                    reply
                }
            },
        };
        line.code =
            reply.response().map_or_else(|| "200".to_owned(), |r| r.response_code.value().clone());
        line.said = Said::by(&message, !line.code.starts_with('2'));
        Answer::ok(openadr::encode(reply, None))
    }

    /// Dispatches, again with a new view if somebody wrote in between.
    async fn attempts(
        &self,
        certificate: &PeerCertificate,
        service: &str,
        message: &Message,
        now: Timestamp,
        line: &mut Line,
    ) -> Result<Message, Error> {
        let service = Service::named(service).ok_or(Error::NotServed)?;
        let mut attempt = 1;
        loop {
            let result = self.attempt(certificate, (service, message), now, line).await;
            match result {
                Err(error) if error.is_conflict() && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    async fn attempt(
        &self,
        certificate: &PeerCertificate,
        (service, message): (Service, &Message),
        now: Timestamp,
        line: &mut Line,
    ) -> Result<Message, Error> {
        let introduces = matches!(
            message,
            Message::OadrQueryRegistration(_) | Message::OadrCreatePartyRegistration(_)
        );
        let cx = self.context(certificate, introduces, now, line).await?;
        may_send(&cx.party, message)?;
        check_place(message, service)?;
        let reply = dispatch(&cx, message).await?;
        if matches!(message, Message::OadrPoll(_)) && !matches!(reply, Message::OadrResponse(_)) {
            self.watch.fetched.fetch_add(1, Ordering::Relaxed);
        }
        Ok(reply)
    }

    /// Who speaks, and what is remembered.
    async fn context(
        &self,
        certificate: &PeerCertificate,
        introduces: bool,
        now: Timestamp,
        line: &mut Line,
    ) -> Result<Context<'_>, Error> {
        let Self { settings, store, hooks, ids, floor, .. } = self;
        let door = Door { store, settings, ids, now };
        let (view, party) = door.recognise(certificate, introduces).await?;
        self.watch.hear(&party.id, now);
        line.party = Some(party.id.clone());
        Ok(Context { party, view, store, hooks, now, settings, ids, floor })
    }

    /// An EI 1.0 message. Errors without a fitting payload are HTTP statuses; a handler puts
    /// codes into its own reply.
    async fn ei(
        &self,
        certificate: &PeerCertificate,
        (service, body): (&str, &[u8]),
        now: Timestamp,
        line: &mut Line,
    ) -> Answer {
        let message: ei::Message = match xml::decode_any(body, &self.limits(service)) {
            Ok(message) => message,
            Err(error) => return failed(Error::Malformed(error), line),
        };
        line.payload = message.name();
        line.request_id = message.request_id().unwrap_or_default().to_owned();
        let reply = match self.ei_attempts(certificate, (service, &message), now, line).await {
            Ok(reply) => reply,
            Err(error) => match refuse_ei(&message, &error) {
                Some(reply) => {
                    line.error = Some(error);
                    reply
                }
                None => return failed(error, line),
            },
        };
        line.code =
            reply.response().map_or_else(|| "200".to_owned(), |r| r.response_code.value().clone());
        Answer::ok(xml::encode_any(&reply))
    }

    async fn ei_attempts(
        &self,
        certificate: &PeerCertificate,
        (service, message): (&str, &ei::Message),
        now: Timestamp,
        line: &mut Line,
    ) -> Result<ei::Message, Error> {
        let service = Service::named(service).ok_or(Error::NotServed)?;
        let mut attempt = 1;
        loop {
            let cx = self.context(certificate, false, now, line).await?;
            if !cx.party.is_registered() {
                return Err(Error::NotRegistered("has not registered"));
            }
            match dispatch_ei(&cx, service, message).await {
                Err(error) if error.is_conflict() && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    fn limits(&self, service: &str) -> xml::Limits {
        let limits = &self.settings.limits;
        match service {
            "EiReport" => xml::Limits { bytes: limits.report_bytes, ..xml::Limits::reports() },
            _ => xml::Limits { bytes: limits.message_bytes, ..xml::Limits::default() },
        }
    }
}

/// An error told by an HTTP status without a body.
fn failed(error: Error, line: &mut Line) -> Answer {
    let answer = match error.told() {
        Told::Status(503) => Answer::unavailable(RETRY_AFTER),
        Told::Status(status) => Answer::status(status),
        // An EI service without a payload to carry a code.
        Told::Code(_) => Answer::status(403),
    };
    if answer.status >= 500 {
        tracing::error!(%error, "a request failed");
    }
    line.error = Some(error);
    answer
}

/// How often a request is decided anew before the VTN says it is busy.
const ATTEMPTS: u32 = 16;
/// How long a peer is to stay away after a 503.
const RETRY_AFTER: Duration = Duration::from_secs(5);
