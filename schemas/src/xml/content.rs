//! What a type must do to stand in a document.

use std::borrow::Cow;

use super::decode::Decoder;
use super::encode::Encoder;
use super::error::Error;
use super::names::Ns;

/// The content of an element: its attributes and what stands between its tags.
///
/// Generated types implement it through the macro `record!`; simple types
/// through [`Text`].
pub trait Content: Sized {
    /// Reads the content; the start tag is behind, the end tag is left ahead.
    ///
    /// # Errors
    /// An [`Error`] with path and position where the document breaks the schema.
    fn decode(from: &mut Decoder<'_>) -> Result<Self, Error>;

    /// Writes the content; the start tag is open for attributes.
    fn encode(&self, to: &mut Encoder);
}

/// A simple type: a value that is one run of text.
pub trait Text: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// What the type wants, to follow "is not".
    fn parse(text: &str) -> Result<Self, Cow<'static, str>>;

    /// The lexical form that goes on the wire.
    fn text(&self) -> Cow<'_, str>;
}

/// One of several elements: an `xs:choice` or a substitution group.
pub trait Group: Sized {
    /// Reads whichever member stands ahead; `None` if none of them does.
    ///
    /// # Errors
    /// As [`Content::decode`].
    fn decode(from: &mut Decoder<'_>) -> Result<Option<Self>, Error>;

    /// Writes the member with its tags.
    fn encode(&self, to: &mut Encoder);
}

/// A run of elements without a parent of its own: an inner `xs:sequence`.
pub trait Sequence: Content {
    /// The elements the run can begin with.
    const FIRST: &'static [(Ns, &'static str)];
}

/// A message that can be the root of a document.
pub trait Root: Content {
    /// Namespace and local name of the root element.
    const NAME: (Ns, &'static str);
}

impl<T: Text> Content for T {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, Error> {
        let text = from.text()?;
        T::parse(&text).map_err(|wants| from.bad_value(&text, wants))
    }

    fn encode(&self, to: &mut Encoder) {
        to.text(&self.text());
    }
}

/// A type that holds itself somewhere below, on the heap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nested<T>(pub Box<T>);

impl<T> From<T> for Nested<T> {
    fn from(content: T) -> Self {
        Self(Box::new(content))
    }
}

impl<T: Content> Content for Nested<T> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, Error> {
        T::decode(from).map(Self::from)
    }

    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
    }
}
