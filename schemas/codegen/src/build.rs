//! From the model to declarations: what is reachable from the elements a document
//! may hold, each with its Rust name.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::*;
use crate::names;
use crate::record::Record;
use crate::rust::{Arm, Item, Kind, Rust, Wrap};
use crate::simple;

pub struct Build<'a> {
    pub schemas: &'a Schemas,
    pub items: Vec<Item>,
    /// What a schema component became, by key.
    done: BTreeMap<String, Rust>,
    taken: BTreeMap<String, BTreeSet<String>>,
    /// Names set aside for named types, so that nothing anonymous takes them.
    kept: BTreeMap<Q, String>,
}

/// Mixed content that is kept as elements all the same: between them stands nothing
/// but white space in any real document.
const NOT_MIXED: &[(&str, &str)] = &[("ds", "KeyInfoType"), ("ds", "KeyValueType")];

impl<'a> Build<'a> {
    pub fn new(schemas: &'a Schemas) -> Self {
        let mut taken: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut kept = BTreeMap::new();
        for (q, of) in &schemas.types {
            if matches!(of, Type::Complex(c) if c.is_abstract) {
                continue; // Only ever an enum of what stands in for it.
            }
            let used = taken.entry(q.0.clone()).or_default();
            let name = names::type_name(&q.1, used);
            used.insert(name.clone());
            kept.insert(q.clone(), name);
        }
        Self { schemas, items: Vec::new(), done: BTreeMap::new(), taken, kept }
    }

    /// Everything the family's global elements reach.
    pub fn run(&mut self) -> Result<(), String> {
        for (q, element) in &self.schemas.elements {
            if !self.schemas.is_head(q) {
                self.element_type(element, &q.0)?;
            }
        }
        Ok(())
    }

    /// One enum of all messages: the module's global elements whose names begin so.
    pub fn messages(&mut self, module: &str, begins: &str) -> Result<(), String> {
        let schemas = self.schemas;
        let mut arms = Vec::new();
        for (q, element) in
            schemas.elements.iter().filter(|(q, _)| q.0 == module && q.1.starts_with(begins))
        {
            let of = self.element_type(element, &q.0)?;
            if of == Rust::std("never") {
                return Err(format!("{q:?} can never be valid"));
            }
            arms.push(Arm {
                variant: names::pascal(&q.1),
                of,
                nested: false,
                kind: "element",
                args: name_args(q),
            });
        }
        let name = self.fresh(module, "Message");
        let doc = Some("Every payload that can be a document's root.".to_owned());
        self.items.push(Item { module: module.to_owned(), name, doc, kind: Kind::Group(arms) });
        Ok(())
    }

    pub fn declare(
        &mut self,
        module: &str,
        name: &str,
        key: &str,
        doc: Option<String>,
        kind: Kind,
    ) -> Rust {
        if let Some(done) = self.done.get(key) {
            return done.clone();
        }
        let rust = Rust::Own { module: module.to_owned(), name: name.to_owned() };
        self.done.insert(key.to_owned(), rust.clone());
        self.items.push(Item { module: module.to_owned(), name: name.to_owned(), doc, kind });
        rust
    }

    pub fn fresh(&mut self, module: &str, base: &str) -> String {
        names::fresh(base, self.taken.entry(module.to_owned()).or_default())
    }

    fn name_of(&self, q: &Q) -> Result<String, String> {
        self.kept.get(q).cloned().ok_or_else(|| format!("{q:?} has no name"))
    }

    /// The Rust type of a reference; anonymous ones are declared as `name` in `module`.
    pub fn type_ref(
        &mut self,
        of: &TypeRef,
        module: &str,
        name: &str,
        key: &str,
    ) -> Result<Rust, String> {
        match of {
            TypeRef::Builtin(name) => simple::builtin(name),
            TypeRef::Unsaid => Ok(Rust::std("x::AnyType")),
            TypeRef::Named(q) => {
                let key = format!("type {}:{}", q.0, q.1);
                if let Some(done) = self.done.get(&key) {
                    return Ok(done.clone());
                }
                let of =
                    self.schemas.types.get(q).ok_or_else(|| format!("{q:?} is not defined"))?;
                match of {
                    Type::Simple(simple) => {
                        let name = self.name_of(q)?;
                        let rust = self.simple(simple, &q.0, &name, &key)?;
                        self.done.insert(key, rust.clone());
                        Ok(rust)
                    }
                    Type::Complex(complex) if complex.is_abstract => self.derived(q),
                    Type::Complex(complex) => {
                        let name = self.name_of(q)?;
                        self.complex(complex, &q.0, &name, &key, NOT_MIXED.contains(&(&q.0, &q.1)))
                    }
                }
            }
            TypeRef::Inline(inner) => {
                if let Some(done) = self.done.get(key) {
                    return Ok(done.clone());
                }
                let name = self.fresh(module, name);
                match &**inner {
                    Type::Simple(simple) => {
                        let rust = self.simple(simple, module, &name, key)?;
                        self.done.insert(key.to_owned(), rust.clone());
                        Ok(rust)
                    }
                    Type::Complex(complex) => self.complex(complex, module, &name, key, false),
                }
            }
        }
    }

