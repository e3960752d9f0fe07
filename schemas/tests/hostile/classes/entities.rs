//! Entities of the document's own: they grow, they fetch, they hide. All refused.

use super::{Document, filled, padded, refused};

const DTD: &str = "a document type is never accepted";

pub fn billion_laughs(size: usize) -> Vec<Document> {
    let laugh = |i: usize| format!("<!ENTITY l{} \"{}\">", i + 1, format!("&l{i};").repeat(10));
    let text = filled(size, "<!DOCTYPE a [<!ENTITY l0 \"lol\">", laugh, "]><a>&l9;</a>");
    let in_an_attribute =
        padded(size, "<!DOCTYPE a [<!ENTITY x 'x'><!ENTITY y '&x;&x;&x;'>]><a b='&y;&y;'>", "</a>");
    vec![refused(text, DTD), refused(in_an_attribute, DTD)]
}

pub fn quadratic(size: usize) -> Vec<Document> {
    let before = format!("<!DOCTYPE a [<!ENTITY e \"{}\">]><a>", "x".repeat(size / 2));
    vec![refused(filled(size, &before, |_| "&e;".into(), "</a>"), DTD)]
}

pub fn external(size: usize) -> Vec<Document> {
    let entity = |uri: &str| {
        padded(size, &format!("<!DOCTYPE a [<!ENTITY e SYSTEM \"{uri}\">]><a>&e;"), "</a>")
    };
    let mut documents: Vec<_> =
        ["file:///etc/passwd", "http://127.0.0.1:1/", "//host/share", "php://x"]
            .map(|uri| refused(entity(uri), DTD))
            .into();
    documents.push(refused(
        padded(size, "<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a>", "</a>"),
        DTD,
    ));
    documents.push(refused(
        padded(size, "<!DOCTYPE a PUBLIC '-//x' 'file:///dev/random'><a>", "</a>"),
        DTD,
    ));
    documents
}

pub fn parameter(size: usize) -> Vec<Document> {
    let many = |i| format!("<!ENTITY % p{i} \"<!ENTITY e{i} 'x'>\">%p{i};");
    let fetching = "<!DOCTYPE a [<!ENTITY % f SYSTEM 'file:///etc/hostname'><!ENTITY % d SYSTEM \
        'http://127.0.0.1:1/d'>%d;%out;]><a>";
    vec![
        refused(filled(size, "<!DOCTYPE a [", many, "]><a/>"), DTD),
        refused(padded(size, fetching, "</a>"), DTD),
    ]
}

pub fn undeclared(size: usize) -> Vec<Document> {
    let unknown = "unknown entity";
    vec![
        refused(padded(size, "<a>", "&e;</a>"), unknown),
        refused(padded(size, "<a>", "<b c='&nbsp;'/></a>"), unknown),
        refused(filled(size, "<a>", |_| "&e;".into(), "</a>"), unknown),
        refused(filled(size, "<a>&", |_| "x".into(), ";</a>"), unknown),
        refused(filled(size, "<a>", |_| "&".into(), "</a>"), "1:4"),
        refused(padded(size, "<a b='&&&'>", "</a>"), "a reference without an end"),
    ]
}
