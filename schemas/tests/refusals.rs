//! Every message refuses what does not belong in it and notices what lacks: a child
//! nobody knows, an attribute nobody knows, a child or text too much, a child missing,
//! two children swapped, another namespace; each refusal names the place.

#![allow(clippy::unwrap_used)]

mod common;

use std::ops::Range;

use common::lint::{self, Family};
use common::messages;
use oadr_schemas::xml::{Error, Kind};
use roxmltree::{Document, Node};

/// Random documents of each kind that are tampered with.
const EACH: usize = 3;
/// Places tampered with in each document, and in each way.
const PLACES: usize = 20;

/// A document tampered with at one element.
struct Case {
    kind: String,
    text: String,
    /// Paths that a refusal may name.
    parent: String,
}

/// Tampers with every kind of message, with what never may stand; the number of cases.
fn always_refused(family: Family, how: &str, change: Change) -> usize {
    let cases = all_cases(family, change);
    for case in &cases {
        match messages::rewritten(family, &case.text) {
            Err(error) => names_the_place(how, case, &error),
            Ok(_) => panic!("{how} in {}: read {}", case.kind, case.text),
        }
    }
    cases.len()
}

/// Tampers with what the schema may or may not allow: whether it does, `xmllint` says.
fn refused_when_invalid(family: Family, how: &str, change: Change) -> usize {
    let cases = all_cases(family, change);
    let verdicts: Vec<_> =
        cases.iter().map(|case| messages::rewritten(family, &case.text).err()).collect();
    for (case, refusal) in cases.iter().zip(&verdicts) {
        if let Some(error) = refusal {
            names_the_place(how, case, error);
        }
    }
    let documents: Vec<_> = cases.into_iter().map(|case| (case.kind, case.text)).collect();
    let Some(valid) = lint::verdicts(family, &documents) else { return documents.len() };
    let refused = verdicts.iter().flatten().count();
    println!("{how}: {refused} of {} refused", valid.len());
    assert!(refused * 5 > valid.len(), "{how}: only {refused} of {} refused", valid.len());
    for (((kind, text), refusal), valid) in documents.iter().zip(&verdicts).zip(valid) {
        assert_eq!(refusal.is_none(), valid, "{how} in {kind}: {refusal:?}\n{text}");
    }
    documents.len()
}

fn all_cases(family: Family, change: Change) -> Vec<Case> {
    let documents = messages::documents(family, EACH).into_iter();
    let each = documents.flat_map(|(kind, d)| d.into_iter().map(move |d| (kind.clone(), d)));
    each.flat_map(|(kind, document)| cases(&kind, &document, change)).collect()
}

fn names_the_place(how: &str, case: &Case, error: &Error) {
    assert!(error.line() == 1 && error.column() > 0, "{how} in {}: {error}", case.kind);
    let path = error.path();
    let near = path.starts_with(&case.parent) || case.parent.starts_with(path);
    assert!(near && !path.is_empty(), "{how} in {} at {}: {error}", case.kind, case.parent);
    let vague = matches!(error.kind(), Kind::Malformed(_) | Kind::TooMuch { .. });
    assert!(!vague, "{how} in {}: {error}\n{}", case.kind, case.text);
}

/// What is put in the place of a range of the document, for an element; `None` where
/// the change has no sense.
type Change = fn(&str, Node<'_, '_>) -> Option<(Range<usize>, String)>;

fn cases(kind: &str, document: &str, change: Change) -> Vec<Case> {
    let tree = Document::parse(document).unwrap();
    let all: Vec<_> = tree.root_element().descendants().filter(is_typed).collect();
    let step = all.len().div_ceil(PLACES).max(1);
    let mut found = Vec::new();
    for element in all.into_iter().step_by(step) {
        if let Some((range, text)) = change(document, element) {
            let changed = format!("{}{text}{}", &document[..range.start], &document[range.end..]);
            found.push(Case { kind: kind.to_owned(), text: changed, parent: path(element) });
        }
    }
    found
}

/// An element the schema has a type for: not in a wildcard, which takes anything.
fn is_typed(node: &Node<'_, '_>) -> bool {
    let captured = |n: Node<'_, '_>| {
        let name = n.tag_name();
        n.lookup_prefix(name.namespace().unwrap_or("")) == Some("t")
            || name.name() == "components"
            || name.namespace() == Some("http://www.w3.org/2005/Atom")
    };
    node.is_element() && !node.ancestors().filter(Node::is_element).any(captured)
}

