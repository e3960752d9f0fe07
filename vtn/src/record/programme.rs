//! Programmes, and groups of VENs. OpenADR 2.0b Profile: marketContext, groupID.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Targets;

/// A programme as an operator writes it: what its events are like if they do not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeDraft {
    /// A name for people.
    pub name: String,
    /// The priority of events that have none (rule 3): 1 is highest, 0 is none.
    #[serde(default)]
    pub priority: u32,
    /// Who is enrolled: whom events are for that name nobody.
    #[serde(default)]
    pub members: Targets,
    /// The signalNames that its events may have (rule 104); empty: any.
    #[serde(default)]
    pub signals: Vec<String>,
    /// x-eiNotification of events that have none (rule 105), whole seconds.
    #[serde(default)]
    pub notification: SignedDuration,
}

/// A programme as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// marketContext, as it was first spelled (rule 512).
    pub market_context: String,
    /// What it says.
    pub draft: ProgrammeDraft,
    /// When it was made, UTC.
    pub created: Timestamp,
    /// When it was last changed, UTC.
    pub modified: Timestamp,
}

/// What an operator says of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroupDraft {
    /// A name for people.
    pub name: Option<String>,
}

/// A group of VENs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// groupID.
    pub id: String,
    /// A name for people; `None` as well for a group that is known by its members alone.
    pub name: Option<String>,
}
