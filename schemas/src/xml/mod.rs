//! The XML runtime: one gate for bytes from outside, a strict pull decoder, an
//! encoder, and the macros by which the generated types declare themselves.

mod any;
mod attributes;
mod content;
mod decode;
mod encode;
mod error;
pub mod gate;
pub(crate) mod macros;
mod names;
#[cfg(feature = "sample")]
mod sample;
mod types;

pub use any::{Any, AnyAttributes, AnyType};
pub use content::{Content, Group, Nested, Root, Sequence, Text};
pub use decode::Decoder;
pub use encode::Encoder;
pub use error::{Error, Kind};
pub use gate::Limits;
pub use names::*;
#[cfg(feature = "sample")]
pub use sample::{Generator, Sample};
pub(crate) use types::collapsed;
pub use types::*;

use std::borrow::Cow;

/// Decodes a document whose root is a `T`: through the gate, then strictly.
///
/// # Errors
/// What the gate or the schema refuses, with path, line and column.
pub fn decode<T: Root>(bytes: &[u8], limits: &Limits) -> Result<T, Error> {
    let mut decoder = Decoder::new(gate::check(bytes, limits)?);
    let (ns, local) = T::NAME;
    let content = decoder.one(ns, local)?;
    decoder.finish()?;
    Ok(content)
}

/// Decodes a document whose root is any member of the group `T`.
///
/// # Errors
/// As [`decode`].
pub fn decode_any<T: Group>(bytes: &[u8], limits: &Limits) -> Result<T, Error> {
    let mut decoder = Decoder::new(gate::check(bytes, limits)?);
    let member = decoder.one_of()?;
    decoder.finish()?;
    Ok(member)
}

/// Namespace and local name of a document's root element: what kind of document it is.
///
/// # Errors
/// What the gate refuses.
pub fn root(bytes: &[u8], limits: &Limits) -> Result<(Ns, String), Error> {
    let mut decoder = Decoder::new(gate::check(bytes, limits)?);
    match decoder.name_ahead()? {
        Some((ns, local)) => Ok((ns, local.to_owned())),
        None => Err(decoder.not_found()), // The gate lets no document without root through.
    }
}

/// The document whose root is `content`, without an XML declaration.
pub fn encode<T: Root>(content: &T) -> String {
    let mut encoder = Encoder::new();
    let (ns, local) = T::NAME;
    encoder.one(ns, local, content);
    encoder.finish()
}

/// The document whose root is this member of a group.
pub fn encode_any<T: Group>(member: &T) -> String {
    let mut encoder = Encoder::new();
    member.encode(&mut encoder);
    encoder.finish()
}

/// "one of a, b, c", to follow "is not".
pub(crate) fn one_of_text(literals: &[&str]) -> Cow<'static, str> {
    match literals {
        [one] => format!("\"{one}\"").into(),
        many if many.len() <= 24 => format!("one of {}", many.join(", ")).into(),
        many => format!("one of {}, … ({} values)", many[..12].join(", "), many.len()).into(),
    }
}

#[cfg(test)]
mod tests;
