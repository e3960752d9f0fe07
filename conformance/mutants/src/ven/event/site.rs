//! What the site of the VEN in miniature does, by its own clock: the question `site`. Rules 6, 18,
//! 30, 32, 47, 65, 66, 114.

use jiff::{SignedDuration, Timestamp};
use oadr_conformance::hook::Told;
use oadr_schemas::openadr::ei::{EventStatusEnumerated as Status, OptType};
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::{Code, Target};
use serde_json::{Value, json};

use super::{Known, judge};
use crate::ven::State;

/// The answer to the question `site`.
pub fn answer(state: &State) -> Told {
    let all = || state.events.known.values().chain(&state.events.ending);
    let events: Vec<_> = all().map(|known| shown(state, known)).collect();
    let in_force: Vec<_> = all().flat_map(|known| in_force(state, known)).collect();
    Told::Ok(json!({ "events": events, "in_force": in_force }))
}

fn shown(state: &State, known: &Known) -> Value {
    let (start, end) = run(state, known);
    let over = end.is_some_and(|end| end <= state.now);
    json!({
        "id": known.event.id(),
        "modification": known.event.modification_number(),
        "state": if over { "over" } else if start <= state.now { "running" } else { "waiting" },
        "start": start,
        "end": end,
        "opt": known.opt.to_string(),
        "test": is_test(state, known),
    })
}

/// Rule 6: any text but `false`.
fn is_test(state: &State, known: &Known) -> bool {
    let text = known.event.event_descriptor.test_event.as_deref();
    match () {
        () if state.faults.has("only-true-is-a-test") => text == Some("true"),
        () if state.faults.has("any-text-is-a-test") => text.is_some(),
        () => known.event.is_test(),
    }
}

/// When it runs here. Its own clock decides, whatever eventStatus says (rules 66, 114).
fn run(state: &State, known: &Known) -> (Timestamp, Option<Timestamp>) {
    let (start, mut end) = known.run();
    let told = &known.event.event_descriptor.event_status;
    let faults = state.faults;
    if faults.has("endless-is-nothing") && end.is_none() {
        end = Some(start);
    }
    if faults.has("completed-ends") && *told == Status::Completed {
        end = Some(state.now);
    }
    if faults.has("end-is-not-shifted") {
        end = end.and_then(|end| end.checked_sub(SignedDuration::from_secs(known.shift_s)).ok());
    }
    if faults.has("starts-when-told") && *told != Status::Active {
        return (Timestamp::MAX, end);
    }
    (start, known.stops.into_iter().chain(end).min())
}

/// The values it puts in force now: starts count as inside, ends as outside (rule 18), so that of
/// two events that touch only the later one has a value at that instant.
fn in_force(state: &State, known: &Known) -> Vec<Value> {
    let (start, end) = run(state, known);
    let late = if state.faults.has("three-seconds-late") { 3 } else { 0 };
    let slow = i64::from(state.faults.has("end-counts-as-inside"));
    let now = state.now.saturating_sub(SignedDuration::from_secs(late)).unwrap_or(state.now);
    let edge = now.saturating_sub(SignedDuration::from_secs(slow)).unwrap_or(now);
    let running = start <= edge && end.is_none_or(|end| edge < end);
    let Ok(timing) = EventTiming::of(&known.event) else { return Vec::new() };
    if !running || known.code != Code::Ok || known.opt != OptType::OptIn {
        return Vec::new();
    }
    let mut values = Vec::new();
    for signal in &known.event.ei_event_signals.ei_event_signal {
        let Ok(intervals) = timing.intervals(signal) else { continue };
        let shift = SignedDuration::from_secs(known.shift_s);
        let mut bounds = intervals.into_iter().map(|one| one.shifted(shift));
        let value = match state.faults.has("first-value-only") {
            true => bounds.next(),
            false => bounds.find(|one| one.holds_at(edge)),
        };
        let Some(value) = value.filter(|_| judge::is_for_us(state, signal)) else { continue };
        let name = signal.signal_name.to_string();
        for resource in meant(state, known) {
            values.push(json!({
                "event": known.event.id(), "signal": name, "value": value.value,
                "resource": resource,
            }));
        }
    }
    values
}

/// The resources meant; `None` is all.
fn meant(state: &State, known: &Known) -> Vec<Option<String>> {
    let own = judge::resources(state);
    let named = known.event.ei_target.criteria().filter_map(|criterion| match criterion {
        Target::Resource(id) => own.iter().find(|own| *own == id).cloned(),
        _ => None,
    });
    let named: Vec<_> = named.map(Some).collect();
    if named.is_empty() { vec![None] } else { named }
}
