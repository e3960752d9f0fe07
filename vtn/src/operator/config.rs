//! `vtn.toml`: where the program listens, what it keeps where, who operates it, and the
//! protocol's [`Settings`]. Unknown keys are errors; paths are relative to the file.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use oadr_certs::tls::{RevocationPolicy, ServerFiles, ServerOptions, TimeSource};
use oadr_certs::{Fingerprint, PeerCertificate, Thumbprint};
use serde::{Deserialize, Serialize};

use super::role::Role;
use super::suggest;
use crate::audit::AuditSettings;
use crate::settings::Settings;

/// Everything a VTN is told from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where VENs call; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The directory of the store; it is made.
    pub store: PathBuf,
    /// Our certificates with their keys, the preferred one first (rule 68: one ECC, one RSA).
    pub identity: Vec<IdentityFiles>,
    /// Who issues the VENs' certificates.
    pub ca: Vec<PathBuf>,
    /// Revocation lists.
    #[serde(default)]
    pub crl: Vec<PathBuf>,
    /// Which revocation lists suffice.
    #[serde(default)]
    pub revocation: Revocation,
    /// The protocol part.
    pub vtn: Settings,
    /// Whether the reference market stands behind EiTender; without it tenders are refused.
    #[serde(default)]
    pub market: bool,
    /// The audit log.
    #[serde(default)]
    pub audit: AuditSettings,
    /// The operators' door.
    pub api: Api,
    /// Who may pass it. Empty: nobody.
    #[serde(default, rename = "operator")]
    pub operators: Vec<Operator>,
    /// Where monitors of this machine ask without a certificate; `None`: nowhere.
    #[serde(default)]
    pub metrics: Option<Metrics>,
    /// What the `vtn` commands use to call the operators' door.
    #[serde(default)]
    pub client: Option<ClientConfig>,
}

/// A certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityFiles {
    /// The chain in PEM, our own certificate first.
    pub certificate: PathBuf,
    /// Its key in PEM.
    pub key: PathBuf,
}

/// Which revocation lists suffice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Revocation {
    /// Refuse a certificate of whose issuer there is no list.
    pub refuse_unknown: bool,
    /// Refuse when the list is past its next update.
    pub refuse_stale: bool,
}

/// The operators' door: a listener of its own, with authorities of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Where operators call; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Who issues the operators' certificates.
    pub ca: Vec<PathBuf>,
    /// Revocation lists of these authorities.
    #[serde(default)]
    pub crl: Vec<PathBuf>,
    /// Bytes of a request's body.
    #[serde(default = "body_bytes")]
    pub body_bytes: usize,
}

/// A listener without TLS for `/metrics`, `/healthz` and `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Of this machine alone; port 0 takes any that is free.
    pub listen: SocketAddr,
}

/// A person or program that may operate this VTN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// For the log.
    pub name: String,
    /// Its certificate.
    pub fingerprint: Print,
    /// What it may.
    pub role: Role,
}

/// A certificate by its ten-byte fingerprint or, better, its whole SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// `AA:BB:…`, ten bytes.
    Short(Fingerprint),
    /// 64 hexadecimal digits.
    Whole(Thumbprint),
}

