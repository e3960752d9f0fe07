//! Characters, references, text and comments: XML 1.0 2.2, 2.4, 2.5, 4.1.

use super::fault::{Fault, malformed, shown};

/// XML 1.0 \[3\] `S`: the white space of markup.
pub(super) const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// XML 1.0 \[2\] `Char`: refuses the first character of `text` that no document may hold.
pub(super) fn characters(text: &str, at: usize) -> Result<(), Fault> {
    let bytes = text.as_bytes();
    for (chunk, start) in bytes.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
        // Without a branch per byte, so that the compiler takes many bytes at once.
        if !chunk.iter().fold(false, |found, b| found | (*b < 0x20) | (*b == 0xEF)) {
            continue;
        }
        let ahead = &bytes[start..];
        if let Some(i) = (0..chunk.len()).find(|i| forbidden(&ahead[*i..])) {
            return Err(malformed(at + start + i, "a character XML does not allow"));
        }
    }
    Ok(())
}

/// Whether UTF-8 begins with a control character other than white space, U+FFFE or U+FFFF.
fn forbidden(utf8: &[u8]) -> bool {
    match utf8 {
        [b'\t' | b'\n' | b'\r', ..] => false,
        [..0x20, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => true,
        _ => false,
    }
}

/// XML 1.0 \[14\] `CharData`: `]]>` may not stand in text.
pub(super) fn character_data(text: &str, at: usize) -> Result<(), Fault> {
    match text.as_bytes().windows(3).position(|w| w == b"]]>") {
        Some(i) => Err(malformed(at + i, "]]> in text")),
        None => Ok(()),
    }
}

/// XML 1.0 \[15\] `Comment`: no `--` within and no `-` at its end.
pub(super) fn comment(text: &str, at: usize) -> Result<(), Fault> {
    match text.as_bytes().windows(2).position(|w| w == b"--") {
        Some(i) => Err(malformed(at + i, "-- in a comment")),
        None if text.ends_with('-') => Err(malformed(at + text.len() - 1, "--- ends a comment")),
        None => Ok(()),
    }
}

/// XML 1.0 \[10\] `AttValue`, without its quotes: no `<`, and only known references.
pub(super) fn attribute_value(value: &str, at: usize) -> Result<(), Fault> {
    if let Some(i) = value.find('<') {
        return Err(malformed(at + i, "< in an attribute value"));
    }
    let mut from = 0;
    while let Some(i) = value[from..].find('&') {
        let start = from + i + 1;
        let Some(length) = value[start..].find(';') else {
            return Err(malformed(at + start - 1, "a reference without an end"));
        };
        reference(&value[start..start + length], at + start - 1)?;
        from = start + length + 1;
    }
    Ok(())
}

/// What stands between `&` and `;`: one of the five predefined entities (XML 1.0 4.6)
/// or a character reference to a `Char` (4.1). There are no others without a DTD.
pub(super) fn reference(name: &str, at: usize) -> Result<(), Fault> {
    if matches!(name, "lt" | "gt" | "amp" | "quot" | "apos") {
        return Ok(());
    }
    let number = match name.strip_prefix('#') {
        Some(number) => number,
        None => return Err(malformed(at, format!("unknown entity \"{}\"", shown(name)))),
    };
    let value = match number.strip_prefix('x') {
        Some(hex) => parse(hex, 16),
        None => parse(number, 10),
    };
    match value.and_then(char::from_u32) {
        Some('\t' | '\n' | '\r') => Ok(()),
        Some('\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}') | None => {
            Err(malformed(at, format!("\"{}\" refers to no character of XML", shown(name))))
        }
        Some(_) => Ok(()),
    }
}

/// Digits only: `u32::from_str_radix` alone would let a sign pass.
fn parse(digits: &str, radix: u32) -> Option<u32> {
    let only_digits = digits.chars().all(|c| c.is_digit(radix));
    if only_digits { u32::from_str_radix(digits, radix).ok() } else { None }
}

/// Bytes looked at together; more gains nothing.
const CHUNK: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_xml_passes() {
        assert!(
            characters("\t\n\r \u{7F}\u{80}\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}", 0).is_ok()
        );
        assert!(characters("\u{FEFF}\u{FFBE}\u{FFBF}\u{1FFFE}\u{1FFFF}", 0).is_ok());
    }

    #[test]
    fn no_other_character_passes() {
        for c in (0..0x20).filter(|c| ![9, 10, 13].contains(c)).chain([0xFFFE, 0xFFFF]) {
            let text = format!("ab{}", char::from_u32(c).unwrap());
            assert_eq!(characters(&text, 10).unwrap_err().at, 12, "{c:x}");
        }
    }

    #[test]
    fn a_forbidden_character_is_found_across_chunks() {
        for before in 0..130 {
            for c in ['\u{1}', '\u{FFFE}', '\u{FFFF}'] {
                let text = format!("{}{c}{}", "x".repeat(before), "y".repeat(70));
                assert_eq!(characters(&text, 0).unwrap_err().at, before);
            }
            let text = format!("{}\u{FFFD}\n\u{FFBE}", "x".repeat(before));
            assert!(characters(&text, 0).is_ok());
        }
    }

    #[test]
    fn the_end_of_cdata_may_not_stand_in_text() {
        assert_eq!(character_data("a]]>", 5).unwrap_err().at, 6);
        assert!(character_data("]] > ]>", 0).is_ok());
    }

    #[test]
    fn two_hyphens_may_not_stand_in_a_comment() {
        assert!(comment(" - -a- ", 0).is_ok());
        assert_eq!(comment("a--b", 4).unwrap_err().at, 5);
        assert_eq!(comment("a-", 4).unwrap_err().at, 5);
        assert!(comment("-", 0).is_err());
        assert!(comment("", 0).is_ok());
    }

    #[test]
    fn an_attribute_value_holds_no_tag_and_no_bare_ampersand() {
        assert!(attribute_value("a>b&amp;&#65;&#x41;'", 0).is_ok());
        assert_eq!(attribute_value("ab<", 3).unwrap_err().at, 5);
        for value in ["&", "a & b", "&amp", "&amp;&", "&;", "&x;", "a&lt;&nbsp;"] {
            assert!(attribute_value(value, 0).is_err(), "{value}");
        }
    }

    #[test]
    fn only_the_five_entities_are_known() {
        for name in ["lt", "gt", "amp", "quot", "apos"] {
            assert!(reference(name, 0).is_ok());
        }
        for name in ["", "LT", "nbsp", "lt ", " lt", "e", "%e"] {
            assert!(reference(name, 0).is_err(), "{name}");
        }
    }

    #[test]
    fn a_character_reference_names_a_character_of_xml() {
        for name in [
            "#9",
            "#10",
            "#xD",
            "#x20",
            "#65",
            "#x00000041",
            "#xd7FF",
            "#xE000",
            "#xFFFD",
            "#x10FFFF",
            "#1114111",
            "#x1FFFE",
        ] {
            assert!(reference(name, 0).is_ok(), "{name}");
        }
        for name in [
            "#0",
            "#x0",
            "#8",
            "#x1F",
            "#xD800",
            "#xDFFF",
            "#xFFFE",
            "#xFFFF",
            "#x110000",
            "#1114112",
            "#4294967361",
            "#x100000041",
            "#",
            "#x",
            "#X41",
            "#+65",
            "#x+41",
            "#-1",
            "#6 5",
            "#a",
            "#xg",
            "#٣",
        ] {
            assert!(reference(name, 0).is_err(), "{name}");
        }
    }
}
