//! A strict pull decoder: straight-line descent with one start tag of look-ahead.
//!
//! XSD's rule of unique particle attribution makes one tag enough. Each reading
//! method leaves the names it looked for in `tried`, so that a refusal can say
//! what would have been right.

mod refusal;
mod text;
mod walk;
mod wildcard;

use std::borrow::Cow;

use quick_xml::Reader;

use super::attributes::Attribute;
use super::content::{Content, Group, Sequence, Text};
use super::error::{Error, Kind};
use super::names::{Name, Ns, qualified};

/// Reads one document that has passed the [gate](super::gate).
pub struct Decoder<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    ahead: Option<Ahead<'a>>,
    /// Offset of the tag that is ahead, or of the last one read.
    at: usize,
    scopes: Vec<Scope<'a>>,
    open: Vec<(Ns, &'a str)>,
    attributes: Vec<Attribute<'a>>,
    tried: Vec<Name>,
}

/// A prefix bound to a namespace from the element at `depth` inwards.
struct Scope<'a> {
    prefix: &'a str,
    ns: Ns,
    uri: Cow<'a, str>,
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
    pub(in crate::xml) fn new(source: &'a str) -> Self {
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

    fn begins<T: Sequence>(&mut self) -> Result<bool, Error> {
        for (ns, local) in T::FIRST {
            if self.is_ahead(*ns, local)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
