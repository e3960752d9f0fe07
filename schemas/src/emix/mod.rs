//! EMIX 1.0: prices, quantities, products, options and terms as plain values, exact
//! and in base units, from and to the schemas' types.

mod delivery;
mod error;
mod offer;
mod option;
mod price;
mod product;
mod quantity;
mod scale;
mod supply;
mod terms;
#[cfg(test)]
mod tests;
mod units;

pub use delivery::{Delivery, Metered};
pub use error::Error;
pub use offer::{Description, Head, Offer, Slice};
pub use option::OptionOffer;
pub use price::Price;
pub use product::Product;
pub use quantity::{Frame, Measure, Quantity, Unit};
pub use scale::{Scale, shift};
pub use supply::{Supply, Tier};
pub use terms::{Segment, Term};

pub use crate::ei::currency::ISO3AlphaCurrencyCodeContent as CurrencyCode;
pub use crate::ei::emix::{EmixInterface as Place, Side, TransactiveState};
