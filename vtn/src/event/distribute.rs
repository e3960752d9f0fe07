//! A VEN's list of events. OpenADR 2.0b Profile, rules 12, 15, 27, 50, 52, 66, 115, 502.
//!
//! Reads the VEN's own rows only. Marks what goes out in the caller's batch.

use jiff::Timestamp;
use oadr_schemas::openadr::event::{EventTiming, Place};
use oadr_schemas::openadr::oadr::OadrEvent;
use oadr_store::{Batch, Keys, Read, Stored};

use super::{render, timing};
use crate::context::Context;
use crate::error::Error;
use crate::record::{Delivery, Due, Event, Sent};
use crate::settings::Limits;
use crate::tables::{DELIVERIES, DUE, EVENTS, LIVE};

/// One event of a VEN, with what the VEN got of it and said.
struct Listed {
    event: Event,
    delivery: Stored<Delivery>,
    timing: EventTiming,
    place: Place,
}

/// The events of this VEN, in the order of rule 15, `limit` at most (rule 27). Adds to the
/// batch: they are sent, what is over is off the list, and what stays unanswered will be
/// offered again.
///
/// # Errors
/// Those of the store.
pub(crate) fn distribute(
    cx: &Context<'_>,
    batch: &mut Batch,
    limit: Option<u32>,
) -> Result<Vec<OadrEvent>, Error> {
    let limits = &cx.settings.limits;
    let mut listed = Vec::new();
    for found in list(cx)? {
        if is_over(&found, cx.now, limits) {
            LIVE.delete(batch, (cx.ven(), found.event.id.as_str()));
        } else {
            listed.push(found);
        }
    }
    listed.sort_by(|a, b| a.place.cmp(&b.place));
    let most = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let cut = listed.len() > most;
    listed.truncate(most);
    let mut events = Vec::with_capacity(listed.len());
    let mut waits = false;
    for found in &listed {
        events.push(render(&found.event, cx.ven(), cx.now)?);
        let delivery = sent(&found.event, &found.delivery, cx.now);
        waits |= awaits(&found.event, &delivery, limits);
        if delivery != *found.delivery && !found.delivery.is_answered_for(&found.event) {
            let key = (found.event.id.as_str(), cx.ven());
            DELIVERIES.swap(batch, key, &found.delivery, &delivery)?;
        }
    }
    settle(cx, batch, if cut { Some(cx.now) } else { waits.then(|| again(cx)) })?;
    Ok(events)
}

/// Adds to the batch: when the VEN's events are to be offered next, if at all. Not if they
/// became due again meanwhile: then the commit conflicts.
///
/// # Errors
/// Those of the store.
pub(crate) fn settle(
    cx: &Context<'_>,
    batch: &mut Batch,
    next: Option<Timestamp>,
) -> Result<(), Error> {
    let now_due = DUE.load(&cx.view, cx.ven())?;
    match (&now_due, next) {
        (None, None) => {}
        (None, Some(at)) => DUE.put_new(batch, cx.ven(), &Due { at, tries: 1 })?,
        (Some(due), Some(at)) => {
            DUE.swap(batch, cx.ven(), due, &Due { at, tries: due.tries.saturating_add(1) })?;
        }
        (Some(due), None) => {
            DUE.require_unchanged(batch, cx.ven(), due);
            DUE.delete(batch, cx.ven());
        }
    }
    Ok(())
}

/// Whether the VEN still has to be offered this version: it was not sent, or needs an answer
/// and got none, and it was not tried often enough yet. What needs no answer is sent twice,
/// since nothing tells that the first reply arrived.
pub(crate) fn awaits(event: &Event, delivery: &Delivery, limits: &Limits) -> bool {
    match &delivery.sent {
        None => event.cancelled.is_none(),
        Some(sent) if sent.modification != event.modification => true,
        Some(_) if delivery.is_answered() => false,
        Some(sent) if event.draft.response_required => sent.times < limits.event_tries,
        Some(sent) => sent.times < UNANSWERABLE.min(limits.event_tries),
    }
}

/// The rows of a VEN.
fn list(cx: &Context<'_>) -> Result<Vec<Listed>, Error> {
    let mut found = Vec::new();
    for ((_, id), ()) in LIVE.range(&cx.view, Keys::of((cx.ven(),)))? {
        let delivery = DELIVERIES.load(&cx.view, (id.as_str(), cx.ven()))?;
        let (Some(event), Some(delivery)) = (EVENTS.get(&cx.view, &id)?, delivery) else {
            return Err(Error::Internal(format!("event {id} is listed and not there")));
        };
        let timing = timing(&event.draft)?;
        let ei_event = render(&event, cx.ven(), cx.now)?.ei_event;
        let place = Place::of(&ei_event, &timing, cx.now);
        found.push(Listed { event, delivery, timing, place });
    }
    Ok(found)
}

/// Whether an event is off the list. Rule 66: one with startafter is listed until S + D + R.
/// Rules 50, 52: a cancelled one until it is acknowledged, over, or tried often enough; one
/// that the VEN never saw is none of its business.
fn is_over(found: &Listed, now: Timestamp, limits: &Limits) -> bool {
    let Listed { event, delivery, timing, .. } = found;
    if timing.listed_until().is_some_and(|until| now >= until) {
        return true;
    }
    if event.cancelled.is_none() {
        return false;
    }
    match &delivery.sent {
        None => true,
        Some(sent) if sent.modification == event.modification => {
            sent.times >= limits.event_tries || delivery.is_answered()
        }
        Some(_) => false,
    }
}

/// The same after one more sending.
fn sent(event: &Event, delivery: &Delivery, now: Timestamp) -> Delivery {
    let sent = match &delivery.sent {
        Some(sent) if sent.modification == event.modification => {
            Sent { times: sent.times.saturating_add(1), ..sent.clone() }
        }
        _ => Sent { modification: event.modification, at: now, times: 1 },
    };
    Delivery { sent: Some(sent), ..delivery.clone() }
}

fn again(cx: &Context<'_>) -> Timestamp {
    cx.now.checked_add(cx.settings.limits.answer_within).unwrap_or(Timestamp::MAX)
}

impl Delivery {
    /// Whether sending it again changes nothing: this version was sent and answered.
    fn is_answered_for(&self, event: &Event) -> bool {
        let same = self.sent.as_ref().is_some_and(|sent| sent.modification == event.modification);
        same && self.is_answered()
    }
}

/// How often an event without an answer to wait for is sent.
const UNANSWERABLE: u32 = 2;

/// Whether every event of the VEN is sent and answered, given newer rows than the view's.
///
/// # Errors
/// Those of the store.
pub(crate) fn all_settled(
    cx: &Context<'_>,
    newer: &[(String, Delivery)],
    view: &impl Read,
) -> Result<bool, Error> {
    for ((_, id), ()) in LIVE.range(view, Keys::of((cx.ven(),)))? {
        let Some(event) = EVENTS.get(view, &id)? else { continue };
        let fresh = newer.iter().find(|(newer, _)| *newer == id).map(|(_, row)| row.clone());
        let delivery = match fresh {
            Some(delivery) => Some(delivery),
            None => DELIVERIES.get(view, (id.as_str(), cx.ven()))?,
        };
        if awaits(&event, &delivery.unwrap_or_default(), &cx.settings.limits) {
            return Ok(false);
        }
    }
    Ok(true)
}
