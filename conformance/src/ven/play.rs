//! A play against a VEN: starting it, telling it things, hearing what it says.

use std::ops::{Deref, DerefMut};

use oadr_certs::dev::{KeyKind, Role as CertificateRole};
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{OadrCancelPartyRegistration, OadrDistributeEvent, OadrEvent};
use oadr_schemas::openadr::{self, Message};

use super::top::{Registered, Scene, Scripted, Top};
use super::{answer, enrol};
use crate::hook::VenSettings;
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

impl Model {
    /// As the hook is told it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
        }
    }
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
        let before = self.top.state().registrations;
        self.start(settings).await?;
        let end = self.in_s(BOOT_S);
        // One that is not stopped yet may still call under its old venID.
        while !self.has_fetched(before) {
            if self.now() >= end {
                return inconclusive("the VEN does not register and fetch its events");
            }
            self.wait_a_little().await?;
        }
        self.introduce().await?;
        // Let it say the rest: its metadata, the answer to ours.
        self.settle().await?;
        self.forget();
        Ok(())
    }

    /// Whether a VEN that registered after so many others has fetched its events.
    fn has_fetched(&self, before: usize) -> bool {
        let state = self.top.state();
        let newest = state.ven.as_ref().filter(|_| state.registrations > before);
        let Some(ven_id) = newest.map(|ven| ven.ven_id.as_str()) else { return false };
        state.heard.iter().any(|heard| match &heard.message {
            Ok(Message::OadrRequestEvent(request)) => request.ei_request_event.ven_id == ven_id,
            _ => false,
        })
    }

    /// The VTN's metadata reach a new VEN before anything else does (rule 309): its first poll
    /// brings them, or they are posted. What it says to them, `reg-after-new` judges.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn introduce(&mut self) -> Ended {
        if self.model == Model::Push {
            let ven = self.ven()?;
            let metadata = answer::metadata(&enrol::metadata_id(&ven), Some(ven.ven_id));
            let text = openadr::encode(metadata.into(), None);
            let _ = self.push_text(Service::EiReport, text).await;
            return Ok(());
        }
        let soon = i64::try_from(self.soon()).unwrap_or(0);
        let end = self.in_s(soon);
        self.settle().await?;
        while !self.top.state().queue.is_empty() && self.now() < end {
            self.wait_a_little().await?;
        }
        Ok(())
    }

    /// (Re)starts the VEN, unregistered, and returns as soon as it runs.
    ///
    /// # Errors
    /// Skip, if it cannot be such a VEN.
    pub async fn start(&mut self, settings: &VenSettings) -> Ended {
        let (hook, url, model) = (self.hook(), self.url.clone(), self.model.word());
        self.forget();
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
        let mut events = events;
        answer::stamp(&mut events, self.now());
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
}

/// How long a VEN may take to register and to fetch its events, seconds.
const BOOT_S: i64 = 60;
