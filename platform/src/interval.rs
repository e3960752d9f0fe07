//! A stretch of time, `[start, end)`, in UTC.

use std::{fmt, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// From `start` for `duration`; the end does not belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    /// The first instant, UTC.
    pub start: Timestamp,
    /// How long; zero is an empty interval.
    pub duration: Duration,
}

impl Interval {
    /// From `start` for `duration`.
    pub fn new(start: Timestamp, duration: Duration) -> Self {
        Self { start, duration }
    }

    /// The whole hour that begins at `start`.
    pub fn hour(start: Timestamp) -> Self {
        Self::new(start, Duration::from_secs(3600))
    }

    /// The first instant after it; the end of time if it would lie beyond.
    pub fn end(&self) -> Timestamp {
        SignedDuration::try_from(self.duration)
            .ok()
            .and_then(|length| self.start.checked_add(length).ok())
            .unwrap_or(Timestamp::MAX)
    }

    /// Whether `at` lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end()
    }

    /// Whether the two share an instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start.max(other.start) < self.end().min(other.end())
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.end())
    }
}
