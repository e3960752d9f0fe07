//! Certificates for VTNs, VENs and operators. OpenADR 2.0b Profile, rule 68.

use std::fmt;
use std::str::FromStr;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, RsaKeySize,
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};

use super::authority::{Ca, ORGANIZATION, Validity, dated};
use crate::{Error, Identity};

/// Whom a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A virtual top node.
    Vtn,
    /// A virtual end node.
    Ven,
    /// A person or program that operates a VTN.
    Operator,
}

impl Role {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Vtn => "VTN",
            Self::Ven => "VEN",
            Self::Operator => "Operator",
        }
    }
}

/// The kind of a key (rule 68: a VTN has both, a VEN at least one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// RSA: 3072 bits for an authority, 2048 for an end entity.
    Rsa,
    /// The curve P-256.
    Ecc,
}

impl KeyKind {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ecc => "ECC",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Rsa { "rsa" } else { "ecc" })
    }
}

impl FromStr for KeyKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "rsa" => Ok(Self::Rsa),
            "ecc" => Ok(Self::Ecc),
            _ => Err(format!("{text:?} is neither rsa nor ecc")),
        }
    }
}

/// Whom to issue a certificate to.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Decides which intermediate issues and what the key may be used for.
    pub role: Role,
    /// The common name: 1 to 64 characters.
    pub name: String,
    /// The key that is made.
    pub key: KeyKind,
    /// Host names and addresses under which it is reached as a server; may be empty.
    pub hosts: Vec<String>,
}

impl Ca {
    /// Makes a key and a certificate, valid as long as the authority.
    ///
    /// # Errors
    /// [`Error::Issue`] if the name or a host cannot stand in a certificate.
    pub fn issue(
        &self,
        role: Role,
        name: &str,
        key: KeyKind,
        hosts: &[String],
    ) -> Result<Identity, Error> {
        let subject = Subject { role, name: name.to_owned(), key, hosts: hosts.to_vec() };
        self.issue_for(&subject, self.validity)
    }

    /// Makes a key and a certificate with a validity of its own.
    ///
    /// # Errors
    /// As [`issue`](Self::issue).
    pub fn issue_for(&self, subject: &Subject, validity: Validity) -> Result<Identity, Error> {
        let issuer = self.branch(subject.key).intermediate(subject.role);
        let key = match subject.key {
            KeyKind::Rsa => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048)?,
            KeyKind::Ecc => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?,
        };
        let leaf = params(subject, validity)?.signed_by(&key, &issuer.issuer)?;
        Ok(Identity {
            chain: vec![leaf.der().clone(), issuer.cert.clone()],
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        })
    }
}

fn params(subject: &Subject, validity: Validity) -> Result<CertificateParams, Error> {
    let name = &subject.name;
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        let why = format!("the name {name:?} is not 1 to 64 printable characters");
        return Err(Error::Issue(why));
    }
    let mut params = dated(validity);
    params.subject_alt_names = CertificateParams::new(subject.hosts.clone())
        .map_err(|e| Error::Issue(format!("host names {:?}: {e}", subject.hosts)))?
        .subject_alt_names;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, ORGANIZATION);
    params.distinguished_name.push(DnType::OrganizationalUnitName, subject.role.label());
    params.distinguished_name.push(DnType::CommonName, name.as_str());
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if subject.key == KeyKind::Rsa {
        // For peers with the static-RSA suites of rule 67, should a backend offer them.
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    params.extended_key_usages = match subject.role {
        // Pushed to, a VEN is a server; pushing, a VTN is a client.
        Role::Vtn | Role::Ven => {
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth]
        }
        Role::Operator => vec![ExtendedKeyUsagePurpose::ClientAuth],
    };
    Ok(params)
}
