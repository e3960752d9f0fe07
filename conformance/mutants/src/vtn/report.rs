//! EiReport of the VTN in miniature. Rules 300 to 346.

use std::collections::{BTreeMap, BTreeSet};

use oadr_conformance::hook::Told;
use oadr_conformance::say;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCanceledReport, OadrCreateReport, OadrCreatedReport, OadrPendingReports,
    OadrRegisterReport, OadrRegisteredReport, OadrResponse, OadrUpdateReport, OadrUpdatedReport,
};

use serde_json::{Value, json};

use super::{State, error, ok};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// What is known of reports.
#[derive(Default)]
pub struct Reports {
    /// reportRequestIDs that run, by venID.
    running: BTreeMap<String, BTreeSet<String>>,
    /// Numbers requests.
    count: usize,
}

impl Reports {
    /// A registration is over: metadata and requests go with it (rule 407).
    pub fn forget(&mut self, ven_id: &str) {
        self.running.remove(ven_id);
    }
}

/// The operator asks for a report.
pub fn ask(state: &mut State, question: &Value) -> Told {
    let text = |name: &str| question[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| u32::try_from(question[name].as_u64().unwrap_or(0)).unwrap_or(0);
    let ven_id = text("ven_id");
    state.reports.count += 1;
    let id = format!("Model-report-{}", state.reports.count);
    let specifier = text("specifier");
    let rids = question["rids"].as_array().cloned().unwrap_or_default();
    let rids: Vec<_> = rids.iter().filter_map(Value::as_str).collect();
    let from = question["from"].as_str().and_then(|from| from.parse().ok());
    let interval = from.map(|from| (from, number("duration_s")));
    let spans = (number("granularity_s"), number("back_s"));
    let request = say::report::request(&id, (&specifier, &rids), spans, interval);
    let create = say::report::create(&format!("ask-{id}"), Some(ven_id.clone()), vec![request]);
    state.put(&ven_id, create);
    state.reports.running.entry(ven_id).or_default().insert(id.clone());
    Told::Ok(json!({ "report_request_id": id }))
}

/// oadrRegisterReport.
pub fn register(_: &mut State, register: OadrRegisterReport) -> OadrRegisteredReport {
    OadrRegisteredReport {
        schema_version: None,
        ei_response: EiResponse::ok(register.request_id),
        oadr_report_request: Vec::new(),
        ven_id: register.ven_id,
    }
}

/// oadrRegisteredReport: the VEN has taken our metadata.
pub fn registered(_: &mut State, registered: OadrRegisteredReport) -> OadrResponse {
    ok(&registered.ei_response.request_id)
}

/// oadrCreateReport: the VEN asks for a report of ours.
pub fn create(_: &mut State, create: OadrCreateReport) -> OadrCreatedReport {
    OadrCreatedReport {
        schema_version: None,
        ei_response: EiResponse::ok(create.request_id),
        oadr_pending_reports: OadrPendingReports::default(),
        ven_id: create.ven_id,
    }
}

/// oadrCreatedReport: the VEN has taken a request.
pub fn created(_: &mut State, created: OadrCreatedReport) -> OadrResponse {
    ok(&created.ei_response.request_id)
}

/// oadrUpdateReport.
pub fn update(state: &mut State, update: OadrUpdateReport) -> OadrUpdatedReport {
    let running = state.reports.running.get(update.ven_id.as_deref().unwrap_or_default());
    let is_running = |id: &str| running.is_some_and(|running| running.contains(id));
    let ei_response = match update.oadr_report.iter().all(|one| is_running(&one.report_request_id))
    {
        true => EiResponse::ok(update.request_id),
        false => error(Code::InvalidId, "no such report was asked for", &update.request_id),
    };
    OadrUpdatedReport {
        schema_version: None,
        ei_response,
        oadr_cancel_report: None,
        ven_id: update.ven_id,
    }
}

/// oadrCancelReport: the VEN no longer wants a report of ours.
pub fn cancel(_: &mut State, cancel: OadrCancelReport) -> OadrCanceledReport {
    OadrCanceledReport {
        schema_version: None,
        ei_response: EiResponse::ok(cancel.request_id),
        oadr_pending_reports: OadrPendingReports::default(),
        ven_id: cancel.ven_id,
    }
}

/// oadrCanceledReport: the VEN has stopped.
pub fn canceled(_: &mut State, canceled: OadrCanceledReport) -> OadrResponse {
    ok(&canceled.ei_response.request_id)
}
