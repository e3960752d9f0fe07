//! XMPP, VEN under test. OpenADR 2.0b Profile, 9.3 and rules 507, 515.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];
