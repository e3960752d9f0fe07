//! A throw-away certificate authority for trials, tests and the demo. Never for a real market:
//! its keys lie unencrypted in a directory.
//!
//! It has the shape of the OpenADR Alliance's: an RSA and an elliptic-curve root, and under each
//! separate intermediates for VTNs and VENs that may issue no further authorities (path length 0).
//! Operators get an intermediate of their own, so that a VEN's certificate opens no operator's
//! door.

mod authority;
mod issue;
mod saved;

pub use authority::{Ca, Validity};
pub use issue::{KeyKind, Role, Subject};
