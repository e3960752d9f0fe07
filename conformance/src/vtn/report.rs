//! EiReport, VTN under test as the one that asks. OpenADR 2.0b Profile, rules 300, 306, 317,
//! 321, 322, 324, 338, 340, 344.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{ReadingType, ReportName, SpecifierPayload};
use oadr_schemas::openadr::oadr::{OadrCreatedReport, OadrReport, OadrReportRequest};

use oadr_schemas::xml::Text as _;

use super::report_receive::{Running, report_of, update};
use super::{Party, VtnPlay};
use crate::hook::ReportWanted;
use crate::say;
use crate::say::saw::Saw;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("report-request-form", |play| Box::pin(form(play)))
        .given("a registered VEN that offers usage, history and status reports")
        .when("the VTN asks for them, of its own accord or because its operator wants it")
        .expect(
            "it asks for no more than is offered, under reportRequestIDs of their own, in the form \
             that telemetry and history are asked for",
        )
        .rules(&["300", "317", "321", "322", "324", "338", "340", "344"]),
    Scenario::vtn("report-request-renewed", |play| Box::pin(renewed(play)))
        .given("a VEN that reports on request")
        .when("it sends new metadata with one data point less, and reports no more")
        .expect(
            "what the VTN still wants it asks for anew, within the new metadata; it expects \
             nothing more under the old requests",
        )
        .rules(&["306"]),
];

async fn form(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let now = play.now_s();
    let (point, state) = (play.unique("r"), play.unique("r"));
    let (usage, history) = (play.unique("usage"), play.unique("history"));
    let status = play.unique("status");
    let offered = [
        say::report::usage(&usage, &[&point], now),
        say::report::history(&history, &[&point], now),
        say::report::status(&status, &[&state], now),
    ];
    let mut asked = offer(play, &mut ven, &offered).await?;
    for wanted in [
        wanted((&usage, &point), (10, 60), (now, 0)),
        wanted((&status, &state), (10, 60), (now, 0)),
        wanted((&history, &point), (0, 0), (play.in_s(-600), 300)),
    ] {
        if asked.iter().any(|one| specifier(one) == wanted.specifier) {
            continue;
        }
        match by_operator(play, &mut ven, &wanted, &offered).await {
            Ok(more) => asked.extend(more),
            // What it asks for of its own accord is enough.
            Err(Stop::Skip(_) | Stop::Inconclusive(_))
                if asked.iter().any(|one| specifier(one) != METADATA) => {}
            Err(stop) => return Err(stop),
        }
    }
    let ids: BTreeSet<_> = asked.iter().map(|one| &one.report_request_id).collect();
    let what = "each request has a reportRequestID of its own";
    play.check(&["322"], what, ids.len() == asked.len(), say::saw::list(&ids));
    let now = play.now();
    for request in &asked {
        in_form(play, request);
        if specifier(request) != METADATA {
            within(play, request, (&offered, now));
        }
    }
    Ok(())
}

/// What every request must look like.
fn in_form(play: &mut VtnPlay, request: &OadrReportRequest) {
    let points = &request.report_specifier.specifier_payload;
    let plain = points.iter().all(|point| point.reading_type == ReadingType::XNotApplicable);
    play.check(&["338"], "every readingType is x-notApplicable", plain, shown(points));
    let no_unit = points.iter().all(|point| point.item_base.is_none());
    play.check(&["321"], "no request names a unit", no_unit, shown(points));
    if let Some(interval) = &request.report_specifier.report_interval {
        let p = &interval.properties;
        let short = p.tolerance.is_none()
            && p.x_ei_notification.is_none()
            && p.x_ei_ramp_up.is_none()
            && p.x_ei_recovery.is_none();
        play.check(
            &["321"],
            "a reportInterval has dtstart and duration alone",
            short,
            say::saw::text("it has more"),
        );
    }
}

/// That a request asks for something that is offered, as it is to be asked for.
fn within(
    play: &mut VtnPlay,
    request: &OadrReportRequest,
    (offered, now): (&[OadrReport], Timestamp),
) {
    let id = specifier(request);
    let Some(report) = offered.iter().find(|one| one.report_specifier_id == id) else {
        play.check(&["300"], "each reportSpecifierID is out of the metadata", false, id);
        return;
    };
    let known = |rid: &str| report.oadr_report_description.iter().any(|point| point.rid == rid);
    let points = &request.report_specifier.specifier_payload;
    let all = !points.is_empty() && points.iter().all(|point| known(&point.rid));
    play.check(&["300"], "each rID is out of the metadata", all, shown(points));
    let depth = report.duration.as_ref().and_then(|depth| depth.duration.exact());
    let depth = depth.unwrap_or_default();
    if report.report_name == Some(ReportName::MetadataHistoryUsage) {
        history_form(play, request, (depth, now));
    } else if !back(request).is_zero() {
        periodic_form(play, request, report, depth);
    }
}

