//! What a party's meters say of an interval: exact, or not yet. EI 1.0 EiDelivery; OpenADR 2.0b
//! Profile, TELEMETRY_USAGE, rules 315 and 331.
//!
//! Import counts as positive. Rule 331 has all usage read directly; what a row tells is in its
//! time. Three of them tell energy without a guess:
//!
//! 1. energy at an instant is a register's: the difference of the two readings at the first
//!    instant and at the end;
//! 2. energy collected over a span: the sum of the spans that fill the interval;
//! 3. power collected over a span is the mean: the sum of power times time.
//!
//! A series of the whole VEN goes before those of its resources; these count only if a single
//! resource is metered, since one may lie behind the other. Of two series of a kind neither
//! counts: which of them is the meter is not told. So that readings fall on the ends of
//! delivery intervals, ask for reports whose start and granularity do.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::Interval;
use oadr_store::{Keys, Read};
use rust_decimal::Decimal;

use crate::error::Error;
use crate::record::{Reading, ReadingValue, Series};
use crate::tables::{READINGS, SERIES};
use crate::unit;

/// What was metered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Metered {
    /// Net import over the interval, Wh.
    Net {
        /// How much.
        wh: Decimal,
        /// Whether a reading that is no good measurement was counted.
        estimated: bool,
    },
    /// Nothing, or nothing good, is known from this instant on.
    Missing(Timestamp),
    /// Nothing tells this party's energy.
    Unmetered,
}

/// What a series measures, the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Energy,
    Power,
}

/// A series that tells energy.
pub(crate) struct Meter {
    kind: Kind,
    specifier: String,
    rid: String,
    unit: String,
    resources: Vec<String>,
}

/// Reads the interval off a party's [`meters`].
///
/// # Errors
/// Those of the store.
pub(crate) fn read(
    view: &impl Read,
    (ven, meters): (&str, &[Meter]),
    interval: Interval,
) -> Result<Metered, Error> {
    let mut answer = Metered::Unmetered;
    for meter in meters {
        let rows = Rows { view, ven, meter };
        let register = match meter.kind {
            Kind::Energy => rows.register(interval)?,
            Kind::Power => Metered::Unmetered,
        };
        for metered in [register, rows.spans(interval)?] {
            match (&metered, &answer) {
                (Metered::Net { .. }, _) => return Ok(metered),
                (Metered::Missing(at), Metered::Missing(before)) if at <= before => {}
                (Metered::Unmetered, _) => {}
                _ => answer = metered,
            }
        }
    }
    Ok(answer)
}

/// A party's meters, the best first: the same for all questions of a message.
///
/// # Errors
/// Those of the store.
pub(crate) fn meters(view: &impl Read, ven: &str) -> Result<Vec<Meter>, Error> {
    let all = SERIES.range(view, Keys::of((ven,)))?;
    let mut meters: Vec<Meter> = all
        .into_iter()
        .filter_map(|((_, specifier, rid), series)| meter(specifier, rid, series))
        .collect();
    if meters.iter().any(|meter| meter.resources.is_empty()) {
        meters.retain(|meter| meter.resources.is_empty());
    } else if meters.iter().any(|meter| meter.resources != meters[0].resources) {
        meters.clear();
    }
    // Which of two of a kind is the meter is not told.
    let kinds: Vec<Kind> = meters.iter().map(|meter| meter.kind).collect();
    meters.retain(|meter| kinds.iter().filter(|kind| **kind == meter.kind).count() == 1);
    meters.sort_by_key(|meter| meter.kind);
    Ok(meters)
}

/// A series as a meter, if it is one.
fn meter(specifier: String, rid: String, series: Series) -> Option<Meter> {
    let point = series.point;
    if series.name != "TELEMETRY_USAGE" || point.kind != "usage" || point.reading != "Direct Read" {
        return None;
    }
    let unit = point.unit?;
    let kind = match unit::in_base(&unit, Decimal::ONE)?.0 {
        "Wh" => Kind::Energy,
        _ => Kind::Power,
    };
    Some(Meter { kind, specifier, rid, unit, resources: point.resources })
}

