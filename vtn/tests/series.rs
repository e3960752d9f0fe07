//! Series: events that recur, made some days ahead, each once. RFC 5545, 3.8.5; OpenADR 2.0b
//! Profile, rules 5, 20, 70.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, minutes, noon, signal};
use jiff::{SignedDuration, Timestamp};
use oadr_vtn::Error;
use oadr_vtn::control::{Preview, SeriesEvent, SeriesState};
use oadr_vtn::record::{
    EventDraft, EventSeriesDraft, HolidaysDraft, IntervalDraft, ProgrammeDraft, Targets,
    TemplateDraft,
};

fn peak() -> TemplateDraft {
    let interval = IntervalDraft { duration: minutes(60), value: 1.into() };
    TemplateDraft {
        market_context: "urn:p".to_owned(),
        duration: minutes(60),
        start_after: None,
        notification: SignedDuration::ZERO,
        ramp_up: None,
        recovery: None,
        priority: 2,
        response_required: true,
        signals: vec![signal("SIMPLE", "level", None, vec![interval])],
        targets: Targets { vens: vec!["A".to_owned()], ..Targets::default() },
        test: false,
        comment: None,
    }
}

/// Every day at five in Berlin, three days ahead.
fn daily() -> EventSeriesDraft {
    EventSeriesDraft {
        template: "peak".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        start: "2026-01-01T17:00:00".parse().unwrap(),
        rule: "FREQ=DAILY".to_owned(),
        except: Default::default(),
        holidays: Default::default(),
        days_ahead: 3,
    }
}

/// A VTN at this time with a VEN and the template.
async fn bench(now: &str) -> Bench {
    let bench = Bench::new().await;
    bench.enrolled("A").await;
    bench.clock.set(now.parse().unwrap());
    bench.vtn.put_template("peak", peak()).await.unwrap();
    bench
}

async fn put(bench: &Bench, draft: EventSeriesDraft) -> SeriesState {
    bench.vtn.put_event_series("s", draft).await.unwrap()
}

fn events(bench: &Bench) -> Vec<SeriesEvent> {
    bench.vtn.series_events("s", None, 99).unwrap()
}

/// When each event starts that is not cancelled.
fn starts(bench: &Bench) -> Vec<String> {
    let open = events(bench).into_iter().filter(|one| one.event.cancelled.is_none());
    open.map(|one| one.event.draft.start.to_string()).collect()
}

/// eventIDs with modificationNumber, and whether they are cancelled.
fn versions(bench: &Bench) -> Vec<(String, u32, bool)> {
    let told =
        |one: SeriesEvent| (one.event.id, one.event.modification, one.event.cancelled.is_some());
    events(bench).into_iter().map(told).collect()
}

async fn next_day(bench: &Bench) {
    bench.pass(SignedDuration::from_hours(24));
    bench.vtn.keep_event_series().await;
}

#[tokio::test]
async fn events_are_made_as_far_ahead_as_was_said_and_more_as_time_passes() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    let state = put(&bench, daily()).await;
    assert_eq!((state.trouble, state.series.stopped), (None, None));
    let three = ["2026-06-01T15:00:00Z", "2026-06-02T15:00:00Z", "2026-06-03T15:00:00Z"];
    assert_eq!(starts(&bench), three);
    assert_eq!(versions(&bench)[0], ("s-20260601T150000Z".to_owned(), 0, false));
    assert_eq!(bench.vtn.event_answers("s-20260601T150000Z").unwrap()[0].ven, "A");
    bench.vtn.keep_event_series().await;
    assert_eq!(starts(&bench), three, "twice is once");
    next_day(&bench).await;
    assert_eq!(starts(&bench).last().unwrap(), "2026-06-04T15:00:00Z");
    assert_eq!(events(&bench).len(), 4);
    // In pages.
    let last = bench.vtn.series_events("s", Some(events(&bench)[2].instant), 9).unwrap();
    assert_eq!(last.len(), 1);
}

#[tokio::test]
async fn five_in_the_evening_stays_so_when_clocks_change() {
    let spring = bench("2026-03-27T18:00:00Z").await;
    put(&spring, daily()).await;
    let wanted = ["2026-03-28T16:00:00Z", "2026-03-29T15:00:00Z", "2026-03-30T15:00:00Z"];
    assert_eq!(starts(&spring), wanted);
    let autumn = bench("2026-10-23T18:00:00Z").await;
    put(&autumn, daily()).await;
    let wanted = ["2026-10-24T15:00:00Z", "2026-10-25T16:00:00Z", "2026-10-26T16:00:00Z"];
    assert_eq!(starts(&autumn), wanted);
}

