//! Reports as rows, both ways. OpenADR 2.0b Profile, section 8.3, annex A, rules 313
//! to 319.

mod metadata;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;

pub use metadata::{Sampling, status_description, usage_description};

use super::Code;
use super::check::Fault;
use super::ei::{Confidence, Interval, PayloadBase, ReportName};
use super::oadr::{OadrDataQualityType, OadrPayloadResourceStatus, OadrReport, OadrReportPayload};
use super::strm::{Intervals, StreamPayloadBase};
use crate::xml::{DateTime, Duration};

/// One value of a report: what, when, how much, how good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The data point, as the metadata names it.
    pub rid: String,
    /// The instant of the value, or the start of the time it was collected over.
    pub start: Timestamp,
    /// The time it was collected over; `None` for a value at an instant (rule 315).
    pub duration: Option<Duration>,
    /// The value.
    pub value: Value,
    /// How good it is; `None` if the sender does not say.
    pub quality: Option<OadrDataQualityType>,
    /// Its accuracy in the unit of the value (rule 319).
    pub accuracy: Option<Decimal>,
    /// Confidence in percent.
    pub confidence: Option<u32>,
}

/// What a report carries for a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, in the unit and scale of the metadata.
    Number(Decimal),
    /// `INF`, `NaN` or a number past 28 digits: nothing to reckon with.
    NoNumber(String),
    /// The state of a resource (TELEMETRY_STATUS).
    Status(Box<OadrPayloadResourceStatus>),
}

/// What a report with data says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// ID of the request it answers.
    pub report_request_id: String,
    /// The report, as the metadata names it.
    pub report_specifier_id: String,
    /// Its name without `METADATA_` (rule 313).
    pub report_name: ReportName,
    /// When it is written.
    pub created: Timestamp,
}

impl Row {
    /// A value at an instant, quality not stated.
    pub fn at(rid: impl Into<String>, start: Timestamp, value: impl Into<Value>) -> Self {
        Self {
            rid: rid.into(),
            start,
            duration: None,
            value: value.into(),
            quality: None,
            accuracy: None,
            confidence: None,
        }
    }

    /// The same, collected over `duration`.
    pub fn over(self, duration: Duration) -> Self {
        Self { duration: Some(duration), ..self }
    }

