//! Counters of a server, for its owner to show.

use std::sync::atomic::{AtomicU64, Ordering};

/// What has happened since the server was made. Read with `load(Ordering::Relaxed)`.
#[derive(Debug, Default)]
pub struct Meters {
    /// Connections let in, before TLS.
    pub connections: AtomicU64,
    /// Of these, open now.
    pub open: AtomicU64,
    /// The listener failed to accept.
    pub accept_errors: AtomicU64,
    /// Connections dropped: too many in all.
    pub refused_all: AtomicU64,
    /// Connections dropped: too many from one address.
    pub refused_address: AtomicU64,
    /// Handshakes that failed or took too long; no acceptable certificate among them.
    pub handshakes_failed: AtomicU64,
    /// Bytes read, after decryption, heads included.
    pub bytes_in: AtomicU64,
    /// Bytes written, before encryption, heads included.
    pub bytes_out: AtomicU64,
    /// Connections cut off: the head came too slowly.
    pub slow_head: AtomicU64,
    /// Connections cut off: the body came too slowly.
    pub slow_body: AtomicU64,
    /// Connections cut off: the peer would not take its answer.
    pub slow_reader: AtomicU64,
    /// Connections closed for want of requests.
    pub idle: AtomicU64,
    /// Connections cut off: an ambiguous head, or one hyper could not read.
    pub malformed: AtomicU64,
    /// Requests refused with 503: too many of one party.
    pub refused_party: AtomicU64,
    /// Requests refused with 503: too many in all.
    pub refused_requests: AtomicU64,
    /// Handlers that took too long.
    pub timed_out: AtomicU64,
    /// Handlers that panicked.
    pub panicked: AtomicU64,
    /// Answers with 200.
    pub status_200: AtomicU64,
    /// Answers with 403.
    pub status_403: AtomicU64,
    /// Answers with 404.
    pub status_404: AtomicU64,
    /// Answers with 406.
    pub status_406: AtomicU64,
    /// Answers with 500.
    pub status_500: AtomicU64,
    /// Answers with 501.
    pub status_501: AtomicU64,
    /// Answers with 503.
    pub status_503: AtomicU64,
    /// Answers with any other status.
    pub status_other: AtomicU64,
}

impl Meters {
    /// Requests answered, by status: `(200, n)` and so on; 0 stands for any other.
    #[must_use]
    pub fn by_status(&self) -> [(u16, u64); 8] {
        [200, 403, 404, 406, 500, 501, 503, 0]
            .map(|status| (status, self.status(status).load(Ordering::Relaxed)))
    }

    pub(crate) fn status(&self, status: u16) -> &AtomicU64 {
        match status {
            200 => &self.status_200,
            403 => &self.status_403,
            404 => &self.status_404,
            406 => &self.status_406,
            500 => &self.status_500,
            501 => &self.status_501,
            503 => &self.status_503,
            _ => &self.status_other,
        }
    }
}

/// One more.
pub(crate) fn count(meter: &AtomicU64) {
    meter.fetch_add(1, Ordering::Relaxed);
}
