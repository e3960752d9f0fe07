//! An entry in its place in the chain, as one line of JSON.
//!
//! The text ends in `,"hash":"<64 hex digits>"}`; the hash is that of all that stands before.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::entry::Entry;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// When it was made, UTC, by the VTN's clock.
    pub time: Timestamp,
    /// What it tells.
    #[serde(flatten)]
    pub entry: Entry,
    /// The hash of the line before it; zeros for the first of all.
    pub prev: Digest,
    /// Its own hash.
    pub hash: Digest,
}

/// What is wrong with a line by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is no line of a log; says why.
    Unreadable(String),
    /// Its text is not what its hash was made of.
    Altered(Box<Line>),
}

/// Where the next line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub seq: u64,
    pub prev: Digest,
}

/// A line without its own hash.
#[derive(Serialize)]
struct Content<'a> {
    seq: u64,
    time: Timestamp,
    #[serde(flatten)]
    entry: &'a Entry,
    prev: Digest,
}

impl Place {
    /// The first place of all.
    pub(super) const FIRST: Self = Self { seq: 1, prev: Digest::ZERO };

    /// Writes a line and its line feed, and moves on to the place after it.
    ///
    /// # Errors
    /// None for an entry of this program: it has no map with other keys than text.
    pub(super) fn write(
        &mut self,
        text: &mut String,
        (time, entry): (Timestamp, &Entry),
    ) -> Result<(), serde_json::Error> {
        let Self { seq, prev } = *self;
        let mut content = serde_json::to_string(&Content { seq, time, entry, prev })?;
        content.pop();
        let hash = Digest::of(content.as_bytes());
        text.push_str(&content);
        *text += &format!("{BEFORE}{hash}{AFTER}\n");
        *self = Self { seq: seq + 1, prev: hash };
        Ok(())
    }
}

impl Line {
    /// Reads a line, without its line feed.
    ///
    /// # Errors
    /// The flaw.
    pub(super) fn read(text: &[u8]) -> Result<Self, Flaw> {
        let line: Self =
            serde_json::from_slice(text).map_err(|error| Flaw::Unreadable(error.to_string()))?;
        let end = format!("{BEFORE}{}{AFTER}", line.hash);
        match text.strip_suffix(end.as_bytes()) {
            Some(content) if Digest::of(content) == line.hash => Ok(line),
            _ => Err(Flaw::Altered(Box::new(line))),
        }
    }

    /// The place after it.
    pub(super) fn next(&self) -> Place {
        Place { seq: self.seq.saturating_add(1), prev: self.hash }
    }
}

const BEFORE: &str = ",\"hash\":\"";
const AFTER: &str = "\"}";
