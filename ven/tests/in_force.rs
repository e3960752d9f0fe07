//! What the site is told and when: OpenADR 2.0b Profile, rules 3, 6, 18, 20, 30 to 32, 47,
//! 57, 59, 61, 65, 66, 114.

mod common;

use std::time::Duration;

use common::make::{Change, event, list};
use common::{World, t};
use jiff::Timestamp;
use oadr_platform::opt::{Opt, OptReason};
use oadr_schemas::openadr::ei::EiTarget;
use oadr_transport::Clock;
use oadr_ven::Settings;

/// What one resource was told: when, and the levels.
fn told(world: &World, resource: &str) -> Vec<(Timestamp, Vec<String>)> {
    world.site.told(resource)
}

fn at(time: &str, signals: &[&str]) -> (Timestamp, Vec<String>) {
    let signals = signals.iter().map(|signal| (*signal).to_owned()).collect();
    (t(&format!("2026-06-01T{time}Z")), signals)
}

async fn with_event(one: oadr_schemas::openadr::oadr::OadrEvent) -> World {
    let mut world = World::registered().await;
    world.vtn.queue(list("r1", [one]));
    world.pass(11).await;
    world
}

/// Five minutes from two past twelve, so that many can be run through.
fn short_event(window: &str) -> oadr_schemas::openadr::oadr::OadrEvent {
    event("e1").times("2026-06-01T12:02:00Z", &[("PT5M", 2)]).startafter(window)
}

#[tokio::test]
async fn event_values_followed_by_its_own_clock_while_the_vtn_is_away() {
    let intervals = [("PT20S", 1), ("PT30S", 3), ("PT10S", 0)];
    let mut world = with_event(event("e1").times("2026-06-01T13:00:00Z", &intervals)).await;
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T13:10:00Z").await;
    let wanted = [
        at("13:00:00", &["Simple(1)"]),
        at("13:00:20", &["Simple(3)"]),
        at("13:00:50", &["Simple(0)"]),
        at("13:01:00", &[]),
    ];
    assert_eq!(told(&world, "battery"), wanted, "rules 31, 32, 114");
    assert_eq!(told(&world, "heater"), wanted);
}

#[tokio::test]
async fn only_the_resources_an_event_names_are_told() {
    let mut world = with_event(event("e1").target(EiTarget::resources(["heater"]))).await;
    world.until("2026-06-01T14:30:00Z").await;
    assert_eq!(told(&world, "battery"), []);
    assert_eq!(told(&world, "heater"), [at("13:00:00", &["Simple(2)"]), at("14:00:00", &[])]);
}

#[tokio::test]
async fn instructions_carry_keys_priority_and_their_own_end() {
    let mut world = with_event(event("e1").version(3)).await;
    world.until("2026-06-01T13:00:00Z").await;
    let script = world.site.script();
    let active = &script.told[0].1.active[0];
    assert_eq!(active.key.event.as_str(), "e1");
    let key = (active.key.modification, active.key.signal.as_str(), active.key.interval);
    assert_eq!(key, (3, "s0", 0));
    assert_eq!((active.priority, active.until), (1, Some(t("2026-06-01T14:00:00Z"))));
}

#[tokio::test]
async fn nothing_is_told_twice_over_restarts() {
    let mut world = with_event(event("e1")).await;
    for time in ["12:30", "13:00", "13:20", "13:40", "14:00", "14:20"] {
        world.until(&format!("2026-06-01T{time}:00Z")).await;
        world.restart().await;
        world.step().await;
    }
    let wanted = [at("13:00:00", &["Simple(2)"]), at("14:00:00", &[])];
    assert_eq!(told(&world, "battery"), wanted);
    assert_eq!(world.site.script().asked.len(), 1);
}

#[tokio::test]
async fn a_start_that_was_slept_through_is_caught_up_with_and_an_end_too() {
    let mut world = with_event(event("e1")).await;
    world.clock.set(t("2026-06-01T13:20:00Z"));
    world.restart().await;
    world.step().await;
    assert_eq!(told(&world, "battery"), [at("13:20:00", &["Simple(2)"])]);
    world.clock.set(t("2026-06-01T15:00:00Z"));
    world.restart().await;
    world.step().await;
    assert_eq!(told(&world, "battery")[1..], [at("15:00:00", &[])]);
}

#[tokio::test]
async fn a_site_that_forgets_is_told_again_at_start_if_configured() {
    let mut world = with_event(event("e1")).await;
    world.settings.instruct_again_at_start = true;
    world.until("2026-06-01T13:00:00Z").await;
    world.restart().await;
    world.step().await;
    world.step().await;
    assert_eq!(told(&world, "battery").len(), 2);
}