#[tokio::test]
async fn what_a_vtn_that_did_not_run_has_missed_stays_missed() {
    let mut bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    // A month later, half an hour into that day's event.
    bench.clock.set("2026-07-01T15:30:00Z".parse().unwrap());
    bench.restart().await;
    bench.vtn.keep_event_series().await;
    let wanted = ["2026-07-02T15:00:00Z", "2026-07-03T15:00:00Z", "2026-07-04T15:00:00Z"];
    assert_eq!(starts(&bench)[3..], wanted);
    assert!(events(&bench).iter().all(|one| one.event.created <= one.event.draft.start));
}

#[tokio::test]
async fn a_restart_in_between_makes_nothing_twice() {
    let mut bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    let before = versions(&bench);
    bench.restart().await;
    bench.vtn.keep_event_series().await;
    assert_eq!(versions(&bench), before);
    // Two who keep it at once are one.
    bench.pass(SignedDuration::from_hours(24));
    let other = bench.vtn.clone();
    tokio::join!(bench.vtn.keep_event_series(), other.keep_event_series());
    assert_eq!(versions(&bench).len(), before.len() + 1);
    assert_eq!(bench.vtn.events(None, 99).unwrap().len(), before.len() + 1);
    assert_eq!(bench.vtn.event_series("s").unwrap().trouble, None);
}

#[tokio::test]
async fn a_change_of_the_template_changes_what_has_not_begun() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    bench.pass(minutes(3 * 60 + 30));
    bench.vtn.put_template("peak", TemplateDraft { priority: 1, ..peak() }).await.unwrap();
    let told: Vec<_> = events(&bench)
        .iter()
        .map(|one| (one.event.modification, one.event.draft.priority, one.by_operator))
        .collect();
    // The first has begun; the last comes into sight just now.
    assert_eq!(told, [(0, 2, false), (1, 1, false), (1, 1, false), (0, 1, false)]);
    assert_eq!(events(&bench)[1].event.reason.as_deref(), Some("the series has changed"));
    next_day(&bench).await;
    assert_eq!(events(&bench)[4].event.draft.priority, 1);
}

#[tokio::test]
async fn a_change_of_the_rule_cancels_what_has_no_place_and_makes_what_is_new() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    bench.pass(minutes(3 * 60 + 30));
    let later = EventSeriesDraft { start: "2026-01-01T18:30:00".parse().unwrap(), ..daily() };
    put(&bench, later).await;
    // That of today at 17:00 has begun and stays; half past six comes today as well.
    let wanted = [
        "2026-06-01T15:00:00Z",
        "2026-06-01T16:30:00Z",
        "2026-06-02T16:30:00Z",
        "2026-06-03T16:30:00Z",
    ];
    assert_eq!(starts(&bench), wanted);
    let cancelled: Vec<_> = versions(&bench).into_iter().filter(|(.., gone)| *gone).collect();
    assert_eq!(cancelled.len(), 2);
    // Back again: an eventID is never given twice (rule 70).
    put(&bench, daily()).await;
    let again = ["s-20260602T150000Z-2", "s-20260603T150000Z-2", "s-20260604T150000Z"];
    let open = versions(&bench).into_iter().filter(|(_, _, gone)| !gone).map(|(id, ..)| id);
    assert_eq!(open.collect::<Vec<_>>()[1..], again);
    assert!(bench.vtn.event("s-20260602T150000Z").unwrap().cancelled.is_some());
}

