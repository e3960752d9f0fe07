//! Documents that are wrong only in how much they hold, and some that hold all they may.

use super::{Document, filled, legal, padded, refused, refused_if};

const KIB: usize = 1024;
const BETWEEN: &str = "more than 65536 bytes between two tags";

pub fn elements(size: usize) -> Vec<Document> {
    let all = |piece: &'static str| filled(size, "<a>", |_| piece.into(), "</a>");
    let many = size / 4 > 20_000;
    vec![
        refused_if(many, all("<b/>"), "more than 20000 elements"),
        refused_if(size / 7 > 20_000, all("<b></b>"), "more than 20000 elements"),
        legal(all("<b>xyz&lt;</b> ")),
    ]
}

pub fn attributes(size: usize) -> Vec<Document> {
    let too_many = "more than 64 attributes";
    vec![
        refused(filled(size, "<a", |i| format!(" b{i}=''"), "/>"), too_many),
        refused(filled(size, "<a", |_| " b=''".into(), "/>"), too_many),
        refused(filled(size, "<a xmlns:p='u'", |i| format!(" p:b{i}=''"), "/>"), too_many),
    ]
}

/// Every tag with all the attributes it may have: what sorting and resolving cost.
pub fn full_tags(size: usize) -> Vec<Document> {
    let names =
        |prefix: &str| -> String { (0..64).map(|i| format!(" {prefix}{i:x}=''")).collect() };
    let (plain, prefixed) = (names("b"), names("p:b"));
    let long: String = (0..3).map(|i| format!(" {}{i}=''", "n".repeat(KIB - 100))).collect();
    vec![
        legal(filled(size, "<a>", |_| format!("<b{plain}/>"), "</a>")),
        legal(filled(size, "<a xmlns:p='u'>", |_| format!("<b{prefixed}/>"), "</a>")),
        legal(filled(size, "<a>", |_| format!("<b{long}/>"), "</a>")),
    ]
}

pub fn xmlns(size: usize) -> Vec<Document> {
    let too_many = "more than 32 bindings";
    vec![
        refused(filled(size, "<a", |i| format!(" xmlns:p{i}='u'"), "/>"), too_many),
        refused(filled(size, "<a", |i| format!(" xmlns:p{i}='u{i}'"), "/>"), too_many),
    ]
}

/// Bindings made and left again and again: what a scope costs.
pub fn rebindings(size: usize) -> Vec<Document> {
    let full: String = (0..32).map(|i| format!(" xmlns:p{i:x}='u'")).collect();
    let namespaces = "more than 256 namespaces";
    let own = |i| format!("<b xmlns:p='{i}'/>");
    vec![
        legal(filled(size, "<a>", |_| format!("<b{full}/>"), "</a>")),
        legal(filled(size, "<a xmlns:p='u'>", |_| "<b xmlns:p='v'/>".into(), "</a>")),
        legal(filled(size, "<a>", |i| format!("<b xmlns:p{i}='u'/>"), "</a>")),
        refused_if(size > 16 * KIB, filled(size, "<a>", own, "</a>"), namespaces),
    ]
}

/// Long names that differ in their last byte only: what comparing them costs.
pub fn long_namespaces(size: usize) -> Vec<Document> {
    let length = size / 2 / 16;
    let bound: String =
        (0..16).map(|i| format!(" xmlns:p{i:x}='{}{i:x}'", "u".repeat(length - 20))).collect();
    let used: String = (0..16).map(|i| format!(" p{i:x}:b=''")).collect();
    vec![legal(filled(size, &format!("<a{bound}>"), |_| format!("<b{used}/>"), "</a>"))]
}

/// All the prefixes there may be in force, and each looked up all the time.
pub fn prefixes_used(size: usize) -> Vec<Document> {
    let levels = if size < 8 * KIB { 2 } else { 8 };
    let prefix = |i: usize, j: usize| format!("p{i}{j:02}");
    let open: String = (0..levels)
        .map(|i| {
            let names: String =
                (0..32).map(|j| format!(" xmlns:{}='u{i}{j}'", prefix(i, j))).collect();
            format!("<a{names}>")
        })
        .collect();
    let close = "</a>".repeat(levels);
    let used =
        |i: usize| -> String { (0..32).map(|j| format!(" {}:b=''", prefix(i, j))).collect() };
    let piece = |i: usize| format!("<b{}{}/>", used(i % levels), used((i + 1) % levels));
    vec![legal(filled(size, &open, piece, &close))]
}

