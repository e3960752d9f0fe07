//! Writing: one pass, no tree, fixed prefixes declared once on the root.

use std::fmt::Write as _;

use super::content::{Content, Group, Sequence, Text};
use super::names::{NONE, Ns, XML, XSI};

/// Writes one document. Its methods are named as the [`Decoder`](super::Decoder)'s,
/// so that one line declares a field for both directions.
pub struct Encoder {
    out: String,
    /// Where the declarations of the used prefixes go: behind the root's name.
    declarations_at: usize,
    used: u64,
    /// A start tag is written but not closed: attributes may follow.
    tag_open: bool,
}

impl Encoder {
    pub(super) fn new() -> Self {
        let out = String::with_capacity(1024);
        Self { out, declarations_at: 0, used: 0, tag_open: false }
    }

    /// An element.
    pub fn one<T: Content>(&mut self, ns: Ns, local: &'static str, content: &T) {
        self.close_tag();
        let root = self.out.is_empty();
        self.out.push('<');
        self.name(ns, local);
        if root {
            self.declarations_at = self.out.len();
        }
        self.tag_open = true;
        content.encode(self);
        if self.tag_open {
            self.out.push_str("/>");
            self.tag_open = false;
        } else {
            self.out.push_str("</");
            self.name(ns, local);
            self.out.push('>');
        }
    }

    /// An element, if it is there.
    pub fn opt<T: Content>(&mut self, ns: Ns, local: &'static str, content: &Option<T>) {
        if let Some(content) = content {
            self.one(ns, local, content);
        }
    }

    /// All of them.
    pub fn many<T: Content>(&mut self, ns: Ns, local: &'static str, contents: &[T]) {
        for content in contents {
            self.one(ns, local, content);
        }
    }

    /// All of them; how many there may be is the reader's to check.
    pub fn range<T: Content>(
        &mut self,
        ns: Ns,
        local: &'static str,
        _min: usize,
        _max: usize,
        contents: &[T],
    ) {
        self.many(ns, local, contents);
    }

    /// A member of a group.
    pub fn one_of<T: Group>(&mut self, member: &T) {
        member.encode(self);
    }

    /// A member of a group, if it is there.
    pub fn opt_of<T: Group>(&mut self, member: &Option<T>) {
        if let Some(member) = member {
            member.encode(self);
        }
    }

    /// All members.
    pub fn range_of<T: Group>(&mut self, _min: usize, _max: usize, members: &[T]) {
        for member in members {
            member.encode(self);
        }
    }

    /// An inner sequence, if it is there.
    pub fn opt_run<T: Sequence>(&mut self, run: &Option<T>) {
        if let Some(run) = run {
            run.encode(self);
        }
    }

    /// All inner sequences.
    pub fn range_run<T: Sequence>(&mut self, _min: usize, _max: usize, runs: &[T]) {
        for run in runs {
            run.encode(self);
        }
    }

    /// An attribute.
    pub fn attr<T: Text>(&mut self, ns: Ns, local: &'static str, value: &T) {
        self.known_attr(ns, local, &value.text());
    }

    /// An attribute, if it is there.
    pub fn attr_opt<T: Text>(&mut self, ns: Ns, local: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.attr(ns, local, value);
        }
    }

    /// An attribute of a foreign namespace, with a prefix declared on the spot.
    pub(super) fn foreign_attr(&mut self, index: usize, uri: &str, local: &str, value: &str) {
        self.out.push(' ');
        if uri.is_empty() {
            self.out.push_str(local);
        } else {
            let _ = write!(self.out, "xmlns:a{index}=\"");
            escape_into(&mut self.out, uri, true);
            let _ = write!(self.out, "\" a{index}:{local}");
        }
        self.out.push_str("=\"");
        escape_into(&mut self.out, value, true);
        self.out.push('"');
    }

    /// `xsi:type` naming a type of any namespace, as `{namespace URI}name`.
    pub(super) fn foreign_type(&mut self, clark: &str) {
        let (uri, local) =
            clark.strip_prefix('{').and_then(|c| c.split_once('}')).unwrap_or(("", clark));
        if uri.is_empty() {
            self.known_attr(XSI, "type", local);
        } else if Ns::of(uri) == XML {
            self.known_attr(XSI, "type", &format!("xml:{local}"));
        } else {
            self.out.push_str(" xmlns:t=\"");
            escape_into(&mut self.out, uri, true);
            self.out.push('"');
            self.known_attr(XSI, "type", &format!("t:{local}"));
        }
    }

    /// An attribute of one of this project's namespaces, by a name known at run time.
    pub(super) fn known_attr(&mut self, ns: Ns, local: &str, value: &str) {
        self.out.push(' ');
        self.name(ns, local);
        self.out.push_str("=\"");
        escape_into(&mut self.out, value, true);
        self.out.push('"');
    }

    /// `xsi:type` naming a type of one of this project's namespaces.
    pub(crate) fn xsi_type(&mut self, ns: Ns, local: &'static str) {
        self.out.push(' ');
        self.name(XSI, "type");
        self.out.push_str("=\"");
        self.name(ns, local);
        self.out.push('"');
    }

    /// The text of an element that has simple content and attributes.
    pub fn value<T: Text>(&mut self, value: &T) {
        self.text(&value.text());
    }

    pub(super) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.close_tag();
            escape_into(&mut self.out, text, false);
        }
    }

    /// Well-formed XML that declares what it uses, as it is.
    pub(super) fn raw(&mut self, xml: &str) {
        if !xml.is_empty() {
            self.close_tag();
            self.out.push_str(xml);
        }
    }

    fn close_tag(&mut self) {
        if self.tag_open {
            self.out.push('>');
            self.tag_open = false;
        }
    }

    fn name(&mut self, ns: Ns, local: &str) {
        if ns != NONE {
            self.used |= ns.bit();
            self.out.push_str(ns.prefix());
            self.out.push(':');
        }
        self.out.push_str(local);
    }

    /// The document, its prefixes declared on the root.
    pub(super) fn finish(mut self) -> String {
        let mut declarations = String::new();
        for ns in Ns::in_set(self.used & !XML.bit()) {
            let _ = write!(declarations, " xmlns:{}=\"{}\"", ns.prefix(), ns.uri());
        }
        self.out.insert_str(self.declarations_at, &declarations);
        self.out
    }
}

/// Text with the characters escaped that may not stand as they are. A carriage
/// return would be read back as a line feed, so it goes as a reference.
fn escape_into(out: &mut String, text: &str, attribute: bool) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'\r' => "&#13;",
            b'"' if attribute => "&quot;",
            b'\n' if attribute => "&#10;",
            b'\t' if attribute => "&#9;",
            b'\n' | b'\t' => continue,
            // XML 1.0 has no way to say these: a document with them would be refused.
            0..0x20 => "\u{FFFD}",
            0xEF if matches!(text.get(at..at + 3), Some("\u{FFFE}" | "\u{FFFF}")) => {
                out.push_str(&text[from..at]);
                out.push('\u{FFFD}');
                from = at + 3;
                continue;
            }
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}
