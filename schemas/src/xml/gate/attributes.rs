//! The inside of a tag: XML 1.0 \[40\] `STag`, \[41\] `Attribute`.

use super::fault::{Fault, malformed, too_much};
use super::name::{self, QName};
use super::text::{self, SPACE};

/// One attribute as it stands in the source, its value checked but not decoded.
pub(super) struct Attribute<'a> {
    pub(super) name: QName<'a>,
    pub(super) value: &'a str,
    /// Where the name begins.
    pub(super) at: usize,
}

/// Reads a tag from left to right.
pub(super) struct Inside<'a> {
    /// The document up to where the tag's content ends.
    source: &'a str,
    at: usize,
    /// The longest value there may be.
    longest: usize,
}

impl<'a> Inside<'a> {
    /// Reads what stands in `source` from byte `at`.
    pub(super) fn new(source: &'a str, at: usize, longest: usize) -> Self {
        Self { source, at, longest }
    }

    /// The name that stands here.
    pub(super) fn name(&mut self) -> Result<QName<'a>, Fault> {
        let name = name::leading(self.rest(), self.at)?;
        self.at += name.whole.len();
        Ok(name)
    }

    /// The next attribute, or `None` at the end of the tag.
    pub(super) fn attribute(&mut self) -> Result<Option<Attribute<'a>>, Fault> {
        let spaced = self.skip_space();
        if self.rest().is_empty() {
            return Ok(None);
        }
        if !spaced {
            return Err(malformed(self.at, "white space was expected before an attribute"));
        }
        let at = self.at;
        let name = self.name()?;
        self.skip_space();
        if !self.rest().starts_with('=') {
            return Err(malformed(self.at, "= was expected after an attribute's name"));
        }
        self.at += 1;
        self.skip_space();
        let value = self.quoted()?;
        Ok(Some(Attribute { name, value, at }))
    }

    fn quoted(&mut self) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let quote = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => quote,
            _ => return Err(malformed(self.at, "a quoted value was expected")),
        };
        let inner = &rest[1..];
        let Some(length) = inner.find(quote) else {
            return Err(malformed(self.at, "a value without an end"));
        };
        if length > self.longest {
            return Err(too_much(self.at, "bytes in a value", self.longest));
        }
        text::attribute_value(&inner[..length], self.at + 1)?;
        self.at += length + 2;
        Ok(&inner[..length])
    }

    fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        let after = rest.trim_start_matches(SPACE);
        self.at += rest.len() - after.len();
        after.len() < rest.len()
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str) -> Result<Vec<(&str, &str)>, Fault> {
        let mut inside = Inside::new(tag, 0, 8);
        inside.name()?;
        let mut found = Vec::new();
        while let Some(attribute) = inside.attribute()? {
            found.push((attribute.name.whole, attribute.value));
        }
        Ok(found)
    }

    #[test]
    fn both_quotes_and_spaces_around_the_equals_sign_are_read() {
        let found = read("a b='1\"' \t\r\n c:d = \"2'>\" ").unwrap();
        assert_eq!(found, [("b", "1\""), ("c:d", "2'>")]);
        assert_eq!(read("a").unwrap(), []);
    }

    #[test]
    fn what_is_not_an_attribute_is_refused_where_it_stands() {
        for (tag, at) in [
            ("a b", 3),
            ("a b=", 4),
            ("a b=1", 4),
            ("a b='1", 4),
            ("a ='1'", 2),
            ("a b='1'c='2'", 7),
            ("a b 'x'", 4),
            ("a 1='x'", 2),
            ("a/ ", 1),
            ("a b='1'/", 7),
            ("a\u{A0}b='1'", 1),
            ("a<b='1'", 1),
            ("a b='&x;'", 5),
            ("a b='1<'", 6),
        ] {
            assert_eq!(read(tag).unwrap_err().at, at, "{tag}");
        }
    }

    #[test]
    fn a_value_at_the_limit_passes_and_one_more_byte_does_not() {
        assert!(read("a b='12345678'").is_ok());
        assert!(read("a b='123456789'").is_err());
    }
}
