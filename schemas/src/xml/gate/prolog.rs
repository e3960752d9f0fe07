//! Before the root: size, encoding and the XML declaration (XML 1.0 2.8, 4.3.3).

use super::attributes::Inside;
use super::fault::{Fault, malformed};
use crate::xml::{Error, Kind};

/// The text in `bytes` without its byte order mark; only UTF-8 is text here.
pub(super) fn utf8(bytes: &[u8], limit: usize) -> Result<&str, Error> {
    if bytes.len() > limit {
        return Err(Error::new(Kind::TooMuch { what: "bytes", limit }, 1, 1, ""));
    }
    let not_utf8 = |at| Error::at(Kind::Malformed("not UTF-8".into()), bytes, at, "");
    let text = std::str::from_utf8(bytes).map_err(|e| not_utf8(e.valid_up_to()))?;
    let text = text.strip_prefix(MARK).unwrap_or(text);
    if text.starts_with(MARK) {
        let kind = Kind::Malformed("a second byte order mark".into());
        return Err(Error::at(kind, bytes, MARK.len_utf8(), ""));
    }
    Ok(text)
}

/// XML 1.0 \[23\] `XMLDecl`. `source` ends where the declaration's `?>` begins, and the
/// byte `at` is its `<`.
pub(super) fn declaration(source: &str, at: usize) -> Result<(), Fault> {
    if at != 0 {
        return Err(malformed(at, "an XML declaration stands first or nowhere"));
    }
    let mut inside = Inside::new(source, "<?xml".len(), usize::MAX);
    let mut last = 0;
    while let Some(attribute) = inside.attribute()? {
        let value = attribute.value;
        let (place, known) = match attribute.name.whole {
            "version" => (1, value == "1.0"),
            "encoding" => (2, value.eq_ignore_ascii_case("utf-8")),
            "standalone" => (3, matches!(value, "yes" | "no")),
            _ => (0, false),
        };
        // The version comes first; each of the others once, and in this order.
        if !known || place <= last || (last == 0) != (place == 1) {
            return Err(malformed(attribute.at, REFUSED));
        }
        last = place;
    }
    if last == 0 { Err(malformed(at, REFUSED)) } else { Ok(()) }
}

const MARK: char = '\u{FEFF}';
const REFUSED: &str = "the XML declaration is not that of XML 1.0 in UTF-8";

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(text: &str) -> Result<(), Fault> {
        declaration(&format!("<?xml{text}"), 0)
    }

    #[test]
    fn one_byte_order_mark_is_taken_off() {
        assert_eq!(utf8(b"\xEF\xBB\xBF<a/>", 64).unwrap(), "<a/>");
        assert!(utf8(b"\xEF\xBB\xBF\xEF\xBB\xBF<a/>", 64).is_err());
    }

    #[test]
    fn a_document_at_the_limit_passes_and_one_more_byte_does_not() {
        assert!(utf8(b"<a/>", 4).is_ok());
        let error = utf8(b"<a/> ", 4).unwrap_err();
        assert_eq!(*error.kind(), Kind::TooMuch { what: "bytes", limit: 4 });
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_where_they_stand() {
        let cases: [&[u8]; 7] = [
            b"<a>\n\xFF",
            b"<a>\n\xC0\x80",
            b"<a>\n\xE0\x80\xAF",
            b"<a>\n\xED\xA0\x80",
            b"<a>\n\xF4\x90\x80\x80",
            b"<a>\n\xE9",
            b"<a>\n\x80",
        ];
        for bytes in cases {
            let error = utf8(bytes, 64).unwrap_err();
            assert_eq!((error.line(), error.column()), (2, 1), "{bytes:?}");
        }
    }

    #[test]
    fn the_declarations_of_xml_in_utf8_pass() {
        for text in [
            " version='1.0'",
            " version = \"1.0\" ",
            " version='1.0' encoding='UTF-8'",
            " version='1.0' encoding='utf-8' standalone='yes'",
            "\tversion='1.0'\nstandalone='no'",
        ] {
            assert!(declared(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn every_other_declaration_is_refused() {
        for text in [
            "",
            " ",
            "version='1.0'",
            " version='1.1'",
            " version='1'",
            " version=''",
            " encoding='UTF-8'",
            " encoding='UTF-8' version='1.0'",
            " version='1.0' version='1.0'",
            " version='1.0' encoding='UTF-16'",
            " version='1.0' encoding='UTF-7'",
            " version='1.0' encoding='utf8'",
            " version='1.0' encoding=''",
            " version='1.0' encoding='UTF-8' encoding='UTF-8'",
            " version='1.0'encoding='UTF-8'",
            " version='1.0' standalone='maybe'",
            " version='1.0' standalone='Yes'",
            " version='1.0' standalone='yes' encoding='UTF-8'",
            " version='1.0' other='x'",
            " Version='1.0'",
            " version='1.0' ?",
            " version='&#49;.0'",
        ] {
            assert!(declared(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_declaration_stands_first() {
        assert_eq!(declaration(" <?xml version='1.0'", 1).unwrap_err().at, 1);
    }
}
