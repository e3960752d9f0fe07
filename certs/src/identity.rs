//! Our own certificate, its chain and its key.

use std::fmt;
use std::path::Path;

use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::files::{self, Writing};
use crate::fingerprint::Thumbprint;
use crate::{Error, tls};

/// A certificate we can prove to own. Its `Debug` never prints the key.
pub struct Identity {
    /// Our certificate first, then its issuers without the root.
    pub chain: Vec<CertificateDer<'static>>,
    /// The key of the first certificate.
    pub key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Reads a chain and its key from two files (they may be the same file).
    ///
    /// # Errors
    /// [`Error::Unreadable`]; [`Error::Content`] names the file that holds no certificate or key,
    /// or says that the two do not belong together.
    pub fn from_pem_files(
        certificate: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, Error> {
        let (certificate, key) = (certificate.as_ref(), key.as_ref());
        let chain = files::certificates(certificate)?;
        let place = key.display().to_string();
        let key = files::key_in(&files::read(key)?, &place)?;
        Self::checked(chain, key, &format!("{place} and {}", certificate.display()))
    }

    /// Reads a chain and its key from PEM text.
    ///
    /// # Errors
    /// [`Error::Content`] as [`from_pem_files`](Self::from_pem_files).
    pub fn from_pem(certificate: &str, key: &str) -> Result<Self, Error> {
        let chain = files::certificates_in(certificate.as_bytes(), "the certificate text")?;
        let key = files::key_in(key.as_bytes(), "the key text")?;
        Self::checked(chain, key, "key and certificate")
    }

    fn checked(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        place: &str,
    ) -> Result<Self, Error> {
        let identity = Self { chain, key };
        match identity.certified() {
            Ok(_) => Ok(identity),
            Err(rustls::Error::InconsistentKeys(_)) => Err(files::content(
                place,
                "do not belong together: the key is not that of the first certificate \
                 (the file must start with our own certificate, then its issuers)",
            )),
            Err(e) => Err(files::content(place, e)),
        }
    }

    /// Writes chain and key (0600 from the first byte) into two files.
    ///
    /// # Errors
    /// [`Error::Exists`] without `force` if one is there: then neither is written;
    /// [`Error::Unwritable`].
    pub fn save(&self, certificate: &Path, key: &Path, force: bool) -> Result<(), Error> {
        let taken = [certificate, key].into_iter().find(|path| path.exists());
        if let (Some(path), false) = (taken, force) {
            return Err(Error::Exists(path.to_owned()));
        }
        let (label, secret) = match &self.key {
            PrivateKeyDer::Pkcs1(key) => ("RSA PRIVATE KEY", key.secret_pkcs1_der()),
            PrivateKeyDer::Sec1(key) => ("EC PRIVATE KEY", key.secret_sec1_der()),
            PrivateKeyDer::Pkcs8(key) => ("PRIVATE KEY", key.secret_pkcs8_der()),
            _ => return Err(files::content("the key", "is of a form that PEM has no name for")),
        };
        let chain: String = self.chain.iter().map(|der| files::pem("CERTIFICATE", der)).collect();
        // The key first: a certificate without its key would be of no use.
        let how = |secret| Writing { secret, force };
        files::write(key, files::pem(label, secret).as_bytes(), how(true))?;
        files::write(certificate, chain.as_bytes(), how(false))
    }

    /// The certificate itself.
    ///
    /// # Panics
    /// If `chain` was emptied by hand; no constructor makes such a value.
    #[must_use]
    pub fn leaf(&self) -> &CertificateDer<'static> {
        &self.chain[0]
    }

    /// SHA-256 over the certificate.
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        Thumbprint::of_der(self.leaf())
    }

    /// The same as rustls wants it; fails if key and certificate are not a pair.
    pub(crate) fn certified(&self) -> Result<CertifiedKey, rustls::Error> {
        CertifiedKey::from_der(self.chain.clone(), self.key.clone_key(), &tls::provider())
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key() }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let print = self.chain.first().map(|leaf| Thumbprint::of_der(leaf).fingerprint());
        f.debug_struct("Identity").field("fingerprint", &print).finish_non_exhaustive()
    }
}
