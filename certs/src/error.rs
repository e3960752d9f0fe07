//! Everything that can go wrong with keys, certificates and TLS settings, with the mend.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What went wrong, grouped by who is at fault. Key material is never part of it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The peer's certificate cannot be read as one X.509 certificate in DER.
    BadCertificate(String),
    /// The peer's certificate is genuine but may not be used (weak, expired, a CA's own).
    Unacceptable(crate::profile::Refusal),

    /// A file could not be read.
    Unreadable(PathBuf, io::Error),
    /// A file could not be written.
    Unwritable(PathBuf, io::Error),
    /// A file is there already and overwriting was not asked for.
    Exists(PathBuf),
    /// A file or text does not hold what it should: (where, what is wrong and the mend).
    Content(String, String),

    /// A fingerprint or thumbprint in text is not in its form.
    BadFingerprint(String),
    /// No trusted certificate authority was given: nobody could be believed.
    NoRoots,
    /// No identity was given: a server cannot answer without a certificate.
    NoIdentity,
    /// The name check was switched off without a pin in its place.
    PinMissing,
    /// rustls refuses the settings.
    Tls(rustls::Error),
    /// A certificate could not be made.
    Issue(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadCertificate(why) => write!(f, "not an X.509 certificate: {why}"),
            Self::Unacceptable(refusal) => write!(f, "certificate refused: {refusal}"),
            Self::Unreadable(path, e) => write!(f, "cannot read {}: {e}", path.display()),
            Self::Unwritable(path, e) => write!(f, "cannot write {}: {e}", path.display()),
            Self::Exists(path) => {
                write!(f, "{} is there already; remove it or say --force", path.display())
            }
            Self::Content(place, wrong) => write!(f, "{place}: {wrong}"),
            Self::BadFingerprint(why) => write!(f, "not a fingerprint: {why}"),
            Self::NoRoots => f.write_str("no trusted certificate authority: name a CA file"),
            Self::NoIdentity => f.write_str("no certificate to answer with: name one and its key"),
            Self::PinMissing => f.write_str(
                "the name check is off and nothing stands in for it: pin the fingerprint",
            ),
            Self::Tls(e) => write!(f, "TLS settings: {e}"),
            Self::Issue(why) => write!(f, "cannot make a certificate: {why}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(_, e) | Self::Unwritable(_, e) => Some(e),
            Self::Tls(e) => Some(e),
            _ => None,
        }
    }
}

impl From<rustls::Error> for Error {
    fn from(e: rustls::Error) -> Self {
        Self::Tls(e)
    }
}

impl From<rcgen::Error> for Error {
    fn from(e: rcgen::Error) -> Self {
        Self::Issue(e.to_string())
    }
}
