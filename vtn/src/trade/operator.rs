//! The trading side for the operator: what was tendered, agreed and delivered, and the passing
//! of time.

use oadr_store::Keys;

use super::record::{Delivery, Tender, Transaction};
use super::tables::{METERED, TENDERS, TRANSACTIONS};
use crate::error::Error;
use crate::vtn::Vtn;

impl Vtn {
    /// Up to `limit` tenders in the order of party and tenderID, after that of `after`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn tenders(&self, after: Option<(&str, &str)>, limit: usize) -> Result<Vec<Tender>, Error> {
        let keys = Keys::all().limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after(after));
        Ok(TENDERS.range(&self.0.store, keys)?.into_iter().map(|(_, tender)| tender).collect())
    }

    /// Up to `limit` transactions in the order they were made, after that of `after`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn transactions(
        &self,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Transaction)>, Error> {
        let keys = Keys::all().limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after(after));
        Ok(TRANSACTIONS.range(&self.0.store, keys)?)
    }

    /// Up to `limit` deliveries that were answered, in the order of party and uid, after that
    /// of `after`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn deliveries(
        &self,
        after: Option<(&str, &str)>,
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        let keys = Keys::all().limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after(after));
        Ok(METERED.range(&self.0.store, keys)?.into_iter().map(|(_, one)| one).collect())
    }

    /// Lets the market act on the time that has passed, such as writing down what has expired.
    /// For the program to call now and then; nothing else depends on it, since a tender whose
    /// time is over is never matched or accepted.
    ///
    /// # Errors
    /// Those of the store; [`Error::Internal`] if the market breaks its promises.
    pub async fn let_market_time_pass(&self) -> Result<(), Error> {
        self.0.floor.tick().await
    }
}

/// Where a transaction stands among all: the number of the log entry that made it, and its
/// place among those of that entry.
pub type Place = (u64, u64);
