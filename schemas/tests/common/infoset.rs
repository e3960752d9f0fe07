//! Whether two documents say the same: expanded names, values, order; not prefixes,
//! comments, blank text between elements, attribute order, or how a number, an
//! instant or a duration is spelt.

use std::collections::BTreeMap;

use oadr_schemas::xml::{Base64, DateTime, Duration, Float, Text, ZonedDateTime};
use roxmltree::{Document, Node};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const EI: &str = "http://docs.oasis-open.org/ns/energyinterop/201110";
const OADR: &str = "http://openadr.org/oadr-2.0b/2012/07";

/// What we may add to what we read.
#[derive(Clone, Copy, Default)]
pub struct Added {
    /// `ei:schemaVersion="2.0b"` on the payload, whatever the original had (OpenADR 2.0b
    /// rule 509).
    pub schema_version: bool,
    /// oadrPayload and oadrSignedObject, where the original payload stood bare; a
    /// signature and the Id it refers to, which the original may have, are left out.
    pub envelope: bool,
}

/// The first place where `copy` differs from `original`.
pub fn difference(original: &str, copy: &str, added: Added) -> Option<String> {
    let (original, copy) = (Document::parse(original).unwrap(), Document::parse(copy).unwrap());
    let (mut original, mut copy) = (original.root_element(), copy.root_element());
    if added.envelope {
        original = payload(original);
        copy = payload(copy);
    }
    element(original, copy, added, "")
}

/// The payload in its envelope; the element itself where there is none.
fn payload<'a, 'i>(root: Node<'a, 'i>) -> Node<'a, 'i> {
    if !root.has_tag_name((OADR, "oadrPayload")) {
        return root;
    }
    let object = root.children().find(|n| n.has_tag_name((OADR, "oadrSignedObject"))).unwrap();
    object.first_element_child().unwrap()
}

fn element(original: Node<'_, '_>, copy: Node<'_, '_>, added: Added, at: &str) -> Option<String> {
    let at = format!("{at}/{}", original.tag_name().name());
    if original.tag_name() != copy.tag_name() {
        return Some(format!("{at}: {:?} became {:?}", original.tag_name(), copy.tag_name()));
    }
    let (mut before, mut after) = (attributes(original), attributes(copy));
    if added.schema_version {
        let version = (EI.to_owned(), "schemaVersion".to_owned());
        before.remove(&version);
        let ours = after.remove(&version);
        if ours.as_deref() != Some("2.0b") {
            return Some(format!("{at}: schemaVersion is {ours:?}"));
        }
    }
    if before.len() != after.len()
        || !before.iter().all(|(k, v)| after.get(k).is_some_and(|w| same(v, w)))
    {
        return Some(format!("{at}: attributes {before:?} became {after:?}"));
    }
    let added = Added { schema_version: false, ..added };
    let (inside, outside) = (elements(original), elements(copy));
    if inside.is_empty() && outside.is_empty() {
        let (before, after) = (text(original), text(copy));
        return (!same(&before, &after)).then(|| format!("{at}: {before:?} became {after:?}"));
    }
    let (before, after) = (text(original), text(copy));
    if before.trim() != after.trim() {
        return Some(format!("{at}: text {before:?} became {after:?}"));
    }
    if inside.len() != outside.len() {
        let names = |e: &[Node<'_, '_>]| -> Vec<_> {
            e.iter().map(|n| n.tag_name().name().to_owned()).collect()
        };
        return Some(format!("{at}: {:?} became {:?}", names(&inside), names(&outside)));
    }
    inside.into_iter().zip(outside).find_map(|(before, after)| element(before, after, added, &at))
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    node.children().filter(Node::is_element).collect()
}

fn text(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|n| n.text()).collect()
}

fn attributes(node: Node<'_, '_>) -> BTreeMap<(String, String), String> {
    let hint = |name: &str| matches!(name, "schemaLocation" | "noNamespaceSchemaLocation");
    let all = node.attributes().filter(|a| a.namespace() != Some(XSI) || !hint(a.name()));
    all.map(|a| {
        let name = (a.namespace().unwrap_or("").to_owned(), a.name().to_owned());
        let value = match (a.namespace(), a.name()) {
            (Some(XSI), "type") => expanded(node, a.value()),
            _ => a.value().to_owned(),
        };
        (name, value)
    })
    .collect()
}

fn expanded(node: Node<'_, '_>, name: &str) -> String {
    let (prefix, local) = match name.trim().split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name.trim()),
    };
    format!("{{{}}}{local}", node.lookup_namespace_uri(prefix).unwrap_or(""))
}

/// Whether two texts are one value of a type we know.
fn same(a: &str, b: &str) -> bool {
    let words = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    a == b
        || words(a) == words(b)
        || instant(a).is_some_and(|t| Some(t) == instant(b))
        || Duration::parse(a).is_ok_and(|d| Ok(d) == Duration::parse(b))
        || number(a).is_some_and(|n| Some(n) == number(b))
        || matches!((a.trim(), b), ("1", "true") | ("0", "false"))
        || a.len() > 8 && Base64::parse(a).is_ok_and(|bytes| Ok(bytes) == Base64::parse(b))
}

fn instant(text: &str) -> Option<oadr_schemas::xml::ZonedDateTime> {
    let plain = DateTime::parse(text).ok().map(|t| ZonedDateTime(t.0));
    plain.or_else(|| ZonedDateTime::parse(text).ok())
}

fn number(text: &str) -> Option<oadr_schemas::xml::Decimal> {
    Float::parse(text).ok()?.decimal()
}
