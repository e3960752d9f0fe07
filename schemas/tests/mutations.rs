//! Damaged messages: no panic, and whatever is still read is written as the same. The
//! fuzz target `decode` looks further; this runs with every test.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::fixpoint;
use common::lint::Family;
use common::messages;
use proptest::prelude::*;
use proptest::sample::Index;

/// What is put in: markup out of place, and values at the edge of their types.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\r",
    "&#13;",
    "&#9;",
    "&amp;",
    "&lt;b&gt;",
    "<!-- -->",
    "<![CDATA[ <a> ]]>",
    "<a/>",
    "<ei:venID>x</ei:venID>",
    "</",
    ">",
    "\"",
    "x='1' ",
    "xmlns='' ",
    "xmlns='urn:x' ",
    "xmlns:ei='urn:x' ",
    "xsi:type='ei:X' ",
    "xsi:nil='true' ",
    "xml:lang='de' ",
    "ei:schemaVersion='2.0b' ",
    "0",
    "-0",
    "+1",
    "1e9",
    "NaN",
    "-INF",
    "99999999999999999999999999999",
    "0.00000000000000000000000000001",
    "P",
    "PT",
    "4W",
    "P1Y2M3DT4H5M6S",
    "-PT0S",
    "2026-02-29T00:00:00Z",
    "2024-02-29T24:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "0001-01-01T00:00:00Z",
    "true",
    "1",
    "x-own",
    "x-",
    "200",
    "\u{85}",
    "\u{2028}",
    "ü",
    "\u{10FFFF}",
    "\u{FFFD}",
    "AA==",
    "0aF",
];

/// One change: some bytes go and a piece comes.
#[derive(Clone, Debug)]
struct Damage {
    place: Place,
    at: Index,
    piece: Index,
    /// Take the piece from the document itself.
    own: Option<(Index, usize)>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// So many bytes from any character on.
    Anywhere(usize),
    /// So many bytes around markup.
    Mark(usize),
    /// All between a tag and the next, which is a value as often as not.
    Value,
}

fn damage() -> impl Strategy<Value = Damage> {
    let gone = || prop_oneof![Just(0), 0..4usize, 0..300usize];
    let place = prop_oneof![
        1 => gone().prop_map(Place::Anywhere),
        2 => gone().prop_map(Place::Mark),
        4 => Just(Place::Value),
    ];
    let own = proptest::option::weighted(0.2, (any::<Index>(), 0..200usize));
    (place, any::<Index>(), any::<Index>(), own).prop_map(|(place, at, piece, own)| Damage {
        place,
        at,
        piece,
        own,
    })
}

fn damaged(document: &str, damages: &[Damage]) -> String {
    let mut text = document.to_owned();
    for Damage { place, at, piece, own } in damages {
        let edge = |wanted: usize| {
            (wanted.min(text.len())..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap()
        };
        let ends = |mark: char| text.match_indices(mark).map(|(i, _)| i + 1).collect::<Vec<_>>();
        let one_of = |places: Vec<usize>| *places.get(at.index(places.len().max(1))).unwrap_or(&0);
        let range = match place {
            Place::Anywhere(gone) => {
                let from = edge(at.index(text.len() + 1));
                from..edge(from + gone)
            }
            Place::Mark(gone) => {
                let marks = ['<', '>', '"', ' ', ':'].map(ends).concat();
                let from = one_of(marks);
                from..edge(from + gone)
            }
            Place::Value => {
                let from = one_of(ends('>'));
                from..from + text[from..].find('<').unwrap_or(0)
            }
        };
        let piece = match own {
            Some((start, length)) => {
                let start = edge(start.index(text.len() + 1));
                text[start..edge(start + length)].to_owned()
            }
            None => PIECES[piece.index(PIECES.len())].to_owned(),
        };
        text.replace_range(range, &piece);
    }
    text
}

fn documents() -> &'static [String] {
    static DOCUMENTS: OnceLock<Vec<String>> = OnceLock::new();
    DOCUMENTS.get_or_init(|| {
        let both = [Family::OpenAdr, Family::Ei].map(|family| messages::documents(family, 3));
        let all = both.into_iter().flat_map(|kinds| kinds.into_values().flatten());
        // The longest only cost time: what is in them is in others too.
        all.filter(|document| document.len() < 20_000).collect()
    })
}

/// More of them by the usual variable, `PROPTEST_CASES`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(4_000)
}

static TAKEN: AtomicUsize = AtomicUsize::new(0);

#[test]
fn damaged_messages_are_refused_or_written_as_they_were_read() {
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..Default::default() };
    proptest!(config, |(which: Index, damages in prop::collection::vec(damage(), 1..4))| {
        let text = damaged(&documents()[which.index(documents().len())], &damages);
        let taken = fixpoint::check(text.as_bytes());
        TAKEN.fetch_add(usize::from(taken > 0), Ordering::Relaxed);
    });
    let (taken, cases) = (TAKEN.load(Ordering::Relaxed), cases() as usize);
    println!("{taken} of {cases} damaged messages were still read");
    assert!(taken * 20 > cases, "only {taken} of {cases} were still read: too much damage");
}

#[test]
fn bytes_of_any_kind_are_refused_without_a_panic() {
    let config =
        ProptestConfig { cases: cases() / 4, failure_persistence: None, ..Default::default() };
    proptest!(config, |(bytes in prop::collection::vec(any::<u8>(), 0..2_000))| {
        prop_assert_eq!(fixpoint::check(&bytes), 0);
    });
}
