//! The archive of raw messages, for looking into a case. Off unless asked for: messages are
//! personal data. Keys never pass through here.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

/// Writes requests and replies into a directory, one file each.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    sequence: AtomicU64,
}

impl Archive {
    /// Writes `20260601T120000.000000-00000007-<party>-request.xml` and its `…-reply.xml`.
    /// A failure is logged: an exchange does not fail because its copy could not be kept.
    pub(crate) async fn keep(
        &self,
        directory: &Path,
        (now, party): (Timestamp, &str),
        (request, reply): (&[u8], &[u8]),
    ) {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        let time = now.strftime("%Y%m%dT%H%M%S%.6f");
        let stem = format!("{time}-{sequence:08}-{}", file_name(party));
        for (side, bytes) in [("request", request), ("reply", reply)] {
            let path = directory.join(format!("{stem}-{side}.xml"));
            if let Err(error) = tokio::fs::write(&path, bytes).await {
                tracing::warn!(path = %path.display(), %error, "a message was not archived");
            }
        }
    }
}

/// A party's name as part of a file's: nothing that leads out of the directory.
fn file_name(party: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    party.chars().take(64).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_cannot_write_outside_the_directory() {
        assert_eq!(file_name("../../etc/passwd"), "______etc_passwd");
        assert_eq!(file_name(&"a".repeat(300)).len(), 64);
    }
}
