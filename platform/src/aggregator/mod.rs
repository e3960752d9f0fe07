//! The aggregator's hook and the reference fleet. Y.2072 8.2.2.

mod fleet;
mod hook;

pub use fleet::{Fleet, Member};
pub use hook::{Aggregator, NoAggregator, Notice, Share};
