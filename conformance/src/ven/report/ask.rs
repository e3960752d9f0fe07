//! EiReport, VEN under test: taking requests, refusing them, calling them off.
//! OpenADR 2.0b Profile, rules 304, 317, 322, 325, 328, 329, 336, 340, 344, 345.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiResponse, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrCanceledReport, OadrCreatedReport, OadrRegisterReport, OadrReportRequest,
};

use super::offer::{
    Offer, ask, boot_one, boot_quick, collect, ended, granted, lists, offers, reach, refuses,
    soon_start,
};
use super::{cancel, metadata_request};
use crate::hook::VenSettings;
use crate::say::report as say;
use crate::scenario::Scenario;
use crate::ven::{VenPlay, said};
use crate::verdict::{Ended, Stop};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("report-piggyback", |play| Box::pin(piggyback(play)))
        .given("a VEN that offers TELEMETRY_USAGE")
        .when("the oadrRegisteredReport for its metadata asks for a report")
        .expect("an oadrCreatedReport that lists it, then the reports")
        .rules(&["329", "344"]),
    Scenario::ven("report-bad-request", |play| Box::pin(bad_request(play)))
        .given("a VEN whose metadata say how much data it has, and how finely")
        .when("more data are asked for than it has; a granularity below oadrMinPeriod; one above reportBackDuration")
        .expect("454 in the oadrCreatedReport; 4xx; 4xx")
        .rules(&["317", "340"]),
    Scenario::ven("report-unknown-ids", |play| Box::pin(unknown_ids(play)))
        .given("a VEN that reports something periodically")
        .when("requests come with a foreign reportSpecifierID; a foreign rID; the reportRequestID that is in use")
        .expect("each is refused with 4xx; the report goes on as it was")
        .rules(&["304", "322"]),
    Scenario::ven("report-cancel", |play| Box::pin(cancel_three(play)))
        .given("a VEN with three reports without end")
        .when("one is cancelled with a report to follow; another without; the third together with an unknown one")
        .expect("one more report, then none; none; 4xx; oadrPendingReports gets shorter")
        .rules(&["304", "325", "329", "336", "345"]),
    Scenario::ven("report-cancel-embedded", |play| Box::pin(cancel_embedded(play)))
        .given("a VEN with a report without end; with another")
        .when("an oadrUpdatedReport cancels it; the other with a report to follow")
        .expect("the reports end, of the other after one more, and nothing confirms it")
        .rules(&["328", "345"]),
];

async fn piggyback(play: &mut VenPlay) -> Ended {
    let usage = boot_one(play).await?;
    let (granularity, back) = usage.spacing(play)?;
    let (metadata, id) = (play.unique("metadata"), play.unique("usage"));
    let request = usage.request(&id, (granularity, back), Some((soon_start(play), 0)));
    // The metadata come when they are asked for, and the request rides on the answer.
    play.top.state().piggyback = vec![request];
    ask(play, vec![metadata_request((&metadata, "0"), 0)]).await?;
    let soon = play.soon();
    reach::<OadrRegisterReport>(play, soon).await?;
    if !play.top.state().piggyback.is_empty() {
        // Who sends none when asked, which another scenario judges, sends them at its start.
        let quick = VenSettings { sample_every_s: Some(1), ..VenSettings::default() };
        match play.start(&quick).await {
            Err(Stop::Skip(_)) => play.start(&VenSettings::default()).await?,
            started => started?,
        }
    }
    let Some((_, created)) = reach::<OadrCreatedReport>(play, soon).await? else {
        let saw = play.so_far();
        let what =
            "an oadrReportRequest in oadrRegisteredReport is answered with oadrCreatedReport";
        return play.fail(&["344"], what, saw);
    };
    let ok = created.ei_response.is_ok();
    play.check(
        &["344"],
        "the request that came along is taken",
        ok,
        said::code(&created.ei_response),
    );
    lists(play, &created, std::slice::from_ref(&id));
    let found = collect(play, &id, (2, soon + u64::from(back) * 3)).await?;
    play.check(&["344"], "the reports come", found.len() >= 2, found.len());
    Ok(())
}

