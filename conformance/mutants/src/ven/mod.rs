//! The VEN in miniature. It has no task of its own: all it does it does inside a question of the
//! hook, a second of its time after the other, so that a run is the same every time. A PUSH VEN
//! takes what is posted to it, and acts on it at its next step.

mod base;
mod event;
mod hook;
mod link;
mod opt;
mod poll;
mod push;
mod register_party;
mod report;
mod signature;
mod tls;
mod wire;
mod xmpp;

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use oadr_certs::dev::Ca;
use oadr_conformance::hook::{Hook, VenSettings};
use oadr_conformance::wire::server::Door;
use oadr_schemas::openadr::Message;
use oadr_transport::{Clock as _, SystemClock};

use crate::fault::{Fault, Faults};
use link::Link;

/// All its faults, a list a file.
pub const FAULTS: &[&[Fault]] = &[
    base::FAULTS,
    event::FAULTS,
    opt::FAULTS,
    poll::FAULTS,
    push::FAULTS,
    register_party::FAULTS,
    report::FAULTS,
    signature::FAULTS,
    tls::FAULTS,
    wire::FAULTS,
    xmpp::FAULTS,
];

/// What it knows, a part a service.
pub struct State {
    /// Its time.
    pub now: Timestamp,
    /// Its faults.
    pub faults: Faults,
    /// What it is to be.
    pub settings: VenSettings,
    /// Whether it polls.
    pub pull: bool,
    /// The way to the VTN.
    pub link: Link,
    /// Its registration.
    pub registration: register_party::Registration,
    /// When it polls.
    pub polls: poll::Polls,
    /// Events.
    pub events: event::Events,
    /// Opts.
    pub opts: opt::Opts,
    /// Reports.
    pub reports: report::Reports,
    /// What was pushed to it and not acted on yet.
    pub arrived: VecDeque<Message>,
    /// Something was pushed to it since its last step.
    pub pushed: bool,
    /// What is still to be said to the VTN.
    pub owed: VecDeque<Message>,
    /// Its door, if it is a PUSH VEN.
    pub door: Option<Door>,
}

/// A VEN that has not been started: its hook starts it.
///
/// # Errors
/// If it gets no certificate.
pub fn start(ca: &Ca, faults: Faults) -> Result<Arc<dyn Hook>, String> {
    let now = SystemClock.now();
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    Ok(Arc::new(hook::Site::new(ca, faults, now)?))
}

impl State {
    /// Does all that is due: registration, what was pushed, polls, events, reports.
    pub async fn step(&mut self) {
        if event::profile_a::is_meant(self) {
            return event::profile_a::step(self).await;
        }
        wire::step(self).await;
        register_party::step(self).await;
        while let Some(message) = self.arrived.pop_front() {
            self.receive(message).await;
        }
        if std::mem::take(&mut self.pushed) || self.registration.again {
            self.follow().await;
        }
        if self.pull || self.faults.has("polls-in-push") {
            poll::step(self).await;
        }
        event::step(self).await;
        report::step(self).await;
    }

    /// Lets so many seconds pass, one after the other.
    pub async fn pass(&mut self, seconds: u64) {
        self.step().await;
        for _ in 0..seconds {
            self.now = self.in_s(1);
            self.step().await;
        }
    }

    /// So many seconds from now.
    pub fn in_s(&self, seconds: i64) -> Timestamp {
        self.now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(self.now)
    }

    /// Acts on a payload of the VTN's, and sends what it owes for it.
    pub async fn receive(&mut self, message: Message) {
        for answer in self.take(message) {
            self.owe(answer).await;
        }
        self.follow().await;
    }

    /// Acts on a payload of the VTN's, and gives the answers it is owed.
    pub fn take(&mut self, message: Message) -> Vec<Message> {
        if let Some(refusal) = base::check(self, &message) {
            return vec![refusal];
        }
        match message {
            Message::OadrDistributeEvent(list) => event::distributed(self, list),
            Message::OadrRegisterReport(_) if self.faults.has("metadata-unanswered") => Vec::new(),
            Message::OadrRegisterReport(register) => report::registered_by_vtn(self, register),
            Message::OadrCreateReport(create) => report::asked(self, create),
            Message::OadrCancelReport(cancel) => report::cancelled(self, cancel),
            Message::OadrCancelPartyRegistration(cancel) => register_party::cancelled(self, cancel),
            Message::OadrRequestReregistration(request) => {
                register_party::asked_again(self, request)
            }
            _ => Vec::new(),
        }
    }

    /// What follows on an answer.
    async fn follow(&mut self) {
        register_party::after(self).await;
        report::after(self).await;
    }

    /// Says what has to be said: as soon as it can be, if not now.
    pub async fn owe(&mut self, message: impl Into<Message>) {
        let message = message.into();
        self.say(message.clone()).await;
        if self.link.away && !self.faults.has("loses-answers") {
            self.owed.push_back(message);
        }
    }

    /// Sends a message; `None`: no answer, or none that can be read.
    pub async fn say(&mut self, message: impl Into<Message>) -> Option<Message> {
        self.link.say(message.into(), self.now).await
    }
}
