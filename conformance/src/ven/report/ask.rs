//! EiReport, VEN under test: taking requests, refusing them, calling them off.
//! OpenADR 2.0b Profile, rules 304, 317, 322, 325, 328, 329, 336, 340, 344, 345.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
