//! Whether a VEN measured anything during an event, and why not. OpenADR 2.0b Profile, EiReport,
//! rules 306, 329, 344. And that every finding is tested and written down.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, at, minutes, noon, offering, report, row, running, simple, wanted};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::OadrCreateReport;
use oadr_vtn::explain::{Cause, Weight};
use oadr_vtn::record::EventDraft;

const AE: (&str, &str) = ("A", "e");
const CAUSES: [Cause; 5] = [
    Cause::TelemetrySeen,
    Cause::NoReportOffered,
    Cause::NoReportAsked,
    Cause::ReportRefused,
    Cause::TelemetryMissing,
];

/// An event e for A, of ten minutes from noon on, and it is six minutes past.
async fn running_event(bench: &Bench) {
    let draft = EventDraft { id: Some("e".into()), ..simple(&["A"], noon(), &[1]) };
    bench.vtn.create_event(draft).await.unwrap();
    bench.clock.set(at(6));
}

/// The one finding of these.
fn only(bench: &Bench) -> Cause {
    let mut found = CAUSES.into_iter().filter(|cause| bench.finds(AE, *cause));
    let first = found.next().unwrap();
    assert_eq!(found.next(), None);
    first
}

#[tokio::test]
async fn before_the_event_nothing_is_missed() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let draft = EventDraft { id: Some("e".into()), ..simple(&["A"], at(5), &[1]) };
    bench.vtn.create_event(draft).await.unwrap();
    assert!(CAUSES.into_iter().all(|cause| !bench.finds(AE, cause)));
    bench.clock.set(at(6));
    assert_eq!(only(&bench), Cause::NoReportOffered);
}

#[tokio::test]
async fn a_ven_that_was_asked_for_no_report() {
    let bench = Bench::new().await;
    let _a = offering(&bench).await;
    running_event(&bench).await;
    assert_eq!(only(&bench), Cause::NoReportAsked);
    assert!(bench.why(AE, Cause::NoReportAsked).mend.unwrap().contains("vtn report request"));
}

#[tokio::test]
async fn a_ven_that_refused_to_report() {
    let bench = Bench::new().await;
    let a = offering(&bench).await;
    bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap();
    let create = OadrCreateReport::try_from(a.poll().await).unwrap();
    let mut no = a.created_report(&create.request_id, &[]);
    no.ei_response = EiResponse::error(Code::NotDeployed, "no meter", create.request_id.as_str());
    assert_eq!(a.code(no).await, 200);
    running_event(&bench).await;
    assert_eq!(only(&bench), Cause::ReportRefused);
    let refused = bench.why(AE, Cause::ReportRefused);
    assert!(refused.text.ends_with("with 469: no meter"), "{}", refused.text);
}

#[tokio::test]
async fn telemetry_of_another_time_is_none_of_the_event() {
    let bench = Bench::new().await;
    let a = offering(&bench).await;
    let id = running(&a, wanted(minutes(1), minutes(5))).await;
    running_event(&bench).await;
    assert_eq!(only(&bench), Cause::TelemetryMissing);
    assert!(bench.why(AE, Cause::TelemetryMissing).text.contains("sent none"));
    assert_eq!(report(&a, &id, &[row(-5, 4)]).await, 200);
    let missing = bench.why(AE, Cause::TelemetryMissing);
    assert!(missing.text.contains(&format!("its last report came at {}", at(6))));
    assert_eq!(missing.weight, Weight::Hinders);
    assert_eq!(report(&a, &id, &[row(0, 4), row(3, 5), row(10, 6)]).await, 200);
    assert_eq!(only(&bench), Cause::TelemetrySeen);
    let seen = bench.why(AE, Cause::TelemetrySeen);
    assert_eq!(seen.since, Some(at(3)), "from the start on, up to the end");
    assert!(seen.text.contains("power"), "{}", seen.text);
}

#[test]
fn every_finding_is_made_in_a_test_and_told_in_the_handbook() {
    let tests = [
        include_str!("explain.rs"),
        include_str!("explain_event.rs"),
        include_str!("explain_answer.rs"),
        include_str!("explain_push.rs"),
        include_str!("explain_telemetry.rs"),
    ];
    let handbook = include_str!("../../docs/operating.md");
    for cause in Cause::ALL {
        let named = format!("Cause::{cause:?}");
        assert!(tests.iter().any(|text| text.contains(&named)), "{named} is in no test");
        let word = serde_json::to_value(cause).unwrap();
        let word = format!("`{}`", word.as_str().unwrap());
        assert!(handbook.contains(&word), "{word} is not in docs/operating.md");
    }
}
