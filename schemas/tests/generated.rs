//! Whatever a type can hold goes over the wire: random messages of every kind are read
//! back equal (`common::messages` sees to it) and are valid by our schemas and by the
//! original ones.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use common::lint::{self, Family};
use common::messages;
use oadr_schemas::openadr::ds::Signature;
use oadr_schemas::openadr::oadr::OadrPayload;
use oadr_schemas::xml::{self, Generator, Limits, Sample as _};

/// Random documents of each kind of message.
const EACH: usize = 40;

fn are_valid(family: Family, kinds: usize) {
    let found = messages::documents(family, EACH);
    assert_eq!(found.len(), kinds);
    let named = found.into_iter().flat_map(|(name, documents)| {
        documents.into_iter().map(move |document| (name.clone(), document))
    });
    let documents: Vec<_> = named.collect();
    assert_eq!(documents.len(), kinds * EACH);
    hold(family, &documents);
}

/// Fails with what the schemas say against the documents.
fn hold(family: Family, documents: &[(String, String)]) {
    let faults = lint::faults(family, documents);
    // One line for faults that differ only by where they are.
    let mut kinds: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for fault in faults.iter().filter(|f| !f.ends_with(" fails to validate")) {
        let what = fault.split_once("error : ").map_or(fault.as_str(), |(_, what)| what);
        kinds.entry(what).or_insert((0, fault)).0 += 1;
    }
    let lines: Vec<_> =
        kinds.iter().map(|(what, (count, at))| format!("{count} x {what} ({at})")).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), lines.join("\n"));
}

#[test]
fn every_openadr_message_is_read_back_and_valid() {
    are_valid(Family::OpenAdr, 23);
}

#[test]
fn every_ei_message_is_read_back_and_valid() {
    are_valid(Family::Ei, messages::names(Family::Ei).len());
}

#[test]
fn every_signature_is_read_back_and_valid() {
    let mut documents = Vec::new();
    for seed in 0..200 {
        let mut payload: OadrPayload = xml::decode(SIGNED.as_bytes(), &Limits::default()).unwrap();
        payload.signature = Some(Signature::sample(&mut Generator::new(seed)));
        let text = xml::encode(&payload);
        assert_eq!(
            xml::decode(text.as_bytes(), &messages::limits()),
            Ok(payload),
            "{seed}: {text}"
        );
        documents.push((seed.to_string(), text));
    }
    hold(Family::OpenAdr, &documents);
}

/// An envelope to put signatures in.
const SIGNED: &str = r#"<o:oadrPayload xmlns:o="http://openadr.org/oadr-2.0b/2012/07"><o:oadrSignedObject><o:oadrPoll><venID xmlns="http://docs.oasis-open.org/ns/energyinterop/201110">ven-1</venID></o:oadrPoll></o:oadrSignedObject></o:oadrPayload>"#;
