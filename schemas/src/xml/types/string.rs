//! Strings: as they are, collapsed, of bounded length, and lists of values.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use crate::xml::Text;

impl Text for String {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        Ok(text.to_owned())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

/// Text with the white space at its ends removed and runs of it made one blank.
pub(crate) fn collapsed(text: &str) -> Cow<'_, str> {
    let clean = text.split_ascii_whitespace().map(str::len).sum::<usize>()
        + text.split_ascii_whitespace().count().saturating_sub(1);
    if clean == text.len() && !text.contains(['\t', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    Cow::Owned(words.join(" "))
}

macro_rules! collapsing {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The value, its white space collapsed.
            pub fn new(text: &str) -> Self {
                Self(collapsed(text).into_owned())
            }
        }

        impl Text for $name {
            fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
                Ok(Self::new(text))
            }

            fn text(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.0)
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

collapsing! {
    /// `xs:token` and the types derived from it (`xs:ID`, `xs:NMTOKEN`, …).
    Token
}

collapsing! {
    /// `xs:anyURI`. Compared letter by letter here; OpenADR 2.0b rule 512 compares
    /// market contexts after normalisation.
    Uri
}

/// A string of at most `MAX` characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounded<const MAX: usize>(String);

impl<const MAX: usize> Bounded<MAX> {
    /// The string, or `None` if it is too long.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (text.chars().count() <= MAX).then_some(Self(text))
    }
}

impl<const MAX: usize> Deref for Bounded<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Text for Bounded<MAX> {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        Self::new(text).ok_or_else(|| format!("at most {MAX} characters").into())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// `xs:list`: values separated by white space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct List<T>(pub Vec<T>);

impl<T: Text> Text for List<T> {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        text.split_ascii_whitespace().map(T::parse).collect::<Result<_, _>>().map(Self)
    }

    fn text(&self) -> Cow<'_, str> {
        let parts: Vec<_> = self.0.iter().map(T::text).collect();
        Cow::Owned(parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_collapse_white_space_and_strings_keep_it() {
        assert_eq!(&*Token::parse(" a \t\n b ").unwrap(), "a b");
        assert_eq!(&*Uri::parse("\nurn:x ").unwrap(), "urn:x");
        assert_eq!(String::parse(" a  b ").unwrap(), " a  b ");
        assert!(matches!(collapsed("a b"), Cow::Borrowed("a b")));
        assert_eq!(collapsed(" \n "), "");
        assert_eq!(collapsed("a\u{A0} b"), "a\u{A0} b");
    }

    #[test]
    fn bounded_strings_count_characters() {
        assert_eq!(&*Bounded::<3>::parse("üüü").unwrap(), "üüü");
        assert_eq!(Bounded::<3>::parse("abcd"), Err("at most 3 characters".into()));
        assert!(Bounded::<3>::new("abcd").is_none());
    }

    #[test]
    fn lists_are_split_at_white_space() {
        let list = List::<i32>::parse(" 1\n2  3 ").unwrap();
        assert_eq!((&list.0[..], &*list.text()), (&[1, 2, 3][..], "1 2 3"));
        assert!(List::<i32>::parse("1 x").is_err());
        assert_eq!(List::<i32>::parse("").unwrap().0, []);
    }
}
