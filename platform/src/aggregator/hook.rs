//! The aggregator hook: told what its VENs do, asked which of them to call. Y.2072 8.2.2.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Answer, EventId, Interval, MarketContext, OptId, PartyId, accept,
    opt::{Opt, OptSchedule},
    reading::Reading,
};

/// An aggregator beside the VTN.
///
/// The VTN tells it after its own record is made, so a refusal is logged and changes
/// nothing for the VEN. After a restart the VTN may tell the same again: an implementer
/// must take every notice any number of times as if once, and must not wait long.
pub trait Aggregator: Send + Sync {
    /// Is told of something a VEN did.
    ///
    /// # Errors
    /// Whatever the implementation cannot take; the VTN logs it and goes on.
    fn told<'a>(&'a self, notice: Notice, at: Timestamp) -> Answer<'a, ()> {
        let _ = (notice, at);
        accept(())
    }

    /// Asked at `at`: which parties to call, and for how much, to shed `wanted_w` over
    /// `interval` in a programme. Fewer watts than wanted in sum means there are no more. The default
    /// has no opinion: none, and the VTN calls whom its operator named.
    ///
    /// # Errors
    /// [`Reason::Unavailable`](crate::Reason::Unavailable) if it cannot tell now.
    fn targets<'a>(
        &'a self,
        programme: &'a MarketContext,
        interval: Interval,
        wanted_w: Decimal,
        at: Timestamp,
    ) -> Answer<'a, Option<Vec<Share>>> {
        let _ = (programme, interval, wanted_w, at);
        accept(None)
    }
}

/// Something a VEN did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Notice {
    /// It registered, or registered again.
    Registered {
        /// Who.
        party: PartyId,
    },
    /// Its registration ended, by either side.
    Unregistered {
        /// Who.
        party: PartyId,
    },
    /// It answered an event.
    Answered {
        /// Who.
        party: PartyId,
        /// Which event.
        event: EventId,
        /// Which version of it.
        modification: u32,
        /// Its answer.
        opt: Opt,
        /// When the event is active, UTC.
        interval: Interval,
    },
    /// It gave an opt schedule, or replaced one.
    Opted {
        /// Who.
        party: PartyId,
        /// The schedule.
        schedule: OptSchedule,
    },
    /// It took an opt schedule back.
    OptCancelled {
        /// Who.
        party: PartyId,
        /// Which.
        opt: OptId,
    },
    /// It reported.
    Reported {
        /// Who.
        party: PartyId,
        /// What, in time order.
        readings: Vec<Reading>,
    },
}

/// One party's part of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Who.
    pub party: PartyId,
    /// How much to shed, W, above zero.
    pub power_w: Decimal,
}

/// No aggregator: takes every notice, has no opinion.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAggregator;

impl Aggregator for NoAggregator {}