    /// The type of an element that is not the head of a group.
    pub fn element_type(&mut self, element: &Element, module: &str) -> Result<Rust, String> {
        if let Some(text) = &element.fixed {
            let key = format!("fixed {module} {text}");
            if let Some(done) = self.done.get(&key) {
                return Ok(done.clone());
            }
            let name = self.fresh(module, &format!("Fixed{}", names::pascal(text)));
            return Ok(self.declare(module, &name, &key, None, Kind::Fixed(text.clone())));
        }
        let schemas = self.schemas;
        let of = schemas.type_of(element);
        let name = names::pascal(&element.name.1);
        let key = format!("in {module} {:?}", std::ptr::from_ref(element));
        self.type_ref(of, module, &name, &key)
    }

    /// An element of abstract type: the types derived from it, told by `xsi:type`.
    fn derived(&mut self, base: &Q) -> Result<Rust, String> {
        let key = format!("derived {}:{}", base.0, base.1);
        if let Some(done) = self.done.get(&key) {
            return Ok(done.clone());
        }
        if self.schemas.derived_from(base).is_empty() {
            self.done.insert(key, Rust::std("never"));
            return Ok(Rust::std("never"));
        }
        let short = names::pascal(&base.1);
        let short = short.strip_suffix("Type").unwrap_or(&short).to_owned();
        let name = self.fresh(&base.0, &short);
        let rust = Rust::Own { module: base.0.clone(), name: name.clone() };
        self.done.insert(key, rust.clone());
        let mut arms = Vec::new();
        for q in self.schemas.derived_from(base) {
            let variant = self.name_of(&q)?;
            let of = self.type_ref(&TypeRef::Named(q.clone()), &q.0, "", "")?;
            arms.push((q, variant, of));
        }
        self.items.push(Item {
            module: base.0.clone(),
            name,
            doc: None,
            kind: Kind::Derived(arms),
        });
        Ok(rust)
    }

    fn complex(
        &mut self,
        complex: &Complex,
        module: &str,
        name: &str,
        key: &str,
        unmixed: bool,
    ) -> Result<Rust, String> {
        let rust = Rust::Own { module: module.to_owned(), name: name.to_owned() };
        self.done.insert(key.to_owned(), rust.clone());
        let mut record = Record::new(self, module, name);
        record.attributes(complex)?;
        if record.is_mixed(complex) && !unmixed {
            record.push("content", Wrap::Plain, Rust::std("x::Any"), "mixed", String::new());
        } else {
            record.content(complex)?;
        }
        if record.impossible {
            self.done.insert(key.to_owned(), Rust::std("never"));
            return Ok(Rust::std("never"));
        }
        let fields = record.fields;
        let kind = Kind::Record { fields, run: None };
        self.items.push(Item {
            module: module.to_owned(),
            name: name.to_owned(),
            doc: complex.doc.clone(),
            kind,
        });
        Ok(rust)
    }

    /// The enum of an element's substitution group.
    pub fn group_of(&mut self, head: &Q) -> Result<Rust, String> {
        let key = format!("group {}:{}", head.0, head.1);
        if let Some(done) = self.done.get(&key) {
            return Ok(done.clone());
        }
        let members = self.schemas.members(head);
        if members.is_empty() {
            return Ok(Rust::std("never"));
        }
        let name = self.fresh(&head.0, &names::pascal(&head.1));
        let rust = Rust::Own { module: head.0.clone(), name: name.clone() };
        self.done.insert(key, rust.clone());
        let mut taken = BTreeSet::new();
        let mut arms = Vec::new();
        for member in members {
            let of = self.element_type(member, &member.name.0)?;
            if of == Rust::std("never") {
                continue;
            }
            let base = names::pascal(&member.name.1);
            let base = if taken.contains(&base) {
                format!("{}{base}", names::pascal(&member.name.0))
            } else {
                base
            };
            let variant = names::fresh(&base, &mut taken);
            arms.push(Arm {
                variant,
                of,
                nested: false,
                kind: "element",
                args: name_args(&member.name),
            });
        }
        let doc = self.schemas.elements.get(head).and_then(|e| e.doc.clone());
        self.items.push(Item { module: head.0.clone(), name, doc, kind: Kind::Group(arms) });
        Ok(rust)
    }
}

/// `NS, "local"`, as the macros take a name.
pub fn name_args(q: &Q) -> String {
    format!("{}, \"{}\"", constant(&q.0), q.1)
}

pub fn constant(prefix: &str) -> String {
    if prefix.is_empty() { "NONE".to_owned() } else { prefix.to_ascii_uppercase() }
}
