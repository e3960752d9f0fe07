//! Events: made, changed, cancelled, read. OpenADR 2.0b Profile, rules 4, 5, 8 to 10, 20, 33,
//! 63, 70, 100 to 105, 111.

use jiff::Timestamp;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::check_event;
use oadr_schemas::openadr::event::Bounds;
use oadr_schemas::xml::Text;
use oadr_store::{Batch, Keys, Snapshot, Stored};
use serde::{Deserialize, Serialize};

use super::programmes::under_programme;
use super::{Expected, Request};
use crate::error::Error;
use crate::event::{clock, fan_out, render, sweep, timing};
use crate::opting::served;
use crate::record::{Delivery, Event, EventDraft, Made};
use crate::tables::{DELIVERIES, EVENTS, FAN_OUTS, OPEN_EVENTS, PARTIES};
use crate::vtn::Vtn;

/// What one VEN got of an event and said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventReply {
    /// venID.
    pub ven: String,
    /// What it was sent and what it answered.
    pub delivery: Delivery,
}

impl Vtn {
    /// Makes an event and lets the VENs it is for know by their next poll.
    ///
    /// # Errors
    /// [`Error::Fault`] with the number of the broken rule; [`Error::Clash`] if the eventID is
    /// taken (rule 70). Nothing is stored then.
    pub async fn create_event(&self, draft: EventDraft) -> Result<Event, Error> {
        self.create_event_once(None, draft).await
    }

    /// The same once for a request: a repetition is given the event as it was made, whatever
    /// became of it since. Without an eventID in the draft it follows from the request.
    ///
    /// # Errors
    /// As [`Vtn::create_event`]; [`Error::KeyReused`] if the request has said something else.
    pub async fn create_event_once(
        &self,
        request: Option<&Request>,
        draft: EventDraft,
    ) -> Result<Event, Error> {
        let said = (request, &("event", &draft));
        self.make_event(said, draft.id.as_deref(), |_| Ok(draft.clone())).await
    }

    /// Makes an event of what `draft` reads in the view on which it is decided.
    pub(super) async fn make_event(
        &self,
        (request, content): (Option<&Request>, &impl Serialize),
        id: Option<&str>,
        draft: impl Fn(&Snapshot) -> Result<EventDraft, Error>,
    ) -> Result<Event, Error> {
        let now = self.0.clock.now();
        let id = match (id, request) {
            (Some(id), _) if !id.trim().is_empty() => id.to_owned(),
            (Some(_), _) => {
                return Err(Error::rule(33, Code::NotCompliant, "the eventID is empty"));
            }
            (None, Some(request)) => request.id(),
            (None, None) => self.0.ids.make(),
        };
        let make = |view: &_, batch: &mut _| {
            let event = self.create_in((view, batch), &id, &draft(view)?, now)?;
            Ok(Made::Event(Box::new(event)))
        };
        let Made::Event(event) = self.once((request, content), now, make).await? else {
            return Err(Error::KeyReused);
        };
        // Also after a repetition: the first time may have ended before all were told.
        fan_out(&self.0.store, &event.id, now).await?;
        Ok(*event)
    }

    /// Adds to the batch: the event is made. Whoever commits it lets [`fan_out`] tell it.
    ///
    /// # Errors
    /// As [`Vtn::create_event`].
    pub(super) fn create_in(
        &self,
        (view, batch): (&Snapshot, &mut Batch),
        id: &str,
        draft: &EventDraft,
        now: Timestamp,
    ) -> Result<Event, Error> {
        let event = self.event_of((view, batch), id, draft, now)?;
        if timing(&event.draft)?.ends_at().is_some_and(|end| end <= now) {
            return Err(Error::rule(33, Code::InvalidData, "a new event in the past"));
        }
        if EVENTS.contains(view, &event.id)? {
            return Err(Error::Clash(format!("the eventID {} is taken", event.id)));
        }
        sweep(view, batch, now)?;
        EVENTS.put_new(batch, &event.id, &event)?;
        OPEN_EVENTS.put(batch, &event.id, &())?;
        tick(view, batch, &event)?;
        Ok(event)
    }

    /// The event of a draft, held against the rules. Adds to the batch: its programme stands.
    ///
    /// # Errors
    /// [`Error::Fault`] with the number of the broken rule; [`Error::Invalid`].
    pub(super) fn event_of(
        &self,
        (view, batch): (&Snapshot, &mut Batch),
        id: &str,
        draft: &EventDraft,
        now: Timestamp,
    ) -> Result<Event, Error> {
        let (id, draft) = (id.to_owned(), under_programme((view, batch), draft)?);
        // Rule 4: first sent with 0.
        let modification = 0;
        let (created, modified, reason, cancelled) = (now, now, None, None);
        let event = Event { id, draft, modification, created, modified, reason, cancelled };
        self.check(view, &event, now)?;
        self.check_targets(view, &event.draft)?;
        Ok(event)
    }

