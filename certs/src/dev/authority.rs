//! The authorities: two roots, three intermediates under each, and their revocation lists.

use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName,
    DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, RsaKeySize,
    SerialNumber, date_time_ymd,
};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer};

use super::issue::{KeyKind, Role};
use crate::{Error, Roots, Thumbprint, x509};

/// From when to when, both instants included (UTC, whole seconds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first valid instant.
    pub not_before: Timestamp,
    /// The last valid instant.
    pub not_after: Timestamp,
}

impl Validity {
    /// From an hour before `now`, for clocks that go wrong, to `days` days after it.
    #[must_use]
    pub fn days(now: Timestamp, days: u32) -> Self {
        let hour = jiff::SignedDuration::from_hours(1);
        let span = jiff::SignedDuration::from_hours(24 * i64::from(days));
        // Certificates count whole seconds.
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        Self {
            not_before: now.checked_sub(hour).unwrap_or(now),
            not_after: now.checked_add(span).unwrap_or(Timestamp::MAX),
        }
    }
}

/// A throw-away certificate authority.
pub struct Ca {
    pub(super) branches: Vec<Branch>,
    pub(super) validity: Validity,
}

/// One root and what it issued.
pub(super) struct Branch {
    pub(super) kind: KeyKind,
    pub(super) root: Authority,
    pub(super) intermediates: [(Role, Authority); 3],
}

/// A certificate that issues others.
pub(super) struct Authority {
    pub(super) cert: CertificateDer<'static>,
    pub(super) issuer: Issuer<'static, KeyPair>,
}

impl Ca {
    /// Makes an RSA-3072 and a P-256 hierarchy. The RSA keys take a second or so.
    ///
    /// # Errors
    /// [`Error::Issue`].
    pub fn new(validity: Validity) -> Result<Self, Error> {
        let branches =
            vec![Branch::new(KeyKind::Ecc, validity)?, Branch::new(KeyKind::Rsa, validity)?];
        Ok(Self { branches, validity })
    }

    /// Makes the P-256 hierarchy only, in milliseconds; it signs RSA certificates too.
    ///
    /// # Errors
    /// [`Error::Issue`].
    pub fn ecc(validity: Validity) -> Result<Self, Error> {
        Ok(Self { branches: vec![Branch::new(KeyKind::Ecc, validity)?], validity })
    }

    /// Its validity, which is also that of what it issues unless told otherwise.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// The roots: whoever trusts them trusts every role.
    ///
    /// # Panics
    /// Never: a `Ca` has at least one root, and it made it itself.
    #[must_use]
    pub fn roots(&self) -> Roots {
        Self::trusted(self.branches.iter().map(|branch| &branch.root))
    }

    /// The intermediates of one role: whoever trusts them trusts that role only.
    ///
    /// # Panics
    /// Never, as [`roots`](Self::roots).
    #[must_use]
    pub fn anchors(&self, role: Role) -> Roots {
        Self::trusted(self.branches.iter().map(|branch| branch.intermediate(role)))
    }

    fn trusted<'a>(authorities: impl Iterator<Item = &'a Authority>) -> Roots {
        let ders = authorities.map(|authority| authority.cert.clone());
        #[allow(clippy::expect_used)] // made or checked by us, and never none
        Roots::from_ders(ders).expect("our own authorities are well-formed")
    }

    /// A revocation list of every authority. Those of `revoked` that it issued stand in it, from
    /// `validity.not_before` on; `validity.not_after` is the next update.
    ///
    /// # Errors
    /// [`Error::BadCertificate`], [`Error::Issue`].
    pub fn crls(
        &self,
        revoked: &[CertificateDer<'_>],
        validity: Validity,
    ) -> Result<Vec<CertificateRevocationListDer<'static>>, Error> {
        let branches = self.branches.iter();
        branches.flat_map(Branch::authorities).map(|one| one.crl(revoked, validity)).collect()
    }

    pub(super) fn branch(&self, kind: KeyKind) -> &Branch {
        let same = self.branches.iter().find(|branch| branch.kind == kind);
        // Every constructor gives at least one branch.
        same.unwrap_or(&self.branches[0])
    }
}

