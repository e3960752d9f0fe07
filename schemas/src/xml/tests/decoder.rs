//! Reading: what is taken, and how what is not is refused.

use super::*;
use crate::xml::{Kind, decode_any, root};

const LEAST: &str = "<e:from>a</e:from><e:mark>red</e:mark>";

fn refusal(content: &str) -> String {
    note(content).map(|n| format!("{n:?}")).unwrap_err().to_string()
}

fn ends(content: &str, with: &str) {
    let refusal = refusal(content);
    assert!(refusal.ends_with(with), "{content}: {refusal}");
}

#[test]
fn every_kind_of_field_is_read() {
    let content = "<e:from> a </e:from><e:to>b</e:to><e:line/><e:line>2</e:line>\
        <e:mark> light\nred </e:mark><e:mark>own</e:mark><e:stop unit='W'>1.20</e:stop>\
        <e:key>k</e:key><e:value>1</e:value><e:key>l</e:key><e:value>INF</e:value>\
        <x:shape i:type='x:SquareType'><x:side>2</x:side></x:shape>\
        <e:note id='m'><e:from/><e:mark>red</e:mark></e:note>";
    let read: Note = read(&document("note", "id='n' e:lang=' de '", content)).unwrap();
    assert_eq!(&*read.id, "n");
    assert_eq!(read.lang.as_deref(), Some("de"));
    assert_eq!(read.from, " a ");
    assert_eq!(read.to.as_deref(), Some("b"));
    assert_eq!(read.line, ["", "2"]);
    assert_eq!(read.mark, [Mark::LightRed, Mark::Extension("own".into())]);
    let Some(End::Stop(amount)) = read.end else { panic!("{:?}", read.end) };
    assert_eq!((amount.unit.as_deref(), amount.value.as_str()), (Some("W"), "1.20"));
    let pairs: Vec<_> = read.pairs.iter().map(|p| (&*p.key, p.value.as_str())).collect();
    assert_eq!(pairs, [("k", "1"), ("l", "INF")]);
    assert!(matches!(read.shape, Some(Shape::Square(_))));
    assert_eq!(&*read.inner.unwrap().0.id, "m");
}

#[test]
fn the_prefix_does_not_matter_and_the_namespace_does() {
    let text = format!("<note xmlns='{}' id='n'><from/><mark>red</mark></note>", EI.uri());
    assert!(read::<Note>(&text).is_ok());
    let text = text.replace("<from/>", "<from xmlns=''/>");
    assert!(
        read::<Note>(&text)
            .unwrap_err()
            .to_string()
            .ends_with("from may not stand here; expected ei:from")
    );
    let text = text.replace("xmlns=''", "xmlns='urn:x:other'");
    assert!(
        read::<Note>(&text)
            .unwrap_err()
            .to_string()
            .ends_with("?:from may not stand here; expected ei:from")
    );
    ends(
        &format!("{LEAST}<p:stop>1</p:stop><e:stop>1</e:stop>"),
        "/ei:note: ei:stop may not stand here; expected ei:key | emix:shape | ei:note",
    );
}

#[test]
fn what_may_not_stand_is_refused_with_what_could() {
    ends(
        "<e:from/><e:more/>",
        "/ei:note: ei:more may not stand here; expected ei:to | ei:line | ei:mark",
    );
    ends("<e:mark>red</e:mark><e:from/>", "/ei:note: ei:mark may not stand here; expected ei:from");
    ends(
        "<e:from/><e:from/>",
        "/ei:note: ei:from may not stand here; expected ei:to | ei:line | ei:mark",
    );
    ends(
        &format!("{LEAST}<e:stop>1</e:stop><e:halt/>"),
        "ei:halt may not stand here; expected ei:key | emix:shape | ei:note",
    );
    ends(
        &format!("{LEAST}<e:mark>red</e:mark><e:mark>red</e:mark>"),
        "ei:mark may not stand here; expected ei:stop | ei:halt | pyld:stop | ei:key | emix:shape | ei:note",
    );
    ends(&format!("{LEAST}text"), "/ei:note: text may not stand here");
    ends("<e:from>a<e:b/></e:from>", "/ei:note/ei:from: e:b may not stand here");
}

#[test]
fn what_lacks_is_named() {
    ends("", "/ei:note: ei:from is missing");
    ends("<e:from/>", "/ei:note: ei:to | ei:line | ei:mark is missing");
    ends(&format!("{LEAST}<e:key/>"), "/ei:note: ei:value is missing");
    ends(
        &format!("{LEAST}<x:shape/>"),
        "/ei:note/emix:shape: xsi:type naming one of emix:RoundType, emix:SquareType is missing",
    );
    ends(
        &format!("{LEAST}<x:shape i:type='e:RoundType'/>"),
        "xsi:type naming one of emix:RoundType, emix:SquareType is missing",
    );
    let error = read::<Note>(&document("note", "", LEAST)).unwrap_err();
    assert!(error.to_string().ends_with("/ei:note: the attribute id is missing"), "{error}");
}

