//! OadrPoll, VTN under test. OpenADR 2.0b Profile, rules 500 to 502.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
