//! Who says it: keys, certificates, fingerprints and the TLS settings of both roles.
//! OpenADR 2.0b Profile, sections 9.2 and 10, rules 67, 68 and 516.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@fingerprint`] | the 10-byte fingerprint people exchange, the 32-byte thumbprint programs compare |
//! | [`peer`] | what is known of the other side after a handshake |
//! | [`identity`], [`roots`] | our certificate with its key; the certificate authorities we trust |
//! | [`tls`] | settings for a server and a client, reload without restart |
//! | [`profile`] | what OpenADR wants of a certificate |
//! | [`describe`] | a certificate told in words |
//! | [`dev`] | a throw-away certificate authority |
//! | [`files`] | reading PEM or DER, writing without overwriting, keys 0600 from the first byte |
//!
//! Identity leaves this crate only as [`PeerCertificate`]; nothing above it names rustls to know
//! who speaks. docs/decisions/0003-tls-suites.md says why.

pub mod describe;
pub mod dev;
mod error;
pub mod files;
pub mod fingerprint;
pub mod identity;
pub mod peer;
pub mod profile;
pub mod roots;
pub mod tls;
mod x509;

pub use error::Error;
pub use fingerprint::{Fingerprint, Thumbprint};
pub use identity::Identity;
pub use peer::PeerCertificate;
pub use roots::Roots;
