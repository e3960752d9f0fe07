//! The operators' door: a TLS listener of its own, on which only certificates of the operators'
//! authorities get through the handshake, and only those on the list any further. Monitors of
//! this machine have another without TLS.
//!
//! It is not the transport's server: that one speaks OpenADR's binding (POST of XML only).

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use oadr_certs::PeerCertificate;
use oadr_transport::Clock;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tower_service::Service;

/// The TLS settings in force, asked at each connection so that they change without a restart.
pub type CurrentTls = Arc<dyn Fn() -> Arc<ServerConfig> + Send + Sync>;

/// Who calls, put into each request's extensions.
#[derive(Clone)]
pub(super) struct Caller {
    pub certificate: Arc<PeerCertificate>,
    pub address: SocketAddr,
}

/// What a connection needs.
#[derive(Clone)]
pub(super) struct Door {
    pub way: Way,
    pub router: Router,
}

/// How one gets in.
#[derive(Clone)]
pub(super) enum Way {
    /// By a certificate, with whose [`Caller`] the router goes on.
    Tls(CurrentTls, Arc<dyn Clock>),
    /// As one comes.
    Plain,
}

impl Door {
    /// Serves until `shutdown` is ready, then finishes what is in flight within [`DRAIN`].
    /// Returns how many connections were cut off.
    pub(super) async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> usize {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let crowds = Crowds::default();
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
                        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
                        let Some(seat) = crowds.admit(address.ip()) else { continue };
                        let connection = self.clone().run(stream, address, (place, stop.subscribe()));
                        tasks.spawn(async move {
                            connection.await;
                            drop(seat);
                        });
                    }
                    Err(error) => {
                        tracing::debug!(%error, "accept");
                        tokio::time::sleep(ACCEPT_REST).await;
                    }
                },
            }
        }
        drop(listener);
        stop.send_replace(true);
        let finished = async { while tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(DRAIN, finished).await;
        let cut_off = tasks.len();
        tasks.shutdown().await;
        cut_off
    }

    async fn run(
        self,
        stream: TcpStream,
        address: SocketAddr,
        (_place, mut stop): (OwnedSemaphorePermit, watch::Receiver<bool>),
    ) {
        let (tls, clock) = match &self.way {
            Way::Tls(tls, clock) => (tls(), clock),
            Way::Plain => return log_end(address, requests(stream, self.router, None, stop).await),
        };
        let shaken = tokio::select! {
            biased;
            shaken = tokio::time::timeout(HANDSHAKE, handshake(stream, tls, clock)) => shaken,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let (stream, certificate) = match shaken
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        {
            Ok(shaken) => shaken,
            Err(error) => return tracing::info!(%address, %error, "operator's door: no handshake"),
        };
        let caller = Caller { certificate: Arc::new(certificate), address };
        log_end(address, requests(stream, self.router, Some(caller), stop).await);
    }
}

async fn handshake(
    stream: TcpStream,
    tls: Arc<ServerConfig>,
    clock: &Arc<dyn Clock>,
) -> io::Result<(TlsStream<TcpStream>, PeerCertificate)> {
    stream.set_nodelay(true)?;
    let stream = tokio_rustls::TlsAcceptor::from(tls).accept(stream).await?;
    let peer = oadr_certs::tls::peer(stream.get_ref().1, clock.now()).map_err(io::Error::other)?;
    Ok((stream, peer))
}

fn log_end(address: SocketAddr, ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%address, %error, "operator's connection");
    }
}

/// How many connections each address has: one that opens many does not keep the others out.
#[derive(Clone, Default)]
struct Crowds(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place of an address, given back when dropped.
struct Seat(Crowds, IpAddr);

impl Crowds {
    /// A place, unless the address has [`MAX_OF_ADDRESS`].
    fn admit(&self, address: IpAddr) -> Option<Seat> {
        // A panic cannot leave a number half-way.
        let mut crowds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = crowds.entry(address).or_default();
        if *taken >= MAX_OF_ADDRESS {
            return None;
        }
        *taken += 1;
        Some(Seat(self.clone(), address))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut crowds = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = crowds.get_mut(&self.1) {
            *taken -= 1;
            if *taken == 0 {
                crowds.remove(&self.1);
            }
        }
    }
}

async fn requests(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    router: Router,
    caller: Option<Caller>,
    mut stop: watch::Receiver<bool>,
) -> hyper::Result<()> {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        if let Some(caller) = &caller {
            request.extensions_mut().insert(caller.clone());
        }
        answer(router.clone(), request.map(Body::new))
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), service);
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            result = &mut connection => return result,
            _ = stop.wait_for(|stop| *stop), if !stopping => {
                stopping = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
}

/// The router's answer, or 503 if it takes too long.
async fn answer(
    mut router: Router,
    request: hyper::Request<Body>,
) -> Result<axum::response::Response, Infallible> {
    match tokio::time::timeout(REQUEST, router.call(request)).await {
        Ok(response) => response,
        Err(_) => Ok(super::problem::Problem::unavailable("took too long").into()),
    }
}

/// Operators are few; this many connections at once.
const MAX_CONNECTIONS: usize = 256;
/// Of these for one address.
const MAX_OF_ADDRESS: usize = 32;
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Between requests, and for a request's head.
const IDLE: Duration = Duration::from_secs(60);
/// For a request; a backup of a large store takes its time.
const REQUEST: Duration = Duration::from_secs(300);
/// For what is in flight at shutdown.
const DRAIN: Duration = Duration::from_secs(10);
const ACCEPT_REST: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_takes_no_more_than_its_places_and_gives_them_back() {
        let (crowds, one) = (Crowds::default(), IpAddr::from([127, 0, 0, 1]));
        let mut seats: Vec<_> = (0..MAX_OF_ADDRESS).filter_map(|_| crowds.admit(one)).collect();
        assert_eq!(seats.len(), MAX_OF_ADDRESS);
        assert!(crowds.admit(one).is_none());
        assert!(crowds.admit(IpAddr::from([127, 0, 0, 2])).is_some());
        seats.pop();
        assert!(crowds.admit(one).is_some());
        seats.clear();
        assert!(crowds.0.lock().unwrap().is_empty());
    }
}
