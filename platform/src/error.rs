//! How a hook says no. This is the crate's one error type.

use std::fmt;

/// Why a hook said no, for the table that turns it into an EI response code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// This platform has no such function: no market, no trading, no control.
    NotOffered,
    /// The function is there, but not for this product, signal, command or data point.
    Unsupported,
    /// A value makes no sense by itself: a negative quantity, a broken row.
    Malformed,
    /// The tender, event, resource or data point named is not known.
    Unknown,
    /// The id is known with other content.
    Conflict,
    /// The party may not do this to what it named.
    NotAllowed,
    /// Too late: expired, past the gate, already matched.
    TooLate,
    /// Terms, limits, credit or capacity forbid it.
    TermsViolated,
    /// Not now; the same request may succeed later.
    Unavailable,
}

impl Reason {
    /// The reason in a few words of English.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotOffered => "not offered here",
            Self::Unsupported => "not supported",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Conflict => "id known with other content",
            Self::NotAllowed => "not allowed",
            Self::TooLate => "too late",
            Self::TermsViolated => "terms violated",
            Self::Unavailable => "unavailable for now",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A hook's no. A hook that refuses has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which kind of no.
    pub reason: Reason,
    /// What exactly, in English, fit to be shown to the peer.
    pub detail: String,
}

impl Refusal {
    /// A refusal for `reason`, explained by `detail`.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.detail)
    }
}

impl std::error::Error for Refusal {}
