//! Reading: one consistent view of every table.

use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

use crate::error::Error;

/// A key and its value, as stored.
pub type Pair = (Vec<u8>, Vec<u8>);

/// A consistent view of every table, as left by one commit.
///
/// Reads are synchronous and cheap. Hold it for a request, not for a day: an
/// engine cannot reuse the room of what a living snapshot still sees.
#[derive(Clone)]
pub struct Snapshot(Arc<dyn View>);

impl Snapshot {
    /// Wraps an engine's view.
    #[must_use]
    pub fn new(view: Arc<dyn View>) -> Self {
        Self(view)
    }

    /// The names of the tables that exist.
    ///
    /// # Errors
    /// As [`Read::get_bytes`].
    pub fn tables(&self) -> Result<Vec<String>, Error> {
        self.0.tables()
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Snapshot")
    }
}

/// What can be read from: a [`Snapshot`], or a [`crate::Store`] (each call then
/// sees the newest commit, so two calls may see two states).
pub trait Read {
    /// The value of a key; `None` if it has none, or the table does not exist.
    ///
    /// # Errors
    /// [`Error::SnapshotLost`], [`Error::Closed`], [`Error::Stopped`], or an
    /// error of the file system.
    fn get_bytes(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// The pairs of a span, in its order.
    ///
    /// # Errors
    /// As [`Read::get_bytes`].
    fn range_bytes(&self, table: &str, span: &Span) -> Result<Vec<Pair>, Error>;
}

impl Read for Snapshot {
    fn get_bytes(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.0.get(table, key)
    }

    fn range_bytes(&self, table: &str, span: &Span) -> Result<Vec<Pair>, Error> {
        if span.is_empty() {
            return Ok(Vec::new());
        }
        self.0.range(table, span)
    }
}

/// An engine's side of a snapshot.
pub trait View: Send + Sync {
    /// The value of a key; `None` also if the table does not exist.
    ///
    /// # Errors
    /// As [`Read::get_bytes`].
    fn get(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// The pairs of a span that is not empty.
    ///
    /// # Errors
    /// As [`Read::get_bytes`].
    fn range(&self, table: &str, span: &Span) -> Result<Vec<Pair>, Error>;

    /// The tables that exist, in the order of their names.
    ///
    /// # Errors
    /// As [`Read::get_bytes`].
    fn tables(&self) -> Result<Vec<String>, Error>;
}

/// A stretch of encoded keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it starts.
    pub start: Bound<Vec<u8>>,
    /// Where it ends.
    pub end: Bound<Vec<u8>>,
    /// Whether the greatest key comes first.
    pub backward: bool,
    /// How many pairs at most.
    pub limit: usize,
}

impl Span {
    /// Every key.
    #[must_use]
    pub fn all() -> Self {
        Self { start: Bound::Unbounded, end: Bound::Unbounded, backward: false, limit: usize::MAX }
    }

    /// Every key that begins with `prefix`.
    #[must_use]
    pub fn prefix(prefix: Vec<u8>) -> Self {
        let end = match successor(&prefix) {
            Some(end) => Bound::Excluded(end),
            None => Bound::Unbounded,
        };
        Self { start: Bound::Included(prefix), end, ..Self::all() }
    }

    /// Whether no key can lie in it. Ordered maps panic on such bounds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        use Bound::{Excluded, Included, Unbounded};
        if self.limit == 0 {
            return true;
        }
        match (&self.start, &self.end) {
            (Unbounded, _) | (_, Unbounded) => false,
            (Included(start), Included(end)) => start > end,
            (Included(start) | Excluded(start), Excluded(end))
            | (Excluded(start), Included(end)) => start >= end,
        }
    }

    /// Whether a key lies between the bounds.
    #[must_use]
    pub fn contains(&self, key: &[u8]) -> bool {
        RangeBounds::<[u8]>::contains(&self.bounds(), key)
    }

    /// The bounds, borrowed.
    #[must_use]
    pub fn bounds(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (self.start.as_ref().map(Vec::as_slice), self.end.as_ref().map(Vec::as_slice))
    }
}

/// The least key that is greater than every key beginning with `prefix`.
pub(crate) fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != 0xFF)?;
    let mut next = prefix[..=last].to_vec();
    next[last] += 1;
    Some(next)
}
