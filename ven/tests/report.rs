//! EiReport: OpenADR 2.0b Profile, rules 300 to 346. The scenarios of a reporter.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::make::{cancel, create, report};
use common::site::Site;
use common::{World, t};
use oadr_platform::prosumer::Site as Description;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{PayloadBase, ReportName};
use oadr_schemas::openadr::oadr::*;
use oadr_schemas::openadr::strm::StreamPayloadBase;
use oadr_ven::Settings;

const USAGE: &str = "TELEMETRY_USAGE";

async fn ask(world: &mut World, requests: Vec<OadrReportRequest>) -> OadrCreatedReport {
    world.vtn.forget();
    world.vtn.queue(create("q1", requests));
    world.pass(11).await;
    let created: OadrCreatedReport = world.vtn.one();
    assert_eq!(created.ei_response.request_id, "q1", "rule 303");
    created
}

fn code(created: &OadrCreatedReport) -> &str {
    created.ei_response.response_code.value()
}

/// Rows of a report: when, and each value with its rID.
fn rows(report: &OadrReport) -> Vec<(String, Vec<(String, String)>)> {
    let intervals = &report.intervals.as_ref().unwrap().interval;
    let payload = |payload: &StreamPayloadBase| match payload {
        StreamPayloadBase::OadrReportPayload(payload) => {
            let value = match &payload.payload_base {
                PayloadBase::PayloadFloat(float) => float.value.to_string(),
                PayloadBase::OadrPayloadResourceStatus(status) => {
                    format!("{} {}", status.oadr_online, status.oadr_manual_override)
                }
            };
            (payload.rid.clone(), value)
        }
        other => panic!("{other:?}"),
    };
    intervals
        .iter()
        .map(|interval| {
            let start = interval.dtstart.as_ref().unwrap().date_time.to_string();
            (start[11..19].to_owned(), interval.stream_payload_base.iter().map(payload).collect())
        })
        .collect()
}

fn updates(world: &World) -> Vec<OadrReport> {
    let all = world.vtn.all::<OadrUpdateReport>();
    all.into_iter().flat_map(|update| update.oadr_report).collect()
}

fn starts(report: &OadrReport) -> Vec<String> {
    rows(report).into_iter().map(|(start, _)| start).collect()
}

/// Usage of the power meter: 10 s apart, a report each 30 s, from 12:01.
fn periodic(id: &str, length: &str) -> OadrReportRequest {
    let from = Some(("2026-06-01T12:01:00Z", length));
    report(id, (USAGE, &["power", "energy"]), ("PT10S", "PT30S"), from)
}

#[tokio::test]
async fn report_metadata_form_is_that_of_the_well_known_reports() {
    let mut world = World::new().await;
    world.step().await;
    // Rules 305 to 312, 331 and 333 are held by the script.
    let metadata: OadrRegisterReport = world.vtn.one();
    assert_eq!(metadata.report_request_id, None, "rule 311");
    let names: Vec<_> =
        metadata.oadr_report.iter().map(|r| r.report_name.clone().unwrap()).collect();
    let wanted = [
        ReportName::MetadataTelemetryUsage,
        ReportName::MetadataTelemetryStatus,
        ReportName::MetadataHistoryUsage,
    ];
    assert_eq!(names, wanted, "rule 510");
    let rids = |n: usize| -> Vec<_> {
        metadata.oadr_report[n].oadr_report_description.iter().map(|d| d.rid.clone()).collect()
    };
    assert_eq!(rids(0), ["power", "energy"]);
    assert_eq!(rids(1), ["battery-status", "heater-status"]);
    let status = &metadata.oadr_report[1].oadr_report_description[1];
    assert_eq!(status.report_data_source.as_ref().unwrap().resource_id, ["heater"]);
    assert_eq!(status.item_base, None, "rule 334");
}

#[tokio::test]
async fn report_metadata_none_has_no_report_in_it_both_times() {
    let site = Site::of(Description::default());
    let mut world = World::build(Settings::default(), site, 1).await;
    world.step().await;
    assert_eq!(world.vtn.one::<OadrRegisterReport>().oadr_report, [], "rules 301, 305");
    ask(&mut world, vec![report("m", ("METADATA", &["0"]), ("PT0S", "PT0S"), None)]).await;
    let again: OadrRegisterReport = world.vtn.one();
    assert_eq!((again.oadr_report, again.report_request_id.as_deref()), (vec![], Some("m")));
}