fn history_form(
    play: &mut VtnPlay,
    request: &OadrReportRequest,
    (depth, now): (SignedDuration, Timestamp),
) {
    let zero = granularity(request).is_zero() && back(request).is_zero();
    let what = "history is asked for with granularity and reportBackDuration 0";
    play.check(&["317", "324"], what, zero, rates(request));
    let Some(interval) = &request.report_specifier.report_interval else {
        play.check(
            &["324"],
            "history is asked for with a reportInterval",
            false,
            say::saw::text("it has none"),
        );
        return;
    };
    let start = Timestamp::from(&interval.properties.dtstart);
    let span = interval.properties.duration.duration.exact().unwrap_or_default();
    // A minute for what the request took to come.
    let reach = now.duration_since(start) <= depth + SignedDuration::from_mins(1);
    let what = "no more history is asked for than there is";
    play.check(&["340"], what, reach && span <= depth, format_args!("{span:#} from {start}"));
}

fn periodic_form(
    play: &mut VtnPlay,
    request: &OadrReportRequest,
    report: &OadrReport,
    depth: SignedDuration,
) {
    let interval = &request.report_specifier.report_interval;
    let what = "periodic telemetry is asked for with a reportInterval";
    play.check(&["324"], what, interval.is_some(), say::saw::text("it has none"));
    let (spacing, back) = (granularity(request), back(request));
    let rates = report.oadr_report_description.iter();
    let mut rates = rates.filter_map(|point| point.oadr_sampling_rate.as_ref());
    let what = "granularity lies between oadrMinPeriod and reportBackDuration";
    let fits = match spacing.is_zero() {
        // Values on change.
        true => rates.all(|rate| rate.oadr_on_change),
        false => {
            let least = rates.filter_map(|rate| rate.oadr_min_period.exact()).max();
            least.is_none_or(|least| spacing >= least) && spacing <= back
        }
    };
    play.check(&["317"], what, fits, self::rates(request));
    let what = "no more data is asked for at once than is kept";
    play.check(&["340"], what, back <= depth, self::rates(request));
}

async fn renewed(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let now = play.now_s();
    let (id, stays, goes) = (play.unique("usage"), play.unique("r"), play.unique("r"));
    let first = [say::report::usage(&id, &[&stays, &goes], now)];
    let own = offer(play, &mut ven, &first).await?;
    let by_itself = own.iter().any(|one| specifier(one) == id);
    let running = match by_itself {
        true => own,
        false => {
            let wanted = wanted((&id, &stays), (1, 2), (now, 0));
            by_operator(play, &mut ven, &wanted, &first).await?
        }
    };
    let old = running.iter().filter(|one| specifier(one) == id);
    let old: BTreeSet<_> = old.map(|one| one.report_request_id.clone()).collect();
    let second = [say::report::usage(&id, &[&stays], now)];
    let mut anew = offer(play, &mut ven, &second).await?;
    anew.retain(|one| specifier(one) != METADATA);
    if by_itself {
        let what = "what the VTN asked for of its own accord it asks for anew";
        play.check(&["306"], what, !anew.is_empty(), say::saw::text("no request came"));
    } else if anew.is_empty() {
        let wanted = wanted((&id, &stays), (1, 2), (now, 0));
        anew = by_operator(play, &mut ven, &wanted, &second).await?;
    }
    for request in &anew {
        let points = &request.report_specifier.specifier_payload;
        let fits = specifier(request) == id && points.iter().all(|point| point.rid == stays);
        play.check(&["306"], "it asks within the new metadata", fits, shown(points));
        let new = !old.contains(&request.report_request_id);
        play.check(&["306"], "it asks under a new reportRequestID", new, say::saw::list(&old));
    }
    play.pass(SILENCE_S).await?;
    let came = play.drain(&mut ven).await?;
    let stale = came.iter().any(|message| match message {
        Message::OadrCancelReport(one) => one.report_request_id.iter().any(|id| old.contains(id)),
        Message::OadrCreateReport(create) => {
            create.oadr_report_request.iter().any(|one| old.contains(&one.report_request_id))
        }
        _ => false,
    });
    let what = "what new metadata have ended is not missed";
    play.check(&["306"], what, !stale, say::saw::messages(&came));
    match running.into_iter().find(|one| specifier(one) == id) {
        Some(request) => ended(play, &mut ven, Running { request, rid: stays, spans: false }).await,
        None => Ok(()),
    }
}

/// Rules 33, 304, 306: what is reported under a request that new metadata have ended is not
/// expected.
async fn ended(play: &mut VtnPlay, ven: &mut Party, of: Running) -> Ended {
    let report = report_of(&of, (true, false), (play.now_s(), 1));
    let response = update(play, ven, report).await?.ei_response;
    let told = response.response_code.value() == "452";
    let what = "a report under a request that new metadata have ended is answered with 452";
    play.check(&["306"], what, told, say::saw::response(&response));
    Ok(())
}

/// Sends metadata, and takes on what the VTN then asks for of its own accord, in its answer or
/// by poll. Requests for metadata are among what it gives.
///
/// # Errors
/// Inconclusive, if the metadata are refused; as [`VtnPlay::ask`].
pub(super) async fn offer(
    play: &mut VtnPlay,
    ven: &mut Party,
    offered: &[OadrReport],
) -> Result<Vec<OadrReportRequest>, Stop> {
    let mut asked = register(play, ven, offered, None).await?;
    polled(play, ven, offered, &mut asked).await?;
    Ok(asked)
}

