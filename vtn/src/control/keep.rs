//! Series kept: their events made some days ahead, changed and cancelled as the series are.
//!
//! Each step is one commit that requires the series as it was planned with, and holds the event
//! together with the row that says what the series made of it. So a step is done once, whoever
//! keeps the series at the same time and wherever a crash falls; and an event that says something
//! else than its row is an operator's, whom the series does not overrule.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use oadr_store::{Batch, Keys, Snapshot};

use super::events::cancel_in;
use super::series::{Calendar, horizon, load, series_event};
use super::templates::template;
use crate::error::Error;
use crate::event::fan_out;
use crate::record::{Event, EventDraft, EventSeries, Occurrence};
use crate::tables::{EVENT_SERIES, OCCURRENCES, TEMPLATES, TROUBLES};
use crate::vtn::Vtn;

/// What is to be done for an instant of a series, unless it is done already.
#[derive(Clone, Copy)]
enum Step {
    /// There is an event, as the template says.
    Wanted,
    /// There is none.
    Unwanted,
}

impl Vtn {
    /// Makes the events of the series that are due to be made, and brings those that have not
    /// begun up to date. None is made that would have begun already: what a VTN that did not run
    /// has missed stays missed. To be called now and then; twice is once.
    ///
    /// What cannot be done is logged, told with the series, and tried again the next time.
    pub async fn keep_event_series(&self) {
        let names = match EVENT_SERIES.range(&self.0.store, Keys::all()) {
            Ok(found) => found.into_iter().map(|(name, _)| name),
            Err(error) => return tracing::error!(%error, "series cannot be read"),
        };
        for name in names {
            let trouble = self.keep(&name).await.err();
            if let Err(error) = self.tell(&name, trouble.as_ref()).await {
                tracing::error!(series = name, %error, "a series' trouble cannot be written down");
            }
        }
    }

    /// Keeps one series; an event that cannot be made does not hold up the others.
    async fn keep(&self, name: &str) -> Result<(), Error> {
        let now = self.0.clock.now();
        let view = self.0.store.snapshot()?;
        let series = load(&view, name)?.into_inner();
        let mut first = Ok(());
        for (at, step) in plan(&view, &series, now)? {
            match self.take((&series, at), step, now).await {
                // Somebody has changed it: he keeps it as it is now.
                Ok(Taken::Stale) => return Ok(()),
                Ok(Taken::Done) => {}
                Err(error) => first = first.and(Err(error)),
            }
        }
        first
    }

    /// Takes one step, if there is anything to do.
    async fn take(
        &self,
        (series, at): (&EventSeries, Timestamp),
        step: Step,
        now: Timestamp,
    ) -> Result<Taken, Error> {
        let decided = |view: &Snapshot, batch: &mut Batch| {
            let current = load(view, &series.name)?;
            if *current != *series {
                return Ok(None);
            }
            EVENT_SERIES.require_unchanged(batch, &series.name, &current);
            let work = (view, batch);
            match step {
                Step::Wanted => self.want(work, (series, at), now),
                Step::Unwanted => drop_event(work, (series, at), now),
            }
            .map(Some)
        };
        // Most of the time nothing is to be done: found out without a commit.
        match decided(&self.0.store.snapshot()?, &mut Batch::new())? {
            None => return Ok(Taken::Stale),
            Some(None) => return Ok(Taken::Done),
            Some(Some(_)) => {}
        }
        let Some(changed) = self.decide(decided).await? else { return Ok(Taken::Stale) };
        if let Some(event) = changed {
            let (id, modification) = (&event.id, event.modification);
            let cancelled = event.cancelled.is_some();
            tracing::info!(series = series.name, event = id, modification, cancelled, "kept");
            fan_out(&self.0.store, id, now).await?;
        }
        Ok(Taken::Done)
    }

    /// Adds to the batch: there is an event for this instant, as the template says now.
    fn want(
        &self,
        (view, batch): (&Snapshot, &mut Batch),
        (series, at): (&EventSeries, Timestamp),
        now: Timestamp,
    ) -> Result<Option<Event>, Error> {
        let key = (series.name.as_str(), at.as_second());
        let row = OCCURRENCES.load(view, key)?;
        if at <= now {
            return Ok(None);
        }
        let times = match row.as_deref() {
            None => 1,
            Some(row) if row.dropped => row.times.saturating_add(1),
            Some(row) => return self.update((view, batch), (series, at, row), now),
        };
        let id = event_id(&series.name, at, times);
        let draft = draft_of((view, batch), series, at, &id)?;
        let event = self.create_in((view, batch), &id, &draft, now)?;
        let made = event.draft.clone();
        let occurrence = Occurrence { event: id, made, dropped: false, times };
        match &row {
            Some(row) => OCCURRENCES.swap(batch, key, row, &occurrence)?,
            None => OCCURRENCES.put_new(batch, key, &occurrence)?,
        }
        Ok(Some(event))
    }

