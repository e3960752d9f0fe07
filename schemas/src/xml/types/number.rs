//! Numbers. A float keeps its text: a binary round trip would change what a peer
//! wrote (`4.1234567`, `1.20`), and nothing here reckons in binary floats.

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;

use super::string::collapsed;
use crate::xml::Text;

/// `xs:float` or `xs:double` as the text it came as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Float(Box<str>);

impl Float {
    /// The exact decimal value; `None` for `INF`, `-INF`, `NaN` and what passes the
    /// range of a [`Decimal`].
    pub fn decimal(&self) -> Option<Decimal> {
        let text = self.0.strip_prefix('+').unwrap_or(&self.0);
        if text.contains(['e', 'E']) {
            Decimal::from_scientific(text).ok()
        } else {
            text.parse().ok()
        }
    }

    /// The text that goes on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Decimal> for Float {
    fn from(value: Decimal) -> Self {
        Self(value.to_string().into())
    }
}

impl From<i64> for Float {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl Default for Float {
    fn default() -> Self {
        Self("0".into())
    }
}

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Text for Float {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        let number = matches!(&*text, "INF" | "-INF" | "NaN") || is_float(&text);
        if number { Ok(Self((*text).into())) } else { Err("a number".into()) }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// Sign, digits with at most one point, and an exponent, as XSD writes floats.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    is_decimal(mantissa) && exponent.is_none_or(is_integer)
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(part) && !(whole.is_empty() && part.is_empty())
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `xs:integer` of any length, as the text it came as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer(Box<str>);

impl Integer {
    /// The value, if 64 bits hold it.
    pub fn value(&self) -> Option<i64> {
        self.0.parse().ok()
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl Text for Integer {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        if is_integer(&text) { Ok(Self((*text).into())) } else { Err("a whole number".into()) }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

crate::xml::macros::facet! {
    /// `xs:positiveInteger`.
    PositiveInteger(Integer) = above_zero, "a whole number above zero", ["1", "40"];
}

fn above_zero(number: &Integer) -> bool {
    !number.0.starts_with('-') && number.0.bytes().any(|b| (b'1'..=b'9').contains(&b))
}

impl Text for Decimal {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        let digits = text.strip_prefix('+').unwrap_or(&text);
        match Self::from_str_exact(digits) {
            Ok(value) if is_decimal(&text) => Ok(value),
            _ => Err("a decimal number of at most 28 digits".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Text for bool {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        match &*collapsed(text) {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err("true or false".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

macro_rules! whole {
    ($($type:ty),+) => { $(
        impl Text for $type {
            fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
                let text = collapsed(text);
                // Rust reads "+5" and "-0" as XSD does, but an empty string too late.
                text.parse().map_err(|_| {
                    format!("a whole number from {} to {}", Self::MIN, Self::MAX).into()
                })
            }

            fn text(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }
        }
    )+ };
}

whole!(i8, u8, i16, u16, i32, u32, i64, u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_their_text_and_tell_their_value() {
        for (text, value) in [
            ("1.20", Some("1.20")),
            ("-4.1234567", Some("-4.1234567")),
            ("1E5", Some("100000")),
            ("+.5", Some("0.5")),
            ("5.", Some("5")),
            ("-2.5e-3", Some("-0.0025")),
            ("INF", None),
            ("-INF", None),
            ("NaN", None),
            ("1e400", None),
        ] {
            let read = Float::parse(&format!(" {text} ")).unwrap();
            assert_eq!(read.as_str(), text);
            assert_eq!(read.decimal(), value.map(|v| v.parse().unwrap()), "{text}");
        }
        for text in
            ["", ".", "+", "e5", "1e", "1e+", "1e5.0", "0x1", "1,5", "inf", "+INF", "1 2", "--1"]
        {
            assert!(Float::parse(text).is_err(), "{text}");
        }
        assert_eq!(Float::from(Decimal::new(-150, 2)).as_str(), "-1.50");
    }

    #[test]
    fn decimals_are_exact_or_refused() {
        for (text, value) in
            [("12.50", "12.50"), ("+1", "1"), (".5", "0.5"), ("5.", "5"), ("-0.001", "-0.001")]
        {
            assert_eq!(Decimal::parse(text).unwrap().text(), value, "{text}");
        }
        for text in [
            "",
            ".",
            "1e5",
            "1_000",
            "INF",
            "+-1",
            "99999999999999999999999999999999",
            "0.00000000000000000000000000000001",
        ] {
            assert!(Decimal::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn whole_numbers_keep_to_their_range() {
        assert_eq!(u8::parse(" 255 "), Ok(255));
        assert_eq!(i8::parse("-128"), Ok(-128));
        for text in ["256", "-1", "", "1.0", "1 0"] {
            assert_eq!(u8::parse(text), Err("a whole number from 0 to 255".into()), "{text}");
        }
        assert_eq!(Integer::parse("123456789012345678901234567890").unwrap().value(), None);
        assert_eq!(Integer::parse("-7").unwrap().value(), Some(-7));
        assert!(Integer::parse("7.0").is_err());
        assert!(PositiveInteger::parse("1").is_ok() && PositiveInteger::parse("+10").is_ok());
        assert!(["0", "-1", "00", "-0"].iter().all(|t| PositiveInteger::parse(t).is_err()));
    }

    #[test]
    fn booleans_have_four_spellings() {
        let read = ["true", "1", "false", "0"].map(|t| bool::parse(t).unwrap());
        assert_eq!(read, [true, true, false, false]);
        assert!(["True", "yes", "", "2"].iter().all(|t| bool::parse(t).is_err()));
    }
}
