//! The intervals of a signal in time, and the value in force. OpenADR 2.0b Profile,
//! rules 8, 14, 29, 102.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::EventTiming;
use super::length::Length;
use crate::openadr::Code;
use crate::openadr::check::Fault;
use crate::openadr::ei::{EiEvent, EiEventBaseline, EiEventSignal};
use crate::openadr::strm::Intervals;
use crate::xml::Duration;

/// One interval of a signal, bound to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// From here on, inclusive.
    pub start: Timestamp,
    /// Up to here, exclusive; `None` for the last interval of an event without end.
    pub end: Option<Timestamp>,
    /// The value in force.
    pub value: Decimal,
}

impl Bounds {
    /// Whether it is in force at `now`.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.start <= now && self.end.is_none_or(|end| now < end)
    }

    /// The same `shift` later (rule 30).
    pub fn shifted(self, shift: SignedDuration) -> Self {
        let later = |at: Timestamp| at.checked_add(shift).unwrap_or(Timestamp::MAX);
        Self { start: later(self.start), end: self.end.map(later), ..self }
    }
}

impl EventTiming {
    /// The signal's intervals, each from S plus the durations before it.
    ///
    /// # Errors
    /// Rule 102 if an interval has no duration or a negative one, rule 8 if they do not
    /// sum to the event's, rule 100 if a value cannot be read.
    pub fn intervals(&self, signal: &EiEventSignal) -> Result<Vec<Bounds>, Fault> {
        let place = format!("signal {}", signal.signal_id);
        sums(&signal.intervals, self.start, self.end, &place, 8)?;
        bounds(&signal.intervals, self.start, self.end.is_none(), &place)
    }

    /// The value in force at `now`: that of the interval while the event is active
    /// (rule 29); 0 for SIMPLE at any other time (rule 14); otherwise none (rule 110).
    ///
    /// # Errors
    /// As [`EventTiming::intervals`].
    pub fn current_value_at(
        &self,
        signal: &EiEventSignal,
        now: Timestamp,
        cancelled: bool,
    ) -> Result<Option<Decimal>, Fault> {
        let found = match cancelled {
            true => None,
            false => self.intervals(signal)?.into_iter().find(|bounds| bounds.holds_at(now)),
        };
        let idle = signal.is_simple().then_some(Decimal::ZERO);
        Ok(found.map(|bounds| bounds.value).or(idle))
    }
}

impl EiEvent {
    /// Brings eventStatus and every currentValue up to `now` (rules 13, 14, 29, 115).
    /// A cancelled event stays cancelled.
    ///
    /// # Errors
    /// As [`EventTiming::of`] and [`EventTiming::intervals`].
    pub fn refresh(&mut self, now: Timestamp) -> Result<(), Fault> {
        let timing = EventTiming::of(self)?;
        let cancelled = self.is_cancelled();
        for signal in &mut self.ei_event_signals.ei_event_signal {
            let value = timing.current_value_at(signal, now, cancelled)?;
            signal.current_value = value.map(Into::into);
        }
        self.event_descriptor.event_status = timing.status_at(now, cancelled);
        Ok(())
    }
}

impl EiEventBaseline {
    /// The baseline's intervals from its own start.
    ///
    /// # Errors
    /// Rule 102 if they lack durations or do not sum to the baseline's own, rule 100 if
    /// a value cannot be read.
    pub fn bounds(&self) -> Result<Vec<Bounds>, Fault> {
        let start = Timestamp::from(&self.dtstart);
        let duration = self.duration.duration;
        let end = match duration.is_zero() {
            true => None,
            false => Some(Length::from(duration).after(start).ok_or_else(|| {
                Fault::new(102, Code::InvalidData, "the baseline leads out of the calendar")
            })?),
        };
        sums(&self.intervals, start, end, "the baseline", 102)?;
        bounds(&self.intervals, start, end.is_none(), "the baseline")
    }
}

/// Whether the intervals last as long as the whole (rules 8, 102).
pub(in crate::openadr) fn sums(
    intervals: &Intervals,
    start: Timestamp,
    end: Option<Timestamp>,
    place: &str,
    rule: u16,
) -> Result<(), Fault> {
    let mut sum = Length::ZERO;
    for (k, interval) in intervals.interval.iter().enumerate() {
        let duration =
            duration_of(interval.duration.as_ref().map(|property| property.duration), k, place)?;
        sum = sum.plus(duration.into());
    }
    let reached = sum.after(start);
    if reached == Some(end.unwrap_or(start)) {
        return Ok(());
    }
    let at = |instant: Option<Timestamp>| {
        instant.map_or_else(|| "out of the calendar".to_owned(), |at| format!("until {at}"))
    };
    let what = format!(
        "the intervals of {place} last {}, the whole {}",
        at(reached),
        end.map_or_else(|| "has no end, so they must last PT0S".to_owned(), |end| at(Some(end))),
    );
    Err(Fault::new(rule, Code::InvalidData, what))
}

fn bounds(
    intervals: &Intervals,
    start: Timestamp,
    endless: bool,
    place: &str,
) -> Result<Vec<Bounds>, Fault> {
    let last = intervals.interval.len().saturating_sub(1);
    let mut sum = Length::ZERO;
    let mut from = start;
    let mut found = Vec::with_capacity(intervals.interval.len());
    for (k, interval) in intervals.interval.iter().enumerate() {
        let duration =
            duration_of(interval.duration.as_ref().map(|property| property.duration), k, place)?;
        sum = sum.plus(duration.into());
        let to = sum.after(start).ok_or_else(|| {
            let what = format!("interval {k} of {place} leads out of the calendar");
            Fault::new(102, Code::InvalidData, what)
        })?;
        let value = interval.signal_value().ok_or_else(|| {
            let what = format!("interval {k} of {place} has no single finite payloadFloat");
            Fault::new(100, Code::NotCompliant, what)
        })?;
        let end = (!endless || k != last).then_some(to);
        found.push(Bounds { start: from, end, value });
        from = to;
    }
    Ok(found)
}

fn duration_of(duration: Option<Duration>, k: usize, place: &str) -> Result<Duration, Fault> {
    match duration {
        Some(d) if d.negative && !d.is_zero() => {
            let what = format!("interval {k} of {place} has a negative duration");
            Err(Fault::new(102, Code::InvalidData, what))
        }
        Some(d) => Ok(d),
        None => {
            let what = format!("interval {k} of {place} has no duration");
            Err(Fault::new(102, Code::NotCompliant, what))
        }
    }
}
