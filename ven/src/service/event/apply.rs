//! What each resource is told, and when. The VEN's own clock decides (rule 114): a completed
//! or active status on the wire is not needed (rule 66). Overlapping events are all told,
//! highest priority first, then the earlier start (rules 3, 15, 18).

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_platform::prosumer::Instruction;
use oadr_platform::signal::{ActiveSignal, SignalKey};
use oadr_platform::{Reason, ResourceId};
use oadr_store::{Batch, Keys};

use crate::context::{Context, Trouble};
use crate::tables::{APPLIED, EVENTS, EventRecord};

/// Tells every resource what is in force now, if that is not what it was told last.
/// `again` tells those under a signal even so. Returns when to look next.
///
/// The site is told first and the disk after it, so that an instruction is never lost; one
/// that is repeated because the VEN was killed in between carries the same keys.
pub(crate) async fn instruct(
    cx: &mut Context<'_>,
    again: bool,
) -> Result<Option<Timestamp>, Trouble> {
    let events: Vec<_> = EVENTS.range(cx.store, Keys::all())?.into_iter().map(|e| e.1).collect();
    let told: Vec<_> = APPLIED.range(cx.store, Keys::all())?;
    let mut resources: BTreeSet<_> = cx.site.resources.iter().map(|r| r.id.clone()).collect();
    resources.extend(told.iter().map(|(id, _)| ResourceId::from(id.as_str())));
    let mut next = next_boundary(cx, &events);
    for resource in resources {
        let active = active_on(cx, &events, &resource);
        let last = told.iter().find(|(id, _)| id == resource.as_str()).map(|(_, last)| last);
        let last = last.map(Vec::as_slice).unwrap_or_default();
        if active == last && (active.is_empty() || !again) {
            continue;
        }
        let instruction = Instruction { resource: resource.clone(), active: active.clone() };
        match cx.prosumer.apply(instruction, cx.now).await {
            Ok(()) => tracing::info!(%resource, signals = active.len(), "instructed"),
            Err(refusal) if refusal.reason == Reason::Unavailable => {
                tracing::warn!(%resource, %refusal, "the resource cannot be reached");
                let soon = cx.now.checked_add(TRY_AGAIN_AFTER).unwrap_or(Timestamp::MAX);
                next = next.into_iter().chain([soon]).min();
                continue;
            }
            Err(refusal) => tracing::warn!(%resource, %refusal, "the resource refuses"),
        }
        let mut batch = Batch::new();
        match active.is_empty() {
            true => APPLIED.delete(&mut batch, resource.as_str()),
            false => APPLIED.put(&mut batch, resource.as_str(), &active)?,
        }
        cx.store.commit(batch).await?;
    }
    Ok(next)
}

/// The signals in force on a resource, highest first.
fn active_on(cx: &Context<'_>, events: &[EventRecord], resource: &ResourceId) -> Vec<ActiveSignal> {
    let mut obeyed: Vec<_> = events
        .iter()
        .filter(|event| event.is_obeyed() && event.runs_at(cx.now) && !is_stale(cx, event))
        .filter(|e| e.offer.resources.is_empty() || e.offer.resources.contains(resource))
        .collect();
    obeyed.sort_by_key(|event| {
        // Rule 3: 0 is none and ranks below all others.
        let rank = event.offer.priority.wrapping_sub(1);
        (rank, event.offer.interval.start, event.offer.event.clone())
    });
    obeyed.into_iter().flat_map(|event| in_force(event, cx.now)).collect()
}

/// The values of an event in force at `at`, one for each signal.
fn in_force(event: &EventRecord, at: Timestamp) -> Vec<ActiveSignal> {
    let mut active = Vec::new();
    for signal in &event.offer.signals {
        let mut numbered = (0u32..).zip(&signal.values);
        let found = numbered.find(|(_, (interval, _))| {
            interval.contains(at) || (event.is_endless(interval) && interval.start <= at)
        });
        let Some((uid, (interval, value))) = found else { continue };
        let own = (!event.is_endless(interval)).then(|| interval.end());
        active.push(ActiveSignal {
            key: SignalKey {
                event: event.offer.event.clone(),
                modification: event.offer.modification,
                signal: signal.id.clone(),
                interval: uid,
            },
            priority: event.offer.priority,
            signal: value.clone(),
            until: own.into_iter().chain(event.end()).min(),
        });
    }
    active
}

/// An event without end is not obeyed for ever while the VTN is silent.
fn is_stale(cx: &Context<'_>, event: &EventRecord) -> bool {
    event.end().is_none() && stale_from(cx).is_some_and(|from| from <= cx.now)
}

fn stale_from(cx: &Context<'_>) -> Option<Timestamp> {
    cx.traffic.silent_since.checked_add(cx.settings.obey_silence_for).ok()
}

/// The next instant at which what is in force may change.
fn next_boundary(cx: &Context<'_>, events: &[EventRecord]) -> Option<Timestamp> {
    let obeyed = events.iter().filter(|event| event.is_obeyed());
    let instants = obeyed.flat_map(|event| {
        let values = event.offer.signals.iter().flat_map(|signal| &signal.values);
        let starts = values.map(|(interval, _)| interval.start);
        let silent = event.end().is_none().then(|| stale_from(cx)).flatten();
        starts.chain([event.offer.interval.start]).chain(event.end()).chain(silent)
    });
    instants.filter(|at| *at > cx.now).min()
}

const TRY_AGAIN_AFTER: std::time::Duration = std::time::Duration::from_secs(10);
