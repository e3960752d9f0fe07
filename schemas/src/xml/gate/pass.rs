//! The one pass: elements and their order, from the first byte to the last.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::attributes::{Attribute, Inside};
use super::fault::{Fault, malformed, shown, too_much};
use super::limits::{IDS, Limits};
use super::name;
use super::namespaces::{Namespace, Namespaces, XML, XMLNS};
use super::prolog;
use super::text::{self, SPACE};
use crate::xml::Error;

/// Checks all of `text`.
pub(super) fn whole(text: &str, limits: &Limits) -> Result<(), Error> {
    let mut pass = Pass::new(text, limits);
    pass.read().map_err(|fault| Error::at(fault.kind, text.as_bytes(), fault.at, pass.path()))
}

struct Pass<'a, 'l> {
    text: &'a str,
    limits: &'l Limits,
    /// The elements around this place, outermost first.
    open: Vec<Open<'a>>,
    namespaces: Namespaces<'a>,
    /// Every Id so far. Hashed with a key of this process: a peer cannot make them collide.
    ids: HashSet<&'a str>,
    /// Elements so far.
    elements: usize,
    /// Where the last tag ended.
    tag_end: usize,
    /// Attributes of the tag being read; kept to reuse their memory.
    attributes: Vec<Attribute<'a>>,
    /// Their expanded names and places; kept to reuse their memory.
    expanded: Vec<(Namespace, &'a str, usize)>,
}

struct Open<'a> {
    name: &'a str,
    /// What was bound before this element.
    mark: usize,
}

