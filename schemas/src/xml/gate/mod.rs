//! The gate every byte from outside passes before anything else sees it.
//!
//! One pass of a tokenizer over the whole document, fail closed: what leaves here is
//! well-formed XML 1.0 (fifth edition) in UTF-8, namespace-well-formed (Namespaces in
//! XML 1.0), within [`Limits`], and free of document types, processing instructions
//! and entities of its own. So no reader behind the gate can be made to recurse, to
//! expand, to fetch, or to understand the bytes differently from its neighbour.
//!
//! The tokenizer only says where markup begins and ends; every rule is checked here,
//! on the source itself, because the tokenizer is lenient by design.

mod attributes;
mod fault;
mod limits;
mod name;
mod namespaces;
mod pass;
mod prolog;
mod text;

pub use limits::Limits;

use super::Error;

/// Checks a whole document and gives back its text, without a byte order mark.
///
/// The text borrows from `bytes`; nothing is copied. Working memory is bounded by the
/// limits (a few hundred KiB for 256 KiB of the worst input).
///
/// # Errors
/// [`Kind::TooMuch`](super::Kind::TooMuch) when a limit is passed, otherwise
/// [`Kind::Malformed`](super::Kind::Malformed); both with line, column and the path of
/// the open elements. Faults found before the first tag is read (size, encoding) have
/// an empty path.
///
/// # Examples
/// ```
/// use oadr_schemas::xml::gate::{self, Limits};
///
/// let text = gate::check(b"<a b='1'>c</a>", &Limits::default())?;
/// assert_eq!(text, "<a b='1'>c</a>");
/// assert!(gate::check(b"<!DOCTYPE a><a/>", &Limits::default()).is_err());
/// # Ok::<(), oadr_schemas::xml::Error>(())
/// ```
pub fn check<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, Error> {
    let text = prolog::utf8(bytes, limits.bytes)?;
    pass::whole(text, limits)?;
    Ok(text)
}

#[cfg(test)]
mod tests;
