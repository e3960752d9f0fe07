//! EiReport of the VTN in miniature, as the one that reports. Rules 301 to 317, 324, 327, 336.

use jiff::{SignedDuration, Timestamp};
use oadr_conformance::say::report as say;
use oadr_schemas::openadr::ei::{EiResponse, EiTarget};
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCanceledReport, OadrCreateReport, OadrCreatedReport, OadrPendingReports,
    OadrRegisterReport, OadrRegisteredReport, OadrReport, OadrReportRequest, OadrResponse,
    OadrUpdateReport,
};
use oadr_schemas::openadr::report::{Heading, Row};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::Duration;
use rust_decimal::Decimal;

use super::{State, error, ok};
use crate::fault::Fault;

const FORM: &str = "report-metadata-form";
const NONE: &str = "report-metadata-none";
const ON_REQUEST: &str = "report-metadata-on-request";
const PERIODIC: &str = "report-metadata-periodic";

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::message("metadata-withheld", FORM, "what it has to offer is left out", |m| {
        if let Message::OadrRegisterReport(register) = m {
            register.oadr_report.clear();
        }
    }),
    Fault::message("metadata-same-report", FORM, "two reports have one reportSpecifierID", |m| {
        each(m, |report| report.report_specifier_id = "one".to_owned());
    }),
    Fault::message("metadata-same-point", FORM, "two data points have one rID", |m| {
        each(m, |report| {
            let again = report.oadr_report_description.clone();
            report.oadr_report_description.extend(again);
        });
    }),
    Fault::message("metadata-request-id", FORM, "the reportRequestID of a report is 1", |m| {
        each(m, |report| report.report_request_id = "1".to_owned());
    }),
    Fault::message("metadata-outer-id", FORM, "unasked, there is a reportRequestID", |m| {
        if let Message::OadrRegisterReport(register) = m {
            register.report_request_id.get_or_insert_with(|| "0".to_owned());
        }
    }),
    Fault::message("metadata-dtstart", FORM, "metadata have a dtstart", |m| {
        each(m, |report| report.dtstart = Some(report.created_date_time.0.into()));
    }),
    Fault::message("metadata-shallow", FORM, "oadrMaxPeriod is longer than the data kept", |m| {
        each(m, |report| report.duration = Some(Duration::from_seconds(30).into()));
    }),
    Fault::message("metadata-no-depth", FORM, "metadata have no duration", |m| {
        each(m, |report| report.duration = None);
    }),
    Fault::message("metadata-no-unit", FORM, "a usage report has no unit", |m| {
        each(m, |report| report.oadr_report_description[0].item_base = None);
    }),
    Fault::message("metadata-data-name", FORM, "reportName is that of data", |m| {
        each(m, |report| report.report_name = report.report_name.as_ref().map(|n| n.of_data()));
    }),
    Fault::message("metadata-subject", FORM, "a reportSubject names a resource", |m| {
        each(m, |report| {
            let subject = EiTarget::resources(["house"]);
            report.oadr_report_description[0].report_subject = Some(subject);
        });
    }),
    Fault::inside("none-has-one", NONE, "without data an oadrReport is registered"),
    Fault::message("none-unasked", NONE, "unasked there is no oadrRegisterReport", |m| {
        if matches!(m, Message::OadrRegisterReport(one) if one.report_request_id.is_none()) {
            *m = ok("").into();
        }
    }),
    Fault::inside("none-silent", NONE, "without data a METADATA request has no answer"),
    Fault::inside("none-on-request", NONE, "asked for METADATA there is an oadrReport"),
    Fault::message("on-request-unnamed", ON_REQUEST, "the answer does not name the request", |m| {
        if let Message::OadrRegisterReport(register) = m {
            register.report_request_id = None;
        }
    }),
    Fault::message("on-request-id-lost", ON_REQUEST, "another requestID comes back", |m| {
        if let Message::OadrCreatedReport(created) = m {
            created.ei_response.request_id = "another".to_owned();
        }
    }),
    Fault::inside("on-request-part", ON_REQUEST, "the answer leaves a report out"),
    Fault::inside("on-request-rid", ON_REQUEST, "METADATA with an rID but 0 is refused"),
    Fault::inside("on-request-twice", ON_REQUEST, "the metadata come twice"),
    Fault::inside("periodic-once", PERIODIC, "periodic metadata come once"),
    Fault::inside("periodic-ended", PERIODIC, "new metadata end the request for metadata"),
    Fault::inside("periodic-endless", PERIODIC, "metadata go on though cancelled"),
    Fault::inside("periodic-uncancelled", PERIODIC, "a request for metadata cannot be cancelled"),
    Fault::inside("periodic-of-nothing", PERIODIC, "without reports metadata come periodically"),
];

