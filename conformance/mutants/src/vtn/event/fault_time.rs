//! What may be wrong with events as time passes and the operator changes them.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiEvent, EventStatusEnumerated as Status};
use oadr_schemas::openadr::oadr::OadrEvent;
use oadr_schemas::xml::{DateTime, Duration};
use rust_decimal::Decimal;

use super::fault_form::{all, events};
use crate::fault::Fault;

/// Scenarios `event-modify` to `event-cancel-explicit`, `event-random-window`,
/// `event-open-ended`.
pub const FAULTS: &[Fault] = &[
    Fault::inside("modification-by-two", "event-modify", "modificationNumber rises by two"),
    Fault::inside("change-not-announced", "event-modify", "no poll brings a changed event"),
    Fault::inside("past-rewritten", "event-modify", "an interval that is over may be changed"),
    Fault::message(
        "created-apart",
        "event-modify",
        "the events of a list have different createdDateTimes",
        |message| {
            all(message, |events| {
                if let Some(first) = events.first_mut() {
                    first.ei_event.event_descriptor.created_date_time = long_ago();
                }
            });
        },
    ),
    Fault::message(
        "created-kept",
        "event-modify",
        "createdDateTime is not renewed by a change",
        |message| events(message, |event| event.event_descriptor.created_date_time = long_ago()),
    ),
    Fault::message(
        "all-renumbered",
        "event-modify",
        "a change of one event raises modificationNumber of all",
        |message| {
            all(message, |events| {
                let number = |one: &OadrEvent| one.ei_event.modification_number();
                let most = events.iter().map(number).max().unwrap_or(0);
                for one in events {
                    one.ei_event.event_descriptor.modification_number = most;
                }
            });
        },
    ),
    Fault::message(
        "content-kept",
        "event-modify",
        "a changed event comes with its old values",
        |message| {
            events(message, |event| {
                for signal in &mut event.ei_event_signals.ei_event_signal {
                    if let [.., before, last] = &mut signal.intervals.interval[..] {
                        last.stream_payload_base = before.stream_payload_base.clone();
                    }
                }
            });
        },
    ),
    Fault::message(
        "never-near",
        "event-status-timeline",
        "x-eiRampUp makes no event near",
        |message| turn(message, |status, _| (*status == Status::Near).then_some(Status::Far)),
    ),
    Fault::message(
        "near-without-ramp",
        "event-status-timeline",
        "an event without x-eiRampUp becomes near",
        |message| {
            turn(message, |status, event| {
                let plain = event.ei_active_period.properties.x_ei_ramp_up.is_none();
                (*status == Status::Far && plain).then_some(Status::Near)
            });
        },
    ),
    Fault::message(
        "status-stale",
        "event-status-timeline",
        "eventStatus is not brought up to date",
        |message| turn(message, |_, _| Some(Status::Far)),
    ),
    Fault::message(
        "status-counts",
        "event-status-timeline",
        "modificationNumber rises when the event begins",
        |message| {
            events(message, |event| {
                if event.event_descriptor.event_status == Status::Active {
                    event.event_descriptor.modification_number += 1;
                }
            });
        },
    ),
    Fault::message(
        "value-early",
        "event-current-value",
        "currentValue shows the first interval before the event",
        |message| values(message, |event| event.event_descriptor.event_status == Status::Far),
    ),
    Fault::message(
        "value-of-the-first",
        "event-current-value",
        "currentValue stays that of the first interval",
        |message| values(message, |event| event.event_descriptor.event_status == Status::Active),
    ),
    Fault::message(
        "cancelled-unnumbered",
        "event-cancel-explicit",
        "a cancellation does not raise modificationNumber",
        |message| {
            events(message, |event| {
                if event.is_cancelled() {
                    event.event_descriptor.modification_number -= 1;
                }
            });
        },
    ),
    Fault::message(
        "cancelled-left-out",
        "event-cancel-explicit",
        "a cancelled event is simply no longer listed",
        |message| all(message, |events| events.retain(|one| !one.ei_event.is_cancelled())),
    ),
    Fault::inside(
        "cancelled-once",
        "event-cancel-explicit",
        "a cancellation that nobody answers is not repeated",
    ),
    Fault::inside(
        "cancelled-for-ever",
        "event-cancel-explicit",
        "a cancellation that nobody answers never ends",
    ),
    Fault::inside(
        "acknowledgement-refused",
        "event-cancel-explicit",
        "the answer to a cancellation is refused",
    ),
    Fault::inside(
        "acknowledged-stays",
        "event-cancel-explicit",
        "a cancellation stays listed after it is acknowledged",
    ),
    Fault::message(
        "window-forgotten",
        "event-random-window",
        "an event with startafter is not listed as completed",
        |message| {
            all(message, |events| {
                events
                    .retain(|one| one.ei_event.event_descriptor.event_status != Status::Completed);
            });
        },
    ),
    Fault::message(
        "window-active",
        "event-random-window",
        "an event is active until its startafter is over",
        |message| {
            turn(message, |status, _| (*status == Status::Completed).then_some(Status::Active))
        },
    ),
    Fault::message("window-not-told", "event-random-window", "startafter is not sent", |message| {
        events(message, |event| event.ei_active_period.properties.tolerance = None)
    }),
    Fault::message(
        "endless-completes",
        "event-open-ended",
        "an event without end is completed when it begins",
        |message| {
            turn(message, |status, _| (*status == Status::Active).then_some(Status::Completed))
        },
    ),
    Fault::message(
        "endless-for-a-day",
        "event-open-ended",
        "an event without end is sent with a duration of a day",
        |message| {
            events(message, |event| {
                let day = Duration { days: 1, ..Duration::ZERO };
                event.ei_active_period.properties.duration = day.into();
            });
        },
    ),
    Fault::message(
        "endless-unlisted",
        "event-open-ended",
        "an event without end is not listed when it has begun",
        |message| {
            all(message, |events| {
                events.retain(|one| one.ei_event.event_descriptor.event_status != Status::Active);
            });
        },
    ),
    Fault::message(
        "endless-uncancelled",
        "event-open-ended",
        "an event without end stays active when it is cancelled",
        |message| {
            turn(message, |status, _| (*status == Status::Cancelled).then_some(Status::Active))
        },
    ),
];

/// Another status, for those that get one.
fn turn(message: &mut Message, other: impl Fn(&Status, &EiEvent) -> Option<Status>) {
    events(message, |event| {
        if let Some(status) = other(&event.event_descriptor.event_status, event) {
            event.event_descriptor.event_status = status;
        }
    });
}

/// The first interval's value as the current one.
fn values(message: &mut Message, when: impl Fn(&EiEvent) -> bool) {
    events(message, |event| {
        if when(event) {
            for signal in &mut event.ei_event_signals.ei_event_signal {
                let first = signal.intervals.interval.first();
                let first: Option<Decimal> = first.and_then(|interval| interval.signal_value());
                signal.current_value = first.map(Into::into);
            }
        }
    });
}

fn long_ago() -> DateTime {
    DateTime(jiff::Timestamp::UNIX_EPOCH)
}