#[tokio::test]
async fn report_metadata_on_request_follows_the_answer_whatever_the_rid() {
    let mut world = World::registered().await;
    for rid in ["0", "77"] {
        let request = report("m", ("METADATA", &[rid]), ("PT0S", "PT0S"), None);
        let created = ask(&mut world, vec![request]).await;
        assert_eq!(code(&created), "200");
        assert_eq!(created.oadr_pending_reports.report_request_id, Vec::<String>::new());
        assert_eq!(world.vtn.names(), ["oadrCreatedReport", "oadrRegisterReport"], "rule 301");
        let metadata: OadrRegisterReport = world.vtn.one();
        assert_eq!(metadata.report_request_id.as_deref(), Some("m"), "rule 311");
        assert_eq!(metadata.oadr_report.len(), 3, "rule 306");
    }
}

#[tokio::test]
async fn report_metadata_periodic_survives_fresh_metadata_and_ends_when_cancelled() {
    let mut world = World::registered().await;
    let request = report("m", ("METADATA", &["0"]), ("PT0S", "PT20S"), None);
    ask(&mut world, vec![request]).await;
    world.vtn.queue(create("q2", vec![report("n", ("METADATA", &["0"]), ("PT0S", "PT0S"), None)]));
    world.pass(60).await;
    let sent = world.vtn.all::<OadrRegisterReport>();
    let periodic = sent.iter().filter(|m| m.report_request_id.as_deref() == Some("m")).count();
    assert!((3..=4).contains(&periodic), "rule 324: {periodic}");
    world.vtn.queue(cancel(&["m"], false));
    world.pass(11).await;
    world.vtn.forget();
    world.pass(60).await;
    assert_eq!(world.vtn.names(), Vec::<&str>::new(), "rules 306, 336");
}

#[tokio::test]
async fn rule_306_fresh_metadata_calls_off_the_reports_there_are() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    ask(&mut world, vec![report("m", ("METADATA", &["0"]), ("PT0S", "PT0S"), None)]).await;
    world.vtn.forget();
    world.pass(120).await;
    assert_eq!(updates(&world), []);
}

#[tokio::test]
async fn report_piggyback_is_answered_and_honoured() {
    let mut world = World::new().await;
    world.vtn.state().piggyback = vec![periodic("r1", "PT0S")];
    world.step().await;
    let created: OadrCreatedReport = world.vtn.one();
    assert_eq!(created.oadr_pending_reports.report_request_id, ["r1"], "rules 329, 344");
    let first = world.vtn.names().iter().position(|name| *name == "oadrCreatedReport");
    assert_eq!(first, Some(2), "right after the metadata");
    world.pass(120).await;
    assert!(!updates(&world).is_empty());
}

#[tokio::test]
async fn report_oneshot_comes_at_once_with_one_interval() {
    let mut world = World::registered().await;
    let stray = Some(("2026-06-01T09:00:00Z", "PT1H"));
    let rids = ["power", "energy"];
    let request = report("r1", (USAGE, &rids), ("PT7S", "PT0S"), stray);
    let status = report("r2", ("TELEMETRY_STATUS", &["heater-status"]), ("PT0S", "PT0S"), None);
    let created = ask(&mut world, vec![request, status]).await;
    assert_eq!(created.oadr_pending_reports.report_request_id, ["r1", "r2"]);
    let reports = updates(&world);
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0].report_name, Some(ReportName::TelemetryUsage), "rule 313");
    let all = rows(&reports[0]);
    assert_eq!(all.len(), 1, "rule 324");
    let found: Vec<_> = all[0].1.iter().map(|(rid, _)| rid.as_str()).collect();
    assert_eq!(found, rids, "rule 300");
    let status = [("heater-status".to_owned(), "true true".to_owned())];
    assert_eq!(rows(&reports[1])[0].1, status, "rule 510");
    world.vtn.forget();
    world.pass(120).await;
    assert_eq!(updates(&world), [], "once");
}

