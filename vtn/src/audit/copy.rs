//! The log as part of a backup: copied while it is written, and put in place again.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::disk::{Disk, Reached};
use super::entry::{Entry, Note};
use super::error::Error;
use super::log::{Audit, Head};
use super::segment::{Segment, sync_names};
use super::settings::{AuditSettings, NAME};

/// What became of the log of a backup that was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// It is in its place.
    Copied,
    /// There was a log in its place already, which goes on.
    Kept,
    /// The backup has none: another was begun.
    Begun,
}

impl Audit {
    /// Copies what has been written so far into `audit` in a directory, which gets its name when
    /// it is whole. Gives its last line.
    ///
    /// # Errors
    /// If the log cannot be synced, or the directory not written.
    pub async fn copy(&self, into: PathBuf) -> Result<Head, Error> {
        for left in (0..TRIES).rev() {
            let reached = self.sync().await?;
            let (from, into) = (self.dir().to_owned(), into.clone());
            let copying = tokio::task::spawn_blocking(move || {
                install(&from, &into.join(NAME), Some(reached))
            });
            match copying.await.unwrap_or(Err(Error::Closed)) {
                // Old segments were removed meanwhile, which happens once an hour at most.
                Err(Error::Gone) if left > 0 => {}
                result => return result.map(|()| reached.into()),
            }
        }
        Err(Error::Gone)
    }
}

/// Puts the log of a backup into its place, and writes down that a store was restored. A log that
/// is there already is not gone behind: it goes on.
///
/// # Errors
/// If a VTN writes the log, or it cannot be read or written.
pub fn restore(
    backup: &Path,
    dir: &Path,
    settings: AuditSettings,
    now: Timestamp,
) -> Result<Restored, Error> {
    let from = backup.join(NAME);
    let holds = |dir: &Path| Ok(dir.exists() && !Segment::all(dir)?.is_empty());
    let restored = match (holds(dir)?, holds(&from)?) {
        (true, _) => Restored::Kept,
        (false, false) => Restored::Begun,
        (false, true) => {
            install(&from, dir, None)?;
            Restored::Copied
        }
    };
    let mut disk = Disk::open(dir, settings, now)?;
    let note = Note::Restored { from: super::clip(&backup.display().to_string()) };
    disk.append(&[(now, Entry::Log(note)), (now, Entry::Log(Note::Closed))])?;
    disk.sync()?;
    Ok(restored)
}

/// Copies segments, up to where the log has reached if that is said, into a directory that has
/// its name once they are all on the disk.
fn install(from: &Path, to: &Path, reached: Option<Reached>) -> Result<(), Error> {
    let told = |error| Error::io(to, "making", &error);
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    match fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(told(error)),
        _ => fs::create_dir_all(&unfinished).map_err(told)?,
    }
    for segment in Segment::all(from)? {
        let end = match reached.map(|reached| reached.segment) {
            Some((last, _)) if segment.first > last => break,
            Some((last, length)) if segment.first == last => length,
            _ => u64::MAX,
        };
        copied(&segment, &Segment::new(&unfinished, segment.first), end)?;
    }
    sync_names(&unfinished)?;
    // Takes the place of an empty directory as well; of one that holds something it does not.
    fs::rename(&unfinished, to).map_err(told)?;
    to.parent().map_or(Ok(()), sync_names)
}

fn copied(from: &Segment, to: &Segment, length: u64) -> Result<(), Error> {
    let file = File::open(&from.path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Gone,
        _ => Error::io(&from.path, "reading", &error),
    })?;
    let told = |error| Error::io(&to.path, "writing", &error);
    let mut copy = to.open(true).map_err(told)?;
    io::copy(&mut file.take(length), &mut copy).map_err(told)?;
    copy.sync_all().map_err(told)
}

/// How often a copy is begun.
const TRIES: u32 = 3;
