//! TLS and certificates, VEN under test. OpenADR 2.0b Profile, rules 67, 68, 516.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
