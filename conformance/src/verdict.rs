//! What is said of a scenario: its checks, and the verdict they add up to.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// The rules it proves or breaks.
    pub rules: Vec<&'static str>,
    /// What must hold, as a sentence.
    pub what: String,
    /// Whether it did.
    pub holds: bool,
    /// What was there instead; empty if it held.
    pub saw: String,
}

/// The verdict on a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "why", rename_all = "lowercase")]
pub enum Verdict {
    /// Every check held, and there was at least one.
    Passed,
    /// A check did not hold.
    Failed,
    /// It could not be played to its end, for a reason that is no broken rule.
    Inconclusive(String),
    /// It was not played. Never the same as passed.
    Skipped(String),
}

/// Why a scenario ends before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A check that the rest depends on did not hold; it is written down.
    Failed,
    /// Nothing can be said, and why.
    Inconclusive(String),
    /// It is not for this subject, and why.
    Skip(String),
}

impl Display for Stop {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed => f.write_str("a check failed"),
            Self::Inconclusive(why) | Self::Skip(why) => f.write_str(why),
        }
    }
}

/// How a scenario ends.
pub type Ended = Result<(), Stop>;

impl Verdict {
    /// The verdict of a scenario that made these checks and ended so.
    pub fn of(checks: &[Check], ended: Ended) -> Self {
        if checks.iter().any(|check| !check.holds) {
            return Self::Failed;
        }
        match ended {
            Ok(()) if checks.is_empty() => Self::Inconclusive("nothing was checked".to_owned()),
            Ok(()) => Self::Passed,
            Err(Stop::Failed) => Self::Failed,
            Err(Stop::Inconclusive(why)) => Self::Inconclusive(why),
            Err(Stop::Skip(why)) => Self::Skipped(why),
        }
    }

    /// Its name: `passed`, `failed`, `inconclusive` or `skipped`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Inconclusive(_) => "inconclusive",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Why it was not played, or not to its end.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Inconclusive(why) | Self::Skipped(why) => Some(why),
            Self::Passed | Self::Failed => None,
        }
    }
}

/// For trouble that is no broken rule: `stop("why")?`.
pub fn inconclusive<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Inconclusive(why.into()))
}

/// The end of a part that a scenario can do without: what there are no means for is left out.
///
/// # Errors
/// Every other trouble.
pub fn optional(ended: Ended) -> Ended {
    match ended {
        Err(Stop::Skip(_)) => Ok(()),
        ended => ended,
    }
}

/// The end of a preparation that made these checks. What fails in it is what other scenarios are
/// about: it is taken back, and nothing can be said.
///
/// # Errors
/// Inconclusive with the first check that failed, if one did; as it ended.
pub fn prepared<T>(made: &mut Vec<Check>, ended: Result<T, Stop>) -> Result<T, Stop> {
    let failed = made.iter().find(|check| !check.holds).cloned();
    made.retain(|check| check.holds);
    match failed {
        Some(Check { what, saw, .. }) => {
            inconclusive(format!("the preparation fails: {what}; seen: {saw}"))
        }
        None => ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(holds: bool) -> Check {
        Check { rules: vec!["1"], what: "it holds".to_owned(), holds, saw: String::new() }
    }

    #[test]
    fn a_scenario_without_a_check_has_not_passed() {
        let verdict = Verdict::of(&[], Ok(()));
        assert_eq!(verdict.name(), "inconclusive");
    }

    #[test]
    fn a_broken_rule_outranks_every_ending() {
        for ended in [Ok(()), Err(Stop::Skip("x".into())), Err(Stop::Inconclusive("x".into()))] {
            assert_eq!(Verdict::of(&[check(true), check(false)], ended), Verdict::Failed);
        }
    }

    #[test]
    fn what_fails_in_a_preparation_is_no_verdict() {
        let mut made = vec![check(true), check(false), check(false)];
        let ended: Ended = prepared(&mut made, Err(Stop::Failed));
        assert_eq!(Verdict::of(&made, ended).name(), "inconclusive");
        let mut made = vec![check(true)];
        let ended: Ended = prepared(&mut made, Ok(()));
        assert_eq!(Verdict::of(&made, ended), Verdict::Passed);
    }

    #[test]
    fn a_skip_is_a_skip_whatever_held_before() {
        let verdict = Verdict::of(&[check(true)], Err(Stop::Skip("no means".into())));
        assert_eq!(verdict, Verdict::Skipped("no means".into()));
    }
}
