//! EiReport, VEN under test: the data. OpenADR 2.0b Profile, rules 313 to 346.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
