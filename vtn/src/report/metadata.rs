//! What a VEN offers. OpenADR 2.0b Profile, rules 305 to 312, 331, 333.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::{Fault, check_report_metadata};
use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::{OadrRegisterReport, OadrReport, OadrReportDescription};
use oadr_schemas::xml::{Duration, Text};
use oadr_store::{Batch, Keys, Read};

use super::lenient;
use crate::error::Error;
use crate::ids::{named, short};
use crate::record::{Leniency, Metadata, Point, ReportRequest, RequestState};
use crate::tables::{METADATA, REPORT_REQUESTS};
use crate::unit;

/// The reports in a message, checked.
///
/// # Errors
/// The first broken one of rules 305, 307, 308, 311, 312, 331, 333.
pub(crate) fn read_metadata(
    message: &OadrRegisterReport,
    now: Timestamp,
    takes: impl Fn(Leniency) -> bool,
) -> Result<Vec<Metadata>, Fault> {
    check_report_metadata(&lenient::metadata(message, takes))?;
    for report in &message.oadr_report {
        named(308, "reportSpecifierID", &report.report_specifier_id)?;
        for point in &report.oadr_report_description {
            named(308, "rID", &point.rid)?;
            for resource in resources(point) {
                named(302, "resourceID", resource)?;
            }
            short(302, "marketContext", &market_context(point).unwrap_or_default())?;
        }
    }
    message.oadr_report.iter().map(|report| one(report, now)).collect()
}

/// Adds to the batch: nothing is offered by this VEN and nothing asked of it. Readings stay.
pub(crate) fn wipe(view: &impl Read, batch: &mut Batch, ven: &str) -> Result<(), Error> {
    for ((_, specifier), _) in METADATA.range(view, Keys::of((ven,)))? {
        METADATA.delete(batch, (ven, specifier.as_str()));
    }
    for ((_, id), _) in REPORT_REQUESTS.range(view, Keys::of((ven,)))? {
        REPORT_REQUESTS.delete(batch, (ven, id.as_str()));
    }
    Ok(())
}

/// Adds to the batch: nothing is offered any more, and nothing asked for but metadata, which
/// `answered` answers (rule 306: periodic requests for it survive). Gives what is still asked.
pub(crate) fn start_anew(
    view: &impl Read,
    batch: &mut Batch,
    (ven, answered): (&str, Option<&str>),
) -> Result<Vec<String>, Error> {
    for ((_, specifier), _) in METADATA.range(view, Keys::of((ven,)))? {
        METADATA.delete(batch, (ven, specifier.as_str()));
    }
    let mut kept = Vec::new();
    for ((_, id), request) in REPORT_REQUESTS.range(view, Keys::of((ven,)))? {
        let key = (ven, id.as_str());
        if request.specifier != "METADATA" {
            REPORT_REQUESTS.delete(batch, key);
            continue;
        }
        if Some(id.as_str()) == answered {
            let state = match request.every.is_zero() {
                true => RequestState::Ended,
                false => RequestState::Running,
            };
            REPORT_REQUESTS.put(batch, key, &ReportRequest { state, ..request })?;
        }
        kept.push(id);
    }
    Ok(kept)
}

fn one(report: &OadrReport, now: Timestamp) -> Result<Metadata, Fault> {
    let depth = report.duration.as_ref().map(|property| span(&property.duration, now, 312));
    let points = report.oadr_report_description.iter().map(|point| describe(point, now));
    Ok(Metadata {
        specifier: report.report_specifier_id.clone(),
        name: report.report_name.as_ref().map(data_name).unwrap_or_default(),
        depth: depth.transpose()?.unwrap_or_default(),
        points: points.collect::<Result<_, _>>()?,
        at: now,
    })
}

fn describe(point: &OadrReportDescription, now: Timestamp) -> Result<Point, Fault> {
    let rate = point.oadr_sampling_rate.as_ref();
    let period = |duration: &Duration| span(duration, now, 312);
    Ok(Point {
        rid: point.rid.clone(),
        kind: point.report_type.text().into_owned(),
        reading: point.reading_type.text().into_owned(),
        unit: point.item_base.as_ref().map(unit::words),
        resources: resources(point).to_vec(),
        market_context: market_context(point),
        at_least_every: rate.map(|rate| period(&rate.oadr_min_period)).transpose()?,
        at_most_every: rate.map(|rate| period(&rate.oadr_max_period)).transpose()?,
        on_change: rate.is_some_and(|rate| rate.oadr_on_change),
    })
}

fn resources(point: &OadrReportDescription) -> &[String] {
    point.report_data_source.as_ref().map_or(&[], |source| &source.resource_id)
}

/// Rule 46: an empty one is none.
fn market_context(point: &OadrReportDescription) -> Option<String> {
    point.market_context.as_ref().map(|uri| uri.to_string()).filter(|uri| !uri.is_empty())
}

/// Rule 313: the name of the data is that of the metadata without its `METADATA_`.
fn data_name(name: &ReportName) -> String {
    let text = name.text();
    text.strip_prefix("METADATA_").unwrap_or(&text).to_owned()
}

fn span(duration: &Duration, now: Timestamp, rule: u16) -> Result<SignedDuration, Fault> {
    let span = unit::span(duration, now).filter(|span| !span.is_negative());
    span.ok_or_else(|| Fault::new(rule, Code::InvalidData, format!("{duration} is no span")))
}
