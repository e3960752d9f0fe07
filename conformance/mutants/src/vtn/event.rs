//! EiEvent of the VTN in miniature. Rules 1 to 116.

use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCreatedEvent, OadrDistributeEvent, OadrRequestEvent, OadrResponse,
};

use super::{State, VTN_ID, ok};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// What is known of events.
#[derive(Default)]
pub struct Events {}

/// oadrRequestEvent.
pub fn request(state: &mut State, request: OadrRequestEvent) -> OadrDistributeEvent {
    let asked = request.ei_request_event;
    let response = EiResponse::ok(asked.request_id);
    OadrDistributeEvent { ei_response: Some(response), ..list(state, &asked.ven_id) }
}

/// The list of a VEN's events as it stands.
pub fn list(_: &mut State, _ven_id: &str) -> OadrDistributeEvent {
    OadrDistributeEvent {
        schema_version: None,
        ei_response: Some(EiResponse::ok("")),
        request_id: "list".to_owned(),
        vtn_id: VTN_ID.to_owned(),
        oadr_event: Vec::new(),
    }
}

/// oadrCreatedEvent.
pub fn created(_: &mut State, _: OadrCreatedEvent) -> OadrResponse {
    ok("")
}
