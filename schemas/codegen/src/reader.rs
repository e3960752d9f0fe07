//! Reads the restated schemas: only the constructs they use, everything else is an
//! error, so that nothing can be passed over in silence.

use std::collections::BTreeMap;
use std::path::PathBuf;

use roxmltree::{Document, Node};

use crate::model::*;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XS: &str = "http://www.w3.org/2001/XMLSchema";

/// Reads `files` (prefix, path) into one model.
pub fn read(files: &[(&str, PathBuf)]) -> Result<Schemas, String> {
    let mut texts = Vec::new();
    for (prefix, path) in files {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        texts.push((*prefix, text));
    }
    parse(&texts)
}

/// Reads schemas (prefix, text) into one model.
fn parse(texts: &[(&str, String)]) -> Result<Schemas, String> {
    let mut schemas = Schemas::default();
    let mut prefixes = BTreeMap::new();
    for (prefix, text) in texts {
        let document = Document::parse(text).map_err(|e| format!("{prefix}: {e}"))?;
        let target = document.root_element().attribute("targetNamespace").unwrap_or("").to_owned();
        prefixes.insert(target, (*prefix).to_owned());
        schemas.prefixes.push((*prefix).to_owned());
    }
    for (prefix, text) in texts {
        let document = Document::parse(text).map_err(|e| e.to_string())?;
        let root = document.root_element();
        let file = File {
            prefix: (*prefix).to_owned(),
            prefixes: &prefixes,
            elements_qualified: root.attribute("elementFormDefault") == Some("qualified"),
            attributes_qualified: root.attribute("attributeFormDefault") == Some("qualified"),
        };
        root.descendants().try_for_each(known).map_err(|e| format!("{prefix}: {e}"))?;
        for node in children(root) {
            let name = node.attribute("name").unwrap_or("?");
            file.component(node, &mut schemas).map_err(|e| format!("{prefix}:{name}: {e}"))?;
        }
    }
    schemas.check()?;
    Ok(schemas)
}

/// Refuses an element or attribute of the schema language that is not looked at below.
fn known(node: Node<'_, '_>) -> Result<(), String> {
    if !node.is_element() {
        return Ok(());
    }
    let name = node.tag_name().name();
    let attributes = KNOWN.iter().find(|(known, _)| *known == name && in_xs(node));
    let (_, attributes) = attributes.ok_or_else(|| format!("the element {name}"))?;
    match node.attributes().find(|a| !attributes.contains(&a.name())) {
        Some(other) => Err(format!("the attribute {} of {name}", other.name())),
        None => Ok(()),
    }
}

fn in_xs(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace() == Some(XS)
}

/// What the schemas use. Looked at, or without bearing on what is read and written:
/// `block` bars substitutions nobody declares, `default` fills in what Rust leaves
/// out, `nillable` stands on an element of any type, `processContents` is never strict
/// here.
const KNOWN: &[(&str, &[&str])] = &[
    ("schema", &["targetNamespace", "elementFormDefault", "attributeFormDefault"]),
    ("import", &["namespace", "schemaLocation"]),
    ("annotation", &[]),
    ("documentation", &[]),
    (
        "element",
        &[
            "name",
            "type",
            "ref",
            "form",
            "minOccurs",
            "maxOccurs",
            "substitutionGroup",
            "abstract",
            "fixed",
            "block",
            "nillable",
        ],
    ),
    ("complexType", &["name", "abstract", "mixed", "block"]),
    ("simpleType", &["name"]),
    ("complexContent", &["mixed"]),
    ("simpleContent", &[]),
    ("extension", &["base"]),
    ("restriction", &["base"]),
    ("attribute", &["name", "type", "ref", "form", "use", "default"]),
    ("attributeGroup", &["name", "ref"]),
    ("anyAttribute", &["namespace", "processContents"]),
    ("any", &["minOccurs", "maxOccurs", "namespace", "processContents"]),
    ("sequence", &["minOccurs", "maxOccurs"]),
    ("choice", &["minOccurs", "maxOccurs"]),
    ("union", &["memberTypes"]),
    ("list", &["itemType"]),
    ("enumeration", &["value"]),
    ("pattern", &["value"]),
    ("maxLength", &["value"]),
    ("minInclusive", &["value"]),
    ("maxInclusive", &["value"]),
];

struct File<'a> {
    prefix: String,
    prefixes: &'a BTreeMap<String, String>,
    elements_qualified: bool,
    attributes_qualified: bool,
}

fn children<'a, 'b>(node: Node<'a, 'b>) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(|n| n.is_element() && !n.has_tag_name((XS, "annotation")))
}

fn child<'a, 'b>(node: Node<'a, 'b>, name: &str) -> Option<Node<'a, 'b>> {
    node.children().find(|n| n.has_tag_name((XS, name)))
}

