//! EiReport: OpenADR 2.0b Profile, rules 300 to 346. The scenarios of a reporter.

#![allow(clippy::unwrap_used)]

mod common;

use common::World;
use common::make::{cancel, create, report};
use common::reports::{USAGE, ask, code, periodic, rows, starts, updates};
use common::site::Site;
use oadr_platform::prosumer::Site as Description;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::*;
use oadr_schemas::openadr::strm::StreamPayloadBase;
use oadr_ven::{Leniency, Settings};

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
async fn the_leniency_request_without_interval_reports_from_the_next_mark_without_end() {
    let leniencies = vec![Leniency::RequestWithoutInterval];
    let mut world = World::registered_with(Settings { leniencies, ..Settings::default() }).await;
    let bare = || report("r1", (USAGE, &["power"]), ("PT15S", "PT30S"), None);
    let created = ask(&mut world, vec![bare()]).await;
    assert_eq!(code(&created), "200");
    // The same once more, a while later: it goes on.
    let created = ask(&mut world, vec![bare()]).await;
    assert_eq!(code(&created), "200");
    world.until("2026-06-01T12:01:20Z").await;
    let all: Vec<_> = updates(&world).iter().map(starts).collect();
    assert_eq!(all, [["12:00:15", "12:00:30"], ["12:00:45", "12:01:00"]]);
    // It forgives nothing else.
    let back = report("r2", (USAGE, &["power"]), ("PT40S", "PT30S"), None);
    assert_eq!(code(&ask(&mut world, vec![back]).await), "454", "rule 317");
    let past = report("r3", ("HISTORY_USAGE", &["power"]), ("PT0S", "PT0S"), None);
    assert_eq!(code(&ask(&mut world, vec![past]).await), "459", "rule 324");
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
