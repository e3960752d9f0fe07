//! The attributes of one start tag.

use std::borrow::Cow;

use super::names::Ns;

/// An attribute of the element just entered.
#[derive(Clone, Debug)]
pub(super) struct Attribute<'a> {
    pub prefix: &'a str,
    pub ns: Ns,
    pub local: &'a str,
    pub value: Cow<'a, str>,
}

/// Name and raw value of each attribute in what follows a tag's name; `None` for
/// what is no attribute (the gate lets none of that through).
pub(super) fn pairs(mut rest: &str) -> impl Iterator<Item = Option<(&str, &str)>> {
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let pair = split_first(rest);
        rest = pair.map_or("", |(_, _, after)| after);
        Some(pair.map(|(key, value, _)| (key, value)))
    })
}

/// The prefix an attribute declares: empty for the default namespace, `None` for an
/// attribute that declares nothing.
pub(super) fn declares(key: &str) -> Option<&str> {
    match key.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    }
}

fn split_first(rest: &str) -> Option<(&str, &str, &str)> {
    let (key, after) = rest.split_once('=')?;
    let after = after.trim_ascii_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = after[1..].split_once(quote)?;
    Some((key.trim_ascii_end(), value, after))
}

/// An attribute's value with its references resolved and its white space
/// normalised, as XML 1.0 section 3.3.3 wants it for CDATA attributes.
pub(super) fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains(['&', '\t', '\n', '\r']) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        if let Some((name, after)) = tail.strip_prefix('&').and_then(|t| t.split_once(';')) {
            out.extend(resolve(name));
            rest = after;
        } else {
            out.push(' ');
            rest = tail.strip_prefix("\r\n").unwrap_or(&tail[1..]);
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character a reference stands for; `None` for an entity nobody declared.
pub(super) fn resolve(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
