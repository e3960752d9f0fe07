//! Backup while writing, restore, verification, damage.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{Place, on_every_engine, puts};
use oadr_store::{Batch, Error, Keys, Options, Read, Store, Table};
use tempfile::TempDir;

const LEFT: Table<u64, String> = Table::new("left", 1);
const RIGHT: Table<u64, String> = Table::new("right", 1);

on_every_engine!(
    a_backup_while_writing_is_one_moment,
    a_backup_does_not_overwrite_a_store,
    a_restored_store_goes_on,
);

/// Both tables get each number in one batch, so a copy of two moments shows.
async fn write(store: &Store, number: u64) {
    let mut batch = Batch::new();
    let text = "watt ".repeat((number % 200) as usize);
    LEFT.put_new(&mut batch, number, &text).unwrap();
    RIGHT.put_new(&mut batch, number, &text).unwrap();
    store.commit(batch).await.unwrap();
}

async fn a_backup_while_writing_is_one_moment(place: Place) {
    let store = place.open();
    for number in 0..200 {
        write(&store, number).await;
    }
    let written = Arc::new(AtomicU64::new(200));
    let writer = tokio::spawn({
        let (store, written) = (store.clone(), Arc::clone(&written));
        async move {
            for number in 200..100_000 {
                write(&store, number).await;
                written.store(number + 1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    });
    let scratch = TempDir::new().unwrap();
    for copy in 0..3 {
        let (to, restored) =
            (scratch.path().join(format!("b{copy}")), scratch.path().join(format!("r{copy}")));
        let at_least = written.load(Ordering::Relaxed);
        let summary = store.backup(&to).await.unwrap();
        assert!(summary.tables == 2 && summary.records >= 2 * at_least);
        assert_eq!(Store::restore(&to, &restored).unwrap(), summary);
        let copy = Store::open(&restored, Options::default()).unwrap();
        let left = LEFT.range(&copy, Keys::all()).unwrap();
        assert!(left == RIGHT.range(&copy, Keys::all()).unwrap());
        assert!(left.iter().map(|(number, _)| *number).eq(0..left.len() as u64));
        assert_eq!(copy.verify().await.unwrap(), summary);
    }
    writer.abort();
}

async fn a_backup_does_not_overwrite_a_store(place: Place) {
    let store = place.open();
    write(&store, 1).await;
    let to = TempDir::new().unwrap();
    store.backup(to.path()).await.unwrap();
    let error = store.backup(to.path()).await.unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
    let other = Place::file();
    let Place::Directory(directory, _) = &other else { unreachable!() };
    drop(other.open());
    let error = Store::restore(to.path(), directory.path()).unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
    assert_eq!(other.open().verify().await.unwrap().records, 0);
}

async fn a_restored_store_goes_on(place: Place) {
    let store = place.open();
    write(&store, 1).await;
    let scratch = TempDir::new().unwrap();
    let (to, restored) = (scratch.path().join("backup"), scratch.path().join("deep/down"));
    store.backup(&to).await.unwrap();
    Store::restore(&to, &restored).unwrap();
    let restored = Store::open(&restored, Options::default()).unwrap();
    write(&restored, 2).await;
    assert!(LEFT.contains(&restored, 1).unwrap() && LEFT.contains(&restored, 2).unwrap());
    assert!(!LEFT.contains(&store, 2).unwrap());
}

#[tokio::test]
async fn a_store_in_use_is_not_a_source_of_restore() {
    let (store, place) = Place::file().open_and_keep();
    write(&store, 1).await;
    let Place::Directory(directory, _) = &place else { unreachable!() };
    let to = TempDir::new().unwrap();
    let error = Store::restore(directory.path(), to.path().join("x")).unwrap_err();
    assert!(matches!(error, Error::InUse { .. }), "{error}");
    store.close().await.unwrap();
    assert_eq!(Store::restore(directory.path(), to.path().join("x")).unwrap().records, 2);
}

#[test]
fn restoring_from_nothing_says_where_it_looked() {
    let scratch = TempDir::new().unwrap();
    let error = Store::restore(scratch.path(), scratch.path().join("x")).unwrap_err();
    assert!(error.to_string().contains("store.redb does not exist"), "{error}");
}

/// A damaged backup is refused, or (a flipped byte of an unused page) whole.
#[tokio::test]
async fn a_damaged_backup_never_gives_a_wrong_record() {
    let store = Store::in_memory();
    for number in 0..200 {
        write(&store, number).await;
    }
    let want = LEFT.range(&store, Keys::all()).unwrap();
    let scratch = TempDir::new().unwrap();
    let backup = scratch.path().join("backup");
    store.backup(&backup).await.unwrap();
    let file = backup.join("store.redb");
    let whole = std::fs::read(&file).unwrap();
    let mut refused = 0;
    let places = (0..whole.len()).step_by(whole.len() / 150);
    let count = places.clone().count();
    for at in places {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        std::fs::write(&file, &damaged).unwrap();
        match restore_and_read(&backup, &scratch.path().join(format!("r{at}"))) {
            Some(records) => assert!(records == want, "a flip at {at} gave wrong records"),
            None => refused += 1,
        }
    }
    assert!(refused > count / 4, "only {refused} of {count} flips were noticed");
    for length in (0..whole.len()).step_by(whole.len() / 20) {
        std::fs::write(&file, &whole[..length]).unwrap();
        let to = scratch.path().join(format!("t{length}"));
        assert!(restore_and_read(&backup, &to).is_none(), "cut at {length}");
    }
}

fn restore_and_read(from: &Path, to: &Path) -> Option<Vec<(u64, String)>> {
    match Store::restore(from, to) {
        Ok(_) => {
            let store = Store::open(to, Options::default()).unwrap();
            Some(LEFT.range(&store, Keys::all()).unwrap())
        }
        Err(error) => {
            assert!(!to.join("store.redb").exists(), "{error}");
            None
        }
    }
}

#[tokio::test]
async fn verify_reads_what_a_table_cannot_decode() {
    let store = Store::in_memory();
    store.commit(puts("left", &[("a", "not a record")])).await.unwrap();
    assert_eq!(store.verify().await.unwrap().records, 1);
    assert!(store.get_bytes("left", b"a").unwrap().is_some());
    assert!(LEFT.range(&store, Keys::all()).is_err());
}
