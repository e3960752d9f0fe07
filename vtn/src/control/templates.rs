//! Templates: events that are written before it is known when.

use jiff::Timestamp;
use oadr_store::{Keys, Read, Stored};
use serde::{Deserialize, Serialize};

use super::Request;
use super::holidays::refuse_if_series;
use super::usage::plain_name;
use crate::error::Error;
use crate::event::clock;
use crate::record::{Event, EventSeriesDraft, Template, TemplateDraft};
use crate::tables::TEMPLATES;
use crate::vtn::Vtn;

/// When a template is to become an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occasion {
    /// dtstart, UTC.
    pub start: Timestamp,
    /// eventID; `None`: the VTN makes one.
    #[serde(default)]
    pub id: Option<String>,
}

impl Vtn {
    /// Makes a template, or replaces what it says. It is held against the rules as an event that
    /// starts now would be. Events made of it before stay as they are; those of series follow.
    ///
    /// # Errors
    /// As [`Vtn::create_event`]; [`Error::Invalid`] for a name that is none. Nothing is stored
    /// then.
    pub async fn put_template(&self, name: &str, draft: TemplateDraft) -> Result<Template, Error> {
        plain_name("name", name)?;
        let now = self.0.clock.now();
        let start = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let saved = |view: &_, batch: &mut _| {
            self.event_of((view, batch), "probe", &draft.clone().at(start, None), now)?;
            let before = TEMPLATES.load(view, name)?;
            let created = before.as_ref().map_or(now, |before| before.created);
            let (name, draft) = (name.to_owned(), draft.clone());
            let after = Template { name, draft, created, modified: now };
            match &before {
                Some(before) => TEMPLATES.swap(batch, &after.name, before, &after)?,
                None => TEMPLATES.put_new(batch, &after.name, &after)?,
            }
            clock::advance(view, batch)?;
            Ok(after)
        };
        let saved = self.decide(saved).await?;
        self.keep_event_series().await;
        Ok(saved)
    }

    /// Templates in the order of their names, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn templates(&self, after: Option<&str>, limit: usize) -> Result<Vec<Template>, Error> {
        let keys = Keys::all().limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after(after));
        let found = TEMPLATES.range(&self.0.store, keys)?;
        Ok(found.into_iter().map(|(_, template)| template).collect())
    }

    /// A template.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such template.
    pub fn template(&self, name: &str) -> Result<Template, Error> {
        Ok(template(&self.0.store, name)?.into_inner())
    }

    /// Makes an event of a template.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such template; as [`Vtn::create_event`].
    pub async fn create_event_of(&self, name: &str, occasion: Occasion) -> Result<Event, Error> {
        self.create_event_of_once(None, name, occasion).await
    }

    /// The same once for a request, as [`Vtn::create_event_once`]; a repetition does not look at
    /// the template.
    ///
    /// # Errors
    /// As [`Vtn::create_event_of`]; [`Error::KeyReused`] if the request has said something else.
    pub async fn create_event_of_once(
        &self,
        request: Option<&Request>,
        name: &str,
        occasion: Occasion,
    ) -> Result<Event, Error> {
        let said = (request, &("event of a template", name, &occasion));
        self.make_event(said, occasion.id.as_deref(), |view| {
            let template = template(view, name)?.into_inner();
            Ok(template.draft.at(occasion.start, occasion.id.clone()))
        })
        .await
    }

    /// Forgets a template; events made of it stay.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such template; [`Error::Clash`] if a series that goes on
    /// names it.
    pub async fn remove_template(&self, name: &str) -> Result<Template, Error> {
        self.decide(|view, batch| {
            let before = template(view, name)?;
            let named = |draft: &EventSeriesDraft| draft.template == name;
            refuse_if_series((view, batch), &format!("the template {name}"), named)?;
            TEMPLATES.require_unchanged(batch, name, &before);
            TEMPLATES.delete(batch, name);
            Ok(before.into_inner())
        })
        .await
    }
}

pub(super) fn template(view: &impl Read, name: &str) -> Result<Stored<Template>, Error> {
    let unknown = || Error::Unknown { kind: "template", id: name.to_owned() };
    TEMPLATES.load(view, name)?.ok_or_else(unknown)
}
