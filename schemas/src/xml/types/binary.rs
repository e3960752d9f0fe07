//! Bytes on the wire.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::xml::Text;

/// `xs:base64Binary`: the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Base64(pub Vec<u8>);

impl Text for Base64 {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let dense: String = text.split_ascii_whitespace().collect();
        STANDARD.decode(dense).map(Self).map_err(|_| "base64".into())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(STANDARD.encode(&self.0))
    }
}

/// `xs:hexBinary`: the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hex(pub Vec<u8>);

impl Text for Hex {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let digits = text.trim_ascii();
        let pairs = digits.as_bytes().chunks(2);
        let byte = |pair: &[u8]| {
            let pair = str::from_utf8(pair).ok().filter(|p| p.len() == 2 && !p.contains('+'))?;
            u8::from_str_radix(pair, 16).ok()
        };
        pairs.map(byte).collect::<Option<_>>().map(Self).ok_or_else(|| "hexadecimal bytes".into())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.iter().map(|b| format!("{b:02X}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_may_be_folded_and_must_be_whole() {
        assert_eq!(Base64::parse(" AQ\nID ").unwrap().0, [1, 2, 3]);
        assert_eq!(Base64(vec![0]).text(), "AA==");
        assert_eq!(Base64::parse("").unwrap().0, []);
        assert!(["AQI", "AQ=", "A_==", "AQID="].iter().all(|t| Base64::parse(t).is_err()));
    }

    #[test]
    fn hexadecimal_comes_in_pairs() {
        assert_eq!(Hex::parse("00fF").unwrap().0, [0, 255]);
        assert_eq!(Hex(vec![10]).text(), "0A");
        assert!(["0", "0g", "+1", "üü", "0 0"].iter().all(|t| Hex::parse(t).is_err()));
    }
}
