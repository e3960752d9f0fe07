//! Templates: what an event says, without when.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::event::yes;
use super::{EventDraft, SignalDraft, Targets};

/// An event without eventID and start, as an operator writes it. The fields are those of
/// [`EventDraft`]; a baseline has a start of its own and is not among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateDraft {
    /// marketContext: the URI of the programme.
    pub market_context: String,
    /// How long; zero: until cancelled (rule 47).
    pub duration: SignedDuration,
    /// startafter (rule 30).
    #[serde(default)]
    pub start_after: Option<SignedDuration>,
    /// x-eiNotification (rule 105); zero: what the programme says.
    #[serde(default)]
    pub notification: SignedDuration,
    /// x-eiRampUp; negative: inside the active time.
    #[serde(default)]
    pub ramp_up: Option<SignedDuration>,
    /// x-eiRecovery; negative: inside the active time.
    #[serde(default)]
    pub recovery: Option<SignedDuration>,
    /// 1 is highest; 0: what the programme says.
    #[serde(default)]
    pub priority: u32,
    /// oadrResponseRequired: `always` if true (rule 12).
    #[serde(default = "yes")]
    pub response_required: bool,
    /// One at least.
    pub signals: Vec<SignalDraft>,
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

/// A template as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// What it says.
    pub draft: TemplateDraft,
    /// When it was made, UTC.
    pub created: Timestamp,
    /// When it was last changed, UTC.
    pub modified: Timestamp,
}

impl TemplateDraft {
    /// The event that starts then; its eventID is made if `id` is none.
    #[must_use]
    pub fn at(self, start: Timestamp, id: Option<String>) -> EventDraft {
        EventDraft {
            id,
            market_context: self.market_context,
            start,
            duration: self.duration,
            start_after: self.start_after,
            notification: self.notification,
            ramp_up: self.ramp_up,
            recovery: self.recovery,
            priority: self.priority,
            response_required: self.response_required,
            signals: self.signals,
            baseline: None,
            targets: self.targets,
            test: self.test,
            comment: self.comment,
        }
    }
}
