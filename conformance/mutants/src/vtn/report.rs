//! EiReport of the VTN in miniature. Rules 300 to 346.

use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCanceledReport, OadrCreateReport, OadrCreatedReport, OadrPendingReports,
    OadrRegisterReport, OadrRegisteredReport, OadrResponse, OadrUpdateReport, OadrUpdatedReport,
};

use super::{State, ok};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// What is known of reports.
#[derive(Default)]
pub struct Reports {}

impl Reports {
    /// A registration is over: metadata and requests go with it (rule 407).
    pub fn forget(&mut self, _ven_id: &str) {}
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
pub fn update(_: &mut State, update: OadrUpdateReport) -> OadrUpdatedReport {
    OadrUpdatedReport {
        schema_version: None,
        ei_response: EiResponse::ok(update.request_id),
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
