//! The server: OpenADR 2.0b Profile 9.1 ("simple HTTP"), for a VTN and for a PUSH VEN.
//!
//! Status codes are those of the profile's table, so that a peer's retry rules fit them:
//!
//! | answer | when |
//! |---|---|
//! | 200 and others | as the [`Handler`] says |
//! | 403 | the peer's certificate has expired since the handshake (rules 516, 517) |
//! | 404 | the path is not one, or has a query |
//! | 406 | not `application/xml` in UTF-8; a coded body; no single Host; HTTP/1.0; no Content-Length or any Transfer-Encoding; longer than [`Limits::max_body`] (HTTP's own 411, 413, 415 and 505 are not in the table, and like these 406 says: never again unmodified) |
//! | 500 | the handler panicked |
//! | 501 | not POST |
//! | 503 | too many requests, of this party or of all, the handler took too long, or the body came too slowly; Retry-After says how long to stay away |
//!
//! A head that two parsers could read differently (a bare line feed, a folded header, two
//! Content-Length) is cut off without an answer; one that no parser can read gets hyper's own 400
//! or 431. Too many connections are dropped before TLS.

mod connection;
mod limits;
mod meters;
mod quota;
mod request;

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use oadr_certs::{PeerCertificate, Thumbprint};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

pub use limits::Limits;
pub use meters::Meters;

use crate::clock::Clock;
use crate::net::{BoxFuture, Listen};
use crate::security::ServerSecurity;
use connection::Connection;
use meters::count;
use quota::Quota;
pub(crate) use request::is_xml;

/// What answers requests: a role, seen from the transport.
///
/// Also implemented for `Fn(Peer, Received) -> impl Future<Output = Answer>`.
pub trait Handler: Send + Sync + 'static {
    /// Answers a request.
    ///
    /// Runs as a task of its own: to its end even if the peer hangs up, and a panic costs only
    /// this request (500). If it takes longer than [`Limits::request_timeout`] the peer is told
    /// 503 while it runs on; it counts against the limits until it ends.
    fn handle(&self, peer: Peer, request: Received) -> BoxFuture<'_, Answer>;
}

impl<F, A> Handler for F
where
    F: Fn(Peer, Received) -> A + Send + Sync + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    fn handle(&self, peer: Peer, request: Received) -> BoxFuture<'_, Answer> {
        Box::pin(self(peer, request))
    }
}

/// Who sent a request.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The certificate it proved to hold. This is its identity, and nothing else is.
    pub certificate: Arc<PeerCertificate>,
    /// Where it called from: for logs and limits only.
    pub address: SocketAddr,
}

/// A request that has passed the binding's rules.
#[derive(Clone, Debug)]
pub struct Received {
    /// The path in RFC 3986 normal form; see [`paths::parse`](crate::paths::parse).
    pub path: String,
    /// The body, at most [`Limits::max_body`] bytes, not looked at.
    pub body: Bytes,
}

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One of the statuses of the profile's table. Anything hyper cannot send becomes 500. After
    /// 403 (the certificate is not accepted, rule 517) the connection is closed.
    pub status: u16,
    /// XML in UTF-8; ignored by peers unless the status is 200.
    pub body: Bytes,
    /// How long the peer shall stay away, rounded up to seconds; sent with 503.
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// 200 with a body.
    #[must_use]
    pub fn ok(body: impl Into<Bytes>) -> Self {
        Self { status: 200, body: body.into(), retry_after: None }
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status, body: Bytes::new(), retry_after: None }
    }

    /// 503: come back later.
    #[must_use]
    pub fn unavailable(retry_after: Duration) -> Self {
        Self { status: 503, body: Bytes::new(), retry_after: Some(retry_after) }
    }
}

/// One request and its answer, for the owner's log.
#[derive(Clone, Debug)]
pub struct Observed<'a> {
    /// Who asked.
    pub peer: &'a Peer,
    /// The normalised path, or the one received if it has no normal form.
    pub path: &'a str,
    /// The HTTP status answered.
    pub status: u16,
    /// Whether the [`Handler`] said so: not if the request was refused before it got there, or the
    /// handler panicked or is still at it.
    pub handled: bool,
    /// From the whole head received to the answer ready to be sent.
    pub took: Duration,
    /// Bytes of the request's body.
    pub received: usize,
    /// Bytes of the answer's body as sent (compressed, if it is).
    pub sent: usize,
}

