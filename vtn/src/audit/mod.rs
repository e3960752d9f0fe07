//! The audit log: every operator's action and every message's digest, in files that are only ever
//! appended to, each line bound to the one before it by SHA-256.
//!
//! | file | holds |
//! |---|---|
//! | `entry` | what is written down: operators' actions, messages, what befell the log |
//! | `line` | an entry in its place in the chain, as text |
//! | `segment` | the files: their names, order and ends |
//! | `disk` | the log opened for writing: append, sync, begin a segment, drop old ones |
//! | `writer` | the one thread that writes: batches of lines, one sync |
//! | `log` | [`Audit`]: what the rest of the VTN is given |
//! | `read` | lines looked up, some at a time |
//! | `copy` | the log in a backup, and back |
//! | `verify` | whether a log is whole; works on files alone |
//! | `settings` | `[audit]` of `vtn.toml` |
//!
//! A line's hash is the SHA-256 of its text up to `,"hash":`, and its `prev` is the hash of the
//! line before it, also across segments: whoever changes a line must change all that follow. The
//! chain alone cannot tell that its end was cut, or written anew from some line on: for that, a
//! head hash kept elsewhere is compared ([`verify()`]).

mod copy;
mod digest;
mod disk;
mod entry;
mod error;
mod line;
mod log;
mod read;
mod segment;
mod settings;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

pub use copy::{Restored, restore};
pub use digest::Digest;
pub(crate) use entry::clip;
pub use entry::{Entry, Exchange, Note, Operation};
pub use error::Error;
pub use line::Line;
pub use log::{Audit, Condition, Head};
pub use read::{Found, Query, Shown, read};
pub use settings::AuditSettings;
pub use verify::{Fault, FaultKind, Verdict, verify};
