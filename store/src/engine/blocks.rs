//! What an engine needs of a file, so that a test can be the disk.

use std::fmt::Debug;
use std::io;

/// A file of bytes under an engine.
///
/// Not `is_empty`: an engine asks for the length alone.
#[allow(clippy::len_without_is_empty)]
pub(super) trait Blocks: Debug + Send + Sync + 'static {
    fn len(&self) -> io::Result<u64>;
    fn set_len(&self, len: u64) -> io::Result<()>;
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;
    /// Answers when what was written before would survive a power cut.
    fn sync(&self) -> io::Result<()>;
}