fn doc(node: Node<'_, '_>) -> Option<String> {
    let text = child(child(node, "annotation")?, "documentation")?.text()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

impl File<'_> {
    fn component(&self, node: Node<'_, '_>, into: &mut Schemas) -> Result<(), String> {
        let name = || (self.prefix.clone(), node.attribute("name").unwrap_or("").to_owned());
        match node.tag_name().name() {
            "import" => {}
            "element" => {
                let element = self.element(node, true)?;
                into.elements.insert(name(), element);
            }
            "complexType" => {
                into.types.insert(name(), Type::Complex(self.complex(node)?));
            }
            "simpleType" => {
                into.types.insert(name(), Type::Simple(self.simple(node)?));
            }
            "attribute" => {
                let mut attribute = self.attribute(node)?;
                attribute.name = name();
                into.attributes.insert(name(), attribute);
            }
            "attributeGroup" => {
                into.attribute_groups.insert(name(), self.attributes(node)?);
            }
            other => return Err(format!("a top-level {other}")),
        }
        Ok(())
    }

    fn q(&self, node: Node<'_, '_>, value: &str) -> Result<Q, String> {
        let (prefix, local) =
            value.split_once(':').ok_or_else(|| format!("{value} has no prefix"))?;
        let bound = node.lookup_namespace_uri(Some(prefix)).or((prefix == "xml").then_some(XML));
        let uri = bound.ok_or_else(|| format!("{prefix} is unbound"))?;
        let known = if uri == XS { Some("xs") } else { self.prefixes.get(uri).map(String::as_str) };
        let prefix = known.ok_or_else(|| format!("the namespace {uri} has no file"))?;
        Ok((prefix.to_owned(), local.to_owned()))
    }

    fn type_ref(&self, node: Node<'_, '_>, attribute: &str) -> Result<TypeRef, String> {
        let Some(value) = node.attribute(attribute) else { return Ok(TypeRef::Unsaid) };
        self.named(node, value)
    }

    fn named(&self, node: Node<'_, '_>, value: &str) -> Result<TypeRef, String> {
        let (prefix, local) = self.q(node, value)?;
        Ok(if prefix == "xs" { TypeRef::Builtin(local) } else { TypeRef::Named((prefix, local)) })
    }

    fn inline_or(&self, node: Node<'_, '_>, named: TypeRef) -> Result<TypeRef, String> {
        if let Some(inner) = child(node, "complexType") {
            return Ok(TypeRef::Inline(Box::new(Type::Complex(self.complex(inner)?))));
        }
        if let Some(inner) = child(node, "simpleType") {
            return Ok(TypeRef::Inline(Box::new(Type::Simple(self.simple(inner)?))));
        }
        Ok(named)
    }

    fn element(&self, node: Node<'_, '_>, global: bool) -> Result<Element, String> {
        let local = node.attribute("name").ok_or("an element without a name")?.to_owned();
        let qualified = match node.attribute("form") {
            Some(form) => form == "qualified",
            None => global || self.elements_qualified,
        };
        let head = node.attribute("substitutionGroup").map(|h| self.q(node, h)).transpose()?;
        Ok(Element {
            name: (if qualified { self.prefix.clone() } else { String::new() }, local),
            of: self.inline_or(node, self.type_ref(node, "type")?)?,
            is_abstract: node.attribute("abstract") == Some("true"),
            head,
            fixed: node.attribute("fixed").map(str::to_owned),
            doc: doc(node),
        })
    }

    fn attribute(&self, node: Node<'_, '_>) -> Result<Attribute, String> {
        let local = node.attribute("name").unwrap_or("").to_owned();
        let qualified = match node.attribute("form") {
            Some(form) => form == "qualified",
            None => self.attributes_qualified,
        };
        Ok(Attribute {
            name: (if qualified { self.prefix.clone() } else { String::new() }, local),
            of: self.inline_or(node, self.type_ref(node, "type")?)?,
            required: node.attribute("use") == Some("required"),
        })
    }

    fn attributes(&self, node: Node<'_, '_>) -> Result<Attributes, String> {
        let mut found = Attributes::default();
        for node in children(node) {
            match (node.tag_name().name(), node.attribute("ref")) {
                ("attribute", Some(name)) => {
                    let required = node.attribute("use") == Some("required");
                    found.list.push(AttributeUse::Ref(self.q(node, name)?, required));
                }
                ("attribute", None) => found.list.push(AttributeUse::Local(self.attribute(node)?)),
                ("attributeGroup", Some(name)) => found.groups.push(self.q(node, name)?),
                ("anyAttribute", _) => found.any = Some(other(node)?),
                ("sequence" | "choice" | "any" | "complexContent" | "simpleContent", _) => {}
                (other, _) => return Err(format!("{other} among attributes")),
            }
        }
        Ok(found)
    }

    fn complex(&self, node: Node<'_, '_>) -> Result<Complex, String> {
        let mut complex = Complex {
            is_abstract: node.attribute("abstract") == Some("true"),
            mixed: node.attribute("mixed") == Some("true"),
            doc: doc(node),
            ..Complex::default()
        };
        let mut body = node;
        if let Some(content) =
            child(node, "complexContent").or_else(|| child(node, "simpleContent"))
        {
            complex.mixed |= content.attribute("mixed") == Some("true");
            body = children(content).next().ok_or("an empty content")?;
            let restricts = match body.tag_name().name() {
                "extension" => false,
                "restriction" => true,
                other => return Err(format!("{other} in a content")),
            };
            complex.base = Some(Base { of: self.type_ref(body, "base")?, restricts });
        }
        complex.attributes = self.attributes(body)?;
        for part in children(body) {
            match part.tag_name().name() {
                "sequence" | "choice" | "any" => complex.content.push(self.particle(part)?),
                "attribute" | "attributeGroup" | "anyAttribute" => {}
                other => return Err(format!("{other} in a complex type")),
            }
        }
        Ok(complex)
    }

    fn particle(&self, node: Node<'_, '_>) -> Result<Particle, String> {
        let occurs = |name: &str| -> Result<Option<u32>, String> {
            match node.attribute(name) {
                None => Ok(Some(1)),
                Some("unbounded") => Ok(None),
                Some(n) => n.parse().map(Some).map_err(|_| format!("{name}={n}")),
            }
        };
        let inner = || children(node).map(|n| self.particle(n)).collect::<Result<Vec<_>, _>>();
        let term = match node.tag_name().name() {
            "element" => match node.attribute("ref") {
                Some(name) => Term::Ref(self.q(node, name)?),
                None => Term::Local(self.element(node, false)?),
            },
            "sequence" => Term::Sequence(inner()?),
            "choice" => Term::Choice(inner()?),
            "any" => Term::Any(other(node)?),
            other => return Err(format!("{other} as a particle")),
        };
        Ok(Particle { min: occurs("minOccurs")?.unwrap_or(0), max: occurs("maxOccurs")?, term })
    }

    fn simple(&self, node: Node<'_, '_>) -> Result<Simple, String> {
        let inner = children(node).next().ok_or("an empty simple type")?;
        let shape = match inner.tag_name().name() {
            "restriction" => {
                let base = self.inline_or(inner, self.type_ref(inner, "base")?)?;
                Shape::Restriction { base, facets: facets(inner)? }
            }
            "union" => {
                let named = inner.attribute("memberTypes").unwrap_or("");
                let mut members = Vec::new();
                for name in named.split_whitespace() {
                    members.push(self.named(inner, name)?);
                }
                for member in children(inner) {
                    members.push(TypeRef::Inline(Box::new(Type::Simple(self.simple(member)?))));
                }
                Shape::Union(members)
            }
            "list" => Shape::List(self.type_ref(inner, "itemType")?),
            other => return Err(format!("{other} in a simple type")),
        };
        Ok(Simple { shape, doc: doc(node) })
    }
}

