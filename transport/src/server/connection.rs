//! One connection from its admission to its last byte.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::meters::count;
use super::quota::Place;
use super::request::Requests;
use super::{Peer, Shared};
use crate::net::{AnyStream, Stream};
use crate::security::{ServerSecurity, linger};
use crate::strict::Strict;

/// A place among the connections; free again when dropped.
pub(super) struct Connection {
    shared: Arc<Shared>,
    address: SocketAddr,
    _place: OwnedSemaphorePermit,
    place_of_address: Place<IpAddr>,
}

impl Connection {
    /// Lets a connection in if the limits allow; this costs the peer's many attempts nothing but
    /// a closed socket.
    pub(super) fn admit(shared: &Arc<Shared>, address: SocketAddr) -> Option<Self> {
        let meters = &shared.meters;
        let Ok(place) = Arc::clone(&shared.connections).try_acquire_owned() else {
            count(&meters.refused_all);
            return None;
        };
        let Some(place_of_address) = shared.addresses.take(network(address.ip())) else {
            count(&meters.refused_address);
            return None;
        };
        count(&meters.connections);
        count(&meters.open);
        Some(Self { shared: Arc::clone(shared), address, _place: place, place_of_address })
    }

    /// Handshake, requests, farewell. Ends early, between requests, when `stop` turns true.
    pub(super) async fn run(
        self,
        stream: impl Stream,
        security: ServerSecurity,
        mut stop: watch::Receiver<bool>,
    ) {
        let shaken = tokio::select! {
            biased;
            shaken = self.handshake(stream, &security) => shaken,
            // Nobody is in flight yet: there is nothing to finish.
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let address = self.address;
        match shaken {
            Ok((stream, peer)) => {
                if let Err(error) = self.requests(stream, peer, stop).await {
                    tracing::debug!(%address, %error, "connection");
                }
            }
            Err(error) => {
                count(&self.shared.meters.handshakes_failed);
                tracing::debug!(%address, %error, "handshake");
            }
        }
    }

    async fn handshake(
        &self,
        stream: impl Stream,
        security: &ServerSecurity,
    ) -> io::Result<(AnyStream, Peer)> {
        let turn = async {
            let among_address = self.place_of_address.turn().await;
            (among_address, self.shared.handshakes.acquire().await)
        };
        let shaken = security.accept(stream, turn);
        let (stream, certificate) =
            tokio::time::timeout(self.shared.limits.handshake_timeout, shaken).await??;
        Ok((stream, Peer { certificate: Arc::new(certificate), address: self.address }))
    }

    async fn requests(
        &self,
        stream: AnyStream,
        peer: Peer,
        mut stop: watch::Receiver<bool>,
    ) -> hyper::Result<()> {
        let limits = &self.shared.limits;
        let strict = Strict::new(stream, limits, Arc::clone(&self.shared.meters));
        let requests = Requests::new(Arc::clone(&self.shared), peer);
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // Strict has the finer limits; this one holds should it ever be taken out.
            .header_read_timeout(limits.idle_timeout + limits.head_timeout)
            .max_buf_size(limits.max_head.max(SMALLEST_BUFFER))
            .max_headers(limits.max_headers)
            .auto_date_header(false)
            .serve_connection(TokioIo::new(strict), requests);
        let mut stopping = false;
        let result = loop {
            tokio::select! {
                biased;
                result = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break result,
                // An error means the server is gone, and with it its will to serve.
                _ = stop.wait_for(|stop| *stop), if !stopping => {
                    stopping = true;
                    std::pin::Pin::new(&mut connection).graceful_shutdown();
                }
            }
        };
        if result.as_ref().is_err_and(hyper::Error::is_parse) {
            count(&self.shared.meters.malformed);
        }
        let mut stream = connection.into_parts().io.into_inner().into_inner();
        if !result.as_ref().is_err_and(timed_out) {
            linger(&mut stream).await;
        }
        result
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.shared.meters.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether the peer was cut off for being slow: it gets no more of our time.
fn timed_out(error: &hyper::Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref());
    source.is_some_and(|error: &io::Error| error.kind() == io::ErrorKind::TimedOut)
}

/// What counts as one address: an IPv6 subscriber has a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
        address => address,
    }
}

/// hyper will not take less.
const SMALLEST_BUFFER: usize = 8192;
