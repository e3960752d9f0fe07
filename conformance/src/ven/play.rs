//! A play against a VEN: starting it, telling it things, hearing what it says.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_certs::dev::{KeyKind, Role as CertificateRole};
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrDistributeEvent, OadrEvent, OadrRequestEvent,
};
use oadr_schemas::openadr::{self, Message};

use super::answer;
use super::top::{Heard, Registered, Scene, Scripted, Top};
use crate::hook::{Told, VenSettings};
use crate::say;
use crate::scenario::Role;
use crate::stage::Stage;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::wire::client::{Address, Caller};
use crate::wire::http;

/// Who begins exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The VEN polls.
    Pull,
    /// The VTN posts to the VEN.
    Push,
}

/// A play against a VEN.
pub struct VenPlay {
    pub(super) stage: Stage,
    /// The kit's VTN.
    pub top: Top,
    /// Its base address, as the VEN is told.
    pub url: String,
    /// How the VEN is started.
    pub model: Model,
    pub(super) caller: Option<Caller>,
}

impl Deref for VenPlay {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl DerefMut for VenPlay {
    fn deref_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }
}

impl VenPlay {
    /// With the kit's VTN at `url`.
    pub fn new(stage: Stage, top: Top, url: String, model: Model) -> Self {
        let (log, sightings) = (stage.log.clone(), stage.sightings.clone());
        top.begin(Scene { log, sightings, pace: stage.setting.pace.clone() });
        Self { stage, top, url, model, caller: None }
    }

    /// The stage, when the play is over.
    pub fn into_stage(self) -> Stage {
        self.top.state().scene = None;
        self.stage
    }

    /// Starts the VEN afresh and lets it come as far as a VEN comes by itself: registered, its
    /// metadata sent, its events fetched, nothing said since.
    ///
    /// # Errors
    /// Inconclusive, if it does not come so far: other scenarios say why.
    pub async fn boot(&mut self) -> Ended {
        self.boot_as(&VenSettings::default()).await
    }

    /// The same with a VEN of these settings.
    ///
    /// # Errors
    /// As [`VenPlay::boot`]; skip, if it cannot be such a VEN.
    pub async fn boot_as(&mut self, settings: &VenSettings) -> Ended {
        self.start(settings).await?;
        let came = self.hear::<OadrRequestEvent>(BOOT_S).await?;
        if came.is_none() || self.top.state().ven.is_none() {
            return inconclusive("the VEN does not register and fetch its events");
        }
        // Let it say the rest: its metadata, the answer to ours.
        self.settle().await?;
        self.forget();
        Ok(())
    }

    /// (Re)starts the VEN, unregistered, and returns as soon as it runs.
    ///
    /// # Errors
    /// Skip, if it cannot be such a VEN.
    pub async fn start(&mut self, settings: &VenSettings) -> Ended {
        let model = if self.model == Model::Pull { "pull" } else { "push" };
        let (hook, url) = (self.hook(), self.url.clone());
        match hook.start((&url, model), true, None, settings).await {
            Ok(()) => Ok(()),
            // Nobody can restart it. If nothing special is wanted, one that calls by itself and
            // comes back after its registration is cancelled will do.
            Err(Stop::Skip(_))
                if *settings == VenSettings::default() && self.model == Model::Pull =>
            {
                self.cancel_and_wait().await
            }
            Err(other) => Err(other),
        }
    }

    async fn cancel_and_wait(&mut self) -> Ended {
        let registered = self.top.state().ven.clone();
        if let Some(ven) = registered {
            self.queue(OadrCancelPartyRegistration {
                schema_version: None,
                request_id: self.unique("cancel"),
                registration_id: ven.registration_id,
                ven_id: Some(ven.ven_id),
            });
        }
        Ok(())
    }

    /// The VEN that is registered.
    ///
    /// # Errors
    /// Inconclusive, if there is none.
    pub fn ven(&self) -> Result<Registered, Stop> {
        match self.top.state().ven.clone() {
            Some(ven) => Ok(ven),
            None => inconclusive("the VEN is not registered"),
        }
    }

