//! The simple types of XML Schema, as values that cannot be wrong.

mod binary;
mod datetime;
mod duration;
mod number;
pub(crate) mod patterns;
mod string;

pub use binary::{Base64, Hex};
pub use datetime::{Date, DateTime, UtcDateTime, ZonedDateTime};
pub use duration::Duration;
pub use number::{Float, Integer, PositiveInteger};
pub use string::{Bounded, List, Token, Uri};

pub use rust_decimal::Decimal;

pub(crate) use string::collapsed;
