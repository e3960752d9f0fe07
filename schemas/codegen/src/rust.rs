//! The Rust declarations to be written, before they are text.

use crate::model::Q;

/// A Rust type: one of the runtime's or of std, or one generated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rust {
    Std(String),
    Own { module: String, name: String },
}

impl Rust {
    pub fn std(name: &str) -> Self {
        Self::Std(name.to_owned())
    }

    /// How code in `module` names it.
    pub fn seen_from(&self, here: &str) -> String {
        match self {
            Self::Std(name) => name.clone(),
            Self::Own { module, name } if module == here => name.clone(),
            Self::Own { module, name } => format!("{module}::{name}"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Item {
    pub module: String,
    pub name: String,
    pub doc: Option<String>,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub enum Kind {
    Record {
        fields: Vec<Field>,
        run: Option<Vec<Q>>,
    },
    Group(Vec<Arm>),
    /// Type name on the wire, variant, type.
    Derived(Vec<(Q, String, Rust)>),
    Tokens {
        collapse: bool,
        literals: Vec<(String, String)>,
        or: Option<Rust>,
    },
    Facet {
        base: Rust,
        check: String,
        wants: String,
        samples: Vec<String>,
    },
    Fixed(String),
    Union(Vec<(String, Rust)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    Plain,
    Option,
    Vec,
    /// A `Vec` that must not be empty.
    Some,
}

impl Wrap {
    pub fn of_at_least(min: u32) -> Self {
        if min == 0 { Self::Vec } else { Self::Some }
    }

    /// Whether the value lies in the struct itself, not behind a pointer.
    pub fn by_value(self) -> bool {
        matches!(self, Self::Plain | Self::Option)
    }
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub wrap: Wrap,
    pub of: Rust,
    pub nested: bool,
    pub method: &'static str,
    pub args: String,
}

#[derive(Clone, Debug)]
pub struct Arm {
    pub variant: String,
    pub of: Rust,
    pub nested: bool,
    /// `element`, `run`, `member` (of another group) or `any`.
    pub kind: &'static str,
    pub args: String,
}

impl Item {
    /// The types this one holds by value, so that a cycle of them needs the heap.
    pub fn holds(&self) -> Vec<&Rust> {
        match &self.kind {
            Kind::Record { fields, .. } => {
                fields.iter().filter(|f| f.wrap.by_value() && !f.nested).map(|f| &f.of).collect()
            }
            Kind::Group(arms) => arms.iter().filter(|a| !a.nested).map(|a| &a.of).collect(),
            Kind::Derived(arms) => arms.iter().map(|(_, _, of)| of).collect(),
            _ => Vec::new(),
        }
    }
}
