//! What the aggregator is told of a report: numbers in watts and watt-hours. States and other
//! units stay on record.

use oadr_platform::Rid;
use oadr_platform::reading::{Kind, Quality, Reading};
use oadr_schemas::openadr::report::Row;
use oadr_schemas::xml::{Decimal, Text};

use super::Reported;
use crate::unit;

/// The readings of a report, in time order.
pub(crate) fn notices(reported: &Reported<'_>) -> Vec<Reading> {
    let mut readings: Vec<Reading> = reported
        .rows
        .iter()
        .filter_map(|row| {
            let point = reported.points.get(row.rid.as_str())?;
            reading(row, point.unit.as_deref()?)
        })
        .collect();
    readings.sort_by_key(|reading| reading.at);
    readings
}

/// Power as it is. Energy at an instant is a register; energy collected over a time is told as
/// its mean power at the start of that time.
fn reading(row: &Row, words: &str) -> Option<Reading> {
    let (base, value) = unit::in_base(words, row.number()?)?;
    let collected = row.duration.and_then(|duration| duration.from(row.start));
    let (kind, value) = match (base, collected) {
        ("Wh", None) => (Kind::Energy, value),
        ("Wh", Some(time)) => {
            let hours = Decimal::from(time.as_secs()).checked_div(Decimal::from(3600))?;
            (Kind::Power, value.checked_div(hours)?)
        }
        _ => (Kind::Power, value),
    };
    let quality = match row.quality.as_ref().map(|quality| quality.text().into_owned()) {
        None => Quality::Good,
        Some(text) if text.starts_with("Quality Good") => Quality::Good,
        Some(text) if text.starts_with("Quality Bad") || text.starts_with("No Quality") => {
            Quality::Bad
        }
        Some(_) => Quality::Uncertain,
    };
    Some(Reading { rid: Rid::from(row.rid.as_str()), kind, at: row.start, value, quality })
}
