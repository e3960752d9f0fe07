//! EiEvent, VTN under test. OpenADR 2.0b Profile, rules 1 to 116.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
