//! Readings kept. OpenADR 2.0b Profile, rules 304, 313 to 319, 339, 342, 346.
//!
//! A reading is one row by VEN, report, data point and start: the same again, late data and
//! corrections replace it, so a repeated report changes nothing (rule 346).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::{Fault, check_report_data};
use oadr_schemas::openadr::oadr::{
    OadrLoadControlStateType, OadrPayloadResourceStatus, OadrReport,
};
use oadr_schemas::openadr::report::{Row, Value};
use oadr_schemas::xml::{Decimal, Text};
use oadr_store::{Batch, Keys, Read};

use super::lenient;
use crate::error::Error;
use crate::record::{
    Leniency, Metadata, Point, Reading, ReadingValue, ReportRequest, ResourceStatus, Series,
};
use crate::tables::{READINGS, SERIES};
use crate::unit;

/// A report that fits its request, ready to be kept.
pub(crate) struct Reported<'a> {
    /// The request as it was.
    pub request: &'a ReportRequest,
    /// What the VEN offered under its specifier.
    pub metadata: &'a Metadata,
    /// The data points that have values here, by rID.
    pub points: BTreeMap<&'a str, &'a Point>,
    /// The values.
    pub rows: Vec<Row>,
}

impl<'a> Reported<'a> {
    /// Holds a report against its request and the metadata.
    ///
    /// # Errors
    /// The first broken one of rules 313 to 316; 452 for a specifier or rID that was not asked
    /// for (rules 300, 304).
    pub(crate) fn new(
        report: &OadrReport,
        request: &'a ReportRequest,
        metadata: &'a Metadata,
        takes: impl Fn(Leniency) -> bool,
    ) -> Result<Self, Fault> {
        if report.report_specifier_id != request.specifier {
            return Err(Fault::new(304, Code::InvalidId, "reportSpecifierID unknown"));
        }
        let report = lenient::data(report, takes);
        check_report_data(&report)?;
        let rows = report.rows()?;
        // A set: a report may have as many values as there are data points.
        let asked: BTreeSet<&str> = request.rids.iter().map(String::as_str).collect();
        let used: BTreeSet<&str> = rows.iter().map(|row| row.rid.as_str()).collect();
        if let Some(rid) = used.difference(&asked).next() {
            let what = format!("rID {rid} was not asked for");
            return Err(Fault::new(304, Code::InvalidId, what));
        }
        let points = metadata.points.iter().map(|point| (point.rid.as_str(), point));
        let points = points.filter(|(rid, _)| used.contains(rid)).collect();
        Ok(Self { request, metadata, points, rows })
    }
}

/// Adds to the batch: these readings are kept.
///
/// # Errors
/// Those of the store.
pub(crate) fn record(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    (reported, now): (&Reported<'_>, Timestamp),
) -> Result<(), Error> {
    let Reported { request, metadata, points, rows } = reported;
    let specifier = metadata.specifier.as_str();
    for (rid, point) in points {
        let series = Series { name: metadata.name.clone(), point: Point::clone(point) };
        let key = (ven, specifier, *rid);
        if SERIES.get(view, key)?.as_ref() != Some(&series) {
            SERIES.put(batch, key, &series)?;
        }
    }
    for row in rows {
        let key = (ven, specifier, row.rid.as_str(), row.start.as_microsecond());
        READINGS.put(batch, key, &reading(row, &request.id, now))?;
    }
    Ok(())
}

/// The readings of a data point from `from` up to, not including, `to`; oldest first, `limit`
/// at most. Over all reports that have a data point of this name.
///
/// # Errors
/// Those of the store.
pub(crate) fn between(
    view: &impl Read,
    (ven, rid): (&str, &str),
    (from, to): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<(Point, Reading)>, Error> {
    let mut found = Vec::new();
    for ((_, specifier, of), series) in SERIES.range(view, Keys::of((ven,)))? {
        if of != rid {
            continue;
        }
        let key = |at: Timestamp| (ven, specifier.as_str(), rid, at.as_microsecond());
        let keys = Keys::between(key(from)..key(to)).limit(limit);
        let readings = READINGS.range(view, keys)?;
        found.extend(readings.into_iter().map(|(_, reading)| (series.point.clone(), reading)));
    }
    found.sort_by_key(|(_, reading)| reading.start);
    found.truncate(limit);
    Ok(found)
}

fn reading(row: &Row, request: &str, now: Timestamp) -> Reading {
    Reading {
        start: row.start,
        duration: row.duration.and_then(|duration| unit::span(&duration, row.start)),
        value: match &row.value {
            Value::Number(number) => ReadingValue::Number(*number),
            Value::NoNumber(text) => ReadingValue::Odd(text.clone()),
            Value::Status(status) => ReadingValue::Status(status_of(status)),
        },
        quality: row.quality.as_ref().map(|quality| quality.text().into_owned()),
        confidence: row.confidence,
        accuracy: row.accuracy,
        request: request.to_owned(),
        received: now,
    }
}

fn status_of(status: &OadrPayloadResourceStatus) -> ResourceStatus {
    let state = status.oadr_load_control_state.as_ref();
    let current = |part: Option<&OadrLoadControlStateType>| -> Option<Decimal> {
        part.and_then(|part| part.oadr_current.decimal())
    };
    ResourceStatus {
        online: status.oadr_online,
        manual_override: status.oadr_manual_override,
        capacity: current(state.and_then(|state| state.oadr_capacity.as_ref())),
        level_offset: current(state.and_then(|state| state.oadr_level_offset.as_ref())),
        percent_offset: current(state.and_then(|state| state.oadr_percent_offset.as_ref())),
        set_point: current(state.and_then(|state| state.oadr_set_point.as_ref())),
    }
}