#[tokio::test]
async fn report_periodic_is_steady_and_ends_by_itself() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT90S")]).await;
    world.until("2026-06-01T12:05:00Z").await;
    let reports = updates(&world);
    let all: Vec<_> = reports.iter().map(starts).collect();
    let wanted = [
        ["12:01:00", "12:01:10", "12:01:20"],
        ["12:01:30", "12:01:40", "12:01:50"],
        ["12:02:00", "12:02:10", "12:02:20"],
    ];
    assert_eq!(all, wanted, "rules 314, 317, 325, 346");
    let seconds = rows(&reports[0])[1].1.clone();
    let value = |rid: &str| (rid.to_owned(), "43270".to_owned());
    assert_eq!(seconds, [value("power"), value("energy")], "read at its own instant");
    assert_eq!(world.status().reports, []);
}

#[tokio::test]
async fn a_report_whose_readings_are_as_far_apart_as_reports_comes_at_their_instant() {
    let mut world = World::registered().await;
    let from = Some(("2026-06-01T12:01:00Z", "PT0S"));
    ask(&mut world, vec![report("r1", (USAGE, &["power"]), ("PT30S", "PT30S"), from)]).await;
    world.until("2026-06-01T12:01:00Z").await;
    assert_eq!(updates(&world).len(), 1);
}

#[tokio::test]
async fn a_start_in_the_past_begins_with_the_newest_whole_interval() {
    let mut world = World::registered().await;
    let from = Some(("2026-06-01T11:00:05Z", "PT0S"));
    ask(&mut world, vec![report("r1", (USAGE, &["power"]), ("PT10S", "PT10S"), from)]).await;
    let first = starts(&updates(&world)[0]);
    assert!(first[0].as_str() >= "12:00:00" && first[0].ends_with('5'), "rule 341: {first:?}");
}

#[tokio::test]
async fn report_bad_source_gives_placeholders_of_bad_quality() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT30S")]).await;
    world.site.script().unplugged = true;
    world.until("2026-06-01T12:02:00Z").await;
    let report = &updates(&world)[0];
    assert_eq!(rows(report).len(), 3);
    for interval in &report.intervals.as_ref().unwrap().interval {
        for payload in &interval.stream_payload_base {
            let StreamPayloadBase::OadrReportPayload(payload) = payload else { panic!() };
            let quality = payload.oadr_data_quality.clone().unwrap();
            assert_eq!(quality, OadrDataQualityType::QualityBadNonSpecific, "rule 318");
        }
    }
}

#[tokio::test]
async fn report_bad_request_is_refused_with_its_code() {
    let mut world = World::registered().await;
    let from = Some(("2026-06-01T12:01:00Z", "PT0S"));
    let power = (USAGE, &["power"][..]);
    let long_ago = Some(("2026-05-01T12:01:00Z", "PT0S"));
    let past = Some(("2026-05-20T00:00:00Z", "P10D"));
    for (request, wanted) in [
        (report("r1", power, ("PT1H", "P2D"), from), "454"),
        (report("r1", power, ("PT10S", "PT10S"), long_ago), "454"),
        (report("r1", ("HISTORY_USAGE", &["power"]), ("PT0S", "PT0S"), past), "454"),
        (report("r1", power, ("PT0S", "PT10S"), from), "454"),
        (report("r1", power, ("PT20S", "PT10S"), from), "454"),
        (report("r1", power, ("PT10S", "PT10S"), None), "459"),
        (report("r1", ("HISTORY_USAGE", &["power"]), ("PT0S", "PT0S"), None), "459"),
    ] {
        let created = ask(&mut world, vec![request]).await;
        assert_eq!(code(&created), wanted, "rules 317, 324, 340");
        assert_eq!(world.status().reports, []);
    }
}

#[tokio::test]
async fn report_unknown_ids_are_452_and_leave_the_running_report_alone() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    let from = Some(("2026-06-01T12:01:00Z", "PT0S"));
    for request in [
        report("r2", ("NONE", &["power"]), ("PT10S", "PT10S"), from),
        report("r2", (USAGE, &["battery-status"]), ("PT10S", "PT10S"), from),
        report("r1", (USAGE, &["power"]), ("PT20S", "PT40S"), from),
    ] {
        let created = ask(&mut world, vec![request]).await;
        assert_eq!(code(&created), "452", "rules 304, 322");
        assert_eq!(created.oadr_pending_reports.report_request_id, ["r1"]);
    }
    let created = ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    assert_eq!(code(&created), "200", "the same request again lost its answer");
    world.vtn.forget();
    world.pass(120).await;
    assert!((3..=5).contains(&updates(&world).len()));
}

