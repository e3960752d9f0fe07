//! EiReport: what was recorded, and what could not be delivered at its time. OpenADR 2.0b
//! Profile, rules 312, 325, 510.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::make::report;
use common::reports::{ask, periodic, rows, starts, updates};
use common::{World, t};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::*;
use oadr_ven::Settings;

#[tokio::test]
async fn readings_of_an_outage_are_delivered_afterwards_oldest_first_over_a_restart() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.until("2026-06-01T12:01:40Z").await;
    assert_eq!(updates(&world).len(), 1);
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T12:10:00Z").await;
    world.restart().await;
    world.until("2026-06-01T12:11:00Z").await;
    world.vtn.state().away = None;
    world.until("2026-06-01T12:13:00Z").await;
    let all: Vec<_> = updates(&world).iter().flat_map(starts).collect();
    let wanted: Vec<_> = (0..12 * 6)
        .map(|n| format!("12:{:02}:{:02}", 1 + n / 6, n % 6 * 10))
        .take(all.len())
        .collect();
    assert_eq!(all, wanted, "every instant once, in order");
    assert!(all.len() >= 69, "{}", all.len());
    let good = updates(&world).iter().flat_map(rows).all(|(_, values)| values[0].1 != "0");
    assert!(good, "with the readings of their own time");
}

#[tokio::test]
async fn a_backlog_is_given_up_beyond_its_bound() {
    let settings = Settings { backlog_up_to: Duration::from_secs(120), ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.until("2026-06-01T12:01:40Z").await;
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T12:20:00Z").await;
    world.vtn.state().away = None;
    world.vtn.forget();
    world.until("2026-06-01T12:21:10Z").await;
    let first = &starts(&updates(&world)[0])[0];
    assert!("12:18:00" <= first.as_str() && first.as_str() <= "12:19:30", "{first}");
}

#[tokio::test]
async fn a_report_that_got_no_answer_is_sent_again_under_the_same_request_id() {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.until("2026-06-01T12:01:15Z").await;
    world.vtn.forget();
    world.vtn.refuse("oadrUpdateReport", Code::NotRegistered, 0);
    world.vtn.state().away = Some(Some(Duration::from_secs(15)));
    world.pass(10).await;
    world.restart().await;
    world.step().await;
    world.vtn.state().away = None;
    world.until("2026-06-01T12:01:55Z").await;
    let sent = world.vtn.all::<OadrUpdateReport>();
    assert_eq!(sent[0].request_id, format!("r1-{}", t("2026-06-01T12:01:00Z").as_millisecond()));
}

#[tokio::test]
async fn report_history_gives_what_was_recorded() {
    let mut world = World::registered().await;
    world.until("2026-06-01T12:10:00Z").await;
    let span = Some(("2026-06-01T12:02:00Z", "PT4M"));
    let history = ("HISTORY_USAGE", &["power"][..]);
    ask(&mut world, vec![report("h1", history, ("PT0S", "PT0S"), span)]).await;
    let found = updates(&world);
    assert_eq!(starts(&found[0]), ["12:02:00", "12:03:00", "12:04:00", "12:05:00"], "rule 325");
    assert_eq!(found[0].report_name, Some(ReportName::HistoryUsage));
    let since = Some(("2026-06-01T12:05:00Z", "PT0S"));
    ask(&mut world, vec![report("h2", history, ("PT0S", "PT0S"), since)]).await;
    assert_eq!(starts(&updates(&world)[0]).len(), 6, "0 is everything since");
    assert_eq!(world.status().reports, []);
}

#[tokio::test]
async fn readings_are_kept_from_the_start_by_a_clock_that_is_late_to_every_instant() {
    let mut world = World::new().await;
    world.clock.set(t("2026-06-01T12:00:00.300Z"));
    world.step().await;
    world.pass_late(300).await;
    let since = Some(("2026-06-01T12:00:00Z", "PT0S"));
    let history = ("HISTORY_USAGE", &["power"][..]);
    ask(&mut world, vec![report("h1", history, ("PT0S", "PT0S"), since)]).await;
    let kept = starts(&updates(&world)[0]);
    assert_eq!(kept, ["12:01:00", "12:02:00", "12:03:00", "12:04:00", "12:05:00"]);
}

#[tokio::test]
async fn report_storage_holds_a_hundred_readings_while_the_vtn_is_away() {
    let sample_every = Some(Duration::from_secs(1));
    let settings = Settings { sample_every, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    world.until("2026-06-01T12:01:00Z").await;
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T12:02:40Z").await;
    world.vtn.state().away = None;
    world.pass(70).await;
    let span = Some(("2026-06-01T12:01:00Z", "PT100S"));
    let history = ("HISTORY_USAGE", &["power"][..]);
    ask(&mut world, vec![report("h1", history, ("PT0S", "PT0S"), span)]).await;
    assert_eq!(rows(&updates(&world)[0]).len(), 100, "rules 312, 510");
}

#[tokio::test]
async fn old_readings_go_when_nobody_waits_for_them() {
    let sample_every = Some(Duration::from_secs(60));
    let keep_readings_for = Duration::from_secs(600);
    let settings = Settings { sample_every, keep_readings_for, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    world.until("2026-06-01T15:00:00Z").await;
    let since = Some(("2026-06-01T12:00:00Z", "PT0S"));
    let history = ("HISTORY_USAGE", &["power"][..]);
    ask(&mut world, vec![report("h1", history, ("PT0S", "PT0S"), since)]).await;
    let kept = rows(&updates(&world)[0]).len();
    assert!((100..=105).contains(&kept), "at least 100, and not all of 180: {kept}");
}
