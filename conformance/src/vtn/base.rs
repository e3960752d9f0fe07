//! What holds for a VTN whatever the service. OpenADR 2.0b Profile, rules 1, 21, 23, 33, 46, 48.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
