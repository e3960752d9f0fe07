//! EiEvent of the VEN in miniature: the table of a VEN's decisions. Rules 12, 21, 30, 36, 42, 48,
//! 56 to 62, 65, 206.

mod faults;
mod judge;
pub mod profile_a;
mod site;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::{
    EiEvent, EiResponse, EiTarget, EventResponse, OptReason, OptType, QualifiedEventID,
};
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::oadr::{
    OadrCreateOpt, OadrCreatedEvent, OadrDistributeEvent, OadrRequestEvent, ResponseRequired,
};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::DateTime;

use super::State;
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
    let foreign = list.vtn_id != state.registration.vtn_id && !state.faults.has("any-vtn");
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

/// What becomes of an event, and its answer: 200 or an error, and the opt state.
fn decide(
    state: &mut State,
    event: EiEvent,
    always: bool,
    request_id: &str,
) -> Option<EventResponse> {
    let (id, number) = (event.id().to_owned(), event.modification_number());
    let faults = state.faults;
    let known = state.events.known.get(&id).map(|known| known.event.modification_number());
    let (code, opt) = match known {
        None if event.is_cancelled() && faults.has("unknown-cancel-is-an-error") => {
            (Code::InvalidId, OptType::OptOut)
        }
        // Rule 60: nothing to do, no error.
        None if event.is_cancelled() => (Code::Ok, OptType::OptIn),
        // Rule 58, cancelled or not.
        Some(before) if number < before && !obeys_stale(state, &event) => {
            (Code::OutOfSequence, state.events.known[&id].opt.clone())
        }
        Some(_) if event.is_cancelled() => {
            cancel(state, &id, true);
            if faults.has("cancel-unanswered") {
                return None;
            }
            (Code::Ok, OptType::OptIn)
        }
        Some(before) if number == before => {
            let again = heard_again(state, &id, (always, request_id));
            heard_status(state, &event);
            if faults.has("answers-once") {
                return None;
            }
            again
        }
        before => take(state, event, (always, request_id), before.is_some()),
    };
    let kept = known.filter(|_| faults.has("modification-not-repeated"));
    let qualified = QualifiedEventID::new(id, kept.unwrap_or(number));
    Some(EventResponse::new(qualified, opt, code, request_id))
}

fn obeys_stale(state: &State, event: &EiEvent) -> bool {
    match event.is_cancelled() {
        true => state.faults.has("stale-cancels"),
        false => state.faults.has("stale-taken"),
    }
}

fn heard_again(state: &mut State, id: &str, (always, request_id): (bool, &str)) -> (Code, OptType) {
    let Some(known) = state.events.known.get_mut(id) else { return (Code::Ok, OptType::OptIn) };
    known.request_id = request_id.to_owned();
    known.always = always;
    (known.code, known.opt.clone())
}

/// This VEN goes by its own clock (rule 114): eventStatus is nothing to it, but for faults.
fn heard_status(state: &mut State, event: &EiEvent) {
    if (state.faults.has("completed-ends") || state.faults.has("starts-when-told"))
        && let Some(known) = state.events.known.get_mut(event.id())
    {
        known.event.event_descriptor.event_status = event.event_descriptor.event_status.clone();
    }
}

/// A new event, or a new modification of one (rules 56, 57).
fn take(
    state: &mut State,
    event: EiEvent,
    (always, request_id): (bool, &str),
    is_known: bool,
) -> (Code, OptType) {
    let id = event.id().to_owned();
    let before = state.events.known.get(&id).filter(|_| is_known).cloned();
    let code = judge::judge(state, &event, before.is_some());
    let opt = match (&before, code) {
        // What was decided for the event holds for its modification too.
        (Some(before), Code::Ok) if before.code == Code::Ok => before.opt.clone(),
        (_, Code::Ok) => OptType::OptIn,
        (_, Code::SignalNotSupported) if state.faults.has("unsupported-opt-in") => OptType::OptIn,
        _ => OptType::OptOut,
    };
    let window = startafter_s(&event);
    let kept = before.as_ref().filter(|before| startafter_s(&before.event) == window);
    let shift_s = match kept.filter(|_| !state.faults.has("shift-redrawn")) {
        // Rule 30: a modification keeps the shift, unless startafter itself changes.
        Some(before) => before.shift_s,
        None => shift(state, window),
    };
    let event = match before {
        Some(before) if state.faults.has("old-values-stay") => before.event,
        _ => event,
    };
    let request_id = request_id.to_owned();
    let known = Known { event, opt: opt.clone(), code, request_id, always, shift_s, stops: None };
    state.events.known.insert(id, known);
    (code, opt)
}

/// Rule 61: what is no longer listed is cancelled.
fn drop_missing(
    state: &mut State,
    listed: &BTreeSet<String>,
    request_id: &str,
) -> Vec<EventResponse> {
    let gone = state.events.known.keys().filter(|id| !listed.contains(*id));
    let gone: Vec<_> = gone.cloned().collect();
    let mut answers = Vec::new();
    for id in gone {
        if state.faults.has("missing-is-remembered") {
            continue;
        }
        let number = state.events.known[&id].event.modification_number();
        if state.faults.has("missing-is-answered") {
            let qualified = QualifiedEventID::new(id.clone(), number);
            answers.push(EventResponse::new(qualified, OptType::OptIn, Code::Ok, request_id));
        }
        cancel(state, &id, false);
    }
    if state.faults.has("cancelled-is-repeated") {
        answers.extend(state.events.ending.iter().map(|known| {
            let qualified = QualifiedEventID::new(known.event.id(), 0);
            EventResponse::new(qualified, OptType::OptIn, Code::Ok, request_id)
        }));
    }
    answers
}

/// Forgets an event; one that is running and has startafter ends after a random while (rule 65).
fn cancel(state: &mut State, id: &str, openly: bool) {
    let Some(known) = state.events.known.remove(id) else { return };
    let now = state.now;
    let (start, end) = known.run();
    let running = start <= now && end.is_none_or(|end| now < end);
    let window = startafter_s(&known.event);
    let delay = match () {
        () if state.faults.has("cancel-runs-on") => LONG_S,
        () if state.faults.has("cancel-too-late") && window > 0 => window + 20,
        () if state.faults.has("cancel-at-once") && openly => 0,
        () if state.faults.has("missing-at-once") && !openly => 0,
        () => draw(state, window),
    };
    if running && delay > 0 || state.faults.has("cancelled-is-repeated") {
        let stops = Some(state.in_s(delay));
        state.events.ending.push(Known { stops, ..known });
    }
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

fn shift(state: &mut State, window: i64) -> i64 {
    match () {
        () if state.faults.has("no-shift") => 0,
        () if state.faults.has("one-shift-for-all") => window / 2,
        () if state.faults.has("shift-too-long") => window + draw(state, window) + 2,
        () => draw(state, window),
    }
}

/// A number from 0 to `most`, both inside. The numbers are the same in each run.
fn draw(state: &mut State, most: i64) -> i64 {
    state.events.draws += 1;
    // The finishing steps of splitmix64.
    let mut x = state.events.draws.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let below = u64::try_from(most).unwrap_or(0) + 1;
    i64::try_from((x ^ (x >> 31)) % below).unwrap_or(0)
}

/// Forgets cancelled events that have run out.
pub async fn step(state: &mut State) {
    if !state.faults.has("cancelled-is-repeated") {
        let now = state.now;
        state.events.ending.retain(|known| known.stops.is_some_and(|stops| stops > now));
    }
}

const LONG_S: i64 = 3600;
