//! Wildcards: `xs:any`, `xs:anyType`, `xs:anyAttribute` and mixed content, kept as
//! the XML they came as.

use super::content::Content;
use super::decode::Decoder;
use super::encode::Encoder;
use super::error::Error;
use super::names::{NONE, Ns, UNKNOWN, XSI};

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

    /// The elements this is made of, each by itself.
    ///
    /// # Errors
    /// If there is text between them.
    pub fn elements(&self) -> Result<Vec<Self>, Error> {
        let document = format!("<any>{}</any>", self.0);
        super::decode(document.as_bytes(), &super::Limits::reports()).map(|Elements(all)| all)
    }

    /// Encodes `content` as an element for a place that takes any.
    pub fn of<T: super::Root>(content: &T) -> Self {
        Self(super::encode(content))
    }

    /// A fragment known to be well-formed and to declare what it uses.
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

/// Attributes of any name: namespace URI, local name, value. The value of an
/// `xsi:type`, a qualified name, is kept as `{namespace URI}name`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AnyAttributes(pub Vec<(String, String, String)>);

/// Elements of any name, in one of our own.
struct Elements(Vec<Any>);

impl super::Root for Elements {
    const NAME: (Ns, &'static str) = (NONE, "any");
}

impl Content for Elements {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, Error> {
        from.any(None, 0, usize::MAX).map(Self)
    }

    fn encode(&self, to: &mut Encoder) {
        to.any(None, 0, usize::MAX, &self.0);
    }
}

impl Content for AnyType {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, Error> {
        Ok(Self { attributes: from.any_attributes(None)?, content: from.mixed()? })
    }

    fn encode(&self, to: &mut Encoder) {
        to.any_attributes(None, &self.attributes);
        to.mixed(&self.content);
    }
}

impl Encoder {
    /// Attributes of any name.
    pub fn any_attributes(&mut self, _not: Option<Ns>, attributes: &AnyAttributes) {
        for (index, (uri, local, value)) in attributes.0.iter().enumerate() {
            match Ns::of(uri) {
                XSI if local == "type" => self.foreign_type(value),
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
