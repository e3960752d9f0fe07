//! HTTP, VTN under test. OpenADR 2.0b Profile 9.1; rules 33, 53, 511.

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[];

/// Whether a Content-Type is one that the profile allows.
pub fn is_xml(value: &str) -> bool {
    let text: String = value.chars().filter(|one| !one.is_whitespace()).collect();
    let text = text.to_ascii_lowercase();
    text == "application/xml" || text == "application/xml;charset=utf-8"
}
