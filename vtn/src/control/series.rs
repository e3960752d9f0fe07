//! Series: events that recur. RFC 5545, 3.8.5; each of their events is one of OpenADR 2.0b, which
//! knows no recurrence.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use oadr_store::{Keys, Read, Snapshot, Stored};
use serde::{Deserialize, Serialize};

use super::holidays::holidays;
use super::templates::template;
use super::usage::plain_name;
use crate::error::Error;
use crate::event::clock;
use crate::record::{Event, EventSeries, EventSeriesDraft, Holidays, Occurrence, Stopped};
use crate::recurrence::Recurrence;
use crate::tables::{EVENT_SERIES, EVENTS, OCCURRENCES, TEMPLATES, TROUBLES};
use crate::vtn::Vtn;

/// A series, and why some of its events could not be made when it was last tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesState {
    /// The series.
    #[serde(flatten)]
    pub series: EventSeries,
    /// `None`: all is well.
    pub trouble: Option<String>,
}

/// A series that is to be looked at before it is put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// The series.
    pub series: EventSeriesDraft,
    /// After when, UTC; `None`: now.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// How many, 1 to 1000.
    #[serde(default = "fifty")]
    pub count: usize,
}

/// An instant of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// When, UTC.
    pub start: Timestamp,
    /// The same in the series' zone.
    pub local: DateTime,
    /// Why there is no event; `None`: there is one.
    pub left_out: Option<String>,
}

/// An event of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesEvent {
    /// The series' instant, UTC: when the event starts unless an operator has moved it.
    pub instant: Timestamp,
    /// The event.
    pub event: Event,
    /// Whether an operator has changed it or cancelled it: the series leaves it alone then.
    pub by_operator: bool,
}

impl Vtn {
    /// Makes a series, or changes it: of its events those that have not begun follow, except
    /// those that an operator has changed or cancelled. One that was stopped goes on.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field. Nothing is stored then. What its events lack is told
    /// by [`SeriesState::trouble`].
    pub async fn put_event_series(
        &self,
        name: &str,
        draft: EventSeriesDraft,
    ) -> Result<SeriesState, Error> {
        plain_name("name", name)?;
        let now = self.0.clock.now();
        self.decide(|view, batch| {
            let calendar = Calendar::new(view, &draft)?;
            let ahead = calendar.slots((now, horizon(&draft, now)), MOST + 1)?;
            if ahead.len() > MOST {
                let what = format!("more than {MOST} events within {} days", draft.days_ahead);
                return Err(Error::invalid("days_ahead", what));
            }
            let before = EVENT_SERIES.load(view, name)?;
            let created = before.as_ref().map_or(now, |before| before.created);
            let (name, draft, modified) = (name.to_owned(), draft.clone(), now);
            let after = EventSeries { name, draft, created, modified, stopped: None };
            match &before {
                Some(before) => EVENT_SERIES.swap(batch, &after.name, before, &after)?,
                None => EVENT_SERIES.put_new(batch, &after.name, &after)?,
            }
            TEMPLATES.require_present(batch, &after.draft.template);
            clock::advance(view, batch)
        })
        .await?;
        self.keep_event_series().await;
        self.event_series(name)
    }

    /// Series in the order of their names, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn all_event_series(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<SeriesState>, Error> {
        let keys = Keys::all().limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after(after));
        let view = self.0.store.snapshot()?;
        let found = EVENT_SERIES.range(&view, keys)?;
        found.into_iter().map(|(_, series)| state(&view, series)).collect()
    }

    /// A series.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such series.
    pub fn event_series(&self, name: &str) -> Result<SeriesState, Error> {
        let view = self.0.store.snapshot()?;
        state(&view, load(&view, name)?.into_inner())
    }

    /// Lets a series make no more events; those that have not begun are cancelled, or left.
    /// Stopped twice, the second choice counts as well.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such series.
    pub async fn stop_event_series(&self, name: &str, cancel: bool) -> Result<SeriesState, Error> {
        let now = self.0.clock.now();
        self.decide(|view, batch| {
            let before = load(view, name)?;
            let (at, cancelled) = before.stopped.map_or((now, false), |was| (was.at, was.cancel));
            let stopped = Some(Stopped { at, cancel: cancel || cancelled });
            let after = EventSeries { stopped, modified: now, ..EventSeries::clone(&before) };
            EVENT_SERIES.swap(batch, name, &before, &after)?;
            Ok(())
        })
        .await?;
        self.keep_event_series().await;
        self.event_series(name)
    }

    /// The instants that a series would have, those that are left out with the reason.
    ///
    /// # Errors
    /// As [`Vtn::put_event_series`].
    pub fn preview_event_series(&self, preview: &Preview) -> Result<Vec<Slot>, Error> {
        if !(1..=MOST).contains(&preview.count) {
            return Err(Error::invalid("count", format!("1 to {MOST}")));
        }
        let from = preview.from.unwrap_or_else(|| self.0.clock.now());
        let calendar = Calendar::new(&self.0.store.snapshot()?, &preview.series);
        // In the request the draft stands one level down.
        let calendar = calendar.map_err(|error| match error {
            Error::Invalid { field, what } => Error::invalid(format!("series.{field}"), what),
            other => other,
        })?;
        let all = calendar.recurrence.between((from, Timestamp::MAX), preview.count, |_| true)?;
        let slot = |(start, local)| Slot { start, local, left_out: calendar.left_out(local) };
        Ok(all.into_iter().map(slot).collect())
    }

    /// The events of a series in the order of their instants, `limit` at most, those after
    /// `after` only; what the series has dropped among them.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such series.
    pub fn series_events(
        &self,
        name: &str,
        after: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<SeriesEvent>, Error> {
        let view = self.0.store.snapshot()?;
        load(&view, name)?;
        let keys = Keys::of((name,)).limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after((name, after.as_second())));
        let found = OCCURRENCES.range(&view, keys)?;
        found.into_iter().map(|((_, at), one)| series_event(&view, at, &one)).collect()
    }
}