/// The element's parents and itself as errors write them; the generator's documents
/// use the prefixes errors use.
fn path(element: Node<'_, '_>) -> String {
    let prefixed = |n: &Node<'_, '_>| {
        let name = n.tag_name();
        match name.namespace().and_then(|uri| n.lookup_prefix(uri)) {
            Some(prefix) => format!("/{prefix}:{}", name.name()),
            None => format!("/{}", name.name()),
        }
    };
    let mut names: Vec<_> =
        element.ancestors().filter(Node::is_element).map(|n| prefixed(&n)).collect();
    names.reverse();
    names.concat()
}

/// The name after `<`, and where the tag's attributes and the content begin.
fn open_tag(document: &str, element: Node<'_, '_>) -> (usize, usize) {
    let start = element.range().start;
    let name = document[start..].find([' ', '/', '>']).unwrap();
    (start + name, start + document[start..].find('>').unwrap())
}

fn has_elements(element: Node<'_, '_>) -> bool {
    element.children().any(|n| n.is_element())
}

fn an_unknown_child(document: &str, element: Node<'_, '_>) -> Option<(Range<usize>, String)> {
    let (_, closes) = open_tag(document, element);
    has_elements(element).then(|| (closes + 1..closes + 1, "<unknown/>".to_owned()))
}

fn an_unknown_last_child(_: &str, element: Node<'_, '_>) -> Option<(Range<usize>, String)> {
    let last = element.last_element_child()?.range().end;
    Some((
        last..last,
        "<ei:unknown xmlns:ei=\"http://docs.oasis-open.org/ns/energyinterop/201110\"/>".to_owned(),
    ))
}

fn an_unknown_attribute(document: &str, element: Node<'_, '_>) -> Option<(Range<usize>, String)> {
    let (name_ends, _) = open_tag(document, element);
    Some((name_ends..name_ends, " unknown=\"1\"".to_owned()))
}

fn text_too_much(document: &str, element: Node<'_, '_>) -> Option<(Range<usize>, String)> {
    let (_, closes) = open_tag(document, element);
    has_elements(element).then(|| (closes + 1..closes + 1, "text".to_owned()))
}

fn another_namespace(document: &str, element: Node<'_, '_>) -> Option<(Range<usize>, String)> {
    element.parent_element()?;
    let text = &document[element.range()];
    let (name_ends, _) = open_tag(document, element);
    let prefix = text[1..].split(':').next().filter(|_| element.lookup_prefix("").is_none())?;
    let at = name_ends - element.range().start;
    let declared = format!("{} xmlns:{prefix}=\"urn:x:another\"{}", &text[..at], &text[at..]);
    text[..at].contains(':').then_some((element.range(), declared))
}

fn a_child_missing(_: &str, element: Node<'_, '_>) -> Option<(Range<usize>, String)> {
    element.parent_element().map(|_| (element.range(), String::new()))
}

fn two_children_swapped(document: &str, element: Node<'_, '_>) -> Option<(Range<usize>, String)> {
    let next = element.next_sibling_element()?;
    let different = next.tag_name() != element.tag_name();
    let swapped = || format!("{}{}", &document[next.range()], &document[element.range()]);
    different.then(|| (element.range().start..next.range().end, swapped()))
}

fn every_message_of(family: Family) {
    let cases = always_refused(family, "an unknown child", an_unknown_child)
        + always_refused(family, "an unknown last child", an_unknown_last_child)
        + always_refused(family, "an unknown attribute", an_unknown_attribute)
        + always_refused(family, "text between children", text_too_much)
        + always_refused(family, "another namespace", another_namespace)
        + refused_when_invalid(family, "a child missing", a_child_missing)
        + refused_when_invalid(family, "two children swapped", two_children_swapped);
    println!("{family:?}: {cases} cases");
    assert!(cases > 1_000, "only {cases} cases");
}

#[test]
fn every_openadr_message_refuses_what_does_not_belong() {
    every_message_of(Family::OpenAdr);
}

#[test]
fn every_ei_message_refuses_what_does_not_belong() {
    every_message_of(Family::Ei);
}
