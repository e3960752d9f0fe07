//! XML signatures of the VEN in miniature. Rule 514.

use jiff::Timestamp;

use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// Signs what is sent.
pub struct Signer {}

impl Signer {
    /// A document as it is sent.
    pub fn sign(&mut self, text: String, _now: Timestamp) -> String {
        text
    }
}
