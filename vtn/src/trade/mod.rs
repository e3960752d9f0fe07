//! The trading side: what stands behind EiTender, EiTransaction and EiDelivery of EI 1.0.
//!
//! Orders of the parties go to the floor, which gives each a number, writes
//! it into an append-only log, lets it be judged (by the market hook, or here if the tender is
//! between two parties) and records what came of it. The number is the only order there is.

pub(crate) mod admit;
pub(crate) mod code;
pub(crate) mod floor;
mod fold;
mod judge;
pub(crate) mod meter;
pub mod operator;
pub(crate) mod party;
mod queue;
pub mod record;
pub(crate) mod reply;
pub(crate) mod tables;
pub(crate) mod wire;
