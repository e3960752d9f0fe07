//! What an oadrReportRequest means, or why it is refused. OpenADR 2.0b Profile, rules 304,
//! 308, 317, 322, 324, 325, 327, 340, 341.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::oadr::OadrReportRequest;
use oadr_schemas::openadr::xcal::WsCalendarInterval;

use super::metadata::{depth, names, points};
use crate::context::{Context, exact};
use crate::settings::Leniency;
use crate::tables::{ReportRequest, Reported};

/// Reads a request.
pub(super) fn understood(
    cx: &Context<'_>,
    asked: &OadrReportRequest,
) -> Result<ReportRequest, Fault> {
    let specifier = &asked.report_specifier;
    let what = kind(cx, &specifier.report_specifier_id)?;
    let rids = specifier.specifier_payload.iter().map(|payload| payload.rid.clone()).collect();
    let (back, granularity) =
        (exact(specifier.report_back_duration.clone()), exact(specifier.granularity.clone()));
    let mut request = ReportRequest {
        id: asked.report_request_id.clone(),
        what,
        rids,
        granularity,
        back,
        start: cx.now,
        end: None,
        cursor: cx.now,
        last: false,
    };
    if what == Reported::Metadata {
        // Rule 308: rID 0 stands for all and is not looked at.
        request.rids.clear();
        return Ok(request);
    }
    known_points(cx, &request)?;
    let interval = specifier.report_interval.as_ref();
    match (what, back.is_zero()) {
        (Reported::History, true) => history(cx, &mut request, interval)?,
        (Reported::History, false) => {
            return Err(wrong(324, Code::InvalidData, "a history is reported once"));
        }
        // Rule 324: once, at once; granularity and interval do not count.
        (_, true) => request.granularity = Duration::ZERO,
        (_, false) => periodic(cx, &mut request, interval)?,
    }
    Ok(request)
}

/// Whether a request is one that is known already, however far it has come.
pub(super) fn is_the_same(known: &ReportRequest, request: &ReportRequest) -> bool {
    (known.what, &known.rids, known.granularity, known.back)
        == (request.what, &request.rids, request.granularity, request.back)
        && (known.end == request.end || known.back.is_zero())
}

fn kind(cx: &Context<'_>, specifier: &str) -> Result<Reported, Fault> {
    if specifier == "METADATA" {
        return Ok(Reported::Metadata);
    }
    let offered = [Reported::Usage, Reported::Status, Reported::History];
    let found = offered.into_iter().find(|what| names(*what).0 == specifier);
    found.filter(|what| !points(cx, *what).is_empty()).ok_or_else(|| {
        let what = format!("no report {specifier} is offered");
        Fault::new(304, Code::InvalidId, what)
    })
}

fn known_points(cx: &Context<'_>, request: &ReportRequest) -> Result<(), Fault> {
    let offered = points(cx, request.what);
    let unknown =
        request.rids.iter().find(|rid| !offered.iter().any(|point| point.rid.as_str() == **rid));
    match unknown {
        None => Ok(()),
        Some(rid) => {
            let what = format!("{} has no rID {rid}", names(request.what).0);
            Err(Fault::new(304, Code::InvalidId, what))
        }
    }
}

fn periodic(
    cx: &Context<'_>,
    request: &mut ReportRequest,
    interval: Option<&WsCalendarInterval>,
) -> Result<(), Fault> {
    let offered = points(cx, request.what);
    let asked_for =
        offered.iter().filter(|point| request.rids.iter().any(|r| r == point.rid.as_str()));
    let fastest = asked_for.map(|point| point.sample_at_least_every).max().unwrap_or_default();
    let lenient = cx.settings.leniencies.contains(&Leniency::RequestWithoutInterval);
    if interval.is_none() && !lenient {
        return Err(wrong(324, Code::NotCompliant, "a periodic report needs its reportInterval"));
    }
    if request.granularity.is_zero() {
        return Err(wrong(317, Code::InvalidData, "reports on change are not offered"));
    }
    if request.granularity < fastest {
        return Err(wrong(317, Code::InvalidData, "granularity is below oadrMinPeriod"));
    }
    if request.granularity > request.back {
        return Err(wrong(317, Code::InvalidData, "granularity is above reportBackDuration"));
    }
    let (start, end) = match interval {
        Some(interval) => span(interval)?,
        None => (next_mark(cx.now, request.granularity), None),
    };
    let oldest = cx.now.checked_sub(signed(depth(cx))).unwrap_or(Timestamp::MIN);
    if request.back > depth(cx) || start < oldest {
        return Err(wrong(340, Code::InvalidData, "more is asked for than the metadata offers"));
    }
    request.start = start;
    request.cursor = start;
    request.end = end;
    // Rule 341: readings of the past are given where there are some; a start long ago moves
    // on to the newest whole interval.
    let late = cx.now.duration_since(start);
    if late.is_positive() {
        let whole = late.as_millis() / i128::try_from(request.granularity.as_millis()).unwrap_or(1);
        let step = u32::try_from(whole).ok().and_then(|n| request.granularity.checked_mul(n));
        request.start = step.and_then(|step| start.checked_add(step).ok()).unwrap_or(cx.now);
        request.cursor = request.start;
    }
    Ok(())
}

/// The next instant, or now, that lies whole steps after the hour zero of UTC: the quarter of
/// an hour, the minute. One that is over might have no reading.
fn next_mark(now: Timestamp, every: Duration) -> Timestamp {
    let every = i64::try_from(every.as_millis()).unwrap_or(i64::MAX).max(1);
    let over = now.as_millisecond().rem_euclid(every);
    let left = if over == 0 { 0 } else { every - over };
    let mark = now.as_millisecond().saturating_add(left);
    Timestamp::from_millisecond(mark).unwrap_or(Timestamp::MAX)
}

/// Rules 324, 325: a span of the past; a duration of zero is everything since its start.
fn history(
    cx: &Context<'_>,
    request: &mut ReportRequest,
    interval: Option<&WsCalendarInterval>,
) -> Result<(), Fault> {
    let Some(interval) = interval else {
        return Err(wrong(324, Code::NotCompliant, "a history needs its reportInterval"));
    };
    let (start, end) = span(interval)?;
    let length = end.unwrap_or(cx.now).duration_since(start);
    // Rule 340; a second is for the way here.
    if length > signed(depth(cx)) + SignedDuration::from_secs(1) && end.is_some() {
        return Err(wrong(340, Code::InvalidData, "more is asked for than the metadata offers"));
    }
    request.start = start;
    request.cursor = start;
    request.end = Some(end.unwrap_or(cx.now).min(cx.now));
    request.granularity = Duration::ZERO;
    Ok(())
}

/// From when to when; none is without end (rule 325).
fn span(interval: &WsCalendarInterval) -> Result<(Timestamp, Option<Timestamp>), Fault> {
    let properties = &interval.properties;
    let start = Timestamp::from(&properties.dtstart);
    let duration = properties.duration.duration;
    if duration.is_zero() {
        return Ok((start, None));
    }
    let length = duration.from(start).filter(SignedDuration::is_positive);
    let end = length.and_then(|length| start.checked_add(length).ok());
    end.map(|end| (start, Some(end)))
        .ok_or_else(|| wrong(325, Code::InvalidData, "reportInterval has no usable duration"))
}

fn signed(span: Duration) -> SignedDuration {
    SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX)
}

fn wrong(rule: u16, code: Code, what: &str) -> Fault {
    Fault::new(rule, code, what)
}
