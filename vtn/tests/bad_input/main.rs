//! Bad input: every payload a VEN may send, changed in every place in every way. Each change gets
//! the rule's answer and leaves the store as it was, byte for byte. OpenADR 2.0b Profile, sections
//! 8.7 and 9.1.5, rules 21, 33, 46, 48, 208, 304, 400, 508.
//!
//! The changes are made from the messages as the schema has them (`change.rs`), so that neither
//! an element nor a payload can be forgotten. What the schema forbids is 406 without a body;
//! `answers.txt` lists all other answers, and has no line that no change needs.

#![allow(clippy::unwrap_used)]

mod answers;
mod change;
#[path = "../common/mod.rs"]
mod common;
mod ei;
mod world;

use answers::{Answers, Expected};
use oadr_schemas::exchange::Service;
use world::{Told, World, pairing};

#[tokio::test]
async fn every_change_gets_its_answer_and_leaves_no_trace() {
    let answers = Answers::read(include_str!("answers.txt"));
    let (mut wrong, mut made) = (Vec::new(), 0);
    let mut world = World::new().await;
    for label in world.labels() {
        let count = change::all(&world.document(label)).len();
        for n in 0..count {
            // The world may be another one, with other names in its documents.
            let change = change::all(&world.document(label)).swap_remove(n);
            let before = world.dump();
            let Told { status, code, .. } = world.send(label, &change.text).await;
            let changed = world.dump() != before;
            let expected = answers.to(label, &change);
            let got = Expected { status, code, changes: expected.changes.map(|_| changed) };
            if got != expected {
                let (place, way) = (&change.place, change.way);
                wrong.push(format!("{label} {place} {way}: {got:?}, not {expected:?}"));
            }
            if changed {
                world = World::new().await;
            }
            made += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {made}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(answers.idle(), [""; 0], "lines of answers.txt that nothing needs");
    assert!(made > 1500, "only {made} changes");
}

#[tokio::test]
async fn what_is_changed_is_well_received_as_it_stands() {
    for label in World::new().await.labels() {
        let world = World::new().await;
        let told = world.send(label, &world.document(label)).await;
        // This VTN reports nothing, so that there is nothing to answer.
        let expected = if label == "oadrUpdatedReport" { 459 } else { 200 };
        assert_eq!((told.status, told.code), (200, expected), "{label}: {told:?}");
    }
}

#[tokio::test]
async fn the_same_request_again_changes_nothing_more() {
    for label in World::new().await.labels() {
        let world = World::new().await;
        let document = world.document(label);
        let first = world.send(label, &document).await;
        let before = world.dump();
        let second = world.send(label, &document).await;
        // A cancellation of metadata is forgotten once it is done.
        let expected = if label == "oadrCancelReport" { 452 } else { first.code };
        assert_eq!(second.code, expected, "{label}");
        // How often events were listed, and how often a report came, is counted.
        let counted = ["oadrRequestEvent", "oadrUpdateReport"].contains(&label);
        assert!(world.dump() == before || counted, "{label}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_406_whatever_it_says() {
    let world = World::new().await;
    let before = world.dump();
    for label in world.labels() {
        let limit = if pairing(label).service == Service::EiReport { 4 << 20 } else { 256 << 10 };
        let document = world.document(label);
        let padded = format!("{document}{}", " ".repeat(limit - document.len() + 1));
        assert_eq!(world.send(label, &padded).await.status, 406, "{label}");
        assert!(world.dump() == before, "{label}");
    }
}

#[tokio::test]
async fn a_payload_is_served_at_its_own_address_alone() {
    let world = World::new().await;
    let before = world.dump();
    for label in world.labels() {
        let document = world.document(label);
        for service in Service::ALL {
            if service != pairing(label).service {
                let name = service.name();
                assert_eq!(world.misplace(service, &document).await, 404, "{label} at {name}");
            }
        }
    }
    assert!(world.dump() == before);
}

#[tokio::test]
async fn rule_517_whoever_is_not_registered_changes_nothing() {
    let world = World::new().await;
    let before = world.dump();
    let stranger = common::certificate("A");
    for label in world.labels() {
        let told = world.send_as(&stranger, label, &world.document(label)).await;
        assert_eq!((told.status, told.code), (200, 463), "{label}: {told:?}");
        assert!(world.dump() == before, "{label}");
    }
    world.bar().await;
    let before = world.dump();
    for label in world.labels() {
        let told = world.send(label, &world.document(label)).await;
        assert_eq!((told.status, told.code), (200, 463), "{label}: {told:?}");
        assert!(world.dump() == before, "{label}");
    }
}

/// A payload in its 2.0a clothes, or without a version, says what it says: some of the Profile's own
/// examples have none.
#[tokio::test]
async fn rule_509_a_version_is_one_of_the_two_and_is_not_looked_into() {
    let versions = [("", 200), ("2.0a", 200), ("9", 406), ("2.0B", 406)];
    for label in World::new().await.labels() {
        for (version, expected) in versions {
            let attribute = format!(" ei:schemaVersion=\"{version}\"");
            let attribute = if version.is_empty() { "" } else { &attribute };
            let world = World::new().await;
            let document = world.document(label);
            let before = world.dump();
            let changed = document.replace(" ei:schemaVersion=\"2.0b\"", attribute);
            assert_ne!(document, changed);
            let told = world.send(label, &changed).await;
            assert_eq!(told.status, expected, "{label} {version}");
            assert!(expected == 200 || world.dump() == before, "{label} {version}");
        }
    }
}
