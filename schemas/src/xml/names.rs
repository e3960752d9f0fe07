//! Namespaces by small numbers, so that comparing two names is comparing two
//! bytes and two short strings.

/// A namespace this project knows, as an index into the table of prefixes and
/// URIs. Two families use the same URIs with different contents; the names are
/// shared, the types are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ns(pub(crate) u8);

/// An element's or attribute's name.
pub(crate) type Name = (Ns, &'static str);

macro_rules! namespaces {
    ($($index:literal $name:ident $prefix:literal $uri:literal)+) => {
        $(#[doc = concat!("`", $uri, "`")] pub const $name: Ns = Ns($index);)+
        /// Prefix and URI of each namespace, by index.
        const TABLE: &[(&str, &str)] = &[$(($prefix, $uri)),+];
    };
}

namespaces! {
    0  NONE     ""         ""
    1  XML      "xml"      "http://www.w3.org/XML/1998/namespace"
    2  XSI      "xsi"      "http://www.w3.org/2001/XMLSchema-instance"
    3  OADR     "oadr"     "http://openadr.org/oadr-2.0b/2012/07"
    4  EI       "ei"       "http://docs.oasis-open.org/ns/energyinterop/201110"
    5  PYLD     "pyld"     "http://docs.oasis-open.org/ns/energyinterop/201110/payloads"
    6  ENRL     "enrl"     "http://docs.oasis-open.org/ns/energyinterop/201110/enroll"
    7  EMIX     "emix"     "http://docs.oasis-open.org/ns/emix/2011/06"
    8  POWER    "power"    "http://docs.oasis-open.org/ns/emix/2011/06/power"
    9  RESOURCE "resource" "http://docs.oasis-open.org/ns/emix/2011/06/power/resource"
    10 SCALE    "scale"    "http://docs.oasis-open.org/ns/emix/2011/06/siscale"
    11 XCAL     "xcal"     "urn:ietf:params:xml:ns:icalendar-2.0"
    12 STRM     "strm"     "urn:ietf:params:xml:ns:icalendar-2.0:stream"
    13 GML      "gml"      "http://www.opengis.net/gml/3.2"
    14 DS       "ds"       "http://www.w3.org/2000/09/xmldsig#"
    15 DSIG11   "dsig11"   "http://www.w3.org/2009/xmldsig11#"
    16 DSP      "dsp"      "http://openadr.org/oadr-2.0b/2012/07/xmldsig-properties"
    17 ATOM     "atom"     "http://www.w3.org/2005/Atom"
    18 ESPI     "espi"     "http://naesb.org/espi"
    19 CURRENCY "currency" "urn:un:unece:uncefact:codelist:standard:5:ISO42173A:2010-04-07"
}

/// A namespace that is not in the table; never equal to one that is.
pub(crate) const UNKNOWN: Ns = Ns(u8::MAX);

impl Ns {
    /// The number of a URI; [`UNKNOWN`] if this project does not use it.
    pub(crate) fn of(uri: &str) -> Self {
        let found = TABLE.iter().position(|(_, known)| *known == uri);
        found.and_then(|index| u8::try_from(index).ok()).map_or(UNKNOWN, Ns)
    }

    /// The prefix this project writes for it; `?` for an unknown one.
    pub fn prefix(self) -> &'static str {
        TABLE.get(usize::from(self.0)).map_or("?", |(prefix, _)| prefix)
    }

    /// The namespace's URI; empty for none and for unknown.
    pub fn uri(self) -> &'static str {
        TABLE.get(usize::from(self.0)).map_or("", |(_, uri)| uri)
    }

    /// All namespaces whose bit is set in `used`.
    pub(crate) fn in_set(used: u64) -> impl Iterator<Item = Self> {
        (0u8..).zip(TABLE).map(|(index, _)| Self(index)).filter(move |ns| used & ns.bit() != 0)
    }

    pub(crate) fn bit(self) -> u64 {
        1u64.checked_shl(u32::from(self.0)).unwrap_or(0)
    }
}

/// `prefix:local`, as errors and output spell it.
pub(crate) fn qualified(ns: Ns, local: &str) -> String {
    if ns == NONE { local.to_owned() } else { format!("{}:{local}", ns.prefix()) }
}
