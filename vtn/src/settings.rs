//! The protocol part of `vtn.toml`. Unknown keys are errors.
//!
//! Spans are ISO 8601 durations such as `"PT10S"`.

use std::path::PathBuf;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::record::Leniency;

/// How the VTN speaks and whom it takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The vtnID that every VEN is told.
    pub vtn_id: String,
    /// The part of the path before `OpenADR2/…` (rule 511), such as `/` or `/vtn`.
    pub prefix: String,
    /// How often PULL VENs are asked to poll (oadrRequestedOadrPollFreq, rule 403).
    pub poll_every: SignedDuration,
    /// Whom a first contact may come from.
    pub policy: Policy,
    /// The market contexts that events may carry; empty: any.
    pub market_contexts: Vec<String>,
    /// The reports to ask every VEN for that offers them, in oadrRegisteredReport; history once,
    /// all that there is.
    pub reports: Vec<ReportWish>,
    /// Known faults of peers that are overlooked in everybody's messages; a party's record may
    /// name more. None unless interoperation asks for it.
    pub leniencies: Vec<Leniency>,
    /// How PUSH VENs are called.
    pub push: Push,
    /// How much of anything.
    pub limits: Limits,
    /// Where raw requests and replies are archived; `None`: nowhere.
    pub trace_messages: Option<PathBuf>,
}

/// What happens when a certificate that the TLS layer trusts is seen for the first time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// It must have been enrolled by its fingerprint.
    #[default]
    Known,
    /// It is written down, and refused until an operator says yes.
    Approve,
    /// It is taken. For laboratories.
    Open,
}

/// A report wanted from every VEN that offers one of this name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportWish {
    /// The reportName without `METADATA_`, such as `TELEMETRY_USAGE`.
    pub name: String,
    /// The spacing of intervals; brought within what the VEN offers (rule 317).
    pub granularity: SignedDuration,
    /// How often a report is to be sent (rule 324).
    pub every: SignedDuration,
}

/// How PUSH VENs are called (oadrHttpPullModel false, rule 38).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Push {
    /// Exchanges at the same time, one a VEN at most.
    pub exchanges: usize,
    /// The longest wait before another attempt; the first is a second, and it doubles.
    pub longest_wait: SignedDuration,
    /// How long a payload waits for a VEN that cannot be reached before it is given up.
    /// Events wait until they are over, oadrCancelPartyRegistration for ever.
    pub give_up_after: SignedDuration,
}

/// How much of anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a message, EiReport excepted.
    pub message_bytes: usize,
    /// Bytes of an EiReport message.
    pub report_bytes: usize,
    /// First contacts that wait for an operator (policy `approve`).
    pub pending_parties: usize,
    /// How long a payload fetched by a poll may stay unanswered before it is offered again
    /// (rule 500, annex C).
    pub answer_within: SignedDuration,
    /// How often a cancelled event is offered before the VTN gives up (rule 52), and any
    /// other event that the VEN does not answer.
    pub event_tries: u32,
    /// How often any other payload is offered before the VTN gives up on an answer;
    /// oadrCancelPartyRegistration is offered for ever.
    pub payload_tries: u32,
    /// Opt schedules in force per VEN, and opts of one VEN in one event.
    pub opts: usize,
    /// Time windows, and targets, in one opt schedule.
    pub opt_windows: usize,
    /// Data points per VEN.
    pub data_points: usize,
    /// Payloads waiting for one VEN or not answered by it. Half of them are for answers to what
    /// the VEN asks for.
    pub outbox: usize,
}

impl Settings {
    /// Settings for a VTN of this name, everything else by default.
    #[must_use]
    pub fn new(vtn_id: impl Into<String>) -> Self {
        Self { vtn_id: vtn_id.into(), ..Self::default() }
    }

    /// Checks what a type cannot.
    ///
    /// # Errors
    /// [`Error::Settings`] with the key and what is wrong with it.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |key: &str, why: &str| Err(Error::Settings(format!("{key}: {why}")));
        if self.vtn_id.trim().is_empty() {
            return refuse("vtn_id", "is empty");
        }
        if !self.poll_every.is_positive() || self.poll_every.subsec_nanos() != 0 {
            return refuse("poll_every", "must be whole seconds, one at least (rule 1)");
        }
        if self.push.exchanges == 0 {
            return refuse("push.exchanges", "must be one at least");
        }
        if !self.push.longest_wait.is_positive() || !self.push.give_up_after.is_positive() {
            return refuse("push", "longest_wait and give_up_after must be more than nothing");
        }
        if !self.limits.answer_within.is_positive() {
            return refuse("limits.answer_within", "must be more than nothing");
        }
        if self.limits.event_tries == 0 {
            return refuse("limits.event_tries", "must be one at least (rule 52)");
        }
        if self.limits.payload_tries == 0 {
            return refuse("limits.payload_tries", "must be one at least");
        }
        for wish in &self.reports {
            let whole = wish.granularity.subsec_nanos() == 0 && wish.every.subsec_nanos() == 0;
            if !wish.every.is_positive() || wish.granularity.is_negative() || !whole {
                return refuse("reports", "granularity and every must be whole seconds");
            }
        }
        Ok(())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            vtn_id: "vtn".to_owned(),
            prefix: "/".to_owned(),
            poll_every: SignedDuration::from_secs(10),
            policy: Policy::default(),
            market_contexts: Vec::new(),
            reports: Vec::new(),
            leniencies: Vec::new(),
            push: Push::default(),
            limits: Limits::default(),
            trace_messages: None,
        }
    }
}

impl Default for Push {
    fn default() -> Self {
        Self {
            exchanges: 64,
            longest_wait: SignedDuration::from_mins(5),
            give_up_after: SignedDuration::from_hours(7 * 24),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 256 * 1024,
            report_bytes: 4 * 1024 * 1024,
            pending_parties: 1_000,
            answer_within: SignedDuration::from_secs(60),
            event_tries: 5,
            payload_tries: 20,
            opts: 1_000,
            opt_windows: 1_000,
            data_points: 10_000,
            outbox: 1_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_not_known_is_an_error() {
        assert!(toml::from_str::<Settings>("vtn_name = \"x\"").is_err());
        assert!(toml::from_str::<Settings>("[limits]\nopt = 3").is_err());
    }

    #[test]
    fn spans_are_iso_8601() {
        let text = "vtn_id = \"v\"\npoll_every = \"PT30S\"\npolicy = \"open\"";
        let settings: Settings = toml::from_str(text).unwrap();
        assert_eq!(settings.poll_every, SignedDuration::from_secs(30));
        assert_eq!(settings.policy, Policy::Open);
        assert!(settings.check().is_ok());
    }

    #[test]
    fn rule_1_wants_whole_seconds() {
        let poll_every = SignedDuration::from_millis(1500);
        let settings = Settings { poll_every, ..Settings::new("v") };
        assert!(settings.check().is_err());
    }
}
