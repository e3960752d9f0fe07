//! Random messages of every kind.

use std::collections::{BTreeMap, BTreeSet};

use oadr_schemas::xml::{self, Error, Generator, Limits, Sample};
use oadr_schemas::{ei, openadr};
use roxmltree::Document;

use super::lint::Family;
use super::root;

/// Room for what the generator makes, which is not what a peer may send.
pub fn limits() -> Limits {
    Limits { bytes: 64 << 20, elements: 1 << 20, ..Limits::default() }
}

/// Whether a document of a family is read, and what is written for what was read.
pub fn rewritten(family: Family, document: &str) -> Result<String, Error> {
    match family {
        Family::OpenAdr => xml::decode(document.as_bytes(), &limits())
            .map(|m: openadr::oadr::OadrPayload| xml::encode(&m)),
        Family::Ei => xml::decode_any(document.as_bytes(), &limits())
            .map(|m: ei::Message| xml::encode_any(&m)),
    }
}

/// At least `count` random documents of each kind of message, by the message's name.
/// Each has been read back as the value it was written from.
pub fn documents(family: Family, count: usize) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> =
        names(family).into_iter().map(|name| (name, Vec::new())).collect();
    for seed in 0.. {
        let (name, text) = match family {
            Family::OpenAdr => openadr_document(seed),
            Family::Ei => ei_document(seed),
        };
        let of_kind = found.get_mut(&name).unwrap_or_else(|| panic!("no message {name}"));
        if of_kind.len() < count {
            of_kind.push(text);
        }
        if found.values().all(|d| d.len() >= count) {
            return found;
        }
        assert!(seed < 2_000_000, "some message is never made: {:?}", lacking(&found, count));
    }
    found
}

fn lacking(found: &BTreeMap<String, Vec<String>>, count: usize) -> Vec<&String> {
    found.iter().filter(|(_, d)| d.len() < count).map(|(name, _)| name).collect()
}

fn openadr_document(seed: u64) -> (String, String) {
    let mut message = openadr::oadr::OadrPayload::sample(&mut Generator::new(seed));
    message.signature = None; // Its own test; it would fill every second document.
    let text = xml::encode(&message);
    assert_eq!(xml::decode(text.as_bytes(), &limits()).as_ref(), Ok(&message), "{seed}: {text}");
    (message.oadr_signed_object.choice.name().to_owned(), text)
}

fn ei_document(seed: u64) -> (String, String) {
    let message = ei::Message::sample(&mut Generator::new(seed));
    let text = xml::encode_any(&message);
    assert_eq!(
        xml::decode_any(text.as_bytes(), &limits()).as_ref(),
        Ok(&message),
        "{seed}: {text}"
    );
    (Document::parse(&text).unwrap().root_element().tag_name().name().to_owned(), text)
}

/// The messages our schemas declare.
pub fn names(family: Family) -> BTreeSet<String> {
    let path = |file: &str| root().join("schemas/xsd").join(file);
    let read = |file: &str| std::fs::read_to_string(path(file)).unwrap();
    match family {
        Family::OpenAdr => {
            let text = read("openadr/oadr.xsd");
            let schema = Document::parse(&text).unwrap();
            let of = |n: &roxmltree::Node<'_, '_>, name| n.attribute("name") == Some(name);
            let object = schema.descendants().find(|n| of(n, "oadrSignedObject")).unwrap();
            let members = object.descendants().filter_map(|n| n.attribute("ref"));
            members.filter_map(|r| r.strip_prefix("oadr:")).map(str::to_owned).collect()
        }
        Family::Ei => {
            let text = read("ei/pyld.xsd");
            let schema = Document::parse(&text).unwrap();
            let global =
                schema.root_element().children().filter(|n| n.tag_name().name() == "element");
            let names = global.filter_map(|n| n.attribute("name"));
            names.filter(|n| n.starts_with("ei")).map(str::to_owned).collect()
        }
    }
}