    /// Adds to the batch: an event that is there says what the template says now.
    fn update(
        &self,
        (view, batch): (&Snapshot, &mut Batch),
        (series, at, row): (&EventSeries, Timestamp, &Occurrence),
        now: Timestamp,
    ) -> Result<Option<Event>, Error> {
        if series_event(view, at.as_second(), row)?.by_operator {
            return Ok(None);
        }
        let draft = draft_of((view, batch), series, at, &row.event)?;
        if self.event_of((view, batch), &row.event, &draft, now)?.draft == row.made {
            return Ok(None);
        }
        let said = (row.event.as_str(), &draft, Some("the series has changed"));
        let event = self.modify_in((view, batch), said, now)?;
        let after = Occurrence { made: event.draft.clone(), ..row.clone() };
        OCCURRENCES.put(batch, (series.name.as_str(), at.as_second()), &after)?;
        Ok(Some(event))
    }

    /// Writes down what hinders a series, or that nothing does.
    async fn tell(&self, name: &str, trouble: Option<&Error>) -> Result<(), Error> {
        let now = trouble.map(ToString::to_string);
        if TROUBLES.get(&self.0.store, name)? == now {
            return Ok(());
        }
        if let Some(what) = &now {
            tracing::error!(series = name, what, "events of a series cannot be made");
        }
        self.decide(|_, batch| {
            match &now {
                Some(what) => TROUBLES.put(batch, name, what)?,
                None => TROUBLES.delete(batch, name),
            }
            Ok(())
        })
        .await
    }
}

/// What came of a step.
enum Taken {
    /// It is done, now or before.
    Done,
    /// The series is not what it was.
    Stale,
}

/// The instants after `now` for which something may have to be done.
fn plan(
    view: &Snapshot,
    series: &EventSeries,
    now: Timestamp,
) -> Result<BTreeMap<Timestamp, Step>, Error> {
    let (name, second) = (series.name.as_str(), now.as_second());
    let rows = OCCURRENCES.range(view, Keys::of((name,)).after((name, second)))?;
    let made = rows.into_iter().filter_map(|((_, at), _)| Timestamp::from_second(at).ok());
    let made: BTreeSet<Timestamp> = made.collect();
    let unwanted = made.iter().map(|at| (*at, Step::Unwanted));
    if let Some(stopped) = series.stopped {
        return Ok(if stopped.cancel { unwanted.collect() } else { BTreeMap::new() });
    }
    let calendar = Calendar::new(view, &series.draft)?;
    let ahead = horizon(&series.draft, now);
    // Events beyond a horizon that has come nearer are still the series'.
    let until = made.last().map_or(ahead, |last| (*last).max(ahead));
    let slots = calendar.slots((now, until), usize::MAX)?;
    let wanted = slots.into_iter().filter(|at| *at <= ahead || made.contains(at));
    Ok(unwanted.chain(wanted.map(|at| (at, Step::Wanted))).collect())
}

/// Adds to the batch: the event that was made for this instant is cancelled, if it has not begun.
/// One that is an operator's stays, unless the whole series is stopped.
fn drop_event(
    (view, batch): (&Snapshot, &mut Batch),
    (series, at): (&EventSeries, Timestamp),
    now: Timestamp,
) -> Result<Option<Event>, Error> {
    let key = (series.name.as_str(), at.as_second());
    let Some(row) = OCCURRENCES.load(view, key)? else { return Ok(None) };
    let one = series_event(view, at.as_second(), &row)?;
    let begun = one.event.draft.start <= now;
    let kept = one.by_operator && series.stopped.is_none();
    if row.dropped || begun || kept || one.event.cancelled.is_some() {
        return Ok(None);
    }
    let reason = match series.stopped {
        Some(_) => "the series has ended",
        None => "not in the series any more",
    };
    let event = cancel_in((view, batch), (&row.event, Some(reason)), now)?;
    OCCURRENCES.swap(batch, key, &row, &Occurrence { dropped: true, ..Occurrence::clone(&row) })?;
    Ok(Some(event))
}

/// What the template says for this instant. Adds to the batch: the template stands.
fn draft_of(
    (view, batch): (&Snapshot, &mut Batch),
    series: &EventSeries,
    at: Timestamp,
    id: &str,
) -> Result<EventDraft, Error> {
    let found = template(view, &series.draft.template)?;
    TEMPLATES.require_unchanged(batch, &series.draft.template, &found);
    Ok(found.into_inner().draft.at(at, Some(id.to_owned())))
}

/// An eventID out of the series and the instant; another one for an event that is made again.
fn event_id(series: &str, at: Timestamp, times: u32) -> String {
    let at = at.strftime("%Y%m%dT%H%M%SZ");
    match times {
        1 => format!("{series}-{at}"),
        _ => format!("{series}-{at}-{times}"),
    }
}
