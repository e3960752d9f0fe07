//! The XML runtime: one gate for bytes from outside, a strict pull decoder, an
//! encoder, and the macros by which the generated types declare themselves.

mod error;
pub mod gate;

pub use error::{Error, Kind};
pub use gate::Limits;
