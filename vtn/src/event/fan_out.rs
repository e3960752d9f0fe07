//! Events and VENs brought together: an event told to the VENs it is for, a VEN told the events
//! that are for it. OpenADR 2.0b Profile, rules 50, 61.
//!
//! An event is made in one commit together with a row in `fan_outs`; then it is told to its
//! VENs, some hundred a commit; then the row goes. A crash in between leaves the row, and the
//! telling is finished when the VTN opens again. Telling twice is telling once.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_store::{Batch, Keys, Read, Snapshot, Store};

use super::{clock, timing};
use crate::error::Error;
use crate::record::{Delivery, Due, Event, Party};
use crate::tables::{DELIVERIES, DUE, EVENTS, FAN_OUTS, LIVE, MEMBERS, OPEN_EVENTS, PARTIES};

/// Tells an event that waits to be told, as it stands now, to every VEN it is for, and takes it
/// from those it is not for any more.
///
/// # Errors
/// Those of the store; the rest is told when the VTN opens again.
pub(crate) async fn fan_out(store: &Store, event_id: &str, now: Timestamp) -> Result<(), Error> {
    // Once more if the event was changed meanwhile.
    while let Some(version) = FAN_OUTS.load(store, event_id)? {
        tell_all(store, event_id, now).await?;
        let mut batch = Batch::new();
        FAN_OUTS.require_unchanged(&mut batch, event_id, &version);
        FAN_OUTS.delete(&mut batch, event_id);
        match store.commit(batch).await.map_err(Error::from) {
            Err(error) if error.is_conflict() => {}
            result => return result,
        }
    }
    Ok(())
}

async fn tell_all(store: &Store, event_id: &str, now: Timestamp) -> Result<(), Error> {
    let view = store.snapshot()?;
    let Some(event) = EVENTS.get(&view, event_id)? else {
        return Err(Error::Internal(format!("event {event_id} is to be told and not there")));
    };
    for vens in recipients(&view, &event)?.chunks(CHUNK) {
        told(store, &event, vens, now).await?;
    }
    let mut withdrawn = Vec::new();
    for ((_, ven), delivery) in DELIVERIES.range(&view, Keys::of((event_id,)))? {
        let party = PARTIES.get(&view, &ven)?;
        if !delivery.withdrawn && !party.is_some_and(|party| is_for(&event, &party)) {
            withdrawn.push(ven);
        }
    }
    for vens in withdrawn.chunks(CHUNK) {
        told(store, &event, vens, now).await?;
    }
    Ok(())
}

/// Finishes what a crash left half told.
///
/// # Errors
/// Those of the store.
pub(crate) async fn finish_fan_outs(store: &Store, now: Timestamp) -> Result<(), Error> {
    for (event, _) in FAN_OUTS.range(store, Keys::all())? {
        tracing::info!(event, "telling an event to the end");
        fan_out(store, &event, now).await?;
    }
    Ok(())
}

/// Whether an event is for a party.
pub(crate) fn is_for(event: &Event, party: &Party) -> bool {
    let targets = &event.draft.targets;
    party.takes_events()
        && (targets.all
            || targets.vens.contains(&party.id)
            || targets.groups.iter().any(|group| party.groups.contains(group)))
}

/// Adds to the batch: the events that are for this party are on its list, and no others. For a
/// party that is new or changed its groups.
///
/// # Errors
/// Those of the store.
pub(crate) fn join(
    view: &Snapshot,
    batch: &mut Batch,
    party: &Party,
    now: Timestamp,
) -> Result<(), Error> {
    clock::stand(view, batch)?;
    let mut changed = false;
    for (id, ()) in OPEN_EVENTS.range(view, Keys::all())? {
        let Some(event) = EVENTS.get(view, &id)? else { continue };
        let listed = LIVE.contains(view, (party.id.as_str(), id.as_str()))?;
        let wanted = is_for(&event, party) && event.cancelled.is_none();
        if wanted != listed {
            place(view, batch, (&event, &party.id), wanted)?;
            changed = true;
        }
    }
    if changed {
        DUE.put(batch, &party.id, &Due { at: now, tries: 0 })?;
    }
    Ok(())
}

/// Adds to the batch: events that are over are open no more.
///
/// # Errors
/// Those of the store.
pub(crate) fn sweep(view: &Snapshot, batch: &mut Batch, now: Timestamp) -> Result<(), Error> {
    for (id, ()) in OPEN_EVENTS.range(view, Keys::all())? {
        let Some(event) = EVENTS.get(view, &id)? else { continue };
        if !is_open(&event, now)? {
            OPEN_EVENTS.delete(batch, &id);
        }
    }
    Ok(())
}

/// Whether an event is neither over nor cancelled.
///
/// # Errors
/// [`Error::Fault`] for a draft that was never accepted.
pub(crate) fn is_open(event: &Event, now: Timestamp) -> Result<bool, Error> {
    let until = timing(&event.draft)?.listed_until();
    Ok(event.cancelled.is_none() && until.is_none_or(|until| now < until))
}

/// The VENs that an event names or may be for, each once.
fn recipients(view: &Snapshot, event: &Event) -> Result<Vec<String>, Error> {
    let targets = &event.draft.targets;
    if targets.all {
        let parties = PARTIES.range(view, Keys::all())?;
        return Ok(parties.into_iter().map(|(id, _)| id).collect());
    }
    let mut vens: BTreeSet<String> = targets.vens.iter().cloned().collect();
    for group in &targets.groups {
        let members = MEMBERS.range(view, Keys::of((group.as_str(),)))?;
        vens.extend(members.into_iter().map(|((_, ven), ())| ven));
    }
    Ok(vens.into_iter().collect())
}

/// One commit: these VENs are to hear of the event, or to hear of it no more; again if a VEN
/// wrote in between.
async fn told(store: &Store, event: &Event, vens: &[String], now: Timestamp) -> Result<(), Error> {
    loop {
        let view = store.snapshot()?;
        let mut batch = Batch::new();
        for ven in vens {
            let Some(party) = PARTIES.load(&view, ven)? else { continue };
            PARTIES.require_unchanged(&mut batch, ven, &party);
            let wanted = is_for(event, &party);
            if wanted || LIVE.contains(&view, (ven.as_str(), event.id.as_str()))? {
                DUE.put(&mut batch, ven, &Due { at: now, tries: 0 })?;
            }
            place(&view, &mut batch, (event, ven), wanted)?;
        }
        match store.commit(batch).await.map_err(Error::from) {
            Err(error) if error.is_conflict() => {}
            result => return result,
        }
    }
}

/// Adds to the batch: the event is, or is not, on the VEN's list.
fn place(
    view: &impl Read,
    batch: &mut Batch,
    (event, ven): (&Event, &str),
    wanted: bool,
) -> Result<(), Error> {
    let key = (event.id.as_str(), ven);
    match DELIVERIES.load(view, key)? {
        None if wanted => DELIVERIES.put_new(batch, key, &Delivery::default())?,
        Some(delivery) if delivery.withdrawn == wanted => {
            let changed = Delivery { withdrawn: !wanted, ..Delivery::clone(&delivery) };
            DELIVERIES.swap(batch, key, &delivery, &changed)?;
        }
        _ => {}
    }
    if wanted {
        LIVE.put(batch, (ven, event.id.as_str()), &())?;
    } else {
        LIVE.delete(batch, (ven, event.id.as_str()));
    }
    Ok(())
}

/// VENs told in one commit.
const CHUNK: usize = 500;
