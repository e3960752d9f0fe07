//! From the model to declarations: what is reachable from the elements a document
//! may hold, each with its Rust name.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::*;
use crate::names;
use crate::rust::{Arm, Field, Item, Kind, Rust, Wrap};
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
const NOT_MIXED: &[(&str, &str)] = &[("ds", "KeyInfoType")];

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

    fn fresh(&mut self, module: &str, base: &str) -> String {
        names::fresh(base, self.taken.entry(module.to_owned()).or_default())
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
                        let name = self.kept[q].clone();
                        let rust = self.simple(simple, &q.0, &name, &key)?;
                        self.done.insert(key, rust.clone());
                        Ok(rust)
                    }
                    Type::Complex(complex) if complex.is_abstract => self.derived(q),
                    Type::Complex(complex) => {
                        let name = self.kept[q].clone();
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
    fn element_type(&mut self, element: &Element, module: &str) -> Result<Rust, String> {
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
            let variant = self.kept[&q].clone();
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
        let mut record =
            Record { build: self, module, name, fields: Vec::new(), taken: BTreeSet::new() };
        record.attributes(complex)?;
        if record.is_mixed(complex) && !unmixed {
            record.push("content", Wrap::Plain, Rust::std("x::Any"), "mixed", String::new());
        } else {
            record.content(complex)?;
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
    fn group_of(&mut self, head: &Q) -> Result<Rust, String> {
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
fn name_args(q: &Q) -> String {
    format!("{}, \"{}\"", constant(&q.0), q.1)
}

pub fn constant(prefix: &str) -> String {
    if prefix.is_empty() { "NONE".to_owned() } else { prefix.to_ascii_uppercase() }
}

/// One struct in the making.
struct Record<'r, 'a> {
    build: &'r mut Build<'a>,
    module: &'r str,
    name: &'r str,
    fields: Vec<Field>,
    taken: BTreeSet<String>,
}

impl Record<'_, '_> {
    fn push(&mut self, base: &str, wrap: Wrap, of: Rust, method: &'static str, args: String) {
        if of == Rust::std("never") {
            return; // Nothing valid can stand there.
        }
        let name = names::fresh(&names::snake(base), &mut self.taken);
        self.fields.push(Field { name, wrap, of, nested: false, method, args });
    }

    fn is_mixed(&self, complex: &Complex) -> bool {
        let base = complex.base.as_ref().filter(|b| !b.restricts);
        complex.mixed
            || base
                .and_then(|b| self.build.schemas.complex(&b.of))
                .is_some_and(|b| self.is_mixed(b))
    }

    fn attributes(&mut self, complex: &Complex) -> Result<(), String> {
        let schemas = self.build.schemas;
        if let Some(base) = complex.base.as_ref().and_then(|b| schemas.complex(&b.of)) {
            self.attributes(base)?;
        }
        self.attribute_list(&complex.attributes)
    }

    fn attribute_list(&mut self, attributes: &Attributes) -> Result<(), String> {
        for used in &attributes.list {
            let (attribute, required) = match used {
                AttributeUse::Local(attribute) => (attribute.clone(), attribute.required),
                AttributeUse::Ref(q, required) => {
                    let known = self.build.schemas.attributes.get(q);
                    (
                        known.ok_or_else(|| format!("the attribute {q:?} is not defined"))?.clone(),
                        *required,
                    )
                }
            };
            let key = format!("attribute {} {} {:?}", self.module, self.name, attribute.name);
            let home = if attribute.name.0.is_empty() {
                self.module.to_owned()
            } else {
                attribute.name.0.clone()
            };
            let key =
                if home == self.module { key } else { format!("attribute {:?}", attribute.name) };
            let name = names::pascal(&attribute.name.1);
            let of = self.build.type_ref(&attribute.of, &home, &name, &key)?;
            let (wrap, method) =
                if required { (Wrap::Plain, "attr") } else { (Wrap::Option, "attr_opt") };
            self.push(&attribute.name.1, wrap, of, method, name_args(&attribute.name));
        }
        for q in &attributes.groups {
            let group = self.build.schemas.attribute_groups.get(q).cloned();
            self.attribute_list(&group.ok_or_else(|| format!("{q:?} is not defined"))?)?;
        }
        if attributes.any {
            self.push(
                "attributes",
                Wrap::Plain,
                Rust::std("x::AnyAttributes"),
                "any_attributes",
                String::new(),
            );
        }
        Ok(())
    }

    fn content(&mut self, complex: &Complex) -> Result<(), String> {
        let schemas = self.build.schemas;
        if let Some(base) = &complex.base {
            match schemas.complex(&base.of) {
                Some(inner) if !base.restricts => self.content(inner)?,
                Some(_) => {}
                None if matches!(&base.of, TypeRef::Builtin(b) if b == "anyType") => {}
                None => {
                    let of = self.build.type_ref(&base.of, self.module, "Value", "")?;
                    self.push("value", Wrap::Plain, of, "value", String::new());
                }
            }
        }
        for particle in &complex.content {
            self.particle(particle.min, particle.max, &particle.term)?;
        }
        Ok(())
    }

    /// One particle's fields. Terms are never cloned: an anonymous type is known by
    /// the place in memory of the element that has it.
    fn particle(&mut self, min: u32, max: Option<u32>, term: &Term) -> Result<(), String> {
        match term {
            Term::Sequence(parts) if (min, max) == (1, Some(1)) => {
                parts.iter().try_for_each(|part| self.particle(part.min, part.max, &part.term))
            }
            Term::Sequence(parts) => match &parts[..] {
                // A repeated sequence of one thing is that thing repeated.
                [Particle { min: 1, max: Some(1), term }] => self.particle(min, max, term),
                _ => {
                    let run = self.run(parts)?;
                    self.repeated("run", run, min, max, ["opt_run", "opt_run", "range_run"]);
                    Ok(())
                }
            },
            Term::Choice(arms) => {
                let emptiable = arms.iter().any(|arm| arm.min == 0);
                let choice = self.choice(arms, max == Some(1))?;
                let min = if emptiable { 0 } else { min };
                self.repeated("choice", choice, min, max, ["one_of", "opt_of", "range_of"]);
                Ok(())
            }
            Term::Any(other) => {
                let not = if *other {
                    format!("Some({})", constant(self.module))
                } else {
                    "None".to_owned()
                };
                let args = format!("{not}, {min}, {}", bound(max));
                self.push("any", Wrap::Vec, Rust::std("x::Any"), "any", args);
                Ok(())
            }
            Term::Local(element) => {
                let of = self.build.element_type(element, self.module)?;
                self.element(&element.name, of, min, max);
                Ok(())
            }
            Term::Ref(q) if self.build.schemas.is_head(q) => {
                let of = self.build.group_of(q)?;
                self.repeated(&q.1, of, min, max, ["one_of", "opt_of", "range_of"]);
                Ok(())
            }
            Term::Ref(q) => {
                let element = self
                    .build
                    .schemas
                    .elements
                    .get(q)
                    .ok_or_else(|| format!("{q:?} is not defined"))?;
                let of = self.build.element_type(element, &q.0)?;
                self.element(q, of, min, max);
                Ok(())
            }
        }
    }

    fn element(&mut self, name: &Q, of: Rust, min: u32, max: Option<u32>) {
        let args = name_args(name);
        match (min, max) {
            (_, Some(0)) => {}
            (1, Some(1)) => self.push(&name.1, Wrap::Plain, of, "one", args),
            (0, Some(1)) => self.push(&name.1, Wrap::Option, of, "opt", args),
            (0, None) => self.push(&name.1, Wrap::Vec, of, "many", args),
            _ => {
                self.push(&name.1, Wrap::Vec, of, "range", format!("{args}, {min}, {}", bound(max)))
            }
        }
    }

    fn repeated(
        &mut self,
        base: &str,
        of: Rust,
        min: u32,
        max: Option<u32>,
        methods: [&'static str; 3],
    ) {
        match (min, max) {
            (1, Some(1)) => self.push(base, Wrap::Plain, of, methods[0], String::new()),
            (0, Some(1)) => self.push(base, Wrap::Option, of, methods[1], String::new()),
            _ => self.push(base, Wrap::Vec, of, methods[2], format!("{min}, {}", bound(max))),
        }
    }

    fn choice(&mut self, arms: &[Particle], once: bool) -> Result<Rust, String> {
        let name = self.build.fresh(self.module, &format!("{}Choice", self.name));
        let mut out = Vec::new();
        let mut taken = BTreeSet::new();
        for arm in arms {
            let (base, of, kind, args) = match &arm.term {
                Term::Local(e) if !once || arm.max == Some(1) => {
                    let of = self.build.element_type(e, self.module)?;
                    (names::pascal(&e.name.1), of, "element", name_args(&e.name))
                }
                Term::Ref(q) if self.build.schemas.is_head(q) => {
                    (names::pascal(&q.1), self.build.group_of(q)?, "member", String::new())
                }
                Term::Ref(q) if !once || arm.max == Some(1) => {
                    let element =
                        self.build.schemas.elements.get(q).ok_or_else(|| format!("{q:?}"))?;
                    let of = self.build.element_type(element, &q.0)?;
                    (names::pascal(&q.1), of, "element", name_args(q))
                }
                Term::Any(other) => {
                    let not = if *other {
                        format!("Some({})", constant(self.module))
                    } else {
                        "None".to_owned()
                    };
                    ("Other".to_owned(), Rust::std("x::Any"), "any", not)
                }
                Term::Sequence(parts) => ("Run".to_owned(), self.run(parts)?, "run", String::new()),
                other => return Err(format!("{other:?} in a choice of {}", self.name)),
            };
            let variant = names::fresh(&base, &mut taken);
            out.push(Arm { variant, of, nested: false, kind, args });
        }
        let item = Item {
            module: self.module.to_owned(),
            name: name.clone(),
            doc: None,
            kind: Kind::Group(out),
        };
        self.build.items.push(item);
        Ok(Rust::Own { module: self.module.to_owned(), name })
    }

    /// A sequence without an element of its own, as a struct.
    fn run(&mut self, parts: &[Particle]) -> Result<Rust, String> {
        let name = self.build.fresh(self.module, &format!("{}Run", self.name));
        let module = self.module.to_owned();
        let mut record = Record {
            build: self.build,
            module: &module,
            name: &name,
            fields: Vec::new(),
            taken: BTreeSet::new(),
        };
        let mut first = Vec::new();
        let mut open = true;
        for part in parts {
            record.particle(part.min, part.max, &part.term)?;
            if open {
                first.extend(starts(part)?);
                open = part.min == 0;
            }
        }
        if open {
            return Err(format!("{name} can be empty"));
        }
        let kind = Kind::Record { fields: record.fields, run: Some(first) };
        self.build.items.push(Item { module: module.clone(), name: name.clone(), doc: None, kind });
        Ok(Rust::Own { module, name })
    }
}

/// The names a particle can begin with.
fn starts(part: &Particle) -> Result<Vec<Q>, String> {
    match &part.term {
        Term::Local(element) => Ok(vec![element.name.clone()]),
        Term::Ref(q) => Ok(vec![q.clone()]),
        Term::Sequence(parts) => {
            let mut found = Vec::new();
            for part in parts {
                found.extend(starts(part)?);
                if part.min > 0 {
                    break;
                }
            }
            Ok(found)
        }
        other => Err(format!("a run that begins with {other:?}")),
    }
}

fn bound(max: Option<u32>) -> String {
    max.map_or("usize::MAX".to_owned(), |max| max.to_string())
}