/// A server, ready to [`serve`](Server::serve) one or more listeners under common limits.
pub struct Server {
    shared: Arc<Shared>,
}

/// What all connections of a server share.
struct Shared {
    handler: Arc<dyn Handler>,
    limits: Limits,
    clock: Arc<dyn Clock>,
    meters: Arc<Meters>,
    observe: Option<Observer>,
    connections: Arc<Semaphore>,
    handshakes: Semaphore,
    requests: Arc<Semaphore>,
    addresses: Arc<Quota<std::net::IpAddr>>,
    parties: Arc<Quota<Thumbprint>>,
}

type Observer = Arc<dyn Fn(&Observed<'_>) + Send + Sync>;

impl Server {
    /// A server. The clock tells when peers' certificates expire and dates the answers; time-outs
    /// are tokio's time.
    #[must_use]
    pub fn new(handler: Arc<dyn Handler>, limits: Limits, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared: Arc::new(Shared {
                handler,
                clock,
                meters: Arc::default(),
                observe: None,
                connections: Arc::new(Semaphore::new(
                    limits.max_connections.min(Semaphore::MAX_PERMITS),
                )),
                handshakes: Semaphore::new(limits.max_handshakes.max(1)),
                requests: Arc::new(Semaphore::new(max_requests(&limits))),
                addresses: Arc::new(Quota::new(
                    limits.max_connections_per_address,
                    limits.max_handshakes_per_address.max(1),
                )),
                parties: Arc::new(Quota::new(limits.max_requests_per_party, 0)),
                limits,
            }),
        }
    }

    /// Calls `observer` after each request that got an answer. It must not block.
    ///
    /// # Panics
    /// If the server is already serving.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&Observed<'_>) + Send + Sync + 'static) -> Self {
        let shared = Arc::get_mut(&mut self.shared).expect("set the observer before serving");
        shared.observe = Some(Arc::new(observer));
        self
    }

    /// The counters, live.
    #[must_use]
    pub fn meters(&self) -> Arc<Meters> {
        Arc::clone(&self.shared.meters)
    }

    /// Serves until `shutdown` is ready; then closes the listener, finishes what is in flight
    /// within [`Limits::drain`], cuts off the rest and returns how many connections that were.
    pub async fn serve<L: Listen>(
        &self,
        mut listener: L,
        security: ServerSecurity,
        shutdown: impl Future<Output = ()> + Send,
    ) -> usize {
        let stop = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(_) = tasks.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => {
                        if let Some(connection) = Connection::admit(&self.shared, address) {
                            let security = security.clone();
                            tasks.spawn(connection.run(stream, security, stop.subscribe()));
                        }
                    }
                    Err(error) => {
                        // Most likely out of file descriptors: rest, some will come back.
                        tracing::debug!(%error, "accept");
                        count(&self.shared.meters.accept_errors);
                        tokio::time::sleep(ACCEPT_REST).await;
                    }
                },
            }
        }
        drop(listener);
        stop.send_replace(true);
        self.finish(&mut tasks).await
    }

    /// Waits for connections, and for handlers whose peer has hung up.
    async fn finish(&self, tasks: &mut JoinSet<()>) -> usize {
        let all = u32::try_from(max_requests(&self.shared.limits)).unwrap_or(u32::MAX);
        let finished = async {
            while tasks.join_next().await.is_some() {}
            // Fails only if the semaphore is closed, which nobody does.
            let _ = self.shared.requests.acquire_many(all).await;
        };
        let _ = tokio::time::timeout(self.shared.limits.drain, finished).await;
        let cut_off = tasks.len();
        tasks.shutdown().await;
        cut_off
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

/// As many as a semaphore can count and hand out in one piece.
fn max_requests(limits: &Limits) -> usize {
    limits.max_requests.min(1 << 28)
}

const ACCEPT_REST: Duration = Duration::from_millis(100);
