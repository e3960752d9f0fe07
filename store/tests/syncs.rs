//! Who measures syncs is told of each.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::puts;
use oadr_store::{Options, Store};

#[tokio::test]
async fn each_sync_is_told_before_its_commit_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::default()).unwrap();
    let counted = |store: &Store| {
        let syncs = Arc::new(AtomicU64::new(0));
        let told = Arc::clone(&syncs);
        store.observe_syncs(move |took| {
            assert!(!took.is_zero());
            told.fetch_add(1, Ordering::Relaxed);
        });
        syncs
    };
    let first = counted(&store);
    store.commit(puts("things", &[("a", "1")])).await.unwrap();
    store.commit(puts("things", &[("b", "2")])).await.unwrap();
    assert_eq!(first.load(Ordering::Relaxed), 2);
    // Another one in its place.
    let second = counted(&store);
    store.commit(puts("things", &[("c", "3")])).await.unwrap();
    assert_eq!((first.load(Ordering::Relaxed), second.load(Ordering::Relaxed)), (2, 1));
}
