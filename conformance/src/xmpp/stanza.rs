//! A stanza: what of it the Profile speaks of. RFC 6120, 8.

use roxmltree::{Document, Node};

use super::{CLIENT, ERRORS, STREAMS};

/// A stanza, or another child of the stream, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stanza {
    /// As it was written.
    pub text: String,
    whole: String,
}

impl Stanza {
    /// Of this text.
    pub fn new(text: String) -> Self {
        let whole = format!(
            "<stream:stream xmlns='{CLIENT}' xmlns:stream='{STREAMS}'>{text}</stream:stream>"
        );
        Self { text, whole }
    }

    fn with<T>(&self, look: impl FnOnce(Node) -> Option<T>) -> Option<T> {
        let tree = Document::parse(&self.whole).ok()?;
        look(tree.root_element().first_element_child()?)
    }

    /// Its name, such as `iq`; empty if it is no XML.
    pub fn name(&self) -> String {
        self.with(|node| Some(node.tag_name().name().to_owned())).unwrap_or_default()
    }

    /// An attribute; empty if it is not there.
    pub fn get(&self, name: &str) -> String {
        self.with(|node| node.attribute(name).map(str::to_owned)).unwrap_or_default()
    }

    /// Whether it is an iq of this type.
    pub fn is_iq(&self, kind: &str) -> bool {
        self.name() == "iq" && self.get("type") == kind
    }

    /// Whether an element of this name is in it, at any depth.
    pub fn has(&self, namespace: &str, name: &str) -> bool {
        let found = self.with(|node| {
            node.descendants().find(|node| node.has_tag_name((namespace, name))).map(|_| ())
        });
        found.is_some()
    }

    /// An attribute of every element of this name.
    pub fn all(&self, (namespace, name): (&str, &str), attribute: &str) -> Vec<String> {
        let found = self.with(|node| {
            let nodes = node.descendants().filter(|node| node.has_tag_name((namespace, name)));
            Some(nodes.filter_map(|node| Some(node.attribute(attribute)?.to_owned())).collect())
        });
        found.unwrap_or_default()
    }

    /// The text of the first element of this name.
    pub fn text_of(&self, namespace: &str, name: &str) -> Option<String> {
        self.with(|node| {
            let node = node.descendants().find(|node| node.has_tag_name((namespace, name)))?;
            Some(node.text().unwrap_or_default().to_owned())
        })
    }

    /// Its first child, as a document of its own.
    pub fn payload(&self) -> Option<String> {
        self.with(|node| {
            let child = node.first_element_child()?;
            let text = &self.whole[child.range()];
            if Document::parse(text).is_ok() {
                return Some(text.to_owned());
            }
            // It uses prefixes that were declared further out.
            let end = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
            let tag = &text[..text.find('>')?];
            let outer = child.namespaces().filter_map(|one| {
                let prefix = one.name().filter(|prefix| *prefix != "xml")?;
                let own = tag.contains(&format!("xmlns:{prefix}="));
                (!own).then(|| format!(" xmlns:{prefix}=\"{}\"", escape(one.uri())))
            });
            let declared: String = outer.collect();
            Some(format!("{}{declared}{}", &text[..end], &text[end..]))
        })
    }
}

/// The answer to an iq: with a payload, or without.
pub fn result(asked: &Stanza, payload: &str) -> String {
    reply(asked, "result", payload)
}

/// The error that answers an iq.
pub fn error(asked: &Stanza, kind: &str, condition: &str) -> String {
    let inner = format!("<error type='{kind}'><{condition} xmlns='{ERRORS}'/></error>");
    reply(asked, "error", &inner)
}

fn reply(asked: &Stanza, kind: &str, inner: &str) -> String {
    let (id, from, to) = (asked.get("id"), asked.get("to"), asked.get("from"));
    let address = |name: &str, jid: &str| match jid {
        "" => String::new(),
        jid => format!(" {name}='{}'", escape(jid)),
    };
    let (from, to) = (address("from", &from), address("to", &to));
    format!("<iq type='{kind}' id='{}'{from}{to}>{inner}</iq>", escape(&id))
}

/// Text for an attribute or an element.
pub fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('\'', "&apos;").replace('"', "&quot;")
}
