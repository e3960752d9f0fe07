//! What is made once, however often its request comes.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, minutes, noon, offering, simple, wanted};
use jiff::SignedDuration;
use oadr_schemas::openadr::oadr::OadrCreateReport;
use oadr_store::{Keys, Table, Trouble};
use oadr_vtn::Error;
use oadr_vtn::control::{Occasion, Request};
use oadr_vtn::record::{Event, EventDraft, Once};

/// The VTN's own tables, as it describes them.
const ONCE: Table<(String, String), Once> = Table::new("once", 1);
const ONCE_AGES: Table<(i64, String, String), ()> = Table::new("once_ages", 1);

fn request(operator: &str, key: &str) -> Request {
    Request { operator: operator.to_owned(), key: key.parse().unwrap() }
}

/// An event for A in half an hour.
fn draft(level: i64) -> EventDraft {
    simple(&["A"], noon().checked_add(minutes(30)).unwrap(), &[level])
}

async fn create(bench: &Bench, key: &str, draft: EventDraft) -> Result<Event, Error> {
    bench.vtn.create_event_once(Some(&request("ann", key)), draft).await
}

fn remembered(bench: &Bench) -> (usize, usize) {
    let store = bench.vtn.store();
    let rows = ONCE.range(store, Keys::all()).unwrap().len();
    (rows, ONCE_AGES.range(store, Keys::all()).unwrap().len())
}

#[tokio::test]
async fn a_repetition_is_answered_with_the_event_as_it_was_made() {
    let mut bench = Bench::new().await;
    bench.registered("A").await;
    let made = create(&bench, "k", draft(1)).await.unwrap();
    bench.vtn.modify_event(&made.id, draft(2), None).await.unwrap();
    bench.vtn.cancel_event(&made.id, None).await.unwrap();
    bench.restart().await;
    // The event is over: made now it would be refused, but it was made.
    bench.pass(minutes(60));
    assert_eq!(create(&bench, "k", draft(1)).await.unwrap(), made);
    assert_eq!(bench.vtn.events(None, 9).unwrap().len(), 1);
    assert_eq!(bench.vtn.event(&made.id).unwrap().version().to_string(), "2c");
    // Another operator's key of this name, and one without a name, make events of their own.
    let later = simple(&["A"], bench.now(), &[1]);
    let other = bench.vtn.create_event_once(Some(&request("bob", "k")), later.clone()).await;
    let nameless = bench.vtn.create_event(later).await.unwrap();
    assert_eq!(
        std::collections::BTreeSet::from([other.unwrap().id, nameless.id, made.id]).len(),
        3
    );
}

#[tokio::test]
async fn a_crash_in_the_commit_leaves_event_and_key_or_neither() {
    for written in [false, true] {
        let mut bench = Bench::new().await;
        bench.registered("A").await;
        bench.memory.set_trouble(Some(Trouble::SyncFails { written }));
        assert!(create(&bench, "k", draft(1)).await.is_err());
        bench.restart().await;
        let there = bench.vtn.events(None, 9).unwrap();
        assert_eq!((there.len(), remembered(&bench).0), (usize::from(written), there.len()));
        let made = create(&bench, "k", draft(1)).await.unwrap();
        assert_eq!(bench.vtn.events(None, 9).unwrap(), std::slice::from_ref(&made));
        assert_eq!(bench.vtn.event_answers(&made.id).unwrap()[0].ven, "A");
    }
}

#[tokio::test]
async fn a_key_means_one_request_and_one_that_was_refused_leaves_it_free() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let nobody = EventDraft { targets: Default::default(), ..draft(1) };
    assert!(matches!(create(&bench, "k", nobody).await, Err(Error::Fault(_))));
    assert_eq!(remembered(&bench), (0, 0));
    let made = create(&bench, "k", draft(1)).await.unwrap();
    let other = create(&bench, "k", draft(2)).await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    // Nor is it another kind of request, whatever that says.
    let occasion = Occasion { start: made.draft.start, id: None };
    let other = bench.vtn.create_event_of_once(Some(&request("ann", "k")), "peak", occasion).await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    assert_eq!(bench.vtn.events(None, 9).unwrap(), [made]);
}

#[tokio::test]
async fn a_report_is_asked_for_once() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let (once, wanted) = (request("ann", "k"), wanted(minutes(1), minutes(5)));
    let ask = async || bench.vtn.request_report_once(Some(&once), "A", wanted.clone()).await;
    let first = ask().await.unwrap();
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    assert_eq!(create.oadr_report_request[0].report_request_id, first.id);
    assert_eq!(ask().await.unwrap(), first);
    ven.poll_nothing().await;
    assert_eq!(bench.vtn.report_requests("A").unwrap().len(), 1);
    // Remembered no longer, but not done twice.
    bench.pass(SignedDuration::from_hours(25));
    assert!(matches!(ask().await, Err(Error::Clash(_))));
}

#[tokio::test]
async fn keys_are_kept_a_day_and_then_swept() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let far = |id: Option<&str>| EventDraft {
        id: id.map(str::to_owned),
        ..simple(&["A"], noon().checked_add(SignedDuration::from_hours(99)).unwrap(), &[1])
    };
    let made = create(&bench, "first", far(None)).await.unwrap();
    for at in 0..40 {
        create(&bench, &format!("k{at}"), far(None)).await.unwrap();
    }
    assert_eq!(remembered(&bench), (41, 41));
    bench.pass(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    assert_eq!(create(&bench, "first", far(None)).await.unwrap(), made);
    bench.pass(SignedDuration::from_secs(1));
    // Remembered no longer: the eventID that follows from the key tells what it would be.
    let again = create(&bench, "first", far(None)).await;
    assert!(matches!(&again, Err(Error::Clash(what)) if what.contains(&made.id)), "{again:?}");
    assert_eq!(remembered(&bench), (41, 41));
    // The key may name a new request; the old ones go faster than new ones come.
    let new = create(&bench, "first", far(Some("new"))).await.unwrap();
    assert_eq!(create(&bench, "first", far(Some("new"))).await.unwrap(), new);
    for at in 0..4 {
        create(&bench, &format!("new{at}"), far(None)).await.unwrap();
    }
    assert_eq!(remembered(&bench), (5, 5));
    assert_eq!(create(&bench, "first", far(Some("new"))).await.unwrap(), new);
}

#[tokio::test]
async fn of_many_repetitions_at_once_one_makes_it() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let tasks: Vec<_> = (0..16)
        .map(|at| {
            let (vtn, other) = (bench.vtn.clone(), at % 4);
            tokio::spawn(async move {
                let key = format!("k{other}");
                vtn.create_event_once(Some(&request("ann", &key)), draft(1)).await.unwrap().id
            })
        })
        .collect();
    let mut ids = std::collections::BTreeMap::new();
    for (at, task) in tasks.into_iter().enumerate() {
        ids.entry(at % 4).or_insert_with(Vec::new).push(task.await.unwrap());
    }
    assert!(ids.values().all(|ids| ids.iter().all(|id| *id == ids[0])), "{ids:?}");
    assert_eq!(bench.vtn.events(None, 99).unwrap().len(), 4);
}
