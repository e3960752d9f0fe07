//! What is known of the other side once a handshake has verified it.
//!
//! This type is the only form in which identity goes up: a second TLS backend builds the same
//! value from its own handshake, and nothing above needs to change.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::fingerprint::{Fingerprint, Thumbprint};
use crate::{Error, x509};

/// A peer's verified end-entity certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    /// The certificate as it came, in DER.
    pub der: Arc<[u8]>,
    /// SHA-256 over `der`: what is stored and compared.
    pub thumbprint: Thumbprint,
    /// Its common name, for people to read; it identifies nobody. Control characters are replaced.
    pub common_name: Option<String>,
    /// Its last valid instant (UTC). Rule 516: no application traffic after it, so check it again
    /// on connections that live long and on resumed sessions.
    pub not_after: Timestamp,
}

impl PeerCertificate {
    /// Reads a certificate that a handshake has verified; nothing is verified here.
    ///
    /// # Errors
    /// [`Error::BadCertificate`] if `der` is not exactly one X.509 certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let cert = x509::parse(der)?;
        Ok(Self {
            thumbprint: Thumbprint::of_der(der),
            common_name: x509::common_name(cert.subject()),
            not_after: x509::timestamp(cert.validity().not_after),
            der: der.into(),
        })
    }

    /// The ten bytes that people exchange.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.thumbprint.fingerprint()
    }

    /// Whether its time is over at `now` (rule 516).
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now > self.not_after
    }
}

/// Without the certificate itself: this ends up in logs.
impl fmt::Debug for PeerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerCertificate")
            .field("fingerprint", &self.fingerprint())
            .field("common_name", &self.common_name)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}