#[tokio::test]
async fn rule_304_a_list_with_one_bad_request_is_refused_whole() {
    let mut world = World::registered().await;
    let bad = report("r2", ("NONE", &["power"]), ("PT10S", "PT0S"), None);
    let created = ask(&mut world, vec![periodic("r1", "PT0S"), bad]).await;
    assert_eq!(code(&created), "452");
    assert_eq!(world.status().reports, []);
}

#[tokio::test]
async fn report_cancel_with_and_without_a_last_report() {
    let mut world = World::registered().await;
    let all = ["a", "b", "c"].map(|id| periodic(id, "PT0S"));
    let created = ask(&mut world, all.to_vec()).await;
    assert_eq!(created.oadr_pending_reports.report_request_id, ["a", "b", "c"], "rule 329");
    world.vtn.forget();
    world.vtn.queue(cancel(&["a"], true));
    world.vtn.queue(cancel(&["b"], false));
    world.vtn.queue(cancel(&["c", "unknown"], false));
    world.pass(11).await;
    let said: Vec<_> = world.vtn.all::<OadrCanceledReport>();
    let codes: Vec<_> = said.iter().map(|c| c.ei_response.response_code.value().clone()).collect();
    assert_eq!(codes, ["200", "200", "452"], "rule 336");
    assert_eq!(said[1].oadr_pending_reports.report_request_id, ["a", "c"]);
    world.vtn.forget();
    world.until("2026-06-01T12:03:00Z").await;
    let ids: Vec<_> = updates(&world).into_iter().map(|r| r.report_request_id).collect();
    assert_eq!(ids.iter().filter(|id| *id == "a").count(), 1, "rule 345: exactly one more");
    assert_eq!(ids.iter().filter(|id| *id == "b").count(), 0);
    assert!(ids.iter().filter(|id| *id == "c").count() > 2);
}

#[tokio::test]
async fn report_cancel_embedded_ends_without_an_answer() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.vtn.state().embedded_cancel = Some(cancel(&["r1"], false));
    world.until("2026-06-01T12:03:00Z").await;
    assert_eq!(updates(&world).len(), 1, "rule 328");
    assert_eq!(world.vtn.all::<OadrCanceledReport>(), []);
    ask(&mut world, vec![periodic("r2", "PT0S")]).await;
    world.vtn.forget();
    world.vtn.state().embedded_cancel = Some(cancel(&["r2"], true));
    world.pass(180).await;
    assert_eq!(updates(&world).len(), 2, "rule 345");
}

#[tokio::test]
async fn an_unknown_report_at_the_vtn_is_not_sent_again() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.vtn.refuse("oadrUpdateReport", Code::InvalidId, 1);
    world.until("2026-06-01T12:05:00Z").await;
    assert_eq!(updates(&world).len(), 1, "rule 304");
}

#[tokio::test]
async fn readings_of_an_outage_are_delivered_afterwards_oldest_first_over_a_restart() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.until("2026-06-01T12:01:40Z").await;
    assert_eq!(updates(&world).len(), 1);
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T12:10:00Z").await;
    world.restart().await;
    world.until("2026-06-01T12:11:00Z").await;
    world.vtn.state().away = None;
    world.until("2026-06-01T12:13:00Z").await;
    let all: Vec<_> = updates(&world).iter().flat_map(starts).collect();
    let wanted: Vec<_> = (0..12 * 6)
        .map(|n| format!("12:{:02}:{:02}", 1 + n / 6, n % 6 * 10))
        .take(all.len())
        .collect();
    assert_eq!(all, wanted, "every instant once, in order");
    assert!(all.len() >= 69, "{}", all.len());
    let good = updates(&world).iter().flat_map(rows).all(|(_, values)| values[0].1 != "0");
    assert!(good, "with the readings of their own time");
}

