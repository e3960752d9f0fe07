//! Whether a log is whole: each line as it was written, none missing, none moved.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::digest::Digest;
use super::entry::{Entry, Note};
use super::error::Error;
use super::line::{Flaw, Line};
use super::log::Head;
use super::segment::{Segment, located};

/// What a walk over a log found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Where the log is.
    pub dir: PathBuf,
    /// How many segments there are.
    pub segments: u64,
    /// How many whole lines there are.
    pub lines: u64,
    /// The number of the first line; not 1 if older ones were removed.
    pub first: Option<u64>,
    /// The last line.
    pub head: Option<Head>,
    /// Lines that could not be written when they were made, as the log tells.
    pub lost: u64,
    /// Ends of segments that crashes left and starts cut, as the log tells.
    pub cuts: u64,
    /// Bytes of a line that is being written, or that a crash cut short, at the end.
    pub unfinished: u64,
    /// What is wrong, [`MOST`](Self::MOST) at most.
    pub faults: Vec<Fault>,
}

/// Something wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What kind of thing.
    pub kind: FaultKind,
    /// The segment's name.
    pub segment: String,
    /// The line in the segment, from 1; 0: of the segment as a whole.
    pub line: u64,
    /// What is wrong, for people.
    pub what: String,
}

/// What can be wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No line of a log.
    Unreadable,
    /// Not the text that its hash was made of.
    Altered,
    /// Lines are missing before this one.
    Removed,
    /// Lines are missing before this segment.
    SegmentMissing,
    /// The log does not begin where it should.
    BeginningMissing,
    /// It stands where another belongs.
    Moved,
    /// The line before it is another one than when this one was written.
    Rewritten,
    /// The segment ends within a line, and others follow.
    Torn,
    /// The line with the expected hash is not there.
    EndMissing,
}

/// Walks a log: the directory itself, or `audit` within it as a store and a backup have it.
/// `head`: the hash of a line that must be there.
///
/// # Errors
/// If the directory or a segment cannot be read. What is wrong with the log is in the verdict.
pub fn verify(dir: &Path, head: Option<Digest>) -> Result<Verdict, Error> {
    let dir = located(dir);
    let all = Segment::all(&dir)?;
    if all.is_empty() {
        return Err(Error::Io(format!("no segment of a log in {}", dir.display())));
    }
    let mut walk = Walk { verdict: Verdict { dir, ..Verdict::default() }, ..Walk::default() };
    walk.wanted = head;
    for (at, segment) in all.iter().enumerate() {
        walk.segment(segment, at + 1 == all.len())?;
    }
    Ok(walk.end(&all[0]))
}

impl Verdict {
    /// How many faults are told at most.
    pub const MOST: usize = 100;

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

#[derive(Default)]
struct Walk {
    verdict: Verdict,
    /// The line that was seen last: its number and, if it can be relied upon, its hash.
    last: Option<(u64, Option<Digest>)>,
    /// The first line, if it is sound.
    first: Option<Line>,
    /// The last line that the log says was removed for its age.
    removed: Option<(u64, Digest)>,
    wanted: Option<Digest>,
    found: bool,
}

/// Where a line stands.
#[derive(Clone, Copy)]
struct At<'a> {
    segment: &'a Segment,
    line: u64,
}

impl Walk {
    fn segment(&mut self, segment: &Segment, is_last: bool) -> Result<(), Error> {
        self.verdict.segments += 1;
        let told = |error| Error::io(&segment.path, "reading", &error);
        let mut file = BufReader::new(File::open(&segment.path).map_err(told)?);
        let (mut at, mut text) = (At { segment, line: 0 }, Vec::new());
        loop {
            text.clear();
            file.by_ref().take(LONGEST).read_until(b'\n', &mut text).map_err(told)?;
            if text.is_empty() {
                return Ok(());
            }
            at.line += 1;
            let whole = text.last() == Some(&b'\n');
            if !whole && (text.len() as u64) < LONGEST {
                self.unfinished(at, is_last, text.len() as u64);
                return Ok(());
            }
            if !whole {
                // What is longer than any line is passed over up to the next line feed.
                file.skip_until(b'\n').map_err(told)?;
            }
            self.line(at, text.strip_suffix(b"\n").unwrap_or(&text));
        }
    }

    fn unfinished(&mut self, at: At<'_>, is_last: bool, bytes: u64) {
        if is_last {
            self.verdict.unfinished = bytes;
        } else {
            self.fault(at, FaultKind::Torn, "ends within a line, though segments follow");
        }
    }