impl std::fmt::Debug for Ca {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ca").field("validity", &self.validity).finish_non_exhaustive()
    }
}

impl Branch {
    fn new(kind: KeyKind, validity: Validity) -> Result<Self, Error> {
        let key = authority_key(kind)?;
        // Part of the key in the name tells two throw-away authorities apart.
        let print = Thumbprint::of_der(key.public_key_raw()).to_string();
        let name = |what: &str| format!("Throw-away {} {what} CA {}", kind.label(), &print[..8]);
        let params = authority_params(&name("Root"), BasicConstraints::Unconstrained, validity);
        let cert = params.self_signed(&key)?.der().clone();
        let root = Authority { cert, issuer: Issuer::new(params, key) };
        let under = |role: Role| {
            let key = authority_key(kind)?;
            let params =
                authority_params(&name(role.label()), BasicConstraints::Constrained(0), validity);
            let cert = params.signed_by(&key, &root.issuer)?.der().clone();
            Ok::<_, Error>((role, Authority { cert, issuer: Issuer::new(params, key) }))
        };
        let intermediates = [under(Role::Vtn)?, under(Role::Ven)?, under(Role::Operator)?];
        Ok(Self { kind, root, intermediates })
    }

    pub(super) fn intermediate(&self, role: Role) -> &Authority {
        let found = self.intermediates.iter().find(|(own, _)| *own == role);
        // The array has one of each role.
        found.map_or(&self.root, |(_, authority)| authority)
    }

    fn authorities(&self) -> impl Iterator<Item = &Authority> {
        std::iter::once(&self.root).chain(self.intermediates.iter().map(|(_, one)| one))
    }
}

impl Authority {
    fn crl(
        &self,
        revoked: &[CertificateDer<'_>],
        validity: Validity,
    ) -> Result<CertificateRevocationListDer<'static>, Error> {
        let own = x509::parse(&self.cert)?;
        let mut revoked_certs = Vec::new();
        for der in revoked {
            let cert = x509::parse(der)?;
            if cert.issuer().as_raw() == own.subject().as_raw() {
                revoked_certs.push(RevokedCertParams {
                    serial_number: SerialNumber::from_slice(cert.raw_serial()),
                    revocation_time: date_time_ymd(1970, 1, 1) + since_1970(validity.not_before),
                    reason_code: None,
                    invalidity_date: None,
                });
            }
        }
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(1970, 1, 1) + since_1970(validity.not_before),
            next_update: date_time_ymd(1970, 1, 1) + since_1970(validity.not_after),
            // Lists are numbered upwards; the second of their making does that.
            crl_number: u64::try_from(validity.not_before.as_second()).unwrap_or(0).into(),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuer)?.into())
    }
}

fn authority_key(kind: KeyKind) -> Result<KeyPair, Error> {
    Ok(match kind {
        KeyKind::Rsa => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_3072)?,
        KeyKind::Ecc => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?,
    })
}

fn authority_params(name: &str, path: BasicConstraints, validity: Validity) -> CertificateParams {
    let mut params = dated(validity);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, ORGANIZATION);
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(path);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

pub(super) fn dated(validity: Validity) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(1970, 1, 1) + since_1970(validity.not_before);
    params.not_after = date_time_ymd(1970, 1, 1) + since_1970(validity.not_after);
    params.use_authority_key_identifier_extension = true;
    params
}

/// The time since 1970, added to rcgen's own epoch because its date type is not ours to name;
/// earlier instants become 1970.
fn since_1970(instant: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(instant.as_second()).unwrap_or(0))
}

pub(super) const ORGANIZATION: &str = "Throw-away, not for a real market";
