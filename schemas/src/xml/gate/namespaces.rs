//! Which prefix means which namespace here: Namespaces in XML 1.0, 3 and 6.
//!
//! Bindings and names are kept sorted and looked up by halving, and there are few by
//! limit, so that no mixture of declarations and uses costs more than a little per byte.

use super::fault::{Fault, malformed, shown, too_much};
use super::limits::{LIVE_BINDINGS, NAMESPACES};

/// A namespace name by number; equal names have equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Namespace(u32);

/// No namespace: an attribute without a prefix.
pub(super) const NONE: Namespace = Namespace(0);
/// Bound to `xml` always.
pub(super) const XML: Namespace = Namespace(1);
/// Bound to `xmlns` always.
pub(super) const XMLNS: Namespace = Namespace(2);

/// The bindings in force at one place of a document.
#[derive(Default)]
pub(super) struct Namespaces<'a> {
    /// In the order of declaration.
    live: Vec<Binding<'a>>,
    /// Where in `live` each prefix was bound last; sorted by prefix.
    newest: Vec<(&'a str, usize)>,
    /// Every namespace name seen in the document; sorted by name.
    names: Vec<(&'a str, Namespace)>,
}

struct Binding<'a> {
    prefix: &'a str,
    namespace: Namespace,
    /// The binding of the same prefix that this one hides.
    hidden: Option<usize>,
}

impl<'a> Namespaces<'a> {
    /// How many bindings are in force; give it to [`Self::leave`] to return here.
    pub(super) fn mark(&self) -> usize {
        self.live.len()
    }

    /// Binds `prefix` (empty: the default) to the namespace `name`.
    pub(super) fn declare(
        &mut self,
        prefix: &'a str,
        name: &'a str,
        at: usize,
    ) -> Result<(), Fault> {
        allowed(prefix, name).map_err(|why| malformed(at, why))?;
        if prefix == "xml" {
            return Ok(());
        }
        if self.live.len() == LIVE_BINDINGS {
            return Err(too_much(at, "bindings in force", LIVE_BINDINGS));
        }
        let namespace = self.number(name, at)?;
        let place = self.live.len();
        let hidden = match self.newest.binary_search_by_key(&prefix, |known| known.0) {
            Ok(i) => Some(std::mem::replace(&mut self.newest[i].1, place)),
            Err(i) => {
                self.newest.insert(i, (prefix, place));
                None
            }
        };
        self.live.push(Binding { prefix, namespace, hidden });
        Ok(())
    }

    /// The namespace an attribute with this prefix is in; `None` when it is not bound.
    pub(super) fn resolve(&self, prefix: &str) -> Option<Namespace> {
        match prefix {
            "" => Some(NONE),
            "xml" => Some(XML),
            _ => {
                let i = self.newest.binary_search_by_key(&prefix, |known| known.0).ok()?;
                Some(self.live[self.newest[i].1].namespace)
            }
        }
    }

    /// Forgets all bindings made since `mark`.
    pub(super) fn leave(&mut self, mark: usize) {
        for Binding { prefix, hidden, .. } in self.live.drain(mark..).rev() {
            let found = self.newest.binary_search_by_key(&prefix, |known| known.0);
            match (found, hidden) {
                (Ok(i), Some(older)) => self.newest[i].1 = older,
                (Ok(i), None) => drop(self.newest.remove(i)),
                (Err(_), _) => {}
            }
        }
    }

    fn number(&mut self, name: &'a str, at: usize) -> Result<Namespace, Fault> {
        let place = match self.names.binary_search_by_key(&name, |known| known.0) {
            Ok(i) => return Ok(self.names[i].1),
            Err(place) => place,
        };
        if !is_uri(name) {
            return Err(malformed(at, "a namespace name is not a URI in its one spelling"));
        }
        if self.names.len() == NAMESPACES {
            return Err(too_much(at, "namespaces", NAMESPACES));
        }
        // At most NAMESPACES, so it fits; the first numbers are the constants above.
        let number = Namespace(XMLNS.0 + 1 + self.names.len() as u32);
        self.names.insert(place, (name, number));
        Ok(number)
    }
}

/// Whether a prefix may be bound to a name at all.
fn allowed(prefix: &str, name: &str) -> Result<(), String> {
    match (prefix, name) {
        ("xml", XML_NAME) => Ok(()),
        ("xml", _) => Err("the prefix xml may not be bound anew".into()),
        ("xmlns", _) => Err("the prefix xmlns may not be declared".into()),
        (_, XML_NAME | XMLNS_NAME) => Err(format!("only XML itself may bind {name}")),
        ("", "") => Ok(()),
        (_, "") => Err(format!("the prefix {} is bound to nothing", shown(prefix))),
        _ => Ok(()),
    }
}

