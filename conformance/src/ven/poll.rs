//! OadrPoll, VEN under test. OpenADR 2.0b Profile, rules 500, 501.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
