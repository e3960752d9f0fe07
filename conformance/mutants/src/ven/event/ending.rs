//! Events that end before their time, openly or by omission. Rules 59, 61, 65.

use std::collections::BTreeSet;

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EventResponse, OptType, QualifiedEventID};

use super::chance::draw;
use super::{Known, startafter_s};
use crate::ven::State;

/// Rule 61: what is no longer listed is cancelled.
pub fn drop_missing(
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
pub fn cancel(state: &mut State, id: &str, openly: bool) {
    let Some(known) = state.events.known.remove(id) else { return };
    let now = state.now;
    let (start, end) = known.run();
    let running = start <= now && end.is_none_or(|end| now < end);
    let window = startafter_s(&known.event);
    let delay = match () {
        () if state.faults.has("cancel-runs-on") => LONG_S,
        () if state.faults.has("endless-runs-on") && end.is_none() => LONG_S,
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

/// Forgets cancelled events that have run out.
pub fn forget(state: &mut State) {
    if !state.faults.has("cancelled-is-repeated") {
        let now = state.now;
        state.events.ending.retain(|known| known.stops.is_some_and(|stops| stops > now));
    }
}

const LONG_S: i64 = 3600;
