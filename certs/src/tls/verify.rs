//! Verifiers of the peer's certificate: path validation by webpki first, then the OpenADR profile,
//! then, for clients, the pin. Rules 68 and 516; section 10.

use std::sync::Arc;

use rustls::SignatureScheme;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, OtherError};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::client::{NameCheck, Pin};
use super::time::timestamp;
use crate::Error;
use crate::profile::{self, Refusal};

/// Verifies clients.
#[derive(Debug)]
pub(crate) struct Clients(pub(crate) Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for Clients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let verified = self.0.verify_client_cert(end_entity, intermediates, now)?;
        admit(end_entity, now)?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// Verifies a server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) inner: Arc<dyn ServerCertVerifier>,
    pub(crate) names: NameCheck,
    /// One of these; `None`: any genuine one.
    pub(crate) pins: Option<Vec<Pin>>,
}

impl ServerCertVerifier for Server {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let path = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp, now);
        match path {
            Ok(_) => {}
            // The name is the last thing looked at: chain, time and revocation were good.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.names == NameCheck::PinOnly && self.pins.is_some() => {}
            Err(e) => return Err(e),
        }
        admit(end_entity, now)?;
        match &self.pins {
            Some(pins) if !pins.iter().any(|pin| pin.fits(end_entity)) => Err(other(PinDiffers)),
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// The server's certificate is genuine but not the pinned one.
#[derive(Debug)]
struct PinDiffers;

impl std::fmt::Display for PinDiffers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the server's fingerprint is not the pinned one")
    }
}

impl std::error::Error for PinDiffers {}

fn admit(end_entity: &CertificateDer<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    profile::admit(end_entity, timestamp(now)).map_err(|e| match e {
        Error::Unacceptable(Refusal::Expired) => CertificateError::Expired.into(),
        Error::Unacceptable(Refusal::NotYetValid) => CertificateError::NotValidYet.into(),
        Error::Unacceptable(refusal) => other(refusal),
        _ => CertificateError::BadEncoding.into(),
    })
}

fn other(why: impl std::error::Error + Send + Sync + 'static) -> rustls::Error {
    CertificateError::Other(OtherError(Arc::new(why))).into()
}
