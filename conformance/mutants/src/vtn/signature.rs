//! XML signatures of the VTN in miniature. Rule 514.

use oadr_schemas::openadr::Received;

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// What is known of signatures.
#[derive(Default)]
pub struct Signatures {}

/// The HTTP status of a message that is ignored.
pub const IGNORED: u16 = 406;

/// Whether a document may be acted on.
pub fn admits(_: &mut State, _: &Received, _document: &[u8], _thumbprint: &str) -> bool {
    true
}

/// A document as it is sent to the VEN of this certificate.
pub fn signed(_: &mut State, text: String, _thumbprint: &str) -> String {
    text
}
