//! EiReport, VEN under test: what it offers to report. OpenADR 2.0b Profile, 8.3.1; rules 301 to
//! 312, 327, 331 to 334, 510. What it does when it is asked is in [`mod@ask`], what its reports say in
//! `report_data`.

pub mod ask;
mod form;
pub(super) mod offer;

use std::collections::BTreeSet;

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::{OadrCanceledReport, OadrRegisterReport, OadrReportRequest};

use self::offer::{
    ask, ask_as, boot, boot_quick, collect, ended, granted, lists, offers, reach, reach_when,
};
use super::{VenPlay, said};
use crate::hook::VenSettings;
use crate::say::report as say;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("report-metadata-form", |play| Box::pin(metadata_form(play)))
        .given("a VEN that is started afresh")
        .when("it registers its reports")
        .expect("unique reportSpecifierIDs and rIDs; reportRequestID 0 inside and none outside; a duration no oadrMaxPeriod exceeds; oadrSamplingRate for telemetry; units and types of the well-known reports; no data; reportSubject with device classes alone")
        .rules(&["305", "307", "308", "311", "312", "331", "333"]),
    Scenario::ven("report-metadata-none", |play| Box::pin(metadata_none(play)))
        .given("a VEN without data, started afresh")
        .when("it registers its reports; it is asked for its metadata")
        .expect("an oadrRegisterReport without oadrReport, both times")
        .needs(&["start"])
        .rules(&["301", "305", "510"]),
    Scenario::ven("report-metadata-on-request", |play| Box::pin(metadata_on_request(play)))
        .given("a VEN that reports something periodically")
        .when("its metadata are asked for, with rID 0; again with rID 77 and an empty requestID")
        .expect("an oadrCreatedReport with the requestID, then all the metadata with the reportRequestID, both times; the periodic report ends")
        .rules(&["301", "303", "306", "308", "311", "324", "327"]),
    Scenario::ven("report-metadata-periodic", |play| Box::pin(metadata_periodic(play)))
        .given("a registered VEN")
        .when("its metadata are asked for periodically; they are asked for once, meanwhile; the periodic request is cancelled")
        .expect("an oadrRegisterReport each time, after the other metadata as before; none after the cancel")
        .rules(&["306", "324", "329", "336"]),
    Scenario::ven("report-minimum-set", |play| Box::pin(minimum_set(play)))
        .given("a full VEN; a Report Only VEN, if the subject can be one")
        .when("it registers its reports; TELEMETRY_STATUS is asked for, once and periodically")
        .expect("TELEMETRY_STATUS with resourceIDs as sources and TELEMETRY_USAGE, of a Report Only VEN HISTORY_USAGE too; oadrOnline and oadrManualOverride, and the same oadrLoadControlState children in all intervals")
        .rules(&["331", "334", "510"]),
];

async fn metadata_form(play: &mut VenPlay) -> Ended {
    let metadata = boot(play, &VenSettings::default()).await?;
    if metadata.oadr_report.is_empty() {
        return Err(Stop::Skip("the VEN offers no reports".to_owned()));
    }
    let outer = &metadata.report_request_id;
    play.check(
        &["311"],
        "metadata nobody asked for has no reportRequestID",
        outer.is_none(),
        outer,
    );
    form::check(play, &metadata);
    Ok(())
}

async fn metadata_none(play: &mut VenPlay) -> Ended {
    let settings = VenSettings { no_reports: true, ..VenSettings::default() };
    let metadata = boot(play, &settings).await?;
    let none = |metadata: &OadrRegisterReport| metadata.oadr_report.is_empty();
    let saw = |metadata: &OadrRegisterReport| {
        metadata.oadr_report.iter().map(said::report).collect::<Vec<_>>()
    };
    play.check(&["305"], "without data there is no oadrReport", none(&metadata), saw(&metadata));
    let id = play.unique("metadata");
    let asked = on_request(play, (&id, "0"), "of a VEN without data", None).await?;
    play.check(&["301", "305", "510"], "on request neither", none(&asked), saw(&asked));
    Ok(())
}

/// A request for metadata; `back_s` 0: once.
fn metadata_request((id, rid): (&str, &str), back_s: u32) -> OadrReportRequest {
    say::request(id, ("METADATA", &[rid]), (0, back_s), None)
}