fn each(message: &mut Message, spoil: impl Fn(&mut OadrReport)) {
    if let Message::OadrRegisterReport(register) = message {
        register.oadr_report.iter_mut().for_each(spoil);
    }
}

/// What VENs have asked the VTN for.
#[derive(Default)]
pub struct Own {
    /// It has nothing to report.
    pub without_data: bool,
    asked: Vec<Asked>,
}

struct Asked {
    ven_id: String,
    request: OadrReportRequest,
    /// When the next report is due.
    due: Timestamp,
    /// `None`: once.
    every: Option<SignedDuration>,
    ends: Option<Timestamp>,
}

impl Own {
    /// A registration is over.
    pub fn forget(&mut self, ven_id: &str) {
        self.asked.retain(|asked| asked.ven_id != ven_id);
    }
}

/// What it offers.
pub fn offered(state: &State) -> Vec<OadrReport> {
    let nothing = state.faults.has("periodic-of-nothing") || state.reports.own.without_data;
    if nothing && !state.faults.has("none-has-one") {
        return Vec::new();
    }
    reports(state.now)
}

fn reports(now: Timestamp) -> Vec<OadrReport> {
    vec![say::usage("Model-feeder", &["load"], now), say::status("Model-state", &["state"], now)]
}

/// oadrRegisteredReport: the VEN has taken our metadata, and may ask (rule 344).
pub fn registered(state: &mut State, registered: OadrRegisteredReport) -> OadrResponse {
    let ven_id = registered.ven_id.unwrap_or_default();
    for request in registered.oadr_report_request {
        if let Err((code, why)) = take(state, &ven_id, request) {
            return OadrResponse::from(error(code, why, &registered.ei_response.request_id));
        }
    }
    ok(&registered.ei_response.request_id)
}

/// oadrCreateReport: the VEN asks for a report of ours.
pub fn create(state: &mut State, create: OadrCreateReport) -> OadrCreatedReport {
    let ven_id = create.ven_id.clone().unwrap_or_default();
    let requests = create.oadr_report_request.into_iter();
    let taken: Result<Vec<_>, _> = requests.map(|one| take(state, &ven_id, one)).collect();
    let ei_response = match taken {
        Ok(_) => EiResponse::ok(create.request_id),
        Err((code, why)) => error(code, why, &create.request_id),
    };
    let oadr_pending_reports = pending(state, &ven_id);
    step(state);
    OadrCreatedReport {
        schema_version: None,
        ei_response,
        oadr_pending_reports,
        ven_id: create.ven_id,
    }
}

fn take(
    state: &mut State,
    ven_id: &str,
    request: OadrReportRequest,
) -> Result<(), (Code, &'static str)> {
    let specifier = &request.report_specifier;
    let rids: Vec<_> = specifier.specifier_payload.iter().map(|point| &*point.rid).collect();
    let metadata = specifier.report_specifier_id == METADATA;
    if metadata && rids != ["0"] && state.faults.has("on-request-rid") {
        return Err((Code::InvalidId, "no such rID"));
    }
    let offers = |report: &OadrReport| {
        report.report_specifier_id == specifier.report_specifier_id
            && rids.iter().all(|rid| report.oadr_report_description.iter().any(|p| p.rid == *rid))
    };
    if !metadata && !offered(state).iter().any(offers) {
        return Err((Code::InvalidId, "it is not offered"));
    }
    let interval = specifier.report_interval.as_ref().map(|interval| &interval.properties);
    let start = interval.map_or(state.now, |p| Timestamp::from(&p.dtstart).max(state.now));
    let length = interval.and_then(|p| p.duration.duration.exact());
    let every = specifier.report_back_duration.duration.exact().filter(|every| !every.is_zero());
    let once = every.is_none() || (metadata && is_one_shot(state));
    state.reports.own.asked.push(Asked {
        ven_id: ven_id.to_owned(),
        due: if metadata || once { state.now } else { start },
        every: every.filter(|_| !once),
        ends: length.filter(|length| !length.is_zero()).map(|length| start + length),
        request,
    });
    Ok(())
}

/// Rule 510: without reports even a periodic request for metadata is answered once.
fn is_one_shot(state: &State) -> bool {
    let nothing = offered(state).is_empty() && !state.faults.has("periodic-of-nothing");
    nothing || state.faults.has("periodic-once")
}

/// Rule 329: the reports still to come.
fn pending(state: &State, ven_id: &str) -> OadrPendingReports {
    let own = state.reports.own.asked.iter().filter(|asked| asked.ven_id == ven_id);
    own.map(|asked| &asked.request.report_request_id).collect()
}

