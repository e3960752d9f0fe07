//! What the operator does with events. Rules 5, 8 to 10, 20, 70, 104, 111, 502.

use jiff::Timestamp;
use oadr_conformance::hook::Told;
use oadr_schemas::openadr::check::check_event;
use oadr_schemas::openadr::ei::{EiEvent, EventStatusEnumerated};
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::oadr::OadrEvent;
use serde_json::{Value, json};

use super::super::State;
use super::draft::Draft;
use super::fault_form::overlooks;
use super::{Event, announce};

/// `create_event`.
pub fn create(state: &mut State, question: &Value) -> Told {
    let draft: Draft = match serde_json::from_value(question["event"].clone()) {
        Ok(draft) => draft,
        Err(error) => return Told::Failed(error.to_string()),
    };
    state.events.count += 1;
    let id = draft.id.clone().unwrap_or_else(|| format!("Model-event-{}", state.events.count));
    // Rule 70, for good: an ID is not free again when its event is over.
    let used = state.events.all.iter().any(|event| {
        event.content.ei_event.id() == id && draft.vens.iter().any(|ven| event.is_for(ven))
    });
    if used && !state.faults.has("used-id-taken") {
        return Told::Refused(format!("{id} is used"));
    }
    match form(state, &draft, &id) {
        Ok(content) => {
            keep(state, draft.vens, content);
            Told::Ok(json!({ "event_id": id }))
        }
        Err(why) => {
            if let (true, Ok(content)) = (state.faults.has("refused-and-sent"), draft.event(&id)) {
                keep(state, draft.vens, content);
            }
            Told::Refused(why)
        }
    }
}

fn keep(state: &mut State, vens: Vec<String>, content: OadrEvent) {
    announce(state, &vens);
    state.events.all.push(Event { vens, content, answers: Default::default() });
}

/// `modify_event`: allowed for what has not passed yet (rule 20).
pub fn modify(state: &mut State, question: &Value) -> Told {
    let draft: Draft = match serde_json::from_value(question["event"].clone()) {
        Ok(draft) => draft,
        Err(error) => return Told::Failed(error.to_string()),
    };
    let id = question["event_id"].as_str().unwrap_or_default();
    let mut content = match form(state, &draft, id) {
        Ok(content) => content,
        Err(why) => return Told::Refused(why),
    };
    let (now, faults) = (state.now, state.faults);
    let Some(event) = find(state, id) else { return Told::Refused(format!("no {id}")) };
    let before = &event.content.ei_event;
    if before.is_cancelled() {
        return Told::Refused(format!("{id} is cancelled"));
    }
    if past(before, now) != past(&content.ei_event, now) && !faults.has("past-rewritten") {
        return Told::Refused("what has passed cannot be changed".to_owned());
    }
    content.ei_event.event_descriptor.modification_number = before.modification_number();
    event.content = content;
    let step = if faults.has("modification-by-two") { 2 } else { 1 };
    changed(state, id, step);
    Told::done()
}

/// `cancel_event`. Rule 10.
pub fn cancel(state: &mut State, question: &Value) -> Told {
    let id = question["event_id"].as_str().unwrap_or_default();
    let Some(event) = find(state, id) else { return Told::Refused(format!("no {id}")) };
    event.content.ei_event.event_descriptor.event_status = EventStatusEnumerated::Cancelled;
    changed(state, id, 1);
    Told::done()
}

fn form(state: &State, draft: &Draft, id: &str) -> Result<OadrEvent, String> {
    let event = draft.event(id)?;
    match check_event(&event.ei_event) {
        Err(fault) if !overlooks(state.faults, fault.rule) => Err(fault.to_string()),
        _ => Ok(event),
    }
}

fn find<'a>(state: &'a mut State, id: &str) -> Option<&'a mut Event> {
    state.events.all.iter_mut().find(|event| event.content.ei_event.id() == id)
}

/// Rule 5, and who hears of it.
fn changed(state: &mut State, id: &str, step: u32) {
    let now = state.now;
    let Some(event) = find(state, id) else { return };
    let descriptor = &mut event.content.ei_event.event_descriptor;
    descriptor.modification_number += step;
    descriptor.modification_date_time = Some(now.into());
    event.answers.values_mut().for_each(|answer| answer.told = 0);
    let vens = event.vens.clone();
    if !state.faults.has("change-not-announced") {
        announce(state, &vens);
    }
}

/// What of an event lies in the past: its start, and intervals that are over.
fn past(event: &EiEvent, now: Timestamp) -> Option<(Timestamp, Vec<String>)> {
    let timing = EventTiming::of(event).ok()?;
    if timing.start() > now {
        return None;
    }
    let signals = event.ei_event_signals.ei_event_signal.iter();
    let over = signals.flat_map(|signal| {
        let bounds = timing.intervals(signal).unwrap_or_default().into_iter();
        let over = bounds.filter(|one| one.end.is_some_and(|end| end <= now));
        over.map(|one| format!("{} {one:?}", signal.signal_id))
    });
    Some((timing.start(), over.collect()))
}
