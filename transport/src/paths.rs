//! Where services live: OpenADR 2.0b Profile, rule 511,
//! `https://<hostname>(:port)/(prefix/)OpenADR2/Simple/2.0b/<service>`, and in its likeness
//! `…/EI/Simple/1.0/<service>` for the EI 1.0 services that OpenADR leaves out.

use std::fmt;
use std::str::FromStr;

use hyper::Uri;

use crate::error::Error;
use crate::uri::normalised_path;

/// A family of services: the same namespaces, different contents, hence different paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// OpenADR 2.0b payloads in oadrPayload.
    OpenAdr,
    /// OASIS Energy Interoperation 1.0: the bare `ei…` payload is the body.
    Ei,
}

impl Family {
    /// The path between prefix and service, without slashes at its ends.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::OpenAdr => "OpenADR2/Simple/2.0b",
            Self::Ei => "EI/Simple/1.0",
        }
    }

    /// The services of this family. A VEN does not serve `OadrPoll` (rule 511).
    #[must_use]
    pub fn services(self) -> &'static [&'static str] {
        match self {
            Self::OpenAdr => &["EiEvent", "EiOpt", "EiReport", "EiRegisterParty", "OadrPoll"],
            Self::Ei => &[
                "EiTender",
                "EiQuote",
                "EiTransaction",
                "EiDelivery",
                "EiEnroll",
                "EiAvail",
                "EiMarketContext",
            ],
        }
    }
}

/// Reads a request path, as [`Received::path`](crate::Received) has it (normalised), under a
/// prefix such as `/`, `/vtn` or `/a/b/`. `None` if no service lives there: answer 404.
#[must_use]
pub fn parse(prefix: &str, path: &str) -> Option<(Family, &'static str)> {
    let prefix = prefix.trim_matches('/');
    let mut rest = path.strip_prefix('/')?;
    if !prefix.is_empty() {
        rest = rest.strip_prefix(prefix)?.strip_prefix('/')?;
    }
    [Family::OpenAdr, Family::Ei].into_iter().find_map(|family| {
        let name = rest.strip_prefix(family.path())?.strip_prefix('/')?;
        family.services().iter().find(|service| **service == name).map(|service| (family, *service))
    })
}

/// The base address of a party: scheme, host, port and prefix; services are appended to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    origin: String,
    prefix: String,
}

/// The address of one service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Url(Uri);

impl BaseUrl {
    /// The address of a service of this party. `service` is one of [`Family::services`].
    ///
    /// # Errors
    /// [`Error::Address`] if `service` is not a name that can stand in a path.
    pub fn service(&self, family: Family, service: &str) -> Result<Url, Error> {
        format!("{}{}{}/{service}", self.origin, self.prefix, family.path()).parse()
    }

    /// The prefix, from slash to slash: `/` if there is none.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl FromStr for BaseUrl {
    type Err = Error;

    /// Reads `https://host(:port)/(prefix/)`; the last slash may be missing. A `http` address
    /// is read too (oadrTransportAddress examples have it): the client speaks TLS to it or not
    /// at all.
    fn from_str(text: &str) -> Result<Self, Error> {
        let Url(uri) = text.parse()?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(Error::Address(text.to_owned()));
        };
        let path = uri.path().trim_end_matches('/');
        Ok(Self { origin: format!("{scheme}://{authority}"), prefix: format!("{path}/") })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.prefix)
    }
}

impl Url {
    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for Url {
    type Err = Error;

    /// Reads an absolute `http` or `https` address without user, query or fragment, and brings
    /// it into its RFC 3986 normal form.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = || Error::Address(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| refuse())?;
        let scheme = uri.scheme_str().ok_or_else(refuse)?;
        let authority = uri.authority().ok_or_else(refuse)?.as_str().to_ascii_lowercase();
        let known = scheme == "http" || scheme == "https";
        let bare = uri.host().is_some_and(|host| {
            let port_is_a_number = authority.len() == host.len() || uri.port_u16().is_some();
            !host.is_empty() && port_is_a_number
        });
        // A fragment is dropped by the parser, so look at the text.
        if !known || !bare || authority.contains('@') || text.contains(['?', '#']) {
            return Err(refuse());
        }
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
        let path = normalised_path(uri.path()).ok_or_else(refuse)?;
        let normal = format!("{scheme}://{authority}{path}");
        normal.parse().map(Self).map_err(|_| refuse())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_511_addresses_are_built_with_and_without_prefix() {
        for (base, url) in [
            ("https://vtn.example", "https://vtn.example/OpenADR2/Simple/2.0b/OadrPoll"),
            ("https://VTN.example:443/", "https://vtn.example/OpenADR2/Simple/2.0b/OadrPoll"),
            ("https://h:8443/a/b", "https://h:8443/a/b/OpenADR2/Simple/2.0b/OadrPoll"),
            ("https://h:8443/a/b/", "https://h:8443/a/b/OpenADR2/Simple/2.0b/OadrPoll"),
            ("https://[::1]:8443/", "https://[::1]:8443/OpenADR2/Simple/2.0b/OadrPoll"),
        ] {
            let base: BaseUrl = base.parse().unwrap();
            assert_eq!(base.service(Family::OpenAdr, "OadrPoll").unwrap().to_string(), url);
        }
        let base: BaseUrl = "https://h/p".parse().unwrap();
        let tender = base.service(Family::Ei, "EiTender").unwrap();
        assert_eq!(tender.to_string(), "https://h/p/EI/Simple/1.0/EiTender");
        assert_eq!(base.to_string(), "https://h/p/");
    }

    #[test]
    fn every_service_is_found_where_it_is_built() {
        for prefix in ["", "/", "vtn", "/a/b/"] {
            let base: BaseUrl = format!("https://h/{}", prefix.trim_matches('/')).parse().unwrap();
            for family in [Family::OpenAdr, Family::Ei] {
                for service in family.services() {
                    let url = base.service(family, service).unwrap();
                    assert_eq!(parse(prefix, url.uri().path()), Some((family, *service)));
                }
            }
        }
    }

    #[test]
    fn what_is_not_a_service_is_not_found() {
        for path in [
            "/OpenADR2/Simple/2.0b/EiTender",
            "/EI/Simple/1.0/EiEvent",
            "/OpenADR2/Simple/2.0b/EiEvent/",
            "/OpenADR2/Simple/2.0b/eievent",
            "/OpenADR2/Simple/2.0b/",
            "/OpenADR2/Simple/EiEvent",
            "/vtnOpenADR2/Simple/2.0b/EiEvent",
            "/",
            "",
        ] {
            assert_eq!(parse("", path), None, "{path}");
            assert_eq!(parse("vtn", path), None, "{path}");
        }
        assert_eq!(parse("vtn", "/OpenADR2/Simple/2.0b/EiEvent"), None);
        assert_eq!(parse("/", "/vtn/OpenADR2/Simple/2.0b/EiEvent"), None);
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "",
            "vtn.example",
            "/p",
            "ftp://h/",
            "https://",
            "https://u@h/",
            "https://h/?q",
            "https://h/#f",
            "https://h/%zz",
            "https://h:port/",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}
