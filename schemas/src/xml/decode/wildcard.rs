//! What the schema leaves open: `xs:any`, `xs:anyType`, `xs:anyAttribute`, mixed
//! content and `xsi:type`.
//!
//! A captured element must mean the same wherever it is written again, so the
//! prefixes it takes from around it are declared on it: those and no others, or a
//! second reading would find more than the first.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

use crate::xml::any::{Any, AnyAttributes};
use crate::xml::attributes::{self, Attribute};
use crate::xml::error::{Error, Kind};
use crate::xml::names::{NONE, Ns, XSI};

use super::walk::parts;
use super::{Ahead, Decoder};

impl<'a> Decoder<'a> {
    /// Every attribute nobody has asked for of another namespace than `not` (`##other`,
    /// which leaves out those of no namespace too), or of any; an `xsi:type` as
    /// `{namespace}name`.
    pub fn any_attributes(&mut self, not: Option<Ns>) -> Result<AnyAttributes, Error> {
        let (rest, left): (Vec<_>, _) = std::mem::take(&mut self.attributes)
            .into_iter()
            .partition(|a| not.is_none_or(|not| a.ns != not && a.ns != NONE));
        self.attributes = left;
        let named = |a: Attribute<'a>| {
            let value = if is_xsi_type(&a) { self.clark(&a.value)? } else { a.value.into_owned() };
            Ok((self.uri_of(a.prefix).to_owned(), a.local.to_owned(), value))
        };
        rest.into_iter().map(named).collect::<Result<_, _>>().map(AnyAttributes)
    }

    /// Everything up to the end tag: text and elements as they come.
    pub fn mixed(&mut self) -> Result<Any, Error> {
        self.no_more_attributes()?;
        let mut out = String::new();
        loop {
            let (event, at) = self.next_event()?;
            self.at = at;
            match event {
                Event::Start(tag) => {
                    self.ahead = Some(self.start(&tag, at)?);
                    self.capture(&mut out)?;
                }
                Event::End(_) => {
                    self.ahead = Some(Ahead::End);
                    return Ok(Any::fragment(out));
                }
                Event::Text(text) => out.push_str(&text),
                Event::GeneralRef(name) => {
                    let _ = write!(out, "&{};", &*name);
                }
                Event::CData(text) => out.push_str(&escape(&*text)),
                Event::Comment(_) => {}
                _ => {
                    return Err(self.fault(Kind::Malformed("content that does not end".to_owned())));
                }
            }
        }
    }

    /// Elements while they are of another namespace than `not` (`##other`, which
    /// leaves out those of no namespace too); of any if `not` is `None`. At most `max`
    /// of them, at least `min`.
    pub fn any(&mut self, not: Option<Ns>, min: usize, max: usize) -> Result<Vec<Any>, Error> {
        let mut found = Vec::new();
        while found.len() < max {
            match self.name_ahead()? {
                Some((ns, _)) if not.is_none_or(|not| ns != not && ns != NONE) => {
                    let mut out = String::new();
                    self.capture(&mut out)?;
                    found.push(Any::fragment(out));
                }
                _ => break,
            }
        }
        if found.len() < min { Err(self.not_found()) } else { Ok(found) }
    }

    /// Which of the `known` types the `xsi:type` of the element just entered names.
    pub(crate) fn derived_type(
        &mut self,
        known: &[(Ns, &'static str)],
    ) -> Result<(Ns, &'static str), Error> {
        let Some(at) = self.attributes.iter().position(is_xsi_type) else {
            return Err(self.no_such_type(known));
        };
        let value = self.attributes.swap_remove(at).value;
        let (prefix, local) = split(&value);
        let ns = self.bound(prefix);
        let found = known.iter().find(|(n, l)| *n == ns && *l == local);
        found.copied().ok_or_else(|| self.no_such_type(known))
    }

    /// Appends the element ahead as one that stands on its own.
    fn capture(&mut self, out: &mut String) -> Result<(), Error> {
        let raw = self.raw_element()?;
        let free = self.free_prefixes(raw)?;
        let name_ends = raw.find([' ', '\t', '\n', '\r', '/', '>']).unwrap_or(raw.len());
        out.push_str(&raw[..name_ends]);
        for prefix in free {
            let Some(scope) = self.scopes.iter().rev().find(|s| s.prefix == prefix) else {
                continue; // `xml`, or no default namespace.
            };
            let colon = if prefix.is_empty() { "" } else { ":" };
            let _ = write!(out, " xmlns{colon}{prefix}=\"{}\"", escape(&*scope.uri));
        }
        out.push_str(&raw[name_ends..]);
        Ok(())
    }

    /// Passes over the element ahead and returns its text, tags included. The prefixes
    /// it declares are forgotten with it.
    fn raw_element(&mut self) -> Result<&'a str, Error> {
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

    /// The prefixes `raw`, an element, uses without declaring them.
    fn free_prefixes(&self, raw: &str) -> Result<BTreeSet<String>, Error> {
        let mut reader = Reader::from_str(raw);
        reader.config_mut().expand_empty_elements = true;
        let mut free = BTreeSet::new();
        let mut inside = Vec::new();
        let mut depth = 0usize;
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    depth += 1;
                    let (name, rest) = parts(raw, &tag, at);
                    self.free_in_tag(name, rest, depth, &mut inside, &mut free)?;
                }
                Ok(Event::End(_)) => {
                    inside.retain(|i: &Inside<'_>| i.depth < depth);
                    depth = depth.saturating_sub(1);
                }
                Ok(Event::Eof) | Err(_) => return Ok(free),
                Ok(_) => {}
            }
        }
    }

    /// Adds the prefixes one tag uses, in names and in `xsi:type`, unless declared
    /// `inside` the fragment.
    fn free_in_tag<'r>(
        &self,
        name: &'r str,
        rest: &'r str,
        depth: usize,
        inside: &mut Vec<Inside<'r>>,
        free: &mut BTreeSet<String>,
    ) -> Result<(), Error> {
        for (key, value) in attributes::pairs(rest).flatten() {
            if let Some(prefix) = attributes::declares(key) {
                let is_xsi = Ns::of(&attributes::unescaped(value)) == XSI;
                inside.push(Inside { depth, prefix, is_xsi });
            }
        }
        let mut add = |prefix: &str| {
            if !inside.iter().any(|i| i.prefix == prefix) {
                free.insert(prefix.to_owned());
            }
        };
        add(split(name).0);
        for (key, value) in attributes::pairs(rest).flatten() {
            let (prefix, local) = split(key);
            if prefix.is_empty() || prefix == "xmlns" {
                continue; // An attribute without prefix has no namespace.
            }
            add(prefix);
            let declared = inside.iter().rev().find(|i| i.prefix == prefix);
            if local == "type" && declared.map_or(self.bound(prefix) == XSI, |i| i.is_xsi) {
                let value = attributes::unescaped(value);
                let prefix = split(&value).0;
                if !inside.iter().any(|i| i.prefix == prefix) {
                    self.uri_of_type(prefix)?;
                }
                add(prefix);
            }
        }
        Ok(())
    }

    /// The type a qualified name in a value means, as `{namespace}name`.
    fn clark(&self, value: &str) -> Result<String, Error> {
        let (prefix, local) = split(value);
        Ok(format!("{{{}}}{local}", self.uri_of_type(prefix)?))
    }

    /// The namespace of a type's prefix; the gate looks at names, not into values.
    fn uri_of_type(&self, prefix: &str) -> Result<&str, Error> {
        match self.scopes.iter().rev().find(|s| s.prefix == prefix) {
            Some(scope) => Ok(&scope.uri),
            None if matches!(prefix, "" | "xml") => Ok(self.bound(prefix).uri()),
            None => {
                let why = format!("the prefix {prefix} in xsi:type is not bound");
                Err(self.fault(Kind::Malformed(why)))
            }
        }
    }

    /// The namespace of an attribute's prefix.
    fn uri_of(&self, prefix: &str) -> &str {
        match self.scopes.iter().rev().find(|s| s.prefix == prefix) {
            _ if prefix.is_empty() => "",
            Some(scope) => &scope.uri,
            None => self.bound(prefix).uri(),
        }
    }
}

/// A prefix declared within a captured fragment.
struct Inside<'r> {
    depth: usize,
    prefix: &'r str,
    /// Whether it stands for the namespace of `xsi:type`.
    is_xsi: bool,
}

fn is_xsi_type(attribute: &Attribute<'_>) -> bool {
    attribute.ns == XSI && attribute.local == "type"
}

/// Prefix (or nothing) and local part of a qualified name.
fn split(name: &str) -> (&str, &str) {
    name.trim_ascii().split_once(':').unwrap_or(("", name.trim_ascii()))
}
