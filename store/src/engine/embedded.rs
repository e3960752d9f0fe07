//! The embedded engine: redb, named in this file alone.

use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use redb::{
    Builder, Database, DatabaseError, Durability, ReadTransaction, ReadableDatabase, ReadableTable,
    StorageBackend, StorageError, TableDefinition, TableError, TableHandle, WriteTransaction,
};

use super::blocks::Blocks;
use super::group::{Committer, Groups, is_there};
use super::life::{During, Fault, FirstFault, Life};
use super::{Answer, Engine};
use crate::backup::{Summary, each_page};
use crate::batch::{Batch, Write};
use crate::directory::Directory;
use crate::error::Error;
use crate::snapshot::{Pair, Snapshot, Span, View};
use crate::store::Options;
use crate::watch::Watchers;

type Definition<'a> = TableDefinition<'a, &'static [u8], &'static [u8]>;
type Readable = redb::ReadOnlyTable<&'static [u8], &'static [u8]>;
type Opened<'txn> = redb::Table<'txn, &'static [u8], &'static [u8]>;

/// The file's name in its directory.
pub(crate) const FILE: &str = "store.redb";
/// What this program writes, and the newest it reads.
const FORMAT: u32 = 1;
const OWN_TABLE: &str = "_store";
const FORMAT_KEY: &[u8] = b"FORMAT";
/// Enough to read everything once.
const COPY_CACHE_BYTES: usize = 16 << 20;

/// An open file and the thread that commits to it.
pub(crate) struct Embedded {
    committer: Committer<Shared>,
    shared: Arc<Shared>,
}

/// Opens the store on a file, which `blocks` gives at each opening.
pub(super) fn on_blocks(
    file: PathBuf,
    directory: Option<Directory>,
    blocks: impl Fn() -> Result<Box<dyn Blocks>, Error> + Send + Sync + 'static,
    options: Options,
) -> Result<Embedded, Error> {
    let name = file.clone();
    let life = Life::new(file.clone(), move |fault| {
        database(blocks()?, fault, &name, options).and_then(|opened| of_format(opened, &name))
    })?;
    let shared = Arc::new(Shared {
        file,
        quick_repair: options.quick_repair,
        life,
        watchers: Watchers::default(),
        directory: Mutex::new(directory),
    });
    let committer = Committer::start(Arc::clone(&shared))
        .map_err(|error| Error::io(&shared.file, "starting a thread for", error))?;
    Ok(Embedded { committer, shared })
}

/// Opens a file with every checksum checked, and closes it after `look`.
pub(super) fn checked<T>(
    blocks: Box<dyn Blocks>,
    file: &Path,
    look: impl FnOnce(&Snapshot) -> Result<T, Error>,
) -> Result<T, Error> {
    let options = Options { check: true, cache_bytes: COPY_CACHE_BYTES, ..Options::default() };
    let database = of_format(database(blocks, &FirstFault::default(), file, options)?, file)?;
    let seen = look(&snapshot_of(&database, file)?)?;
    database.close().map_err(|error| opening(file, error))?;
    Ok(seen)
}

/// Writes a snapshot into an empty file, in one transaction.
pub(super) fn copy(
    snapshot: &Snapshot,
    blocks: Box<dyn Blocks>,
    file: &Path,
) -> Result<Summary, Error> {
    let database = create(blocks, file)?;
    let transaction = database.begin_write().map_err(|error| writing(file, error))?;
    let mut summary = Summary::default();
    for name in snapshot.tables()? {
        let mut table =
            transaction.open_table(Definition::new(&name)).map_err(|error| writing(file, error))?;
        summary.tables += 1;
        each_page(snapshot, &name, |pairs| {
            summary.count(pairs);
            for (key, value) in pairs {
                table
                    .insert(key.as_slice(), value.as_slice())
                    .map_err(|error| writing(file, error))?;
            }
            Ok(())
        })?;
    }
    transaction.commit().map_err(|error| writing(file, error))?;
    database.close().map_err(|error| opening(file, error))?;
    Ok(summary)
}

/// Makes an empty file a store that says its format.
pub(super) fn create(blocks: Box<dyn Blocks>, file: &Path) -> Result<Database, Error> {
    let options = Options { cache_bytes: COPY_CACHE_BYTES, ..Options::default() };
    let database = database(blocks, &FirstFault::default(), file, options)?;
    let mut batch = Batch::new();
    batch.put(OWN_TABLE, FORMAT_KEY.to_vec(), FORMAT.to_be_bytes().to_vec());
    write_group(&database, &[batch], false, &mut Vec::new())
        .map_err(|error| writing(file, error))?;
    Ok(database)
}