    /// Changes an event: one modificationNumber up (rule 5), `reason` for people. The same
    /// content again changes nothing.
    ///
    /// # Errors
    /// As [`Vtn::create_event`]; [`Error::Unknown`] if there is no such event; 451 if it is over
    /// or the change rewrites the past (rule 20).
    pub async fn modify_event(
        &self,
        id: &str,
        draft: EventDraft,
        reason: Option<String>,
    ) -> Result<Event, Error> {
        self.modify_event_if((id, &Expected::Any), draft, reason).await
    }

    /// The same, if the event stands at a version that is expected: of two who change it at once
    /// one is refused.
    ///
    /// # Errors
    /// As [`Vtn::modify_event`]; [`Error::Precondition`] if it stands at another version.
    pub async fn modify_event_if(
        &self,
        (id, expected): (&str, &Expected),
        draft: EventDraft,
        reason: Option<String>,
    ) -> Result<Event, Error> {
        let now = self.0.clock.now();
        let said = (id, &draft, reason.as_deref());
        let modified = |view: &_, batch: &mut _| {
            expected.holds(view, id)?;
            self.modify_in((view, batch), said, now)
        };
        let event = self.decide(modified).await?;
        fan_out(&self.0.store, id, now).await?;
        Ok(event)
    }

    /// Adds to the batch: the event says this. Whoever commits it lets [`fan_out`] tell it.
    ///
    /// # Errors
    /// As [`Vtn::modify_event`].
    pub(super) fn modify_in(
        &self,
        (view, batch): (&Snapshot, &mut Batch),
        (id, draft, reason): (&str, &EventDraft, Option<&str>),
        now: Timestamp,
    ) -> Result<Event, Error> {
        let before = event(view, id)?;
        let draft = under_programme((view, batch), draft)?;
        let draft = EventDraft { id: before.draft.id.clone(), ..draft };
        if draft == before.draft && before.cancelled.is_none() {
            return Ok(before.into_inner());
        }
        let after = Event { draft, ..changed(&before, reason, now)? };
        self.check(view, &after, now)?;
        self.check_targets(view, &after.draft)?;
        keeps_the_past(&before, &after, now)?;
        EVENTS.swap(batch, id, &before, &after)?;
        tick(view, batch, &after)?;
        Ok(after)
    }

    /// Cancels an event (rule 10). Twice is once.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such event; 451 if it is over.
    pub async fn cancel_event(&self, id: &str, reason: Option<String>) -> Result<Event, Error> {
        self.cancel_event_if((id, &Expected::Any), reason).await
    }

    /// The same, if the event stands at a version that is expected.
    ///
    /// # Errors
    /// As [`Vtn::cancel_event`]; [`Error::Precondition`] if it stands at another version.
    pub async fn cancel_event_if(
        &self,
        (id, expected): (&str, &Expected),
        reason: Option<String>,
    ) -> Result<Event, Error> {
        let now = self.0.clock.now();
        let said = (id, reason.as_deref());
        let cancelled = |view: &_, batch: &mut _| {
            expected.holds(view, id)?;
            cancel_in((view, batch), said, now)
        };
        let event = self.decide(cancelled).await?;
        fan_out(&self.0.store, id, now).await?;
        Ok(event)
    }

