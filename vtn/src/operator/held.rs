//! Certificates that stand in `vtn.toml` or in the files it names, and when they end.

use std::path::PathBuf;

use jiff::Timestamp;
use oadr_certs::{Fingerprint, Identity, PeerCertificate, Roots};
use serde::Serialize;

use super::config::Config;

/// A certificate that this VTN lives by, VENs' excepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Whose.
    pub holder: Holder,
    /// Its common name, or an operator's name in the configuration.
    pub name: Option<String>,
    /// The ten bytes that people exchange.
    pub fingerprint: Fingerprint,
    /// Its last valid instant, UTC; `None`: an operator's that was not seen since the start.
    pub not_after: Option<Timestamp>,
}

/// Whose a certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// Our own.
    Vtn,
    /// An authority in the chain of ours.
    Issuer,
    /// One that issues VENs' certificates.
    VenAuthority,
    /// One that issues operators' certificates.
    OperatorAuthority,
    /// One of the list of operators.
    Operator,
    /// A VEN.
    Ven,
}

impl Holder {
    /// All, in their order.
    pub const ALL: [Self; 6] = [
        Self::Vtn,
        Self::Issuer,
        Self::VenAuthority,
        Self::OperatorAuthority,
        Self::Operator,
        Self::Ven,
    ];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vtn => "vtn",
            Self::Issuer => "issuer",
            Self::VenAuthority => "ven_authority",
            Self::OperatorAuthority => "operator_authority",
            Self::Operator => "operator",
            Self::Ven => "ven",
        }
    }
}

/// Reads the files that the configuration names: our certificates with their chains, and
/// authorities. A file that was taken away since the start has nothing to tell.
#[must_use]
pub fn read(config: &Config) -> Vec<Held> {
    let mut found = Vec::new();
    for one in &config.identity {
        let Ok(own) = Identity::from_pem_files(&one.certificate, &one.key) else { continue };
        let holders = std::iter::once(Holder::Vtn).chain(std::iter::repeat(Holder::Issuer));
        found.extend(own.chain.iter().zip(holders).filter_map(|(der, holder)| held(holder, der)));
    }
    for (holder, files) in
        [(Holder::VenAuthority, &config.ca), (Holder::OperatorAuthority, &config.api.ca)]
    {
        found.extend(authorities(files).iter().filter_map(|der| held(holder, der)));
    }
    // A file may stand there twice, and both chains lead over the same authority.
    found.sort_by_key(|one| (one.holder, one.fingerprint.0));
    found.dedup_by_key(|one| (one.holder, one.fingerprint.0));
    found
}

fn authorities(files: &[PathBuf]) -> Vec<Vec<u8>> {
    let roots =
        files.iter().filter_map(|file| Roots::from_pem_files(std::slice::from_ref(file)).ok());
    roots
        .flat_map(|roots| roots.ders().iter().map(|der| der.to_vec()).collect::<Vec<_>>())
        .collect()
}

fn held(holder: Holder, der: &[u8]) -> Option<Held> {
    let one = PeerCertificate::from_der(der).ok()?;
    let (fingerprint, not_after) = (one.fingerprint(), Some(one.not_after));
    Some(Held { holder, name: one.common_name, fingerprint, not_after })
}
