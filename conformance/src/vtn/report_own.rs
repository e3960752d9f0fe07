//! EiReport, VTN under test as the one that reports: its metadata. OpenADR 2.0b Profile, rules
//! 301, 303, 305 to 308, 311, 312, 324, 327, 331, 336, 510.

use std::collections::BTreeSet;

use oadr_schemas::openadr::ei::{EiTarget, ReadingType, ReportName, ReportType};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{OadrRegisterReport, OadrReport, OadrReportDescription};
use oadr_schemas::openadr::{Target, is_device_class};
use oadr_schemas::xml::Text as _;

use super::report::METADATA;
use super::{Party, VtnPlay};
use crate::say;
use crate::say::saw::{self, Saw};
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("report-metadata-form", |play| Box::pin(form(play)))
        .given("a VTN that offers reports of its own")
        .when("a VEN registers and polls")
        .expect(
            "the VTN's oadrRegisterReport names reports and data points once each, with their \
             depth, units and types, and without data",
        )
        .rules(&["305", "307", "308", "311", "312", "331"]),
    Scenario::vtn("report-metadata-none", |play| Box::pin(none(play)))
        .given("a VTN without data")
        .when("a VEN registers and polls, and asks for METADATA")
        .expect("oadrRegisterReport without oadrReport, both times")
        .rules(&["301", "305", "510"]),
    Scenario::vtn("report-metadata-on-request", |play| Box::pin(on_request(play)))
        .given("a registered VEN")
        .when("it asks for METADATA once with rID 0, then with rID 77 and an empty requestID")
        .expect(
            "oadrCreatedReport with the requestID, then one oadrRegisterReport with the \
             reportRequestID and all that the VTN offers; the same again",
        )
        .rules(&["301", "303", "306", "308", "311", "324", "327"]),
    Scenario::vtn("report-metadata-periodic", |play| Box::pin(periodic(play)))
        .given("a registered VEN")
        .when(
            "it asks for METADATA each few seconds, new metadata go both ways meanwhile, and it \
             sends oadrCancelReport",
        )
        .expect(
            "oadrRegisterReport comes again and again until it is cancelled; once only from a VTN \
             without reports",
        )
        .rules(&["306", "324", "336", "510"]),
];

async fn form(play: &mut VtnPlay) -> Ended {
    let (_, register) = introduced(play).await?;
    let Some(register) = register.filter(|register| !register.oadr_report.is_empty()) else {
        if play.claims("vtn-reports") {
            let what = "a VTN that has reports to offer registers them";
            return play.fail(&["306"], what, "no oadrReport");
        }
        return Err(Stop::Skip("the VTN offers no reports of its own".to_owned()));
    };
    let outer = register.report_request_id.as_deref().unwrap_or_default();
    let what = "metadata that nobody asked for have no reportRequestID at the top";
    play.check(&["311"], what, outer.is_empty(), outer);
    let ids: Vec<_> = register.oadr_report.iter().map(|one| &one.report_specifier_id).collect();
    let what = "each reportSpecifierID is there once";
    play.check(&["308"], what, distinct(&ids), saw::list(&ids));
    for report in &register.oadr_report {
        report_form(play, report);
        for point in &report.oadr_report_description {
            point_form(play, report, point);
        }
    }
    Ok(())
}

fn report_form(play: &mut VtnPlay, report: &OadrReport) {
    let id = &report.report_request_id;
    play.check(&["311"], "the reportRequestID of each report is 0", id.trim() == "0", id);
    let bare = report.dtstart.is_none() && report.intervals.is_none();
    play.check(
        &["305"],
        "metadata have neither dtstart nor intervals",
        bare,
        saw::text(&report.report_specifier_id),
    );
    let points: Vec<_> = report.oadr_report_description.iter().map(|one| &one.rid).collect();
    let some = !points.is_empty();
    play.check(&["305"], "each report describes its data points", some, saw::list(&points));
    play.check(
        &["308"],
        "each rID is there once in its report",
        distinct(&points),
        saw::list(&points),
    );
    let depth = report.duration.is_some();
    play.check(&["312"], "each report says how much data is kept", depth, saw::text("no duration"));
    let name = report.report_name.as_ref();
    let known = matches!(
        name,
        Some(
            ReportName::MetadataTelemetryUsage
                | ReportName::MetadataTelemetryStatus
                | ReportName::MetadataHistoryUsage
                | ReportName::MetadataHistoryGreenbutton
                | ReportName::Extension(_)
        )
    );
    let what = "each reportName is one of metadata, or the deployment's own";
    play.check(&["331"], what, known, name);
}

