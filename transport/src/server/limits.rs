//! What a server lets its peers take, so that none takes it all.

use std::time::Duration;

/// The limits of a [`Server`](crate::Server). All times are real (or simulated) monotonic time.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once; more are dropped before TLS. Default 4,096.
    pub max_connections: usize,
    /// Connections at once from one IPv4 address or IPv6 /64 network (many VENs may share one).
    /// Default 1,024.
    pub max_connections_per_address: usize,
    /// TLS handshakes under way at once, from the peer's first message on; more wait within their
    /// own time-out. Default 256.
    pub max_handshakes: usize,
    /// The same from one address or network, so that none keeps all others waiting. Default 64.
    pub max_handshakes_per_address: usize,
    /// For a handshake, waiting included. Default 10 s.
    pub handshake_timeout: Duration,
    /// A request head's length in bytes, at least 8,192. Default 16 KiB.
    pub max_head: usize,
    /// A request head's number of fields. Default 64.
    pub max_headers: usize,
    /// For a request head, from its first byte; for the first, from the handshake. Default 10 s.
    pub head_timeout: Duration,
    /// Between requests on a connection; counts as [`Limits::request_timeout`] and a second if it
    /// is shorter than that. Default 120 s.
    pub idle_timeout: Duration,
    /// A body's length in bytes. Default 256 KiB.
    pub max_body: usize,
    /// For a body, however steadily it comes. Default 30 s.
    pub body_timeout: Duration,
    /// How far a body may fall behind [`Limits::min_rate`]. Default 5 s.
    pub body_grace: Duration,
    /// The slowest a body may come, in bytes per second, at least 1. Default 1,024.
    pub min_rate: u32,
    /// How long a peer may refuse to take bytes of an answer. Default 20 s.
    pub write_timeout: Duration,
    /// Requests being read or handled at once; more get 503. Bounds the memory for bodies to
    /// this times [`Limits::max_body`]. Default 512.
    pub max_requests: usize,
    /// The same for one party (certificate). Default 8.
    pub max_requests_per_party: usize,
    /// For the handler; then the peer gets 503. Default 30 s.
    pub request_timeout: Duration,
    /// What 503 tells the peer to wait, if the handler says nothing else. Default 5 s.
    pub retry_after: Duration,
    /// For what is in flight at shutdown. Default 10 s.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 4096,
            max_connections_per_address: 1024,
            max_handshakes: 256,
            max_handshakes_per_address: 64,
            handshake_timeout: Duration::from_secs(10),
            max_head: 16 * 1024,
            max_headers: 64,
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(120),
            max_body: 256 * 1024,
            body_timeout: Duration::from_secs(30),
            body_grace: Duration::from_secs(5),
            min_rate: 1024,
            write_timeout: Duration::from_secs(20),
            max_requests: 512,
            max_requests_per_party: 8,
            request_timeout: Duration::from_secs(30),
            retry_after: Duration::from_secs(5),
            drain: Duration::from_secs(10),
        }
    }
}
