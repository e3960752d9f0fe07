//! The files of a log: `<number of the first line, 20 digits>.jsonl`, so that the order of names
//! is that of lines.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::error::Error;
use super::line::{Flaw, Line};

/// A file of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The number of its first line, as its name says.
    pub first: u64,
    pub path: PathBuf,
}

/// What follows the last whole line of a segment.
pub(super) struct End {
    /// The last whole line; `None`: there is none.
    pub last: Option<Line>,
    /// How many bytes whole lines take.
    pub whole: u64,
    /// How many bytes follow, and their digest.
    pub torn: Option<(u64, Digest)>,
}

impl Segment {
    pub(super) fn new(dir: &Path, first: u64) -> Self {
        Self { first, path: dir.join(format!("{first:020}{ENDING}")) }
    }

    /// The segments of a directory, in their order; other files are nobody's business.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub(super) fn all(dir: &Path) -> Result<Vec<Self>, Error> {
        let told = |error: io::Error| Error::io(dir, "reading", &error);
        let mut all = Vec::new();
        for file in fs::read_dir(dir).map_err(told)? {
            let path = file.map_err(told)?.path();
            let number = path.file_name().and_then(|name| name.to_str()).and_then(|name| {
                let digits = name.strip_suffix(ENDING)?;
                (digits.len() == 20).then(|| digits.parse().ok())?
            });
            all.extend(number.map(|first| Self { first, path }));
        }
        all.sort_by_key(|one| one.first);
        Ok(all)
    }

    /// The file's name.
    pub(super) fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Opens it to append; `new`: makes it, empty. It is for its owner alone.
    pub(super) fn open(&self, new: bool) -> io::Result<File> {
        if new {
            // What a crash left of an earlier try holds no whole line.
            OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&self.path)?;
        }
        OpenOptions::new().append(true).open(&self.path)
    }

    /// Its end.
    ///
    /// # Errors
    /// If it cannot be read, or its last whole line is not as it was written.
    pub(super) fn end(&self) -> Result<End, Error> {
        let bytes =
            fs::read(&self.path).map_err(|error| Error::io(&self.path, "reading", &error))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (lines, rest) = bytes.split_at(whole);
        let torn = (!rest.is_empty()).then(|| (rest.len() as u64, Digest::of(rest)));
        let last = lines.strip_suffix(b"\n").and_then(|lines| lines.rsplit(|b| *b == b'\n').next());
        let last = last.map(Line::read).transpose().map_err(|flaw| {
            let how = match flaw {
                Flaw::Unreadable(why) => format!("cannot be read ({why})"),
                Flaw::Altered(_) => "was altered".to_owned(),
            };
            Error::Unsound(format!("the last line of {} {how}", self.path.display()))
        })?;
        Ok(End { last, whole: whole as u64, torn })
    }
}

/// Makes names in a directory durable.
///
/// # Errors
/// If it cannot be synced.
pub(super) fn sync_names(dir: &Path) -> Result<(), Error> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(|error| Error::io(dir, "syncing", &error))
}

/// The directory of a log: this one, or `audit` in it, as a store and a backup have it.
#[must_use]
pub(super) fn located(dir: &Path) -> PathBuf {
    let within = dir.join(super::settings::NAME);
    let holds = |dir: &Path| Segment::all(dir).is_ok_and(|all| !all.is_empty());
    if !holds(dir) && holds(&within) { within } else { dir.to_owned() }
}

const ENDING: &str = ".jsonl";