    /// Where its time ends: its start for a value at an instant, `None` out of the
    /// calendar.
    pub fn end(&self) -> Option<Timestamp> {
        match self.duration {
            None => Some(self.start),
            Some(duration) => self.start.checked_add(duration.from(self.start)?).ok(),
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn read(start: Timestamp, duration: Option<Duration>, payload: &OadrReportPayload) -> Self {
        Self {
            rid: payload.rid.clone(),
            start,
            duration,
            value: Value::from(&payload.payload_base),
            quality: payload.oadr_data_quality.clone(),
            accuracy: payload.accuracy.as_ref().and_then(|accuracy| accuracy.decimal()),
            confidence: payload.confidence.as_ref().map(|confidence| *confidence.value()),
        }
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<OadrPayloadResourceStatus> for Value {
    fn from(status: OadrPayloadResourceStatus) -> Self {
        Self::Status(Box::new(status))
    }
}

impl From<&PayloadBase> for Value {
    fn from(base: &PayloadBase) -> Self {
        match base {
            PayloadBase::PayloadFloat(float) => match float.value.decimal() {
                Some(number) => Self::Number(number),
                None => Self::NoNumber(float.value.to_string()),
            },
            PayloadBase::OadrPayloadResourceStatus(status) => {
                Self::Status(Box::new(status.clone()))
            }
        }
    }
}

impl OadrReport {
    /// The values of a report with data, in document order; those of Green Button data are in
    /// its [`feeds`](Self::feeds). An interval without
    /// dtstart starts with the report if it is the first (rule 314), else where the
    /// one before it ends (rule 315).
    ///
    /// More lenient than [`check_report_data`](super::check::check_report_data): it
    /// refuses only what leaves a value without a time.
    ///
    /// # Errors
    /// Rule 314 or 315 if an interval has no start, 313 for a payload that is no report's.
    pub fn rows(&self) -> Result<Vec<Row>, Fault> {
        let mut next = self.dtstart.as_ref().map(Timestamp::from);
        let mut rows = Vec::new();
        for (k, interval) in self.intervals.iter().flat_map(|all| &all.interval).enumerate() {
            let place =
                |what: &str| format!("report {}, interval {k}: {what}", self.report_request_id);
            let own = interval.dtstart.as_ref().map(Timestamp::from);
            let Some(start) = own.or(next) else {
                let rule = if k == 0 { 314 } else { 315 };
                return Err(Fault::new(rule, Code::NotCompliant, place("no start")));
            };
            let duration = interval.duration.as_ref().map(|property| property.duration);
            next = duration
                .and_then(|duration| duration.from(start))
                .and_then(|length| start.checked_add(length).ok());
            for payload in &interval.stream_payload_base {
                match payload {
                    StreamPayloadBase::OadrReportPayload(payload) => {
                        rows.push(Row::read(start, duration, payload));
                    }
                    StreamPayloadBase::OadrGBPayload(_) => {}
                    StreamPayloadBase::SignalPayload(_) => {
                        let what = place("a signalPayload is no report's");
                        return Err(Fault::new(313, Code::NotCompliant, what));
                    }
                }
            }
        }
        Ok(rows)
    }

    /// A report of these values: oldest first, values of one time in one interval, with
    /// dtstart in every interval. Where only some rows have a duration the others get
    /// PT0S, since it stands in all intervals or in none (rule 315; allowed to a mix by
    /// 342). `None` without rows: a report has at least one interval.
    pub fn of_rows(heading: Heading, rows: &[Row]) -> Option<Self> {
        let spans = rows.iter().any(|row| row.duration.is_some());
        let mut times: BTreeMap<(Timestamp, Option<Timestamp>), Interval> = BTreeMap::new();
        for row in rows {
            let duration = match row.duration {
                None if spans => Some(Duration::ZERO),
                own => own,
            };
            let interval = times.entry((row.start, row.end())).or_insert_with(|| Interval {
                dtstart: Some(row.start.into()),
                duration: duration.map(Into::into),
                uid: None,
                stream_payload_base: Vec::new(),
            });
            interval.stream_payload_base.push(row.payload());
        }
        let mut interval: Vec<_> = times.into_values().collect();
        for (uid, interval) in interval.iter_mut().enumerate() {
            interval.uid = Some(uid.to_string().into());
        }
        let dtstart = interval.first()?.dtstart.clone();
        Some(Self {
            dtstart,
            duration: None,
            intervals: Some(Intervals { interval }),
            ei_report_id: None,
            oadr_report_description: Vec::new(),
            report_request_id: heading.report_request_id,
            report_specifier_id: heading.report_specifier_id,
            report_name: Some(heading.report_name),
            created_date_time: DateTime(heading.created),
        })
    }
}

impl Row {
    fn payload(&self) -> StreamPayloadBase {
        let payload_base = match &self.value {
            Value::Number(number) => PayloadBase::PayloadFloat((*number).into()),
            // Goes out as the placeholder rule 318 wants; the quality tells.
            Value::NoNumber(_) => PayloadBase::PayloadFloat(Decimal::ZERO.into()),
            Value::Status(status) => PayloadBase::OadrPayloadResourceStatus((**status).clone()),
        };
        let quality = match (&self.value, &self.quality) {
            (Value::NoNumber(_), None) => Some(OadrDataQualityType::QualityBadNonSpecific),
            (_, quality) => quality.clone(),
        };
        StreamPayloadBase::OadrReportPayload(OadrReportPayload {
            rid: self.rid.clone(),
            confidence: self.confidence.and_then(Confidence::new),
            accuracy: self.accuracy.map(Into::into),
            payload_base,
            oadr_data_quality: quality,
        })
    }
}