    /// Tells the VEN something: by its next poll, or by a post to where it listens.
    ///
    /// # Errors
    /// Inconclusive, if a post is not answered.
    pub async fn tell(&mut self, message: impl Into<Message>) -> Result<Option<Message>, Stop> {
        let message = message.into();
        match self.model {
            Model::Pull => {
                self.queue(message);
                Ok(None)
            }
            Model::Push => self.push(message).await,
        }
    }

    /// Something for the next poll.
    pub fn queue(&self, message: impl Into<Message>) {
        self.top.state().queue.push_back(message.into());
    }

    /// Tells the VEN of these events and no others (rule 50); gives the requestID.
    ///
    /// # Errors
    /// As [`VenPlay::tell`].
    pub async fn distribute(&mut self, events: Vec<OadrEvent>) -> Result<String, Stop> {
        let request_id = self.unique("list");
        let list = self.list(&request_id, events);
        self.tell(list).await?;
        Ok(request_id)
    }

    /// oadrDistributeEvent of these events, which oadrRequestEvent brings from now on as well.
    pub fn list(&mut self, request_id: &str, events: Vec<OadrEvent>) -> OadrDistributeEvent {
        self.top.state().events.clone_from(&events);
        let response = (self.model == Model::Pull).then(|| EiResponse::ok(""));
        answer::distribute(response, request_id, events)
    }

    /// What meets the next request with this payload (any, if the name is empty), in place of
    /// the usual answer.
    pub fn script(&self, payload: &'static str, script: Scripted) {
        self.top.state().scripted.push_back((payload, script));
    }

    /// Posts to where the VEN listens.
    ///
    /// # Errors
    /// Inconclusive, if no HTTP 200 comes.
    pub async fn push(&mut self, message: Message) -> Result<Option<Message>, Stop> {
        let service = openadr_table::pairing_of(&message).map_or(Service::EiEvent, |p| p.service);
        let name = message.name();
        let answer = self.push_text(service, openadr::encode(message, None)).await?;
        if answer.status() != Some(200) {
            return inconclusive(format!("{name} is met with {}", answer.start));
        }
        if answer.body.is_empty() {
            return Ok(None);
        }
        match self.sightings.look(Role::Ven, &answer.body) {
            Ok(message) => Ok(Some(message)),
            Err(why) => {
                self.fail(&[crate::base::SCHEMA], format!("the answer to {name} is valid"), why)
            }
        }
    }

    /// Posts a document as it is to where the VEN listens.
    ///
    /// # Errors
    /// Inconclusive, if no answer comes.
    pub async fn push_text(
        &mut self,
        service: Service,
        text: String,
    ) -> Result<http::Message, Stop> {
        let address = self.ven()?.address.unwrap_or_default();
        let address = Address::parse(&address).map_err(Stop::Inconclusive)?;
        let answer = self.knock_text(&address, service, text).await?;
        answer.map_err(|error| Stop::Inconclusive(format!("a push to the VEN: {error}")))
    }

    /// Tells the VEN a document as it is: by its next poll, or by a post to where it listens.
    ///
    /// # Errors
    /// Inconclusive, if a post is not answered.
    pub async fn tell_text(&mut self, service: Service, text: String) -> Ended {
        match self.model {
            Model::Pull => self.script("oadrPoll", Scripted::Text(text)),
            Model::Push => drop(self.push_text(service, text).await?),
        }
        Ok(())
    }

    /// The certificate of the kit's VTN.
    ///
    /// # Errors
    /// If none can be had.
    pub fn vtn_identity(&self) -> Result<oadr_certs::Identity, Stop> {
        self.setting.lab.party("kit-vtn-ecc", CertificateRole::Vtn, KeyKind::Ecc)
    }

