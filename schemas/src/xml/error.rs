//! What is wrong with a document, and where.

use std::fmt;

/// A refused document: the fault and its place.
///
/// Small on the stack, so that the happy path of decoding stays cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    line: u32,
    column: u32,
    path: String,
}

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Not well-formed XML, or a construct this project never accepts (a DTD, a
    /// processing instruction, an encoding other than UTF-8).
    Malformed(String),
    /// A limit was passed; carries what was limited and the limit.
    TooMuch {
        /// What there is too much of: `bytes`, `depth`, `attributes`, `elements`…
        what: &'static str,
        /// The limit that holds.
        limit: usize,
    },
    /// An element, attribute or text that may not stand here.
    Unexpected {
        /// What was found, as `prefix:name` with the prefixes of this project.
        found: String,
        /// What could have stood here; empty if nothing could.
        expected: String,
    },
    /// Something the schema demands is not there.
    Missing(String),
    /// A value that its simple type does not admit; carries the text and why.
    Value {
        /// The text as it stood, cut to 80 characters.
        text: String,
        /// What the type wants.
        wants: String,
    },
}

impl Error {
    /// A fault at `line` and `column` (both from 1; columns count bytes) inside the
    /// element `path` (`/oadr:oadrPayload/…`; empty when no element is open).
    pub fn new(kind: Kind, line: u32, column: u32, path: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, line, column, path: path.into() }))
    }

    /// A fault at byte `offset` of `source`.
    pub fn at(kind: Kind, source: &[u8], offset: usize, path: impl Into<String>) -> Self {
        let before = &source[..offset.min(source.len())];
        let line = 1 + before.iter().filter(|b| **b == b'\n').count();
        let column = 1 + before.iter().rev().take_while(|b| **b != b'\n').count();
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self::new(kind, small(line), small(column), path)
    }

    /// What is wrong.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// Line of the fault, from 1.
    pub fn line(&self) -> u32 {
        self.0.line
    }

    /// Column of the fault in bytes, from 1.
    pub fn column(&self) -> u32 {
        self.0.column
    }

    /// The open elements at the fault, outermost first, as `/prefix:name/…`.
    pub fn path(&self) -> &str {
        &self.0.path
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, line, column, path } = &*self.0;
        write!(f, "{line}:{column}: ")?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        write!(f, "{kind}")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "{why}"),
            Self::TooMuch { what, limit } => write!(f, "more than {limit} {what}"),
            Self::Unexpected { found, expected } if expected.is_empty() => {
                write!(f, "{found} may not stand here")
            }
            Self::Unexpected { found, expected } => {
                write!(f, "{found} may not stand here; expected {expected}")
            }
            Self::Missing(what) => write!(f, "{what} is missing"),
            Self::Value { text, wants } => write!(f, "\"{text}\" is not {wants}"),
        }
    }
}
