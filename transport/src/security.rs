//! Who speaks: TLS on both ends (OpenADR 2.0b Profile 9.2, rules 516 and 517), and the preface that
//! stands for it inside a simulation. Whatever proves the identity, handlers see a
//! [`PeerCertificate`]: another TLS implementation would be added here and nowhere else.

use std::io;
use std::sync::Arc;

use oadr_certs::PeerCertificate;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::rustls::{ClientConfig, ServerConfig};
use tokio_rustls::{LazyConfigAcceptor, TlsConnector};

use crate::net::{AnyStream, Stream};

/// How a server proves itself and learns who its peers are.
#[derive(Clone)]
pub struct ServerSecurity(Side<ServerConfig>);

/// How a client proves itself and learns who its peer is.
#[derive(Clone)]
pub struct ClientSecurity(Side<ClientConfig>);

#[derive(Clone)]
enum Side<C> {
    /// Asked at each connection, so that certificates, roots and CRLs change without a restart.
    Tls(Arc<dyn Fn() -> Arc<C> + Send + Sync>),
    /// Our own certificate (DER), asserted and not proven.
    Simulation(Arc<[u8]>),
}

impl ServerSecurity {
    /// Mutual TLS. `current` is asked at each connection; its settings must demand a client
    /// certificate, or every peer is turned away.
    pub fn tls(current: impl Fn() -> Arc<ServerConfig> + Send + Sync + 'static) -> Self {
        Self(Side::Tls(Arc::new(current)))
    }

    /// No security at all, for simulations and tests: each side asserts its certificate (DER) in a
    /// preface and is believed. No program may offer this as a setting.
    #[must_use]
    pub fn for_simulation(own: &[u8]) -> Self {
        Self(Side::Simulation(own.into()))
    }

    /// Takes a connection through the handshake. `turn` is awaited, and its result held, once the
    /// peer has said its first word and before anything costly: silence takes nobody's turn.
    ///
    /// # Errors
    /// The handshake failed, or the peer showed no certificate or one that cannot be read. The
    /// peer has been told by an alert where TLS has one.
    pub(crate) async fn accept<S: Stream, T>(
        &self,
        stream: S,
        turn: impl Future<Output = T>,
    ) -> io::Result<(AnyStream, PeerCertificate)> {
        match &self.0 {
            Side::Tls(current) => accept_tls(stream, current(), turn).await,
            Side::Simulation(own) => {
                let mut stream: AnyStream = Box::new(stream);
                read_preface(&mut stream).await?;
                let _turn = turn.await;
                let theirs = read_certificate(&mut stream).await?;
                write_preface(&mut stream, own).await?;
                Ok((stream, certificate(Some(&theirs))?))
            }
        }
    }
}

impl ClientSecurity {
    /// Mutual TLS. `current` is asked at each new connection.
    pub fn tls(current: impl Fn() -> Arc<ClientConfig> + Send + Sync + 'static) -> Self {
        Self(Side::Tls(Arc::new(current)))
    }

    /// As [`ServerSecurity::for_simulation`].
    #[must_use]
    pub fn for_simulation(own: &[u8]) -> Self {
        Self(Side::Simulation(own.into()))
    }

    /// Whether addresses must be `https`.
    pub(crate) fn is_tls(&self) -> bool {
        matches!(self.0, Side::Tls(_))
    }

    /// Takes a connection to `host` through the handshake.
    ///
    /// # Errors
    /// As `rustls` says, wrapped in an [`io::Error`].
    pub(crate) async fn connect<S: Stream>(
        &self,
        host: &str,
        stream: S,
    ) -> io::Result<(AnyStream, PeerCertificate)> {
        match &self.0 {
            Side::Tls(current) => {
                let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
                let stream = TlsConnector::from(current()).connect(name, stream).await?;
                let peer = certificate(first(stream.get_ref().1.peer_certificates()))?;
                Ok((Box::new(stream), peer))
            }
            Side::Simulation(own) => {
                let mut stream: AnyStream = Box::new(stream);
                write_preface(&mut stream, own).await?;
                read_preface(&mut stream).await?;
                let theirs = read_certificate(&mut stream).await?;
                Ok((stream, certificate(Some(&theirs))?))
            }
        }
    }
}

async fn accept_tls<S: Stream, T>(
    stream: S,
    config: Arc<ServerConfig>,
    turn: impl Future<Output = T>,
) -> io::Result<(AnyStream, PeerCertificate)> {
    let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let _turn = turn.await;
    let stream = match hello.into_stream(config).into_fallible().await {
        Ok(stream) => stream,
        Err((error, mut stream)) => {
            linger(&mut stream).await;
            return Err(error);
        }
    };
    let peer = certificate(first(stream.get_ref().1.peer_certificates()))?;
    Ok((Box::new(stream), peer))
}

fn first<'a>(chain: Option<&'a [CertificateDer<'_>]>) -> Option<&'a [u8]> {
    chain?.first().map(AsRef::as_ref)
}

fn certificate(der: Option<&[u8]>) -> io::Result<PeerCertificate> {
    let der = der.ok_or_else(|| io::Error::other("the peer showed no certificate"))?;
    PeerCertificate::from_der(der)
        .map_err(|error| io::Error::other(format!("the peer's certificate: {error}")))
}

/// Closes our half and gives the peer a second to read what we last said. Closing at once, with
/// its bytes unread, would reset the connection and could destroy our alert or answer on its way.
pub(crate) async fn linger<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) {
    let rest = async {
        stream.shutdown().await?;
        let mut scrap = [0; 1024];
        for _ in 0..LINGER_READS {
            if stream.read(&mut scrap).await? == 0 {
                break;
            }
        }
        io::Result::Ok(())
    };
    // Whatever goes wrong now: the connection is over.
    let _ = tokio::time::timeout(LINGER, rest).await;
}

async fn write_preface<S: Stream>(stream: &mut S, own: &[u8]) -> io::Result<()> {
    let length = u16::try_from(own.len()).map_err(io::Error::other)?;
    let mut preface = PREFACE.to_vec();
    preface.extend_from_slice(&length.to_be_bytes());
    preface.extend_from_slice(own);
    stream.write_all(&preface).await?;
    stream.flush().await
}

async fn read_preface<S: Stream>(stream: &mut S) -> io::Result<()> {
    let mut start = [0; PREFACE.len()];
    stream.read_exact(&mut start).await?;
    if start != PREFACE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a simulated peer"));
    }
    Ok(())
}

async fn read_certificate<S: Stream>(stream: &mut S) -> io::Result<Vec<u8>> {
    let mut der = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut der).await?;
    Ok(der)
}

const PREFACE: [u8; 8] = *b"oadr-sim";
const LINGER: std::time::Duration = std::time::Duration::from_secs(1);
const LINGER_READS: usize = 1024;