/// Asks for the metadata once, and gives them; those of the periodic request are not meant.
async fn on_request(
    play: &mut VenPlay,
    (id, rid): (&str, &str),
    what: &str,
    periodic: Option<&str>,
) -> Result<OadrRegisterReport, Stop> {
    let request_id = play.unique("ask");
    let empty = rid != "0";
    let request_id = if empty { "" } else { &request_id };
    let created = ask_as(play, request_id, vec![metadata_request((id, rid), 0)]).await?;
    let (ok, name) = (created.ei_response.is_ok(), format!("a METADATA request {what} is taken"));
    play.require(&["301", "327"], name, ok, said::code(&created.ei_response))?;
    let soon = play.soon();
    let fits = |one: &OadrRegisterReport| {
        periodic.is_none() || one.report_request_id.as_deref() != periodic
    };
    let Some((_, metadata)) = reach_when(play, soon, fits).await? else {
        let saw = play.so_far();
        return play.fail(&["301", "324"], format!("the metadata {what} come at once"), saw);
    };
    let outer = (metadata.report_request_id.as_deref(), Some(id));
    play.equal(&["311"], "the metadata name the request they answer", outer);
    Ok(metadata)
}

async fn metadata_on_request(play: &mut VenPlay) -> Ended {
    let booted = boot_quick(play).await?;
    let usage = offers(&booted, &ReportName::MetadataTelemetryUsage).into_iter().next();
    let running = play.unique("running");
    let mut quiet_s = 0;
    // Of a VEN that reports nothing periodically this part says nothing.
    if let Some(usage) = usage {
        let (granularity, back) = usage.spacing(play)?;
        let endless = Some((offer::soon_start(play), 0));
        granted(play, vec![usage.request(&running, (granularity, back), endless)]).await?;
        quiet_s = u64::from(back) * 2 + 2;
    }
    for (rid, what) in [("0", "with rID 0"), ("77", "with rID 77 and an empty requestID")] {
        let id = play.unique("metadata");
        let metadata = on_request(play, (&id, rid), what, None).await?;
        let same = (capabilities(&metadata), capabilities(&booted));
        play.equal(&["306", "308"], format!("asked {what}, all there is to report comes"), same);
        form::check(play, &metadata);
    }
    if quiet_s > 0 {
        ended(play, &["306"], (&running, "new metadata"), quiet_s).await?;
    }
    Ok(())
}

/// reportSpecifierIDs with their rIDs.
fn capabilities(metadata: &OadrRegisterReport) -> BTreeSet<(&str, &str)> {
    let reports = metadata.oadr_report.iter();
    let points = reports.flat_map(|report| {
        let rids = report.oadr_report_description.iter().map(|point| point.rid.as_str());
        rids.map(|rid| (report.report_specifier_id.as_str(), rid))
    });
    points.collect()
}

async fn metadata_periodic(play: &mut VenPlay) -> Ended {
    boot(play, &VenSettings::default()).await?;
    let back_s: u32 = if play.setting.pace.is_steered() { 10 } else { 5 };
    let id = play.unique("metadata");
    let created = ask(play, vec![metadata_request((&id, "0"), back_s)]).await?;
    let ok = created.ei_response.is_ok();
    play.require(
        &["324"],
        "metadata can be asked for periodically",
        ok,
        said::code(&created.ei_response),
    )?;
    lists(play, &created, std::slice::from_ref(&id));
    let wait_s = u64::from(back_s) * 3 + 3;
    let first = shown(play, &id, 3, wait_s).await?;
    play.check(&["324"], "the metadata come again and again", first >= 3, first);

    let once = play.unique("metadata");
    on_request(play, (&once, "0"), "meanwhile", Some(&id)).await?;
    play.forget();
    let second = shown(play, &id, 2, wait_s).await?;
    let what = "a periodic request for metadata outlives new metadata";
    play.check(&["306"], what, second >= 2, second);

    let canceled = cancel(play, &[&id], false).await?;
    let ok = canceled.ei_response.is_ok();
    play.check(&["336"], "it can be cancelled", ok, said::code(&canceled.ei_response));
    let left = &canceled.oadr_pending_reports.report_request_id;
    play.check(&["329"], "what is cancelled is pending no more", !left.contains(&id), left);
    play.forget();
    let third = shown(play, &id, 1, u64::from(back_s) * 2 + 3).await?;
    play.check(&["306", "336"], "no metadata come after the cancel", third == 0, third);
    Ok(())
}

