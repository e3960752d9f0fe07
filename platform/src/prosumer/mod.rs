//! The prosumer's hook and the reference site. Y.2072 8.2.3.

mod hook;
mod offer;
pub mod site;

pub use hook::{NoProsumer, Prosumer};
pub use offer::{Decision, EventOffer, Instruction, Resource, ResourceStatus, Site};
