//! What every engine must do: run once per engine.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use common::{Place, on_every_engine, puts};
use oadr_store::{Batch, Error, Expected, Precondition, Read, Span, Store};

on_every_engine!(
    a_batch_is_written_whole_or_not_at_all,
    a_failed_precondition_names_the_key,
    batches_waiting_together_do_not_harm_each_other,
    of_many_claims_on_one_key_one_wins,
    a_snapshot_stays_as_it_was,
    a_range_is_bounded_limited_and_goes_both_ways,
    the_last_write_to_a_key_wins,
    what_was_committed_is_there_after_reopening,
    a_watch_wakes_for_its_prefix_only,
    a_closed_store_says_so,
    a_record_too_large_is_refused,
    an_empty_batch_is_nothing,
    verify_counts_what_is_there,
    increments_under_compare_and_set_are_never_lost,
);

const T: &str = "things";

fn get(store: &Store, key: &str) -> Option<String> {
    let value = store.get_bytes(T, key.as_bytes()).unwrap();
    value.map(|bytes| String::from_utf8(bytes).unwrap())
}

fn absent(key: &str) -> Precondition {
    Precondition::Absent { table: T, key: key.into() }
}

fn present(key: &str) -> Precondition {
    Precondition::Present { table: T, key: key.into() }
}

fn equals(key: &str, value: &str) -> Precondition {
    Precondition::Equals { table: T, key: key.into(), value: value.into() }
}

async fn a_batch_is_written_whole_or_not_at_all(place: Place) {
    let store = place.open();
    store.commit(puts(T, &[("a", "1"), ("b", "2")])).await.unwrap();
    let mut refused = puts(T, &[("a", "changed"), ("c", "3")]);
    refused.delete(T, b"b".to_vec());
    refused.require(present("nobody"));
    store.commit(refused).await.unwrap_err();
    assert_eq!(get(&store, "a").as_deref(), Some("1"));
    assert_eq!(get(&store, "b").as_deref(), Some("2"));
    assert_eq!(get(&store, "c"), None);
}

async fn a_failed_precondition_names_the_key(place: Place) {
    let store = place.open();
    store.commit(puts(T, &[("a", "1")])).await.unwrap();
    let cases = [
        (absent("a"), Expected::Absent),
        (present("z"), Expected::Present),
        (equals("a", "2"), Expected::Unchanged),
        (equals("z", "1"), Expected::Unchanged),
    ];
    for (wanted, why) in cases {
        let mut batch = puts(T, &[("b", "2")]);
        batch.require(wanted.clone());
        match store.commit(batch).await {
            Err(Error::Conflict { table, key, expected }) => {
                assert_eq!((table, key.as_slice(), expected), (T, wanted.key(), why));
            }
            other => panic!("{wanted:?}: {other:?}"),
        }
    }
    for holds in [absent("z"), present("a"), equals("a", "1")] {
        let mut batch = Batch::new();
        batch.require(holds);
        store.commit(batch).await.unwrap();
    }
    assert_eq!(get(&store, "b"), None);
}

async fn batches_waiting_together_do_not_harm_each_other(place: Place) {
    let store = place.open();
    let commits = (0..100).map(|n: u32| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut batch = puts(T, &[(&format!("key {n:03}"), "x")]);
            if n.is_multiple_of(3) {
                batch.require(present("nobody"));
            }
            (n, store.commit(batch).await)
        })
    });
    for commit in commits.collect::<Vec<_>>() {
        let (n, result) = commit.await.unwrap();
        assert_eq!(result.is_err(), n.is_multiple_of(3), "{n}: {result:?}");
        assert_eq!(get(&store, &format!("key {n:03}")).is_some(), result.is_ok());
    }
}

