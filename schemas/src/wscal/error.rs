//! Why a sequence cannot be bound.

use std::fmt;

/// What keeps a sequence from being bound, and which interval or gluon it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The uid; `#3` for the third component (from 0) if it has none.
    pub uid: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing says when it starts.
    NoStart,
    /// Nothing says how long it lasts.
    NoDuration,
    /// Two statements disagree; carries both.
    Contradiction(String),
    /// A relation names this uid, which nothing has.
    UnknownUid(String),
    /// Two components have this uid.
    SameUid,
    /// It depends on itself by its relations or lineage.
    Cycle,
    /// It lies out of the calendar (years -9999 to 9999).
    OutOfCalendar,
    /// A relation type that is none of WS-Calendar's.
    UnknownRelation(String),
}

impl Error {
    pub(super) fn new(uid: impl Into<String>, problem: Problem) -> Self {
        Self { uid: uid.into(), problem }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interval {}: {}", self.uid, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStart => {
                write!(f, "no start; give it a dtstart, a relation or a gluon with one")
            }
            Self::NoDuration => {
                write!(f, "no duration; give one to it, its gluon or its designated interval")
            }
            Self::Contradiction(what) => write!(f, "{what}"),
            Self::UnknownUid(uid) => write!(f, "it is related to {uid}, which is not here"),
            Self::SameUid => write!(f, "its uid is given twice"),
            Self::Cycle => write!(f, "it depends on itself"),
            Self::OutOfCalendar => write!(f, "it lies out of the calendar"),
            Self::UnknownRelation(name) => {
                write!(f, "{name} is no relation between intervals")
            }
        }
    }
}
