//! EI 1.0 between parties: tenders, quotes, transactions, delivery. VTN under test.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
