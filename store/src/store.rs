//! The store: a handle on an engine, cheap to clone.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::backup::{self, Summary};
use crate::batch::Batch;
use crate::engine::{self, Engine, MAX_RECORD, Memory};
use crate::error::Error;
use crate::follow::Written;
use crate::snapshot::{Pair, Read, Snapshot, Span};
use crate::watch::Watch;

/// A handle on a store. The engine stops, with its thread, when the last
/// handle is dropped or any of them is closed.
#[derive(Clone)]
pub struct Store(Arc<dyn Engine>);

impl Store {
    /// Opens the store in a directory, and makes both if they are not there.
    /// One opening at a time: a `LOCK` file keeps others out while it lives.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::NotADirectory`], [`Error::NotWritable`],
    /// [`Error::Full`], [`Error::NotAStore`], [`Error::NewerFormat`],
    /// [`Error::Corrupt`], each with the path and the mend, or [`Error::Io`].
    pub fn open(directory: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        Ok(Self(Arc::new(engine::open(directory.as_ref(), options)?)))
    }

    /// A store that forgets everything with its last handle. For one that
    /// outlives a simulated crash, see [`Memory`].
    #[must_use]
    pub fn in_memory() -> Self {
        Memory::new().open()
    }

    /// A store on another engine.
    #[must_use]
    pub fn with_engine(engine: Arc<dyn Engine>) -> Self {
        Self(engine)
    }

    /// A consistent view of every table as of now.
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Stopped`], or [`Error::Full`] when the
    /// engine could not be reopened for lack of room.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        self.0.snapshot()
    }

    /// Commits a batch: whole, durable when this answers `Ok`, or not at all.
    ///
    /// Once polled, the batch is on its way: dropping the future does not take
    /// it back.
    ///
    /// # Errors
    /// [`Error::Conflict`], [`Error::TooLarge`], [`Error::Full`] and
    /// [`Error::Closed`]: nothing was written. [`Error::Stopped`] and
    /// [`Error::Unsure`]: not known.
    pub async fn commit(&self, batch: Batch) -> Result<(), Error> {
        if batch.is_empty() {
            return Ok(());
        }
        for write in batch.writes() {
            if write.bytes() > MAX_RECORD {
                return Err(Error::TooLarge { table: write.table(), bytes: write.bytes() });
            }
        }
        self.0.commit(batch).await
    }

    /// Wakes after each commit that wrote to a key of `table` that begins with
    /// `prefix`.
    #[must_use]
    pub fn watch(&self, table: &'static str, prefix: Vec<u8>) -> Watch {
        self.0.watchers().watch(table, prefix)
    }

    pub(crate) fn follow(&self, table: &'static str) -> (Watch, Written) {
        self.0.watchers().follow(table)
    }

    /// Tells `observer` how long each group of commits takes to be written and synced, in place
    /// of whom it told before; the engine in memory has nothing to tell. It must not block: the
    /// next group waits for it.
    pub fn observe_syncs(&self, observer: impl Fn(Duration) + Send + Sync + 'static) {
        self.0.watchers().observe_syncs(observer);
    }

    /// Copies the store, as of now, into another directory while commits go
    /// on. The copy appears there whole or not at all.
    ///
    /// # Errors
    /// [`Error::Exists`] if a store is there, or as [`Store::open`].
    pub async fn backup(&self, directory: impl AsRef<Path>) -> Result<Summary, Error> {
        let (snapshot, directory) = (self.snapshot()?, directory.as_ref().to_owned());
        blocking(move || backup::backup(&snapshot, &directory)).await
    }

    /// Makes a store in the directory `to` from the backup (or closed store) in
    /// `from`, after checking every checksum of it.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Exists`], [`Error::Corrupt`],
    /// [`Error::InUse`] if `from` is a store in use, or as [`Store::open`].
    pub fn restore(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<Summary, Error> {
        backup::restore(from.as_ref(), to.as_ref())
    }

    /// Reads every record of every table, and counts them. For checksums open
    /// the store with [`Options::check`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] if keys are out of order, or as [`Read::get_bytes`].
    pub async fn verify(&self) -> Result<Summary, Error> {
        let snapshot = self.snapshot()?;
        blocking(move || backup::walk(&snapshot)).await
    }

    /// Ends the engine after the commits that are waiting. Every handle then
    /// answers [`Error::Closed`].
    ///
    /// # Errors
    /// Those of the file system.
    pub async fn close(&self) -> Result<(), Error> {
        self.0.close().await
    }
}

impl Read for Store {
    fn get_bytes(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.on_newest(|snapshot| snapshot.get_bytes(table, key))
    }

    fn range_bytes(&self, table: &str, span: &Span) -> Result<Vec<Pair>, Error> {
        self.on_newest(|snapshot| snapshot.range_bytes(table, span))
    }
}

impl Store {
    /// One read sees one state, so a reopening in the middle of it is nobody's
    /// business: it is done again.
    fn on_newest<T>(&self, read: impl Fn(&Snapshot) -> Result<T, Error>) -> Result<T, Error> {
        match read(&self.snapshot()?) {
            Err(Error::SnapshotLost) => read(&self.snapshot()?),
            other => other,
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// How a store in a directory is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Bytes of memory for pages of the file. Default: 64 MiB.
    pub cache_bytes: usize,
    /// Each commit also records what a reopening after a kill needs: commits
    /// sync twice, but reopening does not read the whole file. Default: on
    /// (docs/decisions/0002-store-engine.md has the figures).
    pub quick_repair: bool,
    /// Checks every checksum of the file before it is used. Default: no; it is
    /// done anyway after a kill, unless `quick_repair` is on.
    pub check: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_bytes: 64 << 20, quick_repair: true, check: false }
    }
}

/// Long work on files, beside the handlers.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        // The runtime is shutting down: nobody is left to want the answer.
        Err(_) => Err(Error::Closed),
    }
}
