//! A batch: writes that happen together, and what must hold for them to happen.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::snapshot::Read;

/// Writes that are committed whole or not at all, in the order they were added.
///
/// A later write to the same key wins. All preconditions are judged before the
/// first write, against the state left by the batches committed before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    preconditions: Vec<Precondition>,
    writes: Vec<Write>,
}

impl Batch {
    /// An empty batch. Committing it changes nothing and waits for nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a write of raw bytes. [`crate::Table`] is the usual way.
    pub fn put(&mut self, table: &'static str, key: Vec<u8>, value: Vec<u8>) {
        self.writes.push(Write::Put { table, key, value });
    }

    /// Adds a removal; removing what is not there is no error.
    pub fn delete(&mut self, table: &'static str, key: Vec<u8>) {
        self.writes.push(Write::Delete { table, key });
    }

    /// Adds a condition without which nothing of the batch is written.
    pub fn require(&mut self, precondition: Precondition) {
        self.preconditions.push(precondition);
    }

    /// What must hold.
    #[must_use]
    pub fn preconditions(&self) -> &[Precondition] {
        &self.preconditions
    }

    /// What is written, in order.
    #[must_use]
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }

    /// Whether committing it could neither change anything nor fail.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.preconditions.is_empty() && self.writes.is_empty()
    }

    /// What takes this batch back, once it is committed: every key it wrote to gets the value it
    /// has in `before`, if nobody has written to any of them since.
    ///
    /// # Errors
    /// Those of reading.
    pub fn undo(&self, before: &impl Read) -> Result<Self, Error> {
        let mut undo = Self::new();
        let mut done = BTreeSet::new();
        // The last write to a key is the one that stands.
        for write in self.writes.iter().rev() {
            let (table, key) = (write.table(), write.key().to_vec());
            if !done.insert((table, key.clone())) {
                continue;
            }
            let old = before.get_bytes(table, &key)?;
            undo.require(write.as_it_left());
            match old {
                Some(value) => undo.put(table, key, value),
                None => undo.delete(table, key),
            }
        }
        Ok(undo)
    }

    /// Bytes of keys and values, to bound the size of a group.
    pub(crate) fn bytes(&self) -> usize {
        self.writes.iter().map(Write::bytes).sum()
    }
}

/// One condition on the state before a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The key has no value.
    Absent {
        /// The table's name.
        table: &'static str,
        /// The encoded key.
        key: Vec<u8>,
    },
    /// The key has some value.
    Present {
        /// The table's name.
        table: &'static str,
        /// The encoded key.
        key: Vec<u8>,
    },
    /// The key has exactly this value.
    Equals {
        /// The table's name.
        table: &'static str,
        /// The encoded key.
        key: Vec<u8>,
        /// The stored bytes, as read.
        value: Vec<u8>,
    },
}

impl Precondition {
    /// The table it speaks of.
    #[must_use]
    pub fn table(&self) -> &'static str {
        match self {
            Self::Absent { table, .. }
            | Self::Present { table, .. }
            | Self::Equals { table, .. } => table,
        }
    }

    /// The encoded key it speaks of.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        match self {
            Self::Absent { key, .. } | Self::Present { key, .. } | Self::Equals { key, .. } => key,
        }
    }

    /// Whether it holds when `current` is the key's value.
    #[must_use]
    pub fn holds(&self, current: Option<&[u8]>) -> bool {
        match self {
            Self::Absent { .. } => current.is_none(),
            Self::Present { .. } => current.is_some(),
            Self::Equals { value, .. } => current == Some(value.as_slice()),
        }
    }
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// The key gets this value.
    Put {
        /// The table's name.
        table: &'static str,
        /// The encoded key.
        key: Vec<u8>,
        /// The stored bytes.
        value: Vec<u8>,
    },
    /// The key loses its value.
    Delete {
        /// The table's name.
        table: &'static str,
        /// The encoded key.
        key: Vec<u8>,
    },
}

impl Write {
    /// The table it writes to.
    #[must_use]
    pub fn table(&self) -> &'static str {
        match self {
            Self::Put { table, .. } | Self::Delete { table, .. } => table,
        }
    }

    /// The encoded key it writes to.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        match self {
            Self::Put { key, .. } | Self::Delete { key, .. } => key,
        }
    }

    /// That the key is as this write left it.
    fn as_it_left(&self) -> Precondition {
        let key = self.key().to_vec();
        match self {
            Self::Put { table, value, .. } => {
                Precondition::Equals { table, key, value: value.clone() }
            }
            Self::Delete { table, .. } => Precondition::Absent { table, key },
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Put { key, value, .. } => key.len() + value.len(),
            Self::Delete { key, .. } => key.len(),
        }
    }
}
