//! The reference grid: a limit for every connection, and what its meter counted.
//! Y.2072 8.2.4.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Delivered, Grid, Limit};
use crate::{Answer, Interval, PartyId, Reason, TradeId, answer, refuse};

/// A grid that knows its connections.
#[derive(Debug, Default)]
pub struct Connections {
    limits: BTreeMap<PartyId, Limit>,
    counted: Mutex<Counted>,
}

impl Connections {
    /// These connections, each with its limit at all times.
    pub fn new(limits: BTreeMap<PartyId, Limit>) -> Self {
        Self { limits, counted: Mutex::default() }
    }

    /// What a party's meter counted over an interval, for a trade or in all, Wh.
    pub fn counted_wh(
        &self,
        party: &PartyId,
        trade: Option<&TradeId>,
        interval: Interval,
    ) -> Option<Decimal> {
        self.counted().get(&(party.clone(), trade.cloned(), interval)).copied()
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        // One insert at a time happens under the lock: it is whole even after a panic.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grid for Connections {
    fn limit<'a>(&'a self, party: &'a PartyId, _: Interval) -> Answer<'a, Limit> {
        match self.limits.get(party) {
            Some(limit) => answer(Ok(*limit)),
            None => refuse(Reason::Unknown, format!("{party} has no connection")),
        }
    }

    fn delivered<'a>(&'a self, delivered: Delivered, _: Timestamp) -> Answer<'a, ()> {
        if !self.limits.contains_key(&delivered.party) {
            return refuse(Reason::Unknown, format!("{} has no connection", delivered.party));
        }
        let Delivered { party, trade, interval, energy_wh } = delivered;
        self.counted().insert((party, trade, interval), energy_wh);
        answer(Ok(()))
    }
}

/// Wh by party, trade and interval.
type Counted = BTreeMap<(PartyId, Option<TradeId>, Interval), Decimal>;