#[tokio::test]
async fn an_opt_out_and_a_test_event_are_not_acted_on() {
    let mut world = World::registered().await;
    world.site.script().opt_in = false;
    world.vtn.queue(list("r1", [event("e1")]));
    world.pass(11).await;
    world.site.script().opt_in = true;
    let rehearsal = |id, text: &str| {
        let text = Some(text.to_owned());
        event(id).to(|event| event.event_descriptor.test_event = text)
    };
    let all = [event("e1"), rehearsal("e2", "true"), rehearsal("e3", "maybe")];
    world.vtn.queue(list("r2", all));
    world.pass(11).await;
    let flags: Vec<_> = world.site.script().asked.iter().map(|offer| offer.test).collect();
    assert_eq!(flags, [false, true, true], "rule 6");
    world.until("2026-06-01T13:30:00Z").await;
    assert_eq!(told(&world, "battery"), []);
    world.vtn.queue(list("r3", [rehearsal("e4", "false")]));
    world.pass(11).await;
    assert_eq!(told(&world, "battery").len(), 1);
}

#[tokio::test]
async fn event_modified_in_its_middle_changes_the_values_in_force() {
    let mut world = with_event(event("e1")).await;
    world.until("2026-06-01T13:30:00Z").await;
    let intervals = [("PT40M", 2), ("PT50M", 1)];
    let changed = event("e1").version(1).times("2026-06-01T13:00:00Z", &intervals);
    world.vtn.queue(list("r2", [changed]));
    world.until("2026-06-01T15:00:00Z").await;
    let told: Vec<_> = told(&world, "battery").into_iter().map(|(_, signals)| signals).collect();
    // The version is part of the key, so the same level is told under it.
    let level = |n: u8| vec![format!("Simple({n})")];
    assert_eq!(told, [level(2), level(2), level(1), vec![]], "rules 20, 57");
    assert_eq!(world.site.told("battery")[3].0, t("2026-06-01T14:30:00Z"));
}

#[tokio::test]
async fn event_cancel_stops_a_running_event_openly_and_by_omission() {
    for cancel in [vec![event("e1").version(1).cancelled()], vec![]] {
        let mut world = with_event(event("e1")).await;
        world.until("2026-06-01T13:30:00Z").await;
        world.vtn.queue(list("r2", cancel));
        world.pass(11).await;
        let all = told(&world, "battery");
        assert_eq!(all.len(), 2, "rules 59, 61");
        assert_eq!(all[1].1, Vec::<String>::new());
    }
}

#[tokio::test]
async fn event_random_start_is_drawn_once_inside_the_window_and_kept() {
    let mut shifts = Vec::new();
    for seed in 0..20 {
        let mut world = World::build(Settings::default(), Default::default(), seed).await;
        let one = || short_event("PT30S");
        world.vtn.state().events = vec![one()];
        world.step().await;
        let start = world.status().events[0].start;
        let shift = start.duration_since(t("2026-06-01T12:02:00Z"));
        assert!(shift.as_secs_f64() >= 0.0 && shift.as_secs_f64() <= 30.0, "rule 30");
        shifts.push(shift);
        world.restart().await;
        // An unrelated modification keeps it; a completed status is not looked at (66).
        let completed = oadr_schemas::openadr::EventStatus::Completed;
        let changed = one().version(1).priority(3);
        world.vtn.queue(list("r2", [changed.to(|e| e.event_descriptor.event_status = completed)]));
        world.until("2026-06-01T12:01:59Z").await;
        assert_eq!(world.status().events[0].start, start);
        world.until("2026-06-01T12:09:00Z").await;
        let all = told(&world, "battery");
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].0, start, "starts at S + r");
        assert_eq!(all[1].0.duration_since(start).as_secs(), 300, "and lasts D");
    }
    shifts.dedup();
    assert!(shifts.len() > 15, "not all equal: {shifts:?}");
}

#[tokio::test]
async fn rule_30_draws_anew_when_the_window_changes() {
    let mut world = with_event(event("e1").startafter("PT10M")).await;
    let before = world.status().events[0].start;
    world.vtn.queue(list("r2", [event("e1").version(1).startafter("PT9M")]));
    world.pass(11).await;
    assert_ne!(world.status().events[0].start, before);
}

#[tokio::test]
async fn event_random_cancel_ends_inside_the_window_after_a_restart_too() {
    let mut delays = Vec::new();
    for seed in 0..20 {
        let mut world = World::build(Settings::default(), Default::default(), seed).await;
        world.vtn.state().events = vec![short_event("PT60S")];
        world.step().await;
        world.until("2026-06-01T12:03:30Z").await;
        let implied = seed % 2 == 0;
        let cancel = event("e1").version(1).cancelled();
        world.vtn.queue(list("r2", (!implied).then_some(cancel)));
        world.step().await;
        let learnt = world.clock.now();
        world.pass(11).await;
        world.restart().await;
        world.pass(120).await;
        let all = told(&world, "battery");
        // The same signal with its new end, then the release.
        let signals: Vec<_> = all.iter().map(|(_, signals)| signals.len()).collect();
        assert_eq!(signals, [1, 1, 0], "rule 65");
        let end = all[2].0.duration_since(learnt).as_secs_f64();
        assert!((0.0..=71.0).contains(&end), "{end}");
        delays.push(all[2].0);
        assert_eq!(world.status().events, [], "and is forgotten");
    }
    delays.dedup();
    assert!(delays.len() > 10);
}

