//! What waits for a VEN. OpenADR 2.0b Profile, section 8.6 and annex C.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A payload that waits, or is out and waits for its late answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What.
    pub item: Item,
    /// When it was queued, UTC.
    pub queued: Timestamp,
    /// How often it has been fetched.
    pub tries: u32,
}

/// A payload, small: the message is built when it is fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// oadrRegisterReport, without oadrReport: this VTN has none to offer (rule 301).
    RegisterReport {
        /// requestID.
        request_id: String,
        /// The METADATA request it answers (rule 311).
        report_request_id: Option<String>,
    },
    /// oadrCreateReport.
    CreateReport {
        /// requestID.
        request_id: String,
        /// Which requests.
        report_request_ids: Vec<String>,
    },
    /// oadrCancelReport.
    CancelReport {
        /// requestID.
        request_id: String,
        /// Which requests.
        report_request_ids: Vec<String>,
        /// One more report is wanted (rule 345).
        to_follow: bool,
    },
    /// oadrCancelPartyRegistration.
    CancelPartyRegistration {
        /// requestID.
        request_id: String,
        /// Which registration.
        registration_id: String,
    },
    /// oadrRequestReregistration; has no requestID.
    RequestReregistration,
}

impl Item {
    /// Whether the VEN must hear it, however long it takes: its registration is over.
    pub(crate) fn is_last_word(&self) -> bool {
        matches!(self, Self::CancelPartyRegistration { .. })
    }
}

/// A VEN is to be offered its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Not before, UTC.
    pub at: Timestamp,
    /// How often it was offered already without an answer.
    pub tries: u32,
}

/// A payload that was given up: nothing will offer it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenUp {
    /// What, since when and how often it was offered.
    pub entry: Entry,
    /// When it was given up, UTC.
    pub at: Timestamp,
    /// Why, for people.
    pub why: String,
}

/// What is pushed to a VEN does not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushTrouble {
    /// Since when, UTC.
    pub since: Timestamp,
    /// How many attempts have failed, one after another.
    pub failures: u32,
    /// When the last one failed, UTC.
    pub at: Timestamp,
    /// Why, for people.
    pub why: String,
}
