//! What may be wrong with the form of events, and with what the operator may define.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiEvent, EiEventSignal, EiTarget, Interval, SignalName};
use oadr_schemas::openadr::ei::{SignalPayload, SignalTypeEnumerated};
use oadr_schemas::openadr::oadr::{OadrDistributeEvent, OadrEvent};
use oadr_schemas::xml::Duration;
use rust_decimal::Decimal;

use crate::fault::{Fault, Faults};

/// Scenarios `event-new-form`, `event-refuse-bad-definition`.
pub const FAULTS: &[Fault] = &[
    form("list-answers-nothing", "an answering list has no eiResponse", |message| {
        lists(message, |list| list.ei_response = None);
    }),
    form("list-without-request-id", "the list's own requestID is empty", |message| {
        lists(message, |list| list.request_id.clear());
    }),
    form("list-of-another-vtn", "the list bears a foreign vtnID", |message| {
        lists(message, |list| list.vtn_id.push('x'));
    }),
    form("first-modification-1", "a new event comes as modification 1", |message| {
        events(message, |event| event.event_descriptor.modification_number += 1);
    }),
    form("uids-from-1", "intervals are counted from 1", |message| {
        each_interval(message, |at, interval| interval.uid = Some((at + 1).to_string().into()));
    }),
    form("interval-with-start", "intervals have a dtstart", |message| {
        events(message, |event| {
            let start = event.ei_active_period.properties.dtstart.clone();
            let signals = &mut event.ei_event_signals.ei_event_signal;
            let all = signals.iter_mut().flat_map(|signal| &mut signal.intervals.interval);
            all.for_each(|interval| interval.dtstart = Some(start.clone()));
        });
    }),
    form("interval-without-duration", "intervals have no duration", |message| {
        each_interval(message, |_, interval| interval.duration = None);
    }),
    form("intervals-too-short", "intervals do not add up to the event", |message| {
        each_interval(message, |_, interval| {
            interval.duration = Some(Duration::from_seconds(1).into());
        });
    }),
    form("two-payloads", "an interval has two signalPayloads", |message| {
        each_interval(message, |_, interval| {
            let more = interval.stream_payload_base.clone();
            interval.stream_payload_base.extend(more);
        });
    }),
    form("simple-4", "SIMPLE has the value 4", |message| {
        each_interval(message, |_, interval| value(interval, 4.into()));
    }),
    form("simple-delta", "SIMPLE is of type delta", |message| {
        each_signal(message, |signal| signal.signal_type = SignalTypeEnumerated::Delta);
    }),
    form("values-swapped", "intervals carry other values than the operator's", |message| {
        each_interval(message, |_, interval| value(interval, 2.into()));
    }),
    form("signal-of-its-own", "a signal is added that the operator did not give", |message| {
        events(message, |event| {
            let signals = &mut event.ei_event_signals.ei_event_signal;
            let more = signals.first().cloned();
            signals.extend(more);
        });
    }),
    form("no-notification", "x-eiNotification is missing", |message| {
        events(message, |event| event.ei_active_period.properties.x_ei_notification = None);
    }),
    refuse("simple-4-taken", "an event with SIMPLE 4 is taken"),
    refuse("any-type-taken", "ELECTRICITY_PRICE of any type is taken"),
    refuse("any-sum-taken", "intervals of any length are taken"),
    refuse("used-id-taken", "a second event of the same ID is taken"),
    refuse("any-device-taken", "any device class is taken"),
    refuse("refused-and-sent", "what was refused is sent all the same"),
    signals("no-load-dispatch", "LOAD_DISPATCH is dropped", |message| {
        events(message, |event| {
            let signals = &mut event.ei_event_signals.ei_event_signal;
            signals.retain(|signal| signal.signal_name != SignalName::LoadDispatch);
        });
    }),
    signals("one-signal-id", "all signals have the same signalID", |message| {
        each_signal(message, |signal| signal.signal_id = "same".to_owned());
    }),
    signals("price-without-unit", "signals have no itemBase", |message| {
        each_signal(message, |signal| signal.item_base = None);
    }),
    signals("simple-with-unit", "every signal has the unit of another", |message| {
        events(message, |event| {
            let signals = &mut event.ei_event_signals.ei_event_signal;
            let unit = signals.iter().find_map(|signal| signal.item_base.clone());
            signals.iter_mut().for_each(|signal| signal.item_base = unit.clone());
        });
    }),
    signals("setpoint-as-level", "every signal is of type level", |message| {
        each_signal(message, |signal| signal.signal_type = SignalTypeEnumerated::Level);
    }),
    signals("baseline-uids", "intervals of the baseline have no uid", |message| {
        baselines(message, |interval| interval.uid = None);
    }),
    signals("baseline-too-short", "the baseline does not add up", |message| {
        baselines(message, |interval| interval.duration = Some(Duration::from_seconds(1).into()));
    }),
    signals("baseline-forgotten", "the baseline is dropped", |message| {
        events(message, |event| event.ei_event_signals.ei_event_baseline = None);
    }),
    target("two-ven-ids", "eiTarget names two venIDs", |message| {
        events(message, |event| event.ei_target.ven_id = vec!["one".into(), "two".into()]);
    }),
    target("foreign-ven-id", "eiTarget names another VEN", |message| {
        events(message, |event| event.ei_target.ven_id = vec!["somebody else".into()]);
    }),
    target("resources-dropped", "eiTarget is always empty", |message| {
        events(message, |event| event.ei_target = EiTarget::recipient());
    }),
    target("resource-everywhere", "every eiTarget names a resource", |message| {
        events(message, |event| event.ei_target.resource_id.push("load-1".to_owned()));
    }),
    target("resource-at-signal", "a signal's eiTarget names a resource", |message| {
        each_signal(message, |signal| {
            if let Some(target) = &mut signal.ei_target {
                target.resource_id.push("load-1".to_owned());
            }
        });
    }),
    target("empty-signal-target", "a signal without device class has an eiTarget", |message| {
        each_signal(message, |signal| {
            signal.ei_target.get_or_insert_with(EiTarget::recipient);
        });
    }),
    target("device-class-dropped", "a signal's device classes are dropped", |message| {
        each_signal(message, |signal| signal.ei_target = None);
    }),
];

