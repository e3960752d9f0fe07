//! XML signatures, VEN under test. OpenADR 2.0b Profile, rule 514.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
