//! Names: XML 1.0 2.3 `Name`, Namespaces in XML 1.0 4 `QName`.

use super::fault::{Fault, malformed, shown, too_much};
use super::limits::NAME_BYTES;

/// A qualified name as it stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QName<'a> {
    /// The whole name.
    pub(super) whole: &'a str,
    /// Before the colon; empty without one.
    pub(super) prefix: &'a str,
    /// After the colon.
    pub(super) local: &'a str,
}

/// Reads the name `text` begins with; `at` is where that is in the document.
pub(super) fn leading(text: &str, at: usize) -> Result<QName<'_>, Fault> {
    let end = text.find(|c| !(c == ':' || continues(c))).unwrap_or(text.len());
    let whole = &text[..end];
    if end > NAME_BYTES {
        return Err(too_much(at, "bytes in a name", NAME_BYTES));
    }
    let (prefix, local) = match whole.split_once(':') {
        Some((prefix, local)) if starts(prefix) && starts(local) => (prefix, local),
        None if starts(whole) => ("", whole),
        _ if whole.is_empty() => return Err(malformed(at, "a name was expected")),
        _ => return Err(malformed(at, format!("\"{}\" is not a name", shown(whole)))),
    };
    if local.contains(':') {
        return Err(malformed(at, format!("\"{}\" has two colons", shown(whole))));
    }
    Ok(QName { whole, prefix, local })
}

/// Whether `text` is a name without a colon (`NCName`).
pub(super) fn is_plain(text: &str) -> bool {
    starts(text) && text.chars().all(continues)
}

/// Whether `part` begins as a name without a colon must.
fn starts(part: &str) -> bool {
    part.chars().next().is_some_and(begins)
}

/// XML 1.0 \[4\] `NameStartChar`, without the colon.
fn begins(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// XML 1.0 \[4a\] `NameChar`, without the colon.
fn continues(c: char) -> bool {
    if c.is_ascii() {
        // Nearly every character of nearly every name.
        return c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    }
    begins(c) || matches!(c, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_where_its_characters_end() {
        for (text, whole) in [("a b", "a"), ("a1-._·=x", "a1-._·"), ("été>", "été"), ("_", "_")]
        {
            assert_eq!(leading(text, 0).unwrap().whole, whole);
        }
    }

    #[test]
    fn one_colon_parts_prefix_and_local_name() {
        let name = leading("ei:eiEvent ", 0).unwrap();
        assert_eq!((name.prefix, name.local), ("ei", "eiEvent"));
        assert_eq!(leading("eiEvent", 0).unwrap().prefix, "");
    }

    #[test]
    fn what_is_not_a_qualified_name_is_refused() {
        for text in ["", " a", "1a", "-a", ".a", ":a", "a:", "a:1", "a::b", "a:b:c", "×", "<", "·a"]
        {
            assert!(leading(text, 0).is_err(), "{text}");
        }
    }

    #[test]
    fn a_plain_name_has_no_colon() {
        assert!(is_plain("a") && is_plain("_1-.é"));
        assert!(["", "1", "a:b", "a b", "a;", "-a"].iter().all(|text| !is_plain(text)));
    }

    #[test]
    fn the_ends_of_each_range_of_name_characters_hold() {
        let inside = "AZ_az\u{C0}\u{D6}\u{D8}\u{F6}\u{F8}\u{2FF}\u{370}\u{37D}\u{37F}\u{1FFF}\
            \u{200C}\u{200D}\u{2070}\u{218F}\u{2C00}\u{2FEF}\u{3001}\u{D7FF}\u{F900}\u{FDCF}\
            \u{FDF0}\u{FFFD}\u{10000}\u{EFFFF}";
        assert!(inside.chars().all(begins));
        let outside = "@[^`{\u{BF}\u{D7}\u{F7}\u{300}\u{36F}\u{37E}\u{2000}\u{200B}\u{200E}\
            \u{206F}\u{2190}\u{2BFF}\u{2FF0}\u{3000}\u{E000}\u{F8FF}\u{FDD0}\u{FDEF}\u{FFFE}\
            \u{F0000}";
        assert!(!outside.chars().any(begins));
        assert!(inside.chars().all(continues));
        assert!("-.09\u{B7}\u{300}\u{36F}\u{203F}\u{2040}".chars().all(continues));
        assert!(!" @[^`{,/:\u{B6}\u{B8}\u{203E}\u{2041}".chars().any(continues));
    }

    #[test]
    fn a_name_of_1024_bytes_is_the_longest() {
        assert!(leading(&"a".repeat(1024), 0).is_ok());
        assert!(leading(&"a".repeat(1025), 0).is_err());
    }
}