#[tokio::test]
async fn a_backlog_is_given_up_beyond_its_bound() {
    let settings = Settings { backlog_up_to: Duration::from_secs(120), ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.until("2026-06-01T12:01:40Z").await;
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T12:20:00Z").await;
    world.vtn.state().away = None;
    world.vtn.forget();
    world.until("2026-06-01T12:21:10Z").await;
    let first = &starts(&updates(&world)[0])[0];
    assert!("12:18:00" <= first.as_str() && first.as_str() <= "12:19:30", "{first}");
}

#[tokio::test]
async fn a_report_that_got_no_answer_is_sent_again_under_the_same_request_id() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.until("2026-06-01T12:01:15Z").await;
    world.vtn.forget();
    world.vtn.refuse("oadrUpdateReport", Code::NotRegistered, 0);
    world.vtn.state().away = Some(Some(Duration::from_secs(15)));
    world.pass(10).await;
    world.restart().await;
    world.step().await;
    world.vtn.state().away = None;
    world.until("2026-06-01T12:01:55Z").await;
    let sent = world.vtn.all::<OadrUpdateReport>();
    assert_eq!(sent[0].request_id, format!("r1-{}", t("2026-06-01T12:01:00Z").as_millisecond()));
}

#[tokio::test]
async fn report_history_gives_what_was_recorded() {
    let mut world = World::registered().await;
    world.until("2026-06-01T12:10:00Z").await;
    let span = Some(("2026-06-01T12:02:00Z", "PT4M"));
    let history = ("HISTORY_USAGE", &["power"][..]);
    ask(&mut world, vec![report("h1", history, ("PT0S", "PT0S"), span)]).await;
    let found = updates(&world);
    assert_eq!(starts(&found[0]), ["12:02:00", "12:03:00", "12:04:00", "12:05:00"], "rule 325");
    assert_eq!(found[0].report_name, Some(ReportName::HistoryUsage));
    let since = Some(("2026-06-01T12:05:00Z", "PT0S"));
    ask(&mut world, vec![report("h2", history, ("PT0S", "PT0S"), since)]).await;
    assert_eq!(starts(&updates(&world)[0]).len(), 6, "0 is everything since");
    assert_eq!(world.status().reports, []);
}

#[tokio::test]
async fn report_storage_holds_a_hundred_readings_while_the_vtn_is_away() {
    let sample_every = Some(Duration::from_secs(1));
    let settings = Settings { sample_every, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    world.until("2026-06-01T12:01:00Z").await;
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T12:02:40Z").await;
    world.vtn.state().away = None;
    world.pass(70).await;
    let span = Some(("2026-06-01T12:01:00Z", "PT100S"));
    let history = ("HISTORY_USAGE", &["power"][..]);
    ask(&mut world, vec![report("h1", history, ("PT0S", "PT0S"), span)]).await;
    assert_eq!(rows(&updates(&world)[0]).len(), 100, "rules 312, 510");
}

#[tokio::test]
async fn old_readings_go_when_nobody_waits_for_them() {
    let sample_every = Some(Duration::from_secs(60));
    let keep_readings_for = Duration::from_secs(600);
    let settings = Settings { sample_every, keep_readings_for, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    world.until("2026-06-01T15:00:00Z").await;
    let since = Some(("2026-06-01T12:00:00Z", "PT0S"));
    let history = ("HISTORY_USAGE", &["power"][..]);
    ask(&mut world, vec![report("h1", history, ("PT0S", "PT0S"), since)]).await;
    let kept = rows(&updates(&world)[0]).len();
    assert!((100..=105).contains(&kept), "at least 100, and not all of 180: {kept}");
}

#[tokio::test]
async fn rule_301_answers_the_vtns_own_metadata() {
    let mut world = World::registered().await;
    world.vtn.queue(OadrRegisterReport {
        schema_version: None,
        request_id: "q7".into(),
        oadr_report: Vec::new(),
        ven_id: Some("ven-1".into()),
        report_request_id: None,
    });
    world.pass(11).await;
    let answer: OadrRegisteredReport = world.vtn.one();
    assert_eq!(answer.ei_response.request_id, "q7");
    assert!(answer.ei_response.is_ok());
}

#[tokio::test]
async fn rule_304_refuses_a_report_that_nobody_asked_for() {
    let mut world = World::registered().await;
    world.vtn.queue(OadrUpdateReport {
        schema_version: None,
        request_id: "q8".into(),
        oadr_report: Vec::new(),
        ven_id: Some("ven-1".into()),
    });
    world.pass(11).await;
    let answer: OadrUpdatedReport = world.vtn.one();
    assert_eq!(answer.ei_response.response_code.value(), "452");
    assert_eq!(answer.ei_response.request_id, "q8");
}
