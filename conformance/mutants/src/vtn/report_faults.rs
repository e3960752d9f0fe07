//! What may be wrong with EiReport of the VTN in miniature, as the one that asks.

use oadr_schemas::openadr::ei::{ReadingType, ReportName};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{OadrReport, OadrReportPayload, OadrReportRequest};
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::openadr::strm::StreamPayloadBase;
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::Duration;

use super::State;
use crate::fault::Fault;

const FORM: &str = "report-request-form";
const RENEWED: &str = "report-request-renewed";
const RECEIVE: &str = "report-receive";
const INSIST: &str = "report-insist-on-cancel";

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::message("ask-other-specifier", FORM, "a report that is not offered is asked for", |m| {
        each(m, |one| one.report_specifier.report_specifier_id.push_str("-old"));
    }),
    Fault::message("ask-other-point", FORM, "a data point that is not offered is asked for", |m| {
        each(m, |one| one.report_specifier.specifier_payload[0].rid.push_str("-old"));
    }),
    Fault::inside("ask-same-id", FORM, "every request has the same reportRequestID"),
    Fault::message("ask-reading-type", FORM, "readingType is that of the metadata", |m| {
        let direct = ReadingType::DirectRead;
        each(m, |one| one.report_specifier.specifier_payload[0].reading_type = direct.clone());
    }),
    Fault::message("ask-with-unit", FORM, "a request names a unit", |m| {
        let unit = ItemBase::energy_real(SiScaleCode::K);
        each(m, |one| {
            one.report_specifier.specifier_payload[0].item_base = Some(unit.clone());
        });
    }),
    Fault::message("ask-with-ramp-up", FORM, "a reportInterval has x-eiRampUp", |m| {
        each(m, |one| {
            if let Some(interval) = &mut one.report_specifier.report_interval {
                interval.properties.x_ei_ramp_up = Some(Duration::ZERO.into());
            }
        });
    }),
    Fault::message("ask-without-interval", FORM, "reports have no reportInterval", |m| {
        each(m, |one| one.report_specifier.report_interval = None);
    }),
    Fault::message("ask-history-spaced", FORM, "history is asked for with a granularity", |m| {
        each(m, |one| {
            if one.report_specifier.report_back_duration.duration.is_zero() {
                one.report_specifier.granularity = Duration::from_seconds(60).into();
            }
        });
    }),
    Fault::message("ask-too-coarse", FORM, "granularity is longer than the reports are", |m| {
        each(m, |one| {
            if !one.report_specifier.report_back_duration.duration.is_zero() {
                one.report_specifier.granularity = Duration::from_seconds(600).into();
            }
        });
    }),
    Fault::message("ask-on-change", FORM, "values on change are asked of what has none", |m| {
        each(m, |one| one.report_specifier.granularity = Duration::ZERO.into());
    }),
    Fault::message("ask-too-long", FORM, "more is asked for than is kept", |m| {
        each(m, |one| {
            if let Some(interval) = &mut one.report_specifier.report_interval {
                interval.properties.duration = Duration::from_seconds(86_400).into();
            }
        });
    }),
    Fault::message("ask-too-rarely", FORM, "reports are asked for each day", |m| {
        each(m, |one| {
            if !one.report_specifier.report_back_duration.duration.is_zero() {
                let day = Duration::from_seconds(86_400);
                one.report_specifier.report_back_duration = day.into();
            }
        });
    }),
    Fault::inside("renewed-not", RENEWED, "after new metadata nothing is asked for"),
    Fault::inside("renewed-same-id", RENEWED, "it is asked for under the old reportRequestID"),
    Fault::inside("renewed-wide", RENEWED, "what is no longer offered is asked for"),
    Fault::inside("renewed-misses-old", RENEWED, "what has ended is missed and cancelled"),
    Fault::inside("renewed-keeps-old", RENEWED, "reports are taken under what has ended"),
    Fault::inside("receive-dtstart-only", RECEIVE, "intervals without dtstart are refused"),
    Fault::inside("receive-no-duration", RECEIVE, "values at instants are refused"),
    Fault::inside("receive-known-report", RECEIVE, "an eiReportID is refused"),
    Fault::inside("receive-exact", RECEIVE, "accuracy is refused"),
    Fault::inside("receive-no-span", RECEIVE, "a duration of the report is refused"),
    Fault::inside("receive-flat", RECEIVE, "all values are kept under the report's dtstart"),
    Fault::inside("receive-once", RECEIVE, "repeated data are refused"),
    Fault::inside("receive-in-turn", RECEIVE, "late data are refused"),
    Fault::inside("receive-first", RECEIVE, "corrected data do not replace what was there"),
    Fault::inside("receive-any-request", RECEIVE, "every reportRequestID is taken"),
    Fault::inside("insists-not", INSIST, "no oadrCancelReport follows"),
    Fault::inside("ends-another", INSIST, "oadrUpdatedReport ends what it does not answer"),
];

/// Every request for a report in a message.
fn each(message: &mut Message, spoil: impl Fn(&mut OadrReportRequest)) {
    match message {
        Message::OadrRegisteredReport(m) => m.oadr_report_request.iter_mut().for_each(spoil),
        Message::OadrCreateReport(m) => m.oadr_report_request.iter_mut().for_each(spoil),
        _ => {}
    }
}

/// What a mutant refuses wrongly.
pub fn may_take(state: &State, report: &OadrReport) -> Result<(), (Code, &'static str)> {
    let intervals = || report.intervals.iter().flat_map(|all| &all.interval);
    let payloads = || {
        intervals().flat_map(|one| &one.stream_payload_base).filter_map(|base| match base {
            StreamPayloadBase::OadrReportPayload(payload) => Some(payload),
            _ => None,
        })
    };
    let usage = report.report_name == Some(ReportName::TelemetryUsage);
    let inexact = |one: &OadrReportPayload| one.accuracy.is_some() || one.confidence.is_some();
    for (fault, wrong) in [
        ("receive-dtstart-only", intervals().any(|one| one.dtstart.is_none())),
        ("receive-no-duration", usage && intervals().any(|one| one.duration.is_none())),
        ("receive-known-report", report.ei_report_id.is_some()),
        ("receive-exact", payloads().any(inexact)),
        ("receive-no-span", report.duration.is_some()),
    ] {
        if wrong && state.faults.has(fault) {
            return Err((Code::NotCompliant, "not taken"));
        }
    }
    Ok(())
}
