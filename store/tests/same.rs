//! Memory and file give the same answers to the same random batches.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use common::Place;
use oadr_store::{Batch, Error, Pair, Precondition, Read, Span, Store};
use proptest::prelude::*;
use std::ops::Bound;

const TABLES: [&str; 2] = ["one", "two"];

/// One thing done to both stores.
#[derive(Clone, Debug)]
enum Step {
    Commit(Batch),
    /// Committed together, in this order.
    Together(Vec<Batch>),
    Reopen,
    Range(&'static str, Span),
}

fn table() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&TABLES[..])
}

/// Few keys and values, so that preconditions hold about half the time.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(vec![0_u8, 1, 0xFE, 0xFF]), 0..3)
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..2_u8, 0..2)
}

fn precondition() -> impl Strategy<Value = Precondition> {
    (table(), key(), value(), 0..3).prop_map(|(table, key, value, kind)| match kind {
        0 => Precondition::Absent { table, key },
        1 => Precondition::Present { table, key },
        _ => Precondition::Equals { table, key, value },
    })
}

fn batch() -> impl Strategy<Value = Batch> {
    let write = (table(), key(), prop::option::of(value()));
    let writes = prop::collection::vec(write, 0..6);
    (prop::collection::vec(precondition(), 0..2), writes).prop_map(|(wanted, writes)| {
        let mut batch = Batch::new();
        for (table, key, value) in writes {
            match value {
                Some(value) => batch.put(table, key, value),
                None => batch.delete(table, key),
            }
        }
        wanted.into_iter().for_each(|wanted| batch.require(wanted));
        batch
    })
}

fn bound() -> impl Strategy<Value = Bound<Vec<u8>>> {
    prop_oneof![
        Just(Bound::Unbounded),
        key().prop_map(Bound::Included),
        key().prop_map(Bound::Excluded),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let span = (bound(), bound(), any::<bool>(), prop_oneof![0..4_usize, Just(usize::MAX)])
        .prop_map(|(start, end, backward, limit)| Span { start, end, backward, limit });
    prop_oneof![
        4 => batch().prop_map(Step::Commit),
        2 => prop::collection::vec(batch(), 2..6).prop_map(Step::Together),
        1 => Just(Step::Reopen),
        4 => (table(), span).prop_map(|(table, span)| Step::Range(table, span)),
    ]
}

/// What a step answered, comparable.
#[derive(Debug, PartialEq)]
enum Answer {
    Commits(Vec<Result<(), String>>),
    Pairs(Vec<Pair>),
    Nothing,
}

async fn take(store: &mut Option<Store>, place: &Place, step: &Step) -> Answer {
    let told = |result: Result<(), Error>| result.map_err(|error| error.to_string());
    match step {
        Step::Commit(batch) => {
            let store = store.as_ref().unwrap();
            Answer::Commits(vec![told(store.commit(batch.clone()).await)])
        }
        Step::Together(batches) => {
            let store = store.as_ref().unwrap();
            let tasks: Vec<_> = batches
                .iter()
                .map(|batch| {
                    let (store, batch) = (store.clone(), batch.clone());
                    tokio::spawn(async move { store.commit(batch).await })
                })
                .collect();
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(told(task.await.unwrap()));
            }
            Answer::Commits(answers)
        }
        Step::Reopen => {
            drop(store.take());
            *store = Some(place.open());
            Answer::Nothing
        }
        Step::Range(table, span) => {
            Answer::Pairs(store.as_ref().unwrap().range_bytes(table, span).unwrap())
        }
    }
}

fn everything(store: &Store) -> Vec<Vec<Pair>> {
    TABLES.iter().map(|table| store.range_bytes(table, &Span::all()).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn memory_and_file_answer_alike(steps in prop::collection::vec(step(), 1..40)) {
        // One thread, so that tasks started in an order commit in that order.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let places = [Place::memory(), Place::file()];
            let mut stores = places.each_ref().map(|place| Some(place.open()));
            for step in &steps {
                let [memory, file] = &mut stores;
                let expected = take(memory, &places[0], step).await;
                assert_eq!(take(file, &places[1], step).await, expected, "{step:?}");
            }
            let [memory, file] = stores.map(Option::unwrap);
            assert_eq!(everything(&file), everything(&memory));
        });
    }
}