/// References and white space in a namespace name are refused although XML allows
/// them: two spellings of one name would be taken for one namespace by one reader and
/// for two by another, and no namespace of our schemas needs them. Nor is anything else
/// let in that no URI holds (RFC 3986, 2): some readers refuse it, some do not.
///
/// So: only characters of a URI stand here, each `%` before two hexadecimal digits
/// and at most one `#`, and what is before a first `:` is a scheme (RFC 3986, 3.1).
/// Brackets (of IPv6 hosts) and `&` are left out.
fn is_uri(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#@!$'()*+,;=%".contains(&b);
    let escaped =
        |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit());
    name.bytes().all(plain)
        && name.split('%').skip(1).all(escaped)
        && name.bytes().filter(|b| *b == b'#').count() <= 1
        && match name.find([':', '/', '?', '#']) {
            Some(i) if name.as_bytes()[i] == b':' => is_scheme(&name[..i]),
            _ => true,
        }
}

fn is_scheme(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphabetic())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

const XML_NAME: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAME: &str = "http://www.w3.org/2000/xmlns/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_binding_hides_the_outer_until_left() {
        let mut scope = Namespaces::default();
        scope.declare("p", "urn:a", 0).unwrap();
        let outer = scope.resolve("p");
        let mark = scope.mark();
        scope.declare("p", "urn:b", 0).unwrap();
        scope.declare("q", "urn:a", 0).unwrap();
        assert_ne!(scope.resolve("p"), outer);
        assert_eq!(scope.resolve("q"), outer);
        scope.leave(mark);
        assert_eq!(scope.resolve("p"), outer);
        assert_eq!(scope.resolve("q"), None);
    }

    #[test]
    fn xml_is_bound_without_a_declaration_and_xmlns_never() {
        let mut scope = Namespaces::default();
        assert_eq!(scope.resolve("xml"), Some(XML));
        assert_eq!(scope.resolve("xmlns"), None);
        assert!(scope.declare("xml", XML_NAME, 0).is_ok());
        assert_eq!(scope.resolve("xml"), Some(XML));
    }

    #[test]
    fn the_two_reserved_names_and_prefixes_are_kept() {
        for (prefix, name) in [
            ("xml", "urn:a"),
            ("xml", ""),
            ("xmlns", XMLNS_NAME),
            ("xmlns", "urn:a"),
            ("p", XML_NAME),
            ("", XML_NAME),
            ("p", XMLNS_NAME),
            ("", XMLNS_NAME),
        ] {
            assert!(Namespaces::default().declare(prefix, name, 0).is_err(), "{prefix} {name}");
        }
    }

    #[test]
    fn only_the_default_may_be_undeclared() {
        assert!(Namespaces::default().declare("", "", 0).is_ok());
        assert!(Namespaces::default().declare("p", "", 0).is_err());
    }

    #[test]
    fn a_namespace_name_has_one_spelling() {
        for name in ["urn:a&amp;b", "urn:&#97;", " urn:a", "urn:a\n", "urn:\ta", "urn:a\r"] {
            assert!(Namespaces::default().declare("p", name, 0).is_err(), "{name}");
        }
    }

    #[test]
    fn a_namespace_name_is_a_uri() {
        for name in [
            "urn:a%20b",
            "http://a.b/c-d_e~f?g=h;i#j",
            "a/b",
            "a/b:c",
            "?a:",
            "#:",
            "a",
            "a+b-c.1:",
            "x:!$'()*+,@%aF",
        ] {
            assert!(Namespaces::default().declare("p", name, 0).is_ok(), "{name}");
        }
        for name in [
            "urn:é", "urn:a%", "urn:a%2", "urn:%2g", "a>b", "a\"b", "[::1]", "a#b#c", "{a}", "a|b",
            "a^", ":a", "1a:b", "a=b:c", "-a:", "a_b:c", "\u{7F}",
        ] {
            assert!(Namespaces::default().declare("p", name, 0).is_err(), "{name}");
            assert!(Namespaces::default().declare("", name, 0).is_err(), "{name}");
        }
    }

    #[test]
    fn bindings_in_force_end_at_256() {
        let prefixes: Vec<String> = (0..=256).map(|i| format!("p{i}")).collect();
        let mut scope = Namespaces::default();
        for prefix in &prefixes[..256] {
            scope.declare(prefix, "urn:a", 0).unwrap();
        }
        assert!(scope.declare(&prefixes[256], "urn:a", 0).is_err());
        scope.leave(255);
        assert!(scope.declare(&prefixes[256], "urn:a", 0).is_ok());
    }

    #[test]
    fn namespaces_of_a_document_end_at_256_even_when_left() {
        let names: Vec<String> = (0..=256).map(|i| format!("urn:{i}")).collect();
        let mut scope = Namespaces::default();
        for name in &names[..256] {
            scope.declare("p", name, 0).unwrap();
            scope.leave(0);
        }
        assert!(scope.declare("p", &names[0], 0).is_ok());
        assert!(scope.declare("p", &names[256], 0).is_err());
    }
}
