//! EI 1.0 of the VTN in miniature: tenders, quotes, transactions, delivery.

use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// The trading floor.
#[derive(Default)]
pub struct Floor {}
