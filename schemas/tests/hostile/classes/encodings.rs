//! Documents that are not UTF-8, or say that they are not, or hold what no XML may.

use super::{Document, legal, padded, refused};

pub fn wide(size: usize) -> Vec<Document> {
    let (two, four) = (padded(size / 2 - 1, "<a>", "</a>"), padded(size / 4 - 1, "<a>", "</a>"));
    let utf16 = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{two}").encode_utf16().flat_map(bytes).collect()
    };
    let utf32 = |mark: &str, bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
        format!("{mark}{four}").chars().flat_map(|c| bytes(c.into())).collect()
    };
    let (not_utf8, nul) = ("not UTF-8", "1:");
    vec![
        refused(utf16("\u{FEFF}", u16::to_le_bytes), not_utf8),
        refused(utf16("\u{FEFF}", u16::to_be_bytes), not_utf8),
        refused(utf16("", u16::to_le_bytes), nul),
        refused(utf16("", u16::to_be_bytes), nul),
        refused(utf32("\u{FEFF}", u32::to_le_bytes), not_utf8),
        refused(utf32("\u{FEFF}", u32::to_be_bytes), not_utf8),
        refused(utf32("", u32::to_le_bytes), nul),
        refused(utf32("", u32::to_be_bytes), nul),
    ]
}

pub fn named(size: usize) -> Vec<Document> {
    let names = [
        "UTF-7",
        "UTF-16",
        "UTF-16LE",
        "ISO-8859-1",
        "US-ASCII",
        "IBM037",
        "utf8",
        "",
        "UTF-8\u{A0}",
    ];
    let mut documents: Vec<_> = names
        .iter()
        .map(|name| {
            let before = format!("<?xml version='1.0' encoding='{name}'?><a>");
            refused(padded(size, &before, "+ADw-b+AD4-</a>"), "not that of XML 1.0 in UTF-8")
        })
        .collect();
    documents.push(legal(padded(size, "<?xml version='1.0' encoding='uTf-8'?><a>", "</a>")));
    documents
}

pub fn not_utf8(size: usize) -> Vec<Document> {
    let faulty: [&[u8]; 10] = [
        b"\xC0\xBC",         // < in two bytes
        b"\xE0\x80\xBC",     // < in three
        b"\xF0\x80\x80\xBC", // < in four
        b"\xC0\x80",         // NUL in two
        b"\xED\xA0\x80",     // half a surrogate pair
        b"\xF4\x90\x80\x80", // beyond U+10FFFF
        b"\xE9",             // Latin-1
        b"\x80",             // a continuation of nothing
        b"\xE2\x82",         // two bytes of three
        b"\xFE\xFF",         // a mark in the middle
    ];
    let around = |bytes: &[u8]| {
        let mut document = padded(size - 8 - bytes.len(), "<a>", "").into_bytes();
        document.extend_from_slice(bytes);
        document.extend_from_slice(b"</a>");
        document
    };
    faulty.iter().map(|bytes| refused(around(bytes), "not UTF-8")).collect()
}

pub fn control(size: usize) -> Vec<Document> {
    let not_xml = "a character XML does not allow";
    let mut documents = Vec::new();
    for c in ['\0', '\u{1}', '\u{8}', '\u{B}', '\u{1B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
        for (before, after) in [
            ("<a>", "</a>"),
            ("<a><!--", "--></a>"),
            ("<a><![CDATA[", "]]></a>"),
            ("<a b='", "'/>"),
        ] {
            let place = format!("{before}{c}{after}");
            documents.push(refused(padded(size, "<r>", &format!("{place}</r>")), not_xml));
        }
    }
    documents.push(legal(padded(size, "<a>", "\u{7F}\u{85}\u{2028}\u{FFFD}\u{10FFFF}</a>")));
    documents
}

pub fn marks(size: usize) -> Vec<Document> {
    let outside = "outside the root element";
    let declared = "<?xml version='1.0'?>";
    vec![
        legal(padded(size, "\u{FEFF}<a>", "</a>")),
        legal(padded(size, &format!("\u{FEFF}{declared}<a>"), "\u{FEFF}</a>")),
        refused(padded(size, "\u{FEFF}\u{FEFF}<a>", "</a>"), "a second byte order mark"),
        refused(padded(size, &format!("{declared}\u{FEFF}<a>"), "</a>"), outside),
        refused(padded(size, " \u{FEFF}<a>", "</a>"), outside),
        refused(padded(size, "<a>", "</a>\u{FEFF}"), outside),
        refused(
            padded(size, "\u{FEFF}<?xml version='1.0' encoding='UTF-16'?><a>", "</a>"),
            "not that of",
        ),
        refused(padded(size, "<a\u{FEFF}>", "</a>"), "1:"),
    ]
}
