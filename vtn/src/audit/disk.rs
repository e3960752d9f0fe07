//! The log opened for writing. One thread has it; nothing here waits for anybody.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::entry::{Entry, Note};
use super::error::Error;
use super::line::{Line, Place};
use super::segment::{Segment, sync_names};
use super::settings::AuditSettings;

/// A log that no other program writes.
pub(super) struct Disk {
    dir: PathBuf,
    settings: AuditSettings,
    _lock: File,
    segment: Segment,
    file: File,
    /// Bytes of whole lines in the segment: what a failed write is cut back to.
    length: u64,
    /// Whether something may follow them.
    ragged: bool,
    next: Place,
    /// When the last line was made.
    time: Timestamp,
    /// When old segments were last looked for.
    swept: Option<Timestamp>,
}

/// Where the chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub place: Place,
    pub time: Timestamp,
    /// The first number of the last segment, and the bytes in it.
    pub segment: (u64, u64),
}

impl Disk {
    /// Opens a log, or begins one, and writes down that it did and what it found.
    ///
    /// # Errors
    /// If it is in use, not sound at its end, or cannot be written.
    pub(super) fn open(dir: &Path, settings: AuditSettings, now: Timestamp) -> Result<Self, Error> {
        fs::create_dir_all(dir).map_err(|error| Error::io(dir, "making", &error))?;
        let lock = lock(dir)?;
        let mut cuts = Vec::new();
        let (segment, length, last) = match last_sound(dir, &mut cuts)? {
            Some((segment, length, line)) => (segment, length, Some(line)),
            None => (Segment::new(dir, Place::FIRST.seq), 0, None),
        };
        let clean = last.as_ref().is_none_or(|line| line.entry == Entry::Log(Note::Closed));
        let next = last.as_ref().map_or(Place::FIRST, Line::next);
        let file = segment
            .open(last.is_none())
            .map_err(|error| Error::io(&segment.path, "opening", &error))?;
        let dir = dir.to_owned();
        let (ragged, swept) = (false, None);
        let mut disk = Self {
            dir,
            settings,
            _lock: lock,
            segment,
            file,
            length,
            ragged,
            next,
            time: now,
            swept,
        };
        let mut lines = Vec::new();
        if last.is_none() {
            lines.push((now, Entry::Log(Note::Segment)));
            sync_names(&disk.dir)?;
        }
        lines.extend(cuts.into_iter().map(|cut| (now, Entry::Log(cut))));
        let version = env!("CARGO_PKG_VERSION").to_owned();
        lines.push((now, Entry::Log(Note::Opened { version, clean })));
        disk.append(&lines)?;
        disk.sync()?;
        Ok(disk)
    }

    /// Writes lines, all or none; they are not synced yet. Gives the number of the first.
    ///
    /// # Errors
    /// What the system said; the chain is where it was.
    pub(super) fn append(&mut self, lines: &[(Timestamp, Entry)]) -> Result<u64, Error> {
        self.mend()?;
        if let Some((time, _)) = lines.first()
            && self.length >= self.settings.segment_bytes
        {
            self.begin_segment(*time)?;
        }
        let (first, mut next, mut text) = (self.next.seq, self.next, String::new());
        for (time, entry) in lines {
            let written = next.write(&mut text, (*time, entry));
            written.map_err(|error| Error::Io(error.to_string()))?;
        }
        self.ragged = true;
        self.file
            .write_all(text.as_bytes())
            .map_err(|error| Error::io(&self.segment.path, "writing", &error))?;
        self.ragged = false;
        self.length += text.len() as u64;
        self.next = next;
        self.time = lines.last().map_or(self.time, |(time, _)| *time);
        Ok(first)
    }

    /// Makes all that was written durable.
    ///
    /// # Errors
    /// What the system said. Whether anything is on the disk is then not known.
    pub(super) fn sync(&self) -> Result<(), Error> {
        self.file.sync_data().map_err(|error| Error::io(&self.segment.path, "syncing", &error))
    }

    /// How far it got.
    pub(super) fn reached(&self) -> Reached {
        let segment = (self.segment.first, self.length);
        Reached { place: self.next, time: self.time, segment }
    }

