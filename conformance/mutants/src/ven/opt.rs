//! EiOpt of the VEN in miniature. Rules 200 to 211.

use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// What is known of opts.
#[derive(Default)]
pub struct Opts {}