    /// Events in the order of their IDs, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn events(&self, after: Option<&str>, limit: usize) -> Result<Vec<Event>, Error> {
        let keys = match after {
            Some(after) => Keys::all().after(after),
            None => Keys::all(),
        };
        let found = EVENTS.range(&self.0.store, keys.limit(limit))?;
        Ok(found.into_iter().map(|(_, event)| event).collect())
    }

    /// An event.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such event.
    pub fn event(&self, id: &str) -> Result<Event, Error> {
        EVENTS
            .get(&self.0.store, id)?
            .ok_or_else(|| Error::Unknown { kind: "event", id: id.to_owned() })
    }

    /// Its eventStatus now: `far`, `near`, `active`, `completed` or `cancelled` (rule 13).
    ///
    /// # Errors
    /// [`Error::Fault`] for a draft that was never accepted.
    pub fn event_status(&self, event: &Event) -> Result<String, Error> {
        let timing = timing(&event.draft)?;
        let status = timing.status_at(self.0.clock.now(), event.cancelled.is_some());
        Ok(status.text().into_owned())
    }

    /// What each VEN got of an event and said, in the order of venIDs.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such event.
    pub fn event_answers(&self, id: &str) -> Result<Vec<EventReply>, Error> {
        self.event(id)?;
        let found = DELIVERIES.range(&self.0.store, Keys::of((id,)))?;
        Ok(found.into_iter().map(|((_, ven), delivery)| EventReply { ven, delivery }).collect())
    }

    /// The rules that need nothing but the event, as its VENs will see it.
    fn check(&self, view: &Snapshot, event: &Event, now: Timestamp) -> Result<(), Error> {
        served(view, &event.draft.market_context, &self.0.settings)?;
        Ok(check_event(&render(event, "ven", now)?.ei_event)?)
    }

    /// Whether the event leads to anybody: VENs that are named are there.
    fn check_targets(&self, view: &Snapshot, draft: &EventDraft) -> Result<(), Error> {
        let targets = &draft.targets;
        if targets.name_nobody() {
            let what = "the event is for nobody: name vens, groups or all, or enrol members in \
                its programme";
            return Err(Error::rule(22, Code::TargetMismatch, what));
        }
        for ven in &targets.vens {
            if !PARTIES.contains(view, ven)? {
                return Err(Error::rule(21, Code::InvalidId, format!("no VEN {ven:?}")));
            }
        }
        Ok(())
    }
}

/// Adds to the batch: the event is cancelled. Whoever commits it lets [`fan_out`] tell it.
///
/// # Errors
/// As [`Vtn::cancel_event`].
pub(super) fn cancel_in(
    (view, batch): (&Snapshot, &mut Batch),
    (id, reason): (&str, Option<&str>),
    now: Timestamp,
) -> Result<Event, Error> {
    let before = event(view, id)?;
    if before.cancelled.is_some() {
        return Ok(before.into_inner());
    }
    let after = Event { cancelled: Some(now), ..changed(&before, reason, now)? };
    EVENTS.swap(batch, id, &before, &after)?;
    OPEN_EVENTS.delete(batch, id);
    tick(view, batch, &after)?;
    Ok(after)
}

pub(super) fn event(view: &Snapshot, id: &str) -> Result<Stored<Event>, Error> {
    EVENTS.load(view, id)?.ok_or_else(|| Error::Unknown { kind: "event", id: id.to_owned() })
}

/// Adds to the batch: VENs are to be told, and who enrols one meanwhile looks again.
fn tick(view: &Snapshot, batch: &mut Batch, event: &Event) -> Result<(), Error> {
    clock::advance(view, batch)?;
    Ok(FAN_OUTS.put(batch, &event.id, &event.modification)?)
}

/// The next version of an event that is not over.
fn changed(before: &Event, reason: Option<&str>, now: Timestamp) -> Result<Event, Error> {
    let over = timing(&before.draft)?.ends_at().is_some_and(|end| now >= end);
    if before.cancelled.is_some() || over {
        return Err(Error::rule(20, Code::NotAllowed, "the event is over"));
    }
    // Rule 5: by exactly one.
    let modification = before.modification.checked_add(1);
    let spent = || Error::rule(5, Code::NotAllowed, "no modificationNumber is left");
    let modification = modification.ok_or_else(spent)?;
    let reason = reason.map(str::to_owned);
    Ok(Event { modification, modified: now, reason, ..before.clone() })
}

/// Rule 20: anything may be altered, provided it does not rewrite the past.
fn keeps_the_past(before: &Event, after: &Event, now: Timestamp) -> Result<(), Error> {
    let refuse = |what: &str| Err(Error::rule(20, Code::NotAllowed, what));
    let (old, new) = (timing(&before.draft)?, timing(&after.draft)?);
    if new.ends_at().is_some_and(|end| end <= now) {
        return refuse("the event would be over already");
    }
    let running = old.start() <= now;
    if running && new.start() != old.start() {
        return refuse("the event has started");
    }
    if !running && new.start() < now {
        return refuse("the event would have started already");
    }
    let (was, is) = (elapsed(before, now)?, elapsed(after, now)?);
    if was != is {
        return refuse("intervals that have passed would change");
    }
    Ok(())
}

/// What has passed of each signal: its name and its intervals that are over.
fn elapsed(event: &Event, now: Timestamp) -> Result<Vec<(String, Vec<Bounds>)>, Error> {
    let timing = timing(&event.draft)?;
    let rendered = render(event, "ven", now)?.ei_event;
    let mut signals = Vec::new();
    for signal in &rendered.ei_event_signals.ei_event_signal {
        let mut bounds = timing.intervals(signal)?;
        bounds.retain(|bounds| bounds.end.is_some_and(|end| end <= now));
        if !bounds.is_empty() {
            signals.push((signal.signal_id.clone(), bounds));
        }
    }
    Ok(signals)
}