fn database(
    blocks: Box<dyn Blocks>,
    fault: &FirstFault,
    path: &Path,
    options: Options,
) -> Result<Database, Error> {
    // What an earlier process wrote and did not sync is about to be read.
    blocks.sync().map_err(|error| Error::io(path, "syncing", error))?;
    let backend = Watched { inner: blocks, fault: Arc::clone(fault) };
    Builder::new()
        .set_cache_size(options.cache_bytes)
        .set_check_integrity_on_open(options.check)
        .create_with_backend(backend)
        .map_err(|error| opening(path, error))
}

fn of_format(database: Database, path: &Path) -> Result<Database, Error> {
    let transaction = database.begin_read().map_err(|error| writing(path, error))?;
    let stored = FileView { transaction, path: path.to_owned() }.get(OWN_TABLE, FORMAT_KEY)?;
    let stored = stored.and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    let Some(found) = stored.map(u32::from_be_bytes) else {
        let detail = "it does not say its format".to_owned();
        return Err(Error::NotAStore { path: path.to_owned(), detail });
    };
    match found > FORMAT {
        true => Err(Error::NewerFormat { path: path.to_owned(), found, known: FORMAT }),
        false => Ok(database),
    }
}

fn snapshot_of(database: &Database, path: &Path) -> Result<Snapshot, Error> {
    let transaction = database.begin_read().map_err(|error| reading(path, error))?;
    Ok(Snapshot::new(Arc::new(FileView { transaction, path: path.to_owned() })))
}

impl Engine for Embedded {
    fn snapshot(&self) -> Result<Snapshot, Error> {
        self.shared.life.with(|database| snapshot_of(database, &self.shared.file))?
    }

    fn commit(&self, batch: Batch) -> Answer {
        self.committer.commit(batch)
    }

    fn watchers(&self) -> &Watchers {
        &self.shared.watchers
    }

    fn close(&self) -> Answer {
        self.committer.stop();
        self.shared.watchers.close();
        let closed = self.shared.life.close().map_or(Ok(()), Database::close);
        drop(self.shared.directory.lock().unwrap_or_else(PoisonError::into_inner).take());
        super::ready(closed.map_err(|error| opening(&self.shared.file, error)))
    }
}

struct Shared {
    file: PathBuf,
    quick_repair: bool,
    life: Life<Database>,
    watchers: Watchers,
    /// Held through reopenings, let go by `close`.
    directory: Mutex<Option<Directory>>,
}

impl Groups for Shared {
    fn commit_group(&self, batches: &[Batch]) -> Vec<Result<(), Error>> {
        let mut results = Vec::with_capacity(batches.len());
        let written = self
            .life
            .with(|database| write_group(database, batches, self.quick_repair, &mut results));
        let mut error = match written {
            Ok(Ok(())) => return results,
            Ok(Err(error)) => self.life.fail(&error),
            Err(error) => return vec![Err(error); batches.len()],
        };
        if matches!(error, Error::Full { .. }) && results.len() == batches.len() {
            // The commit itself failed, maybe after the point of no return.
            // The file was opened and synced anew: look whether it is there.
            let now = self.life.with(|database| snapshot_of(database, &self.file));
            match now.flatten().and_then(|now| is_there(batches, &results, &now)) {
                Ok(true) => return results,
                Ok(false) => {}
                Err(_) => error = Error::Unsure { path: self.file.clone() },
            }
        }
        vec![Err(error); batches.len()]
    }

    fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    fn lost(&self) -> Error {
        let detail = "the committing thread ended".to_owned();
        Error::Stopped { path: self.file.clone(), detail }
    }
}

/// One transaction and one sync for all; none if no batch may write.
fn write_group(
    database: &Database,
    batches: &[Batch],
    quick_repair: bool,
    results: &mut Vec<Result<(), Error>>,
) -> Result<(), redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    transaction.set_quick_repair(quick_repair);
    let mut tables = Tables { transaction: &transaction, opened: Vec::new() };
    let mut dirty = false;
    for batch in batches {
        let result = tables.judge(batch)?;
        if result.is_ok() {
            dirty |= !batch.writes().is_empty();
            tables.apply(batch)?;
        }
        results.push(result);
    }
    drop(tables);
    match dirty {
        true => transaction.commit()?,
        false => transaction.abort()?,
    }
    Ok(())
}

/// The tables of one transaction, each opened once.
struct Tables<'txn> {
    transaction: &'txn WriteTransaction,
    opened: Vec<(&'static str, Opened<'txn>)>,
}

