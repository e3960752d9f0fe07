//! A VEN's list of events, as the clock has them. Rules 5, 13 to 15, 27, 29, 41, 50, 52, 66, 115.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::oadr::OadrDistributeEvent;

use super::super::{State, VTN_ID};
use super::Event;
use super::fault_list::{cut, stays};

/// The events of a VEN, in the order of rule 15, `limit` at most.
pub fn list(state: &mut State, ven_id: &str, limit: Option<u32>) -> OadrDistributeEvent {
    let (now, faults) = (state.now, state.faults);
    state.events.count += 1;
    let request_id = format!("list-{}", state.events.count);
    let all = state.events.all.iter_mut();
    let mut found: Vec<_> = all
        .filter(|event| event.is_for(ven_id))
        .filter(|event| stays(faults, event, ven_id) || is_listed(event, ven_id, now))
        .collect();
    // What has no place by the calendar cannot be created.
    found.sort_by_cached_key(|event| event.content.ei_event.place(now).ok());
    let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    cut(faults, &mut found, most, state.events.count);
    let oadr_event = found
        .into_iter()
        .map(|event| {
            event.answers.entry(ven_id.to_owned()).or_default().told += 1;
            let mut sent = event.content.clone();
            sent.ei_event.event_descriptor.created_date_time = now.into();
            // Fails only where the sums were let pass by a fault.
            let _ = sent.ei_event.refresh(now);
            sent
        })
        .collect();
    OadrDistributeEvent {
        schema_version: None,
        ei_response: Some(EiResponse::ok("")),
        request_id,
        vtn_id: VTN_ID.to_owned(),
        oadr_event,
    }
}

/// Whether an event is still on a VEN's list: until S + D + R; a cancelled one not when it is
/// acknowledged, nor for ever.
pub fn is_listed(event: &Event, ven_id: &str, now: Timestamp) -> bool {
    let timing = EventTiming::of(&event.content.ei_event);
    let until = timing.ok().and_then(|timing| timing.listed_until());
    if until.is_some_and(|until| now >= until) {
        return false;
    }
    let told = event.answers.get(ven_id).map_or(0, |answer| answer.told);
    !event.content.ei_event.is_cancelled() || (!event.is_answered_by(ven_id) && told < MOST_TRIES)
}

/// How often a cancellation is sent.
const MOST_TRIES: u32 = 5;
