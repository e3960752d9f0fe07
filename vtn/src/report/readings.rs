//! Readings kept. OpenADR 2.0b Profile, rules 304, 313 to 319, 339, 342, 346.
//!
//! A reading is one row by VEN, report, data point and start: the same again, late data and
//! corrections replace it, so a repeated report changes nothing (rule 346).

use std::borrow::Cow;
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

use super::green_button::{Green, green_button, keep};
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
    pub points: BTreeMap<&'a str, Cow<'a, Point>>,
    /// The values.
    pub rows: Vec<Row>,
    /// Green Button data.
    pub feeds: Vec<Green>,
}

impl<'a> Reported<'a> {
    /// Holds a report that comes `now` against its request and the metadata.
    ///
    /// # Errors
    /// The first broken one of rules 313 to 316; 452 for a specifier or rID that was not asked
    /// for (rules 300, 304).
    pub(crate) fn new(
        report: &OadrReport,
        (request, metadata): (&'a ReportRequest, &'a Metadata),
        now: Timestamp,
        takes: impl Fn(Leniency) -> bool,
    ) -> Result<Self, Fault> {
        if report.report_specifier_id != request.specifier {
            return Err(Fault::new(304, Code::InvalidId, "reportSpecifierID unknown"));
        }
        let report = lenient::data(report, takes);
        check_report_data(&report)?;
        check_name(&report, metadata)?;
        let mut rows = report.rows()?;
        let mut feeds = green_button(&report, request, now)?;
        let mut unit = None;
        for (own, read) in feeds.iter_mut().filter_map(|feed| feed.read.take()) {
            unit = Some(own);
            rows.extend(read);
        }
        // A set: a report may have as many values as there are data points.
        let asked: BTreeSet<&str> = request.rids.iter().map(String::as_str).collect();
        let used: BTreeSet<&str> = rows.iter().map(|row| row.rid.as_str()).collect();
        if let Some(rid) = used.difference(&asked).next() {
            let what = format!("rID {rid} was not asked for");
            return Err(Fault::new(304, Code::InvalidId, what));
        }
        let points = metadata.points.iter().map(|point| (point.rid.as_str(), point));
        let points = points.filter(|(rid, _)| used.contains(rid));
        // Metadata of Green Button data name no unit that could be told: the data do.
        let points = points.map(|(rid, point)| match &unit {
            Some(unit) => (rid, Cow::Owned(Point { unit: unit.clone(), ..point.clone() })),
            None => (rid, Cow::Borrowed(point)),
        });
        let points = points.collect();
        Ok(Self { request, metadata, points, rows, feeds })
    }
}

/// Rule 313: data have the name of their metadata, without its `METADATA_`.
fn check_name(report: &OadrReport, metadata: &Metadata) -> Result<(), Fault> {
    let name = report.report_name.as_ref().map(|name| name.text().into_owned()).unwrap_or_default();
    if metadata.name.is_empty() || name == metadata.name {
        return Ok(());
    }
    let what = format!("the reportName is {name}, not {} as its metadata say", metadata.name);
    Err(Fault::new(313, Code::InvalidData, what))
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
    let Reported { request, metadata, points, rows, feeds } = reported;
    let specifier = metadata.specifier.as_str();
    for (rid, point) in points {
        let series = Series { name: metadata.name.clone(), point: Point::clone(point.as_ref()) };
        let key = (ven, specifier, *rid);
        if SERIES.get(view, key)?.as_ref() != Some(&series) {
            SERIES.put(batch, key, &series)?;
        }
    }
    for row in rows {
        let key = (ven, specifier, row.rid.as_str(), row.start.as_microsecond());
        READINGS.put(batch, key, &reading(row, &request.id, now))?;
    }
    for feed in feeds {
        keep(batch, ven, feed)?;
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
