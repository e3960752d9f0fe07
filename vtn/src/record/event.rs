//! Events and who got and answered them. OpenADR 2.0b Profile, EiEvent.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::opt::Opt;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An event as an operator writes it. Spans are whole seconds (rule 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDraft {
    /// eventID; `None`: the VTN makes one. Never the same twice (rule 70).
    #[serde(default)]
    pub id: Option<String>,
    /// marketContext: the URI of the programme.
    pub market_context: String,
    /// dtstart, UTC.
    pub start: Timestamp,
    /// How long; zero: until cancelled (rule 47).
    pub duration: SignedDuration,
    /// startafter: VENs shift their start at random within it (rule 30).
    #[serde(default)]
    pub start_after: Option<SignedDuration>,
    /// x-eiNotification: how long before the start VENs are to know (rule 105); zero: what the
    /// programme says.
    #[serde(default)]
    pub notification: SignedDuration,
    /// x-eiRampUp; negative: inside the active time.
    #[serde(default)]
    pub ramp_up: Option<SignedDuration>,
    /// x-eiRecovery; negative: inside the active time.
    #[serde(default)]
    pub recovery: Option<SignedDuration>,
    /// 1 is highest, 0 is none and lowest (rule 3); 0: what the programme says.
    #[serde(default)]
    pub priority: u32,
    /// oadrResponseRequired: `always` if true (rule 12).
    #[serde(default = "yes")]
    pub response_required: bool,
    /// One at least.
    pub signals: Vec<SignalDraft>,
    /// What would have been without the event.
    #[serde(default)]
    pub baseline: Option<BaselineDraft>,
    /// Whom it is for; nobody: the members of its programme.
    #[serde(default)]
    pub targets: Targets,
    /// testEvent (rule 6).
    #[serde(default)]
    pub test: bool,
    /// vtnComment.
    #[serde(default)]
    pub comment: Option<String>,
}

/// One signal of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalDraft {
    /// signalID, unique in the event (rule 107); `None`: its place, from 0.
    #[serde(default)]
    pub id: Option<String>,
    /// signalName, such as `SIMPLE` (rule 104).
    pub name: String,
    /// signalType, such as `level`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its unit in words of [`unit`](crate::unit), such as `kW` or `EUR/kWh`.
    #[serde(default)]
    pub unit: Option<String>,
    /// The values, one after the other from the event's start (rules 8, 102).
    pub intervals: Vec<IntervalDraft>,
    /// Device classes it is narrowed to (rule 111).
    #[serde(default)]
    pub device_classes: Vec<String>,
}

/// A value for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntervalDraft {
    /// How long.
    pub duration: SignedDuration,
    /// In the signal's unit.
    pub value: Decimal,
}

/// eiEventBaseline. Rules 101 to 103, 108.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineDraft {
    /// baselineID.
    pub id: String,
    /// baselineName.
    pub name: String,
    /// Its own start, UTC.
    pub start: Timestamp,
    /// Its own length; the sum of its intervals.
    pub duration: SignedDuration,
    /// Its values.
    pub intervals: Vec<IntervalDraft>,
    /// Its unit, as a signal's.
    #[serde(default)]
    pub unit: Option<String>,
    /// The resources it is the total of.
    #[serde(default)]
    pub resources: Vec<String>,
}

/// Whom an event is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    /// Every VEN, those that come later included.
    pub all: bool,
    /// VENs by venID.
    pub vens: Vec<String>,
    /// VENs by group (groupID), those that join later included.
    pub groups: Vec<String>,
    /// Resources at those VENs (resourceID); empty: everything they have.
    pub resources: Vec<String>,
}

impl Targets {
    /// Whether no VEN is named, by whatever name.
    #[must_use]
    pub fn name_nobody(&self) -> bool {
        !self.all && self.vens.is_empty() && self.groups.is_empty()
    }
}

/// An event as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// eventID.
    pub id: String,
    /// What it says.
    pub draft: EventDraft,
    /// modificationNumber, from 0 (rules 4, 5).
    pub modification: u32,
    /// When it was made, UTC.
    pub created: Timestamp,
    /// When it was last changed, UTC.
    pub modified: Timestamp,
    /// modificationReason.
    pub reason: Option<String>,
    /// When it was cancelled, UTC (rule 10).
    pub cancelled: Option<Timestamp>,
}

/// What a VEN got of an event and what it said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// What was sent last; `None`: nothing yet.
    pub sent: Option<Sent>,
    /// The VEN's last oadrCreatedEvent about it.
    pub answer: Option<EventAnswer>,
    /// What the VEN said by oadrCreateOpt: this outranks the answer (rule 206).
    pub opts: Vec<ResourceOpt>,
    /// The event was taken from this VEN by a change of targets.
    #[serde(default)]
    pub withdrawn: bool,
}

/// A version as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// modificationNumber.
    pub modification: u32,
    /// When first, UTC.
    pub at: Timestamp,
    /// How often (rule 52).
    pub times: u32,
}

/// A VEN's answer (eventResponse).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventAnswer {
    /// The modificationNumber it answers.
    pub modification: u32,
    /// In or out.
    pub opt: Opt,
    /// responseCode.
    pub code: u16,
    /// responseDescription.
    pub description: Option<String>,
    /// The requestID it came under; `None`: none was said.
    #[serde(default)]
    pub request_id: Option<String>,
    /// When it came, UTC.
    pub at: Timestamp,
}

/// The opt state of a resource in an event (oadrCreateOpt with qualifiedEventID).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceOpt {
    /// optID.
    pub opt_id: String,
    /// resourceID; `None`: all of the VEN.
    pub resource: Option<String>,
    /// Device classes it is narrowed to (rule 209); empty: all.
    pub device_classes: Vec<String>,
    /// In or out.
    pub opt: Opt,
    /// optReason.
    pub reason: String,
    /// When it came, UTC.
    pub at: Timestamp,
}

impl Delivery {
    /// Whether the VEN takes part with a resource (`None`: with all it has), as far as it
    /// has said so. oadrCreateOpt outranks oadrCreatedEvent, even after a modification
    /// (rule 206).
    #[must_use]
    pub fn opt_of(&self, resource: Option<&str>) -> Option<Opt> {
        let said = |wanted: Option<&str>| {
            self.opts
                .iter()
                .rev()
                .find(|opt| opt.resource.as_deref() == wanted && opt.device_classes.is_empty())
        };
        let by_opt = resource.and_then(|name| said(Some(name))).or_else(|| said(None));
        by_opt.map(|opt| opt.opt).or_else(|| self.answer.as_ref().map(|answer| answer.opt))
    }

    /// Whether the last version sent has been answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        match (&self.sent, &self.answer) {
            (Some(sent), Some(answer)) => answer.modification == sent.modification,
            _ => false,
        }
    }
}

pub(super) fn yes() -> bool {
    true
}
