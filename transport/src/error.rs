//! What can go wrong between two parties, and whether asking again can help.
//!
//! OpenADR 2.0b Profile 9.1.5 to 9.1.7: kinds of failure, status codes, quiescing.

use std::fmt;
use std::io;
use std::time::Duration;

/// Why a request has no usable answer. Grouped by where it failed, from the wire upwards.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address we were given is not one (or not `https`).
    Address(String),
    /// No connection: name not found, nobody listening, network down.
    Connect(io::Error),
    /// The TLS handshake failed; nothing was delivered.
    Tls(TlsFailure),
    /// No answer within the time-out. The peer may have acted.
    Timeout(Duration),
    /// The connection broke before the answer was whole. The peer may have acted.
    Cut(String),
    /// The answer is not HTTP as OpenADR means it (status line, headers, content type, coding).
    Malformed(String),
    /// The answer (after decompression) is longer than this many bytes.
    TooLarge(usize),
    /// The peer answered, and not with 200.
    Status {
        /// The HTTP status code.
        status: u16,
        /// How long it asks us to stay away, if it says so.
        retry_after: Option<Duration>,
    },
}

/// Why a TLS handshake failed, as far as this end can know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The peer refused our certificate (or that we had none); its alert is given.
    OursRefused(String),
    /// The peer's certificate has expired (rule 516), or is not valid yet.
    TheirsExpired,
    /// The peer's certificate is for another host name.
    TheirsWrongName,
    /// The peer's certificate has been revoked.
    TheirsRevoked,
    /// The peer's certificate does not lead to a root we trust.
    TheirsUntrusted,
    /// The peer's certificate is trusted, yet not the one this peer is known by (pin).
    TheirsNotPinned,
    /// The peer's certificate is refused for another reason.
    TheirsRefused(String),
    /// No TLS version or cipher suite in common.
    NothingInCommon,
    /// Anything else: not TLS at all, broken records, our own settings.
    Other(String),
}

/// Whether, and when, the same request may be sent again. All operations are idempotent to
/// OpenADR (Profile 9.1.7); the market's carry their own identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Not unmodified: it would fail again.
    No,
    /// Not before this time has passed: the peer said so.
    After(Duration),
    /// After quiescing: see [`Backoff`](crate::Backoff).
    BackOff,
}

impl Error {
    /// Whether the same request may be sent again.
    ///
    /// A refused certificate is worth another, quiet, attempt: the operator of either end may
    /// replace it, and nothing was delivered.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Address(_) | Self::TooLarge(_) => Retry::No,
            Self::Connect(_) | Self::Tls(_) | Self::Timeout(_) => Retry::BackOff,
            Self::Cut(_) | Self::Malformed(_) => Retry::BackOff,
            Self::Status { status, retry_after } => match (status, retry_after) {
                // 501: the method will not become right, although the code is one of 5xx.
                (501, _) => Retry::No,
                (429 | 503, Some(time)) => Retry::After(*time),
                // 403 (rule 517) speaks about the certificate, not about the request.
                (403 | 408 | 429 | 500..=599, _) => Retry::BackOff,
                _ => Retry::No,
            },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(what) => write!(f, "not a usable address: {what}"),
            Self::Connect(error) => write!(f, "no connection: {error}"),
            Self::Tls(failure) => write!(f, "TLS: {failure}"),
            Self::Timeout(time) => write!(f, "no answer within {} s", time.as_secs_f32()),
            Self::Cut(what) => write!(f, "connection lost before the answer was whole: {what}"),
            Self::Malformed(what) => write!(f, "not an answer by the profile: {what}"),
            Self::TooLarge(limit) => write!(f, "the answer is longer than {limit} bytes"),
            Self::Status { status, retry_after: None } => write!(f, "HTTP status {status}"),
            Self::Status { status, retry_after: Some(time) } => {
                write!(f, "HTTP status {status}, retry after {} s", time.as_secs())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connect(error) => Some(error),
            Self::Tls(failure) => Some(failure),
            _ => None,
        }
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OursRefused(alert) => write!(f, "the peer refused our certificate ({alert})"),
            Self::TheirsExpired => f.write_str("the peer's certificate is not valid now"),
            Self::TheirsWrongName => f.write_str("the peer's certificate is for another name"),
            Self::TheirsRevoked => f.write_str("the peer's certificate is revoked"),
            Self::TheirsUntrusted => f.write_str("no trusted root issued the peer's certificate"),
            Self::TheirsNotPinned => f.write_str("the peer's certificate is not the one expected"),
            Self::TheirsRefused(why) => write!(f, "the peer's certificate is refused: {why}"),
            Self::NothingInCommon => f.write_str("no TLS version or cipher suite in common"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for TlsFailure {}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, after: Option<u64>) -> Retry {
        Error::Status { status, retry_after: after.map(Duration::from_secs) }.retry()
    }

    #[test]
    fn table_2_6_decides_what_a_status_lets_one_repeat() {
        for code in [301, 302, 400, 401, 404, 405, 406, 411, 413, 415, 501] {
            assert_eq!(status(code, None), Retry::No, "{code}");
            assert_eq!(status(code, Some(3)), Retry::No, "{code}");
        }
        for code in [403, 408, 500, 502, 503, 504] {
            assert_eq!(status(code, None), Retry::BackOff, "{code}");
        }
        assert_eq!(status(503, Some(7)), Retry::After(Duration::from_secs(7)));
        assert_eq!(status(500, Some(7)), Retry::BackOff);
    }

    #[test]
    fn failures_below_http_are_worth_another_attempt() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        for error in [
            Error::Connect(refused),
            Error::Tls(TlsFailure::TheirsExpired),
            Error::Timeout(Duration::from_secs(30)),
            Error::Cut(String::new()),
            Error::Malformed(String::new()),
        ] {
            assert_eq!(error.retry(), Retry::BackOff, "{error}");
        }
        assert_eq!(Error::Address(String::new()).retry(), Retry::No);
        assert_eq!(Error::TooLarge(1).retry(), Retry::No);
    }
}
