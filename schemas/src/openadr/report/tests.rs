//! Reports and rows, both ways.

use super::*;
use crate::openadr::check::{Sampled, check_report_data, check_report_kind};
use crate::openadr::event::tests::{d, t};

fn heading() -> Heading {
    Heading {
        report_request_id: "7".into(),
        report_specifier_id: "1".into(),
        report_name: ReportName::TelemetryUsage,
        created: t("2026-01-05T13:00:00Z"),
    }
}

#[test]
fn rows_survive_the_way_through_a_report() {
    let noon = t("2026-01-05T12:00:00Z");
    let status = OadrPayloadResourceStatus {
        oadr_online: true,
        oadr_manual_override: false,
        oadr_load_control_state: None,
    };
    let rows = vec![
        Row {
            quality: Some(OadrDataQualityType::QualityGoodNonSpecific),
            accuracy: Some("0.5".parse().unwrap()),
            confidence: Some(95),
            ..Row::at("u", noon, Decimal::new(12345, 3)).over(d("PT15M"))
        },
        Row::at("s", noon, status).over(d("PT15M")),
        Row::at("u", t("2026-01-05T12:15:00Z"), Decimal::TEN).over(d("PT15M")),
    ];
    let report = OadrReport::of_rows(heading(), &rows).unwrap();
    assert_eq!(report.intervals.as_ref().unwrap().interval.len(), 2);
    assert_eq!(check_report_data(&report), Ok(()));
    assert_eq!(report.rows(), Ok(rows));
}

#[test]
fn rule_314_puts_the_oldest_first() {
    let late = Row::at("u", t("2026-01-05T12:15:00Z"), Decimal::ONE);
    let early = Row::at("u", t("2026-01-05T12:00:00Z"), Decimal::ONE);
    let report = OadrReport::of_rows(heading(), &[late.clone(), early.clone()]).unwrap();
    assert_eq!(check_report_data(&report), Ok(()));
    assert_eq!(check_report_kind(&report, Sampled::Instants), Ok(()));
    assert_eq!(report.rows(), Ok(vec![early, late]));
    assert_eq!(OadrReport::of_rows(heading(), &[]), None);
}

#[test]
fn rule_342_lets_a_mix_state_both_times_throughout() {
    let noon = t("2026-01-05T12:00:00Z");
    let rows =
        [Row::at("e", noon, Decimal::ONE).over(d("PT15M")), Row::at("p", noon, Decimal::TWO)];
    let report = OadrReport::of_rows(heading(), &rows).unwrap();
    assert_eq!(check_report_data(&report), Ok(()));
    let back = report.rows().unwrap();
    assert_eq!(
        back.iter().map(Row::end).collect::<Vec<_>>(),
        [Some(noon), Some(t("2026-01-05T12:15:00Z"))]
    );
}

#[test]
fn rules_314_and_315_hand_starts_down_the_intervals() {
    let rows = ["2026-01-05T12:00:00Z", "2026-01-05T12:15:00Z", "2026-01-05T12:30:00Z"]
        .map(|start| Row::at("u", t(start), Decimal::ONE).over(d("PT15M")));
    let mut report = OadrReport::of_rows(heading(), &rows).unwrap();
    for interval in &mut report.intervals.as_mut().unwrap().interval {
        interval.dtstart = None;
    }
    assert_eq!(check_report_data(&report), Ok(()));
    assert_eq!(report.rows().unwrap(), rows);
    report.intervals.as_mut().unwrap().interval[1].duration = None;
    assert_eq!(report.rows().unwrap_err().rule, 315);
    report.dtstart = None;
    assert_eq!(report.rows().unwrap_err().rule, 314);
}

#[test]
fn rule_318_sends_a_placeholder_of_bad_quality_for_no_number() {
    let rows = [Row::at("u", t("2026-01-05T12:00:00Z"), Value::NoNumber("NaN".into()))];
    let report = OadrReport::of_rows(heading(), &rows).unwrap();
    let row = &report.rows().unwrap()[0];
    assert_eq!(row.number(), Some(Decimal::ZERO));
    assert_eq!(row.quality, Some(OadrDataQualityType::QualityBadNonSpecific));
}
