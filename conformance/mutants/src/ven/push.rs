//! The VEN in miniature as a PUSH VEN: its door. Rules 37, 51, 405.

use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];
