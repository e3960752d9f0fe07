//! Series: events that recur, and lists of holidays. RFC 5545, 3.8.5.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::EventDraft;

/// A series as an operator writes it: which template, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSeriesDraft {
    /// The template that says what each event is.
    pub template: String,
    /// The IANA time zone of all that follows, such as `Europe/Berlin`.
    pub zone: String,
    /// DTSTART, a local time in whole seconds: no event before it, and the time of day of each.
    pub start: DateTime,
    /// RRULE, such as `FREQ=WEEKLY;BYDAY=MO,FR`.
    pub rule: String,
    /// EXDATE: local days and times at which there is none.
    #[serde(default)]
    pub except: BTreeSet<Except>,
    /// Lists of holidays, by name, on whose local days there is none.
    #[serde(default)]
    pub holidays: BTreeSet<String>,
    /// How many days ahead its events are made.
    #[serde(default = "a_week")]
    pub days_ahead: u16,
}

/// A local day, or one local time of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Except {
    /// All of a day.
    Day(Date),
    /// One time.
    Time(DateTime),
}

/// A series as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSeries {
    /// Its name: the beginning of its eventIDs.
    pub name: String,
    /// What it says.
    pub draft: EventSeriesDraft,
    /// When it was made, UTC.
    pub created: Timestamp,
    /// When it was last changed, UTC.
    pub modified: Timestamp,
    /// Whether it was stopped: no events are made any more.
    pub stopped: Option<Stopped>,
}

/// A series that makes no more events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// When, UTC.
    pub at: Timestamp,
    /// Whether its events that have not begun are cancelled.
    pub cancel: bool,
}

/// An event that a series has made for one of its instants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// eventID.
    pub event: String,
    /// What the series made of it. An event that says something else is the operator's.
    pub made: EventDraft,
    /// The series has cancelled it again.
    pub dropped: bool,
    /// How often the series has made one for this instant: an eventID is never given twice
    /// (rule 70).
    pub times: u32,
}

/// A list of holidays as an operator writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidaysDraft {
    /// The days.
    pub dates: BTreeSet<Date>,
}

/// A list of holidays as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holidays {
    /// Its name.
    pub name: String,
    /// The days.
    pub dates: BTreeSet<Date>,
    /// When it was last changed, UTC.
    pub modified: Timestamp,
}

impl Except {
    /// Whether this local time is meant.
    #[must_use]
    pub fn means(self, local: DateTime) -> bool {
        match self {
            Self::Day(day) => day == local.date(),
            Self::Time(time) => time == local,
        }
    }
}

impl FromStr for Except {
    type Err = jiff::Error;

    /// Reads `2026-12-24` or `2026-12-24T17:00:00`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.len() {
            10 => text.parse().map(Self::Day),
            _ => text.parse().map(Self::Time),
        }
    }
}

impl fmt::Display for Except {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Time(time) => time.fmt(f),
        }
    }
}

impl Serialize for Except {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Except {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

fn a_week() -> u16 {
    7
}
