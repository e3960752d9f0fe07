//! The things hooks speak of, as they stand in docs/hooks.md.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The answer to `hello`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Hello {
    /// Name and version.
    pub subject: String,
    /// `own` or `steered`.
    #[serde(default)]
    pub clock: String,
    /// Its time, if steered.
    pub now: Option<Timestamp>,
    /// A VTN's base address.
    pub url: Option<String>,
    /// A VTN's vtnID.
    pub vtn_id: Option<String>,
    /// A market context that it trades in; `None`: any.
    pub market_context: Option<String>,
    /// What it claims.
    #[serde(default)]
    pub features: Vec<String>,
    /// How far it lets a signature's time stamp be off, seconds.
    pub replay_window_s: Option<u32>,
    /// A VTN's XMPP service.
    pub xmpp: Option<XmppPlace>,
}

/// Where a VTN is to be found by XMPP.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct XmppPlace {
    /// Its server, `host:port`.
    pub server: String,
    /// A JID of that server's domain: the VTN's, or the domain alone.
    pub jid: String,
}

/// What a subject may claim (docs/hooks.md, `features`).
pub const FEATURES: [&str; 11] = [
    "push",
    "profile-a",
    "signatures",
    "xmpp",
    "report-only",
    "no-reports",
    "opt-schedules",
    "history",
    "on-change",
    "vtn-reports",
    "transactive",
];

/// An event, for a VTN's operator to create.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub struct Event {
    /// eventID; `None`: the VTN's choice.
    pub id: Option<String>,
    /// venIDs it is for.
    pub vens: Vec<String>,
    /// resourceIDs in eiTarget.
    pub resources: Vec<String>,
    /// dtstart, UTC, whole seconds.
    pub start: Timestamp,
    /// Seconds; 0: until cancelled.
    pub duration_s: u32,
    /// startafter, seconds.
    pub startafter_s: Option<u32>,
    /// x-eiNotification, seconds.
    pub notification_s: Option<u32>,
    /// x-eiRampUp, seconds.
    pub ramp_up_s: Option<i64>,
    /// x-eiRecovery, seconds.
    pub recovery_s: Option<i64>,
    /// 1 is highest, 0 is none.
    pub priority: u32,
    /// `always` or `never`.
    pub response: &'static str,
    /// marketContext; `None`: the VTN's usual.
    pub market_context: Option<String>,
    /// testEvent.
    pub test: Option<String>,
    /// vtnComment.
    pub comment: Option<String>,
    /// One at least.
    pub signals: Vec<Signal>,
    /// eiEventBaseline.
    pub baseline: Option<Baseline>,
}

/// A signal of an [`Event`].
#[derive(Clone, Debug, Serialize)]
pub struct Signal {
    /// signalID; `None`: the VTN's choice.
    pub id: Option<String>,
    /// signalName.
    pub name: String,
    /// signalType.
    #[serde(rename = "type")]
    pub kind: String,
    /// Such as `kW`; `None`: the signal has none.
    pub unit: Option<String>,
    /// In their order.
    pub intervals: Vec<Interval>,
    /// endDeviceAsset/mrid of the signal's own eiTarget.
    pub device_classes: Vec<String>,
}

/// A value for some seconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Interval {
    /// How long.
    pub duration_s: u32,
    /// In the signal's unit.
    pub value: Decimal,
}

/// eiEventBaseline of an [`Event`].
#[derive(Clone, Debug, Serialize)]
pub struct Baseline {
    /// baselineID.
    pub id: String,
    /// baselineName.
    pub name: String,
    /// dtstart, UTC.
    pub start: Timestamp,
    /// Seconds.
    pub duration_s: u32,
    /// In their order.
    pub intervals: Vec<Interval>,
    /// Such as `kW`.
    pub unit: Option<String>,
    /// resourceIDs.
    pub resources: Vec<String>,
}

impl Event {
    /// SIMPLE level 1 for `duration_s` from `start`, to one VEN, to be answered.
    pub fn simple(ven: &str, start: Timestamp, duration_s: u32) -> Self {
        Self {
            id: None,
            vens: vec![ven.to_owned()],
            resources: Vec::new(),
            start,
            duration_s,
            startafter_s: None,
            notification_s: None,
            ramp_up_s: None,
            recovery_s: None,
            priority: 0,
            response: "always",
            market_context: None,
            test: None,
            comment: None,
            signals: vec![Signal::simple(&[(duration_s, 1)])],
            baseline: None,
        }
    }

    /// The same with these values of SIMPLE, one after the other; they make its duration.
    pub fn values(mut self, intervals: &[(u32, i64)]) -> Self {
        self.duration_s = intervals.iter().map(|(seconds, _)| seconds).sum();
        self.signals = vec![Signal::simple(intervals)];
        self
    }
}

