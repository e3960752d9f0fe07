//! EiReport of the VEN in miniature. Rules 300 to 346.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCreateReport, OadrRegisterReport, OadrRegisteredReport,
};

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// What is known of reports.
#[derive(Default)]
pub struct Reports {}

/// oadrRegisterReport, after a new registration (rules 301, 309).
pub async fn introduce(state: &mut State) {
    let register = OadrRegisterReport {
        schema_version: None,
        request_id: format!("metadata-{}", state.now.as_second()),
        oadr_report: Vec::new(),
        ven_id: state.registration.ven_id.clone(),
        report_request_id: None,
    };
    state.say(register).await;
}

/// oadrRegisterReport of the VTN's.
pub fn registered_by_vtn(state: &mut State, register: OadrRegisterReport) -> Vec<Message> {
    vec![
        OadrRegisteredReport {
            schema_version: None,
            ei_response: EiResponse::ok(register.request_id),
            oadr_report_request: Vec::new(),
            ven_id: state.registration.ven_id.clone(),
        }
        .into(),
    ]
}

/// oadrCreateReport: the answers it owes.
pub fn asked(_: &mut State, _: OadrCreateReport) -> Vec<Message> {
    Vec::new()
}

/// oadrCancelReport: the answers it owes.
pub fn cancelled(_: &mut State, _: OadrCancelReport) -> Vec<Message> {
    Vec::new()
}

/// What follows once an answer is said.
pub async fn after(_: &mut State) {}

/// Reports that are due.
pub async fn step(_: &mut State) {}
