//! Programmes: a market context with a name, who is enrolled, and what its events are like if they
//! do not say. OpenADR 2.0b Profile, rules 3, 48, 104, 105, 512.

use oadr_schemas::openadr::ei::SignalName;
use oadr_schemas::xml::Text;
use oadr_store::{Batch, Keys, Snapshot};

use super::usage::{Use, refuse_if_used};
use crate::error::Error;
use crate::event::clock;
use crate::market_context::normal;
use crate::record::{EventDraft, Programme, ProgrammeDraft, Targets};
use crate::tables::{PARTIES, PROGRAMMES};
use crate::unit;
use crate::vtn::Vtn;

impl Vtn {
    /// Makes a programme, or replaces what it says. Events that are there stay as they are; those
    /// of series follow.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field. Nothing is stored then.
    pub async fn put_programme(
        &self,
        market_context: &str,
        draft: ProgrammeDraft,
    ) -> Result<Programme, Error> {
        is_uri(market_context)?;
        check(&draft)?;
        let now = self.0.clock.now();
        let key = normal(market_context);
        let saved = |view: &_, batch: &mut _| {
            known_vens(view, &draft.members)?;
            let before = PROGRAMMES.load(view, &key)?;
            let (first, created) = before.as_ref().map_or((market_context, now), |before| {
                (before.market_context.as_str(), before.created)
            });
            let market_context = first.to_owned();
            let after = Programme { market_context, draft: draft.clone(), created, modified: now };
            match &before {
                Some(before) => PROGRAMMES.swap(batch, &key, before, &after)?,
                None => PROGRAMMES.put_new(batch, &key, &after)?,
            }
            clock::advance(view, batch)?;
            Ok(after)
        };
        let saved = self.decide(saved).await?;
        self.keep_event_series().await;
        Ok(saved)
    }

    /// Programmes in the order of their market contexts, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn programmes(&self, after: Option<&str>, limit: usize) -> Result<Vec<Programme>, Error> {
        let keys = Keys::all().limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after(normal(after)));
        let found = PROGRAMMES.range(&self.0.store, keys)?;
        Ok(found.into_iter().map(|(_, programme)| programme).collect())
    }

    /// A programme.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such programme.
    pub fn programme(&self, market_context: &str) -> Result<Programme, Error> {
        let found = PROGRAMMES.get(&self.0.store, normal(market_context))?;
        found.ok_or_else(|| unknown(market_context))
    }

    /// Forgets a programme.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such programme; [`Error::Clash`] if events that are not
    /// over or templates belong to it.
    pub async fn remove_programme(&self, market_context: &str) -> Result<Programme, Error> {
        let now = self.0.clock.now();
        let key = normal(market_context);
        self.decide(|view, batch| {
            let before = PROGRAMMES.load(view, &key)?.ok_or_else(|| unknown(market_context))?;
            let named = |one: &Use<'_>| one.context.is_some_and(|it| normal(it) == key);
            let what = format!("the programme {}", before.market_context);
            refuse_if_used((view, batch), now, &what, named)?;
            PROGRAMMES.require_unchanged(batch, &key, &before);
            PROGRAMMES.delete(batch, &key);
            Ok(before.into_inner())
        })
        .await
    }
}

/// An event's draft with what its programme says where it says nothing itself. Adds to the batch:
/// the programme is still as it was.
///
/// # Errors
/// [`Error::Invalid`] for a signal that the programme does not have; those of the store.
pub(super) fn under_programme(
    (view, batch): (&Snapshot, &mut Batch),
    draft: &EventDraft,
) -> Result<EventDraft, Error> {
    let key = normal(&draft.market_context);
    let mut draft = draft.clone();
    let Some(programme) = PROGRAMMES.load(view, &key)? else {
        PROGRAMMES.require_absent(batch, &key);
        return Ok(draft);
    };
    PROGRAMMES.require_unchanged(batch, &key, &programme);
    let terms = &programme.draft;
    for (at, signal) in draft.signals.iter().enumerate() {
        if !terms.signals.is_empty() && !terms.signals.contains(&signal.name) {
            let (context, names) = (&programme.market_context, terms.signals.join(", "));
            let what = format!("{} is no signal of {context}; there are: {names}", signal.name);
            return Err(Error::invalid(format!("signals[{at}].name"), what));
        }
    }
    if draft.priority == 0 {
        draft.priority = terms.priority;
    }
    if draft.notification.is_zero() {
        draft.notification = terms.notification;
    }
    if draft.targets.name_nobody() {
        let resources = std::mem::take(&mut draft.targets.resources);
        draft.targets = terms.members.clone();
        if !resources.is_empty() {
            draft.targets.resources = resources;
        }
    }
    Ok(draft)
}

/// What needs nothing but the draft.
fn check(draft: &ProgrammeDraft) -> Result<(), Error> {
    if draft.name.trim().is_empty() || draft.name.len() > LONGEST {
        let what = format!("a name for people, {LONGEST} bytes at most");
        return Err(Error::invalid("name", what));
    }
    for (at, name) in draft.signals.iter().enumerate() {
        if SignalName::parse(name).is_err() {
            let what = format!("no signalName {name:?} (rule 104)");
            return Err(Error::invalid(format!("signals[{at}]"), what));
        }
    }
    if draft.notification.is_negative() || unit::duration(draft.notification).is_none() {
        return Err(Error::invalid("notification", "whole seconds, not negative (rule 1)"));
    }
    if draft.members.name_nobody() && !draft.members.resources.is_empty() {
        let what = "resources narrow the VENs that are named: name vens, groups or all as well";
        return Err(Error::invalid("members.resources", what));
    }
    Ok(())
}

/// A market context is an absolute URI.
fn is_uri(text: &str) -> Result<(), Error> {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let odd = text.chars().any(|c| c.is_whitespace() || c.is_control());
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    if odd || !begins || !scheme.chars().all(plain) || text.len() > LONGEST {
        let what = format!("{text:?} is no URI such as urn:programme:1, {LONGEST} bytes at most");
        return Err(Error::invalid("market_context", what));
    }
    Ok(())
}

fn known_vens(view: &Snapshot, members: &Targets) -> Result<(), Error> {
    for (at, ven) in members.vens.iter().enumerate() {
        if !PARTIES.contains(view, ven)? {
            return Err(Error::invalid(format!("members.vens[{at}]"), format!("no VEN {ven:?}")));
        }
    }
    Ok(())
}

fn unknown(market_context: &str) -> Error {
    Error::Unknown { kind: "programme", id: market_context.to_owned() }
}

/// Bytes of a name, and of a URI.
const LONGEST: usize = 250;
