//! What can be wrong with a directory: each case says which one, and the mend.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::fs;
use std::path::Path;

use common::puts;
use oadr_store::{Error, Options, Read, Store};
use tempfile::TempDir;

fn refused(path: &Path) -> Error {
    let error = Store::open(path, Options::default()).unwrap_err();
    assert!(error.to_string().contains(path.to_str().unwrap()), "no path in: {error}");
    error
}

#[tokio::test]
async fn a_second_opening_is_refused_until_the_first_ends() {
    let place = TempDir::new().unwrap();
    let store = Store::open(place.path(), Options::default()).unwrap();
    let error = refused(place.path());
    assert!(matches!(error, Error::InUse { .. }), "{error}");
    assert!(error.to_string().contains("stop it, or give another directory"));
    let last = store.clone();
    drop(store);
    assert!(matches!(refused(place.path()), Error::InUse { .. }));
    drop(last);
    Store::open(place.path(), Options::default()).unwrap();
}

#[test]
fn a_file_is_not_a_directory() {
    let place = TempDir::new().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(matches!(refused(&file), Error::NotADirectory { .. }));
    let error = Store::open(file.join("below"), Options::default()).unwrap_err();
    assert!(matches!(error, Error::NotADirectory { .. }), "{error}");
}

#[test]
fn a_read_only_directory_is_a_clear_error() {
    let place = TempDir::new().unwrap();
    drop(Store::open(place.path(), Options::default()).unwrap());
    let mut rights = fs::metadata(place.path()).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(place.path(), rights.clone()).unwrap();
    let ignored = fs::write(place.path().join("probe"), "").is_ok();
    if ignored {
        println!("SKIPPED in part: this user writes where rights forbid it");
    }
    fs::remove_file(place.path().join("LOCK")).ok();
    let opened = Store::open(place.path(), Options::default());
    #[allow(clippy::permissions_set_readonly_false, reason = "it is removed next")]
    rights.set_readonly(false);
    fs::set_permissions(place.path(), rights).unwrap();
    if !ignored {
        let error = opened.unwrap_err();
        assert!(matches!(error, Error::NotWritable { .. }), "{error}");
        assert!(error.to_string().contains("right to write"));
    }
    // What no user may write to.
    let system = Path::new("/proc/store");
    if Path::new("/proc").is_dir() {
        Store::open(system, Options::default()).unwrap_err();
    }
}

#[test]
fn a_foreign_or_empty_file_is_not_taken_for_a_store() {
    for content in ["", "x", &"not a store ".repeat(10_000)] {
        let place = TempDir::new().unwrap();
        let file = place.path().join("store.redb");
        fs::write(&file, content).unwrap();
        let error = refused(place.path());
        assert!(matches!(error, Error::NotAStore { .. }), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), content, "it was touched");
    }
}

#[tokio::test]
async fn what_an_interrupted_creation_left_is_cleared() {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("store.unfinished"), "half a store").unwrap();
    let store = Store::open(place.path(), Options::default()).unwrap();
    store.commit(puts("t", &[("a", "1")])).await.unwrap();
    assert!(!place.path().join("store.unfinished").exists());
}

#[tokio::test]
async fn a_directory_is_made_with_those_above_it() {
    let place = TempDir::new().unwrap();
    let deep = place.path().join("a/b/c");
    let store = Store::open(&deep, Options::default()).unwrap();
    store.commit(puts("t", &[("a", "1")])).await.unwrap();
    drop(store);
    let checked = Store::open(&deep, Options { check: true, ..Options::default() }).unwrap();
    assert_eq!(checked.get_bytes("t", b"a").unwrap().unwrap(), b"1");
}

#[test]
fn the_engine_is_named_in_one_file() {
    let mut named = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).unwrap().contains("redb") {
                named.push(path.file_name().unwrap().to_owned());
            }
        }
    }
    assert_eq!(named, ["embedded.rs"]);
}