/// A series' rule with the days that are left out.
pub(super) struct Calendar<'a> {
    draft: &'a EventSeriesDraft,
    recurrence: Recurrence,
    holidays: Vec<Holidays>,
}

impl<'a> Calendar<'a> {
    /// Reads what the series names.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field; those of the store.
    pub(super) fn new(view: &impl Read, draft: &'a EventSeriesDraft) -> Result<Self, Error> {
        let missing = |field: &str| {
            let field = field.to_owned();
            move |error| match error {
                Error::Unknown { kind, id } => Error::invalid(field, format!("no {kind} {id:?}")),
                other => other,
            }
        };
        template(view, &draft.template).map_err(missing("template"))?;
        if !(1..=LONGEST).contains(&draft.days_ahead) {
            return Err(Error::invalid("days_ahead", format!("1 to {LONGEST}")));
        }
        let recurrence = Recurrence::new(&draft.rule, draft.start, &draft.zone)?;
        let lists = draft.holidays.iter().map(|name| holidays(view, name));
        let holidays = lists.collect::<Result<_, _>>().map_err(missing("holidays"))?;
        Ok(Self { draft, recurrence, holidays })
    }

    /// The instants of this stretch that have events, `most` at most.
    ///
    /// # Errors
    /// As [`Recurrence::between`].
    pub(super) fn slots(
        &self,
        stretch: (Timestamp, Timestamp),
        most: usize,
    ) -> Result<Vec<Timestamp>, Error> {
        let found = self.recurrence.between(stretch, most, |at| self.left_out(at).is_none())?;
        Ok(found.into_iter().map(|(at, _)| at).collect())
    }

    fn left_out(&self, local: DateTime) -> Option<String> {
        if self.draft.except.iter().any(|except| except.means(local)) {
            return Some("except".to_owned());
        }
        let list = self.holidays.iter().find(|list| list.dates.contains(&local.date()))?;
        Some(format!("holiday of {}", list.name))
    }
}

/// Up to when the events of a series are made.
pub(super) fn horizon(draft: &EventSeriesDraft, now: Timestamp) -> Timestamp {
    let ahead = SignedDuration::from_hours(24 * i64::from(draft.days_ahead));
    now.checked_add(ahead).unwrap_or(Timestamp::MAX)
}

pub(super) fn load(view: &impl Read, name: &str) -> Result<Stored<EventSeries>, Error> {
    let unknown = || Error::Unknown { kind: "series", id: name.to_owned() };
    EVENT_SERIES.load(view, name)?.ok_or_else(unknown)
}

/// The event of an occurrence, and whether an operator's hand is in it.
///
/// # Errors
/// Those of the store.
pub(super) fn series_event(
    view: &Snapshot,
    at: i64,
    one: &Occurrence,
) -> Result<SeriesEvent, Error> {
    let lost = || Error::Internal(format!("event {} of a series is not there", one.event));
    let event = EVENTS.get(view, &one.event)?.ok_or_else(lost)?;
    let cancelled = event.cancelled.is_some() && !one.dropped;
    let by_operator = cancelled || event.draft != one.made;
    let instant = Timestamp::from_second(at).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(SeriesEvent { instant, event, by_operator })
}

fn state(view: &Snapshot, series: EventSeries) -> Result<SeriesState, Error> {
    let trouble = TROUBLES.get(view, &series.name)?;
    Ok(SeriesState { series, trouble })
}

fn fifty() -> usize {
    50
}

/// Events of a series at once, and instants of a preview.
pub(super) const MOST: usize = 1_000;
/// Days ahead.
const LONGEST: u16 = 366;
