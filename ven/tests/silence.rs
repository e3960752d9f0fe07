//! When an exchange comes to nothing: what waits, and what goes on. OpenADR 2.0b Profile,
//! 9.1.7, rule 500.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::World;
use common::make::{event, list};
use common::reports::{ask, periodic, starts, updates};
use oadr_schemas::openadr::oadr::*;

const UPDATE: &str = "oadrUpdateReport";

/// A VEN that reports, and whose reports the VTN chokes on from now on.
async fn choking(retry_after: Option<Duration>) -> World {
    let mut world = World::registered().await;
    ask(&mut world, vec![periodic("r1", "PT0S")]).await;
    world.vtn.state().choke_on = Some((UPDATE, retry_after));
    world.until("2026-06-01T12:01:30Z").await;
    world
}

#[tokio::test]
async fn a_report_answered_with_500_holds_up_neither_polls_nor_events() {
    let mut world = choking(None).await;
    world.vtn.forget();
    world.pass(120).await;
    assert!((10..=13).contains(&world.vtn.polls()), "every 10 s: {}", world.vtn.polls());
    let attempts = updates(&world).len();
    assert!((3..=7).contains(&attempts), "ever more seldom: {attempts}");
    assert_eq!(world.status().trouble.as_deref(), Some("HTTP status 500"));
    world.vtn.queue(list("q2", [event("e1")]));
    world.pass(11).await;
    assert_eq!(world.vtn.all::<OadrCreatedEvent>().len(), 1, "answered at the next poll");
}

#[tokio::test]
async fn a_report_answered_with_500_is_delivered_with_all_that_waited_behind_it() {
    let mut world = choking(None).await;
    world.pass(60).await;
    world.vtn.state().choke_on = None;
    world.vtn.forget();
    world.pass(70).await;
    let all: Vec<_> = updates(&world).iter().flat_map(starts).collect();
    assert_eq!(all[..4], ["12:01:00", "12:01:10", "12:01:20", "12:01:30"], "oldest first");
    assert_eq!(world.status().trouble, None);
}

#[tokio::test]
async fn a_503_to_a_report_silences_the_whole_link_for_as_long_as_it_says() {
    let mut world = choking(Some(Duration::from_secs(120))).await;
    world.vtn.forget();
    world.pass(100).await;
    assert_eq!((world.vtn.polls(), updates(&world).len()), (0, 0), "Retry-After");
    world.pass(40).await;
    assert!(world.vtn.polls() > 0);
}
