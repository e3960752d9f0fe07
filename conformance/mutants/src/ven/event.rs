//! EiEvent of the VEN in miniature: lists of events, and what is owed for them. Rules 12, 21, 35, 42,
//! 61, 62, 206.

mod chance;
mod decide;
mod ending;
mod faults;
mod judge;
pub mod profile_a;
mod site;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::{EiEvent, EiResponse, EiTarget, EventResponse, OptReason, OptType};
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::oadr::{
    OadrCreateOpt, OadrCreatedEvent, OadrDistributeEvent, OadrRequestEvent, ResponseRequired,
};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::DateTime;

use super::State;
use decide::decide;
use ending::drop_missing;
pub use faults::FAULTS;
pub use site::answer as site;

/// What is known of events.
#[derive(Default)]
pub struct Events {
    /// By eventID.
    pub known: BTreeMap<String, Known>,
    /// Cancelled ones that run on for a random while (rule 65).
    pub ending: Vec<Known>,
    /// Answers that a 2.0a VEN has not sent yet.
    owed: Vec<OadrCreatedEvent>,
    /// The requestID of the list before.
    last_list: Option<String>,
    /// Random numbers drawn so far.
    draws: u64,
}

/// An event.
#[derive(Clone)]
pub struct Known {
    /// As it last came.
    pub event: EiEvent,
    /// What it was answered with.
    pub opt: OptType,
    /// And with which code.
    pub code: Code,
    /// The list that brought it last.
    pub request_id: String,
    /// Whether it wants answers.
    pub always: bool,
    /// How much later than its dtstart it starts here, seconds (rule 30).
    pub shift_s: i64,
    /// When it ends, once it is cancelled.
    pub stops: Option<Timestamp>,
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
    let again = state.events.last_list.replace(list.request_id.clone());
    if again.as_ref() == Some(&list.request_id) && state.faults.has("list-told-by-request-id") {
        return Vec::new();
    }
    let foreign = is_foreign(state, &list.vtn_id);
    if foreign && !state.faults.has("foreign-list-taken") {
        // Rules 21, 35: nothing of it is taken.
        let error = EiResponse::error(Code::InvalidId, "another vtnID", list.request_id);
        return vec![OadrCreatedEvent::refusing(ven_id, error).into()];
    }
    let mut listed = BTreeSet::new();
    let (mut answers, mut more) = (Vec::new(), Vec::new());
    for event in list.oadr_event {
        let always = event.oadr_response_required == ResponseRequired::Always;
        let event = event.ei_event;
        listed.insert(event.id().to_owned());
        let answer = decide(state, event, always, &list.request_id);
        // Rules 12, 62: answered if and only if it says always.
        let owed = always || state.faults.has("answers-never");
        if !always && state.faults.has("opts-never") {
            more.push(opted(state, &ven_id, &answer));
        }
        answers.extend(answer.filter(|_| owed));
    }
    answers.extend(drop_missing(state, &listed, &list.request_id));
    if foreign || spoiled(state, &answers) {
        let code = if foreign { Code::InvalidId } else { Code::TargetMismatch };
        let error = EiResponse::error(code, code.description(), list.request_id);
        return vec![OadrCreatedEvent::refusing(ven_id, error).into()];
    }
    if !answers.is_empty() {
        more.insert(0, OadrCreatedEvent::answering(ven_id, answers).into());
    }
    more
}

/// Rule 512: IDs are compared with their case.
fn is_foreign(state: &State, vtn_id: &str) -> bool {
    let own = &state.registration.vtn_id;
    let any_case = state.faults.has("any-case-of-vtn") && vtn_id.eq_ignore_ascii_case(own);
    vtn_id != own && !any_case && !state.faults.has("any-vtn")
}

/// Whether the fault is on by which one bad event spoils the whole list.
fn spoiled(state: &State, answers: &[EventResponse]) -> bool {
    let bad = answers.iter().any(|answer| !answer.response_code.is_ok());
    let fault = state.faults.has("bad-spoils-the-list") || state.faults.has("odd-spoils-the-list");
    bad && answers.len() > 1 && fault
}

/// oadrCreateOpt for an event that wants no answer: a fault, since rule 206 forbids it.
fn opted(state: &State, ven_id: &str, answer: &Option<EventResponse>) -> Message {
    OadrCreateOpt {
        schema_version: None,
        opt_id: format!("opt-{}", state.now.as_second()),
        opt_type: OptType::OptIn,
        opt_reason: OptReason::Participating,
        market_context: None,
        ven_id: ven_id.to_owned(),
        vavailability: None,
        created_date_time: DateTime(state.now),
        request_id: String::new(),
        qualified_event_id: answer.as_ref().map(|one| one.qualified_event_id.clone()),
        ei_target: EiTarget::recipient(),
        oadr_device_class: None,
    }
    .into()
}

impl Known {
    /// Its start and end here, its random shift included.
    fn run(&self) -> (Timestamp, Option<Timestamp>) {
        let shift = SignedDuration::from_secs(self.shift_s);
        match EventTiming::of(&self.event) {
            Ok(timing) => timing.shifted(shift),
            Err(_) => (Timestamp::MAX, None),
        }
    }
}

fn startafter_s(event: &EiEvent) -> i64 {
    EventTiming::of(event).map_or(0, |timing| timing.startafter().as_secs())
}

/// Events that have run out.
pub async fn step(state: &mut State) {
    ending::forget(state);
}
