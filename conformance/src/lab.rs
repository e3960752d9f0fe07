//! The laboratory's certificates: from a throw-away authority that the subject trusts, so that the
//! kit can be as many parties as a scenario needs, or from certificates that the tester supplies.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::tls::{
    ClientSettings, NameCheck, Pin, ServerSettings, client_config, server_config,
};
use oadr_certs::{Identity, Roots};
use oadr_transport::{Clock as _, SystemClock};
use tokio_rustls::rustls::{ClientConfig, ServerConfig};

use crate::verdict::Stop;

/// Where certificates come from.
pub struct Lab {
    /// Who is trusted.
    pub roots: Roots,
    directory: PathBuf,
    source: Source,
    issued: Mutex<BTreeMap<String, Identity>>,
}

enum Source {
    Authority(Box<Ca>),
    Supplied(Vec<Identity>),
}

impl Lab {
    /// Opens a directory: an authority as `certs init` makes it (or such a one in its folder
    /// `ca`), or else `roots.pem` beside `ven-*.pem` and `ven-*.key`.
    ///
    /// # Errors
    /// What is missing, and the mend.
    pub fn open(directory: &Path) -> Result<Self, String> {
        let nested = directory.join("ca");
        let home = if nested.join("roots.pem").exists() { &nested } else { directory };
        let roots = Roots::from_pem_files(&[home.join("roots.pem")]).map_err(|error| {
            format!("{error}; --certs wants the folder of a throw-away authority (certs init --dir DIR), or roots.pem and ven-*.pem with ven-*.key")
        })?;
        let source = match Ca::load(home) {
            Ok(ca) => Source::Authority(Box::new(ca)),
            Err(_) => Source::Supplied(supplied(directory)?),
        };
        Ok(Self { roots, directory: home.to_owned(), source, issued: Mutex::default() })
    }

    /// The authority's folder.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The certificate of the kit's party of this name: the same at every call.
    ///
    /// # Errors
    /// Skip, if the supplied ones are used up.
    pub fn ven(&self, name: &str) -> Result<Identity, Stop> {
        self.party(name, Role::Ven, KeyKind::Ecc)
    }

    /// A certificate of this role and key.
    ///
    /// # Errors
    /// As [`Lab::ven`].
    pub fn party(&self, name: &str, role: Role, key: KeyKind) -> Result<Identity, Stop> {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(identity) = issued.get(name) {
            return Ok(identity.clone());
        }
        let identity = match &self.source {
            Source::Authority(ca) => ca.issue(role, name, key, &hosts()).map_err(trouble)?,
            Source::Supplied(all) => all.get(issued.len()).cloned().ok_or_else(|| {
                Stop::Skip(format!(
                    "--certs supplies {} certificates, one more is needed",
                    all.len()
                ))
            })?,
        };
        issued.insert(name.to_owned(), identity.clone());
        Ok(identity)
    }

    /// The authority itself, for certificates out of the ordinary.
    ///
    /// # Errors
    /// Skip, if there is none.
    pub fn authority(&self) -> Result<&Ca, Stop> {
        match &self.source {
            Source::Authority(ca) => Ok(ca),
            Source::Supplied(_) => Err(Stop::Skip("--certs holds no authority's key".to_owned())),
        }
    }

    /// An authority that nobody trusts.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn stranger() -> Result<Ca, Stop> {
        Ca::ecc(Validity::days(SystemClock.now(), 1)).map_err(trouble)
    }

    /// TLS for a client that shows this certificate.
    ///
    /// # Errors
    /// If certificate and key are no pair.
    pub fn client(&self, identity: Identity) -> Result<Arc<ClientConfig>, Stop> {
        client_config(ClientSettings::new(identity, self.roots.clone())).map_err(trouble)
    }

    /// TLS for a client that takes the server of this pin under any name.
    ///
    /// # Errors
    /// As [`Lab::client`].
    pub fn client_pinned(&self, identity: Identity, pin: Pin) -> Result<Arc<ClientConfig>, Stop> {
        let mut settings = ClientSettings::new(identity, self.roots.clone());
        settings.server_pin = Some(pin);
        settings.names = NameCheck::PinOnly;
        client_config(settings).map_err(trouble)
    }

    /// TLS for a server that demands a certificate of this authority.
    ///
    /// # Errors
    /// As [`Lab::client`].
    pub fn server(&self, identities: Vec<Identity>) -> Result<Arc<ServerConfig>, Stop> {
        let (roots, crls) = (self.roots.clone(), Vec::new());
        server_config(ServerSettings { identities, roots, crls }).map_err(trouble)
    }
}

fn supplied(directory: &Path) -> Result<Vec<Identity>, String> {
    let entries = std::fs::read_dir(directory);
    let entries = entries.map_err(|error| format!("{}: {error}", directory.display()))?;
    let mut certificates: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    certificates.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("ven-") && name.ends_with(".pem") && path.with_extension("key").exists()
    });
    certificates.sort();
    let read = |path: &PathBuf| Identity::from_pem_files(path, path.with_extension("key"));
    let all: Result<Vec<_>, _> = certificates.iter().map(read).collect();
    all.map_err(|error| error.to_string())
}

fn trouble(error: impl std::fmt::Display) -> Stop {
    Stop::Inconclusive(format!("the kit's certificates: {error}"))
}

fn hosts() -> Vec<String> {
    ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec()
}
