//! A series is kept to the end, each of its events once, wherever the disk fails. Threat T5.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::{Limited, certificate, minutes, noon, signal};
use jiff::SignedDuration;
use oadr_store::{Memory, Store};
use oadr_transport::{ManualClock, Random};
use oadr_vtn::record::{Enrolment, EventSeriesDraft, IntervalDraft, Targets, TemplateDraft};
use oadr_vtn::{Hooks, Settings, Vtn};
use rand::SeedableRng;

const DAYS: usize = 4;

#[tokio::test]
async fn a_series_that_is_made_while_the_disk_fails_has_each_event_once() {
    for commits in 0.. {
        let memory = prepared().await;
        let limited = Arc::new(Limited::new(memory.clone(), commits));
        let vtn = open(Store::with_engine(limited.clone())).await;
        let made = vtn.put_event_series("s", daily()).await;
        assert_eq!(made.is_ok(), commits > 0, "the first commit stores the series");
        // The disk is mended and the program starts again.
        let vtn = open(memory).await;
        vtn.keep_event_series().await;
        let events = vtn.events(None, 99).unwrap();
        assert_eq!(events.len(), if commits == 0 { 0 } else { DAYS }, "after {commits} commits");
        for event in events {
            assert_eq!(event.modification, 0, "after {commits} commits");
            let told = vtn.event_answers(&event.id).unwrap();
            assert_eq!(told.len(), 1, "after {commits} commits");
        }
        if limited.took_all() {
            assert!(commits > DAYS, "it failed at {commits} places only");
            return;
        }
    }
}

#[tokio::test]
async fn a_change_while_the_disk_fails_is_made_once_and_is_no_operator_s() {
    for commits in 1.. {
        let memory = prepared().await;
        open(memory.clone()).await.put_event_series("s", daily()).await.unwrap();
        let limited = Arc::new(Limited::new(memory.clone(), commits));
        let vtn = open(Store::with_engine(limited.clone())).await;
        // The first commit stores the template.
        vtn.put_template("peak", peak(1)).await.unwrap();
        let vtn = open(memory).await;
        for times in 1..=2 {
            vtn.keep_event_series().await;
            for one in vtn.series_events("s", None, 99).unwrap() {
                let told = (one.by_operator, one.event.modification, one.event.draft.priority);
                assert_eq!(told, (false, 1, 1), "after {commits} commits, kept {times} times");
            }
        }
        if limited.took_all() {
            assert!(commits > DAYS, "it failed at {commits} places only");
            return;
        }
    }
}

/// A store with a VEN and a template.
async fn prepared() -> Store {
    let memory = Memory::new().open();
    let vtn = open(memory.clone()).await;
    let (ven_id, name, groups) = (Some("A".to_owned()), None, Default::default());
    let fingerprint = certificate("A").fingerprint();
    vtn.enrol_ven(Enrolment { fingerprint, ven_id, name, groups }).await.unwrap();
    vtn.put_template("peak", peak(2)).await.unwrap();
    memory
}

fn peak(priority: u32) -> TemplateDraft {
    let interval = IntervalDraft { duration: minutes(60), value: 1.into() };
    TemplateDraft {
        market_context: "urn:p".to_owned(),
        duration: minutes(60),
        start_after: None,
        notification: SignedDuration::ZERO,
        ramp_up: None,
        recovery: None,
        priority,
        response_required: true,
        signals: vec![signal("SIMPLE", "level", None, vec![interval])],
        targets: Targets { vens: vec!["A".to_owned()], ..Targets::default() },
        test: false,
        comment: None,
    }
}

fn daily() -> EventSeriesDraft {
    EventSeriesDraft {
        template: "peak".to_owned(),
        zone: "UTC".to_owned(),
        start: "2026-06-01T15:00:00".parse().unwrap(),
        rule: "FREQ=DAILY".to_owned(),
        except: Default::default(),
        holidays: Default::default(),
        days_ahead: u16::try_from(DAYS).unwrap(),
    }
}

async fn open(store: Store) -> Vtn {
    let (clock, random) = (Arc::new(ManualClock::new(noon())), Random::seed_from_u64(1));
    Vtn::open(Settings::new("VTN-1"), store, Hooks::default(), clock, random).await.unwrap()
}
