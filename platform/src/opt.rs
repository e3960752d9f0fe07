//! Opting: the answer to an event, and the schedule of when a resource is to be had.
//! EI 1.0 EiEvent and EiOpt; OpenADR 2.0b optType, optReason.

use serde::{Deserialize, Serialize};

use crate::{Interval, MarketContext, OptId, ResourceId};

/// In or out (optType).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Opt {
    /// Taking part.
    In,
    /// Not taking part.
    Out,
}

/// Why (optReason).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OptReason {
    /// `economic`
    Economic,
    /// `emergency`
    Emergency,
    /// `mustRun`
    MustRun,
    /// `notParticipating`
    NotParticipating,
    /// `outageRunStatus`
    OutageRunStatus,
    /// `overrideStatus`
    OverrideStatus,
    /// `participating`
    Participating,
    /// `x-schedule`
    Schedule,
    /// A deployment's own token, beginning with `x-`.
    Other(String),
}

/// When resources are, or are not, to be had (oadrCreateOpt with a vavailability).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptSchedule {
    /// Its id; the same id again replaces it.
    pub id: OptId,
    /// In or out during `intervals`.
    pub opt: Opt,
    /// Why.
    pub reason: OptReason,
    /// For which programme; none is all.
    pub market_context: Option<MarketContext>,
    /// Which resources; empty is the whole site.
    pub resources: Vec<ResourceId>,
    /// When, UTC.
    pub intervals: Vec<Interval>,
}
