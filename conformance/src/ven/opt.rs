//! EiOpt, VEN under test. OpenADR 2.0b Profile, rules 200 to 211.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
