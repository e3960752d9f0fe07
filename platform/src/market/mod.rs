//! The energy market's hook and the reference matcher. Y.2072 8.2.1.

mod book;
mod hook;
mod matcher;
mod price;
mod tender;

pub use hook::{Command, Market, NoMarket, Outcome};
pub use matcher::Matcher;
pub use price::PRICE_DECIMALS;
pub use tender::{Product, Side, Tender, TenderRef, Trade};
