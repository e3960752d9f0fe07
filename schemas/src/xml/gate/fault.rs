//! A fault and its offset, before line, column and path are worked out.

use crate::xml::Kind;

/// What is wrong, at which byte of the text.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

/// Not well-formed, or a construct never accepted here.
pub(super) fn malformed(at: usize, why: impl Into<String>) -> Fault {
    Fault { kind: Kind::Malformed(why.into()), at }
}

/// More than `limit` of `what`.
pub(super) fn too_much(at: usize, what: &'static str, limit: usize) -> Fault {
    Fault { kind: Kind::TooMuch { what, limit }, at }
}

/// A peer's text for a message: at most 64 characters, nothing unprintable.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(64).flat_map(char::escape_debug).collect();
    if text.chars().nth(64).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_when_shown() {
        assert_eq!(shown(&"é".repeat(64)), "é".repeat(64));
        assert_eq!(shown(&"é".repeat(65)), "é".repeat(64) + "…");
    }

    #[test]
    fn control_characters_are_escaped_when_shown() {
        assert_eq!(shown("a\u{1b}[2J\n"), "a\\u{1b}[2J\\n");
    }
}
