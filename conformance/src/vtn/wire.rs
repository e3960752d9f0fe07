//! HTTP, VTN under test. OpenADR 2.0b Profile, 9.1 and rules 53, 511.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
