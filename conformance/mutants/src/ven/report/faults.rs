//! What may be wrong with the reports of the VEN in miniature.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiTarget, ReportName};
use oadr_schemas::openadr::oadr::{OadrRegisterReport, OadrReport, OadrReportDescription};
use oadr_schemas::xml::Duration;

use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::message("specifier-twice", FORM, "two reports share a reportSpecifierID", |message| {
        offered(message, |report| report.report_specifier_id = "same".to_owned());
    }),
    Fault::message("rid-twice", FORM, "two points of a report share an rID", |message| {
        points(message, |point| point.rid = "same".to_owned());
    }),
    Fault::message("metadata-inner-id", FORM, "the inner reportRequestID is not 0", |message| {
        offered(message, |report| report.report_request_id = "7".to_owned());
    }),
    Fault::message("metadata-outer-id", FORM, "it answers a request nobody made", |message| {
        metadata(message, |all| all.report_request_id = Some("0".to_owned()));
    }),
    Fault::message(
        "metadata-no-depth",
        FORM,
        "it does not say how much data there is",
        |message| {
            offered(message, |report| report.duration = None);
        },
    ),
    Fault::message("metadata-shallow", FORM, "oadrMaxPeriod exceeds the data kept", |message| {
        offered(message, |report| report.duration = Some(Duration::from_seconds(30).into()));
    }),
    Fault::message("metadata-no-rate", FORM, "telemetry has no oadrSamplingRate", |message| {
        points(message, |point| point.oadr_sampling_rate = None);
    }),
    Fault::message("metadata-no-unit", FORM, "usage has no unit", |message| {
        points(message, |point| point.item_base = None);
    }),
    Fault::message("metadata-name", FORM, "reportName lacks METADATA_", |message| {
        offered(message, |report| report.report_name = Some(ReportName::TelemetryUsage));
    }),
    Fault::message("metadata-dtstart", FORM, "metadata has a dtstart", |message| {
        offered(message, |report| report.dtstart = Some(report.created_date_time.0.into()));
    }),
    Fault::message("metadata-subject", FORM, "reportSubject names a resource", |message| {
        points(message, |point| point.report_subject = Some(EiTarget::resources(["plant"])));
    }),
    Fault::inside("none-offers", NONE, "a VEN without data offers some when it is asked"),
    Fault::inside("none-silent", NONE, "a VEN without data says nothing when it is asked"),
    Fault::inside("metadata-silent", ON_REQUEST, "no metadata follow the oadrCreatedReport"),
    Fault::inside("metadata-partial", ON_REQUEST, "not all there is to report is told"),
    Fault::inside("metadata-unnamed", ON_REQUEST, "metadata asked for lack the reportRequestID"),
    Fault::inside("request-id-lost", ON_REQUEST, "oadrCreatedReport has another requestID"),
    Fault::inside("old-reports-go-on", ON_REQUEST, "old reports outlive new metadata"),
    Fault::inside("metadata-once", PERIODIC, "periodic metadata come once"),
    Fault::inside("metadata-request-dropped", PERIODIC, "new metadata end the periodic ones"),
    Fault::inside("metadata-cancel-deaf", PERIODIC, "metadata go on after the cancel"),
    Fault::inside("no-status", MINIMUM, "TELEMETRY_STATUS is not offered"),
    Fault::inside("status-changes-shape", MINIMUM, "oadrLoadControlState has other children"),
    Fault::inside("report-only-less", MINIMUM, "a Report Only VEN offers no HISTORY_USAGE"),
    Fault::message("status-of-nothing", MINIMUM, "no resource is named by resourceID", |message| {
        points(message, |point| point.report_data_source = None);
    }),
];

fn metadata(message: &mut Message, spoil: impl FnOnce(&mut OadrRegisterReport)) {
    if let Message::OadrRegisterReport(all) = message {
        spoil(all);
    }
}

fn offered(message: &mut Message, spoil: impl FnMut(&mut OadrReport)) {
    metadata(message, |all| all.oadr_report.iter_mut().for_each(spoil));
}

fn points(message: &mut Message, mut spoil: impl FnMut(&mut OadrReportDescription)) {
    offered(message, |report| {
        report.oadr_report_description.iter_mut().for_each(&mut spoil);
    });
}

const FORM: &str = "report-metadata-form";
const NONE: &str = "report-metadata-none";
const ON_REQUEST: &str = "report-metadata-on-request";
const PERIODIC: &str = "report-metadata-periodic";
const MINIMUM: &str = "report-minimum-set";