#[tokio::test]
async fn days_are_left_out_one_by_one_or_by_a_list_that_may_change() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    let list = |days: &[&str]| HolidaysDraft {
        dates: days.iter().map(|day| day.parse().unwrap()).collect(),
    };
    bench.vtn.put_holidays("by", list(&["2026-06-02"])).await.unwrap();
    let mut draft = EventSeriesDraft { holidays: ["by".to_owned()].into(), ..daily() };
    draft.except = ["2026-06-03T17:00:00".parse().unwrap()].into();
    put(&bench, draft.clone()).await;
    assert_eq!(starts(&bench), ["2026-06-01T15:00:00Z"]);
    // Another time of that day is not meant.
    draft.except = ["2026-06-03T16:00:00".parse().unwrap()].into();
    put(&bench, draft.clone()).await;
    assert_eq!(starts(&bench), ["2026-06-01T15:00:00Z", "2026-06-03T15:00:00Z"]);
    bench.vtn.put_holidays("by", list(&["2026-06-03"])).await.unwrap();
    assert_eq!(starts(&bench), ["2026-06-01T15:00:00Z", "2026-06-02T15:00:00Z"]);
    let told = bench.vtn.event("s-20260603T150000Z").unwrap();
    assert_eq!(told.reason.as_deref(), Some("not in the series any more"));
    draft.except = ["2026-06-02".parse().unwrap()].into();
    put(&bench, draft.clone()).await;
    assert_eq!(starts(&bench), ["2026-06-01T15:00:00Z"]);
    let preview = Preview { series: draft, from: None, count: 4 };
    let slots = bench.vtn.preview_event_series(&preview).unwrap();
    let told: Vec<_> = slots.iter().map(|slot| slot.left_out.as_deref()).collect();
    assert_eq!(told, [None, Some("except"), Some("holiday of by"), None]);
    assert_eq!(slots[3].local.to_string(), "2026-06-04T17:00:00");
}

#[tokio::test]
async fn an_operator_s_hand_on_one_event_is_not_overruled() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    let [first, second, third] = events(&bench).try_into().unwrap();
    bench.vtn.cancel_event(&first.event.id, None).await.unwrap();
    let own = EventDraft { priority: 3, ..second.event.draft.clone() };
    bench.vtn.modify_event(&second.event.id, own, None).await.unwrap();
    bench.vtn.put_template("peak", TemplateDraft { priority: 1, ..peak() }).await.unwrap();
    let priority = |id: &str| bench.vtn.event(id).unwrap().draft.priority;
    assert_eq!((priority(&second.event.id), priority(&third.event.id)), (3, 1));
    // Nor when the series has no place for it any more; what is the series' goes.
    put(&bench, EventSeriesDraft { rule: "FREQ=DAILY;UNTIL=20260531".into(), ..daily() }).await;
    let hands: Vec<bool> = events(&bench).iter().map(|one| one.by_operator).collect();
    assert_eq!(hands, [true, true, false]);
    assert_eq!(starts(&bench), [second.event.draft.start.to_string()]);
    // What an operator has cancelled does not come back.
    put(&bench, daily()).await;
    let open = starts(&bench);
    assert_eq!(open, ["2026-06-02T15:00:00Z", "2026-06-03T15:00:00Z"]);
}

#[tokio::test]
async fn a_series_that_is_stopped_leaves_its_events_or_cancels_them() {
    let mut bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    let left = bench.vtn.stop_event_series("s", false).await.unwrap();
    assert!(!left.series.stopped.unwrap().cancel);
    next_day(&bench).await;
    bench.vtn.put_template("peak", TemplateDraft { priority: 1, ..peak() }).await.unwrap();
    let three = versions(&bench);
    assert!(three.len() == 3 && three.iter().all(|(_, number, gone)| *number == 0 && !gone));
    // The first is over.
    let cancelled = bench.vtn.stop_event_series("s", true).await.unwrap();
    assert_eq!(cancelled.series.stopped.unwrap().at, left.series.stopped.unwrap().at);
    let gone: Vec<bool> = versions(&bench).into_iter().map(|(.., gone)| gone).collect();
    assert_eq!(gone, [false, true, true]);
    bench.restart().await;
    bench.vtn.keep_event_series().await;
    assert_eq!(events(&bench).len(), 3);
    // Put again it goes on.
    assert_eq!(put(&bench, daily()).await.series.stopped, None);
    let wanted = ["2026-06-02T15:00:00Z", "2026-06-03T15:00:00Z", "2026-06-04T15:00:00Z"];
    assert_eq!(starts(&bench)[1..], wanted);
    let unknown = bench.vtn.stop_event_series("t", true).await;
    assert!(matches!(unknown, Err(Error::Unknown { kind: "series", .. })));
}

#[tokio::test]
async fn a_horizon_that_comes_nearer_takes_nothing_back() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    put(&bench, EventSeriesDraft { days_ahead: 1, ..daily() }).await;
    assert_eq!(starts(&bench).len(), 3);
    bench.vtn.put_template("peak", TemplateDraft { priority: 1, ..peak() }).await.unwrap();
    assert!(versions(&bench).iter().all(|(_, number, gone)| *number == 1 && !gone));
}