/// Queues every report that is due.
pub fn step(state: &mut State) {
    let now = state.now;
    let mut due = Vec::new();
    state.reports.own.asked.retain_mut(|asked| {
        if asked.due > now {
            return true;
        }
        due.push((asked.ven_id.clone(), asked.request.clone()));
        let Some(every) = asked.every else { return false };
        while asked.due <= now {
            asked.due += every;
        }
        asked.ends.is_none_or(|ends| asked.due <= ends)
    });
    for (ven_id, request) in due {
        if request.report_specifier.report_specifier_id == METADATA {
            tell(state, &ven_id, &request);
        } else {
            state.put(&ven_id, data(now, &ven_id, &request));
        }
    }
}

/// oadrRegisterReport in answer to a request. Rules 301, 306, 311.
fn tell(state: &mut State, ven_id: &str, request: &OadrReportRequest) {
    let faults = state.faults;
    if faults.has("none-silent") {
        return;
    }
    let mut oadr_report = offered(state);
    if faults.has("none-on-request") {
        oadr_report = reports(state.now);
    }
    if faults.has("on-request-part") {
        oadr_report.pop();
    }
    let once = request.report_specifier.report_back_duration.duration.is_zero();
    if once && faults.has("periodic-ended") {
        state.reports.own.forget(ven_id);
    }
    let register = OadrRegisterReport {
        schema_version: None,
        request_id: format!("metadata-{}", request.report_request_id),
        oadr_report,
        ven_id: Some(ven_id.to_owned()),
        report_request_id: Some(request.report_request_id.clone()),
    };
    if faults.has("on-request-twice") {
        state.put(ven_id, register.clone());
    }
    state.put(ven_id, register);
}

/// A report: one value for each data point asked for, at the present (rules 300, 313).
fn data(now: Timestamp, ven_id: &str, request: &OadrReportRequest) -> OadrUpdateReport {
    let specifier = &request.report_specifier;
    let all = reports(now);
    let name = all.iter().find(|one| one.report_specifier_id == specifier.report_specifier_id);
    let name = name.and_then(|one| one.report_name.clone());
    let row = |rid: &str| match rid {
        "state" => Row::at(rid, now, online()),
        _ => Row::at(rid, now, Decimal::ONE),
    };
    let rows: Vec<_> = specifier.specifier_payload.iter().map(|point| row(&point.rid)).collect();
    let report = name.and_then(|name| {
        let heading = Heading {
            report_request_id: request.report_request_id.clone(),
            report_specifier_id: specifier.report_specifier_id.clone(),
            report_name: name.of_data(),
            created: now,
        };
        OadrReport::of_rows(heading, &rows)
    });
    OadrUpdateReport {
        schema_version: None,
        request_id: format!("data-{}-{}", request.report_request_id, now.as_second()),
        oadr_report: report.into_iter().collect(),
        ven_id: Some(ven_id.to_owned()),
    }
}

fn online() -> oadr_schemas::openadr::oadr::OadrPayloadResourceStatus {
    oadr_schemas::openadr::oadr::OadrPayloadResourceStatus {
        oadr_online: true,
        oadr_manual_override: false,
        oadr_load_control_state: None,
    }
}

/// oadrCancelReport: the VEN no longer wants a report of ours. Rules 336, 345.
pub fn cancel(state: &mut State, cancel: OadrCancelReport) -> OadrCanceledReport {
    let ven_id = cancel.ven_id.clone().unwrap_or_default();
    let known = |id: &String| {
        let own = |one: &Asked| one.ven_id == ven_id && one.request.report_request_id == *id;
        state.reports.own.asked.iter().any(own)
    };
    let all = cancel.report_request_id.iter().all(known);
    let faults = state.faults;
    if !faults.has("periodic-endless") {
        for asked in &mut state.reports.own.asked {
            let ended = cancel.report_request_id.contains(&asked.request.report_request_id);
            if asked.ven_id == ven_id && ended {
                // One more follows, or none.
                asked.every = None;
                asked.due = if cancel.report_to_follow { asked.due } else { Timestamp::MAX };
            }
        }
        state.reports.own.asked.retain(|asked| asked.due < Timestamp::MAX);
    }
    let ei_response = match all && !faults.has("periodic-uncancelled") {
        true => EiResponse::ok(cancel.request_id),
        false => error(Code::InvalidId, "no such reportRequestID", &cancel.request_id),
    };
    let oadr_pending_reports = pending(state, &ven_id);
    OadrCanceledReport {
        schema_version: None,
        ei_response,
        oadr_pending_reports,
        ven_id: cancel.ven_id,
    }
}

const METADATA: &str = "METADATA";
