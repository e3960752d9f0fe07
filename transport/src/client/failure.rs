//! Finds out what went wrong from what hyper and rustls say about it.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error as RustlsError};

use super::ClientLimits;
use super::connector::Unconnected;
use crate::error::{Error, TlsFailure};

/// Why a request has no response.
pub(super) fn of(error: &hyper_util::client::legacy::Error, limits: &ClientLimits) -> Error {
    if let Some(unconnected) = find::<Unconnected>(error) {
        return match unconnected {
            Unconnected::Tcp(error) => {
                Error::Connect(io::Error::new(error.kind(), error.to_string()))
            }
            Unconnected::Tls(error) => Error::Tls(tls(error)),
            Unconnected::Timeout => Error::Timeout(limits.connect_timeout),
        };
    }
    match find::<hyper::Error>(error) {
        Some(error) => of_body(error),
        None => Error::Cut(chain(error)),
    }
}

/// Why a response ended early.
pub(super) fn of_body(error: &hyper::Error) -> Error {
    // In TLS 1.3 a server refuses our certificate after the client's handshake has ended.
    if let Some(error @ RustlsError::AlertReceived(_)) = find::<RustlsError>(error) {
        return Error::Tls(of_rustls(error));
    }
    if error.is_parse() { Error::Malformed(chain(error)) } else { Error::Cut(chain(error)) }
}

fn tls(error: &io::Error) -> TlsFailure {
    match find::<RustlsError>(error) {
        Some(error) => of_rustls(error),
        None => TlsFailure::Other(error.to_string()),
    }
}

fn of_rustls(error: &RustlsError) -> TlsFailure {
    match error {
        RustlsError::InvalidCertificate(why) => of_certificate(why),
        RustlsError::AlertReceived(alert) => of_alert(*alert),
        RustlsError::PeerIncompatible(_) => TlsFailure::NothingInCommon,
        _ => TlsFailure::Other(error.to_string()),
    }
}

fn of_certificate(why: &CertificateError) -> TlsFailure {
    use CertificateError as C;
    match why {
        C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
            TlsFailure::TheirsExpired
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => TlsFailure::TheirsWrongName,
        C::Revoked => TlsFailure::TheirsRevoked,
        C::UnknownIssuer => TlsFailure::TheirsUntrusted,
        // oadr-certs' own checks after the chain's: the pin, and the profile.
        C::Other(why) if why.to_string().contains(PIN) => TlsFailure::TheirsNotPinned,
        C::Other(why) => TlsFailure::TheirsRefused(why.to_string()),
        other => TlsFailure::TheirsRefused(other.to_string()),
    }
}

fn of_alert(alert: AlertDescription) -> TlsFailure {
    use AlertDescription as A;
    match alert {
        A::NoCertificate
        | A::BadCertificate
        | A::UnsupportedCertificate
        | A::CertificateRevoked
        | A::CertificateExpired
        | A::CertificateUnknown
        | A::UnknownCA
        | A::AccessDenied
        | A::DecryptError
        | A::CertificateRequired => TlsFailure::OursRefused(format!("{alert:?}")),
        // Some say so when they miss our certificate, most when they share no suite with us.
        A::HandshakeFailure | A::ProtocolVersion | A::InsufficientSecurity => {
            TlsFailure::NothingInCommon
        }
        other => TlsFailure::Other(format!("alert {other:?}")),
    }
}

/// The first error of type `E` in the chain of causes, looking into [`io::Error`] too, which
/// hides the error it wraps from the chain.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// How oadr-certs says that a pin does not fit: its type is private to it.
const PIN: &str = "not the pinned one";

fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}
