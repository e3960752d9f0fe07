//! Refusals: what stands in the wrong place, what is missing, and where.

use std::borrow::Cow;

use crate::xml::error::{Error, Kind};
use crate::xml::names::{Ns, qualified};

use super::{Ahead, Decoder};

impl Decoder<'_> {
    /// What stands ahead may not stand here, or something is missing.
    pub(in crate::xml) fn not_found(&self) -> Error {
        match self.ahead {
            Some(Ahead::Start(ns, local)) => self.unexpected(qualified(ns, local)),
            _ if self.tried.is_empty() => {
                self.fault(Kind::Malformed("the document ends too early".to_owned()))
            }
            _ => self.fault(Kind::Missing(self.expected())),
        }
    }

    pub(super) fn unexpected(&self, found: String) -> Error {
        self.fault(Kind::Unexpected { found, expected: self.expected() })
    }

    fn expected(&self) -> String {
        let names: Vec<_> = self.tried.iter().map(|(ns, local)| qualified(*ns, local)).collect();
        names.join(" | ")
    }

    pub(in crate::xml) fn bad_value(&self, text: &str, wants: Cow<'static, str>) -> Error {
        let text = text.chars().take(80).collect();
        self.fault(Kind::Value { text, wants: wants.into_owned() })
    }

    /// `xsi:type` is missing or names none of the `known` types.
    pub(crate) fn no_such_type(&self, known: &[(Ns, &'static str)]) -> Error {
        let names: Vec<_> = known.iter().map(|(ns, local)| qualified(*ns, local)).collect();
        self.fault(Kind::Missing(format!("xsi:type naming one of {}", names.join(", "))))
    }

    pub(super) fn fault(&self, kind: Kind) -> Error {
        let mut path = String::new();
        for (ns, local) in &self.open {
            path.push('/');
            path.push_str(&qualified(*ns, local));
        }
        Error::at(kind, self.source.as_bytes(), self.at, path)
    }
}
