//! Report requests: made by the settings' wishes, written on the wire. OpenADR 2.0b Profile,
//! rules 300, 317, 321, 322, 324, 325, 338, 340.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::ei::{ReadingType, ReportSpecifier, SpecifierPayload};
use oadr_schemas::openadr::oadr::OadrReportRequest;
use oadr_schemas::openadr::xcal::{Properties, WsCalendarInterval};
use oadr_schemas::xml::Duration;
use oadr_store::Read;

use crate::error::Error;
use crate::ids::Ids;
use crate::record::{Metadata, ReportRequest, RequestState};
use crate::settings::ReportWish;
use crate::tables::REPORT_REQUESTS;
use crate::unit;

/// What the settings want of what a VEN offers: every data point of every report of a wanted
/// name, as often as wished, within what is offered (rules 317, 340).
pub(crate) fn from_wishes(
    wishes: &[ReportWish],
    offered: &[Metadata],
    (ids, now): (&Ids, Timestamp),
) -> Vec<ReportRequest> {
    let mut requests = Vec::new();
    for wish in wishes {
        for report in offered.iter().filter(|report| report.name == wish.name) {
            if report.is_history() {
                requests.extend(all_recorded(report, (ids, now)));
                continue;
            }
            let granularity = within(wish.granularity, report);
            let most = Some(report.depth).filter(|depth| !depth.is_zero());
            let every = wish.every.min(most.unwrap_or(wish.every)).max(granularity);
            requests.push(ReportRequest {
                id: ids.make(),
                specifier: report.specifier.clone(),
                rids: report.points.iter().map(|point| point.rid.clone()).collect(),
                granularity,
                every,
                start: Some(on_the_mark(now, granularity)),
                duration: SignedDuration::ZERO,
                state: RequestState::Asked,
                created: now,
                received: 0,
                last: None,
            });
        }
    }
    requests
}

/// All that a VEN has recorded, once (rules 317, 324, 325, 340). `None` if it does not say how
/// much that is.
fn all_recorded(report: &Metadata, (ids, now): (&Ids, Timestamp)) -> Option<ReportRequest> {
    if report.depth.is_zero() {
        return None;
    }
    let start = now.checked_sub(report.depth).unwrap_or(Timestamp::MIN);
    Some(ReportRequest {
        id: ids.make(),
        specifier: report.specifier.clone(),
        rids: report.points.iter().map(|point| point.rid.clone()).collect(),
        granularity: SignedDuration::ZERO,
        every: SignedDuration::ZERO,
        start: Some(on_the_mark(start, SignedDuration::from_secs(1))),
        duration: SignedDuration::ZERO,
        state: RequestState::Asked,
        created: now,
        received: 0,
        last: None,
    })
}

/// The first multiple of `granularity` since midnight UTC that is not past: readings on the
/// quarter hour fit the intervals that are traded and billed (rule 341 leaves the VEN a
/// granularity of play all the same).
pub(crate) fn on_the_mark(now: Timestamp, granularity: SignedDuration) -> Timestamp {
    let step = granularity.as_micros();
    if step <= 0 {
        return now;
    }
    let micros = i128::from(now.as_microsecond());
    let over = micros.rem_euclid(step);
    let mark = if over == 0 { micros } else { micros - over + step };
    // Past the end of time there is no mark.
    i64::try_from(mark).ok().and_then(|mark| Timestamp::from_microsecond(mark).ok()).unwrap_or(now)
}

/// A spacing that every data point can keep: no closer than any oadrMinPeriod and, as far as
/// that leaves room, no wider than any oadrMaxPeriod.
fn within(wished: SignedDuration, report: &Metadata) -> SignedDuration {
    let least = report.points.iter().filter_map(|point| point.at_least_every).max();
    let most = report.points.iter().filter_map(|point| point.at_most_every).min();
    let wished = most.filter(|most| most.is_positive()).map_or(wished, |most| wished.min(most));
    least.map_or(wished, |least| wished.max(least))
}

/// These requests as they go on the wire; those that are gone or over are left out.
pub(crate) fn requests_on_the_wire(
    view: &impl Read,
    ven: &str,
    ids: &[String],
) -> Result<Vec<OadrReportRequest>, Error> {
    let mut requests = Vec::new();
    for id in ids {
        let found = REPORT_REQUESTS.get(view, (ven, id.as_str()))?;
        let over = |request: &ReportRequest| {
            use RequestState::{Cancelled, Ended, Refused};
            matches!(request.state, Cancelled | Ended | Refused(..))
        };
        if let Some(request) = found.filter(|request| !over(request)) {
            requests.push(on_the_wire(&request)?);
        }
    }
    Ok(requests)
}

/// A request as it goes on the wire.
pub(crate) fn on_the_wire(request: &ReportRequest) -> Result<OadrReportRequest, Fault> {
    let interval = match request.start {
        Some(start) => {
            let properties = Properties::new(start, whole(request.duration)?);
            Some(WsCalendarInterval { properties })
        }
        None => None,
    };
    let payload = |rid: &String| SpecifierPayload {
        rid: rid.clone(),
        // Rule 321: no unit. Rule 338: no kind of reading.
        item_base: None,
        reading_type: ReadingType::XNotApplicable,
    };
    Ok(OadrReportRequest {
        report_request_id: request.id.clone(),
        report_specifier: ReportSpecifier {
            report_specifier_id: request.specifier.clone(),
            granularity: whole(request.granularity)?.into(),
            report_back_duration: whole(request.every)?.into(),
            report_interval: interval,
            specifier_payload: request.rids.iter().map(payload).collect(),
        },
    })
}

fn whole(span: SignedDuration) -> Result<Duration, Fault> {
    let refuse = || Fault::new(1, Code::InvalidData, format!("{span} is not in whole seconds"));
    unit::duration(span).filter(|duration| !duration.negative).ok_or_else(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_begins_on_the_mark() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let quarter = SignedDuration::from_mins(15);
        let mark = |now: &str| on_the_mark(at(now), quarter);
        assert_eq!(mark("2026-01-13T00:00:00Z"), at("2026-01-13T00:00:00Z"));
        assert_eq!(mark("2026-01-13T00:00:00.000001Z"), at("2026-01-13T00:15:00Z"));
        assert_eq!(mark("2026-01-13T10:44:59Z"), at("2026-01-13T10:45:00Z"));
        assert_eq!(mark("1969-12-31T23:50:00Z"), at("1970-01-01T00:00:00Z"));
        let now = at("2026-01-13T10:44:59Z");
        assert_eq!(on_the_mark(now, SignedDuration::ZERO), now);
    }
}
