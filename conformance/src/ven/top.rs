//! The kit's VTN: a door, what it knows, what it was told, and what it is to say next.
//!
//! It behaves well by itself: registers whoever comes, answers every request with 200, hands out
//! its queue a payload a poll. A scenario changes that where it wants to see something.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::PeerCertificate;
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::oadr::{OadrCancelReport, OadrEvent, OadrReportRequest};
use oadr_transport::{Clock as _, SystemClock};

use super::meet::{packet, respond, sign};
use crate::chaos::Chaos;
use crate::pace::Pace;
use crate::record::{Exchange, From, Log};
use crate::say;
use crate::sign::Signer;
use crate::wire::http;
use crate::wire::server::{Handshake, Reaction, Request};

/// The kit's VTN. Clones are one.
#[derive(Clone, Default)]
pub struct Top(Arc<Mutex<State>>);

/// What it knows and is to do.
#[derive(Default)]
pub struct State {
    /// Where the running scenario writes to; nothing is written between scenarios.
    pub scene: Option<Scene>,
    /// The VEN that is registered.
    pub ven: Option<Registered>,
    /// The certificate of whoever called last.
    pub peer: Option<Arc<PeerCertificate>>,
    /// What polls bring, in turn.
    pub queue: VecDeque<Message>,
    /// What oadrRequestEvent brings.
    pub events: Vec<OadrEvent>,
    /// What came in and nobody has looked at yet.
    pub heard: VecDeque<Heard>,
    /// What meets the next request of that payload, in place of the usual answer. An empty name
    /// is any payload.
    pub scripted: VecDeque<(&'static str, Scripted)>,
    /// oadrRequestedOadrPollFreq, seconds.
    pub poll_s: u32,
    /// Report requests in the next oadrRegisteredReport.
    pub piggyback: Vec<OadrReportRequest>,
    /// oadrCancelReport in the next oadrUpdatedReport.
    pub embedded_cancel: Option<OadrCancelReport>,
    /// Whether registrations are refused, with 463.
    pub closed: bool,
    /// Whether nobody is there: every request meets a connection that ends.
    pub offline: bool,
    /// Registrations so far, which number the IDs.
    pub registrations: usize,
    /// Handshakes, whole or not.
    pub handshakes: Vec<Handshake>,
    /// With which answers are signed, if they are.
    pub signer: Option<Signer>,
    /// The answer goes out as the scenario wrote it, and is not signed.
    pub(super) as_is: bool,
    /// How much more slowly the VEN polls than it was asked to, seconds.
    pub late_s: u32,
    /// Its last poll, if nothing has disturbed it since.
    pub(super) polled: Option<Timestamp>,
    /// Where the kit listens: for doors beside its own.
    pub listen: Option<IpAddr>,
    /// What goes wrong on purpose, for authors of VENs; no scenario sets it.
    pub chaos: Option<Chaos>,
}

/// Where what is seen is written down.
#[derive(Clone)]
pub struct Scene {
    /// The record.
    pub log: Log,
    /// What is noticed about documents.
    pub sightings: crate::base::Sightings,
    /// The time.
    pub pace: Pace,
}

/// The VEN that is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// venID.
    pub ven_id: String,
    /// registrationID.
    pub registration_id: String,
    /// oadrHttpPullModel.
    pub pull: bool,
    /// oadrTransportAddress.
    pub address: Option<String>,
    /// Whether it signs.
    pub signs: bool,
}

/// A message that came in.
#[derive(Clone, Debug)]
pub struct Heard {
    /// When, UTC.
    pub at: Timestamp,
    /// The service it was posted to.
    pub service: String,
    /// As it was written.
    pub http: http::Message,
    /// The message, or what is wrong with it.
    pub message: Result<Message, String>,
}

/// What meets a request in place of the usual answer.
#[derive(Clone, Debug)]
pub enum Scripted {
    /// This document, as it is.
    Text(String),
    /// An HTTP status, perhaps with Retry-After in seconds.
    Status(u16, Option<u32>),
    /// The usual answer, a byte at a time.
    Slowly(Duration),
    /// The usual effect, but the answer is lost.
    Lost,
    /// Nothing happens and nobody answers.
    HangUp,
}

/// The kit's vtnID. It has letters, so that its case can be changed.
pub const VTN_ID: &str = "Kit-VTN";
/// The part of the path before `OpenADR2/…`.
pub const PREFIX: &str = "/kit/";

impl Top {
    /// What it knows, to look at or to change.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything, for the next scenario.
    pub fn begin(&self, scene: Scene) {
        let mut state = self.state();
        // Where time has to be waited for, as little as possible.
        let poll_s = if scene.pace.is_steered() { 10 } else { 1 };
        *state = State {
            scene: Some(scene),
            poll_s,
            // A VEN that runs on is served until it is started afresh.
            ven: state.ven.take(),
            peer: state.peer.take(),
            registrations: state.registrations,
            late_s: state.late_s,
            listen: state.listen,
            chaos: state.chaos.take(),
            ..State::default()
        };
    }

    /// Hears of a handshake.
    pub fn greeted(&self, handshake: Handshake) {
        self.state().handshakes.push(handshake);
    }

    /// Meets a request.
    pub async fn meet(&self, request: &Request) -> Reaction {
        let began = SystemClock.now();
        let Some((scene, mut reaction, mut shown, signer)) = self.respond(request) else {
            return Reaction::HangUp;
        };
        if let (Some(signer), Some(answer)) = (signer, &mut shown) {
            sign(&signer, answer, scene.pace.now()).await;
            reaction = match reaction {
                Reaction::Slowly(_, pause) => Reaction::Slowly(answer.clone(), pause),
                Reaction::Answer(_) => Reaction::Answer(answer.clone()),
                Reaction::HangUp => Reaction::HangUp,
            };
        }
        let took = SystemClock.now().duration_since(began).as_millis();
        scene.log.add(Exchange {
            at: scene.pace.now(),
            took_ms: u64::try_from(took).unwrap_or(0),
            from: From::Subject,
            party: "VTN".to_owned(),
            asked: say::name_of(&request.message.body),
            answered: shown.as_ref().map(|a| say::name_of(&a.body)).unwrap_or_default(),
            request: packet(&request.message),
            trouble: shown.is_none().then(|| "the kit hung up on purpose".to_owned()),
            answer: shown.as_ref().map(packet),
        });
        reaction
    }

    /// The reaction, the answer to write down, and with what it is yet to be signed. `None`: no
    /// scenario is on.
    fn respond(
        &self,
        request: &Request,
    ) -> Option<(Scene, Reaction, Option<http::Message>, Option<Signer>)> {
        let mut state = self.state();
        let scene = state.scene.clone()?;
        state.peer = Some(Arc::clone(&request.peer));
        state.as_is = false;
        let (reaction, shown) = respond(&mut state, &scene, &request.message);
        let signer = if state.as_is { None } else { state.signer.clone() };
        Some((scene, reaction, shown, signer))
    }
}
