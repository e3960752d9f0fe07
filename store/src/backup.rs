//! Backup, restore and verification, the same for every engine.

use std::fs;
use std::ops::Bound;
use std::path::Path;

use crate::directory::{self, Directory};
use crate::engine::{self, FILE};
use crate::error::Error;
use crate::snapshot::{Pair, Read, Snapshot, Span};

/// What a walk over a store met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tables.
    pub tables: u64,
    /// Records in all tables.
    pub records: u64,
    /// Bytes of their keys and values.
    pub bytes: u64,
}

/// Copies a snapshot into a directory; the file gets its name when it is whole.
pub(crate) fn backup(snapshot: &Snapshot, to: &Path) -> Result<Summary, Error> {
    directory::make(to)?;
    let (file, unfinished) = (to.join(FILE), to.join(UNFINISHED));
    if file.exists() {
        return Err(Error::Exists { path: file });
    }
    directory::clear(&unfinished)?;
    let summary = engine::write_copy(snapshot, &unfinished)?;
    directory::publish(&unfinished, &file)?;
    Ok(summary)
}

/// Copies a backup's file, checks the copy, and only then gives it its name.
pub(crate) fn restore(from: &Path, to: &Path) -> Result<Summary, Error> {
    let source = from.join(FILE);
    if !source.exists() {
        return Err(Error::Missing { path: source });
    }
    let _quiet = directory::lock_to_read(from)?;
    let to = Directory::open(to)?;
    let (file, unfinished) = (to.path().join(FILE), to.path().join(UNFINISHED));
    if file.exists() {
        return Err(Error::Exists { path: file });
    }
    directory::clear(&unfinished)?;
    fs::copy(&source, &unfinished).map_err(|error| Error::io(&unfinished, "writing", error))?;
    let summary = engine::open_checked(&unfinished, walk)?;
    directory::publish(&unfinished, &file)?;
    Ok(summary)
}

/// Reads everything once.
pub(crate) fn walk(snapshot: &Snapshot) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    for table in snapshot.tables()? {
        summary.tables += 1;
        each_page(snapshot, &table, |pairs| {
            summary.count(pairs);
            Ok(())
        })?;
    }
    Ok(summary)
}

impl Summary {
    pub(crate) fn count(&mut self, pairs: &[Pair]) {
        self.records += pairs.len() as u64;
        self.bytes +=
            pairs.iter().map(|(key, value)| (key.len() + value.len()) as u64).sum::<u64>();
    }
}

/// Gives a table's records, some at a time and in order.
pub(crate) fn each_page(
    snapshot: &Snapshot,
    table: &str,
    mut take: impl FnMut(&[Pair]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut span = Span { limit: PAGE, ..Span::all() };
    loop {
        let pairs = snapshot.range_bytes(table, &span)?;
        let Some((last, _)) = pairs.last() else { return Ok(()) };
        let before = match &span.start {
            Bound::Excluded(key) => Some(key.as_slice()),
            _ => None,
        };
        in_order(table, before, &pairs)?;
        let last = last.clone();
        take(&pairs)?;
        span.start = Bound::Excluded(last);
    }
}

fn in_order(table: &str, before: Option<&[u8]>, pairs: &[Pair]) -> Result<(), Error> {
    let first = pairs.first().map(|(key, _)| key.as_slice());
    let jumps = matches!((before, first), (Some(before), Some(first)) if before >= first);
    if jumps || !pairs.is_sorted_by(|(a, _), (b, _)| a < b) {
        let detail = "keys are out of order".to_owned();
        return Err(Error::Corrupt { path: table.into(), detail });
    }
    Ok(())
}

/// The name of a file that is not whole yet. Whoever finds it may remove it.
pub(crate) const UNFINISHED: &str = "store.unfinished";
const PAGE: usize = 256;