/// The readings of one meter.
struct Rows<'a, R> {
    view: &'a R,
    ven: &'a str,
    meter: &'a Meter,
}

impl<R: Read> Rows<'_, R> {
    fn register(&self, interval: Interval) -> Result<Metered, Error> {
        let mut values = Vec::new();
        for at in [interval.start, interval.end()] {
            let key = (self.ven, &*self.meter.specifier, &*self.meter.rid, at.as_microsecond());
            let reading = READINGS.get(self.view, key)?;
            let reading = reading.filter(|reading| reading.duration.is_none());
            match reading.as_ref().and_then(|reading| self.good(reading)) {
                Some(value) => values.push(value),
                None => return Ok(Metered::Missing(at)),
            }
        }
        let estimated = values.iter().any(|(_, estimated)| *estimated);
        Ok(match values[1].0.checked_sub(values[0].0) {
            Some(wh) => Metered::Net { wh, estimated },
            None => Metered::Missing(interval.start),
        })
    }

    fn spans(&self, interval: Interval) -> Result<Metered, Error> {
        let (mut known_to, mut wh, mut estimated) = (interval.start, Decimal::ZERO, false);
        for reading in self.around(interval)? {
            let Some(duration) = reading.duration else { continue };
            let Ok(end) = reading.start.checked_add(duration) else { continue };
            if end <= known_to || reading.start > known_to || known_to >= interval.end() {
                continue;
            }
            let whole = reading.start == known_to && end <= interval.end();
            let Some((value, doubtful)) = self.good(&reading) else { continue };
            let until = end.min(interval.end());
            let part = match self.meter.kind {
                Kind::Power => energy(value, until.duration_since(known_to)),
                // How a span's energy lies within the span is not known.
                _ if !whole => continue,
                _ => Some(value),
            };
            let Some(sum) = part.and_then(|part| wh.checked_add(part)) else { break };
            (known_to, wh, estimated) = (until, sum, estimated || doubtful);
        }
        Ok(match known_to >= interval.end() {
            true => Metered::Net { wh, estimated },
            false => Metered::Missing(known_to),
        })
    }

    /// The readings that begin in the interval, and the one before them.
    fn around(&self, interval: Interval) -> Result<Vec<Reading>, Error> {
        let key = |at: Timestamp| {
            let Meter { specifier, rid, .. } = self.meter;
            (self.ven.to_owned(), specifier.clone(), rid.clone(), at.as_microsecond())
        };
        let first =
            (self.ven.to_owned(), self.meter.specifier.clone(), self.meter.rid.clone(), i64::MIN);
        let before = Keys::between(first..key(interval.start)).backward().limit(1);
        let mut rows = READINGS.range(self.view, before)?;
        let within = Keys::between(key(interval.start)..key(interval.end()));
        rows.extend(READINGS.range(self.view, within)?);
        Ok(rows.into_iter().map(|(_, reading)| reading).collect())
    }

    /// A reading in W or Wh, and whether it is doubtful. None if it is bad.
    fn good(&self, reading: &Reading) -> Option<(Decimal, bool)> {
        let ReadingValue::Number(value) = &reading.value else { return None };
        let quality = reading.quality.as_deref().unwrap_or("Quality Good");
        if quality.starts_with("Quality Bad") || quality.starts_with("No ") {
            return None;
        }
        let (_, value) = unit::in_base(&self.meter.unit, *value)?;
        Some((value, !quality.starts_with("Quality Good")))
    }
}

/// Power for a time, Wh. None past what a decimal holds exactly enough.
fn energy(watts: Decimal, time: SignedDuration) -> Option<Decimal> {
    let seconds = Decimal::try_from_i128_with_scale(time.as_nanos(), 9).ok()?;
    watts.checked_mul(seconds)?.checked_div(Decimal::from(3_600))
}
