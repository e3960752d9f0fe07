//! The fingerprint people read to each other and the thumbprint programs compare.
//! OpenADR 2.0b Profile, section 10 (fingerprint of a certificate).
//!
//! Ten bytes are short enough to be read over the telephone and too few to be the only thing
//! compared for ever: after first contact the whole SHA-256 is stored and compared.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Error;

/// The last ten bytes of the SHA-256 over a DER certificate, written `AA:BB:…` (29 characters).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 10]);

impl Fingerprint {
    /// The fingerprint of a certificate in DER.
    #[must_use]
    pub fn of_der(der: &[u8]) -> Self {
        Thumbprint::of_der(der).fingerprint()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl FromStr for Fingerprint {
    type Err = Error;

    /// Reads ten hex pairs joined by colons, in either case.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || {
            let seen: String = text.chars().take(40).collect();
            Error::BadFingerprint(format!("{seen:?} is not ten hex pairs joined by ':'"))
        };
        let mut bytes = [0; 10];
        let mut pairs = text.split(':');
        for byte in &mut bytes {
            *byte = pairs.next().and_then(hex_pair).ok_or_else(wrong)?;
        }
        if pairs.next().is_some() {
            return Err(wrong());
        }
        Ok(Self(bytes))
    }
}

/// The whole SHA-256 over a DER certificate, written in 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint(pub [u8; 32]);

impl Thumbprint {
    /// The thumbprint of a certificate in DER.
    #[must_use]
    pub fn of_der(der: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, der).as_ref());
        Self(bytes)
    }

    /// Its last ten bytes: the OpenADR fingerprint of the same certificate.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut tail = [0; 10];
        tail.copy_from_slice(&self.0[22..]);
        Fingerprint(tail)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Thumbprint {
    type Err = Error;

    /// Reads 64 hex digits in either case.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || {
            let seen: String = text.chars().take(70).collect();
            Error::BadFingerprint(format!("{seen:?} is not 64 hex digits"))
        };
        if text.len() != 64 {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(2 * at..2 * at + 2);
            *byte = pair.and_then(hex_pair).ok_or_else(wrong)?;
        }
        Ok(Self(bytes))
    }
}

macro_rules! shown_as_text {
    ($($name:ty),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
shown_as_text!(Fingerprint, Thumbprint);

/// Two hex digits; `u8::from_str_radix` alone would take a sign.
fn hex_pair(pair: &str) -> Option<u8> {
    (pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
        .then(|| u8::from_str_radix(pair, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_the_tail_of_sha_256() {
        // SHA-256("abc"), FIPS 180-2 appendix B.1.
        let whole = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Thumbprint::of_der(b"abc").to_string(), whole);
        let tail = Fingerprint::of_der(b"abc").to_string();
        assert_eq!(tail, "7A:9C:B4:10:FF:61:F2:00:15:AD");
        assert_eq!(tail.len(), 29);
    }

    #[test]
    fn text_goes_there_and_back_in_either_case() {
        let print = Fingerprint::of_der(b"abc");
        assert_eq!(print.to_string().to_lowercase().parse::<Fingerprint>().unwrap(), print);
        let thumb = Thumbprint::of_der(b"abc");
        assert_eq!(thumb.to_string().to_uppercase().parse::<Thumbprint>().unwrap(), thumb);
        let json = serde_json::to_string(&(print, thumb)).unwrap();
        assert_eq!(
            serde_json::from_str::<(Fingerprint, Thumbprint)>(&json).unwrap(),
            (print, thumb)
        );
    }

    #[test]
    fn what_is_not_a_fingerprint_is_refused() {
        let good = "7A:9C:B4:10:FF:61:F2:00:15:AD";
        assert!(good.parse::<Fingerprint>().is_ok());
        for bad in [
            "",
            "7A:9C:B4:10:FF:61:F2:00:15",
            "7A:9C:B4:10:FF:61:F2:00:15:AD:AD",
            "7A:9C:B4:10:FF:61:F2:00:15:+D",
            "7A:9C:B4:10:FF:61:F2:00:15:ADA",
            "7A9CB410FF61F20015AD",
            " 7A:9C:B4:10:FF:61:F2:00:15:AD",
            "7A:9C:B4:10:FF:61:F2:00:15:é",
        ] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
        let odd = "é".repeat(32);
        assert!(odd.parse::<Thumbprint>().is_err());
    }
}
