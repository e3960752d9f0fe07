//! Equal URIs. OpenADR 2.0b Profile, rule 512: marketContexts compare after RFC 3986
//! normalisation.

use oadr_transport::uri::normalised_path;

/// Whether two URIs are the same after normalisation: case of scheme and host, default
/// port, empty path, percent-encoding and dot segments of the path.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || normalised(one) == normalised(other)
}

fn normalised(uri: &str) -> String {
    let uri = uri.trim();
    let Some((scheme, rest)) = uri.split_once(':') else { return uri.to_owned() };
    let scheme = scheme.to_ascii_lowercase();
    let Some(rest) = rest.strip_prefix("//") else { return format!("{scheme}:{rest}") };
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (path, query) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => ":",
    };
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(port).unwrap_or(&authority);
    let path = normalised_path(if path.is_empty() { "/" } else { path });
    // A path that has no normal form equals itself alone.
    let path = path.unwrap_or_else(|| rest.to_owned());
    format!("{scheme}://{authority}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_512_compares_market_contexts_after_normalisation() {
        for (one, other) in [
            ("http://MarketContext1", "http://marketcontext1"),
            ("HTTP://m.example:80", "http://m.example/"),
            ("http://m.example/a/../b", "http://m.example/b"),
            ("http://m.example/%7Eb", "http://m.example/~b"),
            ("URN:m:x", "urn:m:x"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn paths_queries_and_names_keep_their_case() {
        for (one, other) in [
            ("http://m/A", "http://m/a"),
            ("http://m/?A", "http://m/?a"),
            ("urn:m:X", "urn:m:x"),
            ("http://m/", "https://m/"),
            ("M", "m"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
