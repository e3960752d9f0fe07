//! EiReport, VEN under test: what its reports say. OpenADR 2.0b Profile, 8.3.2; rules 300, 312 to
//! 318, 324, 325, 337, 341, 342, 346.

mod shape;

use crate::scenario::Scenario;

pub(super) use shape::status_shape;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
