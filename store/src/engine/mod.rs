//! What an engine is, and the engines there are.

use std::future::Future;
use std::pin::Pin;

use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::Snapshot;
use crate::watch::Watchers;

mod blocks;
#[cfg(test)]
mod disk;
mod embedded;
#[cfg(test)]
mod faults;
mod group;
mod life;
mod memory;
mod place;

pub(crate) use embedded::FILE;
pub use memory::{Memory, Trouble};
pub(crate) use place::{open, open_checked, write_copy};

/// An answer that comes later.
pub type Answer = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// What keeps the records. [`crate::Store`] is how it is used.
///
/// An engine gives each batch atomicity and isolation, answers a commit only
/// when it would survive a power cut, and shows a snapshot the state between
/// two batches, never in one. After a failed sync it must not acknowledge
/// anything until it was opened anew by a new process: the system may have
/// thrown the unwritten pages away and report the next sync as a success.
pub trait Engine: Send + Sync {
    /// A consistent view of every table.
    ///
    /// # Errors
    /// As [`crate::Store::snapshot`].
    fn snapshot(&self) -> Result<Snapshot, Error>;

    /// Takes the batch at once, and answers when it is durable.
    fn commit(&self, batch: Batch) -> Answer;

    /// Who is told of commits.
    fn watchers(&self) -> &Watchers;

    /// Ends after the commits that are waiting.
    fn close(&self) -> Answer;
}

/// Bytes of key and value together that a record may have. Every engine can.
pub(crate) const MAX_RECORD: usize = 64 << 20;

/// An answer that is already known.
fn ready(result: Result<(), Error>) -> Answer {
    Box::pin(std::future::ready(result))
}
