//! The server's side: a VTN, or a VEN that is pushed to. Rules 67 and 68.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::CertificateRevocationListDer;

use super::resolve::ByOffer;
use super::verify::Clients;
use super::{ALPN, RevocationPolicy, TimeSource, provider};
use crate::{Error, Identity, Roots};

/// What a server needs to know.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Our certificates, the preferred one first: the first that fits the peer's offer answers.
    pub identities: Vec<Identity>,
    /// Who issues our clients' certificates.
    pub roots: Roots,
    /// Revocation lists, in DER.
    pub crls: Vec<CertificateRevocationListDer<'static>>,
}

/// What a server may be told besides.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// Which revocation lists suffice.
    pub revocation: RevocationPolicy,
    /// The clock of handshakes; the system's if none.
    pub time: Option<TimeSource>,
}

/// Settings of a server that demands a certificate of every client.
///
/// # Errors
/// [`Error::NoIdentity`], [`Error::Tls`] (key and certificate are no pair, a broken list).
pub fn server_config(settings: ServerSettings) -> Result<Arc<ServerConfig>, Error> {
    server_config_with(settings, ServerOptions::default())
}

/// As [`server_config`], with options.
///
/// # Errors
/// As [`server_config`].
pub fn server_config_with(
    settings: ServerSettings,
    options: ServerOptions,
) -> Result<Arc<ServerConfig>, Error> {
    let provider = provider();
    let mut clients =
        WebPkiClientVerifier::builder_with_provider(settings.roots.store(), provider.clone())
            .with_crls(settings.crls);
    if !options.revocation.refuse_unknown {
        clients = clients.allow_unknown_revocation_status();
    }
    if options.revocation.refuse_stale {
        clients = clients.enforce_revocation_expiration();
    }
    let clients = clients.build().map_err(|e| rustls::Error::General(e.to_string()))?;
    let builder = match options.time {
        Some(time) => ServerConfig::builder_with_details(provider, Arc::new(time)),
        None => ServerConfig::builder_with_provider(provider),
    };
    let mut config = builder
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_client_cert_verifier(Arc::new(Clients(clients)))
        .with_cert_resolver(Arc::new(ByOffer::new(&settings.identities)?));
    config.alpn_protocols = vec![ALPN.to_vec()];
    // Tickets cost the server no memory per VEN. Their key is new with every set of settings, so
    // a reload (new revocation lists) makes every peer show its certificate again.
    config.ticketer = rustls::crypto::aws_lc_rs::Ticketer::new()?;
    Ok(Arc::new(config))
}
