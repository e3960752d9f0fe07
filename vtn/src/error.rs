//! What can go wrong, grouped by who can mend it, and the one table that turns it into a
//! response code or an HTTP status. OpenADR 2.0b Profile, sections 8.7 and 9.1.

use std::fmt;

use oadr_platform::{Reason, Refusal};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::xml;

/// Why something was not done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    // The peer, or the operator, broke a rule.
    /// A conformance rule; the fault says which, and is told to the peer.
    Fault(Fault),
    /// The body is not what the schema says.
    Malformed(xml::Error),
    /// The message does not belong at this address, or no service lives there.
    NotServed,

    // The peer may not.
    /// The certificate belongs to no registered party (rule 517). Carries why, for the log.
    NotRegistered(&'static str),
    /// The certificate's time is over (rule 516).
    Expired,

    // The operator asked for what is not there, or is there already.
    /// Nothing of this kind has this name.
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// The name asked for.
        id: String,
    },
    /// The name is taken, or the thing is in no state for it.
    Clash(String),
    /// The thing does not stand as the operator read it.
    Precondition {
        /// The version that stands now, such as `3`; `3c`: cancelled with it.
        stands: String,
    },
    /// An operator gave one name to two requests that say different things.
    KeyReused,
    /// A setting is wrong.
    Settings(String),
    /// What an operator wrote does not fit, and no rule has a number for it.
    Invalid {
        /// Where in the request, such as `signals[0].name`.
        field: String,
        /// What is wanted there.
        what: String,
    },

    // A hook said no.
    /// The platform behind the service refused.
    Refused(Refusal),

    // We could not.
    /// The store.
    Store(oadr_store::Error),
    /// Something of ours does not hold; the text is for the log.
    Internal(String),
}

/// How an error is told to a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// By HTTP 200 and this code in the payload that would normally answer.
    Code(Code),
    /// By an HTTP status without a body.
    Status(u16),
}

impl Error {
    /// A broken rule.
    pub(crate) fn rule(rule: u16, code: Code, what: impl Into<String>) -> Self {
        Self::Fault(Fault::new(rule, code, what))
    }

    /// 452: an ID that is unknown, or not this party's. Both get the same words (threat T2).
    pub(crate) fn invalid_id(rule: u16, kind: &str) -> Self {
        Self::rule(rule, Code::InvalidId, format!("{kind} unknown"))
    }

    /// What an operator wrote does not fit there.
    pub(crate) fn invalid(field: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), what: what.into() }
    }

    /// The table: how each error is told to a peer.
    #[must_use]
    pub fn told(&self) -> Told {
        use oadr_store::Error as Store;
        match self {
            Self::Fault(fault) => Told::Code(fault.code),
            Self::NotRegistered(_) => Told::Code(Code::NotRegistered),
            Self::Unknown { .. } => Told::Code(Code::InvalidId),
            Self::Clash(_) | Self::Precondition { .. } | Self::KeyReused => {
                Told::Code(Code::NotAllowed)
            }
            Self::Invalid { .. } => Told::Code(Code::InvalidData),
            Self::Refused(refusal) => Told::Code(code_of(refusal.reason)),
            Self::Expired => Told::Status(403),
            Self::NotServed => Told::Status(404),
            Self::Malformed(_) => Told::Status(406),
            Self::Store(
                Store::Conflict { .. } | Store::Full { .. } | Store::Closed | Store::SnapshotLost,
            ) => Told::Status(503),
            Self::Store(_) | Self::Internal(_) | Self::Settings(_) => Told::Status(500),
        }
    }

    /// The words that go with the code; nothing internal.
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::Fault(fault) => fault.to_string(),
            Self::Refused(refusal) => refusal.to_string(),
            other => match other.told() {
                Told::Code(code) => code.description().to_owned(),
                Told::Status(_) => String::new(),
            },
        }
    }

    /// Whether somebody else wrote in between: read again and decide again.
    pub(crate) fn is_conflict(&self) -> bool {
        use oadr_store::Error as Store;
        matches!(self, Self::Store(Store::Conflict { .. } | Store::SnapshotLost))
    }
}

/// A hook's reasons as response codes.
fn code_of(reason: Reason) -> Code {
    match reason {
        Reason::NotOffered | Reason::Unsupported | Reason::Unavailable => Code::NotDeployed,
        Reason::Malformed => Code::InvalidData,
        Reason::Unknown | Reason::Conflict => Code::InvalidId,
        Reason::NotAllowed | Reason::TooLate | Reason::TermsViolated => Code::NotAllowed,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => write!(f, "{fault}"),
            Self::Malformed(error) => write!(f, "not schema-valid: {error}"),
            Self::NotServed => f.write_str("not served at this address"),
            Self::NotRegistered(why) => write!(f, "not registered: {why}"),
            Self::Expired => f.write_str("the certificate has expired"),
            Self::Unknown { kind, id } => write!(f, "no {kind} {id:?}"),
            Self::Clash(what) | Self::Internal(what) => f.write_str(what),
            Self::KeyReused => f.write_str(
                "this key was given to a request that said something else: a new request has a \
                 new key",
            ),
            Self::Precondition { stands } => {
                write!(f, "it stands at \"{stands}\" by now: read it again, then change that")
            }
            Self::Invalid { field, what } => write!(f, "{field}: {what}"),
            Self::Settings(what) => write!(f, "settings: {what}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::Store(error) => write!(f, "store: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Malformed(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<oadr_store::Error> for Error {
    fn from(error: oadr_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_words_are_not_told() {
        let error = Error::Internal("key 7 is odd".to_owned());
        assert_eq!((error.told(), error.description()), (Told::Status(500), String::new()));
        let stranger = Error::NotRegistered("no such thumbprint");
        assert_eq!(stranger.description(), Code::NotRegistered.description());
    }
}
