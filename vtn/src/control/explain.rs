//! The facts behind an explanation, from one view of the store and from memory.

use jiff::Timestamp;
use oadr_certs::Fingerprint;
use oadr_schemas::openadr::event::EventTiming;
use oadr_store::{Keys, Snapshot};

use crate::error::Error;
use crate::event::timing;
use crate::explain::{Asked, EventFacts, Explanation, Facts, Telemetry, explain};
use crate::opting::{is_out_during, served};
use crate::record::{Event, OptEntry};
use crate::tables::{
    BY_FINGERPRINT, DELIVERIES, EVENTS, LIVE, METADATA, OPTS, PARTIES, READINGS, REPORT_REQUESTS,
    SERIES,
};
use crate::vtn::Vtn;

impl Vtn {
    /// Tells why a VEN did or did not get, answer or follow an event; without an event: whether
    /// one would reach it. A VEN may be named by a fingerprint, too. What is not there is told as
    /// well: it is a reason.
    ///
    /// # Errors
    /// Those of the store.
    pub fn explain(&self, ven: &str, event: Option<&str>) -> Result<Explanation, Error> {
        let (view, now) = (self.0.store.snapshot()?, self.0.clock.now());
        let ven = named(&view, ven)?;
        let party = PARTIES.get(&view, &ven)?;
        let own = |print: &Fingerprint| {
            party.iter().flat_map(|party| &party.certificates).any(|one| one.fingerprint == *print)
        };
        let mut strangers = self.strangers();
        strangers.retain(|one| !own(&one.fingerprint));
        let outbox = if party.is_some() { self.outbox(&ven)? } else { Default::default() };
        let event = match event {
            None => Asked::Nothing,
            Some(id) => match EVENTS.get(&view, id)? {
                None => Asked::Unknown(id.to_owned()),
                Some(event) => Asked::Event(Box::new(self.about(&view, (&ven, now), event)?)),
            },
        };
        let (heard, refused) = (self.0.watch.heard(&ven), self.refused(&ven));
        let (open_since, settings) = (self.0.watch.since, &self.0.settings);
        Ok(explain(&Facts {
            ven,
            now,
            open_since,
            settings,
            party,
            heard,
            refused,
            strangers,
            outbox,
            event,
        }))
    }

    fn about(
        &self,
        view: &Snapshot,
        (ven, now): (&str, Timestamp),
        event: Event,
    ) -> Result<EventFacts, Error> {
        let timing = timing(&event.draft)?;
        let served = match served(view, &event.draft.market_context, &self.0.settings) {
            Ok(()) => true,
            Err(Error::Fault(_)) => false,
            Err(error) => return Err(error),
        };
        Ok(EventFacts {
            served,
            delivery: DELIVERIES.get(view, (event.id.as_str(), ven))?,
            rivals: rivals(view, ven, (&event, &timing))?,
            excuses: excuses(view, ven, (&event, &timing))?,
            telemetry: telemetry(view, ven, (timing.start(), timing.ends_at().unwrap_or(now)))?,
            timing,
            event,
        })
    }
}

/// The venID of a VEN that may be named by a fingerprint.
fn named(view: &Snapshot, ven: &str) -> Result<String, Error> {
    if let (false, Ok(print)) = (PARTIES.contains(view, ven)?, ven.parse::<Fingerprint>())
        && let Some(print) = BY_FINGERPRINT.get(view, print.0)?
    {
        return Ok(print.ven);
    }
    Ok(ven.to_owned())
}

/// Rule 3: a smaller number outranks a larger one, and 0 is last.
fn rivals(
    view: &Snapshot,
    ven: &str,
    (event, own): (&Event, &EventTiming),
) -> Result<Vec<Event>, Error> {
    let rank = |event: &Event| event.draft.priority.wrapping_sub(1);
    let mut found = Vec::new();
    for ((_, id), ()) in LIVE.range(view, Keys::of((ven,)))? {
        let Some(other) = EVENTS.get(view, &id)? else { continue };
        let outranks = other.cancelled.is_none() && rank(&other) < rank(event);
        if outranks && timing(&other.draft)?.overlaps(own) {
            found.push(other);
        }
    }
    Ok(found)
}

fn excuses(
    view: &Snapshot,
    ven: &str,
    (event, timing): (&Event, &EventTiming),
) -> Result<Vec<OptEntry>, Error> {
    let draft = &event.draft;
    let named = draft.targets.resources.iter().map(|name| Some(name.as_str()));
    let resources: Vec<Option<&str>> = [None].into_iter().chain(named).collect();
    let of = (resources.as_slice(), draft.market_context.as_str());
    let span = (timing.start(), timing.ends_at());
    let schedules = OPTS.range(view, Keys::of((ven,)))?.into_iter().map(|(_, entry)| entry);
    Ok(schedules.filter(|entry| is_out_during(entry, of, span)).collect())
}

/// Whether anything was measured from `start` on, up to `end`: the first data point that was.
fn telemetry(
    view: &Snapshot,
    ven: &str,
    (start, end): (Timestamp, Timestamp),
) -> Result<Telemetry, Error> {
    let mut seen = None;
    let points = if start < end { POINTS } else { 0 };
    for ((_, specifier, rid), _) in SERIES.range(view, Keys::of((ven,)).limit(points))? {
        let key = |at: Timestamp| (ven, specifier.as_str(), rid.as_str(), at.as_microsecond());
        let keys = Keys::between(key(start)..key(end)).backward().limit(1);
        let last = READINGS.range(view, keys)?.pop();
        if let Some((_, reading)) = last {
            seen = Some((rid, reading.start));
            break;
        }
    }
    let asked = REPORT_REQUESTS.range(view, Keys::of((ven,)))?;
    Ok(Telemetry {
        offered: !METADATA.range(view, Keys::of((ven,)).limit(1))?.is_empty(),
        asked: asked.into_iter().map(|(_, request)| request).collect(),
        seen,
    })
}

/// Data points looked at.
const POINTS: usize = 1_000;