    fn line(&mut self, at: At<'_>, text: &[u8]) {
        self.verdict.lines += 1;
        let expected = self.last.map(|(seq, _)| seq.saturating_add(1));
        match Line::read(text) {
            Ok(line) => self.sound(at, line, expected),
            Err(Flaw::Altered(line)) => {
                let what = format!("seq {}: its text is not what its hash was made of", line.seq);
                self.fault(at, FaultKind::Altered, what);
                self.last = Some((expected.unwrap_or(at.segment.first), None));
            }
            Err(Flaw::Unreadable(why)) => {
                self.fault(at, FaultKind::Unreadable, format!("is no line of a log: {why}"));
                self.last = Some((expected.unwrap_or(at.segment.first), None));
            }
        }
    }

    /// A line that is what its hash says, at its place or not.
    fn sound(&mut self, at: At<'_>, line: Line, expected: Option<u64>) {
        let seq = line.seq;
        match (expected, self.last.and_then(|(_, hash)| hash)) {
            (Some(expected), _) if seq < expected => {
                let what = format!("seq {seq} stands where {expected} belongs");
                return self.fault(at, FaultKind::Moved, what);
            }
            (Some(expected), _) if seq > expected => self.gap(at, (expected, seq - 1)),
            (Some(_), Some(before)) if line.prev != before => {
                let what = format!(
                    "seq {seq} was written after another line than the one before it, whose text \
                     and hash were made anew"
                );
                self.fault(at, FaultKind::Rewritten, what);
            }
            _ => {}
        }
        if at.line == 1 && seq != at.segment.first && expected.is_none_or(|wanted| wanted == seq) {
            let what = format!("begins with seq {seq}, which is not what its name says");
            self.fault(at, FaultKind::Moved, what);
        }
        self.last = Some((seq, Some(line.hash)));
        self.found |= self.wanted == Some(line.hash);
        self.verdict.head = Some(Head { seq, time: line.time, hash: line.hash });
        match &line.entry {
            Entry::Log(Note::Removed { through, last }) => {
                self.removed = Some((*through, *last));
                self.found |= self.wanted == Some(*last);
            }
            Entry::Log(Note::Lost { lines }) => self.verdict.lost += lines,
            Entry::Log(Note::Cut { .. }) => self.verdict.cuts += 1,
            _ => {}
        }
        self.verdict.first.get_or_insert(seq);
        if self.verdict.lines == 1 {
            self.first = Some(line);
        }
    }

    /// Numbers that are missing before a line.
    fn gap(&mut self, at: At<'_>, (from, to): (u64, u64)) {
        if at.line == 1 && at.segment.first != from {
            let what = format!(
                "seq {from} to {to} are missing: a segment before this one, or the end of one"
            );
            return self.fault(at, FaultKind::SegmentMissing, what);
        }
        self.fault(at, FaultKind::Removed, format!("seq {from} to {to} are missing before it"));
    }

    /// The log began before its first line: something in it must say why that is gone.
    fn end(mut self, first: &Segment) -> Verdict {
        let at = At { segment: first, line: 0 };
        let begins = self.first.as_ref().map_or(first.first, |line| line.seq);
        let covered = match (self.removed, &self.first) {
            (Some((through, hash)), Some(line)) if line.seq == through + 1 => line.prev == hash,
            // A crash between writing that segments go and their going.
            (Some((through, _)), _) => begins <= through + 1,
            (None, first) => begins == 1 && first.as_ref().is_none_or(|f| f.prev == Digest::ZERO),
        };
        if !covered {
            let what = format!(
                "the log begins with seq {begins}, and no line says that what was before was \
                 removed for its age"
            );
            self.fault(at, FaultKind::BeginningMissing, what);
        }
        if let Some(wanted) = self.wanted.filter(|_| !self.found) {
            let what = format!(
                "no sound line has the hash {wanted}: the end was cut, or written anew, or it is \
                 of another log, or older than what is kept"
            );
            self.fault(at, FaultKind::EndMissing, what);
        }
        self.verdict
    }

    fn fault(&mut self, at: At<'_>, kind: FaultKind, what: impl Into<String>) {
        if self.verdict.faults.len() < Verdict::MOST {
            let (segment, line) = (at.segment.name(), at.line);
            self.verdict.faults.push(Fault { kind, segment, line, what: what.into() });
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.segment, self.what),
            line => write!(f, "{} line {line}: {}", self.segment, self.what),
        }
    }
}

/// Bytes of a line: all that is of others' making is clipped.
const LONGEST: u64 = 64 << 10;
