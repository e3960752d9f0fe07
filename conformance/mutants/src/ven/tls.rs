//! TLS of the VEN in miniature. Rules 67, 68, 516.

use std::sync::Arc;

use oadr_certs::tls::{ClientSettings, client_config};
use oadr_certs::{Error, Identity, Roots};
use oadr_conformance::wire::client::{Address, Caller};
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    self, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
};

use crate::fault::{Fault, Faults};

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("takes-any-key", "tls-certificates", "a server with any key is trusted"),
    Fault::inside("trusts-no-vtn", "tls-certificates", "no server is trusted"),
    Fault::inside("takes-any-server", "tls-bad-identity", "a server of any authority is trusted"),
    Fault::inside("takes-any-client", "tls-bad-identity", "a client of any authority is let in"),
];

/// A client with this certificate.
///
/// # Errors
/// If key and certificate are no pair.
pub fn caller(
    roots: &Roots,
    faults: &Faults,
    identity: Identity,
    to: Address,
) -> Result<Caller, Error> {
    let mut config = client_config(ClientSettings::new(identity, roots.clone()))?;
    if faults.has("takes-any-key") || faults.has("takes-any-server") {
        let settings = Arc::make_mut(&mut config);
        settings.dangerous().set_certificate_verifier(Arc::new(Careless));
    }
    let port = if faults.has("trusts-no-vtn") { 1 } else { to.port };
    Ok(Caller::new(Address { port, ..to }, config))
}

/// A server that looks at no client's certificate.
///
/// # Errors
/// If key and certificate are no pair.
pub fn careless_server(identity: Identity) -> Result<Arc<ServerConfig>, String> {
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let config = builder
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_client_cert_verifier(Arc::new(Careless))
        .with_single_cert(identity.chain, identity.key);
    Ok(Arc::new(config.map_err(|error| error.to_string())?))
}

/// Takes every certificate.
#[derive(Debug)]
struct Careless;

impl ServerCertVerifier for Careless {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider().signature_verification_algorithms.supported_schemes()
    }
}

impl ClientCertVerifier for Careless {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider().signature_verification_algorithms.supported_schemes()
    }
}
