//! Random mutations of good documents: never a panic, and nothing passes that another
//! reader would not take.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use oadr_schemas::xml::gate::{self, Limits};

use super::samples;

/// One change to a document.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Another byte at a place.
    Replace(Index, u8),
    /// Some bytes less.
    Delete(Index, usize),
    /// A token of XML more.
    Insert(Index, &'static str),
    /// A token of XML more, before (or after) a character that delimits something.
    Beside(Index, bool, &'static str),
    /// A stretch of the document once more, elsewhere.
    Repeat(Index, usize, Index),
    /// The document ends early.
    Truncate(Index),
}

/// A document and some changes to it.
pub fn mutant() -> impl Strategy<Value = Vec<u8>> {
    let edit = prop_oneof![
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        2 => (any::<Index>(), 1..40_usize).prop_map(|(at, n)| Edit::Delete(at, n)),
        3 => (any::<Index>(), select(TOKENS)).prop_map(|(at, token)| Edit::Insert(at, token)),
        8 => (any::<Index>(), any::<bool>(), select(TOKENS))
            .prop_map(|(at, after, token)| Edit::Beside(at, after, token)),
        2 => (any::<Index>(), 1..200_usize, any::<Index>())
            .prop_map(|(from, n, to)| Edit::Repeat(from, n, to)),
        1 => any::<Index>().prop_map(Edit::Truncate),
    ];
    (select(samples::to_mutate()), prop::collection::vec(edit, 1..4)).prop_map(
        |(mut bytes, edits)| {
            edits.iter().for_each(|edit| apply(edit, &mut bytes));
            bytes
        },
    )
}

fn apply(edit: &Edit, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let end = |at: usize, n: usize| (at + n).min(bytes.len());
    match *edit {
        Edit::Replace(at, byte) => *at.get_mut(bytes) = byte,
        Edit::Delete(at, n) => {
            let at = at.index(bytes.len());
            bytes.drain(at..end(at, n));
        }
        Edit::Insert(at, token) => {
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..at, token.bytes());
        }
        Edit::Beside(at, after, token) => {
            let delimits = |i: &usize| b"<>'\" /=&;".contains(&bytes[*i]);
            let places: Vec<usize> = (0..bytes.len()).filter(delimits).collect();
            if !places.is_empty() {
                let at = *at.get(&places) + usize::from(after);
                bytes.splice(at..at, token.bytes());
            }
        }
        Edit::Repeat(from, n, to) => {
            let from = from.index(bytes.len());
            let stretch = bytes[from..end(from, n)].to_vec();
            let to = to.index(bytes.len() + 1);
            bytes.splice(to..to, stretch);
        }
        Edit::Truncate(at) => bytes.truncate(at.index(bytes.len())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_document_never_panics_and_passes_only_if_well_formed(bytes in mutant()) {
        if let Ok(text) = gate::check(&bytes, &Limits::default()) {
            let parsed = roxmltree::Document::parse(text);
            prop_assert!(parsed.is_ok(), "{}", parsed.unwrap_err());
        }
    }

    #[test]
    fn any_tokens_in_any_order_never_panic(tokens in prop::collection::vec(select(TOKENS), 0..30)) {
        let text = format!("<a>{}</a>", tokens.concat());
        if gate::check(text.as_bytes(), &Limits::default()).is_ok() {
            prop_assert!(roxmltree::Document::parse(&text).is_ok());
        }
        let _ = gate::check(tokens.concat().as_bytes(), &Limits::default());
    }
}

/// Enough to meet each edit near each construct; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(4_000)
}

/// What XML is made of, and what it must not be made of.
pub const TOKENS: &[&str] = &[
    "<",
    ">",
    "/",
    "/>",
    "</",
    "=",
    "'",
    "\"",
    "&",
    ";",
    ":",
    "-",
    "--",
    "!",
    "?",
    " ",
    "\n",
    "\t",
    "\r",
    "<b>",
    "</b>",
    "<b/>",
    "<b c='d'/>",
    "<b c=\"d\" e='f'>",
    "</a>",
    "<a>",
    "<p:b/>",
    "<p:b xmlns:p='u'/>",
    " xmlns:p='u'",
    " xmlns:p=''",
    " xmlns='u'",
    " xmlns=''",
    " xmlns:q='u'",
    " p:c=''",
    " q:c=''",
    " c=''",
    " xml:lang='en'",
    " xmlns:xml='http://www.w3.org/XML/1998/namespace'",
    " xmlns:xmlns='u'",
    " Id='x'",
    " xml:id='x'",
    "<!-- c -->",
    "<!---->",
    "<!-->",
    "<!--->",
    "<!--",
    "-->",
    "--->",
    "<![CDATA[",
    "]]>",
    "]]",
    "<![CDATA[x]]>",
    "<![CDATA[]]]]>",
    "<?xml version='1.0'?>",
    "<?p?>",
    "<?",
    "?>",
    "<!DOCTYPE a>",
    "<!",
    "&lt;",
    "&amp;",
    "&#65;",
    "&#x41;",
    "&#0;",
    "&#xD800;",
    "&#xFFFE;",
    "&e;",
    "x",
    "0",
    ".",
    "\u{E9}",
    "\u{B7}",
    "\u{FEFF}",
    "\u{FFFE}",
    "\0",
    "\u{1}",
    "\u{7F}",
    "\u{85}",
    "\u{A0}",
    "\u{2028}",
    "\u{10000}",
    "\u{F0000}",
];