#[tokio::test]
async fn event_boundaries_an_event_without_end_runs_until_it_is_cancelled() {
    let mut world = with_event(event("e1").times("2026-06-01T13:00:00Z", &[("PT0S", 1)])).await;
    world.until("2026-06-01T19:00:00Z").await;
    assert_eq!(told(&world, "battery"), [at("13:00:00", &["Simple(1)"])], "rule 47");
    assert_eq!(world.status().events[0].state, "running");
    world.vtn.queue(list("r2", [event("e1").version(1).cancelled()]));
    world.pass(11).await;
    assert_eq!(told(&world, "battery").len(), 2);
}

#[tokio::test]
async fn an_event_without_end_is_released_when_the_vtn_is_silent_for_too_long() {
    let mut world = with_event(event("e1").times("2026-06-01T13:00:00Z", &[("PT0S", 1)])).await;
    world.settings.obey_silence_for = Duration::from_secs(7_200);
    world.restart().await;
    world.until("2026-06-01T13:30:00Z").await;
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T16:00:00Z").await;
    let all = told(&world, "battery");
    assert_eq!(all.len(), 2);
    let silent = all[1].0.duration_since(t("2026-06-01T13:30:00Z")).as_secs();
    assert!((7_180..=7_200).contains(&silent), "{silent}");
    world.vtn.state().away = None;
    world.pass(120).await;
    assert_eq!(told(&world, "battery").len(), 3, "and obeyed again when it speaks");
}

#[tokio::test]
async fn rule_18_at_the_instant_two_events_touch_the_later_one_counts() {
    let mut world = World::registered().await;
    let second = event("e2").times("2026-06-01T14:00:00Z", &[("PT1H", 3)]);
    world.vtn.queue(list("r1", [event("e1"), second]));
    world.until("2026-06-01T14:00:00Z").await;
    let wanted = [at("13:00:00", &["Simple(2)"]), at("14:00:00", &["Simple(3)"])];
    assert_eq!(told(&world, "battery"), wanted);
}

#[tokio::test]
async fn overlapping_events_are_told_by_priority_with_none_last() {
    let mut world = World::registered().await;
    let one = |id, priority, level| {
        event(id).priority(priority).times("2026-06-01T13:00:00Z", &[("PT1H", level)])
    };
    let earlier = one("d", 2, 0).times("2026-06-01T12:59:00Z", &[("PT61M", 0)]);
    world.vtn.queue(list("r1", [one("a", 0, 3), one("b", 2, 2), one("c", 1, 1), earlier]));
    world.until("2026-06-01T13:00:00Z").await;
    let last = told(&world, "battery").pop().unwrap();
    assert_eq!(last.1, ["Simple(1)", "Simple(0)", "Simple(2)", "Simple(3)"], "rule 3");
}

#[tokio::test]
async fn an_opt_out_by_hand_ends_a_running_event_at_once_and_survives_a_modification() {
    let mut world = with_event(event("e1")).await;
    world.until("2026-06-01T13:30:00Z").await;
    let (handle, e1) = (world.handle(), "e1".into());
    handle.opt_event(&e1, Opt::Out, OptReason::OverrideStatus, vec![]).await.unwrap();
    world.vtn.state().away = Some(None);
    world.step().await;
    assert_eq!(told(&world, "battery").len(), 2, "the VTN need not know yet");
    world.vtn.state().away = None;
    world.vtn.queue(list("r2", [event("e1").version(1)]));
    world.pass(120).await;
    assert_eq!(told(&world, "battery").len(), 2);
    assert_eq!(world.site.script().asked.len(), 1, "the site is not asked again");
}

#[tokio::test]
async fn the_status_tells_what_each_resource_follows_and_nothing_of_a_rehearsal() {
    let intervals = [("PT5M", 2), ("PT5M", 3)];
    let one = event("e1").times("2026-06-01T12:02:00Z", &intervals);
    let mut world = with_event(one.clone().target(EiTarget::resources(["heater"]))).await;
    let told = |world: &World| {
        let all = world.status().in_force.into_iter();
        all.map(|i| (i.event, i.signal, i.value.to_string(), i.resource)).collect::<Vec<_>>()
    };
    assert_eq!(told(&world), []);
    let level = |value: &str| vec![("e1".into(), "SIMPLE".into(), value.into(), "heater".into())];
    world.until("2026-06-01T12:03:00Z").await;
    assert_eq!(told(&world), level("2"));
    world.until("2026-06-01T12:08:00Z").await;
    assert_eq!(told(&world), level("3"));
    world.until("2026-06-01T12:12:00Z").await;
    assert_eq!(told(&world), []);
    let mut world =
        with_event(one.to(|event| event.event_descriptor.test_event = Some("rehearsal".into())))
            .await;
    world.until("2026-06-01T12:03:00Z").await;
    assert_eq!(told(&world), []);
}