pub fn huge_name(size: usize) -> Vec<Document> {
    let too_long = "more than 1024 bytes in a name";
    let x = |_| "x".into();
    vec![
        refused(filled(size, "<", x, "/>"), too_long),
        refused(filled(size, "<a ", x, "=''/>"), too_long),
        refused(filled(size, "<", x, ":a/>"), too_long),
        refused(filled(size, "<a xmlns:", x, "='u'/>"), too_long),
        refused(filled(size, "<", |_| "é".into(), "/>"), too_long),
        refused(filled(size, "<", |_| "x:".into(), "/>"), too_long),
    ]
}

pub fn huge_attribute(size: usize) -> Vec<Document> {
    let (big, fault) = (size > 64 * KIB, "more than 65536 bytes in a value");
    let value = |start: &str, piece: &'static str| filled(size, start, |_| piece.into(), "'/>");
    vec![
        refused_if(big, value("<a b='", "x"), fault),
        refused_if(big, value("<a b='", "&#65;"), fault),
        refused_if(big, value("<a b='", "\u{10FFFF}"), fault),
        refused_if(big, value("<a xmlns='", "u"), fault),
        refused_if(big, value("<a Id='", "x"), fault),
    ]
}

pub fn huge_text(size: usize) -> Vec<Document> {
    let big = size > 64 * KIB;
    let text = |piece: &'static str| filled(size, "<a>", |_| piece.into(), "</a>");
    vec![
        refused_if(big, text("x"), BETWEEN),
        refused_if(big, text("]]"), BETWEEN),
        refused_if(big, text("é"), BETWEEN),
        refused_if(big, filled(size, "<a/>", |_| "\n".into(), ""), BETWEEN),
        legal(padded(size, "<a>", "</a>")),
    ]
}

pub fn references(size: usize) -> Vec<Document> {
    let big = size > 64 * KIB;
    let text = |piece: &'static str| filled(size, "<a>", |_| piece.into(), "</a>");
    let zeros = format!("<a>&#{}65;</a>", "0".repeat(size - 12));
    vec![
        refused_if(big, text("&#65;"), BETWEEN),
        refused_if(big, text("&lt;"), BETWEEN),
        refused_if(big, zeros, BETWEEN),
        refused(padded(size, "<a>", "&#xD800;</a>"), "refers to no character of XML"),
        refused(
            padded(size, "<a>", "&#99999999999999999999;</a>"),
            "refers to no character of XML",
        ),
        refused(padded(size, "<a>", "<b c='&#0;'/></a>"), "refers to no character of XML"),
        legal(filled(size, "<a>", |_| format!("<b>{}</b>", "&#65;".repeat(200)), "</a>")),
    ]
}

pub fn cdata(size: usize) -> Vec<Document> {
    let big = size > 64 * KIB;
    let text = |piece: &'static str| filled(size, "<a>", |_| piece.into(), "</a>");
    vec![
        refused_if(big, text("<![CDATA[x]]>"), BETWEEN),
        refused_if(big, text("<![CDATA[]]]]><![CDATA[>]]>"), BETWEEN),
        refused_if(big, filled(size, "<a><![CDATA[", |_| "]]".into(), "]]></a>"), BETWEEN),
        refused(padded(size, "<a>", "<![CDATA[x]]>]]></a>"), "]]> in text"),
        legal(filled(size, "<a>", |_| format!("<b>{}</b>", "<![CDATA[]]>".repeat(100)), "</a>")),
    ]
}

pub fn comments(size: usize) -> Vec<Document> {
    let big = size > 64 * KIB;
    vec![
        refused_if(big, filled(size, "<a>", |_| "<!---->".into(), "</a>"), BETWEEN),
        refused_if(big, filled(size, "<a/>", |_| "<!---->".into(), ""), BETWEEN),
        refused_if(big, filled(size, "<a><!--", |_| "- ".into(), "--></a>"), BETWEEN),
        legal(filled(size, "<a>", |_| format!("<b>{}</b>", "<!---->".repeat(200)), "</a>")),
    ]
}
