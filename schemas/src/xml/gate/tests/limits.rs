//! Each limit: at it a document passes, one beyond it does not.

use std::fmt::Write as _;

use super::*;
use crate::xml::Kind;

/// What there is too much of, or nothing if `document` passes.
fn excess(document: &str, limits: &Limits) -> Option<&'static str> {
    match check(document.as_bytes(), limits) {
        Ok(_) => None,
        Err(error) => match error.kind() {
            Kind::TooMuch { what, .. } => Some(what),
            other => panic!("{other}"),
        },
    }
}

fn many(n: usize, each: impl Fn(usize) -> String) -> String {
    (0..n).fold(String::new(), |mut all, i| {
        let _ = write!(all, "{}", each(i));
        all
    })
}

#[test]
fn sixty_four_elements_deep_is_the_deepest() {
    let nested = |n| "<a>".repeat(n) + &"</a>".repeat(n);
    let empty = |n| "<a>".repeat(n) + "<b/>" + &"</a>".repeat(n);
    let limits = Limits::default();
    assert_eq!(excess(&nested(64), &limits), None);
    assert_eq!(excess(&nested(65), &limits), Some("depth"));
    assert_eq!(excess(&empty(63), &limits), None);
    assert_eq!(excess(&empty(64), &limits), Some("depth"));
}

#[test]
fn sixty_four_attributes_on_a_tag_are_the_most() {
    let tag = |n| format!("<a>{0}{0}</a>", format!("<b{}/>", many(n, |i| format!(" a{i}=''"))));
    assert_eq!(excess(&tag(64), &Limits::default()), None);
    assert_eq!(excess(&tag(65), &Limits::default()), Some("attributes"));
}

#[test]
fn thirty_two_declarations_on_a_tag_are_the_most() {
    let tag = |n| {
        format!(
            "<a>{0}{0}</a>",
            format!("<b xmlns=''{}/>", many(n, |i| format!(" xmlns:p{i}='u'")))
        )
    };
    assert_eq!(excess(&tag(31), &Limits::default()), None);
    assert_eq!(excess(&tag(32), &Limits::default()), Some("bindings"));
}

#[test]
fn two_hundred_and_fifty_six_bindings_in_force_are_the_most() {
    let nested = |n, last: &str| {
        let open = many(n, |i| format!("<a{}>", many(32, |j| format!(" xmlns:p{i}.{j}='u'"))));
        format!("{open}<b{last}/>{}", "</a>".repeat(n))
    };
    assert_eq!(excess(&nested(8, ""), &Limits::default()), None);
    assert_eq!(excess(&nested(8, " xmlns='u'"), &Limits::default()), Some("bindings in force"));
}

#[test]
fn two_hundred_and_fifty_six_namespaces_are_the_most() {
    let document = |n| format!("<a>{}</a>", many(n, |i| format!("<b xmlns='u{i}'/>")));
    assert_eq!(excess(&document(256), &Limits::default()), None);
    assert_eq!(excess(&document(257), &Limits::default()), Some("namespaces"));
}

#[test]
fn four_thousand_and_ninety_six_ids_are_the_most() {
    let document = |n| format!("<a>{}</a>", many(n, |i| format!("<b Id='{i}'/>")));
    assert_eq!(excess(&document(4096), &Limits::default()), None);
    assert_eq!(excess(&document(4097), &Limits::default()), Some("Ids"));
}

#[test]
fn twenty_thousand_elements_are_the_most() {
    let document = |n: usize| format!("<a>{}</a>", "<b/>".repeat(n - 1));
    assert_eq!(excess(&document(20_000), &Limits::default()), None);
    assert_eq!(excess(&document(20_001), &Limits::default()), Some("elements"));
}

#[test]
fn text_between_two_tags_counts_as_one_however_it_is_cut() {
    let limits = Limits { text: 20, ..Limits::default() };
    let exact = "12345&amp;<![CDATA[]]>";
    assert_eq!(exact.len(), 22);
    for run in [
        "12345678901234567890",
        "&lt;&lt;&lt;&lt;&lt;",
        "12345678<![CDATA[]]>",
        "1234567890123<!---->",
        "<!--1234567890123-->",
    ] {
        for document in [format!("<a>{run}</a>"), format!("<a>{run}<b/>{run}</a>")] {
            assert_eq!(excess(&document, &limits), None, "{document}");
        }
        assert_eq!(
            excess(&format!("<a>{run}1</a>"), &limits),
            Some("bytes between two tags"),
            "{run}"
        );
        assert_eq!(
            excess(&format!("<a><b></b>{run}&lt;</a>"), &limits),
            Some("bytes between two tags"),
            "{run}"
        );
    }
    assert_eq!(excess(&format!("<a>{exact}</a>"), &limits), Some("bytes between two tags"));
}

#[test]
fn sixty_four_kibibytes_of_value_text_or_comment_are_the_most() {
    let long = "x".repeat(64 * 1024 - 7);
    for (start, end) in
        [("<a b='", "'/>"), ("<a>", "</a>"), ("<a/>", " "), ("", "<a/>"), ("<a><!--", "--></a>")]
    {
        let fill = |more: &str| match (start, end) {
            ("<a b='", _) | ("<a>", _) => format!("{start}{long}{}{more}{end}", "x".repeat(7)),
            ("<a><!--", _) => format!("{start}{long}{more}{end}"),
            _ => format!("{start}{}{more}{end}", " ".repeat(64 * 1024 - usize::from(end == " "))),
        };
        assert_eq!(excess(&fill(""), &Limits::default()), None, "{start}");
        assert!(excess(&fill(" "), &Limits::default()).is_some(), "{start}");
    }
}

#[test]
fn a_name_of_1024_bytes_is_the_longest_anywhere() {
    let (longest, longer) = ("a".repeat(1024), "a".repeat(1025));
    for document in ["<N/>", "<b N=''/>"] {
        assert_eq!(excess(&document.replace('N', &longest), &Limits::default()), None);
        assert_eq!(
            excess(&document.replace('N', &longer), &Limits::default()),
            Some("bytes in a name")
        );
    }
}

#[test]
fn a_document_of_256_kibibytes_is_the_longest_and_reports_may_have_4_mebibytes() {
    let document = |bytes: usize| {
        let each = format!("<b>{}</b>", "x".repeat(1017));
        let whole = format!("<a>{}</a>", each.repeat(bytes / 1024 - 1));
        let rest = bytes - whole.len();
        whole + &" ".repeat(rest)
    };
    assert_eq!(excess(&document(256 * 1024), &Limits::default()), None);
    assert_eq!(excess(&(document(256 * 1024) + " "), &Limits::default()), Some("bytes"));
    assert_eq!(excess(&document(4 * 1024 * 1024), &Limits::reports()), None);
    assert_eq!(excess(&(document(4 * 1024 * 1024) + " "), &Limits::reports()), Some("bytes"));
    let elements = |n: usize| format!("<a>{}</a>", "<b/>".repeat(n - 1));
    assert_eq!(excess(&elements(200_000), &Limits::reports()), None);
    assert_eq!(excess(&elements(200_001), &Limits::reports()), Some("elements"));
}
