//! Whatever a type can hold goes over the wire: random messages of every kind are read
//! back equal (`common::messages` sees to it) and are valid by our schemas and by the
//! original ones.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use common::lint::{self, Family};
use common::messages;

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
    let faults = lint::faults(family, &documents);
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