/// How many metadata under a reportRequestID have come: `count`, or what comes in so many seconds.
async fn shown(play: &VenPlay, id: &str, count: usize, within_s: u64) -> Result<usize, Stop> {
    let end = offer::after(play.now(), within_s);
    play.settle().await?;
    loop {
        let all = play.all::<OadrRegisterReport>();
        let of_it = all.iter().filter(|(_, one)| one.report_request_id.as_deref() == Some(id));
        let found = of_it.count();
        if found >= count || play.now() >= end {
            return Ok(found);
        }
        play.wait_a_little().await?;
    }
}

/// Cancels reports, and gives the answer; what was heard before it is forgotten.
pub(super) async fn cancel(
    play: &mut VenPlay,
    ids: &[&str],
    to_follow: bool,
) -> Result<OadrCanceledReport, Stop> {
    let (request_id, ven_id) = (play.unique("cancel"), Some(play.ven()?.ven_id));
    let told = play.tell(say::cancel(&request_id, ven_id, ids, to_follow)).await?;
    let canceled = match told {
        Some(Message::OadrCanceledReport(canceled)) => Some(canceled),
        _ => {
            let soon = play.soon();
            reach::<OadrCanceledReport>(play, soon).await?.map(|(_, canceled)| canceled)
        }
    };
    let Some(canceled) = canceled else {
        let saw = play.so_far();
        let what = "an oadrCancelReport is answered with oadrCanceledReport";
        return play.fail(&["336"], what, saw);
    };
    let repeated = (canceled.ei_response.request_id.clone(), request_id);
    play.equal(&["303"], "oadrCanceledReport repeats the requestID", repeated);
    Ok(canceled)
}

async fn minimum_set(play: &mut VenPlay) -> Ended {
    let metadata = boot_quick(play).await?;
    offers_at_least(play, &metadata, "a full VEN", &MINIMUM);
    status_is_reported(play, &metadata).await?;
    let settings = VenSettings { report_only: true, ..VenSettings::default() };
    match boot(play, &settings).await {
        Ok(metadata) => {
            let history = ReportName::MetadataHistoryUsage;
            let [usage, status] = MINIMUM;
            offers_at_least(play, &metadata, "a Report Only VEN", &[usage, status, history]);
            Ok(())
        }
        // It is none, and need not be.
        Err(Stop::Skip(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

fn offers_at_least(
    play: &mut VenPlay,
    metadata: &OadrRegisterReport,
    who: &str,
    names: &[ReportName],
) {
    for name in names {
        let there = !offers(metadata, name).is_empty();
        let saw: Vec<_> = metadata.oadr_report.iter().map(|one| &one.report_name).collect();
        play.check(&["331", "510"], format!("{who} offers {name}"), there, saw);
    }
    let status = ReportName::MetadataTelemetryStatus;
    let status =
        metadata.oadr_report.iter().filter(|one| one.report_name.as_ref() == Some(&status));
    let points = status.flat_map(|one| &one.oadr_report_description);
    let mut sources = points.filter_map(|point| point.report_data_source.as_ref());
    let named = sources.any(|source| !source.resource_id.is_empty());
    let what = format!("{who} offers the status of a resource named by resourceID");
    play.check(&["510"], what, named, "no resourceID in reportDataSource");
}

async fn status_is_reported(play: &mut VenPlay, metadata: &OadrRegisterReport) -> Ended {
    let status = offers(metadata, &ReportName::MetadataTelemetryStatus);
    let Some(status) = status.into_iter().next() else { return Err(Stop::Failed) };
    let (once, often) = (play.unique("status"), play.unique("status"));
    granted(play, vec![status.request(&once, (0, 0), None)]).await?;
    let soon = play.soon();
    let found = collect(play, &once, (1, soon)).await?;
    let saw = play.so_far();
    play.require(&["510"], "the status comes when it is asked for", !found.is_empty(), saw)?;
    let (granularity, back) = status.spacing(play)?;
    let interval = Some((offer::soon_start(play), back));
    granted(play, vec![status.request(&often, (granularity, back), interval)]).await?;
    let wait_s = soon + u64::from(back) * 2;
    let mut reports = found;
    let periodic = collect(play, &often, (1, wait_s)).await?;
    let saw = play.so_far();
    play.require(&["324"], "the status comes periodically", !periodic.is_empty(), saw)?;
    reports.extend(periodic);
    for one in &reports {
        super::report_data::status_shape(play, &one.report);
    }
    Ok(())
}

/// What a full VEN has.
const MINIMUM: [ReportName; 2] =
    [ReportName::MetadataTelemetryUsage, ReportName::MetadataTelemetryStatus];
