//! A full disk: commits say so, nothing is half-written, reads go on, and
//! commits resume when there is room again. On a small memory file system,
//! which only root may mount: skipped with a reason elsewhere.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use common::{Place, puts};
use oadr_store::{Error, Memory, Options, Read, Span, Store, Trouble};
use tempfile::TempDir;

const T: &str = "records";

#[tokio::test]
async fn a_full_disk_refuses_cleanly_and_recovers() {
    for quick_repair in [false, true] {
        let Some(disk) = SmallDisk::mount() else { return };
        fill_and_recover(&disk, Options { quick_repair, ..Options::default() }).await;
    }
}

async fn fill_and_recover(disk: &SmallDisk, options: Options) {
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![7; 4 << 20]).unwrap();
    let place = disk.path().join("store");
    let mut store = Store::open(&place, options).unwrap();
    let mut written = BTreeSet::new();

    let error = fill(&store, &mut written).await;
    assert!(matches!(error, Error::Full { .. }) && error.is_temporary(), "{error}");
    assert!(error.to_string().contains("free space"), "{error}");
    assert!(written.len() > 100, "only {} records went in", written.len());
    for attempt in 0..5 {
        check(&store, &written);
        let large = "x".repeat(3 << 20);
        let batch = puts(T, &[("much too large for the room", &large)]);
        let refused = store.commit(batch).await.unwrap_err();
        assert!(matches!(refused, Error::Full { .. }), "attempt {attempt}: {refused}");
    }
    check(&store, &written);

    // A restart does not need room.
    drop(store);
    store = Store::open(&place, options).unwrap();
    check(&store, &written);

    std::fs::remove_file(&ballast).unwrap();
    let before = written.len();
    let error = fill(&store, &mut written).await;
    assert!(matches!(error, Error::Full { .. }), "{error}");
    assert!(written.len() > before + 100, "commits did not resume");
    check(&store, &written);
    store.close().await.unwrap();
    check(&Store::open(&place, options).unwrap(), &written);
}

/// Writes with 16 tasks until each of them was refused.
async fn fill(store: &Store, written: &mut BTreeSet<String>) -> Error {
    let start = written.len();
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let key = format!("{start}/{task}/{}", mine.len());
                    match store.commit(puts(T, &[(&key, &content(&key))])).await {
                        Ok(()) => mine.push(key),
                        Err(error) => return (mine, error),
                    }
                }
            })
        })
        .collect();
    let mut last = Error::Closed;
    for task in tasks {
        let (mine, error) = task.await.unwrap();
        written.extend(mine);
        last = error;
    }
    last
}

fn content(key: &str) -> String {
    key.repeat(800 / key.len())
}

/// Exactly what was acknowledged is there: also nothing of what was refused.
fn check(store: &Store, written: &BTreeSet<String>) {
    let pairs = store.range_bytes(T, &Span::all()).unwrap();
    let there: BTreeSet<String> = pairs
        .into_iter()
        .map(|(key, value)| {
            let key = String::from_utf8(key).unwrap();
            assert_eq!(value, content(&key).into_bytes());
            key
        })
        .collect();
    assert_eq!(there.len(), written.len());
    assert!(there == *written);
}

#[tokio::test]
async fn a_disk_too_full_to_make_a_store_is_a_clear_error() {
    let Some(disk) = SmallDisk::mount() else { return };
    let ballast = disk.path().join("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    while std::io::Write::write_all(&mut file, &[7; 4096]).is_ok() {}
    let place = disk.path().join("store");
    let error = Store::open(&place, Options::default()).unwrap_err();
    assert!(matches!(error, Error::Full { .. }), "{error}");
    drop(file);
    std::fs::remove_file(&ballast).unwrap();
    Store::open(&place, Options::default()).unwrap();
}

#[tokio::test]
async fn a_backup_that_does_not_fit_leaves_nothing_that_looks_like_one() {
    let Some(disk) = SmallDisk::mount() else { return };
    let source = Place::file().open_and_keep();
    let large = "x".repeat(1 << 20);
    for n in 0..12 {
        source.0.commit(puts(T, &[(&n.to_string(), &large)])).await.unwrap();
    }
    let to = disk.path().join("backup");
    let error = source.0.backup(&to).await.unwrap_err();
    assert!(matches!(error, Error::Full { .. }), "{error}");
    assert!(!to.join("store.redb").exists());
    assert!(matches!(
        Store::restore(&to, disk.path().join("restored")),
        Err(Error::Missing { .. })
    ));
    assert_eq!(source.0.verify().await.unwrap().records, 12);
}

#[tokio::test]
async fn a_pretended_disk_has_the_same_troubles() {
    let memory = Memory::new();
    let store = memory.open();
    store.commit(puts(T, &[("a", "1")])).await.unwrap();
    memory.set_trouble(Some(Trouble::Full));
    assert!(matches!(store.commit(puts(T, &[("b", "2")])).await, Err(Error::Full { .. })));
    assert!(store.get_bytes(T, b"a").unwrap().is_some());
    memory.set_trouble(None);
    store.commit(puts(T, &[("c", "3")])).await.unwrap();

    for written in [false, true] {
        let store = memory.open();
        memory.set_trouble(Some(Trouble::SyncFails { written }));
        let batch = puts(T, &[("d", "4")]);
        assert!(matches!(store.commit(batch.clone()).await, Err(Error::Stopped { .. })));
        assert!(matches!(store.commit(batch).await, Err(Error::Stopped { .. })));
        assert!(matches!(store.snapshot(), Err(Error::Stopped { .. })));
        let again = memory.open();
        assert_eq!(again.get_bytes(T, b"d").unwrap().is_some(), written);
        assert_eq!(again.get_bytes(T, b"b").unwrap(), None);
        assert!(matches!(store.snapshot(), Err(Error::Closed)));
    }
}

/// An 8 MiB file system.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let directory = TempDir::new().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(directory.path())
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(directory)),
            other => {
                println!("SKIPPED: a small file system cannot be mounted here: {other:?}");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}
