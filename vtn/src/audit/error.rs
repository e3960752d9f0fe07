//! Why something could not be written down, or read.

use std::fmt;
use std::io;
use std::path::Path;

/// Why the log did not do what was asked. Cheap to clone: all who wait for one sync get the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A file or directory; says which, and what the system said.
    Io(String),
    /// Another VTN writes this log.
    InUse(String),
    /// The end of the log is not as this program leaves it; says where, and the mend.
    Unsound(String),
    /// More waits to be written than there is room for in memory.
    Behind,
    /// A sync failed, so nobody knows what is on the disk: nothing more is written until a restart.
    Stopped(String),
    /// Segments were removed for their age while they were copied.
    Gone,
    /// The log was closed.
    Closed,
}

impl Error {
    /// A file that gave trouble.
    pub(super) fn io(path: &Path, doing: &str, error: &io::Error) -> Self {
        Self::Io(format!("{doing} {}: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(what) => write!(f, "the audit log: {what}"),
            Self::InUse(dir) => write!(
                f,
                "the audit log {dir} is in use: another VTN writes it; end that one, or change \
                 audit.dir"
            ),
            Self::Unsound(what) => write!(
                f,
                "the audit log: {what}; look at it with `vtn audit verify`, and move its directory \
                 away as it is to begin another log"
            ),
            Self::Behind => {
                f.write_str("the audit log: the disk is slower than what is to be written")
            }
            Self::Stopped(why) => write!(
                f,
                "the audit log is not written any more: {why}; mend the disk and start the VTN again"
            ),
            Self::Gone => {
                f.write_str("the audit log: old segments went while they were copied; try again")
            }
            Self::Closed => f.write_str("the audit log is closed"),
        }
    }
}

impl std::error::Error for Error {}
