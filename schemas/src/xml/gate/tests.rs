//! The gate as a whole: each rule with the nearest document that keeps it.

use super::*;

mod limits;

fn error(document: &str) -> Error {
    check(document.as_bytes(), &Limits::default()).expect_err(document)
}

fn passes(document: &str) {
    let result = check(document.as_bytes(), &Limits::default());
    assert_eq!(result.expect(document), document);
}

/// Where a document is refused: line, column and path.
fn place(document: &str) -> (u32, u32, String) {
    let error = error(document);
    (error.line(), error.column(), error.path().to_owned())
}

#[test]
fn a_document_of_every_accepted_construct_passes() {
    passes(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<!-- a -->\n\
         <p:a xmlns:p='urn:a' xmlns='urn:b' p:b='&lt;&#x41;' b = \"'>\" xml:lang='en' >\n\
         <b/>t &amp; &#65;<![CDATA[<&]]]]><!---->]]&gt;<c xmlns=''>\u{FEFF}é</c\t>\n</p:a>\n<!-- z -->\n",
    );
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_text() {
    let text = check(b"\xEF\xBB\xBF<?xml version='1.0'?><a/>", &Limits::default());
    assert_eq!(text.unwrap(), "<?xml version='1.0'?><a/>");
    assert_eq!(place("\u{FEFF}<a><b></a>"), (1, 9, "/a/b".into()));
}

#[test]
fn a_fault_names_line_column_and_the_open_elements() {
    assert_eq!(
        place("<p:a xmlns:p='u'>\n <b>\n  <c x='1' y='&no;'/></b></p:a>"),
        (3, 15, "/p:a/b/c".into())
    );
    assert_eq!(place("<a><b>\u{1}</b></a>"), (1, 7, "/a/b".into()));
    assert_eq!(error("<a>&no;</a>").to_string(), "1:4: /a: unknown entity \"no\"");
}

#[test]
fn a_long_name_is_cut_in_a_path() {
    let (_, _, path) = place(&format!("<{}>", "a".repeat(1024)));
    assert_eq!(path, format!("/{}…", "a".repeat(64)));
}

#[test]
fn document_types_and_processing_instructions_are_refused_anywhere() {
    for document in [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
        "<!doctype a><a/>",
        "<a><!DOCTYPE a></a>",
        "<a/><!DOCTYPE a>",
        "<?a?><a/>",
        "<a><?b c?></a>",
        "<a/><?b?>",
        "<a><??></a>",
        "<?XML version='1.0'?><a/>",
        "<?xml-stylesheet href='x'?><a/>",
        "<!ENTITY e 'x'><a/>",
        "<![IGNORE[]]><a/>",
    ] {
        error(document);
    }
}

#[test]
fn a_declaration_stands_at_the_first_byte_only() {
    passes("<?xml version='1.0'?><a/>");
    for document in [
        " <?xml version='1.0'?><a/>",
        "<!----><?xml version='1.0'?><a/>",
        "<a><?xml version='1.0'?></a>",
        "<a/><?xml version='1.0'?>",
        "<?xml version='1.0'?><?xml version='1.0'?><a/>",
        "<?xml?><a/>",
    ] {
        error(document);
    }
}

#[test]
fn another_encoding_than_utf8_is_refused() {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let utf32 =
        |text: &str| -> Vec<u8> { text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect() };
    for bytes in [utf16("<a/>"), utf16("\u{FEFF}<a/>"), utf32("<a/>"), utf32("\u{FEFF}<a/>")] {
        assert!(check(&bytes, &Limits::default()).is_err());
    }
    error("<?xml version='1.0' encoding='UTF-7'?><a/>");
    error("<?xml version='1.0' encoding='ISO-8859-1'?><a/>");
}

#[test]
fn there_is_exactly_one_root() {
    for document in [
        "",
        " \n",
        "<!---->",
        "<?xml version='1.0'?>",
        "<a/><a/>",
        "<a/><b></b>",
        "<a></a></a>",
        "</a>",
    ] {
        error(document);
    }
    passes(" <a/> ");
}

#[test]
fn only_white_space_and_comments_stand_outside_the_root() {
    for outside in
        ["x", "&#32;", "&amp;", "<![CDATA[]]>", "<![CDATA[ ]]>", "\u{A0}", "\u{FEFF}", "]]>", ">"]
    {
        error(&format!("<a/>{outside}"));
        error(&format!("<!---->{outside}<a/>"));
    }
    passes("\n<!-- b -->\t<a/>\r\n<!-- c --> ");
}

#[test]
fn every_tag_is_closed_by_its_own_name() {
    passes("<p:a xmlns:p='u' xmlns:q='u'><b></b \n></p:a>");
    for document in [
        "<a></b>",
        "<a><b></a></b>",
        "<a></A>",
        "<a></ a>",
        "<a></a b='1'>",
        "<a></>",
        "<a></a/>",
        "<p:a xmlns:p='u' xmlns:q='u'></q:a>",
        "<a></a\u{A0}>",
    ] {
        error(document);
    }
}

#[test]
fn a_truncated_document_is_refused_at_every_length() {
    let whole =
        "<?xml version='1.0'?><!-- a --><p:a xmlns:p='u' b=\"1\">t&amp;é<b/><![CDATA[c]]></p:a>";
    passes(whole);
    for length in 0..whole.len() {
        assert!(check(&whole.as_bytes()[..length], &Limits::default()).is_err(), "{length}");
    }
}

#[test]
fn markup_that_only_looks_like_markup_is_refused() {
    for inside in [
        "<!-->",
        "<!--->",
        "<!-- -- -->",
        "<!-- --->",
        "<!- a ->",
        "<!>",
        "<!a>",
        "<![CDATA[]>",
        "<![CDATA]]>",
        "<![cdata[]]>",
        "<>",
        "< b/>",
        "<b/ >",
        "<b / >",
        "<1/>",
        "<b<c/>",
        "<b=''/>",
        "<b c></b>",
        "<b c=d/>",
        "<b c='1'd='2'/>",
        "<b c='<'/>",
        "<b 'c'/>",
        "<b c=''''/>",
        "]]>",
        "&",
        "& ",
        "&lt",
        "&lt &gt;",
        "&;",
        "&#0;",
        "&#xFFFF;",
        "&#xD800;",
        "&a:b;",
        "%e;&e;",
        "<b c='&e;'/>",
        "<?",
        "<!--",
        "<b/",
        "</",
    ] {
        error(&format!("<a>{inside}</a>"));
    }
}

#[test]
fn characters_outside_xml_are_refused_wherever_they_stand() {
    for c in ['\0', '\u{1}', '\u{8}', '\u{B}', '\u{C}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
        for document in [
            format!("<a>{c}</a>"),
            format!("<a b='{c}'/>"),
            format!("<a><!--{c}--></a>"),
            format!("<a><![CDATA[{c}]]></a>"),
            format!("{c}<a/>"),
            format!("<a/>{c}"),
            format!("<a{c}/>"),
            format!("<a></a{c}>"),
            format!("<?xml version='1.0'{c}?><a/>"),
        ] {
            error(&document);
        }
    }
}

#[test]
fn every_prefix_is_bound_where_it_is_used() {
    passes("<a><p:b p:c='' xmlns:p='u'/></a>");
    for document in [
        "<p:a/>",
        "<a p:b=''/>",
        "<a><b xmlns:p='u'/><p:c/></a>",
        "<a><b xmlns:p='u'></b><p:c/></a>",
        "<xmlns:a/>",
        "<a xmlns:p=''><p:b/></a>",
        "<a xmlns:p='u' xmlns:P='u'><p:b/><Q:b/></a>",
    ] {
        error(document);
    }
    assert_eq!(place("<a><b\n p:c=''/></a>"), (2, 2, "/a/b".into()));
}

#[test]
fn the_prefixes_of_xml_itself_keep_their_meaning() {
    passes("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:space='preserve'/>");
    for document in [
        "<a xmlns:xml='u'/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:='u'/>",
        "<a xmlns:p:q='u'/>",
        "<a xmlns:1='u'/>",
    ] {
        error(document);
    }
}

#[test]
fn no_attribute_stands_twice_by_whatever_prefix() {
    passes("<a xmlns:p='u' xmlns:q='v' b='' p:b='' q:b=''/>");
    passes("<a xmlns='u' xmlns:p='u' b='' p:b=''/>");
    passes("<a xmlns:b='u' b=''/>");
    passes("<a xmlns:p='u' xmlns:b='v' p:b=''/>");
    for document in [
        "<a b='' b=''/>",
        "<a b='' c='' b=''/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
        "<a xmlns:p='u' xmlns:p='u'/>",
        "<a xmlns:p='u' xmlns:p='v'/>",
        "<a xmlns='u' xmlns='u'/>",
        "<a xmlns='' xmlns=''/>",
        "<a xmlns:p='u'><b xmlns:q='u' q:c='' p:c=''/></a>",
        "<a xml:lang='' xml:lang=''/>",
    ] {
        error(document);
    }
    assert_eq!(place("<a b='' c='' b=''/>"), (1, 14, "/a".into()));
}

#[test]
fn no_id_stands_twice_whatever_its_attribute_is_called() {
    passes(
        "<a Id='x'><b ID='y'/><b id='z'/><b xml:id='X'/><b p:Id='w' xmlns:p='u'/><b idref='x' ref='x'/></a>",
    );
    let names = ["Id", "ID", "id", "xml:id", "p:Id"];
    for first in names {
        for second in names {
            error(&format!("<a xmlns:p='u' {first}='x'><b><c {second}='x'/></b></a>"));
        }
    }
    error("<a Id='x' ID='x'/>");
    passes("<a Id='1' ID=''/>");
    error("<a xml:id='1'/>");
    error("<a xml:id=''/>");
    error("<a xml:id='é'/>");
    passes("<a xml:id='_1'/>");
    for id in ["&#120;", "x ", " x", "x\ty", "x&amp;y"] {
        error(&format!("<a Id='{id}'/>"));
    }
}
