//! TLS and certificates, VTN under test. OpenADR 2.0b Profile, rules 67, 68, 516, 517.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
