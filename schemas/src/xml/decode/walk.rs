//! Walking the document: tags, the prefixes they bind, and their attributes.

use quick_xml::events::{BytesStart, Event};

use crate::xml::attributes::{self, Attribute};
use crate::xml::content::Content;
use crate::xml::error::{Error, Kind};
use crate::xml::names::{NONE, Ns, UNKNOWN, XML, XSI, qualified};

use super::{Ahead, Decoder, Scope};

impl<'a> Decoder<'a> {
    /// Whether this element is ahead; remembers that it would have been right.
    pub(in crate::xml) fn is_ahead(&mut self, ns: Ns, local: &'static str) -> Result<bool, Error> {
        let yes = matches!(self.look()?, Ahead::Start(n, l) if n == ns && l == local);
        if !yes {
            self.tried.push((ns, local));
        }
        Ok(yes)
    }

    /// The name ahead, if a start tag is ahead.
    pub(in crate::xml) fn name_ahead(&mut self) -> Result<Option<(Ns, &'a str)>, Error> {
        Ok(match self.look()? {
            Ahead::Start(ns, local) => Some((ns, local)),
            Ahead::End | Ahead::Eof => None,
        })
    }

    /// Reads the element that is ahead, tags included.
    pub(in crate::xml) fn element<T: Content>(&mut self) -> Result<T, Error> {
        self.enter();
        let content = T::decode(self)?;
        self.leave()?;
        Ok(content)
    }

    pub(super) fn enter(&mut self) {
        if let Some(Ahead::Start(ns, local)) = self.ahead.take() {
            self.open.push((ns, local));
            self.tried.clear();
        }
    }

    pub(super) fn leave(&mut self) -> Result<(), Error> {
        match self.look()? {
            Ahead::End => {
                self.open.pop();
                while self.scopes.last().is_some_and(|s| s.depth > self.open.len()) {
                    self.scopes.pop();
                }
                self.tried.clear();
                self.ahead = None;
                Ok(())
            }
            Ahead::Start(..) | Ahead::Eof => Err(self.not_found()),
        }
    }

    /// Demands the end of the document.
    pub(in crate::xml) fn finish(mut self) -> Result<(), Error> {
        match self.look()? {
            Ahead::Eof => Ok(()),
            Ahead::Start(..) | Ahead::End => Err(self.not_found()),
        }
    }

    /// The tag ahead, reading on to it if need be. Text on the way is refused.
    fn look(&mut self) -> Result<Ahead<'a>, Error> {
        if let Some(ahead) = self.ahead {
            return Ok(ahead);
        }
        self.no_more_attributes()?;
        loop {
            let (event, at) = self.next_event()?;
            self.at = at;
            let ahead = match event {
                Event::Start(tag) => self.start(&tag, at)?,
                Event::End(_) => Ahead::End,
                Event::Eof => Ahead::Eof,
                Event::Comment(_) | Event::Decl(_) => continue,
                Event::Text(text) if is_blank(&text) => continue,
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(self.unexpected("text".to_owned()));
                }
                Event::PI(_) | Event::DocType(_) | Event::Empty(_) => {
                    return Err(self.fault(Kind::Malformed("not behind the gate".to_owned())));
                }
            };
            self.ahead = Some(ahead);
            return Ok(ahead);
        }
    }

    pub(super) fn next_event(&mut self) -> Result<(Event<'a>, usize), Error> {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let event = self.reader.read_event();
        event.map(|event| (event, at)).map_err(|error| {
            self.at = at;
            self.fault(Kind::Malformed(error.to_string()))
        })
    }

    /// Binds the prefixes a start tag declares, then resolves its names.
    pub(super) fn start(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<Ahead<'a>, Error> {
        let (name, rest) = parts(self.source, tag, at);
        let depth = self.open.len() + 1;
        self.attributes.clear();
        for pair in attributes::pairs(rest) {
            let Some((key, value)) = pair else {
                return Err(self.fault(Kind::Malformed("a malformed attribute".to_owned())));
            };
            if let Some(prefix) = attributes::declares(key) {
                let uri = attributes::unescaped(value);
                self.scopes.push(Scope { prefix, ns: Ns::of(&uri), uri, depth });
            } else {
                let (prefix, local) = key.split_once(':').unwrap_or(("", key));
                let value = attributes::unescaped(value);
                self.attributes.push(Attribute { prefix, ns: UNKNOWN, local, value });
            }
        }
        for index in 0..self.attributes.len() {
            let prefix = self.attributes[index].prefix;
            self.attributes[index].ns = if prefix.is_empty() { NONE } else { self.bound(prefix) };
        }
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        Ok(Ahead::Start(self.bound(prefix), local))
    }

    /// The namespace a prefix stands for here; the gate has refused unbound ones.
    pub(super) fn bound(&self, prefix: &str) -> Ns {
        match self.scopes.iter().rev().find(|s| s.prefix == prefix) {
            Some(scope) => scope.ns,
            None if prefix.is_empty() => NONE,
            None if prefix == "xml" => XML,
            None => UNKNOWN,
        }
    }

    /// Refuses attributes nobody asked for; hints about schemas are passed over.
    pub(super) fn no_more_attributes(&mut self) -> Result<(), Error> {
        self.attributes.retain(|a| {
            !(a.ns == XSI && matches!(a.local, "schemaLocation" | "noNamespaceSchemaLocation"))
        });
        match self.attributes.pop() {
            None => Ok(()),
            Some(a) => {
                let found = format!("the attribute {}", qualified(a.ns, a.local));
                Err(self.fault(Kind::Unexpected { found, expected: String::new() }))
            }
        }
    }
}

/// Name and attributes of a tag that stands at `at`, as the source has them: what the
/// tokenizer lends does not live as long.
pub(super) fn parts<'a>(source: &'a str, tag: &BytesStart<'_>, at: usize) -> (&'a str, &'a str) {
    let name_ends = at + 1 + tag.name().as_ref().len();
    (&source[at + 1..name_ends], &source[name_ends..at + 1 + tag.len()])
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}
