//! What is remembered, table by table. Everything the VEN owes, knows or was asked for is
//! here before anybody is told.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_platform::market::{Tender, Trade};
use oadr_platform::opt::{Opt, OptReason, OptSchedule};
use oadr_platform::prosumer::EventOffer;
use oadr_platform::reading::Quality;
use oadr_platform::signal::ActiveSignal;
use oadr_platform::{Interval, ResourceId};
use oadr_store::Table;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The hash of the VTN's certificate, under `vtn`.
pub(crate) const PIN: Table<String, String> = Table::new("pin", 1);
/// How the VEN stands with the VTN, under `vtn`.
pub(crate) const STANDING: Table<String, Standing> = Table::new("standing", 1);
/// Messages to be sent, in order.
pub(crate) const OUTBOX: Table<u64, Outgoing> = Table::new("outbox", 1);
/// Events by eventID.
pub(crate) const EVENTS: Table<String, EventRecord> = Table::new("events", 1);
/// What each resource was told last, by resourceID.
pub(crate) const APPLIED: Table<String, Vec<ActiveSignal>> = Table::new("applied", 1);
/// Reports asked for, by reportRequestID.
pub(crate) const REQUESTS: Table<String, ReportRequest> = Table::new("requests", 1);
/// Readings by rID and time (Unix milliseconds).
pub(crate) const SAMPLES: Table<(String, i64), Sample> = Table::new("samples", 1);
/// Up to when the site has been read, under `site`.
pub(crate) const SAMPLED: Table<String, Timestamp> = Table::new("sampled", 1);
/// Opts by optID.
pub(crate) const OPTS: Table<String, OptRecord> = Table::new("opts", 1);
/// Own tenders by tenderID.
pub(crate) const TENDERS: Table<String, TenderRecord> = Table::new("tenders", 1);
/// Transactions by transactionID.
pub(crate) const TRADES: Table<String, TradeRecord> = Table::new("trades", 1);

/// The one key of a table that has one record.
pub(crate) const ONLY: &str = "vtn";

/// How the VEN stands with the VTN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Standing {
    /// Not registered; may try from then on (never, if none).
    Out { not_before: Option<Timestamp> },
    /// Registered.
    In(Registration),
}

/// A registration (oadrCreatedPartyRegistration).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Registration {
    pub ven_id: String,
    pub vtn_id: String,
    pub registration_id: String,
    pub poll_every: Duration,
    pub since: Timestamp,
    /// The events are still to be fetched by oadrRequestEvent (rule 405).
    pub events_due: bool,
    /// The VTN wants a re-registration (oadrRequestReregistration).
    pub renew: bool,
    /// The VTN cancelled it: over once the answer is delivered.
    pub leaving: bool,
    /// Where the VTN was told to post; none: it is polled.
    #[serde(default)]
    pub push_to: Option<String>,
}

/// A message that waits for the VTN to take it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outgoing {
    /// The document, as it will be sent each time.
    pub document: String,
    pub since: Timestamp,
}

/// An event as this VEN understands it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventRecord {
    /// What the site was offered; times are the VEN's own, shifted (rule 30).
    pub offer: EventOffer,
    /// requestID of the oadrDistributeEvent that brought it last (rule 42).
    pub request_id: String,
    /// Whether it wants an answer each time (rule 12).
    pub always: bool,
    /// R, and r drawn from it.
    pub startafter: SignedDuration,
    pub shift: SignedDuration,
    /// S + D + R; none is without end.
    pub listed_until: Option<Timestamp>,
    /// 200, or why it is refused.
    pub code: u16,
    /// The reason in words.
    pub why: String,
    pub choice: Choice,
    /// Set by a person: a modification does not ask the site again.
    pub by_hand: bool,
    /// Cancelled: no longer known to the VTN, obeyed until then (rule 65).
    pub stops_at: Option<Timestamp>,
    pub received: Timestamp,
}

