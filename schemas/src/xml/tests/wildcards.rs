//! What the schema leaves open comes through as it was, wherever it is put.

use super::*;
use crate::xml::encode;

/// Reads an open element, and holds that writing and reading it changes nothing.
fn open(attributes: &str, content: &str) -> Open {
    let first: Open = read(&document("open", attributes, content)).unwrap();
    let text = encode(&first);
    assert_eq!(read::<Open>(&text).as_ref(), Ok(&first), "{text}");
    first
}

fn one(content: &str) -> String {
    let open = open("", content);
    assert_eq!(open.any.len(), 1);
    open.any[0].as_str().to_owned()
}

#[test]
fn a_captured_element_declares_just_what_it_takes_from_around_it() {
    let (x, p) = (EMIX.uri(), PYLD.uri());
    assert_eq!(one("<x:a/>"), format!("<x:a xmlns:x=\"{x}\"/>"));
    assert_eq!(
        one("<x:a p:b='1'><x:c/></x:a>"),
        format!("<x:a xmlns:p=\"{p}\" xmlns:x=\"{x}\" p:b='1'><x:c/></x:a>")
    );
    assert_eq!(one("<y:a xmlns:y='urn:y'><y:b/></y:a>"), "<y:a xmlns:y='urn:y'><y:b/></y:a>");
    assert_eq!(
        one("<y:a xmlns:y='urn:y'><x:b xmlns:x='urn:z'/>x:c</y:a>"),
        "<y:a xmlns:y='urn:y'><x:b xmlns:x='urn:z'/>x:c</y:a>"
    );
    assert_eq!(
        one("<y:a xmlns:y='urn:y'><x:b xmlns:x='urn:z'/><x:c/></y:a>"),
        format!("<y:a xmlns:x=\"{x}\" xmlns:y='urn:y'><x:b xmlns:x='urn:z'/><x:c/></y:a>")
    );
}

#[test]
fn a_default_namespace_goes_with_the_element() {
    let text = format!("<open xmlns='{}' xmlns:d='urn:d?a=1'><d:a><b/></d:a></open>", EI.uri());
    let first: Open = read(&text).unwrap();
    assert_eq!(
        first.any[0].as_str(),
        format!("<d:a xmlns=\"{}\" xmlns:d=\"urn:d?a=1\"><b/></d:a>", EI.uri())
    );
    assert_eq!(read::<Open>(&encode(&first)), Ok(first));
    assert_eq!(one("<x:a><b/></x:a>"), format!("<x:a xmlns:x=\"{}\"><b/></x:a>", EMIX.uri()));
}

#[test]
fn the_namespace_of_an_xsi_type_goes_with_it() {
    assert_eq!(
        one("<y:a xmlns:y='urn:y' i:type='x:T'/>"),
        format!(
            "<y:a xmlns:i=\"{}\" xmlns:x=\"{}\" xmlns:y='urn:y' i:type='x:T'/>",
            crate::xml::XSI.uri(),
            EMIX.uri()
        )
    );
    let unbound = document("open", "", "<y:a xmlns:y='urn:y' i:type='q:T'/>");
    assert!(
        read::<Open>(&unbound)
            .unwrap_err()
            .to_string()
            .ends_with("the prefix q in xsi:type is not bound")
    );
    let thing = open("", "<e:thing i:type='x:T' i:nil='true' b='1' p:c='2'/>").thing.unwrap();
    let xsi = crate::xml::XSI.uri();
    let expected = [
        (xsi, "type", &*format!("{{{}}}T", EMIX.uri())),
        (xsi, "nil", "true"),
        ("", "b", "1"),
        (PYLD.uri(), "c", "2"),
    ];
    let owned = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(thing.attributes, AnyAttributes(owned.to_vec()));
}

#[test]
fn wildcards_for_other_namespaces_leave_out_their_own_and_none() {
    assert_eq!(open("x:a='1' xml:lang='de'", "").attributes.0.len(), 2);
    assert_eq!(open("xmlns:f='urn:f' f:a='1' xmlns:g='urn:g' g:a='2'", "").attributes.0.len(), 2);
    for (attributes, content) in
        [("a='1'", ""), ("e:a='1'", ""), ("", "<a/>"), ("", "<e:a/>"), ("", "<x:a/><x:b/><x:c/>")]
    {
        let text = document("open", attributes, content);
        assert!(read::<Open>(&text).is_err(), "{text}");
    }
}

#[test]
fn mixed_content_keeps_text_elements_and_order() {
    let mixed = |content: &str| {
        let first: Mixed = read(&document("mixed", "", content)).unwrap();
        assert_eq!(read::<Mixed>(&encode(&first)).as_ref(), Ok(&first));
        first.content.as_str().to_owned()
    };
    assert_eq!(mixed("a &amp; <!-- x -->b<![CDATA[<c>]]>"), "a &amp; b&lt;c&gt;");
    assert_eq!(mixed("a<y:b xmlns:y='urn:y'/>c"), "a<y:b xmlns:y='urn:y'/>c");
    assert_eq!(
        mixed("<x:b/> <x:b/>"),
        format!("<x:b xmlns:x=\"{0}\"/> <x:b xmlns:x=\"{0}\"/>", EMIX.uri())
    );
    assert_eq!(mixed(""), "");
}

#[test]
fn an_element_kept_as_it_came_can_be_read_as_a_message() {
    let inner = "<q:note xmlns:q='URI' id='n'><q:from>a</q:from><q:mark>red</q:mark></q:note>";
    let first: Mixed = read(&document("mixed", "", &inner.replace("URI", EI.uri()))).unwrap();
    let note: Note = first.content.decode().unwrap();
    assert_eq!(note.from, "a");
    assert_eq!(Any::of(&note).decode::<Note>(), Ok(note));
    assert!(Any::default().is_empty());
}
