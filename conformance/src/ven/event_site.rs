//! EiEvent as the site of a VEN sees it. OpenADR 2.0b Profile, rules 6, 18, 30 to 32, 65, 66, 114.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
