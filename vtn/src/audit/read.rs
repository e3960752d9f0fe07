//! Lines looked up in the files of a log, oldest first, some at a time.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::disk::first_line;
use super::entry::Entry;
use super::error::Error;
use super::line::{Flaw, Line};
use super::segment::{Segment, located};

/// Which lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// After the line of this number; 0: from the beginning.
    pub after: u64,
    /// From this instant on.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// Messages of this VEN only.
    pub ven: Option<String>,
    /// What this operator did only.
    pub operator: Option<String>,
    /// So many at most.
    pub limit: usize,
}

/// A line as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What it says.
    #[serde(flatten)]
    pub line: Line,
    /// Whether that is not what its hash was made of: do not believe it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub altered: bool,
}

/// Some lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The lines; maybe none of those looked through fit, and more follow.
    pub lines: Vec<Shown>,
    /// After which number to go on; `None`: the end was reached.
    pub next: Option<u64>,
}

/// Looks lines up in a log's directory, or `audit` within it. No more than some megabytes are
/// read: what follows is for the next call. A line that cannot be read is passed over.
///
/// Segments are passed over by the time of their first lines, a day of leeway given: a clock that
/// was set back further hides lines from `since` and `until`.
///
/// # Errors
/// If a segment cannot be read.
pub fn read(dir: &Path, query: &Query) -> Result<Found, Error> {
    let all = Segment::all(&located(dir))?;
    let begin = all.partition_point(|one| one.first <= query.after.saturating_add(1));
    let mut search = Search { query, found: Found::default(), seen: query.after, left: MOST_BYTES };
    for (at, segment) in all.iter().enumerate().skip(begin.saturating_sub(1)) {
        if search.skips(segment, all.get(at + 1))? {
            continue;
        }
        if search.segment(segment)? {
            break;
        }
    }
    Ok(search.found)
}

struct Search<'a> {
    query: &'a Query,
    found: Found,
    /// The number of the last line looked at.
    seen: u64,
    /// How many bytes may yet be read.
    left: usize,
}

impl Search<'_> {
    /// Whether nothing in a segment can be of the time wanted.
    fn skips(&self, segment: &Segment, next: Option<&Segment>) -> Result<bool, Error> {
        let Query { since, until, .. } = self.query;
        let time = |segment| Ok(first_line(segment)?.map(|line| line.time));
        if let (Some(since), Some(next)) = (since, next)
            && time(next)?.is_some_and(|head| since.duration_since(head) > LEEWAY)
        {
            return Ok(true);
        }
        let Some(until) = until else { return Ok(false) };
        Ok(time(segment)?.is_some_and(|head| head.duration_since(*until) > LEEWAY))
    }

    /// Looks through a segment; `true` if that is enough.
    fn segment(&mut self, segment: &Segment) -> Result<bool, Error> {
        let told = |error| Error::io(&segment.path, "reading", &error);
        let mut file = BufReader::new(File::open(&segment.path).map_err(told)?);
        let mut text = Vec::new();
        loop {
            text.clear();
            file.read_until(b'\n', &mut text).map_err(told)?;
            // An end that is not whole yet is for the next time.
            let Some(whole) = text.strip_suffix(b"\n") else { return Ok(false) };
            if number(whole).is_some_and(|seq| seq <= self.query.after) {
                continue;
            }
            if self.left < text.len() || self.is_full(whole) {
                self.found.next = Some(self.seen);
                return Ok(true);
            }
            self.left -= text.len();
            self.take(whole);
        }
    }

    /// Whether a line fits for which there is no more room.
    fn is_full(&self, text: &[u8]) -> bool {
        self.found.lines.len() >= self.query.limit
            && shown(text).is_some_and(|one| fits(self.query, &one.line))
    }

    fn take(&mut self, text: &[u8]) {
        let Some(one) = shown(text) else { return };
        self.seen = self.seen.max(one.line.seq);
        if fits(self.query, &one.line) {
            self.found.lines.push(one);
        }
    }
}

fn fits(query: &Query, line: &Line) -> bool {
    let of = |wanted: &Option<String>, is: &Option<String>| wanted.is_none() || wanted == is;
    let (ven, operator) = match &line.entry {
        Entry::Message(exchange) => (&exchange.ven, &None),
        Entry::Operator(operation) => (&None, &operation.operator),
        Entry::Log(_) => (&None, &None),
    };
    query.since.is_none_or(|since| line.time >= since)
        && query.until.is_none_or(|until| line.time < until)
        && of(&query.ven, ven)
        && of(&query.operator, operator)
}

fn shown(text: &[u8]) -> Option<Shown> {
    match Line::read(text) {
        Ok(line) => Some(Shown { line, altered: false }),
        Err(Flaw::Altered(line)) => Some(Shown { line: *line, altered: true }),
        Err(Flaw::Unreadable(_)) => None,
    }
}

/// A line's number, without reading the rest: most lines of a segment are before the page.
fn number(text: &[u8]) -> Option<u64> {
    let digits = text.strip_prefix(b"{\"seq\":")?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

const LEEWAY: SignedDuration = SignedDuration::from_hours(24);
/// Bytes that one call looks through after the cursor.
const MOST_BYTES: usize = 16 << 20;
