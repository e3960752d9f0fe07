//! The certificate authorities we trust.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;

use crate::{Error, Fingerprint, files};

/// A set of trusted certificate authorities. An intermediate may stand here as well as a root:
/// then only what it issued is trusted (a VTN that wants VENs only trusts the VEN intermediate).
#[derive(Clone)]
pub struct Roots {
    ders: Vec<CertificateDer<'static>>,
}

impl Roots {
    /// Reads every certificate of every file.
    ///
    /// # Errors
    /// [`Error::Unreadable`], [`Error::Content`] with the file; [`Error::NoRoots`] if none is named.
    pub fn from_pem_files(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut ders = Vec::new();
        for path in paths {
            let found = files::certificates(path)?;
            Self::from_ders(found.iter().cloned())
                .map_err(|e| files::content(&path.display().to_string(), e))?;
            ders.extend(found);
        }
        Self::from_ders(ders)
    }

    /// Takes certificates in DER.
    ///
    /// # Errors
    /// [`Error::BadCertificate`] if one cannot serve as a trust anchor; [`Error::NoRoots`].
    pub fn from_ders(
        ders: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, Error> {
        let ders: Vec<_> = ders.into_iter().collect();
        if ders.is_empty() {
            return Err(Error::NoRoots);
        }
        let mut store = RootCertStore::empty();
        for der in &ders {
            store.add(der.clone()).map_err(|e| Error::BadCertificate(e.to_string()))?;
        }
        Ok(Self { ders })
    }

    /// The certificates, as given.
    #[must_use]
    pub fn ders(&self) -> &[CertificateDer<'static>] {
        &self.ders
    }

    pub(crate) fn store(&self) -> Arc<RootCertStore> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(self.ders.iter().cloned());
        Arc::new(store)
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prints = self.ders.iter().map(|der| Fingerprint::of_der(der).to_string());
        f.debug_tuple("Roots").field(&prints.collect::<Vec<_>>()).finish()
    }
}
