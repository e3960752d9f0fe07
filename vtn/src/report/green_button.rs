//! Green Button data: each feed kept as it came, and what of it can be told as readings. OpenADR
//! 2.0b Profile, HISTORY_GREENBUTTON (annex A).

use jiff::Timestamp;
use oadr_schemas::openadr::atom::Feed;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::green_button::Measured;
use oadr_schemas::openadr::oadr::{OadrDataQualityType, OadrReport};
use oadr_schemas::openadr::report::{Row, Value};
use oadr_schemas::xml;
use oadr_store::{Batch, Keys, Read};

use crate::error::Error;
use crate::ids::short;
use crate::record::{GreenButton, ReportRequest};
use crate::tables::{GREEN_BUTTON, GREEN_BUTTON_FEEDS};
use crate::unit;

/// A feed, ready to be kept.
pub(crate) struct Green {
    /// What is told of it.
    pub about: GreenButton,
    /// The feed itself, as a document.
    pub xml: String,
    /// Its values and their unit, if it has those of one meter reading.
    pub read: Option<(Option<String>, Vec<Row>)>,
}

/// The feeds of a report. Their values are told as readings of the request's data point if it has
/// one only: a feed names none.
///
/// # Errors
/// 454 if a feed's ID is too long to be kept.
pub(crate) fn green_button(
    report: &OadrReport,
    request: &ReportRequest,
    now: Timestamp,
) -> Result<Vec<Green>, Fault> {
    let rid = match request.rids.as_slice() {
        [rid] => Some(rid.as_str()),
        _ => None,
    };
    let mut unit: Option<Option<String>> = None;
    let each = report.feeds().enumerate().map(|(k, feed)| {
        let mut green = one(feed, (request, k), rid, now)?;
        // One data point has one unit: a feed of another is kept, and not told as readings.
        if let Some((own, _)) = &green.read
            && *unit.get_or_insert_with(|| own.clone()) != *own
        {
            green.read = None;
        }
        Ok(green)
    });
    each.collect()
}

/// Adds to the batch: a feed is kept, in place of an earlier state of it.
///
/// # Errors
/// Those of the store.
pub(crate) fn keep(batch: &mut Batch, ven: &str, green: &Green) -> Result<(), Error> {
    let key = (ven, green.about.id.as_str());
    GREEN_BUTTON.put(batch, key, &green.about)?;
    Ok(GREEN_BUTTON_FEEDS.put(batch, key, &green.xml)?)
}

/// What is told of a VEN's feeds, by ID, after this one, `limit` at most.
///
/// # Errors
/// Those of the store.
pub(crate) fn feeds(
    view: &impl Read,
    ven: &str,
    (after, limit): (Option<&str>, usize),
) -> Result<Vec<GreenButton>, Error> {
    let keys = match after {
        Some(after) => Keys::of((ven,)).after((ven, after)),
        None => Keys::of((ven,)),
    };
    let found = GREEN_BUTTON.range(view, keys.limit(limit))?;
    Ok(found.into_iter().map(|(_, about)| about).collect())
}

fn one(
    feed: &Feed,
    (request, k): (&ReportRequest, usize),
    rid: Option<&str>,
    now: Timestamp,
) -> Result<Green, Fault> {
    // A feed without a name of its own has that of its place: repeated, it is the same again.
    let id = feed.id().unwrap_or_else(|| format!("{}.{k}", request.id));
    short(331, "the feed's id", &id)?;
    let series = feed.series();
    let values = || series.iter().flat_map(|series| &series.values);
    let about = GreenButton {
        id,
        specifier: request.specifier.clone(),
        request: request.id.clone(),
        title: feed.title(),
        meters: series.len(),
        values: values().count(),
        from: values().map(|value| value.start).min(),
        to: values().filter_map(end).max(),
        received: now,
    };
    let read = match (rid, series.as_slice()) {
        (Some(rid), [series]) => {
            let rows = series.values.iter().map(|value| row(rid, value)).collect();
            Some((series.uom.map(words), rows))
        }
        _ => None,
    };
    Ok(Green { about, xml: xml::encode(feed), read })
}

fn end(value: &Measured) -> Option<Timestamp> {
    value.start.checked_add(value.duration.unwrap_or_default()).ok()
}

fn row(rid: &str, value: &Measured) -> Row {
    Row {
        rid: rid.to_owned(),
        start: value.start,
        duration: value.duration.and_then(unit::duration),
        value: Value::Number(value.value),
        quality: value.quality.map(quality),
        accuracy: None,
        confidence: None,
    }
}

/// The unit of an ESPI UnitSymbol (of IEC 61968-9) in words of [`unit`].
fn words(uom: u16) -> String {
    let known = [
        (5, "A"),
        (23, "celsius"),
        (29, "V"),
        (33, "Hz"),
        (38, "W"),
        (61, "VA"),
        (63, "VAR"),
        (71, "VAh"),
        (72, "Wh"),
        (73, "VARh"),
        (169, "therm"),
    ];
    let found = known.iter().find(|(number, _)| *number == uom);
    found.map_or_else(|| format!("espi:{uom}"), |(_, words)| (*words).to_owned())
}

/// The quality of an ESPI QualityOfReading: what was validated, verified or is fit for billing is
/// good, what was edited by hand is so by override; estimates, raw and derived values are not sure.
fn quality(number: u16) -> OadrDataQualityType {
    match number {
        0 | 17..=19 => OadrDataQualityType::QualityGoodNonSpecific,
        7 => OadrDataQualityType::QualityGoodLocalOverride,
        _ => OadrDataQualityType::QualityUncertainNonSpecific,
    }
}
