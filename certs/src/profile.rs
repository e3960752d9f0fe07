//! What OpenADR wants of a certificate, beyond what path validation checks.
//! OpenADR 2.0b Profile, sections 9.2 and 10.1, rules 67, 68, 516.
//!
//! Path validation (webpki) accepts leaf keys that the profile does not, so every handshake runs
//! [`admit`] after it. [`findings`] is the same and more, in words for people.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use x509_parser::certificate::X509Certificate;
use x509_parser::x509::X509Version;

use crate::x509::{self, Key};
use crate::{Error, PeerCertificate};

/// Smallest RSA key, in bits (rule 68).
pub const RSA_BITS: usize = 2048;
/// Smallest elliptic curve, in bits. Section 10.1 says 256, rule 68 says 224: the stricter holds,
/// and no curve between the two is in the TLS library.
pub const CURVE_BITS: usize = 256;
/// From this long before the end a certificate is reported as expiring (section 10: warn ahead).
pub const WARN_AHEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Why a certificate may not be used although a trusted authority issued it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// An RSA key of so many bits, below [`RSA_BITS`].
    WeakRsa(usize),
    /// A curve of so many bits (0: not known here), below [`CURVE_BITS`].
    WeakCurve(usize),
    /// A certificate authority's own certificate used as an end entity's.
    Authority,
    /// Not X.509 version 3 (rule 68).
    NotVersion3,
    /// Its time has not come.
    NotYetValid,
    /// Its time is over (rule 516).
    Expired,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WeakRsa(bits) => write!(f, "RSA key of {bits} bits, {RSA_BITS} are needed"),
            Self::WeakCurve(0) => f.write_str("elliptic curve that is not known"),
            Self::WeakCurve(bits) => write!(f, "curve of {bits} bits, {CURVE_BITS} are needed"),
            Self::Authority => f.write_str("a certificate authority's own certificate"),
            Self::NotVersion3 => f.write_str("not X.509 version 3"),
            Self::NotYetValid => f.write_str("not valid yet"),
            Self::Expired => f.write_str("expired"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Says whether an end entity's certificate may be used at `now`; who issued it is not asked.
///
/// # Errors
/// [`Error::BadCertificate`] or [`Error::Unacceptable`].
pub fn admit(der: &[u8], now: Timestamp) -> Result<(), Error> {
    match refusals(&x509::parse(der)?, now).first() {
        Some(refusal) => Err(Error::Unacceptable(*refusal)),
        None => Ok(()),
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A conforming peer refuses this certificate.
    Refused,
    /// It works here and may not everywhere or not for long.
    Advice,
}

/// One thing OpenADR wants and the certificate lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether it stops communication.
    pub severity: Severity,
    /// What is wrong.
    pub what: String,
    /// Where it is written.
    pub clause: &'static str,
    /// What to do.
    pub mend: &'static str,
}

/// Everything OpenADR wants of a certificate that `peer`'s lacks at `now`, worst first.
///
/// # Errors
/// [`Error::BadCertificate`].
pub fn findings(peer: &PeerCertificate, now: Timestamp) -> Result<Vec<Finding>, Error> {
    findings_of_der(&peer.der, now)
}

/// As [`findings`], of a certificate in DER.
///
/// # Errors
/// [`Error::BadCertificate`].
pub fn findings_of_der(der: &[u8], now: Timestamp) -> Result<Vec<Finding>, Error> {
    let cert = x509::parse(der)?;
    let refused = refusals(&cert, now).into_iter().map(told);
    Ok(refused.chain(advice(&cert, now)).collect())
}

fn refusals(cert: &X509Certificate<'_>, now: Timestamp) -> Vec<Refusal> {
    let mut found = Vec::new();
    if cert.version() != X509Version::V3 {
        found.push(Refusal::NotVersion3);
    }
    match x509::key(cert) {
        Key::Rsa(bits) if bits < RSA_BITS => found.push(Refusal::WeakRsa(bits)),
        Key::Curve(bits) if bits.unwrap_or(0) < CURVE_BITS => {
            found.push(Refusal::WeakCurve(bits.unwrap_or(0)));
        }
        _ => {}
    }
    if cert.is_ca() {
        found.push(Refusal::Authority);
    }
    if now < x509::timestamp(cert.validity().not_before) {
        found.push(Refusal::NotYetValid);
    }
    if now > x509::timestamp(cert.validity().not_after) {
        found.push(Refusal::Expired);
    }
    found
}

fn told(refusal: Refusal) -> Finding {
    let (clause, mend) = match refusal {
        Refusal::WeakRsa(_) | Refusal::WeakCurve(_) => {
            ("rule 68", "make a new key: RSA of 2048 bits or more, or a curve of 256 or more")
        }
        Refusal::NotVersion3 => ("rule 68", "have it issued as X.509 version 3"),
        Refusal::Authority => ("section 10", "use a certificate issued for this device"),
        Refusal::NotYetValid => ("rule 516", "set the clock right, or wait"),
        Refusal::Expired => ("rule 516", "have it issued anew; if it is not: set the clock right"),
    };
    Finding { severity: Severity::Refused, what: refusal.to_string(), clause, mend }
}

fn advice(cert: &X509Certificate<'_>, now: Timestamp) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |what: String, clause, mend| {
        found.push(Finding { severity: Severity::Advice, what, clause, mend });
    };
    let end = x509::timestamp(cert.validity().not_after);
    if now <= end && end.duration_since(now) < WARN_AHEAD {
        let days = end.duration_since(now).as_hours() / 24;
        say(format!("expires in {days} days ({end})"), "section 10", "have it issued anew");
    }
    if x509::key(cert) == Key::Other {
        let what = "the key is neither RSA nor an elliptic curve of X9.62".to_owned();
        say(what, "rule 68", "peers may not take it: use RSA or P-256");
    }
    if x509::common_name(cert.subject()).is_none_or(|name| name.is_empty()) {
        let mend = "issue it with a CN, so that people can tell it apart";
        say("the subject has no common name".to_owned(), "section 10", mend);
    }
    if let Some(algorithm) = weak_signature(cert) {
        let mend = "have it issued with SHA-256: TLS libraries of today refuse this signature";
        say(format!("signed with {algorithm}"), "rule 68", mend);
    }
    usage_advice(cert, &mut say);
    found
}

/// Both usages are wanted: a VEN with a push transport is a server, a VTN that pushes a client.
fn usage_advice(
    cert: &X509Certificate<'_>,
    say: &mut impl FnMut(String, &'static str, &'static str),
) {
    if let Ok(Some(usage)) = cert.extended_key_usage() {
        let usage = usage.value;
        for (there, name) in [(usage.client_auth, "client"), (usage.server_auth, "server")] {
            if !there && !usage.any {
                let mend = "issue it for clientAuth and serverAuth if it must serve both ways";
                say(format!("may not act as TLS {name}"), "rule 68", mend);
            }
        }
    }
    let signs = cert.key_usage().ok().flatten().is_none_or(|usage| usage.value.digital_signature());
    if !signs {
        let mend = "issue it with digitalSignature: every suite offered here signs";
        say("the key may not sign (keyUsage)".to_owned(), "rule 67", mend);
    }
    if x509::alternative_names(cert).is_empty() {
        let mend = "as a server it can only be reached by clients that pin its fingerprint";
        say("names no host (subjectAltName)".to_owned(), "section 10", mend);
    }
}

fn weak_signature(cert: &X509Certificate<'_>) -> Option<&'static str> {
    match cert.signature_algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.113549.1.1.4" => Some("MD5"),
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => Some("SHA-1"),
        _ => None,
    }
}