/// Whether a wildcard stands for other namespaces only.
fn other(node: Node<'_, '_>) -> Result<bool, String> {
    match node.attribute("namespace") {
        None | Some("##any") => Ok(false),
        Some("##other") => Ok(true),
        // In mixed content, which is kept whatever it is.
        Some("http://www.w3.org/1999/xhtml") => Ok(true),
        Some(other) => Err(format!("any of {other}")),
    }
}

fn facets(node: Node<'_, '_>) -> Result<Facets, String> {
    let mut facets = Facets::default();
    for facet in children(node).filter(|n| !n.has_tag_name((XS, "simpleType"))) {
        let value = facet.attribute("value").unwrap_or("").to_owned();
        match facet.tag_name().name() {
            "enumeration" if facets.literals.contains(&value) => {}
            "enumeration" => facets.literals.push(value),
            "pattern" if facets.pattern.is_none() => facets.pattern = Some(value),
            "maxLength" => {
                let length = value.parse().map_err(|_| format!("maxLength {value}"))?;
                facets.max_length = Some(length);
            }
            "minInclusive" => facets.min = Some(value),
            "maxInclusive" => facets.max = Some(value),
            other => return Err(format!("the facet {other}, or another {other}")),
        }
    }
    let kinds = [
        !facets.literals.is_empty(),
        facets.pattern.is_some(),
        facets.max_length.is_some(),
        facets.bounded(),
    ];
    match kinds.iter().filter(|k| **k).count() {
        0 | 1 => Ok(facets),
        _ => Err("facets of several kinds at once".to_owned()),
    }
}

#[cfg(test)]
mod tests;
