//! Events as time passes. OpenADR 2.0b Profile, rules 5, 10, 13, 14, 29, 47, 66, 115.
//!
//! A status is judged by the times before and after the exchange that told it: where a bound
//! falls between them, either is right. A subject's own clock need not go as the kit's does to the
//! second (rule 114).

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::{EiEvent, EventStatusEnumerated as Status};
use oadr_schemas::openadr::oadr::OadrDistributeEvent;
use rust_decimal::Decimal;

use super::seen;
use crate::hook::Event;
use crate::say;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::{Party, VtnPlay};

/// When an event is what.
#[derive(Clone, Copy)]
struct Times {
    near: Timestamp,
    start: Timestamp,
    end: Timestamp,
}

impl Times {
    fn of(start: Timestamp, ramp_s: i64, duration_s: i64) -> Self {
        Self { near: later(start, -ramp_s * 1000), start, end: later(start, duration_s * 1000) }
    }

    fn status(&self, at: Timestamp) -> Status {
        match at {
            _ if at >= self.end => Status::Completed,
            _ if at >= self.start => Status::Active,
            _ if at >= self.near => Status::Near,
            _ => Status::Far,
        }
    }
}

/// What is wrong in a row of samples, and what they could tell for certain.
#[derive(Default)]
struct Course {
    wrong: Vec<String>,
    certain: Vec<Status>,
}

impl Course {
    fn add(&mut self, sample: &Sample, id: &str, times: Times) {
        self.wrong.extend(sample.wrong(id, times));
        if let [only] = &sample.right(times)[..] {
            self.certain.push(only.clone());
        }
    }

    /// A course of which some status never was to be seen says nothing.
    fn judged(
        self,
        play: &mut VtnPlay,
        rules: &[&'static str],
        what: &str,
        all: &[Status],
    ) -> Ended {
        let holds = self.wrong.is_empty();
        play.check(rules, what, holds, say::saw::list(self.wrong));
        match all.iter().find(|status| !self.certain.contains(status)) {
            Some(missed) if holds => {
                inconclusive(format!("too slow: no exchange was done while it must be {missed}"))
            }
            _ => Ok(()),
        }
    }
}

/// A list, and the times before it was asked for and after it came.
struct Sample {
    list: OadrDistributeEvent,
    between: [Timestamp; 2],
}

impl Sample {
    async fn take(play: &mut VtnPlay, ven: &mut Party, at: Timestamp) -> Result<Self, Stop> {
        play.until(at).await?;
        let before = play.now();
        let list = play.events(ven).await?;
        let skew = if play.setting.pace.is_steered() { 0 } else { SKEW_MS };
        Ok(Self { list, between: [later(before, -skew), later(play.now(), skew)] })
    }

    /// What a status may be: what it is at the times, and at all bounds between them.
    fn right(&self, times: Times) -> Vec<Status> {
        let [before, after] = self.between;
        let bounds = [times.near, times.start, times.end];
        let within = bounds.into_iter().filter(|at| (before..=after).contains(at));
        let mut all: Vec<_> =
            [before, after].into_iter().chain(within).map(|at| times.status(at)).collect();
        all.sort_unstable_by_key(Status::to_string);
        all.dedup();
        all
    }

