//! Why a VTN could not be started.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::audit;

/// Why a VTN could not be started, with the mend.
#[derive(Debug)]
pub enum StartError {
    /// A setting does not fit.
    Config(String),
    /// A private key may be read or changed by others.
    Exposed(PathBuf),
    /// An address cannot be listened at: (key, address, why).
    Listen(&'static str, SocketAddr, std::io::Error),
    /// A directory cannot be made.
    Directory(PathBuf, std::io::Error),
    /// Certificates, keys, authorities.
    Certs(oadr_certs::Error),
    /// The store.
    Store(oadr_store::Error),
    /// The audit log.
    Audit(audit::Error),
    /// The VTN.
    Vtn(crate::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(what) => f.write_str(what),
            Self::Exposed(path) => {
                let path = path.display();
                write!(f, "{path}: this private key is open to others; mend: chmod 600 {path}")
            }
            Self::Listen(key, address, error) => {
                write!(f, "cannot listen at {address}: {error}")?;
                match error.kind() {
                    std::io::ErrorKind::AddrInUse => {
                        write!(f, "; end the program that does, or change {key}")
                    }
                    std::io::ErrorKind::PermissionDenied => {
                        write!(f, "; ports below 1024 are for root: change {key}")
                    }
                    _ => write!(f, "; {key} must be an address of this machine"),
                }
            }
            Self::Directory(path, error) => write!(f, "cannot make {}: {error}", path.display()),
            Self::Certs(error) => write!(f, "{error}"),
            Self::Store(error) => write!(f, "{error}"),
            Self::Audit(error) => write!(f, "{error}"),
            Self::Vtn(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<oadr_certs::Error> for StartError {
    fn from(error: oadr_certs::Error) -> Self {
        Self::Certs(error)
    }
}

impl From<oadr_store::Error> for StartError {
    fn from(error: oadr_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<audit::Error> for StartError {
    fn from(error: audit::Error) -> Self {
        Self::Audit(error)
    }
}

impl From<crate::Error> for StartError {
    fn from(error: crate::Error) -> Self {
        Self::Vtn(error)
    }
}
