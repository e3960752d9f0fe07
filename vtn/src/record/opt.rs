//! Opt schedules. OpenADR 2.0b Profile, EiOpt, rules 200 to 211.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::opt::Opt;
use serde::{Deserialize, Serialize};

/// A schedule in force (oadrCreateOpt with vavailability).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptEntry {
    /// optID; not unique (rule 204).
    pub opt_id: String,
    /// In or out.
    pub opt: Opt,
    /// optReason.
    pub reason: String,
    /// Counts for events of this context only; `None`: for all (rule 205).
    pub market_context: Option<String>,
    /// When.
    pub windows: Vec<Window>,
    /// For these only, as alternatives; empty: for all of the VEN (rule 202).
    pub targets: Vec<TargetRef>,
    /// Not for these any more: a newer schedule speaks for them (rule 203).
    #[serde(default)]
    pub except: Vec<TargetRef>,
    /// And only for these device classes; empty: for all (rule 209).
    pub device_classes: Vec<String>,
    /// createdDateTime, by the VEN's clock, UTC.
    pub created: Timestamp,
    /// When it came, UTC.
    pub received: Timestamp,
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// From here on, UTC.
    pub start: Timestamp,
    /// For so long; zero: without end (rule 210).
    pub duration: SignedDuration,
}

/// One criterion of a target, by kind and name (`resourceID`, `groupID`, …).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TargetRef {
    /// The element's name.
    pub kind: String,
    /// Its text.
    pub name: String,
}

/// A line of a VEN's opt history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptChange {
    /// When, UTC.
    pub at: Timestamp,
    /// optID.
    pub opt_id: String,
    /// What happened.
    pub action: OptAction,
}

/// What happened to an opt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptAction {
    /// A schedule came into force.
    Created(OptEntry),
    /// A newer schedule took its place, in whole.
    Superseded(OptEntry),
    /// The VEN took it back.
    Cancelled(OptEntry),
    /// The state of an event was set.
    Event {
        /// eventID.
        event: String,
        /// In or out.
        opt: Opt,
        /// resourceIDs; empty: all.
        resources: Vec<String>,
    },
}

/// What an optID was used for last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptUse {
    /// A schedule.
    Schedule,
    /// The state of this event.
    Event(String),
}

impl OptEntry {
    /// Whether it speaks of this instant.
    pub(crate) fn is_in_force(&self, at: Timestamp) -> bool {
        self.windows.iter().any(|window| window.contains(at))
    }
}

impl Window {
    /// Whether `at` lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        let ended = || {
            let end = self.start.checked_add(self.duration).unwrap_or(Timestamp::MAX);
            !self.duration.is_zero() && at >= end
        };
        self.start <= at && !ended()
    }
}
