//! Typed tables: keys, versions, upgrades, compare-and-set on what was read.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use common::{Place, on_every_engine};
use oadr_store::{Batch, Error, Keys, Store, Table, Upgrade};
use serde::{Deserialize, Serialize};

on_every_engine!(
    a_tuple_s_first_part_selects_its_range,
    pages_follow_each_other_in_both_directions,
    put_new_refuses_what_is_there,
    swap_refuses_what_changed_meanwhile,
    an_older_record_opens_in_a_newer_program,
    an_upgraded_record_can_be_swapped,
    a_newer_record_is_a_clear_error,
    an_older_record_without_upgrade_is_a_clear_error,
    foreign_bytes_are_a_clear_error,
    a_watch_of_one_party_ignores_the_others,
    who_follows_a_table_is_told_each_key_once,
    a_batch_can_be_taken_back,
    a_batch_is_not_taken_back_over_what_others_wrote,
);

const EVENTS: Table<(String, u64), String> = Table::new("events", 1);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PartyV1 {
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PartyV2 {
    name: String,
    level: u8,
}

const PARTIES_V1: Table<String, PartyV1> = Table::new("parties", 1);
const PARTIES_V2: Table<String, PartyV2> = Table::new("parties", 2).with_upgrade(ADD_LEVEL);
const ADD_LEVEL: Upgrade = |version, mut old| {
    if old["name"] == "broken" {
        return Err(format!("a broken party of version {version}"));
    }
    old["level"] = 1.into();
    Ok(old)
};

async fn with_events(place: &Place) -> Store {
    let store = place.open();
    let mut batch = Batch::new();
    for ven in ["a", "b", "ba", "b\0"] {
        for event in [1, 2, 300] {
            EVENTS.put(&mut batch, (ven, event), &format!("{ven}{event}")).unwrap();
        }
    }
    store.commit(batch).await.unwrap();
    store
}

async fn a_tuple_s_first_part_selects_its_range(place: Place) {
    let store = with_events(&place).await;
    let of_b: Vec<u64> = EVENTS
        .range(&store, Keys::of(("b",)))
        .unwrap()
        .into_iter()
        .map(|((ven, event), text)| {
            assert_eq!((ven.as_str(), text), ("b", format!("b{event}")));
            event
        })
        .collect();
    assert_eq!(of_b, [1, 2, 300]);
    assert_eq!(EVENTS.range(&store, Keys::all()).unwrap().len(), 12);
    let late = EVENTS.range(&store, Keys::between(("a", 2)..=("b", 1))).unwrap();
    assert_eq!(late.len(), 3);
    assert_eq!(EVENTS.get(&store, ("ba", 300)).unwrap().as_deref(), Some("ba300"));
    assert!(!EVENTS.contains(&store, ("ba", 301)).unwrap());
}

async fn pages_follow_each_other_in_both_directions(place: Place) {
    let store = with_events(&place).await;
    let all: Vec<(String, u64)> =
        EVENTS.range(&store, Keys::all()).unwrap().into_iter().map(|(key, _)| key).collect();
    let (mut forward, mut page) = (Vec::new(), Keys::all().limit(5));
    let mut backward = Vec::new();
    while let Some((last, _)) = {
        let pairs = EVENTS.range(&store, page.clone()).unwrap();
        forward.extend(pairs.iter().map(|(key, _)| key.clone()));
        pairs.last().cloned()
    } {
        page = page.after((last.0, last.1));
    }
    let mut page = Keys::all().backward().limit(5);
    while let Some((last, _)) = {
        let pairs = EVENTS.range(&store, page.clone()).unwrap();
        backward.extend(pairs.iter().map(|(key, _)| key.clone()));
        pairs.last().cloned()
    } {
        page = page.before((last.0, last.1));
    }
    backward.reverse();
    assert_eq!(forward, all);
    assert_eq!(backward, all);
}

async fn put_new_refuses_what_is_there(place: Place) {
    let store = with_events(&place).await;
    let mut batch = Batch::new();
    EVENTS.put_new(&mut batch, ("a", 1), &"again".to_owned()).unwrap();
    assert!(store.commit(batch).await.unwrap_err().is_conflict());
    assert_eq!(EVENTS.get(&store, ("a", 1)).unwrap().as_deref(), Some("a1"));
}

async fn swap_refuses_what_changed_meanwhile(place: Place) {
    let store = with_events(&place).await;
    let old = EVENTS.load(&store, ("a", 1)).unwrap().unwrap();
    for (new, succeeds) in [("first", true), ("second", false)] {
        let mut batch = Batch::new();
        EVENTS.swap(&mut batch, ("a", 1), &old, &new.to_owned()).unwrap();
        assert_eq!(store.commit(batch).await.is_ok(), succeeds);
    }
    assert_eq!(EVENTS.get(&store, ("a", 1)).unwrap().as_deref(), Some("first"));
}

async fn with_old_party(place: &Place, name: &str) -> Store {
    let store = place.open();
    let mut batch = Batch::new();
    PARTIES_V1.put(&mut batch, "p", &PartyV1 { name: name.to_owned() }).unwrap();
    store.commit(batch).await.unwrap();
    drop(store);
    place.open()
}

async fn an_older_record_opens_in_a_newer_program(place: Place) {
    let store = with_old_party(&place, "VTN of the town").await;
    let party = PARTIES_V2.get(&store, "p").unwrap().unwrap();
    assert_eq!(party, PartyV2 { name: "VTN of the town".to_owned(), level: 1 });
    assert_eq!(PARTIES_V2.range(&store, Keys::starting_with("p")).unwrap().len(), 1);
    drop(store);
    let store = with_old_party(&place, "broken").await;
    match PARTIES_V2.get(&store, "p") {
        Err(Error::Upgrade { table: "parties", found: 1, detail }) => {
            assert_eq!(detail, "a broken party of version 1");
        }
        other => panic!("{other:?}"),
    }
}

async fn an_upgraded_record_can_be_swapped(place: Place) {
    let store = with_old_party(&place, "p").await;
    let old = PARTIES_V2.load(&store, "p").unwrap().unwrap();
    let new = PartyV2 { level: 2, ..old.clone().into_inner() };
    let mut batch = Batch::new();
    PARTIES_V2.swap(&mut batch, "p", &old, &new).unwrap();
    store.commit(batch).await.unwrap();
    assert_eq!(PARTIES_V2.get(&store, "p").unwrap(), Some(new));
}

async fn a_newer_record_is_a_clear_error(place: Place) {
    let store = place.open();
    let mut batch = Batch::new();
    PARTIES_V2.put(&mut batch, "p", &PartyV2 { name: String::new(), level: 3 }).unwrap();
    store.commit(batch).await.unwrap();
    let error = PARTIES_V1.get(&store, "p").unwrap_err();
    assert!(matches!(error, Error::NewerRecord { found: 2, known: 1, .. }), "{error}");
    assert!(error.to_string().contains("run the newer program"));
}

async fn an_older_record_without_upgrade_is_a_clear_error(place: Place) {
    const NO_UPGRADE: Table<String, PartyV2> = Table::new("parties", 2);
    let store = with_old_party(&place, "p").await;
    let error = NO_UPGRADE.get(&store, "p").unwrap_err();
    assert!(matches!(error, Error::Upgrade { found: 1, .. }), "{error}");
}

async fn foreign_bytes_are_a_clear_error(place: Place) {
    let store = place.open();
    let mut key = b"x\0\x01".to_vec();
    for (record, says) in [
        (&b""[..], "no header"),
        (b"\x07\0\x01{}", "format 7"),
        (b"\x01\0\x01{\"name\":", "EOF"),
        (b"\x01\0\x01{\"nam\":\"\"}", "missing field"),
    ] {
        let mut batch = Batch::new();
        batch.put("parties", key.clone(), record.to_vec());
        store.commit(batch).await.unwrap();
        let error = PARTIES_V1.get(&store, "x").unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    key.pop();
    let mut batch = Batch::new();
    batch.put("parties", key, b"\x01\0\x01{\"name\":\"\"}".to_vec());
    batch.delete("parties", b"x\0\x01".to_vec());
    store.commit(batch).await.unwrap();
    let error = PARTIES_V1.range(&store, Keys::all()).unwrap_err();
    assert!(error.to_string().contains("not of the table's type"), "{error}");
}

async fn a_watch_of_one_party_ignores_the_others(place: Place) {
    let store = with_events(&place).await;
    let watch = EVENTS.watch_of(&store, ("b",));
    let any = EVENTS.watch(&store);
    let mut batch = Batch::new();
    EVENTS.put(&mut batch, ("ba", 9), &String::new()).unwrap();
    store.commit(batch).await.unwrap();
    assert!(!watch.has_changed() && any.has_changed());
    let mut batch = Batch::new();
    EVENTS.delete(&mut batch, ("b", 1));
    store.commit(batch).await.unwrap();
    assert!(watch.has_changed());
}

async fn who_follows_a_table_is_told_each_key_once(place: Place) {
    let store = with_events(&place).await;
    let mut follow = EVENTS.follow(&store);
    for text in ["one", "two"] {
        let mut batch = Batch::new();
        EVENTS.put(&mut batch, ("b", 7), &text.to_owned()).unwrap();
        EVENTS.delete(&mut batch, ("a", 1));
        PARTIES_V1.put(&mut batch, "b", &PartyV1 { name: text.to_owned() }).unwrap();
        store.commit(batch).await.unwrap();
    }
    let mut refused = Batch::new();
    EVENTS.put_new(&mut refused, ("a", 2), &String::new()).unwrap();
    store.commit(refused).await.unwrap_err();
    assert_eq!(follow.changed().await.unwrap(), [("a".to_owned(), 1), ("b".to_owned(), 7)]);

    let waiting = tokio::spawn(async move { (follow.changed().await, follow) });
    let mut batch = Batch::new();
    EVENTS.delete(&mut batch, ("b", 7));
    store.commit(batch).await.unwrap();
    let (told, mut follow) = waiting.await.unwrap();
    assert_eq!(told.unwrap(), [("b".to_owned(), 7)]);
    drop(store);
    assert_eq!(follow.changed().await, None);
}

/// Deletes a row, changes one, makes one, and writes to one of them twice.
async fn with_a_change(store: &Store) -> (oadr_store::Snapshot, Batch) {
    let before = store.snapshot().unwrap();
    let mut batch = Batch::new();
    EVENTS.delete(&mut batch, ("a", 1));
    EVENTS.put(&mut batch, ("a", 2), &"once".to_owned()).unwrap();
    EVENTS.put(&mut batch, ("a", 2), &"twice".to_owned()).unwrap();
    EVENTS.put_new(&mut batch, ("c", 1), &"new".to_owned()).unwrap();
    store.commit(batch.clone()).await.unwrap();
    (before, batch)
}

async fn a_batch_can_be_taken_back(place: Place) {
    let store = with_events(&place).await;
    let all = |store: &Store| EVENTS.range(&store.snapshot().unwrap(), Keys::all()).unwrap();
    let stood = all(&store);
    let (before, batch) = with_a_change(&store).await;
    assert_ne!(all(&store), stood);
    store.commit(batch.undo(&before).unwrap()).await.unwrap();
    assert_eq!(all(&store), stood);
}

async fn a_batch_is_not_taken_back_over_what_others_wrote(place: Place) {
    let store = with_events(&place).await;
    let (before, batch) = with_a_change(&store).await;
    let mut other = Batch::new();
    EVENTS.put(&mut other, ("a", 1), &"theirs".to_owned()).unwrap();
    store.commit(other).await.unwrap();
    let undone = store.commit(batch.undo(&before).unwrap()).await;
    assert!(undone.unwrap_err().is_conflict());
    assert_eq!(EVENTS.get(&store.snapshot().unwrap(), ("a", 2)).unwrap().unwrap(), "twice");
}
