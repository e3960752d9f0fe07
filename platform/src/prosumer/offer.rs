//! What passes between a VEN and its site.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    EventId, Interval, MarketContext, ResourceId,
    opt::OptReason,
    reading::DataPoint,
    signal::{ActiveSignal, OfferedSignal},
};

/// What there is at a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// What can be instructed.
    pub resources: Vec<Resource>,
    /// What can be read.
    pub points: Vec<DataPoint>,
}

/// Something that can be instructed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its resourceID.
    pub id: ResourceId,
    /// What it is, in a few words.
    pub description: String,
}

/// An event as the VTN offers it, resolved to instants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventOffer {
    /// Which event.
    pub event: EventId,
    /// Which version of it.
    pub modification: u32,
    /// In which programme.
    pub market_context: MarketContext,
    /// 1 is highest, 0 is none (lowest).
    pub priority: u32,
    /// A rehearsal, not to be acted on for real.
    pub test: bool,
    /// When it is active, UTC, after the VEN's start randomisation; a duration of zero
    /// is an open end.
    pub interval: Interval,
    /// Which of the site's resources; empty is the whole site.
    pub resources: Vec<ResourceId>,
    /// What it asks over time.
    pub signals: Vec<OfferedSignal>,
}

/// The site's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// It takes part.
    OptIn,
    /// It does not.
    OptOut {
        /// Why, for the VTN.
        reason: OptReason,
        /// Why, for people.
        detail: String,
    },
}

/// The signals in force on a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// On which resource.
    pub resource: ResourceId,
    /// All of them, highest priority first; empty is a release.
    pub active: Vec<ActiveSignal>,
}

impl Instruction {
    /// Nothing is asked of `resource` any more.
    pub fn release(resource: ResourceId) -> Self {
        Self { resource, active: Vec::new() }
    }
}

/// How a resource is (oadrPayloadResourceStatus).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceStatus {
    /// Which.
    pub resource: ResourceId,
    /// It can be reached and controlled (oadrOnline).
    pub online: bool,
    /// Someone on site has taken over (oadrManualOverride).
    pub manual_override: bool,
    /// How much less it could draw now, W (oadrCapacity, current).
    pub sheddable_w: Decimal,
    /// What it draws now, W; import positive (oadrLevelOffset is not used).
    pub power_w: Decimal,
}
