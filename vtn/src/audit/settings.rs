//! `[audit]` of `vtn.toml`.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Where the audit log is, and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditSettings {
    /// Its directory, which is made; `None`: `audit` in the store's.
    pub dir: Option<PathBuf>,
    /// Segments whose last line is older than so many days are removed; 0: none ever.
    pub keep_days: u32,
    /// A segment that has so many bytes is followed by another.
    pub segment_bytes: u64,
}

impl AuditSettings {
    /// Checks what a type cannot.
    ///
    /// # Errors
    /// The key and what is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        if self.keep_days > MOST_DAYS {
            return Err(format!("audit.keep_days: {MOST_DAYS} at most; 0 keeps all"));
        }
        if !(LEAST_BYTES..=MOST_BYTES).contains(&self.segment_bytes) {
            return Err(format!("audit.segment_bytes: {LEAST_BYTES} to {MOST_BYTES}"));
        }
        Ok(())
    }

    /// The directory of the log of a VTN with this store.
    #[must_use]
    pub fn dir_beside(&self, store: &Path) -> PathBuf {
        self.dir.clone().unwrap_or_else(|| store.join(NAME))
    }

    /// How long a line is kept at least; `None`: for ever.
    pub(super) fn keep(&self) -> Option<SignedDuration> {
        let hours = 24 * i64::from(self.keep_days);
        (hours > 0).then(|| SignedDuration::from_hours(hours))
    }
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self { dir: None, keep_days: 400, segment_bytes: 16 << 20 }
    }
}

const MOST_DAYS: u32 = 36_500;
const LEAST_BYTES: u64 = 64 << 10;
/// A segment's end is read whole at each start.
const MOST_BYTES: u64 = 256 << 20;
/// The directory of a log within that of a store or of a backup.
pub(crate) const NAME: &str = "audit";
