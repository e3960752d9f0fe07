//! A store's directory: made if need be, locked while used, synced when a name
//! in it changes.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A directory that no other store uses as long as this lives.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        make(path)?;
        let name = path.join(LOCK);
        let mut how = File::options();
        let lock = how
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&name)
            .map_err(|error| Error::io(&name, "opening", error))?;
        hold(&lock, path)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes a directory and those above it.
pub(crate) fn make(path: &Path) -> Result<(), Error> {
    if path.exists() && !path.is_dir() {
        return Err(Error::NotADirectory { path: path.to_owned() });
    }
    fs::create_dir_all(path).map_err(|error| Error::io(path, "creating", error))
}

/// Locks a directory that is only read from, if a store ever used it.
pub(crate) fn lock_to_read(path: &Path) -> Result<Option<File>, Error> {
    let name = path.join(LOCK);
    match File::open(&name) {
        Ok(lock) => hold(&lock, path).map(|()| Some(lock)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(&name, "opening", error)),
    }
}

/// Gives a finished file its name, durably.
pub(crate) fn publish(from: &Path, to: &Path) -> Result<(), Error> {
    let sync = |path: &Path| {
        File::open(path)
            .and_then(|file| file.sync_all())
            .map_err(|error| Error::io(path, "syncing", error))
    };
    sync(from)?;
    fs::rename(from, to).map_err(|error| Error::io(to, "naming", error))?;
    // The name itself is in the directory, which has its own sync.
    to.parent().map_or(Ok(()), sync)
}

/// Removes what an earlier attempt left behind.
pub(crate) fn clear(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io(path, "removing", error))
        }
        _ => Ok(()),
    }
}

fn hold(lock: &File, path: &Path) -> Result<(), Error> {
    match lock.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(Error::io(path, "locking", error)),
    }
}

const LOCK: &str = "LOCK";
