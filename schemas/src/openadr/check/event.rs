//! An event by itself. OpenADR 2.0b Profile, rules 2, 8, 9, 14, 63, 100 to 107, 111,
//! 116.

use std::collections::BTreeSet;

use super::signals::check_signal;
use super::{Fault, check_device_classes};
use crate::openadr::ei::{EiEvent, EiEventSignal};
use crate::openadr::event::EventTiming;
use crate::openadr::strm::Intervals;
use crate::openadr::{Code, EventStatus};

/// Holds an event against the rules that need nothing but the event.
///
/// # Errors
/// The first broken one of rules 105, 8, 30, 31 (times), 63 (one venID), 107
/// (signalIDs), then signal by signal 2, 103, 100, 102, 8 (intervals), 116, 104, 9
/// (table of signals), 14 (currentValue), 111 (target), then 101 to 103 for the
/// baseline.
pub fn check_event(event: &EiEvent) -> Result<(), Fault> {
    let period = &event.ei_active_period.properties;
    if period.x_ei_notification.is_none() {
        let what = "the active period has no x-eiNotification";
        return Err(Fault::new(105, Code::NotCompliant, what));
    }
    let timing = EventTiming::of(event)?;
    if event.ei_target.ven_id.len() > 1 {
        let what = format!("eiTarget names {} venIDs", event.ei_target.ven_id.len());
        return Err(Fault::new(63, Code::NotCompliant, what));
    }
    let signals = &event.ei_event_signals.ei_event_signal;
    let mut ids = BTreeSet::new();
    for signal in signals {
        if !ids.insert(signal.signal_id.as_str()) {
            let what = format!("two signals have the signalID {}", signal.signal_id);
            return Err(Fault::new(107, Code::InvalidData, what));
        }
    }
    for signal in signals {
        one_signal(event, &timing, signal)?;
    }
    match &event.ei_event_signals.ei_event_baseline {
        Some(baseline) => {
            check_intervals(101, "the baseline", &baseline.intervals)?;
            baseline.bounds().map(drop)
        }
        None => Ok(()),
    }
}

fn one_signal(event: &EiEvent, timing: &EventTiming, signal: &EiEventSignal) -> Result<(), Fault> {
    let place = format!("signal {}", signal.signal_id);
    check_intervals(2, &place, &signal.intervals)?;
    timing.intervals(signal)?;
    check_signal(signal)?;
    let idle = event.event_descriptor.event_status != EventStatus::Active;
    let shown = signal.current_value.as_ref().and_then(|current| current.value());
    if signal.is_simple() && idle && shown.is_some_and(|value| !value.is_zero()) {
        let status = &event.event_descriptor.event_status;
        let what = format!("{place} has a currentValue other than 0 while {status}");
        return Err(Fault::new(14, Code::InvalidData, what));
    }
    check_device_classes(111, &format!("the target of {place}"), signal.ei_target.as_ref())
}

/// uid 0, 1, 2, … (rules 2, 101) and no dtstart (rule 103).
fn check_intervals(rule: u16, place: &str, intervals: &Intervals) -> Result<(), Fault> {
    for (k, interval) in intervals.interval.iter().enumerate() {
        match &interval.uid {
            None => {
                let what = format!("interval {k} of {place} has no uid");
                return Err(Fault::new(rule, Code::NotCompliant, what));
            }
            Some(uid) if uid.text.trim() != k.to_string() => {
                let what = format!("interval {k} of {place} has the uid {}", uid.text);
                return Err(Fault::new(rule, Code::OutOfSequence, what));
            }
            Some(_) => {}
        }
        if interval.dtstart.is_some() {
            let what = format!("interval {k} of {place} has a dtstart");
            return Err(Fault::new(103, Code::NotCompliant, what));
        }
    }
    Ok(())
}
