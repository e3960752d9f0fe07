//! Where an embedded store lives: a real file in a directory of its own.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::blocks::Blocks;
use super::embedded::{self, Embedded, FILE, on_blocks};
use crate::backup::{Summary, UNFINISHED};
use crate::directory::{Directory, clear, publish};
use crate::error::Error;
use crate::snapshot::Snapshot;
use crate::store::Options;

/// Opens the store in a directory, and makes it whole or not at all.
pub(crate) fn open(path: &Path, options: Options) -> Result<Embedded, Error> {
    let directory = Directory::open(path)?;
    let (file, unfinished) = (path.join(FILE), path.join(UNFINISHED));
    if !file.exists() {
        clear(&unfinished)?;
        embedded::create(new(&unfinished)?, &unfinished)?;
        publish(&unfinished, &file)?;
    }
    let name = file.clone();
    on_blocks(file, Some(directory), move || existing(&name), options)
}

/// Opens a file with every checksum checked, and closes it after `look`.
pub(crate) fn open_checked<T>(
    file: &Path,
    look: impl FnOnce(&Snapshot) -> Result<T, Error>,
) -> Result<T, Error> {
    embedded::checked(existing(file)?, file, look)
}

/// Writes a snapshot into a new file.
pub(crate) fn write_copy(snapshot: &Snapshot, file: &Path) -> Result<Summary, Error> {
    embedded::copy(snapshot, new(file)?, file)
}

fn new(path: &Path) -> Result<Box<dyn Blocks>, Error> {
    open_file(path, true).map(|file| Box::new(file) as _)
}

fn existing(path: &Path) -> Result<Box<dyn Blocks>, Error> {
    let file = open_file(path, false)?;
    let length = Blocks::len(&file).map_err(|error| Error::io(path, "reading", error))?;
    if length == 0 {
        // The engine would take it for a new one, and every record for lost.
        let detail = "the file is empty".to_owned();
        return Err(Error::NotAStore { path: path.to_owned(), detail });
    }
    Ok(Box::new(file))
}

fn open_file(path: &Path, new: bool) -> Result<File, Error> {
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(new)
        .open(path)
        .map_err(|error| Error::io(path, "opening", error))?;
    // Against the engine's own tools, which do not know our LOCK.
    file.try_lock().map_err(|_| Error::InUse { path: path.to_owned() })?;
    Ok(file)
}

impl Blocks for File {
    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        File::set_len(self, len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(out, offset)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.write_all_at(data, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}
