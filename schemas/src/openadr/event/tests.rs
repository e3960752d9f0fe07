//! Events in time, at their edges.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::*;
use crate::openadr::ei::{
    EiEventSignal, EiEventSignals, EiMarketContext, EiTarget, EventDescriptor, SignalName,
    SignalTypeEnumerated,
};
use crate::xml::Text;

/// Duration from its text.
pub(in crate::openadr) fn d(text: &str) -> Duration {
    Duration::parse(text).unwrap()
}

/// Instant from its text.
pub(in crate::openadr) fn t(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A SIMPLE event from 12:00 with an interval for each duration, valued 1, 2, …
pub(in crate::openadr) fn event(duration: &str, intervals: &[&str]) -> EiEvent {
    let values = intervals.iter().zip(1i64..).map(|(i, v)| (d(i), Decimal::from(v)));
    let signal = EiEventSignal::new("s", SignalName::Simple, SignalTypeEnumerated::Level, values);
    let mut properties = Properties::new(t("2026-01-05T12:00:00Z"), d(duration));
    properties.x_ei_notification = Some(d("P1D").into());
    EiEvent {
        event_descriptor: EventDescriptor {
            event_id: "e".into(),
            modification_number: 0,
            modification_date_time: None,
            modification_reason: None,
            priority: None,
            ei_market_context: EiMarketContext { market_context: "http://m".into() },
            created_date_time: t("2026-01-01T00:00:00Z").into(),
            event_status: EventStatus::Far,
            test_event: None,
            vtn_comment: None,
        },
        ei_active_period: properties.into(),
        ei_event_signals: EiEventSignals { ei_event_signal: vec![signal], ei_event_baseline: None },
        ei_target: EiTarget::ven("v"),
    }
}

fn timing(event: &EiEvent) -> EventTiming {
    EventTiming::of(event).unwrap()
}

fn properties(event: &mut EiEvent) -> &mut Properties {
    &mut event.ei_active_period.properties
}

#[test]
fn rule_13_goes_from_far_to_near_with_the_ramp_and_active_at_the_start() {
    let mut event = event("PT1H", &["PT1H"]);
    properties(&mut event).x_ei_ramp_up = Some(d("PT10M").into());
    let timing = timing(&event);
    let status = |at| timing.status_at(t(at), false);
    assert_eq!(status("2026-01-05T11:49:59.999Z"), EventStatus::Far);
    assert_eq!(status("2026-01-05T11:50:00Z"), EventStatus::Near);
    assert_eq!(status("2026-01-05T12:00:00Z"), EventStatus::Active);
    assert_eq!(status("2026-01-05T12:59:59.999Z"), EventStatus::Active);
    assert_eq!(status("2026-01-05T13:00:00Z"), EventStatus::Completed);
    assert_eq!(timing.status_at(t("2026-01-05T12:30:00Z"), true), EventStatus::Cancelled);
}

#[test]
fn rule_13_without_ramp_up_or_with_one_inside_is_never_near() {
    for ramp in [None, Some("PT0S"), Some("-PT10M")] {
        let mut event = event("PT1H", &["PT1H"]);
        properties(&mut event).x_ei_ramp_up = ramp.map(|r| d(r).into());
        let timing = timing(&event);
        assert_eq!(timing.status_at(t("2026-01-05T11:59:59Z"), false), EventStatus::Far);
        assert_eq!(timing.next_change(t("2026-01-05T11:00:00Z")), Some(timing.start()));
    }
}

#[test]
fn rule_47_runs_without_end_until_cancelled() {
    let event = event("PT0S", &["PT0S"]);
    let timing = timing(&event);
    let late = t("2036-01-05T12:00:00Z");
    assert_eq!((timing.ends_at(), timing.duration(), timing.listed_until()), (None, None, None));
    assert_eq!(timing.status_at(late, false), EventStatus::Active);
    let signal = &event.ei_event_signals.ei_event_signal[0];
    assert_eq!(timing.current_value_at(signal, late, false), Ok(Some(1.into())));
    assert!(timing.next_change(timing.start()).is_none());
}

#[test]
fn rule_66_lists_until_the_random_window_has_passed() {
    let mut event = event("PT1H", &["PT1H"]);
    *properties(&mut event) = properties(&mut event).clone().with_startafter(d("PT5M"));
    let timing = timing(&event);
    assert_eq!(timing.ends_at(), Some(t("2026-01-05T13:00:00Z")));
    assert_eq!(timing.listed_until(), Some(t("2026-01-05T13:05:00Z")));
    let run = timing.shifted(SignedDuration::from_mins(3));
    assert_eq!(run, (t("2026-01-05T12:03:00Z"), Some(t("2026-01-05T13:03:00Z"))));
}

#[test]
fn rule_18_counts_starts_as_inside_and_ends_as_outside() {
    let first = event("PT1H", &["PT1H"]);
    let mut second = event("PT1H", &["PT1H"]);
    properties(&mut second).dtstart = t("2026-01-05T13:00:00Z").into();
    assert!(!timing(&first).overlaps(&timing(&second)));
    let mut wider = first.clone();
    *properties(&mut wider) = properties(&mut wider).clone().with_startafter(d("PT1S"));
    assert!(timing(&wider).overlaps(&timing(&second)));
    assert!(timing(&second).overlaps(&timing(&wider)));
    assert!(timing(&event("PT0S", &["PT0S"])).overlaps(&timing(&second)));
}

#[test]
fn intervals_follow_each_other_and_touch_without_sharing_an_instant() {
    let event = event("PT1H", &["PT20M", "PT30M", "PT10M"]);
    let timing = timing(&event);
    let signal = &event.ei_event_signals.ei_event_signal[0];
    let bounds = timing.intervals(signal).unwrap();
    assert_eq!(bounds[1].start, t("2026-01-05T12:20:00Z"));
    assert_eq!(bounds[1].end, Some(t("2026-01-05T12:50:00Z")));
    assert_eq!(bounds[2].end, timing.ends_at());
    let value = |at| timing.current_value_at(signal, t(at), false).unwrap();
    assert_eq!(value("2026-01-05T12:19:59.999Z"), Some(1.into()));
    assert_eq!(value("2026-01-05T12:20:00Z"), Some(2.into()));
    assert_eq!(value("2026-01-05T12:59:59Z"), Some(3.into()));
}

#[test]
fn rule_14_shows_zero_for_simple_when_not_active() {
    let mut event = event("PT1H", &["PT1H"]);
    let timing = timing(&event);
    let early = t("2026-01-05T11:00:00Z");
    let signal = &mut event.ei_event_signals.ei_event_signal[0];
    assert_eq!(timing.current_value_at(signal, early, false), Ok(Some(0.into())));
    let noon = timing.start();
    assert_eq!(timing.current_value_at(signal, noon, true), Ok(Some(0.into())));
    signal.signal_name = SignalName::LoadDispatch;
    assert_eq!(timing.current_value_at(signal, early, false), Ok(None));
}

#[test]
fn rule_8_wants_intervals_that_sum_to_the_event() {
    let event = event("PT1H", &["PT20M", "PT30M"]);
    let fault = timing(&event).intervals(&event.ei_event_signals.ei_event_signal[0]);
    assert_eq!(fault.unwrap_err().rule, 8);
}

#[test]
fn months_are_summed_before_they_meet_the_calendar() {
    let mut event = event("P2M", &["P1M", "P1M"]);
    properties(&mut event).dtstart = t("2026-01-31T00:00:00Z").into();
    let timing = timing(&event);
    let signal = &event.ei_event_signals.ei_event_signal[0];
    let bounds = timing.intervals(signal).unwrap();
    assert_eq!(bounds[0].end, Some(t("2026-02-28T00:00:00Z")));
    assert_eq!(bounds[1].end, Some(t("2026-03-31T00:00:00Z")));
}

#[test]
fn times_beyond_the_calendar_and_negative_durations_are_refused() {
    let refused = |duration: &str| EventTiming::of(&event(duration, &["PT1H"])).unwrap_err().rule;
    assert_eq!(refused("P4000000000Y"), 8);
    assert_eq!(refused("P4000000D"), 8);
    assert_eq!(refused("-PT1H"), 8);
    let mut event = event("PT1H", &["PT1H"]);
    properties(&mut event).x_ei_ramp_up = Some(d("P20000Y").into());
    assert_eq!(EventTiming::of(&event).unwrap_err().rule, 31);
}

#[test]
fn rule_15_sorts_active_by_priority_then_start_and_pending_by_start() {
    let make = |id: &str, start: &str, priority: Option<u32>| {
        let mut event = event("PT1H", &["PT1H"]);
        event.event_descriptor.event_id = id.into();
        event.event_descriptor.priority = priority;
        properties(&mut event).dtstart = t(start).into();
        event
    };
    let mut events = [
        make("over", "2026-01-05T10:00:00Z", Some(1)),
        make("later", "2026-01-05T15:00:00Z", Some(1)),
        make("soon-b", "2026-01-05T14:00:00Z", Some(1)),
        make("soon-a", "2026-01-05T14:00:00Z", Some(9)),
        make("low", "2026-01-05T11:45:00Z", Some(0)),
        make("none", "2026-01-05T11:50:00Z", None),
        make("high", "2026-01-05T12:00:00Z", Some(1)),
        make("middle", "2026-01-05T11:55:00Z", Some(5)),
    ];
    // Rule 15: a cancelled event keeps its place.
    events[7].event_descriptor.event_status = EventStatus::Cancelled;
    let now = t("2026-01-05T12:10:00Z");
    events.sort_by_key(|event| event.place(now).unwrap());
    let ids: Vec<_> = events.iter().map(EiEvent::id).collect();
    assert_eq!(ids, ["high", "middle", "low", "none", "soon-a", "soon-b", "later", "over"]);
}

#[test]
fn rule_6_takes_any_text_but_false_as_a_test() {
    let mut event = event("PT1H", &["PT1H"]);
    for (text, test) in [
        (None, false),
        (Some("false"), false),
        (Some(""), false),
        (Some("true"), true),
        (Some("x"), true),
    ] {
        event.event_descriptor.test_event = text.map(Into::into);
        assert_eq!(event.is_test(), test, "{text:?}");
    }
}

#[test]
fn refreshing_brings_status_and_values_up_to_date() {
    let mut event = event("PT1H", &["PT20M", "PT40M"]);
    event.refresh(t("2026-01-05T12:30:00Z")).unwrap();
    assert_eq!(event.event_descriptor.event_status, EventStatus::Active);
    let value = |event: &EiEvent| {
        event.ei_event_signals.ei_event_signal[0].current_value.as_ref().unwrap().value()
    };
    assert_eq!(value(&event), Some(2.into()));
    event.event_descriptor.event_status = EventStatus::Cancelled;
    event.refresh(t("2026-01-05T12:30:00Z")).unwrap();
    assert!(event.is_cancelled());
    assert_eq!(value(&event), Some(0.into()));
}
