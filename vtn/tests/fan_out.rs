//! An event is told to all its VENs, whatever happens on the way. Threat T5.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::{Limited, noon, simple};
use oadr_certs::Fingerprint;
use oadr_store::{Memory, Store};
use oadr_transport::{ManualClock, Random};
use oadr_vtn::record::{Enrolment, EventDraft};
use oadr_vtn::{Hooks, Settings, Vtn};
use rand::SeedableRng;

/// More than are told in two commits.
const VENS: usize = 1_100;

#[tokio::test]
async fn an_event_is_told_to_everybody_or_to_nobody_wherever_the_disk_fails() {
    let mut failed = 0;
    for commits in 0.. {
        let memory = Memory::new().open();
        crowd(&memory).await;
        let limited = Arc::new(Limited::new(memory.clone(), commits));
        let vtn = open(Store::with_engine(limited)).await;
        let made = vtn.create_event(for_all()).await;
        // The disk is mended and the program starts again.
        let vtn = open(memory).await;
        let told = vtn.event("e").is_ok();
        assert_eq!(told, commits > 0, "the first commit makes the event");
        if told {
            let answers = vtn.event_answers("e").unwrap();
            assert_eq!(answers.len(), VENS, "after {commits} commits");
            let due = |ven: &str| vtn.outbox(ven).unwrap().events.is_some();
            assert!(answers.iter().all(|reply| due(&reply.ven)), "after {commits} commits");
        }
        match made {
            Ok(_) => break,
            Err(_) => failed += 1,
        }
    }
    assert!(failed >= 4, "it failed at {failed} places only");
}

fn for_all() -> EventDraft {
    let mut draft = EventDraft { id: Some("e".into()), ..simple(&[], noon(), &[1]) };
    draft.targets.all = true;
    draft
}

async fn crowd(store: &Store) {
    let vtn = open(store.clone()).await;
    for n in 0..VENS {
        let mut fingerprint = [0; 10];
        fingerprint[2..].copy_from_slice(&(n as u64).to_be_bytes());
        let fingerprint = Fingerprint(fingerprint);
        let (ven_id, name, groups) = (Some(format!("v{n}")), None, Default::default());
        vtn.enrol_ven(Enrolment { fingerprint, ven_id, name, groups }).await.unwrap();
    }
}

async fn open(store: Store) -> Vtn {
    let (clock, random) = (Arc::new(ManualClock::new(noon())), Random::seed_from_u64(1));
    Vtn::open(Settings::new("VTN-1"), store, Hooks::default(), clock, random).await.unwrap()
}
