//! EiEvent of the VEN in miniature. Rules 6 to 66, 100 to 116.

use std::collections::BTreeMap;

use oadr_conformance::hook::Told;
use oadr_schemas::openadr::ei::{EiEvent, EventResponse, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{
    OadrCreatedEvent, OadrDistributeEvent, OadrRequestEvent, ResponseRequired,
};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::{Code, Message};
use serde_json::json;

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside(
        "answers-once",
        "event-always",
        "an event that comes again is not answered again",
    ),
    Fault::message(
        "outer-request-id",
        "event-always",
        "the outer requestID is filled",
        |message| {
            if let Message::OadrCreatedEvent(created) = message {
                created.ei_created_event.ei_response.request_id = "outer".to_owned();
            }
        },
    ),
];

/// What is known of events.
#[derive(Default)]
pub struct Events {
    /// By eventID.
    pub known: BTreeMap<String, Known>,
}

/// An event.
pub struct Known {
    /// As it last came.
    pub event: EiEvent,
    /// What it was answered with.
    pub opt: OptType,
}

/// oadrRequestEvent (rule 405).
pub async fn fetch(state: &mut State) {
    let Some(ven_id) = state.registration.ven_id.clone() else { return };
    let request_id = format!("events-{}", state.now.as_second());
    let ei_request_event = EiRequestEvent { request_id, ven_id, reply_limit: None };
    let request = OadrRequestEvent { schema_version: None, ei_request_event };
    if let Some(Message::OadrDistributeEvent(list)) = state.say(request).await {
        for answer in distributed(state, list) {
            state.say(answer).await;
        }
    }
}

/// oadrDistributeEvent: the answers it owes.
pub fn distributed(state: &mut State, list: OadrDistributeEvent) -> Vec<Message> {
    let Some(ven_id) = state.registration.ven_id.clone() else { return Vec::new() };
    let mut answers = Vec::new();
    for event in list.oadr_event {
        let always = event.oadr_response_required == ResponseRequired::Always;
        let event = event.ei_event;
        let (id, number) = (event.id().to_owned(), event.modification_number());
        let known = state.events.known.contains_key(&id);
        state.events.known.insert(id.clone(), Known { event, opt: OptType::OptIn });
        if !always || (known && state.faults.has("answers-once")) {
            continue;
        }
        let qualified = QualifiedEventID::new(id, number);
        let request_id = list.request_id.as_str();
        answers.push(EventResponse::new(qualified, OptType::OptIn, Code::Ok, request_id));
    }
    if answers.is_empty() {
        return Vec::new();
    }
    vec![OadrCreatedEvent::answering(ven_id, answers).into()]
}

/// The answer to the question `site`.
pub fn site(_: &State) -> Told {
    Told::Ok(json!({ "events": [], "in_force": [] }))
}

/// Events that begin and end.
pub async fn step(_: &mut State) {}
