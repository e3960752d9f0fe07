//! What the kit says: valid messages, built in a line, for scenarios to send or to spoil.

pub mod event;
pub mod opt;
pub mod register_party;
pub mod report;
pub mod saw;

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiResponse, OptType};
use oadr_schemas::openadr::oadr::{
    OadrCanceledPartyRegistration, OadrCanceledReport, OadrCreatedReport, OadrPendingReports,
    OadrPoll, OadrRegisteredReport, OadrResponse, OadrUpdatedReport,
};
use oadr_schemas::xml::Duration;

use crate::vtn::Party;

/// oadrPoll.
pub fn poll(ven: &Party) -> OadrPoll {
    OadrPoll { schema_version: None, ven_id: ven.id() }
}

/// What a VEN owes the VTN for a payload that a poll brought (rule 500): opting in to events,
/// taking reports with all that they ask.
pub fn late_answer(ven: &Party, payload: &Message) -> Option<Message> {
    match payload {
        Message::OadrDistributeEvent(list) => {
            let created = event::answer_all(ven, list, OptType::OptIn);
            (!created.answers().is_empty()).then(|| created.into())
        }
        other => answer(ven.ven_id.clone(), other),
    }
}

/// The payload that answers one of the VTN's, all being well; `None` for events, whose answer is
/// a request of its own, and for what needs none.
pub fn answer(ven_id: Option<String>, payload: &Message) -> Option<Message> {
    let schema_version = None;
    let ei_response = EiResponse::ok(payload.request_id().unwrap_or_default());
    let oadr_pending_reports = OadrPendingReports::default();
    Some(match payload {
        Message::OadrRegisterReport(_) => {
            let oadr_report_request = Vec::new();
            OadrRegisteredReport { schema_version, ei_response, oadr_report_request, ven_id }.into()
        }
        Message::OadrCreateReport(create) => {
            let pending = create.oadr_report_request.iter().map(|one| &one.report_request_id);
            let oadr_pending_reports = pending.cloned().collect();
            OadrCreatedReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrCancelReport(_) => {
            OadrCanceledReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrUpdateReport(_) => {
            let oadr_cancel_report = None;
            OadrUpdatedReport { schema_version, ei_response, oadr_cancel_report, ven_id }.into()
        }
        Message::OadrCancelPartyRegistration(cancel) => {
            let registration_id = Some(cancel.registration_id.clone());
            OadrCanceledPartyRegistration { schema_version, ei_response, registration_id, ven_id }
                .into()
        }
        Message::OadrRequestReregistration(_) => {
            OadrResponse { schema_version, ei_response, ven_id }.into()
        }
        _ => return None,
    })
}

/// A duration of whole seconds.
pub fn seconds(seconds: u32) -> Duration {
    Duration::from_seconds(seconds)
}

/// The name of the payload in a document; empty if there is none.
pub fn name_of(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let Ok(tree) = roxmltree::Document::parse(&text) else { return String::new() };
    let root = tree.root_element();
    let object = root.descendants().find(|node| node.tag_name().name() == "oadrSignedObject");
    let payload = object.and_then(|object| object.first_element_child()).unwrap_or(root);
    payload.tag_name().name().to_owned()
}

/// Whether a document's root is of OpenADR 2.0b; broken ones count as such.
pub fn is_2b(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    match roxmltree::Document::parse(&text) {
        Ok(tree) => tree.root_element().tag_name().namespace() == Some(NS_2B),
        Err(_) => true,
    }
}

/// A type's name without its path: an element's name, its first letter a capital.
pub fn short_type_name<T>() -> &'static str {
    std::any::type_name::<T>().rsplit("::").next().unwrap_or_default()
}

/// The namespace of OpenADR 2.0b.
pub const NS_2B: &str = "http://openadr.org/oadr-2.0b/2012/07";