impl<'txn> Tables<'txn> {
    fn judge(&mut self, batch: &Batch) -> Result<Result<(), Error>, redb::Error> {
        for wanted in batch.preconditions() {
            let current = self.named(wanted.table())?.get(wanted.key())?;
            if !wanted.holds(current.as_ref().map(redb::AccessGuard::value)) {
                return Ok(Err(Error::conflict(wanted)));
            }
        }
        Ok(Ok(()))
    }

    fn apply(&mut self, batch: &Batch) -> Result<(), redb::Error> {
        for write in batch.writes() {
            let table = self.named(write.table())?;
            match write {
                Write::Put { key, value, .. } => {
                    table.insert(key.as_slice(), value.as_slice())?;
                }
                Write::Delete { key, .. } => {
                    table.remove(key.as_slice())?;
                }
            }
        }
        Ok(())
    }

    fn named(&mut self, name: &'static str) -> Result<&mut Opened<'txn>, redb::Error> {
        let at = match self.opened.iter().position(|(opened, _)| *opened == name) {
            Some(at) => at,
            None => {
                let table = self.transaction.open_table(Definition::new(name))?;
                self.opened.push((name, table));
                self.opened.len() - 1
            }
        };
        Ok(&mut self.opened[at].1)
    }
}

/// A view of the file as one commit left it.
struct FileView {
    transaction: ReadTransaction,
    path: PathBuf,
}

impl FileView {
    fn table(&self, name: &str) -> Result<Option<Readable>, Error> {
        match self.transaction.open_table(Definition::new(name)) {
            Ok(table) => Ok(Some(table)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(reading(&self.path, error)),
        }
    }
}

impl View for FileView {
    fn get(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let Some(table) = self.table(table)? else { return Ok(None) };
        let value = table.get(key).map_err(|error| reading(&self.path, error))?;
        Ok(value.map(|value| value.value().to_vec()))
    }

    fn range(&self, table: &str, span: &Span) -> Result<Vec<Pair>, Error> {
        let Some(table) = self.table(table)? else { return Ok(Vec::new()) };
        let bounds: (Bound<&[u8]>, Bound<&[u8]>) = span.bounds();
        let mut range = table.range::<&[u8]>(bounds).map_err(|error| reading(&self.path, error))?;
        let mut pairs = Vec::new();
        while pairs.len() < span.limit {
            let next = if span.backward { range.next_back() } else { range.next() };
            let Some(pair) = next else { break };
            let (key, value) = pair.map_err(|error| reading(&self.path, error))?;
            pairs.push((key.value().to_vec(), value.value().to_vec()));
        }
        Ok(pairs)
    }

    fn tables(&self) -> Result<Vec<String>, Error> {
        let tables = self.transaction.list_tables().map_err(|error| reading(&self.path, error))?;
        let mut names: Vec<String> = tables
            .map(|table| table.name().to_owned())
            .filter(|name| !name.starts_with('_'))
            .collect();
        names.sort();
        Ok(names)
    }
}

/// The file, remembering the first operation on it that failed.
#[derive(Debug)]
struct Watched {
    inner: Box<dyn Blocks>,
    fault: FirstFault,
}

impl StorageBackend for Watched {
    fn len(&self) -> io::Result<u64> {
        Fault::note(&self.fault, During::Read, self.inner.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        Fault::note(&self.fault, During::Read, self.inner.read(offset, out))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        Fault::note(&self.fault, During::Write, self.inner.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        Fault::note(&self.fault, During::Sync, self.inner.sync())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        Fault::note(&self.fault, During::Write, self.inner.write(offset, data))
    }
}

/// An error of opening or closing the file.
fn opening(path: &Path, error: DatabaseError) -> Error {
    match error {
        DatabaseError::DatabaseAlreadyOpen => Error::InUse { path: path.to_owned() },
        DatabaseError::Storage(StorageError::Io(error))
            if error.kind() == io::ErrorKind::InvalidData =>
        {
            Error::NotAStore { path: path.to_owned(), detail: error.to_string() }
        }
        error => failed(path, "opening", error.into()),
    }
}

/// An error of a copy, which nobody else waits for.
fn writing(path: &Path, error: impl Into<redb::Error>) -> Error {
    failed(path, "writing", error.into())
}

/// An error of a snapshot: a file that was closed under it is no fault of it.
fn reading(path: &Path, error: impl Into<redb::Error>) -> Error {
    match error.into() {
        redb::Error::DatabaseClosed | redb::Error::PreviousIo => Error::SnapshotLost,
        error => failed(path, "reading", error),
    }
}

fn failed(path: &Path, doing: &'static str, error: redb::Error) -> Error {
    match error {
        redb::Error::Io(error) => Error::io(path, doing, error),
        other => Error::Corrupt { path: path.to_owned(), detail: other.to_string() },
    }
}