async fn bad_request(play: &mut VenPlay) -> Ended {
    let metadata = boot_quick(play).await?;
    let usage = offers(&metadata, &ReportName::MetadataTelemetryUsage).into_iter().next();
    let history = offers(&metadata, &ReportName::MetadataHistoryUsage).into_iter().next();
    if usage.is_none() && history.is_none() {
        return Err(Stop::Skip("the VEN offers neither TELEMETRY_USAGE nor HISTORY_USAGE".into()));
    }
    if let Some(history) = history {
        let (start, length) = more_than(play, &history);
        let id = play.unique("history");
        let request = history.request(&id, (0, 0), Some((start, length)));
        too_much(play, "a longer history than there is", request).await?;
    }
    let Some(usage) = usage else { return Ok(()) };
    let (start, length) = more_than(play, &usage);
    let id = play.unique("usage");
    let request = usage.request(&id, (usage.longest_s, length), Some((start, length)));
    too_much(play, "more telemetry than is kept", request).await?;
    let (id, start) = (play.unique("usage"), play.in_s(60));
    // Durations have no fractions, and zero means something else.
    if usage.shortest_s > 1 {
        let (fine, back) = (usage.shortest_s - 1, usage.shortest_s * 5);
        let request = usage.request(&id, (fine, back), Some((start, back * 2)));
        let created = ask(play, vec![request]).await?;
        refuses(play, &["317"], "a granularity below oadrMinPeriod", &created.ei_response);
    }
    let granularity = usage.shortest_s.max(2);
    let back = granularity - 1;
    let request = usage.request(&id, (granularity, back), Some((start, back * 4)));
    let created = ask(play, vec![request]).await?;
    refuses(play, &["317"], "a granularity above reportBackDuration", &created.ei_response);
    Ok(())
}

/// A day more than an offer has: from when, and for how long.
fn more_than(play: &VenPlay, offer: &Offer) -> (jiff::Timestamp, u32) {
    let length = offer.depth_s.saturating_add(86_400);
    (play.in_s(-i64::from(length)), length)
}

async fn too_much(play: &mut VenPlay, what: &str, request: OadrReportRequest) -> Ended {
    let id = request.report_request_id.clone();
    let created = ask(play, vec![request]).await?;
    let code = (created.ei_response.response_code.value().as_str(), "454");
    play.equal(&["340"], format!("{what} is refused with 454"), code);
    let pending = &created.oadr_pending_reports.report_request_id;
    play.check(&["329"], format!("{what} is not pending"), !pending.contains(&id), pending);
    Ok(())
}

async fn unknown_ids(play: &mut VenPlay) -> Ended {
    let usage = boot_one(play).await?;
    let (granularity, back) = usage.spacing(play)?;
    let running = play.unique("running");
    let endless = Some((soon_start(play), 0));
    granted(play, vec![usage.request(&running, (granularity, back), endless)]).await?;

    let id = play.unique("foreign");
    let foreign = Offer { specifier: "nobody-has-this".to_owned(), ..usage.clone() };
    let request = foreign.request(&id, (0, 0), None);
    refused(play, &["304"], "a foreign reportSpecifierID", request).await?;
    let foreign = Offer { rids: vec!["nobody-has-this".to_owned()], ..usage.clone() };
    let request = foreign.request(&id, (0, 0), None);
    refused(play, &["304"], "a foreign rID", request).await?;
    // Another request under the same ID: the same once more could be a repetition.
    let request = usage.request(&running, (0, 0), None);
    refused(play, &["304", "322"], "a reportRequestID in use", request).await?;

    play.forget();
    let found = collect(play, &running, (2, u64::from(back) * 4 + 5)).await?;
    let what = "the report goes on that was there before";
    play.check(&["304", "322"], what, found.len() >= 2, found.len());
    Ok(())
}

