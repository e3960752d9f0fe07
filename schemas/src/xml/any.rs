//! Wildcards: `xs:any`, `xs:anyType`, `xs:anyAttribute` and mixed content, kept as
//! the XML they came as.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::content::Content;
use super::decode::Decoder;
use super::encode::Encoder;
use super::error::Error;
use super::names::{Ns, UNKNOWN};

/// Well-formed XML of any kind: elements that declare the prefixes they use, and,
/// where the schema says mixed, text between them (escaped).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Any(String);

impl Any {
    /// The XML as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Decodes the one element this is, as the root of a document.
    ///
    /// # Errors
    /// As [`decode`](crate::xml::decode).
    pub fn decode<T: super::Root>(&self) -> Result<T, Error> {
        super::decode(self.0.as_bytes(), &super::Limits::reports())
    }

    /// Encodes `content` as an element for a place that takes any.
    pub fn of<T: super::Root>(content: &T) -> Self {
        Self(super::encode(content))
    }

    /// A fragment known to be well-formed and to declare what it uses.
    #[cfg(feature = "sample")]
    pub(super) fn fragment(xml: String) -> Self {
        Self(xml)
    }

    /// Nothing at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An element without a type of its own (`xs:anyType`): any attributes, any content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AnyType {
    /// The attributes, `xsi:nil` among them.
    pub attributes: AnyAttributes,
    /// What stands between the tags.
    pub content: Any,
}

/// Attributes of any name: namespace URI, local name, value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AnyAttributes(pub Vec<(String, String, String)>);

impl Content for AnyType {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, Error> {
        Ok(Self { attributes: from.any_attributes()?, content: from.mixed()? })
    }

    fn encode(&self, to: &mut Encoder) {
        to.any_attributes(&self.attributes);
        to.mixed(&self.content);
    }
}

impl<'a> Decoder<'a> {
    /// Every attribute nobody has asked for.
    pub fn any_attributes(&mut self) -> Result<AnyAttributes, Error> {
        let rest = self.rest_of_attributes();
        let named = |a: super::attributes::Attribute<'a>| {
            let uri = self.uri_of(a.prefix);
            (uri, a.local.to_owned(), a.value.into_owned())
        };
        Ok(AnyAttributes(rest.into_iter().map(named).collect()))
    }

    /// Everything up to the end tag: text and elements as they come.
    pub fn mixed(&mut self) -> Result<Any, Error> {
        let mut out = String::new();
        self.mixed_into(&mut out)?;
        Ok(Any(out))
    }

    /// Elements while they are of another namespace than `not` (`##other`); of any
    /// namespace if `not` is `None`. At most `max` of them, at least `min`.
    pub fn any(&mut self, not: Option<Ns>, min: usize, max: usize) -> Result<Vec<Any>, Error> {
        let mut found = Vec::new();
        while found.len() < max {
            match self.name_ahead()? {
                Some((ns, _)) if Some(ns) != not => found.push(self.any_element()?),
                _ => break,
            }
        }
        if found.len() < min { Err(self.not_found()) } else { Ok(found) }
    }

    /// The element ahead as a fragment that stands on its own.
    pub(super) fn any_element(&mut self) -> Result<Any, Error> {
        // The prefixes bound here, before the element's own scopes are dropped.
        let bound: Vec<_> =
            self.scopes.iter().map(|s| (s.prefix, s.uri.clone().into_owned())).collect();
        let raw = self.raw_element()?;
        let mut out = String::with_capacity(raw.len() + 64);
        push_standalone(raw, &bound, &mut out);
        Ok(Any(out))
    }

    fn uri_of(&self, prefix: &str) -> String {
        if prefix.is_empty() {
            return String::new();
        }
        match self.scopes.iter().rev().find(|s| s.prefix == prefix) {
            Some(scope) => scope.uri.clone().into_owned(),
            None => self.bound(prefix).uri().to_owned(),
        }
    }
}

/// Appends `raw`, an element, with the bindings its names need declared on it.
pub(super) fn push_standalone(raw: &str, bound: &[(&str, String)], out: &mut String) {
    let name_ends = raw.find([' ', '\t', '\n', '\r', '/', '>']).unwrap_or(raw.len());
    out.push_str(&raw[..name_ends]);
    let declared_on_it = own_declarations(&raw[name_ends..]);
    let mut done = BTreeSet::new();
    for (prefix, uri) in bound.iter().rev() {
        if !done.insert(*prefix) || declared_on_it.contains(prefix) || !uses(raw, prefix) {
            continue;
        }
        if prefix.is_empty() {
            let _ = write!(out, " xmlns=\"{uri}\"");
        } else {
            let _ = write!(out, " xmlns:{prefix}=\"{uri}\"");
        }
    }
    out.push_str(&raw[name_ends..]);
}

/// The prefixes a start tag declares itself.
fn own_declarations(rest: &str) -> BTreeSet<&str> {
    let mut declared = BTreeSet::new();
    // Stops at the first thing that is no attribute: the tag's end.
    for (key, _) in super::attributes::pairs(rest).map_while(|pair| pair) {
        if key.contains(['>', '<']) {
            break;
        }
        if let Some(prefix) = key.strip_prefix("xmlns") {
            declared.insert(prefix.strip_prefix(':').unwrap_or(prefix));
        }
    }
    declared
}

/// Whether a fragment may use a prefix: for the default one, whether any name goes
/// without; for others, whether `prefix:` occurs at all (a superset is harmless).
fn uses(raw: &str, prefix: &str) -> bool {
    if prefix.is_empty() {
        return raw.split('<').skip(1).any(|tag| {
            let name = tag.split([' ', '\t', '\n', '\r', '/', '>']).next().unwrap_or("");
            !name.is_empty() && !name.contains(':') && !name.starts_with(['!', '?'])
        });
    }
    raw.match_indices(prefix).any(|(at, _)| {
        raw[at + prefix.len()..].starts_with(':')
            && raw[..at].ends_with(['<', '/', ' ', '\t', '\n', '\r', '"', '\''])
    })
}

impl Encoder {
    /// Attributes of any name.
    pub fn any_attributes(&mut self, attributes: &AnyAttributes) {
        for (index, (uri, local, value)) in attributes.0.iter().enumerate() {
            match Ns::of(uri) {
                UNKNOWN => self.foreign_attr(index, uri, local, value),
                ns => self.known_attr(ns, local, value),
            }
        }
    }

    /// Text and elements as they came.
    pub fn mixed(&mut self, content: &Any) {
        self.raw(&content.0);
    }

    /// Elements as they came.
    pub fn any(&mut self, _not: Option<Ns>, _min: usize, _max: usize, elements: &[Any]) {
        for element in elements {
            self.raw(&element.0);
        }
    }
}
