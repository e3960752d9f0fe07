//! What VENs offer to report, what was asked for, what came. OpenADR 2.0b Profile, EiReport.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A report a VEN offers (one oadrReport of an oadrRegisterReport).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// reportSpecifierID, unique at the VEN (rule 308).
    pub specifier: String,
    /// reportName without `METADATA_`; empty if the VEN gave none.
    pub name: String,
    /// How much data there is (rule 312).
    pub depth: SignedDuration,
    /// Its data points.
    pub points: Vec<Point>,
    /// When it came, UTC.
    pub at: Timestamp,
}

impl Metadata {
    /// Whether it is of what was recorded (HISTORY_…): asked for once, as it was recorded (rules
    /// 317, 324).
    pub(crate) fn is_history(&self) -> bool {
        self.name.starts_with("HISTORY")
    }
}

/// A data point (oadrReportDescription).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// rID, unique in its report (rule 308).
    pub rid: String,
    /// reportType.
    pub kind: String,
    /// readingType.
    pub reading: String,
    /// Its unit in words of [`unit`](crate::unit); `None`: without.
    pub unit: Option<String>,
    /// resourceIDs of reportDataSource; empty: all of the VEN (rule 343).
    pub resources: Vec<String>,
    /// marketContext.
    pub market_context: Option<String>,
    /// oadrMinPeriod.
    pub at_least_every: Option<SignedDuration>,
    /// oadrMaxPeriod.
    pub at_most_every: Option<SignedDuration>,
    /// oadrOnChange.
    pub on_change: bool,
}

/// A request for a report (oadrReportRequest).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRequest {
    /// reportRequestID, unique (rule 322).
    pub id: String,
    /// reportSpecifierID, or `METADATA` (rule 327).
    pub specifier: String,
    /// rIDs, out of the metadata (rule 300).
    pub rids: Vec<String>,
    /// Spacing of intervals; zero: on change, or as recorded (rule 317).
    pub granularity: SignedDuration,
    /// How often; zero: once, at once (rule 324).
    pub every: SignedDuration,
    /// From when, UTC (rule 325).
    pub start: Option<Timestamp>,
    /// For how long; zero: without end.
    pub duration: SignedDuration,
    /// How far it has come.
    pub state: RequestState,
    /// When it was made, UTC.
    pub created: Timestamp,
    /// Reports received under it, repetitions included.
    pub received: u64,
    /// When the last one came, UTC.
    pub last: Option<Timestamp>,
}

/// How far a request has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Waits for the VEN's answer.
    Asked,
    /// The VEN reports.
    Running,
    /// The VEN said no, with this code and these words.
    Refused(u16, String),
    /// The VEN is asked to stop; `true`: after one more report (rule 345).
    Cancelling(bool),
    /// The answer to its next report tells the VEN to stop, `true`: after one more (rule 328).
    CancellingInAnswer(bool),
    /// That answer has told it. `true`: one more report follows. `false`: none; what comes all
    /// the same is kept and answered by oadrCancelReport (rule 335).
    CancelledInAnswer(bool),
    /// Over as asked: all has come. Late data and corrections are still taken (rule 346).
    Ended,
    /// Stopped on request.
    Cancelled,
}

/// One value of one data point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// When it began, UTC.
    pub start: Timestamp,
    /// Over how long it was collected; `None`: a value at an instant (rule 315).
    pub duration: Option<SignedDuration>,
    /// What it says.
    pub value: ReadingValue,
    /// oadrDataQuality.
    pub quality: Option<String>,
    /// confidence, 0 to 100.
    pub confidence: Option<u32>,
    /// accuracy, in the unit of the value.
    pub accuracy: Option<Decimal>,
    /// The request it was reported under.
    pub request: String,
    /// When it came, UTC.
    pub received: Timestamp,
}

/// What a reading says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingValue {
    /// A number in the data point's unit.
    Number(Decimal),
    /// A number that is none: infinite, not a number, or past 28 digits; as it came.
    Odd(String),
    /// oadrPayloadResourceStatus.
    Status(ResourceStatus),
}

/// oadrPayloadResourceStatus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceStatus {
    /// oadrOnline.
    pub online: bool,
    /// oadrManualOverride.
    pub manual_override: bool,
    /// oadrCurrent of oadrCapacity, a share of 1.
    pub capacity: Option<Decimal>,
    /// oadrCurrent of oadrLevelOffset.
    pub level_offset: Option<Decimal>,
    /// oadrCurrent of oadrPercentOffset.
    pub percent_offset: Option<Decimal>,
    /// oadrCurrent of oadrSetPoint.
    pub set_point: Option<Decimal>,
}

/// What is told of a Green Button feed (oadrGBPayload): an Atom document with ESPI resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GreenButton {
    /// atom:id of the feed; without one, the request it came under and its place there.
    pub id: String,
    /// reportSpecifierID.
    pub specifier: String,
    /// reportRequestID.
    pub request: String,
    /// Its title, or that of its first entry that has one; escaped as in XML.
    pub title: Option<String>,
    /// How many meter readings it has values of.
    pub meters: usize,
    /// How many values.
    pub values: usize,
    /// When the first value began, UTC.
    pub from: Option<Timestamp>,
    /// When the last value ended, UTC.
    pub to: Option<Timestamp>,
    /// When it came, UTC.
    pub received: Timestamp,
}

/// A row of readings: where they come from. Outlives the metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// reportName without `METADATA_`.
    pub name: String,
    /// What the readings are of.
    pub point: Point,
}
