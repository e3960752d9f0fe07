//! EiRegisterParty, VEN under test. OpenADR 2.0b Profile, rules 400 to 407.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
