//! A place for a store, in memory or in a directory, that can be reopened.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]
#![allow(dead_code, unused_macros, unused_imports, reason = "each test file uses a part of it")]

use std::path::PathBuf;

use oadr_store::{Batch, Memory, Options, Store};
use tempfile::TempDir;

/// Where a test's store lives.
pub enum Place {
    Memory(Memory),
    Directory(TempDir, Options),
}

impl Place {
    pub fn memory() -> Self {
        Self::Memory(Memory::new())
    }

    pub fn file() -> Self {
        let options = Options { quick_repair: false, ..Options::default() };
        Self::Directory(TempDir::new().unwrap(), options)
    }

    pub fn quick_file() -> Self {
        let options = Options { quick_repair: true, ..Options::default() };
        Self::Directory(TempDir::new().unwrap(), options)
    }

    pub fn open(&self) -> Store {
        match self {
            Self::Memory(memory) => memory.open(),
            Self::Directory(directory, options) => Store::open(directory.path(), *options).unwrap(),
        }
    }
}

/// Runs each test once per engine.
macro_rules! on_every_engine {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test] async fn $test() { super::$test(super::Place::memory()).await; })+
        }
        mod file {
            $(#[tokio::test] async fn $test() { super::$test(super::Place::file()).await; })+
        }
        mod quick_file {
            $(#[tokio::test] async fn $test() { super::$test(super::Place::quick_file()).await; })+
        }
    };
}
pub(crate) use on_every_engine;

/// A batch of raw puts into one table.
pub fn puts(table: &'static str, pairs: &[(&str, &str)]) -> Batch {
    let mut batch = Batch::new();
    for (key, value) in pairs {
        batch.put(table, key.as_bytes().to_vec(), value.as_bytes().to_vec());
    }
    batch
}

/// A scratch directory on a real disk: the system's temporary one may be memory.
pub fn scratch() -> TempDir {
    TempDir::new_in(target()).unwrap()
}

fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

impl Place {
    /// A store with the place it needs.
    pub fn open_and_keep(self) -> (Store, Self) {
        (self.open(), self)
    }
}
