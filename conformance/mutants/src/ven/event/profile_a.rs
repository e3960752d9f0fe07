//! The VEN in miniature as one of 2.0a: EiEvent only, asking for its events from time to time.
//! OpenADR 2.0b Profile, rules 64, 506.

use oadr_schemas::openadr::oadr::{OadrCreatedEvent, OadrPoll, OadrRequestEvent};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::{self, Limits, Root};

use super::distributed;
use crate::ven::State;

/// Whether it is to be a VEN of 2.0a.
pub fn is_meant(state: &State) -> bool {
    state.settings.profile.as_deref() == Some("2.0a")
}

/// Asks for its events, if it is time, and answers them before it asks again.
pub async fn step(state: &mut State) {
    if state.polls.next.is_some_and(|next| next > state.now) {
        return;
    }
    state.polls.next = Some(state.in_s(EVERY_S));
    let Some(ven_id) = state.registration.ven_id.clone() else { return };
    if state.faults.has("a-polls") {
        state.say(OadrPoll { schema_version: None, ven_id: ven_id.clone() }).await;
    }
    let request_id = format!("events-{}", state.now.as_second());
    let ei_request_event = EiRequestEvent { request_id, ven_id, reply_limit: None };
    let request = OadrRequestEvent { schema_version: None, ei_request_event };
    let Some(Message::OadrDistributeEvent(list)) = say(state, &request).await else { return };
    // There is no registration from which it could know the vtnID.
    state.registration.vtn_id.clone_from(&list.vtn_id);
    let mut owed = std::mem::take(&mut state.events.owed);
    for answer in distributed(state, list) {
        if let Message::OadrCreatedEvent(created) = answer {
            owed.push(created);
        }
    }
    if state.faults.has("a-answers-late") {
        hold_back(&mut owed, &mut state.events.owed);
    }
    for answer in owed {
        say(state, &answer).await;
    }
}

/// Leaves the last answer of a message for the next time.
fn hold_back(owed: &mut [OadrCreatedEvent], later: &mut Vec<OadrCreatedEvent>) {
    let Some(created) = owed.last_mut() else { return };
    let mut second = created.clone();
    let both = [created, &mut second].map(|one| one.ei_created_event.event_responses.as_mut());
    let [Some(first), Some(rest)] = both else { return };
    if first.event_response.len() > 1 {
        rest.event_response = first.event_response.pop().into_iter().collect();
        later.push(second);
    }
}

/// Posts a message as 2.0a writes it, and reads the answer: without an envelope, and otherwise
/// like 2.0b but for the namespace.
async fn say<T: Root>(state: &mut State, message: &T) -> Option<Message> {
    let text = xml::encode(message);
    let text = match () {
        () if state.faults.has("a-speaks-2b") => text,
        () if state.faults.has("a-says-its-version") => {
            text.replace(NS_2B, NS_2A).replacen(" xmlns", " ei:schemaVersion=\"2.0a\" xmlns", 1)
        }
        () => text.replace(NS_2B, NS_2A),
    };
    let path = format!("{}OpenADR2/Simple/EiEvent", state.link.caller.address().prefix);
    let answer = state.link.post(&path, text, state.now).await?;
    let answer = String::from_utf8(answer.body).ok()?.replace(NS_2A, NS_2B);
    Some(openadr::decode(answer.as_bytes(), &Limits::reports()).ok()?.message)
}

const NS_2A: &str = "http://openadr.org/oadr-2.0a/2012/07";
const NS_2B: &str = "http://openadr.org/oadr-2.0b/2012/07";
const EVERY_S: i64 = 10;
