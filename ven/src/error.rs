//! What can go wrong, grouped by who can mend it. This is the crate's one error type.

use std::fmt;

use oadr_platform::Refusal;

/// Why the VEN, or a call of its [`Handle`](crate::Handle), did not do what was asked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    // Whoever called.
    /// No such event is known here.
    UnknownEvent(String),
    /// No such opt is known here.
    UnknownOpt(String),
    /// A rule of the Profile forbids it; its number and what it says.
    NotAllowed {
        /// Number of the conformance rule.
        rule: u16,
        /// What it forbids, in words.
        why: &'static str,
    },
    /// A setting makes no sense; its name and what is wanted.
    Setting(String),

    // The site.
    /// The site could not say what it is.
    Site(Refusal),

    // The operator.
    /// The store did not take or give something.
    Store(oadr_store::Error),
    /// Certificates, keys, or the address of the VTN.
    Connection(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEvent(id) => write!(f, "no event {id} is known here"),
            Self::UnknownOpt(id) => write!(f, "no opt {id} is known here"),
            Self::NotAllowed { rule, why } => write!(f, "rule {rule} forbids it: {why}"),
            Self::Setting(what) => f.write_str(what),
            Self::Site(refusal) => write!(f, "the site does not describe itself: {refusal}"),
            Self::Store(error) => write!(f, "{error}"),
            Self::Connection(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Site(refusal) => Some(refusal),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<oadr_store::Error> for Error {
    fn from(error: oadr_store::Error) -> Self {
        Self::Store(error)
    }
}
