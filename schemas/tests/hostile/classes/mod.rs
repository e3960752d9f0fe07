//! The classes of hostile documents. Each gives documents of about a wanted size, with
//! the fault each must be refused for, or none where the document is merely big.

mod amounts;
mod encodings;
mod entities;
mod structure;

/// A kind of attack.
pub struct Class {
    pub name: &'static str,
    /// Its documents of at most this many bytes, and at least half as many.
    pub documents: fn(usize) -> Vec<Document>,
}

/// One document and what must be said about it.
pub struct Document {
    pub bytes: Vec<u8>,
    /// Words of the refusal; `None` if the document is legal and must pass.
    pub fault: Option<&'static str>,
}

/// Small, the longest text, the longest document.
pub const SIZES: [usize; 3] = [4 * 1024, 64 * 1024, 256 * 1024];

pub const CLASSES: &[Class] = &[
    Class { name: "billion laughs", documents: entities::billion_laughs },
    Class { name: "quadratic entities", documents: entities::quadratic },
    Class { name: "external entities", documents: entities::external },
    Class { name: "parameter entities", documents: entities::parameter },
    Class { name: "undeclared entities", documents: entities::undeclared },
    Class { name: "deep nesting", documents: structure::deep },
    Class { name: "deep nesting with xmlns", documents: structure::deep_with_xmlns },
    Class { name: "two roots", documents: structure::two_roots },
    Class { name: "trailing garbage", documents: structure::trailing_garbage },
    Class { name: "truncated", documents: structure::truncated },
    Class { name: "mixed end tags", documents: structure::mixed_end_tags },
    Class { name: "unbound prefix", documents: structure::unbound_prefix },
    Class { name: "duplicate Ids", documents: structure::duplicate_ids },
    Class { name: "duplicate attributes", documents: structure::duplicate_attributes },
    Class { name: "processing instructions", documents: structure::instructions },
    Class { name: "broken comments", documents: structure::broken_comments },
    Class { name: "many elements", documents: amounts::elements },
    Class { name: "many attributes", documents: amounts::attributes },
    Class { name: "many full tags", documents: amounts::full_tags },
    Class { name: "many xmlns", documents: amounts::xmlns },
    Class { name: "many rebindings", documents: amounts::rebindings },
    Class { name: "long namespace names", documents: amounts::long_namespaces },
    Class { name: "many bound prefixes used", documents: amounts::prefixes_used },
    Class { name: "huge name", documents: amounts::huge_name },
    Class { name: "huge attribute", documents: amounts::huge_attribute },
    Class { name: "huge text", documents: amounts::huge_text },
    Class { name: "many character references", documents: amounts::references },
    Class { name: "CDATA splits", documents: amounts::cdata },
    Class { name: "many comments", documents: amounts::comments },
    Class { name: "UTF-16 and UTF-32", documents: encodings::wide },
    Class { name: "another encoding named", documents: encodings::named },
    Class { name: "bytes that are not UTF-8", documents: encodings::not_utf8 },
    Class { name: "control characters", documents: encodings::control },
    Class { name: "byte order marks", documents: encodings::marks },
];

fn refused(bytes: impl Into<Vec<u8>>, fault: &'static str) -> Document {
    Document { bytes: bytes.into(), fault: Some(fault) }
}

fn legal(bytes: impl Into<Vec<u8>>) -> Document {
    Document { bytes: bytes.into(), fault: None }
}

/// Refused when `refused`, else legal: for what is merely big until a limit.
fn refused_if(is: bool, bytes: impl Into<Vec<u8>>, fault: &'static str) -> Document {
    Document { bytes: bytes.into(), fault: is.then_some(fault) }
}

/// Harmless elements of exactly `bytes` bytes (none, if fewer than eight).
fn harmless(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes);
    while bytes - text.len() >= 1024 + 8 {
        text.push_str("<c>");
        text.extend(std::iter::repeat_n('x', 1024 - 7));
        text.push_str("</c>");
    }
    if bytes - text.len() >= 8 {
        let rest = "x".repeat(bytes - text.len() - 7);
        text.push_str(&format!("<c>{rest}</c>"));
    }
    text
}

/// `before`, then as many pieces as fit, then `after`: at most `size` bytes.
fn filled(size: usize, before: &str, piece: impl Fn(usize) -> String, after: &str) -> String {
    let mut text = String::with_capacity(size);
    text.push_str(before);
    for i in 0.. {
        let piece = piece(i);
        if text.len() + piece.len() + after.len() > size {
            break;
        }
        text.push_str(&piece);
    }
    text + after
}

/// `before` and `after` around harmless elements, `size` bytes in all.
fn padded(size: usize, before: &str, after: &str) -> String {
    format!("{before}{}{after}", harmless(size - before.len() - after.len()))
}