/// A piece of the source from byte `at` up to `end`.
#[derive(Clone, Copy)]
struct Span<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a, 'l> Pass<'a, 'l> {
    fn new(text: &'a str, limits: &'l Limits) -> Self {
        Self {
            text,
            limits,
            open: Vec::new(),
            namespaces: Namespaces::default(),
            ids: HashSet::new(),
            elements: 0,
            tag_end: 0,
            attributes: Vec::new(),
            expanded: Vec::new(),
        }
    }

    fn read(&mut self) -> Result<(), Fault> {
        let mut reader = Reader::from_str(self.text);
        // End tags are compared here, where the path of the fault is known.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            let at = offset(reader.buffer_position());
            let event = reader
                .read_event()
                .map_err(|e| malformed(offset(reader.error_position()), e.to_string()))?;
            let span = self.span(at, offset(reader.buffer_position()))?;
            text::characters(span.text, at)?;
            match event {
                Event::Start(_) => self.start(span.inside("<", ">")?)?,
                Event::Empty(_) => {
                    self.start(span.inside("<", "/>")?)?;
                    self.leave();
                }
                Event::End(_) => self.end(span.inside("</", ">")?)?,
                Event::Eof => return self.finish(at),
                other => {
                    self.between_tags(&other, span)?;
                    continue;
                }
            }
            self.tag_end = span.end;
        }
    }

    /// What is not a tag: text of any kind, comments, and what is refused.
    fn between_tags(&mut self, event: &Event<'_>, span: Span<'a>) -> Result<(), Fault> {
        let at = span.at;
        match event {
            Event::Text(_) if self.open.is_empty() => match span.text.find(|c| !SPACE.contains(&c))
            {
                Some(i) => Err(malformed(at + i, "text outside the root element")),
                None => Ok(()),
            },
            Event::Text(_) => text::character_data(span.text, at),
            Event::Comment(_) => {
                let inner = span.inside("<!--", "-->")?;
                text::comment(inner.text, inner.at)
            }
            Event::GeneralRef(_) if self.open.is_empty() => {
                Err(malformed(at, "a reference outside the root element"))
            }
            Event::GeneralRef(_) => text::reference(span.inside("&", ";")?.text, at),
            Event::CData(_) if self.open.is_empty() => {
                Err(malformed(at, "a CDATA section outside the root element"))
            }
            // Its characters were checked, and it ends at the first `]]>`.
            Event::CData(_) => span.inside("<![CDATA[", "]]>").map(drop),
            Event::Decl(_) => {
                let inner = span.inside("<?xml", "?>")?;
                prolog::declaration(&self.text[..inner.end], at)
            }
            Event::DocType(_) => Err(malformed(at, "a document type is never accepted")),
            Event::PI(_) => Err(malformed(at, "a processing instruction is never accepted")),
            Event::Start(_) | Event::Empty(_) | Event::End(_) | Event::Eof => {
                Err(malformed(at, "a tag where there is none"))
            }
        }?;
        if span.end - self.tag_end > self.limits.text {
            return Err(too_much(at, "bytes between two tags", self.limits.text));
        }
        Ok(())
    }

    /// XML 1.0 \[40\] `STag` and \[44\] `EmptyElemTag`, without the angle brackets.
    fn start(&mut self, tag: Span<'a>) -> Result<(), Fault> {
        if self.open.is_empty() && self.elements > 0 {
            return Err(malformed(tag.at, "a second root element"));
        }
        if self.open.len() >= self.limits.depth {
            return Err(too_much(tag.at, "depth", self.limits.depth));
        }
        if self.elements >= self.limits.elements {
            return Err(too_much(tag.at, "elements", self.limits.elements));
        }
        self.elements += 1;
        let mut inside = Inside::new(&self.text[..tag.end], tag.at, self.limits.text);
        let name = inside.name()?;
        self.open.push(Open { name: name.whole, mark: self.namespaces.mark() });
        self.expanded.clear();
        self.attributes(&mut inside)?;
        // Only now is every prefix of this tag declared.
        if self.namespaces.resolve(name.prefix).is_none() {
            return Err(unbound(tag.at, name.prefix));
        }
        self.names_of_attributes()
    }

    /// Reads the attributes, binding prefixes and keeping the others for later.
    fn attributes(&mut self, inside: &mut Inside<'a>) -> Result<(), Fault> {
        self.attributes.clear();
        let mut bindings = 0;
        while let Some(attribute) = inside.attribute()? {
            let Attribute { name, value, at } = attribute;
            if name.prefix != "xmlns" && name.whole != "xmlns" {
                if self.attributes.len() == self.limits.attributes {
                    return Err(too_much(at, "attributes", self.limits.attributes));
                }
                self.attributes.push(attribute);
                continue;
            }
            if bindings == self.limits.bindings {
                return Err(too_much(at, "bindings", self.limits.bindings));
            }
            bindings += 1;
            let prefix = if name.prefix.is_empty() { "" } else { name.local };
            self.namespaces.declare(prefix, value, at)?;
            self.expanded.push((XMLNS, prefix, at));
        }
        Ok(())
    }

    /// Namespaces in XML 1.0, 5 and 6.3: prefixes are bound, expanded names are unique.
    fn names_of_attributes(&mut self) -> Result<(), Fault> {
        for Attribute { name, value, at } in &self.attributes {
            let Some(namespace) = self.namespaces.resolve(name.prefix) else {
                return Err(unbound(*at, name.prefix));
            };
            self.expanded.push((namespace, name.local, *at));
            if name.local.eq_ignore_ascii_case("id") {
                unique_id(&mut self.ids, value, *at)?;
            }
            // xml:id 1.0, 4: readers of xml:id insist on a name, by one edition of XML or
            // another; ASCII is the same in all.
            let plain = value.is_ascii() && name::is_plain(value);
            if (namespace, name.local) == (XML, "id") && !plain {
                return Err(malformed(*at, "an xml:id that is not a plain ASCII name"));
            }
        }
        self.expanded.sort_unstable();
        for pair in self.expanded.windows(2) {
            if let [(namespace, local, _), (other, same, at)] = *pair
                && (namespace, local) == (other, same)
            {
                return Err(malformed(at, format!("{} stands twice on one tag", shown(local))));
            }
        }
        Ok(())
    }

    /// XML 1.0 \[42\] `ETag`, without the angle brackets.
    fn end(&mut self, tag: Span<'a>) -> Result<(), Fault> {
        let name = tag.text.trim_end_matches(SPACE);
        let Some(open) = self.open.last() else {
            return Err(malformed(tag.at, "an end tag outside the root element"));
        };
        if name != open.name {
            return Err(malformed(tag.at, format!("\"{}\" is not the open element", shown(name))));
        }
        self.leave();
        Ok(())
    }

    fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            self.namespaces.leave(open.mark);
        }
    }

    fn finish(&self, at: usize) -> Result<(), Fault> {
        if !self.open.is_empty() {
            return Err(malformed(at, "the document ends inside an element"));
        }
        if self.elements == 0 {
            return Err(malformed(at, "no root element"));
        }
        // A reader that stopped early would leave a rest nobody has checked.
        if at != self.text.len() {
            return Err(malformed(at, "the document was not read to its end"));
        }
        Ok(())
    }

    fn span(&self, at: usize, end: usize) -> Result<Span<'a>, Fault> {
        match self.text.get(at..end) {
            Some(text) => Ok(Span { text, at, end }),
            None => Err(malformed(at, "markup that cannot be delimited")),
        }
    }

    fn path(&self) -> String {
        self.open.iter().flat_map(|open| ["/".to_owned(), shown(open.name)]).collect()
    }
}

impl<'a> Span<'a> {
    /// Without its delimiters.
    fn inside(self, before: &str, after: &str) -> Result<Self, Fault> {
        let inner = self.text.strip_prefix(before).and_then(|t| t.strip_suffix(after));
        match inner {
            Some(text) => {
                Ok(Self { text, at: self.at + before.len(), end: self.end - after.len() })
            }
            None => Err(malformed(self.at, "markup that cannot be delimited")),
        }
    }
}

/// No Id twice, whatever its attribute is called: a signature must not cover one
/// element while the reader takes another. References and white space are refused (an
/// Id is a name, XML Schema 1.0 part 2, 3.3.8), so that equal Ids are equal bytes.
fn unique_id<'a>(ids: &mut HashSet<&'a str>, id: &'a str, at: usize) -> Result<(), Fault> {
    if id.contains('&') || id.contains(SPACE) {
        return Err(malformed(at, "a reference or white space in an Id"));
    }
    if ids.len() == IDS {
        return Err(too_much(at, "Ids", IDS));
    }
    if !ids.insert(id) {
        return Err(malformed(at, format!("the Id \"{}\" stands twice", shown(id))));
    }
    Ok(())
}

fn unbound(at: usize, prefix: &str) -> Fault {
    malformed(at, format!("the prefix {} is not bound", shown(prefix)))
}

/// The reader counts bytes of a text in memory, so they fit.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
