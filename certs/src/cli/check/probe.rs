//! A handshake that looks: it shows our certificate, takes any of the server's and keeps what it
//! saw, so that each thing can be judged by itself. Nothing is sent over it before that judgement.

use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use oadr_certs::{Error, Identity};
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::url::Target;

/// What a handshake showed, whether or not it succeeded.
pub struct Seen {
    pub connection: ClientConnection,
    pub tcp: TcpStream,
    /// The server's chain as it sent it.
    pub chain: Vec<CertificateDer<'static>>,
    /// Whether the server asked for our certificate, and whether ours could be shown.
    pub asked: Option<Asked>,
    pub failure: Option<io::Error>,
}

/// The server's request for a certificate.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Our key can sign in a way the server takes.
    pub usable: bool,
    /// The server names the authorities it takes and none of them is in our chain.
    pub other_authorities: bool,
}

/// Shakes hands with `target` over `tcp`.
pub fn handshake(tcp: TcpStream, target: &Target, own: &Identity) -> Result<Seen, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = CertifiedKey::from_der(own.chain.clone(), own.key.clone_key(), &provider)?;
    let server = Arc::new(TakeAny { provider: provider.clone(), chain: Mutex::default() });
    let resolver = Arc::new(Watch { own: Arc::new(key), asked: Mutex::default() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(server.clone())
        .with_client_cert_resolver(resolver.clone());
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let mut connection = ClientConnection::new(Arc::new(config), target.name.clone())?;
    let mut tcp = tcp;
    let failure = finish(&mut connection, &mut tcp).err();
    let chain = server.chain.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let asked = *resolver.asked.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Seen { connection, tcp, chain, asked, failure })
}

fn finish(connection: &mut ClientConnection, tcp: &mut TcpStream) -> io::Result<()> {
    tcp.set_read_timeout(Some(PATIENCE))?;
    tcp.set_write_timeout(Some(PATIENCE))?;
    while connection.is_handshaking() {
        connection.complete_io(tcp)?;
    }
    // The last flight may still be ours.
    while connection.wants_write() {
        connection.write_tls(tcp)?;
    }
    Ok(())
}

#[derive(Debug)]
struct TakeAny {
    provider: Arc<CryptoProvider>,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl ServerCertVerifier for TakeAny {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let whole = std::iter::once(end_entity).chain(intermediates);
        let whole = whole.map(|cert| cert.clone().into_owned()).collect();
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = whole;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[derive(Debug)]
struct Watch {
    own: Arc<CertifiedKey>,
    asked: Mutex<Option<Asked>>,
}

impl ResolvesClientCert for Watch {
    fn resolve(
        &self,
        authorities: &[&[u8]],
        offered: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let usable = self.own.key.choose_scheme(offered).is_some();
        let named = |der: &CertificateDer<'_>| authorities.iter().any(|name| holds(der, name));
        let other_authorities = !authorities.is_empty() && !self.own.cert.iter().any(named);
        let seen = Asked { usable, other_authorities };
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        usable.then(|| self.own.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Whether a certificate carries this name in DER, as its issuer or subject; for a hint the bytes
/// are enough.
fn holds(der: &[u8], name: &[u8]) -> bool {
    !name.is_empty() && der.windows(name.len()).any(|window| window == name)
}

/// How long a peer may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
