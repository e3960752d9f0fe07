//! The few things this crate asks of a parsed certificate, over x509-parser. RFC 5280.

use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use crate::Error;

/// Reads one certificate that fills `der` to its end.
pub(crate) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, Error> {
    let (rest, cert) = x509_parser::parse_x509_certificate(der)
        .map_err(|e| Error::BadCertificate(e.to_string()))?;
    if !rest.is_empty() {
        return Err(Error::BadCertificate(format!("{} bytes follow its end", rest.len())));
    }
    Ok(cert)
}

/// The instant of an X.509 time. "No expiry" (9999-12-31T23:59:59Z) is past what
/// [`Timestamp`] holds and becomes its last instant.
pub(crate) fn timestamp(time: ASN1Time) -> Timestamp {
    let seconds = time.timestamp();
    let limit = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(limit)
}

/// The last common name of a subject, control characters replaced, because it ends up in logs.
pub(crate) fn common_name(name: &X509Name<'_>) -> Option<String> {
    let last = name.iter_common_name().last()?;
    last.as_str().ok().map(printable)
}

/// Text from a certificate made safe for a terminal and a log.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// The subject's alternative names: host names, addresses, URIs, mail addresses.
pub(crate) fn alternative_names(cert: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = cert.subject_alternative_name() else { return Vec::new() };
    names.value.general_names.iter().map(general_name).collect()
}

fn general_name(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(host) => printable(host),
        GeneralName::IPAddress(octets) => address(octets),
        GeneralName::URI(uri) => printable(uri),
        GeneralName::RFC822Name(mail) => printable(mail),
        other => printable(&other.to_string()),
    }
}

fn address(octets: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(octets) {
        return std::net::Ipv4Addr::from(four).to_string();
    }
    match <[u8; 16]>::try_from(octets) {
        Ok(sixteen) => std::net::Ipv6Addr::from(sixteen).to_string(),
        Err(_) => format!("address of {} octets", octets.len()),
    }
}

/// A public key by kind and strength in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Rsa(usize),
    /// A curve by its size in bits; `None` is a curve not known here.
    Curve(Option<usize>),
    /// Neither RSA nor an X9.62 curve (Ed25519, DSA, …).
    Other,
}

pub(crate) fn key(cert: &X509Certificate<'_>) -> Key {
    match cert.public_key().parsed() {
        Ok(PublicKey::RSA(rsa)) => Key::Rsa(rsa_bits(rsa.modulus)),
        Ok(PublicKey::EC(_)) => {
            let curve = cert.public_key().algorithm.parameters.as_ref();
            let oid = curve.and_then(|any| any.as_oid().ok()).map(|oid| oid.to_id_string());
            Key::Curve(oid.and_then(|oid| curve_bits(&oid)))
        }
        _ => Key::Other,
    }
}

/// Bits of the modulus without leading zeros: a key padded with zero bytes is not a longer one.
fn rsa_bits(modulus: &[u8]) -> usize {
    let zeros = modulus.iter().take_while(|b| **b == 0).count();
    match modulus.get(zeros) {
        Some(first) => (modulus.len() - zeros) * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

fn curve_bits(oid: &str) -> Option<usize> {
    match oid {
        "1.2.840.10045.3.1.1" => Some(192),
        "1.3.132.0.33" => Some(224),
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" => Some(256),
        "1.3.132.0.34" => Some(384),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_padding_does_not_lengthen_a_key() {
        assert_eq!(rsa_bits(&[0, 0, 0x80, 0]), 16);
        assert_eq!(rsa_bits(&[0x01, 0]), 9);
        assert_eq!(rsa_bits(&[0]), 0);
    }

    #[test]
    fn control_characters_do_not_reach_a_log() {
        assert_eq!(printable("ven\r\n\u{1b}[2J"), "ven\u{FFFD}\u{FFFD}\u{FFFD}[2J");
    }
}