fn point_form(play: &mut VtnPlay, report: &OadrReport, point: &OadrReportDescription) {
    let unit = point.item_base.as_ref();
    match report.report_name {
        Some(ReportName::MetadataTelemetryUsage | ReportName::MetadataHistoryUsage) => {
            play.check(
                &["305"],
                "a usage report has a unit",
                unit.is_some(),
                saw::text(format_args!("none for {}", point.rid)),
            );
            let of_usage = matches!(
                unit,
                Some(ItemBase::PowerReal(_) | ItemBase::EnergyReal(_) | ItemBase::PulseCount(_))
            );
            let fits = of_usage
                && point.report_type == ReportType::Usage
                && point.reading_type == ReadingType::DirectRead;
            let what = "a usage report is usage, Direct Read, of power, energy or pulses";
            play.check(&["331"], what, fits, shape(point));
        }
        Some(ReportName::MetadataTelemetryStatus) => {
            let fits = unit.is_none()
                && point.report_type == ReportType::XResourceStatus
                && point.reading_type == ReadingType::XNotApplicable;
            let what = "a status report is x-resourceStatus, x-notApplicable, without unit";
            play.check(&["331"], what, fits, shape(point));
        }
        _ => {}
    }
    let depth = report.duration.as_ref().and_then(|depth| depth.duration.exact());
    let longest = point.oadr_sampling_rate.as_ref().and_then(|rate| rate.oadr_max_period.exact());
    if let (Some(depth), Some(longest)) = (depth, longest) {
        let saw = (depth, longest);
        play.check(
            &["312"],
            "oadrMaxPeriod is no longer than the data kept",
            longest <= depth,
            saw,
        );
    }
    if let Some(subject) = &point.report_subject {
        let what = "a reportSubject holds device classes alone, and some";
        play.check(
            &["307"],
            what,
            holds_classes(subject),
            saw::list(subject.criteria().map(|one| format!("{one:?}"))),
        );
    }
}

/// What a data point says it is, for people.
fn shape(point: &OadrReportDescription) -> Saw {
    let unit = if point.item_base.is_some() { "a unit" } else { "no unit" };
    let (kind, reading) = (point.report_type.text(), point.reading_type.text());
    saw::text(format_args!("{}: {kind}, {reading}, {unit}", point.rid))
}

fn specifiers(register: &OadrRegisterReport) -> Saw {
    saw::list(register.oadr_report.iter().map(|one| &one.report_specifier_id))
}

fn times(count: usize) -> Saw {
    saw::text(format_args!("oadrRegisterReport came {count} times"))
}

fn holds_classes(subject: &EiTarget) -> bool {
    !subject.is_empty()
        && subject.criteria().all(|one| match one {
            Target::EndDeviceAsset(mrid) => is_device_class(mrid),
            _ => false,
        })
}

fn distinct<T: Ord>(all: &[T]) -> bool {
    all.iter().collect::<BTreeSet<_>>().len() == all.len()
}

async fn none(play: &mut VtnPlay) -> Ended {
    if play.claims("vtn-reports") {
        return Err(Stop::Skip("the VTN has reports to offer".to_owned()));
    }
    let (mut ven, register) = introduced(play).await?;
    let Some(register) = register else {
        return play.fail(&["301"], "a VTN without data registers so", "no oadrRegisterReport");
    };
    let empty = register.oadr_report.is_empty();
    if !empty && !play.claims("no-reports") {
        return Err(Stop::Skip("the VTN offers reports".to_owned()));
    }
    let what = "a VTN without data registers no oadrReport";
    play.check(&["301", "305", "510"], what, empty, specifiers(&register));
    let (id, request_id) = (play.unique("metadata"), play.unique("create"));
    ask(play, &mut ven, (&id, "0"), &request_id, 0).await?;
    let what = "METADATA is answered by oadrRegisterReport";
    let register = again(play, &mut ven, &id, (&["301"], what)).await?;
    let what = "nor does it when it is asked for METADATA";
    let empty = register.oadr_report.is_empty();
    play.check(&["301", "305"], what, empty, specifiers(&register));
    Ok(())
}

async fn on_request(play: &mut VtnPlay) -> Ended {
    let (mut ven, first) = introduced(play).await?;
    // Whether metadata come unasked is for another scenario to judge.
    let mut all = first.as_ref().map(offered);
    for (rid, request_id) in [("0", play.unique("create")), ("77", String::new())] {
        let id = play.unique("metadata");
        ask(play, &mut ven, (&id, rid), &request_id, 0).await?;
        let mut all_came = awaited(play, &mut ven, &id).await?;
        let Some(register) = all_came.first() else {
            let what = format!("METADATA with rID {rid} is answered by oadrRegisterReport");
            return play.fail(&["301", "308", "311", "327"], what, "none names the request");
        };
        let what = "the answer names all that the VTN offers";
        let known = all.get_or_insert_with(|| offered(register)).clone();
        play.equal(&["306"], what, (offered(register), known));
        let zero = register.oadr_report.iter().all(|one| one.report_request_id.trim() == "0");
        let what = "the reportRequestID inside of each report is 0 all the same";
        play.check(&["311"], what, zero, specifiers(register));
        play.pass(2).await?;
        all_came.extend(came(play, &mut ven, &id).await?);
        play.check(&["324"], "it comes once", all_came.len() == 1, times(all_came.len()));
    }
    Ok(())
}

