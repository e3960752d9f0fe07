//! One client that calls many servers, each known by certificates of its own: a VTN that pushes.

use std::fmt;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};

use super::client::{ClientOptions, ClientSettings, NameCheck, Pin};
use super::resolve::ByOffer;
use super::verify::Server;
use super::{ALPN, provider};
use crate::{Error, Roots};

/// Our certificates and whom we trust, read and checked once for all who are called.
#[derive(Clone)]
pub struct Callers {
    base: ClientConfig,
    trusted: Arc<dyn ServerCertVerifier>,
}

impl Callers {
    /// Of `settings`, the names and the pin are not looked at.
    ///
    /// # Errors
    /// [`Error::Tls`] (key and certificate are no pair, a broken list).
    pub(crate) fn new(settings: ClientSettings, options: ClientOptions) -> Result<Self, Error> {
        let ClientSettings { identity, roots, crls, .. } = settings;
        let trusted = trusted(&roots, crls, &options)?;
        let identities: Vec<_> = std::iter::once(identity).chain(options.other_identity).collect();
        let builder = match options.time {
            Some(time) => ClientConfig::builder_with_details(provider(), Arc::new(time)),
            None => ClientConfig::builder_with_provider(provider()),
        };
        let nobody = Server { inner: trusted.clone(), names: NameCheck::Strict, pins: None };
        let mut base = builder
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(nobody))
            .with_client_cert_resolver(Arc::new(ByOffer::new(&identities)?));
        base.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Self { base, trusted })
    }

    /// Settings for connections to a server that shows one of these certificates, genuine and in
    /// its time; its name is not looked at. Without one no server fits. Sessions are not resumed:
    /// none could be another's.
    #[must_use]
    pub fn to(&self, pins: &[Pin]) -> Arc<ClientConfig> {
        let mut config = self.checking(NameCheck::PinOnly, Some(pins.to_vec()));
        config.resumption = Resumption::disabled();
        Arc::new(config)
    }

    pub(crate) fn checking(&self, names: NameCheck, pins: Option<Vec<Pin>>) -> ClientConfig {
        let server = Server { inner: self.trusted.clone(), names, pins };
        let mut config = self.base.clone();
        config.dangerous().set_certificate_verifier(Arc::new(server));
        config
    }
}

impl fmt::Debug for Callers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callers").finish_non_exhaustive()
    }
}

fn trusted(
    roots: &Roots,
    crls: Vec<rustls_pki_types::CertificateRevocationListDer<'static>>,
    options: &ClientOptions,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let mut trusted =
        WebPkiServerVerifier::builder_with_provider(roots.store(), provider()).with_crls(crls);
    if !options.revocation.refuse_unknown {
        trusted = trusted.allow_unknown_revocation_status();
    }
    if options.revocation.refuse_stale {
        trusted = trusted.enforce_revocation_expiration();
    }
    let trusted = trusted.build().map_err(|e| rustls::Error::General(e.to_string()))?;
    Ok(trusted)
}
