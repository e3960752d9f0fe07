//! What every scenario is given: its checks, time, certificates, the operator.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::base::Sightings;
use crate::hook::Ask;
use crate::lab::Lab;
use crate::pace::Pace;
use crate::record::Log;
use crate::say;
use crate::verdict::{self, Check, Ended, Stop};

/// What is the same for a whole run.
#[derive(Clone)]
pub struct Setting {
    /// The operator.
    pub hook: Ask,
    /// Certificates.
    pub lab: Arc<Lab>,
    /// Time.
    pub pace: Pace,
    /// What the subject claims (docs/hooks.md).
    pub features: Arc<BTreeSet<String>>,
    /// What was noticed about documents in the whole run.
    pub sightings: Sightings,
    /// How far the subject lets a signature's time stamp be off, seconds, if it tells.
    pub replay_window_s: Option<i64>,
    /// Where a VTN's XMPP service is, if the hook tells.
    pub xmpp: Option<crate::hook::XmppPlace>,
    /// The market context that the kit's tenders name.
    pub market: String,
    /// Numbers names, so that no two parties, events or requests of a run share one.
    pub counter: Arc<AtomicUsize>,
}

/// A scenario's own surroundings.
pub struct Stage {
    /// The scenario's name.
    pub name: &'static str,
    /// What is the same for a whole run.
    pub setting: Setting,
    /// What went over the wire.
    pub log: Log,
    /// What was noticed about documents in this scenario.
    pub sightings: Sightings,
    checks: Vec<Check>,
}

impl Stage {
    /// For a scenario of this name.
    pub fn new(name: &'static str, setting: Setting) -> Self {
        let (log, sightings, checks) = (Log::default(), Sightings::default(), Vec::new());
        Self { name, setting, log, sightings, checks }
    }

    /// Writes a check down. `saw` is what was there, shown if it does not hold.
    pub fn check(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        holds: bool,
        saw: impl Debug,
    ) -> bool {
        let saw = if holds { String::new() } else { brief(&say::saw::plain(&format!("{saw:?}"))) };
        self.checks.push(Check { rules: rules.to_vec(), what: what.into(), holds, saw });
        holds
    }

    /// A check that two things are equal.
    pub fn equal<T: PartialEq + Debug>(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        (found, wanted): (T, T),
    ) -> bool {
        let holds = found == wanted;
        self.check(rules, what, holds, format_args!("{found:?} instead of {wanted:?}"))
    }

    /// A check without which the rest of the scenario makes no sense.
    ///
    /// # Errors
    /// [`Stop::Failed`] if it does not hold.
    pub fn require(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        holds: bool,
        saw: impl Debug,
    ) -> Ended {
        if self.check(rules, what, holds, saw) { Ok(()) } else { Err(Stop::Failed) }
    }

    /// A check that fails: what should be there is not. To be returned.
    pub fn fail<T>(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        saw: impl Debug,
    ) -> Result<T, Stop> {
        self.check(rules, what, false, saw);
        Err(Stop::Failed)
    }

    /// How a preparation ended that began when there were `before` checks.
    ///
    /// # Errors
    /// As [`verdict::prepared`].
    pub fn prepared<T>(&mut self, before: usize, ended: Result<T, Stop>) -> Result<T, Stop> {
        let mut made = self.checks.split_off(before);
        let ended = verdict::prepared(&mut made, ended);
        self.checks.append(&mut made);
        ended
    }

    /// All checks so far.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The operator.
    pub fn hook(&self) -> Ask {
        self.setting.hook.clone()
    }

    /// The time, UTC.
    pub fn now(&self) -> Timestamp {
        self.setting.pace.now()
    }

    /// The time, its fraction of a second cut off.
    pub fn now_s(&self) -> Timestamp {
        Timestamp::from_second(self.now().as_second()).unwrap_or(Timestamp::MAX)
    }

    /// So many seconds after the time now (before, if negative), in whole seconds.
    pub fn in_s(&self, seconds: i64) -> Timestamp {
        let span = SignedDuration::from_secs(seconds);
        self.now_s().checked_add(span).unwrap_or(Timestamp::MAX)
    }

    /// Lets seconds pass.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn pass(&self, seconds: u64) -> Ended {
        self.setting.pace.pass(Duration::from_secs(seconds)).await
    }

    /// Lets time pass until it is `when`.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn until(&self, when: Timestamp) -> Ended {
        self.setting.pace.until(when).await
    }

    /// Whether the subject claims a feature.
    pub fn claims(&self, feature: &str) -> bool {
        self.setting.features.contains(feature)
    }

    /// How far the subject lets a signature's time stamp be off, seconds, if it tells.
    pub fn replay_window_s(&self) -> Option<i64> {
        self.setting.replay_window_s
    }

    /// How far beyond a limit of time is surely beyond it, seconds: two clocks may differ.
    pub fn margin_s(&self) -> i64 {
        if self.setting.pace.is_steered() { 1 } else { 30 }
    }

    /// A name that nothing else in this run has.
    pub fn unique(&self, what: &str) -> String {
        format!("{what}-{}", self.setting.counter.fetch_add(1, Ordering::Relaxed))
    }
}

/// Short enough for a line of a report. A text that was put into quotes, its own escaped, is shown
/// as it is.
fn brief(text: &str) -> String {
    let plain = serde_json::from_str::<String>(text).ok().filter(|plain| !plain.is_empty());
    let text = plain.as_deref().unwrap_or(text);
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push_str(" …");
    }
    short
}

/// For what has no words of its own.
pub fn told(error: impl Display) -> Stop {
    Stop::Inconclusive(error.to_string())
}

const LONGEST: usize = 700;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_shown_as_it_is_and_not_too_long() {
        assert_eq!(brief(&format!("{:?}", "no answer to [\"e\"]")), "no answer to [\"e\"]");
        assert_eq!(brief("\"\""), "\"\"", "nothing is to be seen");
        assert_eq!(brief(&format!("{:?}", Some("e"))), "Some(\"e\")");
        assert!(brief(&"é".repeat(800)).ends_with(" …"));
    }
}
