//! Data points, what they read and how good it is. OpenADR 2.0b EiReport.

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{ResourceId, Rid};

/// What a data point tells, and in which unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Real power at the instant, W; import from the grid is positive.
    Power,
    /// A net energy register, Wh: grows with import, falls with export. The energy of
    /// an interval is the difference of two readings, its mean power that by the time.
    Energy,
    /// Energy stored, Wh.
    Stored,
    /// Online and manual override, told by [`Prosumer::status`](crate::Prosumer::status).
    Status,
}

impl Kind {
    /// The unit of its readings: `W`, `Wh`, or nothing.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Power => "W",
            Self::Energy | Self::Stored => "Wh",
            Self::Status => "",
        }
    }
}

/// One thing a site can report (oadrReportDescription).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPoint {
    /// Its rID, unique in the site and the same after a restart.
    pub rid: Rid,
    /// Whose it is.
    pub resource: ResourceId,
    /// What it tells.
    pub kind: Kind,
    /// The shortest period it can be sampled at (oadrMinPeriod).
    pub sample_at_least_every: Duration,
    /// The longest period at which its readings still tell the truth (oadrMaxPeriod).
    pub sample_at_most_every: Duration,
}

/// How far a reading can be trusted (oadrDataQuality).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quality {
    /// `Quality Good - Non Specific`
    Good,
    /// `Quality Uncertain - Non Specific`: estimated or filled.
    Uncertain,
    /// `Quality Bad - Non Specific`
    Bad,
}

/// One value of one data point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Of which data point.
    pub rid: Rid,
    /// What it tells; gives the unit.
    pub kind: Kind,
    /// When it was true, UTC.
    pub at: Timestamp,
    /// The value in `kind.unit()`.
    pub value: Decimal,
    /// How far to trust it.
    pub quality: Quality,
}
