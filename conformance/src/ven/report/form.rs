//! What metadata must look like. OpenADR 2.0b Profile, rules 305, 307, 308, 311, 312, 331, 333;
//! the table of well-known reports.

use std::collections::BTreeSet;

use oadr_schemas::openadr::ei::{ReadingType, ReportName, ReportType};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{OadrRegisterReport, OadrReport, OadrReportDescription};
use oadr_schemas::openadr::{Target, is_device_class};

use super::offer::length_s;
use crate::ven::{VenPlay, said};

/// Checks the form of metadata; the outer reportRequestID is another matter.
pub fn check(play: &mut VenPlay, metadata: &OadrRegisterReport) {
    let ids: Vec<_> = metadata.oadr_report.iter().map(|one| &one.report_specifier_id).collect();
    play.check(&["308"], "each reportSpecifierID is there once", unique(&ids), &ids);
    for report in &metadata.oadr_report {
        one_report(play, report);
        for point in &report.oadr_report_description {
            one_point(play, report, point);
        }
    }
}

fn one_report(play: &mut VenPlay, report: &OadrReport) {
    let of = |what: &str| format!("report {}: {what}", report.report_specifier_id);
    let id = (report.report_request_id.trim(), "0");
    play.equal(&["311"], of("its reportRequestID is 0"), id);
    let data = report.dtstart.is_some() || report.intervals.is_some();
    play.check(&["305"], of("there is neither dtstart nor intervals"), !data, said::report(report));
    let points = &report.oadr_report_description;
    play.check(&["305"], of("its points are described"), !points.is_empty(), said::report(report));
    let rids: Vec<_> = points.iter().map(|point| &point.rid).collect();
    play.check(&["308"], of("each rID is there once"), unique(&rids), &rids);
    let well = is_named_well(report.report_name.as_ref());
    play.check(&["331"], of("its reportName begins METADATA_"), well, &report.report_name);
    let Some(depth) = &report.duration else {
        play.check(&["312"], of("it says how much data there is"), false, said::report(report));
        return;
    };
    let depth = length_s(&depth.duration);
    let rates = points.iter().filter_map(|point| point.oadr_sampling_rate.as_ref());
    let longest = rates.map(|rate| length_s(&rate.oadr_max_period)).max();
    let within = longest.is_none_or(|longest| longest <= depth);
    let what = of("no oadrMaxPeriod is longer than the data there are");
    play.check(&["312"], what, within, (longest, depth));
}

/// Rule 331: the well-known names have a METADATA_ form; others are the sender's own.
fn is_named_well(name: Option<&ReportName>) -> bool {
    match name {
        Some(ReportName::Extension(_)) => true,
        Some(name) => name.to_string().starts_with("METADATA_"),
        None => false,
    }
}

fn one_point(play: &mut VenPlay, report: &OadrReport, point: &OadrReportDescription) {
    let of = |what: &str| format!("rID {} of {}: {what}", point.rid, report.report_specifier_id);
    let (unit, kind, reading) = (&point.item_base, &point.report_type, &point.reading_type);
    match &report.report_name {
        Some(ReportName::MetadataTelemetryUsage | ReportName::MetadataHistoryUsage) => {
            play.check(&["305"], of("usage has a unit"), unit.is_some(), said::point(point));
            let fits = matches!(
                unit,
                Some(ItemBase::PowerReal(_) | ItemBase::EnergyReal(_) | ItemBase::PulseCount(_))
                    | None
            );
            let fits = fits && *kind == ReportType::Usage && *reading == ReadingType::DirectRead;
            let what = "usage is usage, Direct Read, in powerReal, energyReal or pulseCount";
            play.check(&["331"], of(what), fits, said::point(point));
        }
        Some(ReportName::MetadataTelemetryStatus) => {
            let fits = unit.is_none()
                && *kind == ReportType::XResourceStatus
                && *reading == ReadingType::XNotApplicable;
            let what = "status is x-resourceStatus, x-notApplicable, without a unit";
            play.check(&["331"], of(what), fits, said::point(point));
        }
        _ => {}
    }
    if is_telemetry(report) {
        let rate = &point.oadr_sampling_rate;
        play.check(
            &["333"],
            of("telemetry has an oadrSamplingRate"),
            rate.is_some(),
            said::point(point),
        );
    }
    if let Some(subject) = &point.report_subject {
        let class =
            |one: Target<'_>| matches!(one, Target::EndDeviceAsset(c) if is_device_class(c));
        let fits = !subject.is_empty() && subject.criteria().all(class);
        play.check(&["307"], of("reportSubject holds device classes alone"), fits, subject);
    }
}

fn is_telemetry(report: &OadrReport) -> bool {
    let telemetry = [ReportName::MetadataTelemetryUsage, ReportName::MetadataTelemetryStatus];
    report.report_name.as_ref().is_some_and(|name| telemetry.contains(name))
}

fn unique<T: Ord>(all: &[T]) -> bool {
    all.iter().collect::<BTreeSet<_>>().len() == all.len()
}
