//! A Report Only VEN gets no events. OpenADR 2.0b Profile, table of features: EiEvent and EiOpt
//! are not among those of a Report Only VEN.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, minutes, noon, simple};
use oadr_vtn::record::EventDraft;

fn named(id: &str) -> EventDraft {
    EventDraft { id: Some(id.into()), ..simple(&["A", "B"], noon(), &[1]) }
}

fn for_all(id: &str) -> EventDraft {
    let mut draft = named(id);
    draft.targets.vens.clear();
    draft.targets.all = true;
    draft
}

impl Ven<'_> {
    /// Registers anew.
    async fn register_as(&self, report_only: bool) -> String {
        let mut create = self.create_registration();
        create.oadr_report_only = report_only;
        let created = self.created(create).await;
        self.take_metadata().await;
        created.registration_id.unwrap()
    }

    async fn event_ids(&self) -> Vec<String> {
        let events = self.events().await.oadr_event;
        events.iter().map(|event| event.ei_event.id().to_owned()).collect()
    }
}

#[tokio::test]
async fn no_event_is_told_to_a_report_only_ven_by_whatever_target() {
    let bench = Bench::new().await;
    let a = bench.enrolled("A").await;
    a.register_as(true).await;
    let b = bench.registered("B").await;
    for draft in [named("e1"), for_all("e2")] {
        bench.vtn.create_event(draft).await.unwrap();
    }
    let changed = EventDraft { priority: 1, ..named("e1") };
    bench.vtn.modify_event("e1", changed, None).await.unwrap();
    a.poll_nothing().await;
    assert_eq!(a.event_ids().await, Vec::<String>::new());
    assert_eq!(b.event_ids().await, ["e1", "e2"]);
    let told = bench.vtn.event_answers("e1").unwrap();
    assert_eq!(told.iter().map(|reply| reply.ven.as_str()).collect::<Vec<_>>(), ["B"]);
}

#[tokio::test]
async fn events_leave_a_ven_that_becomes_report_only_and_come_when_it_is_full() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    bench.enrolled("B").await;
    bench.vtn.create_event(named("e1")).await.unwrap();
    assert_eq!(a.event_ids().await, ["e1"]);
    bench.pass(minutes(1));
    a.register_as(true).await;
    a.poll_nothing().await;
    assert_eq!(a.event_ids().await, Vec::<String>::new());
    a.register_as(false).await;
    assert_eq!(a.poll_events().await.oadr_event.len(), 1);
}

#[tokio::test]
async fn a_cancelled_registration_was_the_only_one_that_was_report_only() {
    let bench = Bench::new().await;
    let a = bench.enrolled("A").await;
    bench.enrolled("B").await;
    let id = a.register_as(true).await;
    bench.vtn.create_event(named("e1")).await.unwrap();
    assert_eq!(a.code(a.cancel_registration(&id)).await, 200);
    a.register_as(false).await;
    assert_eq!(a.poll_events().await.oadr_event.len(), 1);
}