/// What was decided about an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Choice {
    /// The site could not say; ask again then. An answer may be owed.
    Open {
        ask_at: Timestamp,
    },
    Taken(Opt),
}

/// A report to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportRequest {
    pub id: String,
    pub what: Reported,
    pub rids: Vec<String>,
    /// Spacing of intervals; zero where it does not count.
    pub granularity: Duration,
    /// reportBackDuration; zero is once.
    pub back: Duration,
    pub start: Timestamp,
    /// None is without end.
    pub end: Option<Timestamp>,
    /// Up to when reports have been taken by the VTN.
    pub cursor: Timestamp,
    /// One more and no further (reportToFollow, rule 345).
    pub last: bool,
}

/// What a report tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reported {
    /// The metadata, periodically.
    Metadata,
    /// TELEMETRY_USAGE.
    Usage,
    /// TELEMETRY_STATUS.
    Status,
    /// HISTORY_USAGE.
    History,
}

/// A reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Sample {
    /// Power or energy, in W or Wh.
    Value { value: Decimal, quality: Quality },
    /// oadrPayloadResourceStatus.
    Status { online: bool, manual_override: bool, sheddable_w: Decimal },
}

/// An opt on its way to the VTN, or there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OptRecord {
    pub what: OptWhat,
    pub state: OptState,
    /// The requestID of what is under way.
    pub request_id: String,
    /// Comes from the site's own availability, and goes with it.
    pub of_site: bool,
    pub since: Timestamp,
}

/// What an opt is about (rule 206).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum OptWhat {
    /// When resources are (not) to be had.
    Schedule(OptSchedule),
    /// The state of one event.
    Event {
        event: String,
        modification: u32,
        opt: Opt,
        reason: OptReason,
        resources: Vec<ResourceId>,
    },
}

/// How far an opt has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OptState {
    /// To be sent.
    New,
    /// Taken by the VTN.
    Standing,
    /// To be cancelled.
    Cancelling,
    /// Refused by the VTN, which said this.
    Refused(String),
}

/// A tender of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TenderRecord {
    pub tender: Tender,
    /// The same each time it is sent, so that it counts once.
    pub request_id: String,
    pub state: TenderState,
}

/// How far a tender has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TenderState {
    /// To be sent, or sent without an answer yet.
    Sending,
    /// With the VTN.
    Standing,
    /// Refused by the VTN, which said this.
    Refused(String),
}

/// A transaction of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TradeRecord {
    pub trade: Trade,
    /// Whether the site knows.
    pub told: bool,
    pub delivery: Delivery,
}

/// What was delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Delivery {
    /// Ask for it from then on.
    Due { request_id: String, ask_at: Timestamp },
    /// What was measured, Wh.
    Measured { quantity_wh: Decimal },
    /// The VTN will not say, and said this.
    Refused(String),
}

impl EventRecord {
    /// Whether the VTN still has it: a cancelled one that runs out is forgotten to it.
    pub fn is_known(&self) -> bool {
        self.stops_at.is_none()
    }

    /// Whether it is taken part in, for real.
    pub fn is_obeyed(&self) -> bool {
        self.code == 200 && self.choice == Choice::Taken(Opt::In) && !self.offer.test
    }

    /// Its own end, if it has one.
    pub fn end(&self) -> Option<Timestamp> {
        let own = (!self.is_open_ended()).then(|| self.offer.interval.end());
        own.into_iter().chain(self.stops_at).min()
    }

    /// Whether it runs until cancelled (rule 47).
    pub fn is_open_ended(&self) -> bool {
        self.offer.interval.duration.is_zero()
    }

    /// Whether `at` lies in its own time. Starts count as inside, ends as outside (rule 18).
    pub fn runs_at(&self, at: Timestamp) -> bool {
        self.offer.interval.start <= at && self.end().is_none_or(|end| at < end)
    }

    /// Whether this value of its signals has no end of its own.
    pub fn is_endless(&self, interval: &Interval) -> bool {
        self.is_open_ended() && interval.duration.is_zero()
    }
}
