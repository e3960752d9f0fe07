//! What may be wrong with lists of events.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiEvent, EventStatusEnumerated as Status};

use super::Event;
use super::fault_form::{all, lists};
use crate::fault::{Fault, Faults};

/// Scenarios `event-list-complete`, `event-order`.
pub const FAULTS: &[Fault] = &[
    complete("near-left-out", "events that are near are not listed", |message| {
        retain(message, |event| event.event_descriptor.event_status != Status::Near);
    }),
    complete("far-left-out", "events that are far are not listed", |message| {
        retain(message, |event| event.event_descriptor.event_status != Status::Far);
    }),
    complete("first-listed-twice", "an event is listed twice", |message| {
        all(message, |events| {
            let first = events.first().cloned();
            events.extend(first);
        });
    }),
    complete("overlap-left-out", "of two events that overlap one is not listed", |message| {
        all(message, |events| {
            let starts: Vec<_> = events.iter().map(|one| start(&one.ei_event)).collect();
            events.retain(|one| {
                let own = start(&one.ei_event);
                !starts.iter().any(|other| *other < own && own - *other < 600)
            });
        });
    }),
    complete("poll-brings-news-only", "a poll brings new events alone", |message| {
        lists(message, |list| {
            let asked = list.ei_response.as_ref().is_some_and(|one| !one.request_id.is_empty());
            let newest = list.oadr_event.iter().map(|one| one.ei_event.id().len()).max();
            if !asked {
                list.oadr_event.retain(|one| Some(one.ei_event.id().len()) == newest);
                list.oadr_event.truncate(1);
            }
        });
    }),
    order("zero-is-first", "priority 0 outranks all others", |message| {
        sort(message, |event| (rank(event), event.event_descriptor.priority, start(event)));
    }),
    order("active-by-start", "active events are listed by start alone", |message| {
        sort(message, |event| (rank(event), None, start(event)));
    }),
    order("pending-by-priority", "pending events are listed by priority", |message| {
        sort(message, |event| match rank(event) {
            0 => (0, None, 0),
            rank => (rank, event.event_descriptor.priority, start(event)),
        });
    }),
    order("pending-first", "pending events stand before active ones", |message| {
        all(message, |events| events.sort_by_key(|one| 1 - rank(&one.ei_event)));
    }),
    Fault::inside("limit-ignored", "event-order", "replyLimit is not obeyed"),
    Fault::inside("ties-shuffled", "event-order", "a cut list changes from answer to answer"),
];

type Spoil = fn(&mut Message);

const fn complete(name: &'static str, what: &'static str, spoil: Spoil) -> Fault {
    Fault::message(name, "event-list-complete", what, spoil)
}

const fn order(name: &'static str, what: &'static str, spoil: Spoil) -> Fault {
    Fault::message(name, "event-order", what, spoil)
}

/// Whether an event is listed although it should not be.
pub fn stays(faults: Faults, event: &Event, ven_id: &str) -> bool {
    let answered = event.is_answered_by(ven_id);
    event.content.ei_event.is_cancelled()
        && ((faults.has("cancelled-for-ever") && !answered)
            || (faults.has("acknowledged-stays") && answered))
}

/// Cuts a list, and leaves out what a fault leaves out.
pub fn cut(faults: Faults, found: &mut Vec<&mut Event>, most: usize, count: usize) {
    if faults.has("cancelled-once") {
        found.retain(|event| {
            let told = event.answers.values().any(|answer| answer.told > 0);
            !(event.content.ei_event.is_cancelled() && told)
        });
    }
    if faults.has("ties-shuffled") && most < found.len() {
        found.rotate_left(count % 2);
    }
    found.truncate(most);
}

fn retain(message: &mut Message, keep: impl Fn(&EiEvent) -> bool) {
    all(message, |events| events.retain(|one| keep(&one.ei_event)));
}

fn sort(message: &mut Message, key: impl Fn(&EiEvent) -> (u8, Option<u32>, i64)) {
    all(message, |events| events.sort_by_key(|one| key(&one.ei_event)));
}

fn rank(event: &EiEvent) -> u8 {
    u8::from(event.event_descriptor.event_status != Status::Active)
}

fn start(event: &EiEvent) -> i64 {
    event.ei_active_period.properties.dtstart.date_time.0.as_second()
}
