//! Documents whose tags, names or order are wrong, mostly at their very end.

use super::{Document, filled, legal, padded, refused, refused_if};

pub fn deep(size: usize) -> Vec<Document> {
    let (open, both) = (size / 3, size / 7);
    vec![
        refused("<a>".repeat(open), "more than 64 depth"),
        refused("<a>".repeat(both) + &"</a>".repeat(both), "more than 64 depth"),
        refused(padded(size, "<a>", &"<b>".repeat(64)), "more than 64 depth"),
    ]
}

pub fn deep_with_xmlns(size: usize) -> Vec<Document> {
    let (depth, bindings) = ("more than 64 depth", "more than 256 bindings in force");
    let most = |i: usize| {
        let names: String = (0..26).map(|j| format!(" xmlns:p{i}{j:02}='u'")).collect();
        format!("<a{names}>")
    };
    vec![
        refused(filled(size, "", |i| format!("<a xmlns:p{i}='u'>"), ""), depth),
        refused(filled(size, "", |_| "<p:a xmlns:p='u'>".into(), ""), depth),
        refused(filled(size, "", |i| format!("<a xmlns='{i}'>"), ""), depth),
        refused(filled(size, "", most, ""), bindings),
    ]
}

pub fn two_roots(size: usize) -> Vec<Document> {
    let second = "a second root element";
    vec![
        refused(padded(size, "<a>", "</a><a/>"), second),
        refused(padded(size, "<a>", "</a><!-- --> <b></b>"), second),
        refused(filled(size, "", |_| "<a/>".into(), ""), second),
    ]
}

pub fn trailing_garbage(size: usize) -> Vec<Document> {
    let outside = "outside the root element";
    ["x", "\n&lt;", "<![CDATA[]]>", "</a>", "]]>", "\u{FEFF}", "&#10;", "\u{A0}"]
        .iter()
        .map(|garbage| refused(padded(size, "<a>", &format!("</a>{garbage}")), outside))
        .chain([
            refused(padded(size, "<a>", "</a>\0"), "XML does not allow"),
            refused(padded(size, "<a>", "</a><"), "1:"),
            refused(padded(size, "<a>", "</a><!DOCTYPE a>"), "document type"),
        ])
        .collect()
}

pub fn truncated(size: usize) -> Vec<Document> {
    let end = "<p:b xmlns:p='u' c=\"é\">t&amp;<![CDATA[d]]><!-- e --><f/></p:b></a>";
    let whole = padded(size, "<?xml version='1.0'?><a>", end);
    let cut = |length: usize| whole.as_bytes()[..length].to_vec();
    let mut documents: Vec<_> =
        (size - end.len()..size).map(|length| refused(cut(length), "")).collect();
    for begun in [
        "<a b='",
        "<a b=\"",
        "<a><!--",
        "<a><![CDATA[",
        "<a ",
        "<?xml ",
        "<?p",
        "<a></a",
        "<!DOCTYPE a [",
    ] {
        documents.push(refused(filled(size, begun, |_| "x".into(), ""), ""));
    }
    documents.push(legal(whole));
    documents
}

pub fn mixed_end_tags(size: usize) -> Vec<Document> {
    let other = "is not the open element";
    vec![
        refused(padded(size, "<a><b>", "</a></b>"), other),
        refused(padded(size, "<p:a xmlns:p='u' xmlns:q='u'>", "</q:a>"), other),
        refused(padded(size, "<a>", "</A>"), other),
        refused(padded(size, "<a>", "</a b='c'>"), other),
        refused(padded(size, "<a>", "</ a>"), other),
        refused(filled(size, "<a></", |_| "b".into(), ">"), other),
        refused(filled(size, "", |_| "</a>".into(), ""), "an end tag outside"),
    ]
}

pub fn unbound_prefix(size: usize) -> Vec<Document> {
    let unbound = "is not bound";
    let left = "<b xmlns:p='u'><p:c d=''/></b>";
    vec![
        refused(padded(size, "<a>", "<p:b/></a>"), unbound),
        refused(padded(size, "<a>", "<b p:c=''/></a>"), unbound),
        refused(filled(size, "<a>", |_| left.into(), "<p:c/></a>"), unbound),
        refused(padded(size, "<xmlns:a>", "</xmlns:a>"), unbound),
        refused(padded(size, "<a xmlns:p=''>", "</a>"), "is bound to nothing"),
        refused(padded(size, "<a xmlns:xml='u'>", "</a>"), "may not be bound anew"),
        refused(padded(size, "<a xmlns:xmlns='u'>", "</a>"), "may not be declared"),
    ]
}

pub fn duplicate_ids(size: usize) -> Vec<Document> {
    let twice = "stands twice";
    let too_many = "more than 4096 Ids";
    // Of a length that keeps the Ids of a whole document below their limit.
    let distinct = |i: usize| format!("<b Id='{}{i:x}'><c/></b>", "i".repeat(64));
    let short = |i: usize| format!("<b Id='i{i:x}' xml:id='_{i:x}' ID='-{i:x}'/>");
    vec![
        refused(filled(size, "<a ID='x'>", distinct, "<b xml:id='x'/></a>"), twice),
        refused(filled(size, "<a xmlns:p='u' ID='x'>", distinct, "<b p:Id='x'/></a>"), twice),
        refused(padded(size, "<a id='x'>", "<b Id='&#x78;'/></a>"), "in an Id"),
        legal(filled(size, "<a>", distinct, "</a>")),
        refused_if(size > 60 * 1024, filled(size, "<a>", short, "</a>"), too_many),
    ]
}

pub fn duplicate_attributes(size: usize) -> Vec<Document> {
    let twice = "stands twice";
    let rest: String = (0..60).map(|i| format!(" b{i}=''")).collect();
    vec![
        refused(padded(size, "<a>", &format!("<c b0=''{rest}/></a>")), twice),
        refused(padded(size, "<a xmlns:p='u' xmlns:q='u'>", "<b p:c='' q:c=''/></a>"), twice),
        refused(padded(size, "<a>", "<b xmlns:p='u' xmlns:p='v'/></a>"), twice),
        refused(padded(size, "<a>", "<b xmlns='u' xmlns='u'/></a>"), twice),
    ]
}

pub fn instructions(size: usize) -> Vec<Document> {
    let never = "a processing instruction is never accepted";
    let first = "an XML declaration stands first or nowhere";
    vec![
        refused(filled(size, "<a>", |_| "<?p?>".into(), "</a>"), never),
        refused(padded(size, "<?xml-stylesheet href='file:///etc/passwd'?><a>", "</a>"), never),
        refused(padded(size, "<a>", "</a><?p q?>"), never),
        refused(filled(size, "<?p ", |_| "x".into(), "?><a/>"), never),
        refused(filled(size, "", |_| "<?xml version='1.0'?>".into(), "<a/>"), first),
        refused(padded(size, "<a>", "<?xml version='1.0'?></a>"), first),
    ]
}

pub fn broken_comments(size: usize) -> Vec<Document> {
    vec![
        refused(padded(size, "<a>", "<!-- -- --></a>"), "-- in a comment"),
        refused(padded(size, "<a>", "<!-- --->x</a>"), "-- ends a comment"),
        refused(padded(size, "<a>", "<!--></a>"), "1:"),
        refused(padded(size, "<a>", "<!---></a>"), "1:"),
        refused(filled(size, "<a><!--", |_| ">-".into(), "</a>"), "1:"),
    ]
}
