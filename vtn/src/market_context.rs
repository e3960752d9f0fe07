//! Market contexts are URIs, compared after RFC 3986 normalisation. OpenADR 2.0b Profile, rule
//! 512.

use oadr_transport::uri::normalised_path;

/// Whether two URIs name the same programme.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a == b || normal(a) == normal(b)
}

/// Scheme and host in small letters, the default port gone, the path in its normal form. To compare
/// by: it is no URI itself.
pub(crate) fn normal(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once(':') else { return uri.to_owned() };
    let scheme = scheme.to_ascii_lowercase();
    let Some(rest) = rest.strip_prefix("//") else { return format!("{scheme}:{rest}") };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let (user, host) =
        authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let host = host.to_ascii_lowercase();
    let default = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(default).unwrap_or(&host);
    let tail = rest.find(['?', '#']).unwrap_or(rest.len());
    let (path, tail) = rest.split_at(tail);
    let path = if path.is_empty() { "/" } else { path };
    let path = normalised_path(path).unwrap_or_else(|| path.to_owned());
    format!("{scheme}://{user}@{host}{path}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_512_ignores_the_case_of_scheme_and_host_only() {
        assert!(same("http://Market.Example/a", "HTTP://market.example:80/a"));
        assert!(same("http://m.example/%7Ea/./b", "http://m.example/~a/b"));
        assert!(same("http://m.example", "http://m.example/"));
        assert!(!same("http://m.example/a", "http://m.example/A"));
        assert!(!same("urn:x:a", "urn:x:b"));
    }
}
