//! What cannot be read as a plain value, or written.

use std::fmt;

/// A fault in an EMIX element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The element, as `emixBase/components/…`.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
    /// What would mend it.
    pub mend: String,
}

impl Error {
    pub(super) fn new(
        path: impl Into<String>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), what: what.into(), mend: mend.into() }
    }

    /// The same, found inside `outer`.
    pub(crate) fn within(self, outer: &str) -> Self {
        let path = match (outer, self.path.as_str()) {
            ("", inner) => inner.to_owned(),
            (outer, "") => outer.to_owned(),
            (outer, inner) => format!("{outer}/{inner}"),
        };
        Self { path, ..self }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.path, self.what, self.mend)
    }
}
