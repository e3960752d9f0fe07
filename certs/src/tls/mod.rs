//! TLS settings for both roles: 1.2 and 1.3, certificates on both sides.
//! OpenADR 2.0b Profile, section 9.2, rules 67, 68, 516.
//!
//! The suites are those of rustls: the CBC and static-RSA defaults of rule 67 are not among them,
//! see docs/decisions/0003-tls-suites.md.

mod callers;
mod client;
mod reload;
mod resolve;
mod server;
mod time;
mod verify;

use std::sync::Arc;

use jiff::Timestamp;
use rustls::CommonState;
use rustls::crypto::CryptoProvider;

pub use callers::Callers;
pub use client::{
    ClientOptions, ClientSettings, NameCheck, Pin, client_config, client_config_with,
};
pub use reload::{CallerFiles, ClientFiles, Reloadable, ServerFiles, Settings};
pub use server::{ServerOptions, ServerSettings, server_config, server_config_with};
pub use time::TimeSource;

use crate::profile::Refusal;
use crate::{Error, PeerCertificate};

/// The peer of a finished handshake at `now`. Call it once per connection, resumed ones included:
/// resumption does not look at the certificate again, so its expiry is looked at here (rule 516).
///
/// # Errors
/// [`Error::BadCertificate`] if there is no certificate (the handshake is not finished, or the
/// settings are not of this crate); [`Error::Unacceptable`] if it has expired since it was verified.
pub fn peer(connection: &CommonState, now: Timestamp) -> Result<PeerCertificate, Error> {
    let leaf = connection.peer_certificates().and_then(<[_]>::first);
    let leaf = leaf.ok_or_else(|| Error::BadCertificate("the peer sent none".to_owned()))?;
    let peer = PeerCertificate::from_der(leaf)?;
    if peer.is_expired(now) {
        return Err(Error::Unacceptable(Refusal::Expired));
    }
    Ok(peer)
}

/// Which revocation lists suffice. Both off: a listed certificate is refused, one that no list
/// speaks of is not, and a list past its next update still counts. An operator who keeps lists of
/// every authority fresh should set both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RevocationPolicy {
    /// Refuse a chain with a certificate whose issuer's list is not there.
    pub refuse_unknown: bool,
    /// Refuse when the list is past its next update.
    pub refuse_stale: bool,
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

const ALPN: &[u8] = b"http/1.1";
