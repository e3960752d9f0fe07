//! Settings that can be read again from their files while the program runs: a renewed
//! certificate or a new revocation list needs no restart.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::{ClientConfig, ServerConfig};
use rustls_pki_types::CertificateRevocationListDer;

use super::callers::Callers;
use super::client::{ClientOptions, ClientSettings, NameCheck, Pin, client_config_with};
use super::server::{ServerOptions, ServerSettings, server_config_with};
use crate::{Error, Identity, Roots, files};

/// Files that make TLS settings.
pub trait Settings {
    /// [`ServerConfig`] or [`ClientConfig`].
    type Config;

    /// Every file that is read.
    fn files(&self) -> Vec<PathBuf>;

    /// Reads the files.
    ///
    /// # Errors
    /// Names the file at fault.
    fn load(&self) -> Result<Arc<Self::Config>, Error>;
}

/// The files of a server.
#[derive(Clone, Debug, Default)]
pub struct ServerFiles {
    /// Certificate chain and key, the preferred pair first.
    pub identities: Vec<(PathBuf, PathBuf)>,
    /// Trusted authorities.
    pub roots: Vec<PathBuf>,
    /// Revocation lists.
    pub crls: Vec<PathBuf>,
    /// What is not in files.
    pub options: ServerOptions,
}

impl Settings for ServerFiles {
    type Config = ServerConfig;

    fn files(&self) -> Vec<PathBuf> {
        let pairs = self.identities.iter().flat_map(|(cert, key)| [cert, key]);
        pairs.chain(&self.roots).chain(&self.crls).cloned().collect()
    }

    fn load(&self) -> Result<Arc<ServerConfig>, Error> {
        let pairs = self.identities.iter();
        let identities = pairs
            .map(|(cert, key)| Identity::from_pem_files(cert, key))
            .collect::<Result<_, _>>()?;
        let roots = Roots::from_pem_files(&self.roots)?;
        let settings = ServerSettings { identities, roots, crls: read_crls(&self.crls)? };
        server_config_with(settings, self.options.clone())
    }
}

/// The files of a client.
#[derive(Clone, Debug)]
pub struct ClientFiles {
    /// Certificate chain and key.
    pub identity: (PathBuf, PathBuf),
    /// Trusted authorities.
    pub roots: Vec<PathBuf>,
    /// Revocation lists.
    pub crls: Vec<PathBuf>,
    /// See [`ClientSettings::server_pin`].
    pub server_pin: Option<Pin>,
    /// See [`ClientSettings::names`].
    pub names: NameCheck,
    /// What is not in files.
    pub options: ClientOptions,
}

impl Settings for ClientFiles {
    type Config = ClientConfig;

    fn files(&self) -> Vec<PathBuf> {
        let (cert, key) = &self.identity;
        [cert, key].into_iter().chain(&self.roots).chain(&self.crls).cloned().collect()
    }

    fn load(&self) -> Result<Arc<ClientConfig>, Error> {
        let settings = ClientSettings {
            identity: Identity::from_pem_files(&self.identity.0, &self.identity.1)?,
            roots: Roots::from_pem_files(&self.roots)?,
            server_pin: self.server_pin,
            crls: read_crls(&self.crls)?,
            names: self.names,
        };
        client_config_with(settings, self.options.clone())
    }
}

/// The files of a server that also calls: its certificates are shown to those it calls, the
/// authorities are theirs.
#[derive(Clone, Debug)]
pub struct CallerFiles(pub ServerFiles);

impl Settings for CallerFiles {
    type Config = Callers;

    fn files(&self) -> Vec<PathBuf> {
        self.0.files()
    }

    fn load(&self) -> Result<Arc<Callers>, Error> {
        let ServerFiles { identities, roots, crls, options } = &self.0;
        let mut identities =
            identities.iter().map(|(cert, key)| Identity::from_pem_files(cert, key));
        let identity = identities.next().ok_or(Error::NoIdentity)??;
        let settings = ClientSettings {
            crls: read_crls(crls)?,
            ..ClientSettings::new(identity, Roots::from_pem_files(roots)?)
        };
        let options = ClientOptions {
            other_identity: identities.next().transpose()?,
            revocation: options.revocation,
            time: options.time.clone(),
        };
        Ok(Arc::new(Callers::new(settings, options)?))
    }
}

/// Settings in force, and the files they came from. Ask [`current`](Self::current) for every new
/// connection; connections that are open keep what they started with.
#[derive(Debug)]
pub struct Reloadable<S: Settings> {
    source: S,
    current: RwLock<Arc<S::Config>>,
    seen: Mutex<Stamps>,
}

/// Modification time and length of every file, `None` where it cannot be told.
type Stamps = Vec<Option<(SystemTime, u64)>>;

impl<S: Settings> Reloadable<S> {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// Names the file at fault and the mend.
    pub fn load(source: S) -> Result<Self, Error> {
        let seen = Mutex::new(stamps(&source));
        let current = RwLock::new(source.load()?);
        Ok(Self { source, current, seen })
    }

    /// The settings in force.
    pub fn current(&self) -> Arc<S::Config> {
        // The lock only ever guards a pointer: a panic elsewhere cannot have left it half-written.
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads every file again; new handshakes then use what they hold, and no peer can resume a
    /// session from before.
    ///
    /// # Errors
    /// Names the file at fault; the settings in force stay.
    pub fn reload(&self) -> Result<(), Error> {
        let now = stamps(&self.source);
        let fresh = self.source.load()?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(())
    }

    /// Reloads if a file's time or length changed since it was last read; true if it did. Cheap
    /// enough to be called every second. A failed reload is tried again at the next call.
    ///
    /// # Errors
    /// As [`reload`](Self::reload).
    pub fn reload_if_changed(&self) -> Result<bool, Error> {
        let unchanged =
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) == stamps(&self.source);
        if unchanged {
            return Ok(false);
        }
        self.reload().map(|()| true)
    }
}

fn stamps(source: &impl Settings) -> Stamps {
    let stamp = |path| {
        let about = fs::metadata(path).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    source.files().into_iter().map(stamp).collect()
}

fn read_crls(paths: &[PathBuf]) -> Result<Vec<CertificateRevocationListDer<'static>>, Error> {
    let mut crls = Vec::new();
    for path in paths {
        crls.extend(files::crls(path)?);
    }
    Ok(crls)
}
