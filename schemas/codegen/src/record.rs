//! One complex type as a struct: its attributes and its particles, field by field.

use std::collections::BTreeSet;

use crate::build::{Build, constant, name_args};
use crate::model::*;
use crate::names;
use crate::rust::{Arm, Field, Item, Kind, Rust, Wrap};

/// One struct in the making.
pub struct Record<'r, 'a> {
    build: &'r mut Build<'a>,
    module: &'r str,
    name: &'r str,
    pub fields: Vec<Field>,
    /// Something must stand there that nothing valid is: no document can have it.
    pub impossible: bool,
    taken: BTreeSet<String>,
}

impl<'r, 'a> Record<'r, 'a> {
    pub fn new(build: &'r mut Build<'a>, module: &'r str, name: &'r str) -> Self {
        let (fields, taken) = (Vec::new(), BTreeSet::new());
        Self { build, module, name, fields, impossible: false, taken }
    }

    pub fn push(&mut self, base: &str, wrap: Wrap, of: Rust, method: &'static str, args: String) {
        if of == Rust::std("never") {
            self.impossible |= matches!(wrap, Wrap::Plain | Wrap::Some);
            return; // Nothing valid can stand there.
        }
        let name = names::fresh(&names::snake(base), &mut self.taken);
        self.fields.push(Field { name, wrap, of, nested: false, method, args });
    }

    /// The namespace a wildcard leaves out, as the runtime's methods take it.
    fn not(&self, other: bool) -> String {
        if other { format!("Some({})", constant(self.module)) } else { "None".to_owned() }
    }

    pub fn is_mixed(&self, complex: &Complex) -> bool {
        let base = complex.base.as_ref().filter(|b| !b.restricts);
        complex.mixed
            || base
                .and_then(|b| self.build.schemas.complex(&b.of))
                .is_some_and(|b| self.is_mixed(b))
    }

    pub fn attributes(&mut self, complex: &Complex) -> Result<(), String> {
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
        if let Some(other) = attributes.any {
            let of = Rust::std("x::AnyAttributes");
            self.push("attributes", Wrap::Plain, of, "any_attributes", self.not(other));
        }
        Ok(())
    }

    pub fn content(&mut self, complex: &Complex) -> Result<(), String> {
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
                let choice = self.choice(arms, max)?;
                let min = if emptiable { 0 } else { min };
                self.repeated("choice", choice, min, max, ["one_of", "opt_of", "range_of"]);
                Ok(())
            }
            Term::Any(other) => {
                let args = format!("{}, {min}, {}", self.not(*other), bound(max));
                self.push("any", Wrap::of_at_least(min), Rust::std("x::Any"), "any", args);
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
                let args = format!("{args}, {min}, {}", bound(max));
                self.push(&name.1, Wrap::of_at_least(min), of, "range", args);
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
            _ => {
                let args = format!("{min}, {}", bound(max));
                self.push(base, Wrap::of_at_least(min), of, methods[2], args);
            }
        }
    }

    /// The enum of a choice that stands at most `max` times.
    fn choice(&mut self, arms: &[Particle], max: Option<u32>) -> Result<Rust, String> {
        let name = self.build.fresh(self.module, &format!("{}Choice", self.name));
        let mut out = Vec::new();
        let mut taken = BTreeSet::new();
        for arm in arms {
            // A repeated arm of a choice that repeats without end adds nothing to it.
            if arm.max != Some(1) && max.is_some() {
                return Err(format!("a repeated arm in a choice of {}", self.name));
            }
            let (base, of, kind, args) = match &arm.term {
                Term::Local(e) => {
                    let of = self.build.element_type(e, self.module)?;
                    (names::pascal(&e.name.1), of, "element", name_args(&e.name))
                }
                Term::Ref(q) if self.build.schemas.is_head(q) => {
                    (names::pascal(&q.1), self.build.group_of(q)?, "member", String::new())
                }
                Term::Ref(q) => {
                    let element =
                        self.build.schemas.elements.get(q).ok_or_else(|| format!("{q:?}"))?;
                    let of = self.build.element_type(element, &q.0)?;
                    (names::pascal(&q.1), of, "element", name_args(q))
                }
                Term::Any(other) => {
                    ("Other".to_owned(), Rust::std("x::Any"), "any", self.not(*other))
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
        let mut record = Record::new(self.build, &module, &name);
        let mut first = Vec::new();
        let mut open = true;
        for part in parts {
            record.particle(part.min, part.max, &part.term)?;
            if open {
                first.extend(starts(part)?);
                open = part.min == 0;
            }
        }
        if open || record.impossible {
            return Err(format!("{name} can be empty, or cannot be"));
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
