//! The tables of the trading side.
//!
//! `market_log` and `market_rulings` are only ever added to: the first says what was asked and
//! in which order, the second what came of it. All other tables could be made from them again.

use oadr_store::Table;

use super::record::{Delivery, Entry, Ruling, Tender, Transaction};

/// number → what was asked. The number is the only order there is.
pub(crate) const LOG: Table<u64, Entry> = Table::new("market_log", 1);
/// number → what came of it. A number in `market_log` alone: a crash came between.
pub(crate) const RULINGS: Table<u64, Ruling> = Table::new("market_rulings", 1);
/// (partyID, tenderID) → tender. A party's ids are its own affair.
pub(crate) const TENDERS: Table<(String, String), Tender> = Table::new("tenders", 1);
/// (partyID, other's partyID, tenderID): the tenders directed at a party by another.
pub(crate) const DIRECTED: Table<(String, String, String), ()> = Table::new("tenders_directed", 1);
/// (number, place among those of that number) → transaction.
pub(crate) const TRANSACTIONS: Table<(u64, u64), Transaction> = Table::new("transactions", 1);
/// (partyID, transactionID) → where it is in `transactions`; for both parties.
pub(crate) const TRANSACTIONS_OF: Table<(String, String), (u64, u64)> =
    Table::new("transactions_of", 1);
/// (partyID, uid) → delivery.
pub(crate) const METERED: Table<(String, String), Delivery> = Table::new("metered", 1);
