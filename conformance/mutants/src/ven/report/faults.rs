//! What may be wrong with the reports of the VEN in miniature.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiTarget, ReportName};
use oadr_schemas::openadr::oadr::{OadrRegisterReport, OadrReport, OadrReportDescription};
use oadr_schemas::openadr::report::{Sampling, status_description};
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
    Fault::inside("piggyback-ignored", PIGGYBACK, "a request in oadrRegisteredReport is ignored"),
    Fault::inside("created-unlisted", PIGGYBACK, "oadrPendingReports does not list the report"),
    Fault::inside("oneshot-late", ONESHOT, "what is asked for once comes a minute later"),
    Fault::inside("oneshot-several", ONESHOT, "what is asked for once has several intervals"),
    Fault::inside("oneshot-no-duration", ONESHOT, "energy does not say over which time"),
    Fault::inside("oneshot-again", ONESHOT, "what is asked for once comes twice"),
    Fault::message("data-name", ONESHOT, "the reportName of data begins METADATA_", |message| {
        data(message, |report| report.report_name = Some(ReportName::MetadataTelemetryUsage));
    }),
    Fault::message("data-no-dtstart", ONESHOT, "a report has no dtstart", |message| {
        data(message, |report| report.dtstart = None);
    }),
    Fault::inside("point-missing", DATA, "a point that was asked for is not reported"),
    Fault::inside("periodic-endless", DATA, "the reports go on after the duration asked for"),
    Fault::inside("twice-as-coarse", DATA, "the granularity asked for is not kept"),
    Fault::inside("starts-late", DATA, "the first report begins a period late"),
    Fault::inside("uid-from-one", DATA, "intervals are counted from 1"),
    Fault::inside("newest-first", DATA, "the newest interval comes first"),
    Fault::message("data-described", DATA, "data repeat oadrReportDescription", |message| {
        data(message, |report| {
            let source = EiTarget::resources(["plant"]);
            let rate = Sampling::every(Duration::from_seconds(1));
            report.oadr_report_description = vec![status_description("power-a", source, rate)];
        });
    }),
    Fault::message("data-shifted", DATA, "a report starts after its first interval", |message| {
        data(message, |report| report.dtstart = Some(report.created_date_time.0.into()));
    }),
    Fault::message("data-half-timed", DATA, "durations stand in some intervals only", |message| {
        data(message, |report| {
            if let Some(first) =
                report.intervals.iter_mut().flat_map(|all| &mut all.interval).next()
            {
                first.duration = match first.duration {
                    Some(_) => None,
                    None => Some(Duration::from_seconds(2).into()),
                };
            }
        });
    }),
    Fault::message("data-length", DATA, "the duration of a report is wrong", |message| {
        data(message, |report| {
            if report.duration.is_some() {
                report.duration = Some(Duration::from_seconds(3600).into());
            }
        });
    }),
    Fault::inside("change-silent", CHANGE, "nothing is reported while nothing changes"),
    Fault::inside("change-as-good", CHANGE, "what did not change is reported as new"),
    Fault::inside("change-too-close", CHANGE, "changes come closer than oadrMinPeriod"),
    Fault::inside("history-without-end", HISTORY, "a history goes on past the end asked for"),
    Fault::inside("newest-first-kept", HISTORY, "the newest of a history comes first"),
    Fault::inside("history-one", HISTORY, "of a history one value comes"),
    Fault::inside("history-stops", HISTORY, "a duration of zero brings nothing new"),
    Fault::inside("forgets", STORAGE, "50 samples are kept, not 100"),
    Fault::inside("bad-left-out", SOURCE, "a point without a value is left out"),
    Fault::inside("bad-as-good", SOURCE, "a value that was not measured is called good"),
    Fault::inside("takes-too-much", BAD, "more is promised than there is"),
    Fault::inside("too-much-is-451", BAD, "asking for too much is refused with another code"),
    Fault::inside("takes-too-fine", BAD, "a granularity below oadrMinPeriod is taken"),
    Fault::inside("takes-too-coarse", BAD, "a granularity above reportBackDuration is taken"),
    Fault::inside("takes-foreign-specifier", UNKNOWN, "a foreign reportSpecifierID is taken"),
    Fault::inside("takes-foreign-rid", UNKNOWN, "a foreign rID is taken"),
    Fault::inside("reuses-id", UNKNOWN, "a reportRequestID in use is taken again"),
    Fault::inside("refusal-stops-all", UNKNOWN, "a refusal ends the report that runs"),
    Fault::inside("last-missing", CANCEL, "no report follows, though one was to"),
    Fault::inside("last-goes-on", CANCEL, "the reports go on after the last one"),
    Fault::inside("cancel-deaf", CANCEL, "a cancelled report goes on"),
    Fault::inside("cancel-unknown-ok", CANCEL, "an unknown reportRequestID is cancelled"),
    Fault::inside("pending-stale", CANCEL, "oadrPendingReports still lists what is cancelled"),
    Fault::inside("embedded-deaf", EMBEDDED, "a cancel in oadrUpdatedReport is not seen"),
    Fault::inside("embedded-confirmed", EMBEDDED, "a cancel in oadrUpdatedReport is confirmed"),
    Fault::inside("embedded-at-once", EMBEDDED, "no report follows, though one was to"),
];

fn data(message: &mut Message, spoil: impl FnMut(&mut OadrReport)) {
    if let Message::OadrUpdateReport(update) = message {
        update.oadr_report.iter_mut().for_each(spoil);
    }
}

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
const PIGGYBACK: &str = "report-piggyback";
const ONESHOT: &str = "report-oneshot";
const DATA: &str = "report-periodic";
const CHANGE: &str = "report-on-change";
const HISTORY: &str = "report-history";
const STORAGE: &str = "report-storage";
const SOURCE: &str = "report-bad-source";
const BAD: &str = "report-bad-request";
const UNKNOWN: &str = "report-unknown-ids";
const CANCEL: &str = "report-cancel";
const EMBEDDED: &str = "report-cancel-embedded";
