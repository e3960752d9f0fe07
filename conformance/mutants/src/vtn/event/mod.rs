//! EiEvent of the VTN in miniature. Rules 1 to 116.
//!
//! | module | what |
//! |---|---|
//! | `draft` | an event as the operator writes it (docs/hooks.md) |
//! | `operator` | creating, modifying, cancelling events; reading opts |
//! | `list` | a VEN's list as it stands |
//! | `profile_a` | the same for 2.0a VENs |
//! | `fault_*` | what may be wrong with them |

mod draft;
pub mod fault_answer;
pub mod fault_form;
pub mod fault_list;
pub mod fault_time;
mod list;
pub mod operator;
pub mod profile_a;

use std::collections::BTreeMap;

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, EventResponse, OptType};
use oadr_schemas::openadr::oadr::{
    OadrCreatedEvent, OadrDistributeEvent, OadrEvent, OadrRequestEvent, OadrResponse,
};

use super::{State, VTN_ID, error, ok};

/// What is known of events.
#[derive(Default)]
pub struct Events {
    all: Vec<Event>,
    /// Numbers lists, and events that the operator gives no ID.
    count: usize,
}

/// An event.
pub struct Event {
    /// Whom it is for.
    pub vens: Vec<String>,
    /// As it was last changed; status, createdDateTime and current values are filled in when
    /// it is sent.
    pub content: OadrEvent,
    /// What each VEN has heard of it and said, by venID.
    pub answers: BTreeMap<String, Answer>,
}

/// What a VEN has heard of an event and said.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The opt of its last oadrCreatedEvent.
    pub answered: Option<OptType>,
    /// To which modification that was.
    pub modification: u32,
    /// How often the present modification was sent.
    pub told: u32,
}

impl Events {
    /// An event of a VEN.
    pub fn of(&mut self, ven_id: &str, event_id: &str) -> Option<&mut Event> {
        let mut all = self.all.iter_mut();
        all.find(|event| event.content.ei_event.id() == event_id && event.is_for(ven_id))
    }

    /// The event of this ID. (Two VENs may each have one, where the operator so names them.)
    pub fn named(&self, event_id: &str) -> Option<&Event> {
        self.all.iter().find(|event| event.content.ei_event.id() == event_id)
    }
}

impl Event {
    /// The opt of a VEN's last oadrCreatedEvent.
    pub fn opt_of(&self, ven_id: &str) -> Option<&OptType> {
        self.answers.get(ven_id)?.answered.as_ref()
    }

    /// Whether a VEN gets it.
    pub fn is_for(&self, ven_id: &str) -> bool {
        self.vens.iter().any(|ven| ven == ven_id)
    }

    /// Whether a VEN has answered it as it is now.
    fn is_answered_by(&self, ven_id: &str) -> bool {
        let number = self.content.ei_event.modification_number();
        let answer = self.answers.get(ven_id);
        answer.is_some_and(|own| own.answered.is_some() && own.modification == number)
    }
}

/// oadrRequestEvent. Rules 27, 40, 115.
pub fn request(state: &mut State, request: OadrRequestEvent) -> OadrDistributeEvent {
    let asked = request.ei_request_event;
    let limit = asked.reply_limit.filter(|_| !state.faults.has("limit-ignored"));
    let found = list::list(state, &asked.ven_id, limit);
    OadrDistributeEvent { ei_response: Some(EiResponse::ok(asked.request_id)), ..found }
}

/// The list of a VEN's events as it stands. Rules 40, 50.
pub fn list(state: &mut State, ven_id: &str) -> OadrDistributeEvent {
    list::list(state, ven_id, None)
}

/// Whatever an operator may have changed by letting time pass: who has not acknowledged a
/// cancellation is told again. Rule 52.
pub fn remind(state: &mut State) {
    let now = state.now;
    let events = state.events.all.iter().filter(|one| one.content.ei_event.is_cancelled());
    let waiting = events.flat_map(|event| {
        let vens = event.vens.iter().filter(|ven| list::is_listed(event, ven, now));
        vens.cloned()
    });
    let waiting: Vec<_> = waiting.collect();
    announce(state, &waiting);
}

/// Puts a list into the queues of VENs, if there is none yet. Rule 502.
fn announce(state: &mut State, vens: &[String]) {
    for ven_id in vens {
        let Some(registration) = state.parties.ven(ven_id) else { continue };
        let there = registration.queue.iter().any(|one| one.name() == "oadrDistributeEvent");
        if !there {
            let vtn_id = VTN_ID.to_owned();
            let (ei_response, oadr_event) = (None, Vec::new());
            let request_id = "made when it is sent".to_owned();
            let schema_version = None;
            let mark =
                OadrDistributeEvent { schema_version, ei_response, request_id, vtn_id, oadr_event };
            state.put(ven_id, mark);
        }
    }
}

/// oadrCreatedEvent. Rules 16, 17, 25, 42, 48.
pub fn created(state: &mut State, created: OadrCreatedEvent) -> OadrResponse {
    let ven_id = created.ei_created_event.ven_id.clone();
    let outer = &created.ei_created_event.ei_response;
    if !outer.is_ok() && state.faults.has("refusal-refused") {
        return error(Code::NotCompliant, "no eventResponses", &outer.request_id).into();
    }
    let mut refusal = None;
    let mut answers = created.answers().to_vec();
    if state.faults.has("opt-of-the-first-only") {
        answers.truncate(1);
    }
    for answer in &answers {
        if let Err(code) = take(state, &ven_id, answer) {
            refusal.get_or_insert(error(code, code.description(), &answer.request_id));
        }
    }
    let request_id = created.answers().first().map_or(&outer.request_id, |one| &one.request_id);
    refusal.map_or_else(|| ok(request_id), OadrResponse::from).with_ven_id(ven_id)
}

/// One eventResponse; the code, if it cannot be taken.
fn take(state: &mut State, ven_id: &str, response: &EventResponse) -> Result<(), Code> {
    let faults = state.faults;
    let id = &response.qualified_event_id;
    let Some(event) = state.events.of(ven_id, &id.event_id) else {
        let taken = faults.has("unknown-event-taken");
        return if taken { Ok(()) } else { Err(Code::InvalidId) };
    };
    if event.content.ei_event.is_cancelled() && faults.has("acknowledgement-refused") {
        return Err(Code::NotAllowed);
    }
    let number = event.content.ei_event.modification_number();
    if id.modification_number != number && !faults.has("old-modification-taken") {
        return Err(Code::OutOfSequence);
    }
    let answer = event.answers.entry(ven_id.to_owned()).or_default();
    if answer.answered.is_some() && response.opt_type == OptType::OptOut {
        if faults.has("opt-out-refused") {
            return Err(Code::NotAllowed);
        }
        if faults.has("opt-out-forgotten") {
            return Ok(());
        }
    }
    answer.answered = Some(response.opt_type.clone());
    answer.modification = number;
    Ok(())
}
