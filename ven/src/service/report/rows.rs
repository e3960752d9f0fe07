//! Readings as the intervals of a report. OpenADR 2.0b Profile, rules 313 to 318, 324, 334,
//! 342.
//!
//! All of it is point data, an interval with a start alone: power and status at an instant,
//! energy as its register reads there. That is what Direct Read means, the readingType of
//! usage in the table of well-known reports: usage is the difference of two readings.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use oadr_platform::reading::{Kind, Quality};
use oadr_schemas::openadr::ei::{Interval, PayloadBase, PayloadFloat};
use oadr_schemas::openadr::oadr::{
    OadrDataQualityType, OadrLoadControlState, OadrLoadControlStateType, OadrPayloadResourceStatus,
    OadrReport, OadrReportPayload,
};
use oadr_schemas::openadr::strm::{Intervals, StreamPayloadBase};
use oadr_schemas::xml::DateTime;
use oadr_store::{Batch, Keys};
use rust_decimal::Decimal;

use super::metadata::names;
use super::sample;
use crate::context::{Context, Trouble};
use crate::tables::{ReportRequest, Reported, SAMPLES, Sample};

/// The rows of the report that is due next, and where the one after it begins. For one that
/// is asked for once they exist now.
pub(super) fn instants(
    cx: &Context<'_>,
    request: &ReportRequest,
) -> Result<(Vec<Timestamp>, Timestamp), Trouble> {
    match (request.what, request.back.is_zero()) {
        (Reported::Metadata, _) => Ok((Vec::new(), request.cursor)),
        (Reported::History, _) => Ok((recorded(cx, request)?, cx.now)),
        // Rule 324: one interval, the newest value.
        (_, true) => Ok((vec![cx.now], cx.now)),
        (_, false) => Ok(periodic(request)),
    }
}

/// The rows as a report. Readings that are missing are asked of the site once more; what it
/// does not know becomes a placeholder (rule 318).
pub(super) async fn report(
    cx: &Context<'_>,
    request: &ReportRequest,
    instants: &[Timestamp],
) -> Result<OadrReport, Trouble> {
    fill(cx, request, instants).await?;
    let (specifier, _, name) = names(request.what);
    let mut rows = Vec::with_capacity(instants.len());
    for &at in instants {
        let mut payloads = Vec::with_capacity(request.rids.len());
        for rid in &request.rids {
            payloads.push(StreamPayloadBase::OadrReportPayload(value(cx, rid, at)?));
        }
        rows.push(Interval {
            dtstart: Some(at.into()),
            duration: None,
            uid: None,
            stream_payload_base: payloads,
        });
    }
    Ok(OadrReport {
        dtstart: Some((*instants.first().unwrap_or(&cx.now)).into()),
        duration: None,
        intervals: Some(Intervals { interval: rows }),
        ei_report_id: None,
        oadr_report_description: Vec::new(),
        report_request_id: request.id.clone(),
        report_specifier_id: specifier.to_owned(),
        report_name: Some(name),
        created_date_time: DateTime(cx.now),
    })
}

/// The grid from the cursor to the end of its reporting period (rule 317).
fn periodic(request: &ReportRequest) -> (Vec<Timestamp>, Timestamp) {
    let (mut at, mut instants) = (request.cursor, Vec::new());
    let back = i64::try_from(request.back.as_millis()).unwrap_or(i64::MAX).max(1);
    let passed = at.as_millisecond().saturating_sub(request.start.as_millisecond()).max(0);
    let whole = back.saturating_mul(passed / back + 1);
    let boundary = request.start.checked_add(SignedDuration::from_millis(whole));
    let until = boundary.unwrap_or(Timestamp::MAX).min(request.end.unwrap_or(Timestamp::MAX));
    while at < until && instants.len() < MOST_ROWS {
        let Ok(next) = at.checked_add(request.granularity) else { break };
        instants.push(at);
        at = next;
    }
    (instants, at)
}

