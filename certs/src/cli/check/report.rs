//! What `certs check` prints: a line a step, a mend under every failure.

use std::fmt::Display;

use super::super::say;

/// The steps so far; each is printed as soon as it is known.
#[derive(Default)]
pub struct Report {
    failures: usize,
}

impl Report {
    /// A step that went well, and what was seen.
    pub fn good(&mut self, step: &str, seen: impl Display) {
        say(format_args!("ok    {step:<19}{seen}"));
    }

    /// A step that failed, what was seen, and what to do about it.
    pub fn bad(&mut self, step: &str, seen: impl Display, mend: impl Display) {
        self.failures += 1;
        say(format_args!("FAIL  {step:<19}{seen}"));
        say(format_args!("      {:<19}mend: {mend}", ""));
    }

    /// Something to look at that stops nothing.
    pub fn advice(&mut self, step: &str, seen: impl Display, mend: impl Display) {
        say(format_args!("note  {step:<19}{seen}"));
        say(format_args!("      {:<19}mend: {mend}", ""));
    }

    /// A step that could not be taken, and why.
    pub fn skipped(&mut self, step: &str, why: impl Display) {
        say(format_args!("-     {step:<19}not tried: {why}"));
    }

    /// Whether no step failed.
    pub fn is_well(&self) -> bool {
        self.failures == 0
    }
}
