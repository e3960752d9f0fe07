//! The utility grid hook: limits before a trade, metered delivery after it. Y.2072 8.2.4.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Answer, Interval, PartyId, TradeId, accept};

/// The utility's grid beside the VTN.
///
/// An implementer must answer the same for the same question until it has been told
/// something new, and must take a delivery any number of times as if once (by party,
/// trade and interval, the latest wins).
pub trait Grid: Send + Sync {
    /// What `party` may draw and feed in over `interval`.
    ///
    /// # Errors
    /// [`Reason::Unknown`](crate::Reason::Unknown) for a party without a connection.
    fn limit<'a>(&'a self, party: &'a PartyId, interval: Interval) -> Answer<'a, Limit> {
        let _ = (party, interval);
        accept(Limit::default())
    }

    /// Is told what the utility's meter counted (eiCreateDelivery).
    ///
    /// # Errors
    /// Whatever the implementation cannot take; the VTN logs it and goes on.
    fn delivered<'a>(&'a self, delivered: Delivered, at: Timestamp) -> Answer<'a, ()> {
        let _ = (delivered, at);
        accept(())
    }
}

/// A connection's limits; none is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The most it may draw, W.
    pub import_w: Option<Decimal>,
    /// The most it may feed in, W.
    pub export_w: Option<Decimal>,
}

impl Limit {
    /// Whether drawing `power_w` keeps it; negative is feeding in.
    pub fn allows(&self, power_w: Decimal) -> bool {
        self.import_w.is_none_or(|most| power_w <= most)
            && self.export_w.is_none_or(|most| -power_w <= most)
    }
}

/// What a meter counted in an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Whose meter.
    pub party: PartyId,
    /// For which trade, if for one.
    pub trade: Option<TradeId>,
    /// When, UTC.
    pub interval: Interval,
    /// Net energy, Wh; import is positive.
    pub energy_wh: Decimal,
}

/// No grid beside the VTN: unlimited.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoGrid;

impl Grid for NoGrid {}
