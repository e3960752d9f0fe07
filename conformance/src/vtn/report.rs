//! EiReport, VTN under test. OpenADR 2.0b Profile, rules 300 to 346.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
