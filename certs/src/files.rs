//! Files of certificates and keys: read as PEM or DER, written without overwriting by accident.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

use crate::Error;

/// Reads a whole file.
///
/// # Errors
/// [`Error::Unreadable`] with the path.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|e| Error::Unreadable(path.to_owned(), e))
}

/// The certificates of a file: every one of a PEM file in its order, or the one of a DER file.
///
/// # Errors
/// [`Error::Unreadable`]; [`Error::Content`] if there is none or the PEM is broken.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    certificates_in(&read(path)?, &path.display().to_string())
}

/// The certificates in `bytes`; `place` names them in errors.
///
/// # Errors
/// As [`certificates`].
pub fn certificates_in(bytes: &[u8], place: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let found = items::<CertificateDer<'static>>(bytes, place)?;
    for cert in &found {
        crate::x509::parse(cert).map_err(|e| content(place, e))?;
    }
    if found.is_empty() {
        return Err(content(place, "holds no certificate (-----BEGIN CERTIFICATE----- or DER)"));
    }
    Ok(found)
}

/// The revocation lists of a file (PEM, any number, or one DER).
///
/// # Errors
/// As [`certificates`].
pub fn crls(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, Error> {
    let place = path.display().to_string();
    let found = items::<CertificateRevocationListDer<'static>>(&read(path)?, &place)?;
    if found.is_empty() {
        return Err(content(&place, "holds no revocation list (-----BEGIN X509 CRL----- or DER)"));
    }
    Ok(found)
}

/// The private key in `bytes` (PEM: PKCS #8, PKCS #1 or SEC 1); `place` names it in errors.
///
/// # Errors
/// [`Error::Content`] if there is none or it is encrypted. The key is in no error.
pub fn key_in(bytes: &[u8], place: &str) -> Result<PrivateKeyDer<'static>, Error> {
    if let Ok(key) = PrivateKeyDer::from_pem_slice(bytes) {
        return Ok(key);
    }
    let encrypted = b"ENCRYPTED".as_slice();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        let mend = "the key is encrypted; decrypt it first: openssl pkey -in … -out …";
        return Err(content(place, mend));
    }
    Err(content(place, "holds no private key in PEM (-----BEGIN PRIVATE KEY-----)"))
}

/// How a file is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writing {
    /// Mode 0600 from the first byte.
    pub secret: bool,
    /// Replace a file that is there; otherwise that is an error.
    pub force: bool,
}

/// Writes a file whole: never half of it under its name, never readable by others if secret.
///
/// # Errors
/// [`Error::Exists`] without `force`; [`Error::Unwritable`].
pub fn write(path: &Path, bytes: &[u8], how: Writing) -> Result<(), Error> {
    let failed = |e: io::Error| match e.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
        _ => Error::Unwritable(path.to_owned(), e),
    };
    let beside = temporary(path);
    // A rest of an interrupted run; a fresh file is needed for its mode to be ours.
    let _ = fs::remove_file(&beside);
    let written = create(&beside, bytes, how.secret).and_then(|()| {
        if how.force {
            return fs::rename(&beside, path);
        }
        // Unlike rename, a link refuses a name that is taken.
        fs::hard_link(&beside, path).and_then(|()| fs::remove_file(&beside))
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.map_err(failed)
}

fn create(path: &Path, bytes: &[u8], secret: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if secret { 0o600 } else { 0o644 });
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

/// Every item of one kind in PEM; bytes without any PEM section are taken as one DER item.
fn items<T>(bytes: &[u8], place: &str) -> Result<Vec<T>, Error>
where
    T: PemObject + From<Vec<u8>>,
{
    let wanted = |found: Result<T, _>| match found {
        Ok(item) => Ok(item),
        Err(e) => Err(content(place, format!("broken PEM: {e:?}"))),
    };
    let is_pem = bytes.windows(10).any(|window| window == b"-----BEGIN");
    match (is_pem, bytes.first()) {
        (true, _) => T::pem_slice_iter(bytes).map(wanted).collect(),
        // 0x30 opens every DER SEQUENCE.
        (false, Some(0x30)) => Ok(vec![T::from(bytes.to_vec())]),
        _ => Ok(Vec::new()),
    }
}

pub(crate) fn content(place: &str, wrong: impl std::fmt::Display) -> Error {
    Error::Content(place.to_owned(), wrong.to_string())
}

/// `der` in PEM under `label` (`CERTIFICATE`, `X509 CRL`), 64 characters a line (RFC 7468).
#[must_use]
pub fn pem(label: &str, der: &[u8]) -> String {
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        // Base64 is ASCII: any cut is a character boundary.
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out + &format!("-----END {label}-----\n")
}
