//! A strict pull decoder: straight-line descent with one start tag of look-ahead.
//!
//! XSD's rule of unique particle attribution makes one tag enough. Each reading
//! method leaves the names it looked for in `tried`, so that a refusal can say
//! what would have been right.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::attributes::{self, Attribute};
use super::content::{Content, Group, Sequence, Text};
use super::error::{Error, Kind};
use super::names::{NONE, Name, Ns, UNKNOWN, XML, XSI, qualified};

/// Reads one document that has passed the [gate](super::gate).
pub struct Decoder<'a> {
    pub(super) source: &'a str,
    reader: Reader<&'a [u8]>,
    ahead: Option<Ahead<'a>>,
    /// Offset of the tag that is ahead, or of the last one read.
    at: usize,
    pub(super) scopes: Vec<Scope<'a>>,
    open: Vec<(Ns, &'a str)>,
    attributes: Vec<Attribute<'a>>,
    tried: Vec<Name>,
}

/// A prefix bound to a namespace from the element at `depth` inwards.
pub(super) struct Scope<'a> {
    pub prefix: &'a str,
    pub ns: Ns,
    pub uri: Cow<'a, str>,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Ahead<'a> {
    Start(Ns, &'a str),
    End,
    Eof,
}

impl<'a> Decoder<'a> {
    /// A decoder at the start of `source`, which must have passed the gate.
    pub(super) fn new(source: &'a str) -> Self {
        let mut reader = Reader::from_str(source);
        reader.config_mut().expand_empty_elements = true;
        Self {
            source,
            reader,
            ahead: None,
            at: 0,
            scopes: Vec::with_capacity(16),
            open: Vec::with_capacity(16),
            attributes: Vec::with_capacity(8),
            tried: Vec::with_capacity(16),
        }
    }

    /// An element that must be there.
    pub fn one<T: Content>(&mut self, ns: Ns, local: &'static str) -> Result<T, Error> {
        if self.is_ahead(ns, local)? { self.element() } else { Err(self.not_found()) }
    }

    /// An element that may be there.
    pub fn opt<T: Content>(&mut self, ns: Ns, local: &'static str) -> Result<Option<T>, Error> {
        if self.is_ahead(ns, local)? { self.element().map(Some) } else { Ok(None) }
    }

    /// Any number of an element.
    pub fn many<T: Content>(&mut self, ns: Ns, local: &'static str) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        while self.is_ahead(ns, local)? {
            found.push(self.element()?);
        }
        Ok(found)
    }

    /// At least `min` and at most `max` of an element.
    pub fn range<T: Content>(
        &mut self,
        ns: Ns,
        local: &'static str,
        min: usize,
        max: usize,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        while found.len() < max && self.is_ahead(ns, local)? {
            found.push(self.element()?);
        }
        if found.len() < min { Err(self.not_found()) } else { Ok(found) }
    }

    /// One member of a group.
    pub fn one_of<T: Group>(&mut self) -> Result<T, Error> {
        T::decode(self)?.ok_or_else(|| self.not_found())
    }

    /// At most one member of a group.
    pub fn opt_of<T: Group>(&mut self) -> Result<Option<T>, Error> {
        T::decode(self)
    }

    /// At least `min` and at most `max` members of a group.
    pub fn range_of<T: Group>(&mut self, min: usize, max: usize) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        while found.len() < max {
            let Some(member) = T::decode(self)? else { break };
            found.push(member);
        }
        if found.len() < min { Err(self.not_found()) } else { Ok(found) }
    }

    /// An inner sequence that may be there.
    pub fn opt_run<T: Sequence>(&mut self) -> Result<Option<T>, Error> {
        if self.begins::<T>()? { T::decode(self).map(Some) } else { Ok(None) }
    }

    /// At least `min` inner sequences.
    pub fn range_run<T: Sequence>(&mut self, min: usize, max: usize) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        while found.len() < max && self.begins::<T>()? {
            found.push(T::decode(self)?);
        }
        if found.len() < min { Err(self.not_found()) } else { Ok(found) }
    }

    /// An attribute that must be there.
    pub fn attr<T: Text>(&mut self, ns: Ns, local: &'static str) -> Result<T, Error> {
        self.attr_opt(ns, local)?.ok_or_else(|| {
            self.fault(Kind::Missing(format!("the attribute {}", qualified(ns, local))))
        })
    }

    /// An attribute that may be there.
    pub fn attr_opt<T: Text>(&mut self, ns: Ns, local: &'static str) -> Result<Option<T>, Error> {
        let found = self.attributes.iter().position(|a| a.ns == ns && a.local == local);
        let Some(found) = found else { return Ok(None) };
        let Attribute { value, .. } = self.attributes.swap_remove(found);
        T::parse(&value).map(Some).map_err(|wants| self.bad_value(&value, wants))
    }

    /// The text of an element that has simple content and attributes.
    pub fn value<T: Text>(&mut self) -> Result<T, Error> {
        T::decode(self)
    }

    /// The attributes nobody has asked for, for an `xs:anyAttribute`.
    pub(super) fn rest_of_attributes(&mut self) -> Vec<Attribute<'a>> {
        std::mem::take(&mut self.attributes)
    }

    /// Whether this element is ahead; remembers that it would have been right.
    pub(super) fn is_ahead(&mut self, ns: Ns, local: &'static str) -> Result<bool, Error> {
        let yes = matches!(self.look()?, Ahead::Start(n, l) if n == ns && l == local);
        if !yes {
            self.tried.push((ns, local));
        }
        Ok(yes)
    }

    /// The name ahead, if a start tag is ahead.
    pub(super) fn name_ahead(&mut self) -> Result<Option<(Ns, &'a str)>, Error> {
        Ok(match self.look()? {
            Ahead::Start(ns, local) => Some((ns, local)),
            Ahead::End | Ahead::Eof => None,
        })
    }

    fn begins<T: Sequence>(&mut self) -> Result<bool, Error> {
        for (ns, local) in T::FIRST {
            if self.is_ahead(*ns, local)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads the element that is ahead, tags included.
    pub(super) fn element<T: Content>(&mut self) -> Result<T, Error> {
        self.enter();
        let content = T::decode(self)?;
        self.leave()?;
        Ok(content)
    }

    fn enter(&mut self) {
        if let Some(Ahead::Start(ns, local)) = self.ahead.take() {
            self.open.push((ns, local));
            self.tried.clear();
        }
    }

    fn leave(&mut self) -> Result<(), Error> {
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
    pub(super) fn finish(mut self) -> Result<(), Error> {
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
                Event::Start(tag) => {
                    let name = &self.source[at + 1..at + 1 + tag.name().as_ref().len()];
                    let rest = &self.source[at + 1 + name.len()..at + 1 + tag.len()];
                    self.start(name, rest)?
                }
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

    fn next_event(&mut self) -> Result<(Event<'a>, usize), Error> {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let event = self.reader.read_event();
        event.map(|event| (event, at)).map_err(|error| {
            self.at = at;
            self.fault(Kind::Malformed(error.to_string()))
        })
    }

    /// Binds the prefixes a start tag declares, then resolves its names.
    fn start(&mut self, name: &'a str, rest: &'a str) -> Result<Ahead<'a>, Error> {
        let depth = self.open.len() + 1;
        self.attributes.clear();
        for pair in attributes::pairs(rest) {
            let Some((key, value)) = pair else {
                return Err(self.fault(Kind::Malformed("a malformed attribute".to_owned())));
            };
            let prefix = match key.strip_prefix("xmlns") {
                Some("") => Some(""),
                Some(rest) => rest.strip_prefix(':'),
                None => None,
            };
            if let Some(prefix) = prefix {
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

    /// The text of the element just entered, references resolved; elements in it
    /// are refused, its end tag is left ahead.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        self.no_more_attributes()?;
        let mut text = Cow::Borrowed("");
        loop {
            let (event, at) = self.next_event()?;
            match event {
                Event::Text(part) => append(&mut text, line_ends(part.into_inner())),
                Event::CData(part) => append(&mut text, line_ends(part.into_inner())),
                Event::GeneralRef(name) => {
                    let Some(resolved) = attributes::resolve(&name) else {
                        self.at = at;
                        return Err(self.fault(Kind::Malformed("an unknown entity".to_owned())));
                    };
                    text.to_mut().push(resolved);
                }
                Event::Comment(_) => {}
                Event::End(_) => {
                    self.ahead = Some(Ahead::End);
                    return Ok(text);
                }
                Event::Start(tag) => {
                    self.at = at;
                    return Err(self.unexpected(tag.name().as_ref().to_owned()));
                }
                _ => {
                    self.at = at;
                    return Err(self.fault(Kind::Malformed("text that does not end".to_owned())));
                }
            }
        }
    }

    /// Skips the element ahead and returns its bytes, tags included.
    pub(super) fn raw_element(&mut self) -> Result<&'a str, Error> {
        let from = self.at;
        self.enter();
        self.attributes.clear();
        let mut depth = 1usize;
        while depth > 0 {
            match self.next_event()?.0 {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(self.fault(Kind::Malformed("cut off".to_owned()))),
                _ => {}
            }
        }
        let to = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        self.ahead = Some(Ahead::End);
        self.leave()?;
        Ok(&self.source[from..to])
    }

    /// Everything up to the end tag as it stands, elements made to stand on their own.
    pub(super) fn mixed_into(&mut self, out: &mut String) -> Result<(), Error> {
        self.no_more_attributes()?;
        loop {
            let (event, at) = self.next_event()?;
            self.at = at;
            match event {
                Event::Start(tag) => {
                    let name = &self.source[at + 1..at + 1 + tag.name().as_ref().len()];
                    let rest = &self.source[at + 1 + name.len()..at + 1 + tag.len()];
                    self.ahead = Some(self.start(name, rest)?);
                    out.push_str(self.any_element()?.as_str());
                }
                Event::End(_) => {
                    self.ahead = Some(Ahead::End);
                    return Ok(());
                }
                Event::Text(text) => out.push_str(&text),
                Event::GeneralRef(name) => {
                    out.push('&');
                    out.push_str(&name);
                    out.push(';');
                }
                Event::CData(text) => out.push_str(&quick_xml::escape::escape(&*text)),
                Event::Comment(_) => {}
                _ => {
                    return Err(self.fault(Kind::Malformed("content that does not end".to_owned())));
                }
            }
        }
    }

    /// Refuses attributes nobody asked for; hints about schemas are passed over.
    fn no_more_attributes(&mut self) -> Result<(), Error> {
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

    /// `xsi:type` of the element just entered, resolved; taken if it is there.
    pub(super) fn xsi_type(&mut self) -> Option<(Ns, String)> {
        let found = self.attributes.iter().position(|a| a.ns == XSI && a.local == "type")?;
        let value = self.attributes.swap_remove(found).value;
        let (prefix, local) = value.trim().split_once(':').unwrap_or(("", value.trim()));
        Some((self.bound(prefix), local.to_owned()))
    }

    /// Which of the `known` types `xsi:type` names.
    pub(crate) fn derived_type(
        &mut self,
        known: &[(Ns, &'static str)],
    ) -> Result<(Ns, &'static str), Error> {
        let named = self.xsi_type();
        let found = known.iter().find(|(ns, local)| {
            named.as_ref().is_some_and(|(named_ns, named)| named_ns == ns && named == local)
        });
        found.copied().ok_or_else(|| self.no_such_type(known))
    }

    /// `xsi:type` is missing or names none of the `known` types.
    pub(crate) fn no_such_type(&self, known: &[(Ns, &'static str)]) -> Error {
        let names: Vec<_> = known.iter().map(|(ns, local)| qualified(*ns, local)).collect();
        self.fault(Kind::Missing(format!("xsi:type naming one of {}", names.join(", "))))
    }

    /// What stands ahead may not stand here, or something is missing.
    pub(super) fn not_found(&self) -> Error {
        match self.ahead {
            Some(Ahead::Start(ns, local)) => self.unexpected(qualified(ns, local)),
            _ if self.tried.is_empty() => {
                self.fault(Kind::Malformed("the document ends too early".to_owned()))
            }
            _ => self.fault(Kind::Missing(self.expected())),
        }
    }

    fn unexpected(&self, found: String) -> Error {
        self.fault(Kind::Unexpected { found, expected: self.expected() })
    }

    fn expected(&self) -> String {
        let names: Vec<_> = self.tried.iter().map(|(ns, local)| qualified(*ns, local)).collect();
        names.join(" | ")
    }

    pub(super) fn bad_value(&self, text: &str, wants: Cow<'static, str>) -> Error {
        let text = text.chars().take(80).collect();
        self.fault(Kind::Value { text, wants: wants.into_owned() })
    }

    pub(super) fn fault(&self, kind: Kind) -> Error {
        let mut path = String::new();
        for (ns, local) in &self.open {
            path.push('/');
            path.push_str(&qualified(*ns, local));
        }
        Error::at(kind, self.source.as_bytes(), self.at, path)
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

fn append<'a>(text: &mut Cow<'a, str>, part: Cow<'a, str>) {
    if text.is_empty() {
        *text = part;
    } else {
        text.to_mut().push_str(&part);
    }
}

/// Line ends as XML 1.0 section 2.11 wants them.
fn line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}
