//! The client's side: a VEN, or a VTN that pushes. Rules 67 and 68.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls_pki_types::CertificateRevocationListDer;

use super::callers::Callers;
use super::{RevocationPolicy, TimeSource};
use crate::{Error, Fingerprint, Identity, Roots, Thumbprint};

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// Our certificate.
    pub identity: Identity,
    /// Who issues the server's certificate.
    pub roots: Roots,
    /// The one server certificate to accept, told out of band; it must be genuine all the same.
    pub server_pin: Option<Pin>,
    /// Revocation lists, in DER.
    pub crls: Vec<CertificateRevocationListDer<'static>>,
    /// Whether the host name must stand in the server's certificate.
    pub names: NameCheck,
}

impl ClientSettings {
    /// The strict settings: the name is checked, nothing is pinned, no list is known.
    #[must_use]
    pub fn new(identity: Identity, roots: Roots) -> Self {
        Self { identity, roots, server_pin: None, crls: Vec::new(), names: NameCheck::Strict }
    }
}

/// What a client may be told besides.
#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    /// A second certificate of the other key kind (a VTN has both), shown to servers that do not
    /// take the first one's kind.
    pub other_identity: Option<Identity>,
    /// Which revocation lists suffice.
    pub revocation: RevocationPolicy,
    /// The clock of handshakes; the system's if none.
    pub time: Option<TimeSource>,
}

/// How the server's name is checked. The certificate's chain and time are checked in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameCheck {
    /// The host name or address called must stand in the certificate.
    #[default]
    Strict,
    /// It need not: OpenADR certificates may not carry it. Demands a pin.
    PinOnly,
}

/// A server certificate by its fingerprint or, better, its whole hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pin {
    /// As people exchange it.
    Fingerprint(Fingerprint),
    /// As stored after first contact.
    Thumbprint(Thumbprint),
}

impl Pin {
    pub(crate) fn fits(self, der: &[u8]) -> bool {
        match self {
            Self::Fingerprint(print) => Fingerprint::of_der(der) == print,
            Self::Thumbprint(print) => Thumbprint::of_der(der) == print,
        }
    }
}

impl From<Fingerprint> for Pin {
    fn from(print: Fingerprint) -> Self {
        Self::Fingerprint(print)
    }
}

impl From<Thumbprint> for Pin {
    fn from(print: Thumbprint) -> Self {
        Self::Thumbprint(print)
    }
}

impl std::str::FromStr for Pin {
    type Err = Error;

    /// Reads either form.
    fn from_str(text: &str) -> Result<Self, Error> {
        let whole = text.parse().map(Self::Thumbprint);
        whole.or_else(|_: Error| text.parse().map(Self::Fingerprint))
    }
}

/// Settings of a client that shows its certificate and checks the server's.
///
/// # Errors
/// [`Error::PinMissing`]; [`Error::Tls`] (key and certificate are no pair, a broken list).
pub fn client_config(settings: ClientSettings) -> Result<Arc<ClientConfig>, Error> {
    client_config_with(settings, ClientOptions::default())
}

/// As [`client_config`], with options.
///
/// # Errors
/// As [`client_config`].
pub fn client_config_with(
    settings: ClientSettings,
    options: ClientOptions,
) -> Result<Arc<ClientConfig>, Error> {
    if settings.names == NameCheck::PinOnly && settings.server_pin.is_none() {
        return Err(Error::PinMissing);
    }
    let pins = settings.server_pin.map(|pin| vec![pin]);
    let names = settings.names;
    Ok(Arc::new(Callers::new(settings, options)?.checking(names, pins)))
}
