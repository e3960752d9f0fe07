//! What can go wrong, grouped by who can mend it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::batch::Precondition;

/// Why the store did not do what was asked. Cheap to clone: every writer of a
/// group gets the same one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    // The caller: read again and decide again.
    /// A precondition did not hold; nothing of the batch was written.
    Conflict {
        /// The table of the failed precondition.
        table: &'static str,
        /// The encoded key of the failed precondition.
        key: Vec<u8>,
        /// What it wanted to find there.
        expected: Expected,
    },
    /// A record is larger than a store takes; nothing of the batch was written.
    TooLarge {
        /// The table of the record.
        table: &'static str,
        /// Bytes of key and value.
        bytes: usize,
    },
    /// A value could not be turned into a record.
    Encode {
        /// The table of the record.
        table: &'static str,
        /// What serde said.
        detail: String,
    },
    /// The store was closed, or (in memory) a later opening took its place.
    Closed,
    /// The engine was reopened since the snapshot was taken: take a new one.
    SnapshotLost,

    // The operator: give room, rights, or another directory.
    /// No room on the file system; nothing was written and commits resume by
    /// themselves when room returns.
    Full {
        /// The store's directory or file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// Room ran out in the middle of a commit and the file could not be looked
    /// at since: whether the batch was written is not known. Read, then decide.
    Unsure {
        /// The store's file.
        path: PathBuf,
    },
    /// Another process, or another part of this one, has the store open.
    InUse {
        /// The store's directory.
        path: PathBuf,
    },
    /// The directory or file may not be written.
    NotWritable {
        /// What may not be written.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The path, or one above it, is not a directory.
    NotADirectory {
        /// The path as given.
        path: PathBuf,
    },
    /// A backup or restore would overwrite a store.
    Exists {
        /// The store that is there.
        path: PathBuf,
    },
    /// There is no store to restore from.
    Missing {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// The file was written by a newer program.
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format this program knows.
        known: u32,
    },
    /// The file is there but is no store.
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The file's checksums or structure do not hold.
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What does not hold.
        detail: String,
    },
    /// The engine can no longer promise durability (a sync failed, or the disk
    /// did): it refuses everything until the program is restarted. Whether the
    /// batch was written is not known; it was not acknowledged.
    Stopped {
        /// The store's file.
        path: PathBuf,
        /// What failed first.
        detail: String,
    },
    /// Any other failure of the file system.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: Arc<io::Error>,
    },

    // The program: another version wrote this record.
    /// A record was written by a newer program.
    NewerRecord {
        /// The table.
        table: &'static str,
        /// The record's version.
        found: u16,
        /// The newest version this program knows.
        known: u16,
    },
    /// An older record could not be carried over to this version.
    Upgrade {
        /// The table.
        table: &'static str,
        /// The record's version.
        found: u16,
        /// Why not.
        detail: String,
    },
    /// A stored key or record does not read as the table's types.
    Decode {
        /// The table.
        table: &'static str,
        /// The encoded key.
        key: Vec<u8>,
        /// What is wrong.
        detail: String,
    },
}

impl Error {
    /// Whether someone else was first: read again and decide again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// Whether the store may answer later without a restart (503 to a peer). Only
    /// after [`Error::Unsure`] is it open whether this batch was written.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Unsure { .. } | Self::SnapshotLost)
    }

    pub(crate) fn conflict(failed: &Precondition) -> Self {
        let expected = match failed {
            Precondition::Absent { .. } => Expected::Absent,
            Precondition::Present { .. } => Expected::Present,
            Precondition::Equals { .. } => Expected::Unchanged,
        };
        Self::Conflict { table: failed.table(), key: failed.key().to_vec(), expected }
    }

    /// Sorts a file system error by who can mend it.
    pub(crate) fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            kind if is_full(kind) => Self::Full { path, source: Arc::new(source) },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable { path, source: Arc::new(source) }
            }
            io::ErrorKind::NotADirectory => Self::NotADirectory { path },
            _ => Self::Io { path, doing, source: Arc::new(source) },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { table, key, expected } => {
                write!(f, "{table}: key {} is not {expected}; nothing was written", readable(key))
            }
            Self::TooLarge { table, bytes } => {
                write!(f, "{table}: a record of {bytes} bytes is too large; nothing was written")
            }
            Self::Encode { table, detail } => {
                write!(f, "{table}: the value cannot be stored: {detail}")
            }
            Self::Closed => write!(f, "the store is closed"),
            Self::SnapshotLost => write!(f, "the engine was reopened: take a new snapshot"),
            Self::NewerRecord { table, found, known } => write!(
                f,
                "{table}: a record has version {found}, this program knows up to {known}: \
                 run the newer program"
            ),
            Self::Upgrade { table, found, detail } => {
                write!(f, "{table}: a record of version {found} cannot be carried over: {detail}")
            }
            Self::Decode { table, key, detail } => {
                write!(f, "{table}: the record at {} is unreadable: {detail}", readable(key))
            }
            _ => self.fmt_for_operator(f),
        }
    }
}

impl Error {
    /// Each names the path and the mend.
    fn fmt_for_operator(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { path, source } => write!(
                f,
                "no room to write {}: {source}; free space, commits resume by themselves",
                path.display()
            ),
            Self::Unsure { path } => write!(
                f,
                "room ran out while {} was written: free space, then see what is there",
                path.display()
            ),
            Self::InUse { path } => write!(
                f,
                "{} is in use by another program: stop it, or give another directory",
                path.display()
            ),
            Self::NotWritable { path, source } => write!(
                f,
                "{} cannot be written: {source}; give this user the right to write there, \
                 or give another directory",
                path.display()
            ),
            Self::NotADirectory { path } => {
                write!(f, "{} is not a directory: give another one", path.display())
            }
            Self::Exists { path } => write!(
                f,
                "{} exists and is not overwritten: move it away, or give another directory",
                path.display()
            ),
            Self::Missing { path } => {
                write!(f, "{} does not exist: give a directory made by a backup", path.display())
            }
            Self::NewerFormat { path, found, known } => write!(
                f,
                "{} has format {found}, this program knows up to {known}: run the newer program",
                path.display()
            ),
            Self::NotAStore { path, detail } => write!(
                f,
                "{} is not a store ({detail}): give another directory or restore a backup",
                path.display()
            ),
            Self::Corrupt { path, detail } => {
                write!(f, "{} is damaged ({detail}): restore a backup", path.display())
            }
            Self::Stopped { path, detail } => write!(
                f,
                "{} stopped, because {detail}: look at the disk, then restart the program",
                path.display()
            ),
            Self::Io { path, doing, source } => {
                write!(f, "{doing} {}: {source}", path.display())
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Full { source, .. }
            | Self::NotWritable { source, .. }
            | Self::Io { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

/// What a failed precondition wanted to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// No value.
    Absent,
    /// Some value.
    Present,
    /// The value that was read before.
    Unchanged,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "absent",
            Self::Present => "present",
            Self::Unchanged => "unchanged",
        })
    }
}

/// Whether an error means that room is lacking, which an operator can give.
pub(crate) fn is_full(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// Keys are mostly identifiers: their text as it is, other bytes escaped.
fn readable(key: &[u8]) -> String {
    format!("\"{}\"", key.escape_ascii())
}
