//! The site of the VEN in miniature: docs/hooks.md, in process.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use oadr_certs::dev::{Ca, KeyKind, Role as For};
use oadr_certs::{Identity, Roots};
use oadr_conformance::hook::{Hook, Told, VenSettings};
use oadr_conformance::wire::client::Address;
use oadr_conformance::wire::server::Door;
use oadr_transport::net::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::link::Link;
use super::{State, event, opt, poll, push, register_party, report, tls, xmpp};
use crate::fault::Faults;
use crate::signing::Pen;

/// A site with a VEN, once it is started.
pub struct Site {
    faults: Faults,
    identity: Identity,
    roots: Roots,
    inside: Arc<Mutex<Inside>>,
}

/// What there is at the site.
pub struct Inside {
    now: Timestamp,
    /// What is left of a second.
    rest_ms: u64,
    ven: Option<State>,
}

impl Inside {
    /// The VEN, if it is started.
    pub fn ven(&mut self) -> Option<&mut State> {
        self.ven.as_mut()
    }
}

impl Site {
    /// A site whose VEN has a certificate of this authority.
    ///
    /// # Errors
    /// If it gets none.
    pub fn new(ca: &Ca, faults: Faults, now: Timestamp) -> Result<Self, String> {
        let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let identity = ca.issue(For::Ven, "model-ven", KeyKind::Ecc, &hosts);
        let identity = identity.map_err(|error| error.to_string())?;
        let inside = Arc::new(Mutex::new(Inside { now, rest_ms: 0, ven: None }));
        Ok(Self { faults, identity, roots: ca.roots(), inside })
    }

    async fn answer(&self, question: &Value) -> Result<Told, String> {
        let mut inside = self.inside.lock().await;
        match question["do"].as_str().unwrap_or_default() {
            "hello" => {
                return Ok(Told::Ok(json!({
                    "subject": "VEN in miniature", "clock": "steered", "now": inside.now,
                    "features": FEATURES,
                    "replay_window_s": crate::signing::WINDOW_S,
                })));
            }
            "start" => {
                // The door of the one before is shut first.
                let before = inside.ven.take();
                let mut ven = self.fresh(question, inside.now).await?;
                if let Some(before) = before.filter(|_| question["fresh"] == false) {
                    ven.registration = before.registration.powered_up(self.faults);
                }
                if !ven.pull && ven.link.xmpp.is_none() {
                    let (door, address) = self.door().await?;
                    (ven.door, ven.registration.address) = (Some(door), Some(address));
                }
                ven.step().await;
                inside.ven = Some(ven);
                return Ok(Told::done());
            }
            "stop" => {
                inside.ven = None;
                return Ok(Told::done());
            }
            "clock" => {
                let span = inside.rest_ms + question["advance_ms"].as_u64().unwrap_or(0);
                let (seconds, rest) = (span / 1000, span % 1000);
                inside.rest_ms = rest;
                inside.now = later(inside.now, seconds);
                let now = inside.now;
                if let Some(ven) = &mut inside.ven {
                    ven.pass(seconds).await;
                }
                return Ok(Told::Ok(json!({ "now": now })));
            }
            _ => {}
        }
        let Some(ven) = &mut inside.ven else {
            return Ok(Told::Failed("the VEN is not started".to_owned()));
        };
        let told = match question["do"].as_str().unwrap_or_default() {
            "site" => event::site(ven),
            "opt_event" => opt::event(ven, question).await,
            "opt_schedule" => opt::schedule(ven, question).await,
            "cancel_opt" => opt::cancel(ven, question["opt_id"].as_str().unwrap_or_default()).await,
            "source" => report::source(ven, question),
            other => Told::Cannot(format!("no {other}")),
        };
        ven.step().await;
        Ok(told)
    }

    async fn door(&self) -> Result<(Door, String), String> {
        let own = (self.identity.clone(), self.roots.clone());
        push::open(Arc::downgrade(&self.inside), self.faults, own).await
    }

    async fn fresh(&self, question: &Value, now: Timestamp) -> Result<State, String> {
        let settings: VenSettings = serde_json::from_value(question["settings"].clone())
            .map_err(|error| format!("settings: {error}"))?;
        let url = question["url"].as_str().unwrap_or_default();
        let over_xmpp = question["model"] == "xmpp";
        let to = Address::parse(&url.replacen("xmpp://", "https://", 1))?;
        let caller = tls::caller(&self.roots, &self.faults, self.identity.clone(), to.clone());
        let caller = caller.map_err(|error| error.to_string())?;
        let mut link = Link::new(caller, self.faults, now);
        if settings.signatures {
            link.pen = Pen::new(self.faults, &self.identity, &self.roots).await;
        }
        if over_xmpp {
            let own = (self.identity.clone(), self.roots.clone());
            link.xmpp = Some(xmpp::enter(&to, own, self.faults).await?);
        }
        Ok(State {
            now,
            faults: self.faults,
            settings,
            pull: question["model"] != "push" && (!over_xmpp || self.faults.has("xmpp-polls")),
            link,
            registration: register_party::Registration {
                ven_id: question["ven_id"].as_str().map(str::to_owned),
                ..Default::default()
            },
            polls: poll::Polls::default(),
            events: event::Events::default(),
            opts: opt::Opts::default(),
            reports: report::Reports::default(),
            arrived: std::collections::VecDeque::new(),
            pushed: false,
            owed: std::collections::VecDeque::new(),
            door: None,
        })
    }
}

impl Hook for Site {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        Box::pin(async move { self.answer(&question).await.unwrap_or_else(Told::Failed) })
    }
}

fn later(now: Timestamp, seconds: u64) -> Timestamp {
    let span = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0));
    now.saturating_add(span).unwrap_or(now)
}

const FEATURES: [&str; 8] = [
    "xmpp",
    "push",
    "profile-a",
    "signatures",
    "opt-schedules",
    "history",
    "on-change",
    "report-only",
];
