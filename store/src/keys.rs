//! Which keys of a table: all, those with the first parts given, or a stretch.

use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

use crate::key::{AsKey, AsPrefix, Key, bytes_of};
use crate::snapshot::{Span, successor};

/// A selection of the keys of a [`crate::Table`] with keys `K`.
#[derive(Clone, Debug)]
pub struct Keys<K> {
    span: Span,
    of: PhantomData<fn() -> K>,
}

impl<K: Key> Keys<K> {
    /// Every key.
    #[must_use]
    pub fn all() -> Self {
        Self::from(Span::all())
    }

    /// The tuple keys that have these first parts: `Keys::of(("ven-1",))`.
    #[must_use]
    pub fn of(first: impl AsPrefix<K>) -> Self {
        let mut prefix = Vec::new();
        first.encode_prefix(&mut prefix);
        Self::from(Span::prefix(prefix))
    }

    /// The keys of a range: `Keys::between(3..)`, `Keys::between("a".."c")`.
    #[must_use]
    pub fn between<Q: AsKey<K>>(range: impl RangeBounds<Q>) -> Self {
        Self::from(Span {
            start: range.start_bound().map(|key| bytes_of(&key)),
            end: range.end_bound().map(|key| bytes_of(&key)),
            ..Span::all()
        })
    }

    /// Of these, only those after `key`: the next page.
    #[must_use]
    pub fn after(mut self, key: impl AsKey<K>) -> Self {
        let key = bytes_of(&key);
        let later = match &self.span.start {
            Bound::Unbounded => true,
            Bound::Included(start) | Bound::Excluded(start) => key >= *start,
        };
        if later {
            self.span.start = Bound::Excluded(key);
        }
        self
    }

    /// Of these, only those before `key`: the next page, backward.
    #[must_use]
    pub fn before(mut self, key: impl AsKey<K>) -> Self {
        let key = bytes_of(&key);
        let earlier = match &self.span.end {
            Bound::Unbounded => true,
            Bound::Included(end) | Bound::Excluded(end) => key <= *end,
        };
        if earlier {
            self.span.end = Bound::Excluded(key);
        }
        self
    }

    /// The greatest key first.
    #[must_use]
    pub fn backward(mut self) -> Self {
        self.span.backward = true;
        self
    }

    /// At most this many.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.span.limit = limit;
        self
    }

    /// The encoded stretch.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.span
    }

    fn from(span: Span) -> Self {
        Self { span, of: PhantomData }
    }
}

impl Keys<String> {
    /// The text keys that begin with this text.
    #[must_use]
    pub fn starting_with(text: &str) -> Self {
        let mut start = bytes_of::<String>(&text);
        // Without the two closing bytes: the text may go on.
        start.truncate(start.len() - 2);
        let end = successor(&start).map_or(Bound::Unbounded, Bound::Excluded);
        Self::from(Span { start: Bound::Included(start), end, ..Span::all() })
    }
}