    /// Removes segments that are too old, once an hour of the lines' own time: so it needs no
    /// clock. What is removed is written down first.
    ///
    /// # Errors
    /// What the system said; what is there stays.
    pub(super) fn sweep(&mut self) -> Result<(), Error> {
        let Some(keep) = self.settings.keep() else { return Ok(()) };
        let now = self.time;
        if self.swept.is_some_and(|last| now.duration_since(last).abs() < SWEEP_EVERY) {
            return Ok(());
        }
        self.swept = Some(now);
        let all = Segment::all(&self.dir)?;
        let mut old = Vec::new();
        let mut through = None;
        for pair in all.windows(2) {
            let [one, next] = pair else { break };
            // Nothing in a segment is younger than the first line of the one after it.
            let head = first_line(next)?;
            let Some(head) = head.filter(|head| now.duration_since(head.time) > keep) else {
                break;
            };
            through = Some(Note::Removed { through: head.seq - 1, last: head.prev });
            old.push(one);
        }
        let Some(removed) = through else { return Ok(()) };
        self.append(&[(now, Entry::Log(removed))])?;
        self.sync()?;
        for one in old {
            fs::remove_file(&one.path).map_err(|error| Error::io(&one.path, "removing", &error))?;
        }
        sync_names(&self.dir)
    }

    /// Cuts what a failed write left behind.
    fn mend(&mut self) -> Result<(), Error> {
        if self.ragged {
            self.file
                .set_len(self.length)
                .map_err(|error| Error::io(&self.segment.path, "cutting", &error))?;
            self.ragged = false;
        }
        Ok(())
    }

    /// The segment before is synced first: a chain on the disk has no holes.
    fn begin_segment(&mut self, time: Timestamp) -> Result<(), Error> {
        self.sync()?;
        let segment = Segment::new(&self.dir, self.next.seq);
        let (mut next, mut text) = (self.next, String::new());
        let head = Entry::Log(Note::Segment);
        next.write(&mut text, (time, &head)).map_err(|error| Error::Io(error.to_string()))?;
        let made = segment.open(true).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_data()?;
            Ok(file)
        });
        let file = made.map_err(|error| Error::io(&segment.path, "making", &error))?;
        sync_names(&self.dir)?;
        (self.segment, self.file, self.length, self.next) =
            (segment, file, text.len() as u64, next);
        Ok(())
    }
}

/// The last whole line of a log with its segment and the bytes up to its end. What follows it is
/// cut and noted in `cuts`.
fn last_sound(dir: &Path, cuts: &mut Vec<Note>) -> Result<Option<(Segment, u64, Line)>, Error> {
    for segment in Segment::all(dir)?.into_iter().rev() {
        let end = segment.end()?;
        if let Some((bytes, digest)) = end.torn {
            let told = |error| Error::io(&segment.path, "cutting", &error);
            let file = OpenOptions::new().write(true).open(&segment.path).map_err(told)?;
            file.set_len(end.whole).and_then(|()| file.sync_all()).map_err(told)?;
            cuts.push(Note::Cut { segment: segment.name(), bytes, digest });
        }
        if let Some(line) = end.last {
            return Ok(Some((segment, end.whole, line)));
        }
        // Made, and killed before its first line: the next one to be made takes its name.
        fs::remove_file(&segment.path)
            .map_err(|error| Error::io(&segment.path, "removing", &error))?;
    }
    Ok(None)
}

/// The first line of a segment; `None` if it is not whole.
pub(super) fn first_line(segment: &Segment) -> Result<Option<Line>, Error> {
    let told = |error| Error::io(&segment.path, "reading", &error);
    let file = File::open(&segment.path).map_err(told)?;
    let mut lines = std::io::BufRead::split(std::io::BufReader::new(file), b'\n');
    let first = lines.next().transpose().map_err(told)?;
    Ok(first.and_then(|text| Line::read(&text).ok()))
}

fn lock(dir: &Path) -> Result<File, Error> {
    let path = dir.join("LOCK");
    let mut how = OpenOptions::new();
    let lock = how.read(true).write(true).create(true).truncate(false).open(&path);
    let lock = lock.map_err(|error| Error::io(&path, "opening", &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(dir.display().to_string())),
        Err(TryLockError::Error(error)) => Err(Error::io(&path, "locking", &error)),
    }
}

const SWEEP_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