/// How the `vtn` commands reach the operators' door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientConfig {
    /// Such as `https://localhost:8444`.
    pub url: String,
    /// The operator's certificate chain in PEM.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// Who issues the VTN's certificate.
    pub ca: Vec<PathBuf>,
    /// The VTN's certificate itself; then its name is not looked at.
    #[serde(default)]
    pub pin: Option<Print>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong, with the file and, where it is the text, the line.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable(path.to_owned(), error))?;
        let config: Self =
            toml::from_str(&text).map_err(|error| ConfigError::Toml(path.to_owned(), error))?;
        let config = config.relative_to(path.parent().unwrap_or_else(|| Path::new("")));
        config.check().map_err(|what| ConfigError::Content(path.to_owned(), what))?;
        Ok(config)
    }

    /// Takes relative paths as relative to `base`.
    #[must_use]
    pub fn relative_to(mut self, base: &Path) -> Self {
        let lists = [&mut self.ca, &mut self.crl, &mut self.api.ca, &mut self.api.crl];
        let mut paths: Vec<&mut PathBuf> = lists.into_iter().flatten().collect();
        paths.push(&mut self.store);
        paths.extend(self.vtn.trace_messages.as_mut());
        paths.extend(self.audit.dir.as_mut());
        paths.extend(self.identity.iter_mut().flat_map(|one| [&mut one.certificate, &mut one.key]));
        if let Some(client) = &mut self.client {
            paths.extend([&mut client.certificate, &mut client.key]);
            paths.extend(&mut client.ca);
        }
        for path in paths {
            *path = base.join(&path);
        }
        self
    }

    /// Checks what the types cannot.
    ///
    /// # Errors
    /// The key, and what is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        let empty = [
            ("identity", self.identity.is_empty()),
            ("ca", self.ca.is_empty()),
            ("api.ca", self.api.ca.is_empty()),
        ];
        if let Some((key, _)) = empty.iter().find(|(_, is)| *is) {
            return Err(format!("{key}: at least one is needed"));
        }
        if let Some(Metrics { listen }) = &self.metrics
            && !listen.ip().is_loopback()
        {
            return Err(format!(
                "metrics.listen: {listen} can be reached from other machines, and whoever asks there \
                 is not asked who it is: give 127.0.0.1 or [::1], and let other machines ask for \
                 /metrics at api.listen, with a viewer's certificate"
            ));
        }
        for (at, one) in self.operators.iter().enumerate() {
            let before = &self.operators[..at];
            if before.iter().any(|other| other.name == one.name) {
                return Err(format!("operator: two are called {:?}", one.name));
            }
            if before.iter().any(|other| other.fingerprint.meets(one.fingerprint)) {
                return Err(format!("operator {:?}: the fingerprint is another's", one.name));
            }
        }
        self.audit.check()?;
        self.vtn.check().map_err(|error| error.to_string())
    }

    /// The directory of the audit log.
    #[must_use]
    pub fn audit_dir(&self) -> PathBuf {
        self.audit.dir_beside(&self.store)
    }

    /// The TLS files of the VENs' door.
    #[must_use]
    pub fn ven_files(&self, time: TimeSource) -> ServerFiles {
        self.files(&self.ca, &self.crl, time)
    }

    /// The TLS files of the operators' door.
    #[must_use]
    pub fn operator_files(&self, time: TimeSource) -> ServerFiles {
        self.files(&self.api.ca, &self.api.crl, time)
    }

    fn files(&self, ca: &[PathBuf], crl: &[PathBuf], time: TimeSource) -> ServerFiles {
        let pair = |one: &IdentityFiles| (one.certificate.clone(), one.key.clone());
        let Revocation { refuse_unknown, refuse_stale } = self.revocation;
        ServerFiles {
            identities: self.identity.iter().map(pair).collect(),
            roots: ca.to_vec(),
            crls: crl.to_vec(),
            options: ServerOptions {
                revocation: RevocationPolicy { refuse_unknown, refuse_stale },
                time: Some(time),
            },
        }
    }
}

impl Print {
    /// Whether it is the print of this certificate.
    #[must_use]
    pub fn fits(self, certificate: &PeerCertificate) -> bool {
        match self {
            Self::Short(print) => certificate.fingerprint() == print,
            Self::Whole(print) => certificate.thumbprint == print,
        }
    }

    /// Whether both can be of one certificate.
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a == b,
            _ => self.short() == other.short(),
        }
    }

    /// The ten bytes.
    #[must_use]
    pub fn short(self) -> Fingerprint {
        match self {
            Self::Short(print) => print,
            Self::Whole(print) => print.fingerprint(),
        }
    }
}

impl std::str::FromStr for Print {
    type Err = oadr_certs::Error;

    /// Reads either form.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let whole = text.parse().map(Self::Whole);
        whole.or_else(|_: Self::Err| text.parse().map(Self::Short))
    }
}

impl fmt::Display for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(print) => print.fmt(f),
            Self::Whole(print) => print.fmt(f),
        }
    }
}

impl Serialize for Print {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Print {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a configuration cannot be used.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// It is not TOML, or a key is wrong, missing or unknown; says the line.
    Toml(PathBuf, toml::de::Error),
    /// A value does not fit.
    Content(PathBuf, String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) if error.kind() == std::io::ErrorKind::NotFound => {
                write!(f, "{}: not there; make one: vtn init, or name it: --config", path.display())
            }
            Self::Unreadable(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            Self::Toml(path, error) => {
                write!(f, "{}: {}", path.display(), error.to_string().trim_end())?;
                suggest::meant(error.message()).map_or(Ok(()), |mend| write!(f, "; {mend}"))
            }
            Self::Content(path, what) => write!(f, "{}: {what}", path.display()),
        }
    }
}

impl std::error::Error for ConfigError {}

fn body_bytes() -> usize {
    256 * 1024
}
