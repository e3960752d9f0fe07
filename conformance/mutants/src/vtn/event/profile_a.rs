//! The VTN in miniature serves 2.0a VENs: EiEvent alone, in the words of 2.0a. Rules 7, 113, 506.
//!
//! What 2.0a says is 2.0b in another namespace, less some elements; a VEN of 2.0a does not
//! register, the operator has preset its venID.

use oadr_schemas::openadr::ei::{EiEvent, EiResponse, EiTarget};
use oadr_schemas::openadr::oadr::OadrDistributeEvent;
use oadr_schemas::openadr::{self, Code, Message};

use super::super::gate::refusal;
use super::super::{Model, State, error};

/// Where EiEvent of 2.0a is served.
pub const PATH: &str = "/OpenADR2/Simple/EiEvent";

/// The document that answers a document of 2.0a.
///
/// # Errors
/// The HTTP status, if it is none.
pub fn answer(model: &Model, document: &[u8], thumbprint: &str) -> Result<String, u16> {
    let mut state = model.state();
    if state.faults.has("a-not-served") {
        return Err(404);
    }
    let text = String::from_utf8_lossy(document).replace(NS_2A, NS_2B);
    let limits = oadr_schemas::xml::Limits::default();
    let received = openadr::decode(text.as_bytes(), &limits).map_err(|_| 406_u16)?;
    let party = state.parties.by_print.get(thumbprint);
    let known = party.is_some_and(|one| one.preset.as_deref() == received.message.ven_id());
    let reply = if known {
        dispatch(&mut state, received.message)?
    } else {
        let id = received.message.request_id().unwrap_or_default();
        refusal(&received.message, error(Code::NotRegistered, "no such VEN", id))
    };
    Ok(written(&state, reply))
}

fn dispatch(state: &mut State, message: Message) -> Result<Message, u16> {
    Ok(match message {
        Message::OadrRequestEvent(request) => {
            let ven_id = request.ei_request_event.ven_id.clone();
            let mut list = super::request(state, request);
            if state.faults.has("a-foreign-event") {
                let others = state.events.all.iter().filter(|event| !event.is_for(&ven_id));
                list.oadr_event.extend(others.map(|event| event.content.clone()));
            }
            narrow(state, &mut list);
            list.into()
        }
        Message::OadrCreatedEvent(_) if state.faults.has("a-answer-refused") => {
            oadr_schemas::openadr::oadr::OadrResponse::from(EiResponse::error(
                Code::NotAllowed,
                "not from 2.0a",
                "",
            ))
            .into()
        }
        Message::OadrCreatedEvent(created) => {
            let mut response = super::created(state, created);
            response.ven_id = None;
            response.into()
        }
        _ => return Err(404),
    })
}

/// Leaves out what 2.0a does not have, and events without SIMPLE.
fn narrow(state: &State, list: &mut OadrDistributeEvent) {
    for one in &mut list.oadr_event {
        let EiEvent { event_descriptor, ei_event_signals, ei_target, .. } = &mut one.ei_event;
        if !state.faults.has("a-with-reason") {
            event_descriptor.modification_date_time = None;
            event_descriptor.modification_reason = None;
        }
        ei_event_signals.ei_event_baseline = None;
        let signals = &mut ei_event_signals.ei_event_signal;
        signals.retain(|signal| signal.is_simple() || state.faults.has("a-all-signals"));
        signals.iter_mut().for_each(|signal| signal.ei_target = None);
        if state.faults.has("a-without-value") {
            signals.iter_mut().for_each(|signal| signal.current_value = None);
        }
        let EiTarget { group_id, resource_id, ven_id, party_id, .. } = std::mem::take(ei_target);
        *ei_target = EiTarget { group_id, resource_id, ven_id, party_id, ..EiTarget::recipient() };
    }
    list.oadr_event.retain(|one| !one.ei_event.ei_event_signals.ei_event_signal.is_empty());
}

/// Without envelope and schemaVersion, in the namespace of 2.0a.
fn written(state: &State, reply: Message) -> String {
    let mut text = openadr::encode(reply, None);
    if !state.faults.has("a-with-version") {
        text = text.replace(" ei:schemaVersion=\"2.0b\"", "");
    }
    if !state.faults.has("a-wrapped") {
        text = unwrapped(&text);
    }
    if !state.faults.has("a-in-2b") {
        text = text.replace(NS_2B, NS_2A);
    }
    state.faults.text(text)
}

fn unwrapped(text: &str) -> String {
    // Namespaces are declared at the root: they move to the payload.
    let root = text.find("oadrPayload").and_then(|at| {
        let end = at + text[at..].find('>')?;
        Some((at + "oadrPayload".len(), end))
    });
    let object = text.find("oadrSignedObject").and_then(|at| Some(at + text[at..].find('>')? + 1));
    let last = text.rfind("</").and_then(|at| text[..at].rfind("</"));
    let (Some((from, to)), Some(begin), Some(end)) = (root, object, last) else {
        return text.to_owned();
    };
    let payload = &text[begin..end];
    let name = payload.find(['>', ' ', '/']).unwrap_or(payload.len());
    format!("{}{}{}", &payload[..name], &text[from..to], &payload[name..])
}

const NS_2A: &str = "http://openadr.org/oadr-2.0a/2012/07";
const NS_2B: &str = "http://openadr.org/oadr-2.0b/2012/07";