    /// What is wrong with the status of an event. One that is completed need not be listed.
    fn wrong(&self, id: &str, times: Times) -> Option<String> {
        let wanted = self.right(times);
        let found = say::event::find(&self.list, id).map(seen::status);
        let right = match found {
            Some(status) => wanted.contains(status),
            None => wanted.contains(&Status::Completed),
        };
        let told = found.map_or("not listed".to_owned(), Status::to_string);
        let wanted = wanted.iter().map(Status::to_string).collect::<Vec<_>>().join(" or ");
        (!right).then(|| format!("{told} instead of {wanted} at {}", self.between[1]))
    }
}

pub(super) async fn status_timeline(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let start = play.soon(10);
    let plain = Event::simple(&ven.id(), start, 5);
    let ramped = Event { ramp_up_s: Some(4), ..plain.clone() };
    let ramped = play.create_event(&ramped).await?;
    let plain = play.create_event(&plain).await?;
    seen::catch_up(play, &mut ven).await?;
    let (with, without) = (Times::of(start, 4, 5), Times::of(start, 0, 5));
    let (mut course_ramped, mut course_plain) = (Course::default(), Course::default());
    let mut numbers = Vec::new();
    for second in -8..6 {
        let at = later(start, second * 1000 + 500);
        let sample = Sample::take(play, &mut ven, at).await?;
        course_ramped.add(&sample, &ramped, with);
        course_plain.add(&sample, &plain, without);
        // Rule 502: a poll need not tell of it, and may.
        let polled = seen::try_poll(play, &mut ven).await?;
        if let Some(list) = &polled {
            seen::acknowledge(play, &mut ven, list).await?;
        }
        for list in [Some(&sample.list), polled.as_ref()].into_iter().flatten() {
            let found = [&ramped, &plain].map(|id| say::event::find(list, id));
            numbers.extend(found.into_iter().flatten().map(EiEvent::modification_number));
        }
    }
    let same = numbers.iter().all(|number| *number == 0);
    let what = "the passing of time does not raise modificationNumber";
    play.check(&["5"], what, same, say::saw::list(numbers));
    let (rules, [far, near, active]) = (["13", "115"], [Status::Far, Status::Near, Status::Active]);
    let what = "an event without x-eiRampUp is far and active as the clock says";
    let plain = course_plain.judged(play, &rules, what, &[far.clone(), active.clone()]);
    let what = "an event with x-eiRampUp is far, near and active as the clock says";
    plain.and(course_ramped.judged(play, &rules, what, &[far, near, active]))
}

pub(super) async fn current_value(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let start = play.soon(3);
    let event = Event::simple(&ven.id(), start, 8).values(&[(4, 1), (4, 2)]);
    let id = play.create_event(&event).await?;
    seen::catch_up(play, &mut ven).await?;
    let points = [
        (-1500, 0, "14", "before its start"),
        (2000, 1, "29", "in its first interval"),
        (6000, 2, "29", "in its second interval"),
        (10_000, 0, "14", "after its end"),
    ];
    let mut missed = None;
    for (after_ms, wanted, rule, when) in points {
        let at = later(start, after_ms);
        let Sample { list, between } = Sample::take(play, &mut ven, at).await?;
        if between[1].duration_since(at) > SignedDuration::from_millis(SKEW_MS + 1000) {
            // Too late to say which interval it speaks of.
            missed = Some(when);
            continue;
        }
        // What is over may be listed or not.
        if after_ms > 8000 && say::event::find(&list, &id).is_none() {
            continue;
        }
        let event = seen::event(play, &list, &id)?;
        let signals = event.ei_event_signals.ei_event_signal.iter();
        let shown: Vec<_> = signals.filter_map(|signal| signal.current_value.as_ref()).collect();
        let right = shown.iter().all(|one| one.value() == Some(Decimal::from(wanted)));
        let what = format!("currentValue, if sent, is {wanted} {when}");
        let shown =
            shown.iter().map(|one| one.value().map_or("no number".into(), |v| v.to_string()));
        play.check(&[rule], what, right, say::saw::list(shown.collect::<Vec<String>>()));
    }
    match missed {
        Some(when) => inconclusive(format!("too slow to see it {when}")),
        None => Ok(()),
    }
}

pub(super) async fn random_window(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (duration, window, step) =
        if play.setting.pace.is_steered() { (10, 30, 2) } else { (4, 8, 1) };
    let start = play.soon(2);
    let event = Event { startafter_s: Some(window), ..Event::simple(&ven.id(), start, duration) };
    let id = play.create_event(&event).await?;
    let list = seen::catch_up(play, &mut ven).await?;
    let told = seen::event(play, &list, &id)?.ei_active_period.properties.startafter();
    let told = told.and_then(|told| told.exact());
    let wanted = Some(SignedDuration::from_secs(window.into()));
    play.equal(&["66"], "startafter is told as the operator gave it", (told, wanted));
    let times = Times::of(start, 0, duration.into());
    let last = later(times.end, i64::from(window) * 1000);
    let (mut missing, mut course) = (Vec::new(), Course::default());
    let mut at = later(start, 500);
    while at < last {
        let sample = Sample::take(play, &mut ven, at).await?;
        if sample.between[1] >= last {
            break;
        }
        match say::event::find(&sample.list, &id) {
            None => missing.push(at),
            Some(_) => course.add(&sample, &id, times),
        }
        at = later(at, step * 1000);
    }
    let what = "an event is listed until dtstart, duration and startafter are over";
    let holds = missing.is_empty();
    play.check(&["66"], what, holds, format_args!("missing at {:?}", say::saw::list(missing)));
    let what = "it is active for its duration and completed afterwards";
    let ended = course.judged(play, &["13", "66"], what, &[Status::Active, Status::Completed]);
    if holds { ended } else { Ok(()) }
}

pub(super) async fn open_ended(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let start = play.soon(1);
    let id = play.create_event(&Event::simple(&ven.id(), start, 0)).await?;
    seen::catch_up(play, &mut ven).await?;
    let long = if play.setting.pace.is_steered() { 7200 } else { 6 };
    for after in [2, long] {
        let at = later(start, after * 1000);
        let Sample { list, .. } = Sample::take(play, &mut ven, at).await?;
        let Some(event) = say::event::find(&list, &id) else {
            let what = "an event without end stays listed";
            return play.fail(&["47", "50"], what, seen::ids(&list));
        };
        let what = format!("an event without end is active {after} s after its start");
        play.equal(&["47"], what, (seen::status(event), &Status::Active));
        let duration = event.ei_active_period.properties.duration.duration;
        let saw = say::saw::seconds(duration.exact());
        play.check(&["47"], "its duration is 0", duration.is_zero(), saw);
    }
    play.hook().cancel_event(&id).await?;
    let list = seen::poll_with(play, &mut ven, &id).await?;
    let event = seen::event(play, &list, &id)?;
    let what = "it ends by being cancelled";
    play.equal(&["10", "47"], what, (seen::status(event), &Status::Cancelled));
    seen::acknowledge(play, &mut ven, &list).await
}

/// How far a subject's own clock may be from the kit's.
const SKEW_MS: i64 = 1000;

fn later(at: Timestamp, milliseconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_millis(milliseconds)).unwrap_or(Timestamp::MAX)
}