impl Signal {
    /// SIMPLE, level, no unit.
    pub fn simple(intervals: &[(u32, i64)]) -> Self {
        Self::new("SIMPLE", "level", None, intervals)
    }

    /// A signal of this name, type and unit.
    pub fn new(name: &str, kind: &str, unit: Option<&str>, intervals: &[(u32, i64)]) -> Self {
        let intervals = intervals.iter().map(|(duration_s, value)| Interval {
            duration_s: *duration_s,
            value: Decimal::from(*value),
        });
        Self {
            id: None,
            name: name.to_owned(),
            kind: kind.to_owned(),
            unit: unit.map(str::to_owned),
            intervals: intervals.collect(),
            device_classes: Vec::new(),
        }
    }
}

/// What a VTN has stored of a VEN's answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoredOpt {
    /// The resource; `None`: all that are not named.
    pub resource: Option<String>,
    /// `optIn` or `optOut`.
    pub opt: String,
}

/// An opt schedule that a VTN has stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoredSchedule {
    /// optID.
    pub opt_id: String,
    /// `optIn` or `optOut`.
    pub opt: String,
    /// Empty: all.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Device classes it is narrowed to.
    #[serde(default)]
    pub device_classes: Vec<String>,
    /// The programme it is for; `None`: all.
    pub market_context: Option<String>,
    /// From when, UTC.
    pub from: Timestamp,
    /// Until when, UTC; `None`: no end.
    pub until: Option<Timestamp>,
}

/// A reading that a VTN has stored.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StoredReading {
    /// rID.
    pub rid: String,
    /// The instant or the interval's start, UTC.
    pub at: Timestamp,
    /// The value.
    pub value: Decimal,
}

/// A report, for a VTN's operator to ask for.
#[derive(Clone, Debug, Serialize)]
pub struct ReportWanted {
    /// reportSpecifierID.
    pub specifier: String,
    /// rIDs.
    pub rids: Vec<String>,
    /// granularity, seconds.
    pub granularity_s: u32,
    /// reportBackDuration, seconds.
    pub back_s: u32,
    /// dtstart of reportInterval, UTC; `None`: the VTN's choice.
    pub from: Option<Timestamp>,
    /// Its duration, seconds; 0: without end.
    pub duration_s: Option<u32>,
}

/// What a scenario needs a VEN to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VenSettings {
    /// resourceIDs it has; empty: its own choice.
    pub resources: Vec<String>,
    /// Market contexts it takes events of; empty: any.
    pub market_contexts: Vec<String>,
    /// Device classes it has.
    pub device_classes: Vec<String>,
    /// More than one resource could be meant by a signal.
    pub ambiguous: bool,
    /// XML signatures.
    pub signatures: bool,
    /// `2.0a`; `None` is 2.0b.
    pub profile: Option<String>,
    /// A Report Only VEN.
    pub report_only: bool,
    /// A VEN without data.
    pub no_reports: bool,
    /// How often it measures, seconds; `None`: its own choice.
    pub sample_every_s: Option<u32>,
}

/// What a VEN's site does.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Site {
    /// Events it holds.
    #[serde(default)]
    pub events: Vec<SiteEvent>,
    /// What it follows now.
    #[serde(default)]
    pub in_force: Vec<InForce>,
}

/// An event at a site.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SiteEvent {
    /// eventID.
    pub id: String,
    /// modificationNumber.
    pub modification: u32,
    /// `waiting`, `running`, `over` or `cancelled`.
    pub state: String,
    /// When it starts here, UTC, its random shift included.
    pub start: Timestamp,
    /// When it ends here, UTC; `None`: when cancelled.
    pub end: Option<Timestamp>,
    /// `optIn` or `optOut`.
    pub opt: Option<String>,
    /// A test event.
    #[serde(default)]
    pub test: bool,
}

/// A value that a site follows.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct InForce {
    /// eventID.
    pub event: String,
    /// signalName.
    pub signal: String,
    /// In the signal's unit.
    pub value: Decimal,
    /// The resource; `None`: all.
    pub resource: Option<String>,
}

impl Site {
    /// The event of this id, unless it is gone or cancelled.
    pub fn event(&self, id: &str) -> Option<&SiteEvent> {
        self.events.iter().find(|event| event.id == id && event.state != "cancelled")
    }

    /// The value that an event puts in force now.
    pub fn value_of(&self, event: &str) -> Option<Decimal> {
        self.in_force.iter().find(|one| one.event == event).map(|one| one.value)
    }
}
