//! Parties: who may speak. OpenADR 2.0b Profile, EiRegisterParty and section 9.2.1.1.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_certs::{Fingerprint, Thumbprint};
use serde::{Deserialize, Serialize};

use super::Leniency;

/// A VEN, or another EI party, known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its venID, given or preset here; unique (rule 70), letters count (rule 512).
    pub id: String,
    /// A name for people, the operator's or else the VEN's own.
    pub name: Option<String>,
    /// Whether it may speak.
    pub standing: Standing,
    /// The certificates it may speak with: one, or two while it changes over.
    pub certificates: Vec<Certificate>,
    /// The groups that events may name (groupID).
    pub groups: BTreeSet<String>,
    /// Its registration, if it is registered.
    pub registration: Option<Registration>,
    /// The registration that was cancelled last: its cancellation may be repeated.
    pub cancelled_registration: Option<String>,
    /// Faults of its messages that are overlooked.
    #[serde(default)]
    pub leniencies: BTreeSet<Leniency>,
    /// When it was first written down, UTC.
    pub known_since: Timestamp,
}

/// Whether a party may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Waits for an operator's yes.
    Pending,
    /// May register.
    Enrolled,
    /// Was turned away by an operator.
    Barred,
}

/// A certificate of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The ten bytes that people exchange.
    pub fingerprint: Fingerprint,
    /// The whole SHA-256, bound at first contact; from then on only this counts.
    pub thumbprint: Option<Thumbprint>,
    /// What it calls itself; identifies nobody.
    pub common_name: Option<String>,
    /// Its last valid instant, UTC, once it has been seen.
    pub not_after: Option<Timestamp>,
}

/// To whom a fingerprint belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// venID.
    pub ven: String,
    /// Whether its certificate was seen: then only the whole SHA-256 counts.
    pub bound: bool,
}

/// A registration (oadrCreatePartyRegistration).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// registrationID.
    pub id: String,
    /// When it was made or last renewed, UTC.
    pub at: Timestamp,
    /// The requestID it was made under.
    pub request_id: String,
    /// oadrHttpPullModel: the VEN polls.
    pub pull: bool,
    /// oadrTransportAddress: where a PUSH VEN listens.
    pub address: Option<String>,
    /// oadrReportOnly.
    pub report_only: bool,
    /// oadrXmlSignature: the VEN can sign.
    pub xml_signature: bool,
    /// oadrVenName.
    pub ven_name: Option<String>,
    /// It came anew because the VTN had asked for it (oadrRequestReregistration).
    #[serde(default)]
    pub asked_for: bool,
}

/// What an operator says to enrol a VEN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The fingerprint of its certificate, as shipped with the VEN.
    pub fingerprint: Fingerprint,
    /// Its venID; `None`: the VTN makes one.
    #[serde(default)]
    pub ven_id: Option<String>,
    /// A name for people.
    #[serde(default)]
    pub name: Option<String>,
    /// Its groups.
    #[serde(default)]
    pub groups: BTreeSet<String>,
}

impl Party {
    /// One that may register, without certificates and groups yet.
    pub(crate) fn enrolled(id: String, name: Option<String>, now: Timestamp) -> Self {
        Self {
            id,
            name,
            standing: Standing::Enrolled,
            certificates: Vec::new(),
            groups: BTreeSet::new(),
            registration: None,
            cancelled_registration: None,
            leniencies: BTreeSet::new(),
            known_since: now,
        }
    }

    /// Whether it is registered now.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.standing == Standing::Enrolled && self.registration.is_some()
    }

    /// Whether events may be for it: a Report Only VEN has no EiEvent (OpenADR 2.0b Profile,
    /// table of features). One that has not registered yet may be a full one.
    #[must_use]
    pub fn takes_events(&self) -> bool {
        let report_only = self.registration.as_ref().is_some_and(|r| r.report_only);
        self.standing == Standing::Enrolled && !report_only
    }
}
