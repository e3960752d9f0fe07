//! What a family of schemas says, in the few terms the generator needs.

use std::collections::BTreeMap;

/// A component's name: the prefix of its namespace and its local name.
pub type Q = (String, String);

/// All components of one family, by name, and the order they stand in.
#[derive(Default)]
pub struct Schemas {
    pub elements: BTreeMap<Q, Element>,
    pub types: BTreeMap<Q, Type>,
    pub attributes: BTreeMap<Q, Attribute>,
    pub attribute_groups: BTreeMap<Q, Attributes>,
    /// Namespace prefixes in the order their files were read.
    pub prefixes: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Element {
    /// Namespace prefix on the wire (empty for an unqualified local element), name.
    pub name: Q,
    pub of: TypeRef,
    pub is_abstract: bool,
    pub head: Option<Q>,
    pub fixed: Option<String>,
    pub doc: Option<String>,
}

#[derive(Clone, Debug)]
pub enum TypeRef {
    Named(Q),
    /// A type of XML Schema itself, without its prefix.
    Builtin(String),
    Inline(Box<Type>),
    /// No type said: the head's if there is one, else anything.
    Unsaid,
}

#[derive(Clone, Debug)]
pub enum Type {
    Complex(Complex),
    Simple(Simple),
}

#[derive(Clone, Debug, Default)]
pub struct Complex {
    pub is_abstract: bool,
    pub mixed: bool,
    pub base: Option<Base>,
    pub attributes: Attributes,
    pub content: Vec<Particle>,
    pub doc: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Base {
    pub of: TypeRef,
    pub restricts: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Attributes {
    pub list: Vec<AttributeUse>,
    pub groups: Vec<Q>,
    /// `##other` (true) or `##any`.
    pub any: Option<bool>,
}

#[derive(Clone, Debug)]
pub enum AttributeUse {
    Local(Attribute),
    Ref(Q, bool),
}

#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: Q,
    pub of: TypeRef,
    pub required: bool,
}

#[derive(Clone, Debug)]
pub struct Particle {
    pub min: u32,
    /// `None`: unbounded.
    pub max: Option<u32>,
    pub term: Term,
}

#[derive(Clone, Debug)]
pub enum Term {
    Local(Element),
    Ref(Q),
    Sequence(Vec<Particle>),
    Choice(Vec<Particle>),
    /// `##other` (true) or `##any`.
    Any(bool),
}

#[derive(Clone, Debug)]
pub struct Simple {
    pub shape: Shape,
    pub doc: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Restriction { base: TypeRef, facets: Facets },
    Union(Vec<TypeRef>),
    List(TypeRef),
}

#[derive(Clone, Debug, Default)]
pub struct Facets {
    pub literals: Vec<String>,
    pub pattern: Option<String>,
    pub max_length: Option<usize>,
    pub min: Option<String>,
    pub max: Option<String>,
}

impl Facets {
    pub fn is_empty(&self) -> bool {
        self.literals.is_empty()
            && self.pattern.is_none()
            && self.max_length.is_none()
            && !self.bounded()
    }

    pub fn bounded(&self) -> bool {
        self.min.is_some() || self.max.is_some()
    }
}

impl Schemas {
    /// Refuses a head or base that is nowhere defined, so that nobody need look twice.
    pub fn check(&self) -> Result<(), String> {
        for element in self.elements.values() {
            if let Some(head) = &element.head
                && !self.elements.contains_key(head)
            {
                return Err(format!("the head {head:?} of {:?} is not defined", element.name));
            }
        }
        for (name, of) in &self.types {
            if let Type::Complex(Complex { base: Some(base), .. }) = of
                && let TypeRef::Named(q) = &base.of
                && !self.types.contains_key(q)
            {
                return Err(format!("the base {q:?} of {name:?} is not defined"));
            }
        }
        Ok(())
    }

    /// The elements that can stand where `head` is named: itself unless abstract,
    /// and every concrete member of its substitution group, at any depth.
    pub fn members(&self, head: &Q) -> Vec<&Element> {
        let mut found = Vec::new();
        if let Some(element) = self.elements.get(head)
            && !element.is_abstract
            && !self.has_abstract_type(element)
        {
            found.push(element);
        }
        for element in self.elements.values().filter(|e| e.head.as_ref() == Some(head)) {
            found.extend(self.members(&element.name));
        }
        found
    }

    /// Whether an element stands for others: it heads a substitution group or is abstract.
    pub fn is_head(&self, name: &Q) -> bool {
        self.elements.values().any(|e| e.head.as_ref() == Some(name))
            || self.elements.get(name).is_some_and(|e| e.is_abstract)
    }

    /// The type of an element, following its head where it says none.
    pub fn type_of<'s>(&'s self, element: &'s Element) -> &'s TypeRef {
        match (&element.of, &element.head) {
            (TypeRef::Unsaid, Some(head)) => {
                self.elements.get(head).map_or(&element.of, |head| self.type_of(head))
            }
            (of, _) => of,
        }
    }

    pub fn complex(&self, of: &TypeRef) -> Option<&Complex> {
        match of {
            TypeRef::Named(name) => match self.types.get(name) {
                Some(Type::Complex(complex)) => Some(complex),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn has_abstract_type(&self, element: &Element) -> bool {
        self.complex(self.type_of(element)).is_some_and(|c| c.is_abstract)
    }

    /// The concrete types derived from `base`, at any depth.
    pub fn derived_from(&self, base: &Q) -> Vec<Q> {
        let mut found = Vec::new();
        for (name, of) in &self.types {
            let Type::Complex(Complex {
                base: Some(Base { of: TypeRef::Named(b), .. }),
                is_abstract,
                ..
            }) = of
            else {
                continue;
            };
            if b == base {
                if !is_abstract {
                    found.push(name.clone());
                }
                found.extend(self.derived_from(name));
            }
        }
        found
    }
}