type Spoil = fn(&mut Message);

const fn form(name: &'static str, what: &'static str, spoil: Spoil) -> Fault {
    Fault::message(name, "event-new-form", what, spoil)
}

const fn refuse(name: &'static str, what: &'static str) -> Fault {
    Fault::inside(name, "event-refuse-bad-definition", what)
}

const fn signals(name: &'static str, what: &'static str, spoil: Spoil) -> Fault {
    Fault::message(name, "event-multi-signal", what, spoil)
}

const fn target(name: &'static str, what: &'static str, spoil: Spoil) -> Fault {
    Fault::message(name, "event-targets", what, spoil)
}

/// Whether a broken rule is let pass when an event is defined.
pub fn overlooks(faults: Faults, rule: u16) -> bool {
    let name = match rule {
        8 => "any-sum-taken",
        9 => "simple-4-taken",
        104 => "any-type-taken",
        111 => "any-device-taken",
        _ => return false,
    };
    faults.has(name)
}

/// The list, if the message is one.
pub fn lists(message: &mut Message, change: impl FnOnce(&mut OadrDistributeEvent)) {
    if let Message::OadrDistributeEvent(list) = message {
        change(list);
    }
}

/// The events of a list, if the message is one.
pub fn all(message: &mut Message, change: impl FnOnce(&mut Vec<OadrEvent>)) {
    lists(message, |list| change(&mut list.oadr_event));
}

/// Each event of a list.
pub fn events(message: &mut Message, change: impl Fn(&mut EiEvent)) {
    all(message, |events| events.iter_mut().for_each(|event| change(&mut event.ei_event)));
}

/// Each signal of each event.
pub fn each_signal(message: &mut Message, change: impl Fn(&mut EiEventSignal)) {
    events(message, |event| event.ei_event_signals.ei_event_signal.iter_mut().for_each(&change));
}

fn each_interval(message: &mut Message, change: impl Fn(usize, &mut Interval)) {
    each_signal(message, |signal| {
        let intervals = signal.intervals.interval.iter_mut().enumerate();
        intervals.for_each(|(at, interval)| change(at, interval));
    });
}

fn baselines(message: &mut Message, change: impl Fn(&mut Interval)) {
    events(message, |event| {
        if let Some(baseline) = &mut event.ei_event_signals.ei_event_baseline {
            baseline.intervals.interval.iter_mut().for_each(&change);
        }
    });
}

fn value(interval: &mut Interval, value: Decimal) {
    let payload = SignalPayload::from(value);
    interval.stream_payload_base =
        vec![oadr_schemas::openadr::strm::StreamPayloadBase::SignalPayload(payload)];
}