#[test]
fn attributes_nobody_asked_for_are_refused_but_hints_about_schemas() {
    let with = |attributes: &str| read::<Note>(&document("note", attributes, LEAST));
    assert!(with("id='n' i:schemaLocation='urn:a b.xsd' i:noNamespaceSchemaLocation='c'").is_ok());
    for (attributes, name) in [
        ("id='n' more='1'", "more"),
        ("id='n' e:id='1'", "ei:id"),
        ("id='n' i:nil='true'", "xsi:nil"),
        ("id='n' i:type='e:Note'", "xsi:type"),
    ] {
        let error = with(attributes).unwrap_err().to_string();
        assert!(
            error.ends_with(&format!("/ei:note: the attribute {name} may not stand here")),
            "{error}"
        );
    }
}

#[test]
fn values_are_refused_with_what_their_type_wants() {
    ends("<e:from/><e:to>abcde</e:to>", "/ei:note/ei:to: \"abcde\" is not at most 4 characters");
    ends(&format!("{LEAST}<e:stop>1,5</e:stop>"), "/ei:stop: \"1,5\" is not a number");
    ends(&format!("{LEAST}<e:halt>2.0</e:halt>"), "\"2.0\" is not the fixed text 1.0");
    let long = "x".repeat(200);
    let error = refusal(&format!("{LEAST}<e:stop>{long}</e:stop>"));
    assert!(error.ends_with(&format!("\"{}\" is not a number", "x".repeat(80))), "{error}");
}

#[test]
fn text_is_joined_over_comments_cdata_and_references() {
    let from = |inside: &str| {
        note(&format!("<e:from>{inside}</e:from><e:mark>red</e:mark>")).map(|n| n.from)
    };
    assert_eq!(from("a<!-- b -->c<![CDATA[<d>]]>&amp;&#x65;&#102;").unwrap(), "ac<d>&ef");
    assert_eq!(from("a\r\nb\rc&#13;d").unwrap(), "a\nb\nc\rd");
    assert_eq!(from("<![CDATA[a\r\nb]]>").unwrap(), "a\nb");
    assert_eq!(from("").unwrap(), "");
    assert!(note("<e:from><![CDATA[]]></e:from> <!-- --> <e:mark>red</e:mark>\n").is_ok());
    assert!(note("<![CDATA[]]><e:from/><e:mark>red</e:mark>").is_err());
}

#[test]
fn attribute_values_are_normalised() {
    let lang = |value: &str| {
        let text = document("note", &format!("id='n' e:lang=\"{value}\""), LEAST);
        read::<Note>(&text).unwrap().lang.unwrap().to_string()
    };
    assert_eq!(lang("a\r\nb\tc"), "a b c");
    assert_eq!(lang("&lt;&#97;&quot;"), "<a\"");
}

#[test]
fn errors_say_line_and_column_of_the_tag() {
    let error = note("\n <e:from/>\n  <e:more/>").unwrap_err();
    assert_eq!((error.line(), error.column(), error.path()), (3, 3, "/ei:note"));
    let error = note("\n <e:from/>\n <e:to>12345</e:to>").unwrap_err();
    assert_eq!((error.line(), error.column(), error.path()), (3, 2, "/ei:note/ei:to"));
    assert!(matches!(error.kind(), Kind::Value { .. }));
}

#[test]
fn namespaces_end_with_the_element_that_declares_them() {
    let inner = "<e:from xmlns:e='urn:x:1'/>";
    ends(inner, "?:from may not stand here; expected ei:from");
    let after = format!("<e:from xmlns:q='urn:x:1'/><q:mark xmlns:q='{}'>red</q:mark>", EI.uri());
    assert!(note(&after).is_ok());
    assert!(note(&after.replace("<q:mark xmlns:q", "<q:mark xmlns:r")).is_err());
}

#[test]
fn the_root_is_told_without_reading_further() {
    let limits = Limits::default();
    let text = document("note", "", "<nothing/>");
    assert_eq!(root(text.as_bytes(), &limits).unwrap(), (EI, "note".to_owned()));
    assert!(root(b"<a>", &limits).is_err());
    let other = decode_any::<End>(text.as_bytes(), &limits).unwrap_err();
    assert!(
        other
            .to_string()
            .ends_with("ei:note may not stand here; expected ei:stop | ei:halt | pyld:stop")
    );
}
