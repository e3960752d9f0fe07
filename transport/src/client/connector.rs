//! How the HTTP client gets a connection: the given [`Connect`](crate::Connect), then the given
//! security. The certificate travels with the connection to each of its responses.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use oadr_certs::PeerCertificate;
use tokio_rustls::rustls;
use tower_service::Service;

use crate::clock::Clock;
use crate::net::{AnyConnect, AnyStream, BoxFuture};
use crate::security::ClientSecurity;

/// Makes connections for hyper.
#[derive(Clone)]
pub(super) struct Connector {
    connect: AnyConnect,
    security: ClientSecurity,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    /// When the first of the peers connected to expires, in seconds.
    soonest_expiry: Arc<AtomicI64>,
}

/// Where making a connection failed.
#[derive(Debug)]
pub(super) enum Unconnected {
    /// Below TLS.
    Tcp(io::Error),
    /// In the TLS handshake.
    Tls(io::Error),
    /// Neither ended in time.
    Timeout,
}

impl Connector {
    pub(super) fn new(
        connect: AnyConnect,
        security: ClientSecurity,
        timeout: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let soonest_expiry = Arc::new(AtomicI64::new(i64::MAX));
        Self { connect, security, clock, timeout, soonest_expiry }
    }

    pub(super) fn is_tls(&self) -> bool {
        self.security.is_tls()
    }

    /// Whether a certificate seen on any connection made since
    /// [`forget_expiry`](Self::forget_expiry) has expired.
    pub(super) fn some_peer_expired(&self, now: Timestamp) -> bool {
        self.soonest_expiry.load(Ordering::Relaxed) < now.as_second()
    }

    pub(super) fn forget_expiry(&self) {
        self.soonest_expiry.store(i64::MAX, Ordering::Relaxed);
    }

    async fn connection(self, uri: Uri) -> Result<Secured, Unconnected> {
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let default = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(default);
        let stream = self.connect.connect(host.clone(), port).await.map_err(Unconnected::Tcp)?;
        let (stream, peer) =
            self.security.connect(&host, stream).await.map_err(Unconnected::Tls)?;
        if peer.is_expired(self.clock.now()) {
            // A resumed TLS session does not look at the certificate again.
            let expired = rustls::Error::from(rustls::CertificateError::Expired);
            return Err(Unconnected::Tls(io::Error::other(expired)));
        }
        self.soonest_expiry.fetch_min(peer.not_after.as_second(), Ordering::Relaxed);
        Ok(Secured { stream: TokioIo::new(stream), peer: Arc::new(peer) })
    }
}

impl Service<Uri> for Connector {
    type Response = Secured;
    type Error = Unconnected;
    type Future = BoxFuture<'static, Result<Secured, Unconnected>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Unconnected>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move {
            let timeout = connector.timeout;
            let connection = connector.connection(uri);
            tokio::time::timeout(timeout, connection).await.unwrap_or(Err(Unconnected::Timeout))
        })
    }
}

impl fmt::Display for Unconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(error) => write!(f, "TCP: {error}"),
            Self::Tls(error) => write!(f, "TLS: {error}"),
            Self::Timeout => f.write_str("connecting took too long"),
        }
    }
}

impl std::error::Error for Unconnected {}

/// A connection to a peer that has proven its certificate.
pub(super) struct Secured {
    stream: TokioIo<AnyStream>,
    peer: Arc<PeerCertificate>,
}

impl Connection for Secured {
    fn connected(&self) -> Connected {
        Connected::new().extra(Arc::clone(&self.peer))
    }
}

impl Read for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl Write for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
