//! The energy market's hook and the reference matcher. Y.2072 8.2.1.

mod hook;
mod tender;

pub use hook::{Command, Market, NoMarket, Outcome};
pub use tender::{Product, Side, Tender, TenderRef, Trade};