/// Has the operator ask for a report; gives what then comes by poll.
///
/// # Errors
/// Skip, if there is no operator; inconclusive, if the operator side says no; failed under rule
/// 322 if what it says to have asked for does not come.
pub(super) async fn by_operator(
    play: &mut VtnPlay,
    ven: &mut Party,
    wanted: &ReportWanted,
    offered: &[OadrReport],
) -> Result<Vec<OadrReportRequest>, Stop> {
    let id = match play.hook().request_report(&ven.id(), wanted).await? {
        Ok(id) => id,
        Err(why) => return inconclusive(format!("the operator side refuses the request: {why}")),
    };
    let mut asked = Vec::new();
    polled(play, ven, offered, &mut asked).await?;
    if asked.iter().all(|one| one.report_request_id != id) {
        return inconclusive(format!("polls do not bring the request {id}"));
    }
    Ok(asked)
}

async fn register(
    play: &mut VtnPlay,
    ven: &mut Party,
    offered: &[OadrReport],
    answers: Option<&str>,
) -> Result<Vec<OadrReportRequest>, Stop> {
    let mut metadata = say::report::metadata(play, ven, offered);
    metadata.report_request_id = answers.map(str::to_owned);
    let registered = play.ask(ven, metadata).await?;
    if !registered.ei_response.is_ok() {
        let why = &registered.ei_response;
        return inconclusive(format!("the VEN's metadata are refused: {why:?}"));
    }
    let asked = registered.oadr_report_request;
    if !asked.is_empty() {
        let created = OadrCreatedReport {
            schema_version: None,
            ei_response: registered.ei_response,
            oadr_pending_reports: asked.iter().map(|one| &one.report_request_id).collect(),
            ven_id: ven.ven_id.clone(),
        };
        let confirmed = play.ask(ven, created).await?.ei_response;
        let what = "the oadrCreatedReport to requests in oadrRegisteredReport is confirmed";
        play.taken(&["344"], what, &confirmed);
    }
    Ok(asked)
}

/// Polls until nothing waits; requests are taken on, those for metadata answered by them.
async fn polled(
    play: &mut VtnPlay,
    ven: &mut Party,
    offered: &[OadrReport],
    asked: &mut Vec<OadrReportRequest>,
) -> Result<(), Stop> {
    for _ in 0..MOST_ROUNDS {
        let mut metadata = None;
        for message in play.drain(ven).await? {
            let Message::OadrCreateReport(create) = message else { continue };
            for request in create.oadr_report_request {
                if specifier(&request) == METADATA {
                    metadata = Some(request.report_request_id.clone());
                }
                asked.push(request);
            }
        }
        let Some(id) = metadata else { return Ok(()) };
        // Rule 306: with these metadata the requests for data end.
        asked.retain(|one| specifier(one) == METADATA);
        asked.extend(register(play, ven, offered, Some(&id)).await?);
    }
    inconclusive("the VTN asks for metadata without end")
}

/// One data point of a report: granularity and reportBackDuration in seconds, from when for how
/// many seconds.
pub(super) fn wanted(
    (specifier, rid): (&str, &str),
    (granularity_s, back_s): (u32, u32),
    (from, duration_s): (Timestamp, u32),
) -> ReportWanted {
    ReportWanted {
        specifier: specifier.to_owned(),
        rids: vec![rid.to_owned()],
        granularity_s,
        back_s,
        from: Some(from),
        duration_s: Some(duration_s),
    }
}

/// Data points that are asked for, for people.
fn shown(points: &[SpecifierPayload]) -> Saw {
    say::saw::list(points.iter().map(|point| {
        let unit = if point.item_base.is_some() { ", a unit" } else { "" };
        format!("{} ({}{unit})", point.rid, point.reading_type.text())
    }))
}

/// How finely and how often is asked for, for people.
fn rates(request: &OadrReportRequest) -> Saw {
    let (spacing, back) = (granularity(request), back(request));
    say::saw::text(format_args!("granularity {spacing:#}, reportBackDuration {back:#}"))
}

/// reportSpecifierID.
pub(super) fn specifier(request: &OadrReportRequest) -> &str {
    &request.report_specifier.report_specifier_id
}

/// granularity.
pub(super) fn granularity(request: &OadrReportRequest) -> SignedDuration {
    request.report_specifier.granularity.duration.exact().unwrap_or_default()
}

/// reportBackDuration.
pub(super) fn back(request: &OadrReportRequest) -> SignedDuration {
    request.report_specifier.report_back_duration.duration.exact().unwrap_or_default()
}

/// The reportSpecifierID of a request for metadata (rule 327).
pub(super) const METADATA: &str = "METADATA";

const MOST_ROUNDS: usize = 5;
/// Some reportBackDurations of what the operator was made to ask for.
const SILENCE_S: u64 = 5;