async fn periodic(play: &mut VtnPlay) -> Ended {
    let (mut ven, _) = introduced(play).await?;
    let period = if play.setting.pace.is_steered() { 10 } else { 2 };
    let (id, request_id) = (play.unique("metadata"), play.unique("create"));
    ask(play, &mut ven, (&id, "0"), &request_id, period).await?;
    let first =
        again(play, &mut ven, &id, (&["324"], "METADATA each few seconds is begun")).await?;
    let period = u64::from(period);
    if first.oadr_report.is_empty() {
        play.pass(2 * period + 1).await?;
        let more = came(play, &mut ven, &id).await?;
        let what = "a VTN without reports answers a periodic request for metadata once";
        play.check(&["510"], what, more.is_empty(), times(more.len()));
        return Ok(());
    }
    play.pass(period).await?;
    again(play, &mut ven, &id, (&["324"], "metadata come again after their period")).await?;
    // New metadata of the VTN's, and of the VEN's: neither ends what is asked of metadata.
    let (other, request_id) = (play.unique("metadata"), play.unique("create"));
    ask(play, &mut ven, (&other, "0"), &request_id, 0).await?;
    awaited(play, &mut ven, &other).await?;
    let own = say::report::metadata(play, &ven, &[]);
    play.ask(&mut ven, own).await?;
    play.pass(period).await?;
    again(play, &mut ven, &id, (&["306"], "new metadata do not end it")).await?;
    let cancel = say::report::cancel(&play.unique("cancel"), ven.ven_id.clone(), &[&id], false);
    let canceled = play.ask(&mut ven, cancel).await?;
    let response = &canceled.ei_response;
    play.taken(&["336"], "a request for metadata can be cancelled", response);
    // What had been queued already may still come.
    came(play, &mut ven, &id).await?;
    play.pass(2 * period + 1).await?;
    let more = came(play, &mut ven, &id).await?;
    play.check(&["306", "336"], "oadrCancelReport ends it", more.is_empty(), times(more.len()));
    Ok(())
}

/// A newly registered VEN, and the metadata that its first polls brought.
async fn introduced(play: &mut VtnPlay) -> Result<(Party, Option<OadrRegisterReport>), Stop> {
    let mut ven = play.unregistered().await?;
    play.register(&mut ven).await?;
    let (mut register, mut tries) = (None, 0);
    loop {
        let mut came = play.drain(&mut ven).await?.into_iter();
        register = register.or(came.find_map(|one| OadrRegisterReport::try_from(one).ok()));
        if register.is_some() || !play.moment(tries).await? {
            break;
        }
        tries += 1;
    }
    play.settle(&mut ven).await?;
    Ok((ven, register))
}

/// oadrCreateReport for metadata, which must be taken.
async fn ask(
    play: &mut VtnPlay,
    ven: &mut Party,
    (id, rid): (&str, &str),
    request_id: &str,
    back_s: u32,
) -> Ended {
    let request = say::report::request(id, (METADATA, &[rid]), (0, back_s), None);
    let create = say::report::create(request_id, ven.ven_id.clone(), vec![request]);
    let response = play.ask(ven, create).await?.ei_response;
    let what = format!("METADATA with rID {rid} is taken");
    play.must_be_taken(&["301", "308"], what, &response)?;
    if !request_id.is_empty() {
        let ids = (response.request_id.as_str(), request_id);
        play.equal(&["303"], "the requestID is repeated", ids);
    }
    Ok(())
}

/// The next oadrRegisterReport under a request, which must come.
async fn again(
    play: &mut VtnPlay,
    ven: &mut Party,
    id: &str,
    (rules, what): (&[&'static str], &str),
) -> Result<OadrRegisterReport, Stop> {
    match awaited(play, ven, id).await?.pop() {
        Some(register) => {
            play.check(rules, what, true, "");
            Ok(register)
        }
        None => play.fail(rules, what, "nothing came"),
    }
}

/// Polls for oadrRegisterReports under a request; a moment is left to bring them about.
async fn awaited(
    play: &mut VtnPlay,
    ven: &mut Party,
    id: &str,
) -> Result<Vec<OadrRegisterReport>, Stop> {
    for _ in 0..PATIENCE_S {
        let all = came(play, ven, id).await?;
        if !all.is_empty() {
            return Ok(all);
        }
        play.pass(1).await?;
    }
    came(play, ven, id).await
}

/// The oadrRegisterReports under a request that polls bring now; all that comes is answered.
async fn came(
    play: &mut VtnPlay,
    ven: &mut Party,
    id: &str,
) -> Result<Vec<OadrRegisterReport>, Stop> {
    let all = play.drain(ven).await?.into_iter();
    let registers = all.filter_map(|message| OadrRegisterReport::try_from(message).ok());
    Ok(registers.filter(|one| one.report_request_id.as_deref() == Some(id)).collect())
}

/// Every report and data point on offer.
fn offered(register: &OadrRegisterReport) -> BTreeSet<(String, String)> {
    let reports = register.oadr_report.iter();
    let points = reports.flat_map(|report| {
        let id = &report.report_specifier_id;
        report.oadr_report_description.iter().map(move |point| (id.clone(), point.rid.clone()))
    });
    points.collect()
}

const PATIENCE_S: usize = 6;
