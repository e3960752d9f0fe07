//! RFC 3986 normalisation of request paths: OpenADR 2.0b Profile, rule 511 accepts every
//! equivalent form of an endpoint's URI.

/// The normal form of an absolute path: `%7E` becomes `~`, other escapes get capital digits, dot
/// segments go (RFC 3986, 6.2.2). `None` for a path that is not one: no leading slash, a broken
/// escape, a character that must be escaped.
#[must_use]
pub fn normalised_path(path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return None;
    }
    Some(without_dot_segments(&unescaped(path)?))
}

/// Decodes escapes of unreserved characters (RFC 3986, 6.2.2.1 and 6.2.2.2).
fn unescaped(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let (high, low) = (hex(bytes.next()?)?, hex(bytes.next()?)?);
                let decoded = high << 4 | low;
                if is_unreserved(decoded) {
                    out.push(char::from(decoded));
                } else {
                    out.push('%');
                    out.push(char::from(HEX[usize::from(high)]));
                    out.push(char::from(HEX[usize::from(low)]));
                }
            }
            b'/' | b':' | b'@' => out.push(char::from(byte)),
            _ if is_unreserved(byte) || b"!$&'()*+,;=".contains(&byte) => {
                out.push(char::from(byte));
            }
            _ => return None,
        }
    }
    Some(out)
}

/// RFC 3986, 5.2.4, for a path that starts with a slash.
fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => {
                kept.push(segment);
                continue;
            }
        }
        if last {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

const HEX: [u8; 16] = *b"0123456789ABCDEF";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_511_equivalent_paths_have_one_normal_form() {
        for path in [
            "/p/OpenADR2/Simple/2.0b/EiEvent",
            "/p/OpenADR2/Simple/2.0b/%45iEvent",
            "/p/OpenADR2/./Simple/2%2E0b/EiEvent",
            "/p/OpenADR2/x/../Simple/2.0b/EiEvent",
            "/../p/%4fpenADR2/Simple/2.0b/EiEvent",
            "/p/x/%2E%2e/OpenADR2/Simple/2.0b/EiEvent",
        ] {
            assert_eq!(
                normalised_path(path).as_deref(),
                Some("/p/OpenADR2/Simple/2.0b/EiEvent"),
                "{path}"
            );
        }
    }

    #[test]
    fn an_escaped_slash_stays_escaped_and_case_counts() {
        assert_eq!(normalised_path("/a%2fB").as_deref(), Some("/a%2FB"));
        assert_ne!(normalised_path("/EIEVENT"), normalised_path("/EiEvent"));
    }

    #[test]
    fn broken_paths_are_refused() {
        for path in ["", "a", "*", "/%4", "/%", "/%zz", "/a b", "/\u{e9}", "/a?b", "/a\\b"] {
            assert_eq!(normalised_path(path), None, "{path}");
        }
    }

    #[test]
    fn rfc_3986_examples_of_dot_segments() {
        assert_eq!(normalised_path("/a/b/c/./../../g").as_deref(), Some("/a/g"));
        assert_eq!(normalised_path("/a/..").as_deref(), Some("/"));
        assert_eq!(normalised_path("/a/.").as_deref(), Some("/a/"));
        assert_eq!(normalised_path("/").as_deref(), Some("/"));
        assert_eq!(normalised_path("//a").as_deref(), Some("//a"));
    }
}
