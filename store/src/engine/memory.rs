//! An engine in memory, for tests and deterministic simulation: no threads, no
//! clock, a commit is applied when it is asked for.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Answer, Engine, ready};
use crate::batch::{Batch, Write};
use crate::error::Error;
use crate::snapshot::{Pair, Snapshot, Span, View};
use crate::store::Store;
use crate::watch::Watchers;

type Rows = BTreeMap<Vec<u8>, Arc<[u8]>>;
type Tables = BTreeMap<&'static str, Arc<Rows>>;

/// A pretended disk: what was committed to it outlives the stores opened on it,
/// so a simulated host can crash and find its records again.
///
/// One store at a time: opening it again cuts off the earlier one, as a host
/// that restarted has no earlier process.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Disk>>);

/// A fault of a pretended disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Commits are refused with [`Error::Full`] as long as it lasts.
    Full,
    /// The next commit is not acknowledged and the store stops
    /// ([`Error::Stopped`]) until it is opened again. Whether the batch is
    /// there then is the simulation's choice.
    SyncFails {
        /// Whether the batch reached the disk all the same.
        written: bool,
    },
}

impl Memory {
    /// An empty disk without troubles.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a store on it, and cuts off the one opened before.
    #[must_use]
    pub fn open(&self) -> Store {
        let mut disk = self.lock();
        disk.opening += 1;
        disk.stopped = false;
        let opening = disk.opening;
        drop(disk);
        let watchers = Watchers::default();
        Store::with_engine(Arc::new(Opening { memory: self.clone(), opening, watchers }))
    }

    /// Puts the disk into trouble, or out of it. [`Trouble::SyncFails`] ends by
    /// itself with the commit it hits.
    pub fn set_trouble(&self, trouble: Option<Trouble>) {
        self.lock().trouble = trouble;
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        // A batch is applied by statements that cannot panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Disk {
    tables: Tables,
    opening: u64,
    stopped: bool,
    trouble: Option<Trouble>,
}

impl Disk {
    fn check(&self, opening: u64) -> Result<(), Error> {
        if self.opening != opening {
            return Err(Error::Closed);
        }
        if self.stopped {
            return Err(stopped());
        }
        Ok(())
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), Error> {
        for wanted in batch.preconditions() {
            let rows = self.tables.get(wanted.table());
            let current = rows.and_then(|rows| rows.get(wanted.key()));
            if !wanted.holds(current.map(AsRef::as_ref)) {
                return Err(Error::conflict(wanted));
            }
        }
        if batch.writes().is_empty() {
            return Ok(());
        }
        match self.trouble {
            None => self.apply(batch),
            Some(Trouble::Full) => return Err(full()),
            Some(Trouble::SyncFails { written }) => {
                self.trouble = None;
                self.stopped = true;
                if written {
                    self.apply(batch);
                }
                return Err(stopped());
            }
        }
        Ok(())
    }

    fn apply(&mut self, batch: &Batch) {
        for write in batch.writes() {
            // A living snapshot keeps the rows it saw: they are copied then.
            let rows = Arc::make_mut(self.tables.entry(write.table()).or_default());
            match write {
                Write::Put { key, value, .. } => {
                    rows.insert(key.clone(), Arc::from(value.as_slice()));
                }
                Write::Delete { key, .. } => {
                    rows.remove(key);
                }
            }
        }
    }
}

/// One opening of a disk.
struct Opening {
    memory: Memory,
    opening: u64,
    watchers: Watchers,
}

impl Engine for Opening {
    fn snapshot(&self) -> Result<Snapshot, Error> {
        let disk = self.memory.lock();
        disk.check(self.opening)?;
        Ok(Snapshot::new(Arc::new(disk.tables.clone())))
    }

    fn commit(&self, batch: Batch) -> Answer {
        let mut disk = self.memory.lock();
        let result = disk.check(self.opening).and_then(|()| disk.commit(&batch));
        drop(disk);
        if result.is_ok() {
            self.watchers.committed(&batch);
        }
        ready(result)
    }

    fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    fn close(&self) -> Answer {
        let mut disk = self.memory.lock();
        if disk.opening == self.opening {
            disk.opening += 1;
        }
        drop(disk);
        self.watchers.close();
        ready(Ok(()))
    }
}

impl View for Tables {
    fn get(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let rows = BTreeMap::get(self, table);
        Ok(rows.and_then(|rows| rows.get(key)).map(|value| value.to_vec()))
    }

    fn range(&self, table: &str, span: &Span) -> Result<Vec<Pair>, Error> {
        let Some(rows) = BTreeMap::get(self, table) else { return Ok(Vec::new()) };
        let pairs = rows.range::<[u8], _>(span.bounds());
        let copy = |(key, value): (&Vec<u8>, &Arc<[u8]>)| (key.clone(), value.to_vec());
        Ok(match span.backward {
            false => pairs.take(span.limit).map(copy).collect(),
            true => pairs.rev().take(span.limit).map(copy).collect(),
        })
    }

    fn tables(&self) -> Result<Vec<String>, Error> {
        Ok(self.keys().map(|name| (*name).to_owned()).collect())
    }
}

fn place() -> PathBuf {
    PathBuf::from("(memory)")
}

fn full() -> Error {
    let source = io::Error::from(io::ErrorKind::StorageFull);
    Error::Full { path: place(), source: Arc::new(source) }
}

fn stopped() -> Error {
    Error::Stopped { path: place(), detail: "a sync failed".to_owned() }
}
