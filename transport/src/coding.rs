//! Content codings: gzip and deflate, when the requester names them (OpenADR 2.0b Profile 9.1,
//! Accept-Encoding). `deflate` is the zlib format (RFC 9110, 8.4.1.2).

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Deflate,
}

/// Why a body could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Undecodable {
    /// It is longer than allowed.
    TooLarge,
    /// It is not what it says, or has been cut short.
    Broken,
}

impl Coding {
    /// The best coding that an Accept-Encoding header names; gzip wins a tie. The wildcard is not
    /// a name, so it alone gets the body as it is.
    pub(crate) fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(Self, u16)> = None;
        for item in header.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let Some(coding) = parts.next().and_then(Self::named) else { continue };
            let Some(weight) = parts.next().map_or(Some(1000), weight) else { continue };
            let better = match best {
                None => weight > 0,
                Some((Self::Gzip, other)) => weight > other,
                Some((Self::Deflate, other)) => weight > other || weight == other && weight > 0,
            };
            if better {
                best = Some((coding, weight));
            }
        }
        best.map(|(coding, _)| coding)
    }

    /// The coding of a Content-Encoding name, any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            Some(Self::Gzip)
        } else if name.eq_ignore_ascii_case("deflate") {
            Some(Self::Deflate)
        } else {
            None
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }

    /// Compresses, at the fastest level: XML shrinks well at any.
    ///
    /// # Errors
    /// None in practice: writing to memory.
    pub(crate) fn encode(self, body: &[u8]) -> io::Result<Vec<u8>> {
        let out = Vec::with_capacity(body.len() / 4);
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(out, Compression::fast());
                encoder.write_all(body)?;
                encoder.finish()
            }
            Self::Deflate => {
                let mut encoder = ZlibEncoder::new(out, Compression::fast());
                encoder.write_all(body)?;
                encoder.finish()
            }
        }
    }

    /// Decompresses to at most `limit` bytes; never holds more than that.
    pub(crate) fn decode(self, body: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
        match self {
            Self::Gzip => bounded(GzDecoder::new(body), limit),
            Self::Deflate => bounded(ZlibDecoder::new(body), limit),
        }
    }
}

fn bounded(reader: impl Read, limit: usize) -> Result<Vec<u8>, Undecodable> {
    let mut out = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(most).read_to_end(&mut out).map_err(|_| Undecodable::Broken)?;
    if out.len() > limit { Err(Undecodable::TooLarge) } else { Ok(out) }
}

/// `q=0.5` in thousandths. `None` if it is not a weight.
fn weight(parameter: &str) -> Option<u16> {
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_codings_with_a_weight_are_taken() {
        for (header, coding) in [
            ("gzip", Some(Coding::Gzip)),
            ("GZIP;q=0.5", Some(Coding::Gzip)),
            ("deflate, gzip", Some(Coding::Gzip)),
            ("deflate;q=0.9, gzip;q=0.8", Some(Coding::Deflate)),
            ("gzip;q=0, deflate", Some(Coding::Deflate)),
            ("deflate;q=0", None),
            ("gzip;q=2", None),
            ("gzip;q=0.1234", None),
            ("br, identity, *", None),
            ("", None),
        ] {
            assert_eq!(Coding::accepted(header), coding, "{header}");
        }
    }

    #[test]
    fn what_is_encoded_is_decoded_up_to_the_limit() {
        let body = b"<a/>".repeat(1000);
        for coding in [Coding::Gzip, Coding::Deflate] {
            let coded = coding.encode(&body).unwrap();
            assert!(coded.len() < body.len() / 10);
            assert_eq!(coding.decode(&coded, body.len()), Ok(body.clone()));
            assert_eq!(coding.decode(&coded, body.len() - 1), Err(Undecodable::TooLarge));
            assert_eq!(coding.decode(&coded[..coded.len() - 9], 9999), Err(Undecodable::Broken));
            assert_eq!(coding.decode(b"<a/>", 9999), Err(Undecodable::Broken));
        }
    }
}