#[tokio::test]
async fn what_cannot_be_made_is_told_with_the_series_until_it_can() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    put(&bench, daily()).await;
    let mut programme = ProgrammeDraft {
        name: "P".to_owned(),
        priority: 0,
        members: Targets::default(),
        signals: vec!["ELECTRICITY_PRICE".to_owned()],
        notification: minutes(10),
    };
    bench.vtn.put_programme("urn:p", programme.clone()).await.unwrap();
    next_day(&bench).await;
    assert_eq!(events(&bench).len(), 3);
    let trouble = bench.vtn.event_series("s").unwrap().trouble.unwrap();
    assert!(trouble.contains("SIMPLE is no signal of urn:p"), "{trouble}");
    programme.signals.clear();
    bench.vtn.put_programme("urn:p", programme).await.unwrap();
    assert_eq!(bench.vtn.event_series("s").unwrap().trouble, None);
    let events = events(&bench);
    assert_eq!(events.len(), 4);
    // And they follow their programme.
    let notified = |one: &SeriesEvent| one.event.draft.notification == minutes(10);
    assert_eq!(events.iter().map(notified).collect::<Vec<_>>(), [false, true, true, true]);
}

#[tokio::test]
async fn what_a_series_needs_is_not_removed() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    bench.vtn.put_holidays("by", HolidaysDraft::default()).await.unwrap();
    let draft = EventSeriesDraft { holidays: ["by".to_owned()].into(), ..daily() };
    put(&bench, draft).await;
    let clash = |error: Error| match error {
        Error::Clash(what) => assert!(what.contains("the series s"), "{what}"),
        other => panic!("{other}"),
    };
    clash(bench.vtn.remove_template("peak").await.unwrap_err());
    clash(bench.vtn.remove_holidays("by").await.unwrap_err());
    bench.vtn.stop_event_series("s", true).await.unwrap();
    bench.vtn.remove_template("peak").await.unwrap();
    bench.vtn.remove_holidays("by").await.unwrap();
    assert_eq!(bench.vtn.event_series("s").unwrap().trouble, None);
}

#[tokio::test]
async fn a_series_that_does_not_fit_is_refused_by_its_field_and_not_stored() {
    let bench = bench("2026-06-01T12:00:00Z").await;
    let refused = async |change: fn(&mut EventSeriesDraft)| {
        let mut draft = daily();
        change(&mut draft);
        let preview = Preview { series: draft.clone(), from: None, count: 1 };
        let told = bench.vtn.preview_event_series(&preview);
        match (bench.vtn.put_event_series("s", draft).await, told) {
            (Err(Error::Invalid { field, .. }), told) => (field, told.is_err()),
            (other, _) => panic!("{other:?}"),
        }
    };
    let of = |field: &str| (field.to_owned(), true);
    assert_eq!(refused(|draft| draft.template = "none".into()).await, of("template"));
    assert_eq!(refused(|draft| draft.holidays = ["none".into()].into()).await, of("holidays"));
    assert_eq!(refused(|draft| draft.zone = "Berlin".into()).await, of("zone"));
    assert_eq!(refused(|draft| draft.rule = "DAILY".into()).await, of("rule"));
    assert_eq!(refused(|draft| draft.days_ahead = 0).await, of("days_ahead"));
    assert_eq!(refused(|draft| draft.days_ahead = 367).await, of("days_ahead"));
    let crowded = |draft: &mut EventSeriesDraft| {
        let hours = (0..24).map(|hour| hour.to_string()).collect::<Vec<_>>().join(",");
        draft.rule = format!("FREQ=DAILY;BYHOUR={hours};BYMINUTE=0,20,40");
        draft.days_ahead = 14;
    };
    // A preview does not mind how many come.
    assert_eq!(refused(crowded).await, ("days_ahead".to_owned(), false));
    let preview = Preview { series: daily(), from: Some(noon()), count: 0 };
    let told = bench.vtn.preview_event_series(&preview);
    assert!(matches!(told, Err(Error::Invalid { field, .. }) if field == "count"));
    assert!(bench.vtn.all_event_series(None, 9).unwrap().is_empty());
    assert!(bench.vtn.events(None, 9).unwrap().is_empty());
    let leap = EventSeriesDraft {
        start: "2024-02-29T12:00:00".parse().unwrap(),
        rule: "FREQ=YEARLY".to_owned(),
        ..daily()
    };
    let preview = Preview { series: leap, from: Some(noon()), count: 1 };
    let slots = bench.vtn.preview_event_series(&preview).unwrap();
    let leap_day: Timestamp = "2028-02-29T11:00:00Z".parse().unwrap();
    assert_eq!(slots[0].start, leap_day);
}
