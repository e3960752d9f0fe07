//! TLS of the VTN in miniature. Rules 67, 68, 516.

use std::sync::Arc;

use oadr_certs::dev::Ca;
use oadr_certs::tls::{ServerSettings, server_config};
use oadr_certs::{Identity, Roots};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme,
};

use crate::fault::{Fault, Faults};

/// What may be wrong here. That `tls-default-suites` is not blind is proved by a test of its own:
/// the library of this model offers none of the suites of rule 67.
pub const FAULTS: &[Fault] = &[
    Fault::inside("no-rsa-shown", "tls-certificates", "no RSA certificate is shown"),
    Fault::inside("rsa-refused", "tls-certificates", "clients with RSA certificates are refused"),
    Fault::inside("weak-served", "tls-certificates", "any key and any version will do"),
    Fault::inside("foreigners-served", "tls-bad-identity", "any authority will do"),
    Fault::inside("expired-served", "tls-bad-identity", "expired certificates are taken"),
    Fault::inside("ven-b-by-a", "tls-bad-identity", "the certificate of A speaks for B"),
];

/// The certificates it shows.
pub fn shown(faults: &Faults, mut identities: Vec<Identity>) -> Vec<Identity> {
    if faults.has("no-rsa-shown") {
        identities.truncate(1);
    }
    identities
}

/// Whose certificates it takes.
pub fn trusted(_: &Faults, ca: &Ca) -> Roots {
    ca.roots()
}

/// Its settings.
///
/// # Errors
/// If they cannot be made.
pub fn config(faults: &Faults, settings: ServerSettings) -> Result<Arc<ServerConfig>, String> {
    let mut roots = RootCertStore::empty();
    for der in settings.roots.ders() {
        roots.add(der.clone()).map_err(|error| error.to_string())?;
    }
    let good = server_config(settings).map_err(|error| error.to_string())?;
    let lax = ["rsa-refused", "weak-served", "foreigners-served", "expired-served"];
    if !lax.iter().any(|name| faults.has(name)) {
        return Ok(good);
    }
    let provider = Arc::new(default_provider());
    let inner = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let inner = inner.build().map_err(|error| error.to_string())?;
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = builder
        .map_err(|error| error.to_string())?
        .with_client_cert_verifier(Arc::new(Lax { faults: *faults, inner }))
        .with_cert_resolver(good.cert_resolver.clone());
    Ok(Arc::new(config))
}

/// Takes, or refuses, what it should not.
#[derive(Debug)]
struct Lax {
    faults: Faults,
    inner: Arc<dyn ClientCertVerifier>,
}

impl ClientCertVerifier for Lax {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if self.faults.has("weak-served") || self.faults.has("foreigners-served") {
            return Ok(ClientCertVerified::assertion());
        }
        let verified = self.inner.verify_client_cert(leaf, chain, now);
        let is_expired = matches!(
            verified,
            Err(Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. }
            ))
        );
        match is_expired && self.faults.has("expired-served") {
            true => Ok(ClientCertVerified::assertion()),
            false => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.faults.has("weak-served") {
            true => Ok(HandshakeSignatureValid::assertion()),
            false => self.inner.verify_tls12_signature(message, certificate, signed),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.faults.has("weak-served") {
            true => Ok(HandshakeSignatureValid::assertion()),
            false => self.inner.verify_tls13_signature(message, certificate, signed),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.inner.supported_verify_schemes();
        if self.faults.has("rsa-refused") {
            schemes.retain(|one| !format!("{one:?}").contains("RSA"));
        }
        schemes
    }
}