async fn of_many_claims_on_one_key_one_wins(place: Place) {
    let store = place.open();
    let claims = (0..64).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut batch = puts(T, &[("the one", &n.to_string())]);
            batch.require(absent("the one"));
            store.commit(batch).await.map(|()| n)
        })
    });
    let mut winners = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        match claim.await.unwrap() {
            Ok(winner) => winners.push(winner.to_string()),
            Err(error) => assert!(error.is_conflict(), "{error}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(get(&store, "the one"), winners.pop());
}

async fn a_snapshot_stays_as_it_was(place: Place) {
    let store = place.open();
    store.commit(puts(T, &[("a", "1"), ("b", "2")])).await.unwrap();
    let before = store.snapshot().unwrap();
    let mut batch = puts(T, &[("a", "changed"), ("c", "3")]);
    batch.delete(T, b"b".to_vec());
    batch.put("another table", b"x".to_vec(), b"y".to_vec());
    store.commit(batch).await.unwrap();
    assert_eq!(before.get_bytes(T, b"a").unwrap().unwrap(), b"1");
    assert_eq!(before.range_bytes(T, &Span::all()).unwrap().len(), 2);
    assert_eq!(before.tables().unwrap(), [T]);
    let after = store.snapshot().unwrap();
    assert_eq!(after.get_bytes(T, b"a").unwrap().unwrap(), b"changed");
    assert_eq!(after.get_bytes(T, b"b").unwrap(), None);
    assert_eq!(after.tables().unwrap(), ["another table", T]);
    assert_eq!(after.get_bytes("no such table", b"a").unwrap(), None);
}

async fn a_range_is_bounded_limited_and_goes_both_ways(place: Place) {
    use std::ops::Bound::{Excluded, Included};
    let store = place.open();
    store.commit(puts(T, &["a", "b", "ba", "bb", "c"].map(|key| (key, "")))).await.unwrap();
    let keys = |span: &Span| -> Vec<String> {
        let pairs = store.range_bytes(T, span).unwrap();
        pairs.into_iter().map(|(key, _)| String::from_utf8(key).unwrap()).collect()
    };
    assert_eq!(keys(&Span::all()), ["a", "b", "ba", "bb", "c"]);
    assert_eq!(keys(&Span { backward: true, limit: 2, ..Span::all() }), ["c", "bb"]);
    assert_eq!(keys(&Span::prefix(b"b".to_vec())), ["b", "ba", "bb"]);
    let start = Excluded(b"b".to_vec());
    assert_eq!(keys(&Span { start, limit: 2, ..Span::all() }), ["ba", "bb"]);
    let (start, end) = (Included(b"b".to_vec()), Excluded(b"bb".to_vec()));
    assert_eq!(keys(&Span { start, end, ..Span::all() }), ["b", "ba"]);
    let (start, end) = (Included(b"c".to_vec()), Included(b"a".to_vec()));
    assert!(keys(&Span { start, end, ..Span::all() }).is_empty());
    let (start, end) = (Excluded(b"a".to_vec()), Excluded(b"a".to_vec()));
    assert!(keys(&Span { start, end, ..Span::all() }).is_empty());
    assert!(keys(&Span { limit: 0, ..Span::all() }).is_empty());
    assert_eq!(keys(&Span::prefix(vec![0xFF])), [""; 0]);
}

async fn the_last_write_to_a_key_wins(place: Place) {
    let store = place.open();
    let mut batch = puts(T, &[("a", "1"), ("a", "2"), ("b", "1")]);
    batch.delete(T, b"b".to_vec());
    batch.delete(T, b"c".to_vec());
    batch.put(T, b"c".to_vec(), b"3".to_vec());
    store.commit(batch).await.unwrap();
    assert_eq!(get(&store, "a").as_deref(), Some("2"));
    assert_eq!(get(&store, "b"), None);
    assert_eq!(get(&store, "c").as_deref(), Some("3"));
}

async fn what_was_committed_is_there_after_reopening(place: Place) {
    for round in 0..5 {
        let store = place.open();
        for earlier in 0..round {
            assert_eq!(get(&store, &format!("round {earlier}")).as_deref(), Some("done"));
        }
        store.commit(puts(T, &[(&format!("round {round}"), "done")])).await.unwrap();
        if round == 3 {
            store.close().await.unwrap();
        }
    }
}

async fn a_watch_wakes_for_its_prefix_only(place: Place) {
    let store = place.open();
    let mut watch = store.watch(T, b"ven-1/".to_vec());
    store.commit(puts(T, &[("ven-2/x", "")])).await.unwrap();
    store.commit(puts("others", &[("ven-1/x", "")])).await.unwrap();
    let mut refused = puts(T, &[("ven-1/x", "")]);
    refused.require(present("nobody"));
    store.commit(refused).await.unwrap_err();
    assert!(!watch.has_changed());

    let waiting = tokio::spawn(async move { (watch.changed().await, watch) });
    store.commit(puts(T, &[("ven-1/a", "")])).await.unwrap();
    let (woken, mut watch) = waiting.await.unwrap();
    assert!(woken);
    let mut removal = Batch::new();
    removal.delete(T, b"ven-1/a".to_vec());
    store.commit(removal).await.unwrap();
    assert!(watch.has_changed());
    assert!(watch.changed().await);

    drop(store);
    assert!(!watch.changed().await, "a store that is gone ends its watches");
}

async fn a_closed_store_says_so(place: Place) {
    let store = place.open();
    store.commit(puts(T, &[("a", "1")])).await.unwrap();
    let other = store.clone();
    store.close().await.unwrap();
    store.close().await.unwrap();
    assert!(matches!(other.commit(puts(T, &[("b", "2")])).await, Err(Error::Closed)));
    assert!(matches!(other.snapshot(), Err(Error::Closed)));
    // The place is free again although a handle still lives.
    assert_eq!(get(&place.open(), "a").as_deref(), Some("1"));
}

async fn a_record_too_large_is_refused(place: Place) {
    let store = place.open();
    let mut batch = puts(T, &[("small", "")]);
    batch.put(T, b"large".to_vec(), vec![0; 64 << 20]);
    assert!(matches!(store.commit(batch).await, Err(Error::TooLarge { table: T, .. })));
    assert_eq!(get(&store, "small"), None);
}

async fn an_empty_batch_is_nothing(place: Place) {
    let store = place.open();
    store.commit(Batch::new()).await.unwrap();
    assert!(store.snapshot().unwrap().tables().unwrap().is_empty());
}

async fn verify_counts_what_is_there(place: Place) {
    let store = place.open();
    for hundred in 0..10 {
        let keys: Vec<String> = (0..100).map(|n| format!("{hundred}{n:02}")).collect();
        let pairs: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "12")).collect();
        store.commit(puts(T, &pairs)).await.unwrap();
    }
    store.commit(puts("others", &[("a", "b")])).await.unwrap();
    let seen = store.verify().await.unwrap();
    assert_eq!((seen.tables, seen.records, seen.bytes), (2, 1001, 1000 * 5 + 2));
}

async fn increments_under_compare_and_set_are_never_lost(place: Place) {
    let store = place.open();
    store.commit(puts(T, &[("n", "0")])).await.unwrap();
    let counters = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                increment(&store).await;
            }
        })
    });
    for counter in counters.collect::<Vec<_>>() {
        counter.await.unwrap();
    }
    assert_eq!(get(&store, "n").as_deref(), Some("80"));
}

async fn increment(store: &Store) {
    loop {
        let old = get(store, "n").unwrap();
        let new = (old.parse::<u32>().unwrap() + 1).to_string();
        let mut batch = puts(T, &[("n", &new)]);
        batch.require(equals("n", &old));
        match store.commit(batch).await {
            Ok(()) => return,
            Err(error) => assert!(error.is_conflict(), "{error}"),
        }
    }
}
