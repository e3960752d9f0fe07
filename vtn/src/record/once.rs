//! Requests that are done once, by their callers' names for them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Event, ReportRequest};
use crate::audit::Digest;

/// A request that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Once {
    /// SHA-256 of what it said.
    pub content: Digest,
    /// When, UTC.
    pub at: Timestamp,
    /// What was made, as it was then.
    pub made: Made,
}

/// What a request made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// An event.
    Event(Box<Event>),
    /// A request for a report.
    ReportRequest(Box<ReportRequest>),
}