async fn refused(
    play: &mut VenPlay,
    rules: &[&'static str],
    what: &str,
    request: OadrReportRequest,
) -> Ended {
    let response = any_answer(play, request).await?;
    refuses(play, rules, what, &response);
    Ok(())
}

/// What the VEN says to a request; where the code is all that counts, an oadrResponse will do.
async fn any_answer(play: &mut VenPlay, request: OadrReportRequest) -> Result<EiResponse, Stop> {
    let (request_id, ven_id) = (play.unique("ask"), Some(play.ven()?.ven_id));
    let told = play.tell(say::create(&request_id, ven_id, vec![request])).await?;
    if let Some(response) = told.as_ref().and_then(Message::response) {
        return Ok(response.clone());
    }
    let answers = |message: &Message| {
        matches!(message, Message::OadrCreatedReport(_) | Message::OadrResponse(_))
            && message.response().is_some()
    };
    let soon = play.soon();
    let found = super::offer::reach_when::<Message>(play, soon, answers).await?;
    match found.as_ref().and_then(|(_, message)| message.response()) {
        Some(response) => Ok(response.clone()),
        None => {
            let saw = play.so_far();
            play.fail(&["301"], "an oadrCreateReport is answered with oadrCreatedReport", saw)
        }
    }
}

async fn cancel_three(play: &mut VenPlay) -> Ended {
    let usage = boot_one(play).await?;
    let (granularity, back) = usage.spacing(play)?;
    let endless = Some((soon_start(play), 0));
    let ids: [String; 3] = std::array::from_fn(|_| play.unique("endless"));
    let requests = ids.iter().map(|id| usage.request(id, (granularity, back), endless));
    granted(play, requests.collect()).await?;
    let (period, [one, two, three]) = (u64::from(back), &ids);
    for id in &ids {
        let found = collect(play, id, (1, period * 3 + 5)).await?;
        let saw = play.so_far();
        play.require(&["325"], "a report without end begins", !found.is_empty(), saw)?;
    }

    let canceled = cancel(play, &[one], true).await?;
    let left = still_pending(play, &canceled, "with a report to follow", &[two, three]);
    one_more(play, &["345"], one, period).await?;

    let canceled = cancel(play, &[two], false).await?;
    let after = still_pending(play, &canceled, "without another report", &[three]);
    let shorter = !after.contains(two) && after.len() < left.len();
    play.check(&["329"], "what is cancelled is pending no more", shorter, (&left, &after));
    ended(play, &["336", "345"], (two, "it is cancelled"), period * 2 + 2).await?;
    let found = collect(play, three, (1, period * 2 + 2)).await?;
    let what = "a report without end that is not cancelled goes on";
    let saw = play.so_far();
    play.check(&["325", "336"], what, !found.is_empty(), saw);

    let canceled = cancel(play, &[three, "nobody-has-this"], false).await?;
    let what = "cancelling an unknown report too";
    refuses(play, &["304", "336"], what, &canceled.ei_response);
    Ok(())
}

/// Checks an oadrCanceledReport that says yes, and gives oadrPendingReports.
fn still_pending(
    play: &mut VenPlay,
    canceled: &OadrCanceledReport,
    what: &str,
    others: &[&String],
) -> Vec<String> {
    let ok = canceled.ei_response.is_ok();
    play.check(
        &["336"],
        format!("a report can be cancelled {what}"),
        ok,
        said::code(&canceled.ei_response),
    );
    let left = canceled.oadr_pending_reports.report_request_id.clone();
    let all = others.iter().all(|id| left.contains(id));
    play.check(&["329"], "the reports that are not cancelled are still pending", all, &left);
    left
}

/// Checks that of this report one more comes, and then none. `period`: seconds between.
async fn one_more(play: &mut VenPlay, rules: &[&'static str], id: &str, period: u64) -> Ended {
    let found = collect(play, id, (usize::MAX, period * 3 + 3)).await?;
    play.equal(rules, "exactly one more report comes", (found.len(), 1));
    Ok(())
}

async fn cancel_embedded(play: &mut VenPlay) -> Ended {
    let usage = boot_one(play).await?;
    let (granularity, back) = usage.spacing(play)?;
    let (one, two) = (play.unique("endless"), play.unique("endless"));
    let period = u64::from(back);
    for (id, to_follow) in [(&one, false), (&two, true)] {
        let endless = Some((soon_start(play), 0));
        granted(play, vec![usage.request(id, (granularity, back), endless)]).await?;
        let (request_id, ven_id) = (play.unique("cancel"), Some(play.ven()?.ven_id));
        play.top.state().embedded_cancel = Some(say::cancel(&request_id, ven_id, &[id], to_follow));
        let found = collect(play, id, (1, play.soon() + period * 3)).await?;
        let saw = play.so_far();
        play.require(&["328"], "the report begins", !found.is_empty(), saw)?;
        let found = collect(play, id, (usize::MAX, period * 3 + 3)).await?.len();
        match to_follow {
            true => play.equal(&["328", "345"], "exactly one more report comes", (found, 2)),
            false => play.equal(&["328"], "no report comes after the one", (found, 1)),
        };
        let confirmed = play.all::<OadrCanceledReport>().len();
        play.equal(&["328"], "nothing confirms it", (confirmed, 0));
    }
    Ok(())
}
