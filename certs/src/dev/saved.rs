//! The authority in a directory: `{ecc,rsa}-{root,vtn-ca,ven-ca,operator-ca}.{pem,key}` beside
//! `roots.pem` and `{vtn,ven,operator}-ca.pem`, the files that others are given to trust.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{Issuer, KeyPair};
use rustls_pki_types::CertificateDer;

use super::authority::{Authority, Branch, Ca, Validity};
use super::issue::{KeyKind, Role};
use crate::files::{self, Writing, content};
use crate::{Error, x509};

impl Ca {
    /// Writes certificates and keys (0600) into `dir`, which is made if absent.
    ///
    /// # Errors
    /// [`Error::Exists`] without `force` if there is an authority already; [`Error::Unwritable`].
    pub fn save(&self, dir: &Path, force: bool) -> Result<(), Error> {
        fs::create_dir_all(dir).map_err(|e| Error::Unwritable(dir.to_owned(), e))?;
        let files = self.files();
        let taken = files.iter().map(|(name, _)| dir.join(name)).find(|path| path.exists());
        if let (Some(path), false) = (taken, force) {
            return Err(Error::Exists(path));
        }
        for (name, text) in files {
            let secret = name.ends_with(".key");
            files::write(&dir.join(name), text.as_bytes(), Writing { secret, force })?;
        }
        Ok(())
    }

    /// Reads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// [`Error::Unreadable`], [`Error::Content`] with the file.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        let kinds = [KeyKind::Ecc, KeyKind::Rsa].into_iter();
        let there: Vec<_> =
            kinds.filter(|kind| dir.join(format!("{kind}-root.pem")).exists()).collect();
        if there.is_empty() {
            let mend = "holds no certificate authority; make one: certs init --dir DIR";
            return Err(content(&dir.display().to_string(), mend));
        }
        let branches =
            there.into_iter().map(|kind| load_branch(dir, kind)).collect::<Result<Vec<_>, _>>()?;
        // `there` was not empty, so there is a first one.
        let validity = x509::parse(&branches[0].root.cert)?.validity().clone();
        let validity = Validity {
            not_before: x509::timestamp(validity.not_before),
            not_after: x509::timestamp(validity.not_after),
        };
        Ok(Self { branches, validity })
    }

    fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut roots = String::new();
        let mut anchors = ROLES.map(|(_, name)| (name, String::new()));
        for branch in &self.branches {
            let kind = branch.kind;
            roots += &cert_pem(&branch.root);
            push_pair(&mut files, format!("{kind}-root"), &branch.root);
            for ((role, name), (_, anchors)) in ROLES.iter().zip(&mut anchors) {
                let authority = branch.intermediate(*role);
                *anchors += &cert_pem(authority);
                push_pair(&mut files, format!("{kind}-{name}"), authority);
            }
        }
        files.push(("roots.pem".to_owned(), roots));
        files.extend(anchors.map(|(name, text)| (format!("{name}.pem"), text)));
        files
    }
}

fn push_pair(files: &mut Vec<(String, String)>, stem: String, authority: &Authority) {
    files.push((format!("{stem}.key"), authority.issuer.key().serialize_pem()));
    files.push((format!("{stem}.pem"), cert_pem(authority)));
}

fn cert_pem(authority: &Authority) -> String {
    files::pem("CERTIFICATE", &authority.cert)
}

fn load_branch(dir: &Path, kind: KeyKind) -> Result<Branch, Error> {
    let root = load_authority(dir, &format!("{kind}-root"))?;
    let under = |(role, name): (Role, &str)| {
        load_authority(dir, &format!("{kind}-{name}")).map(|authority| (role, authority))
    };
    let [vtn, ven, operator] = ROLES;
    let intermediates = [under(vtn)?, under(ven)?, under(operator)?];
    Ok(Branch { kind, root, intermediates })
}

fn load_authority(dir: &Path, stem: &str) -> Result<Authority, Error> {
    let path = |end: &str| -> PathBuf { dir.join(format!("{stem}.{end}")) };
    let cert = first(files::certificates(&path("pem"))?);
    let key_path = path("key").display().to_string();
    let text = String::from_utf8(files::read(&path("key"))?)
        .map_err(|_| content(&key_path, "holds no private key in PEM"))?;
    let key = KeyPair::from_pem(&text).map_err(|e| content(&key_path, e))?;
    let issuer = Issuer::from_ca_cert_der(&cert, key).map_err(|e| content(&key_path, e))?;
    Ok(Authority { cert, issuer })
}

fn first(mut certs: Vec<CertificateDer<'static>>) -> CertificateDer<'static> {
    // `files::certificates` never gives an empty list.
    certs.swap_remove(0)
}

const ROLES: [(Role, &str); 3] =
    [(Role::Vtn, "vtn-ca"), (Role::Ven, "ven-ca"), (Role::Operator, "operator-ca")];
