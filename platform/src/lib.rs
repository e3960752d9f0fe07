//! What it is for: the functions of ITU-T Y.2072 8.2.1–8.2.4 as hooks, and the
//! reference platform as pure logic.
//!
//! A hook is a trait every method of which has a polite default, so that a VTN
//! without a market, or a VEN without anything to control, is whole. Beside each
//! hook stands a reference implementation. Hooks are object-safe, answer with an
//! [`Answer`], say no with a [`Refusal`], are given the time, and count in exact
//! decimals: energy in Wh, power in W, prices per kWh with their ISO 4217 code.

pub mod aggregator;
mod answer;
mod error;
pub mod grid;
mod id;
mod interval;
pub mod market;
pub mod opt;
pub mod prosumer;
pub mod reading;
pub mod signal;
mod words;

pub use aggregator::Aggregator;
pub use answer::{Answer, accept, answer, refuse};
pub use error::{Reason, Refusal};
pub use grid::Grid;
pub use id::{
    Currency, EventId, MarketContext, OptId, PartyId, ProductClass, ResourceId, Rid, TenderId,
    TradeId,
};
pub use interval::Interval;
pub use market::Market;
pub use prosumer::Prosumer;
