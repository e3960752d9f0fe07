//! A certificate told in words: what `certs show` prints.

use jiff::Timestamp;
use serde::Serialize;

use crate::profile::{self, Finding};
use crate::x509::{self, Key};
use crate::{Error, Fingerprint, Thumbprint};

/// A certificate for people and scripts. Text from the certificate has its control characters
/// replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    /// Subject, as a distinguished name.
    pub subject: String,
    /// Issuer, as a distinguished name.
    pub issuer: String,
    /// Serial number in hex.
    pub serial: String,
    /// Host names, addresses and other alternative names.
    pub names: Vec<String>,
    /// Kind and strength of the key.
    pub key: String,
    /// Whether it is a certificate authority's.
    pub authority: bool,
    /// First valid instant (UTC).
    pub not_before: Timestamp,
    /// Last valid instant (UTC).
    pub not_after: Timestamp,
    /// The fingerprint to tell people.
    pub fingerprint: Fingerprint,
    /// The whole hash.
    pub thumbprint: Thumbprint,
    /// What OpenADR wants and it lacks; empty for an authority, whose rules are others.
    pub findings: Vec<Finding>,
}

impl Description {
    /// Describes a certificate in DER at `now`.
    ///
    /// # Errors
    /// [`Error::BadCertificate`].
    pub fn of_der(der: &[u8], now: Timestamp) -> Result<Self, Error> {
        let cert = x509::parse(der)?;
        let authority = cert.is_ca();
        let thumbprint = Thumbprint::of_der(der);
        Ok(Self {
            subject: x509::printable(&cert.subject().to_string()),
            issuer: x509::printable(&cert.issuer().to_string()),
            serial: cert.raw_serial_as_string(),
            names: x509::alternative_names(&cert),
            key: key(x509::key(&cert)),
            authority,
            not_before: x509::timestamp(cert.validity().not_before),
            not_after: x509::timestamp(cert.validity().not_after),
            fingerprint: thumbprint.fingerprint(),
            thumbprint,
            findings: if authority { Vec::new() } else { profile::findings_of_der(der, now)? },
        })
    }
}

fn key(key: Key) -> String {
    match key {
        Key::Rsa(bits) => format!("RSA, {bits} bits"),
        Key::Curve(Some(bits)) => format!("elliptic curve, {bits} bits"),
        Key::Curve(None) => "elliptic curve not known here".to_owned(),
        Key::Other => "neither RSA nor an X9.62 curve".to_owned(),
    }
}

/// Whether `issuer` issued `der`: the names match and its key made the signature.
#[must_use]
pub fn issued(der: &[u8], issuer: &[u8]) -> bool {
    let (Ok(cert), Ok(issuer)) = (x509::parse(der), x509::parse(issuer)) else { return false };
    cert.issuer().as_raw() == issuer.subject().as_raw()
        && cert.verify_signature(Some(issuer.public_key())).is_ok()
}