    /// The next message of a kind, or nothing within so many seconds.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn hear<M: TryFrom<Message>>(&mut self, within_s: u64) -> Result<Option<M>, Stop> {
        Ok(self.hear_when::<M>(within_s, |_| true).await?.map(|(_, message)| message))
    }

    /// The next message of a kind of which something holds, with when and how it came.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn hear_when<M: TryFrom<Message>>(
        &mut self,
        within_s: u64,
        mut holds: impl FnMut(&M) -> bool,
    ) -> Result<Option<(Heard, M)>, Stop> {
        let within = SignedDuration::from_secs(i64::try_from(within_s).unwrap_or(i64::MAX));
        let end = self.now().saturating_add(within).unwrap_or(Timestamp::MAX);
        self.settle().await?;
        loop {
            if let Some(found) = self.take(&mut holds) {
                return Ok(Some(found));
            }
            if self.now() >= end {
                return Ok(None);
            }
            self.wait_a_little().await?;
        }
    }

    /// The next message of a kind, which must come within so many seconds.
    ///
    /// # Errors
    /// Failed under `rules`, if none comes.
    pub async fn expect<M: TryFrom<Message>>(
        &mut self,
        rules: &[&'static str],
        within_s: u64,
    ) -> Result<M, Stop> {
        let heard = self.hear::<M>(within_s).await?;
        let kind = say::short_type_name::<M>();
        match heard {
            Some(message) => Ok(message),
            None => {
                let saw = self.names();
                self.fail(rules, format!("{kind} comes within {within_s} s"), saw)
            }
        }
    }

    /// Checks that no message of a kind comes for so many seconds.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn silence<M: TryFrom<Message> + std::fmt::Debug>(
        &mut self,
        rules: &[&'static str],
        seconds: u64,
    ) -> Ended {
        let heard = self.hear::<M>(seconds).await?;
        let kind = say::short_type_name::<M>();
        self.check(rules, format!("no {kind} comes for {seconds} s"), heard.is_none(), heard);
        Ok(())
    }

    /// All messages of a kind that were heard and not taken yet, in their order.
    pub fn all<M: TryFrom<Message>>(&self) -> Vec<(Heard, M)> {
        let state = self.top.state();
        let found = state.heard.iter().filter_map(|heard| {
            let message = heard.message.clone().ok()?;
            Some((heard.clone(), M::try_from(message).ok()?))
        });
        found.collect()
    }

    /// The names of the payloads heard and not taken yet.
    pub fn names(&self) -> Vec<String> {
        self.top.state().heard.iter().map(|heard| say::name_of(&heard.http.body)).collect()
    }

    /// What was heard so far does not matter.
    pub fn forget(&self) {
        self.top.state().heard.clear();
    }

    fn take<M: TryFrom<Message>>(&self, holds: &mut impl FnMut(&M) -> bool) -> Option<(Heard, M)> {
        let mut state = self.top.state();
        for at in 0..state.heard.len() {
            let Ok(message) = state.heard[at].message.clone() else { continue };
            if let Ok(message) = M::try_from(message)
                && holds(&message)
            {
                return state.heard.remove(at).map(|heard| (heard, message));
            }
        }
        None
    }

    /// Lets the VEN finish what it is at, without time passing where its clock is steered.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn settle(&self) -> Ended {
        match self.setting.pace.is_steered() {
            true => self.setting.pace.pass(Duration::ZERO).await,
            false => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Ok(())
            }
        }
    }

    /// Lets the shortest time pass after which it makes sense to look again.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn wait_a_little(&self) -> Ended {
        match self.setting.pace.is_steered() {
            true => self.setting.pace.pass(Duration::from_secs(1)).await,
            false => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok(())
            }
        }
    }

    /// How long to wait for what a poll brings to be answered: two poll intervals and some.
    pub fn soon(&self) -> u64 {
        match self.model {
            Model::Pull => u64::from(self.top.state().poll_s) * 2 + 5,
            Model::Push => 10,
        }
    }

    /// Whether the hook can do something; a question that changes nothing.
    pub async fn can(&self, question: serde_json::Value) -> bool {
        !matches!(self.hook().put(question).await, Told::Cannot(_))
    }
}

const BOOT_S: u64 = 60;
