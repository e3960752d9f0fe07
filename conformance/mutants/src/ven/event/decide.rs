//! The table of a VEN's decisions: what becomes of an event, and its answer. Rules 30, 36, 48, 56 to
//! 60, 62.

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiEvent, EventResponse, OptType, QualifiedEventID};

use super::chance::shift;
use super::ending::cancel;
use super::{Known, judge, startafter_s};
use crate::ven::State;

/// What becomes of an event, and its answer: 200 or an error, and the opt state.
pub fn decide(
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
            let opt = state.events.known[&id].opt.clone();
            if faults.has("stale-refused-but-taken") {
                take(state, event, (always, request_id), true);
            }
            (Code::OutOfSequence, opt)
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
