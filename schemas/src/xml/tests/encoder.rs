//! Writing: prefixes, escapes, and empty elements.

use super::*;
use crate::xml::{encode, encode_any};

fn smallest(from: &str) -> Note {
    Note {
        id: "n".into(),
        lang: None,
        from: from.to_owned(),
        to: None,
        line: Vec::new(),
        mark: vec![Mark::Red],
        end: None,
        pairs: Vec::new(),
        shape: None,
        inner: None,
    }
}

#[test]
fn what_is_used_is_declared_once_on_the_root() {
    let mut note = smallest("a");
    note.shape = Some(Shape::Round(Round { radius: 2.into() }));
    note.inner = Some(Note { id: "m".into(), ..smallest("b") }.into());
    let text = encode(&note);
    assert_eq!(
        text,
        format!(
            "<ei:note xmlns:xsi=\"{}\" xmlns:ei=\"{}\" xmlns:emix=\"{}\" id=\"n\"><ei:from>a</ei:from>\
             <ei:mark>red</ei:mark><emix:shape xsi:type=\"emix:RoundType\"><emix:radius>2</emix:radius>\
             </emix:shape><ei:note id=\"m\"><ei:from>b</ei:from><ei:mark>red</ei:mark></ei:note></ei:note>",
            crate::xml::XSI.uri(),
            EI.uri(),
            EMIX.uri()
        )
    );
    assert_eq!(read::<Note>(&text), Ok(note));
}

#[test]
fn markup_and_white_space_survive_in_text_and_attributes() {
    let hard = " <a> & \"b\" 'c' ]]> \t\n\r\u{85}\u{2028} ü \u{10FFFF} ";
    let mut note = smallest(hard);
    note.end = Some(End::Stop(Amount { unit: Some("a\"<&>'b".into()), value: 1.into() }));
    let text = encode(&note);
    assert!(text.contains(" &lt;a&gt; &amp; \"b\" 'c' ]]&gt; \t\n&#13;"), "{text}");
    assert!(text.contains("unit=\"a&quot;&lt;&amp;&gt;'b\""), "{text}");
    assert_eq!(read::<Note>(&text), Ok(note));
}

#[test]
fn characters_xml_cannot_say_become_the_replacement_character() {
    for bad in ["\0", "\u{1}", "\u{8}", "\u{B}", "\u{C}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"] {
        let text = encode(&smallest(&format!("a{bad}b")));
        assert_eq!(read::<Note>(&text).unwrap().from, "a\u{FFFD}b", "{bad:?}");
    }
    let kept = "\u{7F}\u{80}\u{FFFD}\u{FFFC}\u{EFFF}\u{FEFF}";
    assert_eq!(read::<Note>(&encode(&smallest(kept))).unwrap().from, kept);
}

#[test]
fn what_holds_nothing_is_an_empty_tag() {
    assert!(encode(&smallest("")).contains("<ei:from/>"));
    let halt = encode_any(&End::Halt(Version));
    assert_eq!(halt, format!("<ei:halt xmlns:ei=\"{}\">1.0</ei:halt>", EI.uri()));
    let text = format!("<halt xmlns='{}'/>", EI.uri());
    let again: End = crate::xml::decode_any(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(again, End::Halt(Version));
}