/// What was recorded in a time, at its own spacing (rule 317).
fn recorded(cx: &Context<'_>, request: &ReportRequest) -> Result<Vec<Timestamp>, Trouble> {
    let (start, end) = (request.start.as_millisecond(), request.end.unwrap_or(cx.now));
    let mut found = BTreeSet::new();
    for rid in request.rids.iter().map(String::as_str) {
        let keys = Keys::between((rid, start)..(rid, end.as_millisecond())).limit(MOST_ROWS);
        found.extend(SAMPLES.range(cx.store, keys)?.into_iter().map(|((_, at), _)| at));
    }
    let instants = found.into_iter().take(MOST_ROWS);
    let mut instants: Vec<_> =
        instants.filter_map(|at| Timestamp::from_millisecond(at).ok()).collect();
    if instants.is_empty() {
        // One placeholder says that nothing was recorded (rule 318).
        instants.push(request.start);
    }
    Ok(instants)
}

/// Reads the site for instants of which there is no reading.
async fn fill(
    cx: &Context<'_>,
    request: &ReportRequest,
    instants: &[Timestamp],
) -> Result<(), Trouble> {
    let mut missing = BTreeSet::new();
    // A history is what was recorded, and nothing else.
    let wanted = if request.what == Reported::History { &[] } else { instants };
    for at in wanted.iter().filter(|at| **at <= cx.now) {
        for rid in &request.rids {
            if !SAMPLES.contains(cx.store, (rid.as_str(), at.as_millisecond()))? {
                missing.insert(*at);
            }
        }
    }
    let mut batch = Batch::new();
    for at in missing {
        sample::read(cx, &mut batch, at).await?;
    }
    Ok(cx.store.commit(batch).await?)
}

/// What a data point has to say for a row.
fn value(cx: &Context<'_>, rid: &str, at: Timestamp) -> Result<OadrReportPayload, Trouble> {
    let kind = cx.site.points.iter().find(|p| p.rid.as_str() == rid).map(|point| point.kind);
    let found = SAMPLES.get(cx.store, (rid, at.as_millisecond()))?;
    let (payload_base, quality) = match found {
        Some(Sample::Value { value, quality }) => (number(value), quality),
        Some(Sample::Status { online, manual_override, sheddable_w }) => {
            (status(online, manual_override, sheddable_w), Quality::Good)
        }
        None if kind == Some(Kind::Status) => (status(false, false, Decimal::ZERO), Quality::Bad),
        None => (number(Decimal::ZERO), Quality::Bad),
    };
    Ok(OadrReportPayload {
        rid: rid.to_owned(),
        confidence: None,
        accuracy: None,
        payload_base,
        oadr_data_quality: Some(match quality {
            Quality::Good => OadrDataQualityType::QualityGoodNonSpecific,
            Quality::Uncertain => OadrDataQualityType::QualityUncertainNonSpecific,
            Quality::Bad => OadrDataQualityType::QualityBadNonSpecific,
        }),
    })
}

fn number(value: Decimal) -> PayloadBase {
    PayloadBase::PayloadFloat(PayloadFloat::from(value))
}

/// Rule 334: the same children in every interval. The capacity is what could be shed, in W.
fn status(online: bool, manual_override: bool, sheddable_w: Decimal) -> PayloadBase {
    let capacity = OadrLoadControlStateType {
        oadr_min: None,
        oadr_max: None,
        oadr_current: sheddable_w.into(),
        oadr_normal: None,
    };
    PayloadBase::OadrPayloadResourceStatus(OadrPayloadResourceStatus {
        oadr_online: online,
        oadr_manual_override: manual_override,
        oadr_load_control_state: Some(OadrLoadControlState {
            oadr_capacity: Some(capacity),
            ..Default::default()
        }),
    })
}

/// In one report; more go into the next.
const MOST_ROWS: usize = 2_000;
