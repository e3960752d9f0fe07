//! Where `certs check` calls: `https://host[:port][/path]`.

use std::str::FromStr;

use rustls_pki_types::ServerName;

/// The parts of a URL that a connection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Host name or address, without brackets.
    pub host: String,
    pub port: u16,
    /// With its leading slash.
    pub path: String,
    /// `host` as certificates name it.
    pub name: ServerName<'static>,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("http://") {
            return Err("OpenADR is never spoken in clear: say https://".to_owned());
        }
        let rest = text.strip_prefix("https://").ok_or("a URL begins with https://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (host, port) = match authority.strip_prefix('[') {
            Some(six) => six.split_once(']').ok_or("the ']' of the address is missing")?,
            None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        };
        let port = match port.strip_prefix(':') {
            Some(digits) => digits.parse().map_err(|_| format!("{digits:?} is no port"))?,
            None if port.is_empty() => 443,
            None => return Err(format!("{port:?} follows the host")),
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| format!("{host:?} is neither a host name nor an address"))?;
        let path = if path.starts_with('/') { path } else { "/" };
        if path.chars().any(|c| c.is_control() || c == ' ') {
            return Err("the path holds a space or a control character".to_owned());
        }
        Ok(Self { host: host.to_owned(), port, path: path.to_owned(), name })
    }
}

impl Target {
    /// Host and port as the Host header and people write them.
    pub fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_come_apart() {
        let parts = |text: &str| {
            let target: Target = text.parse().unwrap();
            (target.authority(), target.path)
        };
        let whole = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(parts("https://vtn.example"), whole("vtn.example:443", "/"));
        assert_eq!(parts("https://vtn.example:8443/x/y"), whole("vtn.example:8443", "/x/y"));
        assert_eq!(parts("https://[::1]:9/"), whole("[::1]:9", "/"));
        assert_eq!(parts("https://10.0.0.1?q"), whole("10.0.0.1:443", "/"));
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for bad in [
            "vtn.example",
            "http://vtn.example",
            "https://",
            "https://vtn.example:",
            "https://vtn.example:99999",
            "https://[::1",
            "https://[::1]9",
            "https://user@vtn.example",
            "https://vtn.example/a b",
            "https://vtn.example/\r\nX: y",
        ] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
    }
}
