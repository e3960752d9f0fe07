//! A broken rule.

use std::fmt;

use crate::openadr::Code;

/// A broken rule, the code it is answered with, and what is wrong in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Number of the conformance rule.
    pub rule: u16,
    /// The response code that fits.
    pub code: Code,
    /// What is wrong, where, and what was wanted.
    pub what: String,
}

impl Fault {
    /// A broken rule.
    pub fn new(rule: u16, code: Code, what: impl Into<String>) -> Self {
        Self { rule, code, what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}: {}", self.rule, self.what)
    }
}

impl std::error::Error for Fault {}
