//! Declarations as text: one file a namespace.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::build::constant;
use crate::model::{Q, Schemas, TypeRef};
use crate::rust::{Item, Kind, Rust, Wrap};

const HEADER: &str =
    "// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.\n";

/// File name and text of each module.
pub fn files(family: &str, schemas: &Schemas, items: &[Item]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut modules: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in items {
        modules.entry(&item.module).or_default().push(item);
    }
    let defaults = defaultable(items);
    let mut index =
        format!("{HEADER}//! The types of the {family} family, a module a namespace.\n\n");
    for (module, items) in &mut modules {
        items.sort_by(|a, b| a.name.cmp(&b.name));
        if *module == family {
            index.push_str(
                "#[allow(clippy::module_inception)] // Its main namespace has the family's name.\n",
            );
        }
        let _ = writeln!(index, "pub mod {module};");
        files.insert(format!("{module}.rs"), file(module, items, schemas, &defaults));
    }
    files.insert("mod.rs".to_owned(), index);
    files
}

fn file(module: &str, items: &[&Item], schemas: &Schemas, defaults: &BTreeSet<Rust>) -> String {
    let mut body = String::new();
    let of = |pick: fn(&Kind) -> bool| items.iter().copied().filter(move |i| pick(&i.kind));
    block(&mut body, "record", of(|k| matches!(k, Kind::Record { .. })), |i| {
        record(i, module, defaults)
    });
    block(&mut body, "runs", of(|k| matches!(k, Kind::Record { run: Some(_), .. })), run);
    block(&mut body, "group", of(|k| matches!(k, Kind::Group(_))), |i| group(i, module));
    block(&mut body, "derived", of(|k| matches!(k, Kind::Derived(_))), |i| derived(i, module));
    block(&mut body, "tokens", of(|k| matches!(k, Kind::Tokens { .. })), |i| tokens(i, module));
    block(&mut body, "facet", of(|k| matches!(k, Kind::Facet { .. })), |i| facet(i, module));
    block(&mut body, "fixed", of(|k| matches!(k, Kind::Fixed(_))), fixed);
    block(&mut body, "union", of(|k| matches!(k, Kind::Union(_))), |i| union(i, module));
    roots(&mut body, module, items, schemas);
    format!(
        "{HEADER}//! `{module}`: the types of its namespace.\n\n{}\n{body}",
        imports(&body, module, schemas)
    )
}

/// Only what the file uses, so that the compiler has nothing to warn of.
fn imports(body: &str, module: &str, schemas: &Schemas) -> String {
    let mut out = String::new();
    let others: Vec<_> = schemas
        .prefixes
        .iter()
        .filter(|p| *p != module && mentions(body, &format!("{p}::")))
        .map(String::as_str)
        .collect();
    if !others.is_empty() {
        let _ = writeln!(out, "use super::{{{}}};", others.join(", "));
    }
    let constants: Vec<_> = schemas
        .prefixes
        .iter()
        .map(|p| constant(p))
        .chain(["NONE".to_owned()])
        .filter(|c| mentions(body, &format!("{c}, \"")) || mentions(body, &format!("Some({c})")))
        .collect();
    let macros: Vec<_> =
        ["record", "runs", "group", "derived", "tokens", "facet", "fixed", "union", "roots"]
            .into_iter()
            .filter(|m| {
                body.contains(&format!("\n{m}! {{")) || body.starts_with(&format!("{m}! {{"))
            })
            .collect();
    let _ = writeln!(out, "use crate::xml::macros::{{{}}};", macros.join(", "));
    if body.contains("x::") {
        out.push_str("use crate::xml as x;\n");
    }
    if !constants.is_empty() {
        let _ = writeln!(out, "use crate::xml::{{{}}};", constants.join(", "));
    }
    out
}

/// Whether `what` stands in `body` with no letter before it.
fn mentions(body: &str, what: &str) -> bool {
    body.match_indices(what)
        .any(|(at, _)| !body[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

fn block<'i>(
    out: &mut String,
    name: &str,
    items: impl Iterator<Item = &'i Item>,
    print: impl Fn(&Item) -> String,
) {
    let texts: Vec<_> = items.map(print).collect();
    if !texts.is_empty() {
        let _ = writeln!(out, "{name}! {{\n{}}}\n", texts.concat());
    }
}

fn doc(item: &Item) -> String {
    match &item.doc {
        Some(text) => format!("    /// {text}\n"),
        None => format!("    /// `{}:{}`.\n", item.module, item.name),
    }
}

fn nested(of: &Rust, nested: bool, module: &str) -> String {
    let name = of.seen_from(module);
    if nested { format!("x::Nested<{name}>") } else { name }
}

fn record(item: &Item, module: &str, defaults: &BTreeSet<Rust>) -> String {
    let Kind::Record { fields, .. } = &item.kind else { return String::new() };
    let mut out = doc(item);
    let this = Rust::Own { module: item.module.clone(), name: item.name.clone() };
    if defaults.contains(&this) {
        out.push_str("    #[derive(Default)]\n");
    }
    let _ = writeln!(out, "    {} {{", item.name);
    for field in fields {
        let of = nested(&field.of, field.nested, module);
        let of = match field.wrap {
            Wrap::Plain => of,
            Wrap::Option => format!("Option<{of}>"),
            Wrap::Vec | Wrap::Some => format!("Vec<{of}>"),
        };
        let _ = writeln!(out, "        {}: {of} = {}({}),", field.name, field.method, field.args);
    }
    out.push_str("    }\n");
    out
}

fn run(item: &Item) -> String {
    let Kind::Record { run: Some(first), .. } = &item.kind else { return String::new() };
    let names: Vec<_> = first.iter().map(|(p, l)| format!("({}, \"{l}\")", constant(p))).collect();
    format!("    {}: {};\n", item.name, names.join(" "))
}

fn group(item: &Item, module: &str) -> String {
    let Kind::Group(arms) = &item.kind else { return String::new() };
    let mut out = doc(item);
    let _ = writeln!(out, "    {} {{", item.name);
    for arm in arms {
        let of = nested(&arm.of, arm.nested, module);
        let _ = writeln!(out, "        {}({of}) = {}({}),", arm.variant, arm.kind, arm.args);
    }
    out.push_str("    }\n");
    out
}

fn derived(item: &Item, module: &str) -> String {
    let Kind::Derived(arms) = &item.kind else { return String::new() };
    let mut out = doc(item);
    let _ = writeln!(out, "    {} {{", item.name);
    for ((prefix, local), variant, of) in arms {
        let _ = writeln!(
            out,
            "        {variant}({}) = {}, \"{local}\";",
            of.seen_from(module),
            constant(prefix)
        );
    }
    out.push_str("    }\n");
    out
}

fn tokens(item: &Item, module: &str) -> String {
    let Kind::Tokens { collapse, literals, or } = &item.kind else { return String::new() };
    let mut out = doc(item);
    let _ = writeln!(out, "    {} {} {{", if *collapse { "collapsed" } else { "exact" }, item.name);
    for (variant, literal) in literals {
        let _ = writeln!(out, "        {variant} = {literal:?},");
    }
    match or {
        Some(or) => {
            let _ = writeln!(out, "    }} or {};", or.seen_from(module));
        }
        None => out.push_str("    };\n"),
    }
    out
}

fn facet(item: &Item, module: &str) -> String {
    let Kind::Facet { base, check, wants, samples } = &item.kind else { return String::new() };
    let samples: Vec<_> = samples.iter().map(|s| format!("{s:?}")).collect();
    format!(
        "{}    {}({}) = {check}, {wants:?}, [{}];\n",
        doc(item),
        item.name,
        base.seen_from(module),
        samples.join(", ")
    )
}

fn fixed(item: &Item) -> String {
    let Kind::Fixed(text) = &item.kind else { return String::new() };
    format!("    {} = {text:?};\n", item.name)
}

fn union(item: &Item, module: &str) -> String {
    let Kind::Union(members) = &item.kind else { return String::new() };
    let mut out = doc(item);
    let _ = writeln!(out, "    {} {{", item.name);
    for (variant, of) in members {
        let _ = writeln!(out, "        {variant}({}),", of.seen_from(module));
    }
    out.push_str("    }\n");
    out
}

/// Elements whose type serves no other global element can be a document's root.
fn roots(out: &mut String, module: &str, items: &[&Item], schemas: &Schemas) {
    let mut by_type: BTreeMap<&str, Vec<&Q>> = BTreeMap::new();
    for item in items.iter().filter(|i| matches!(i.kind, Kind::Record { run: None, .. })) {
        by_type.insert(&item.name, Vec::new());
    }
    for (q, element) in &schemas.elements {
        let name = match schemas.type_of(element) {
            TypeRef::Named((prefix, local)) if prefix == module => {
                let full = crate::names::pascal(local);
                let short = full.strip_suffix("Type").unwrap_or(&full).to_owned();
                if by_type.contains_key(&*short) { short } else { full }
            }
            TypeRef::Inline(_) if q.0 == module => crate::names::pascal(&q.1),
            _ => continue,
        };
        if let Some(names) = by_type.get_mut(&*name) {
            names.push(q);
        }
    }
    let lines: Vec<_> = by_type
        .iter()
        .filter_map(|(name, elements)| match &elements[..] {
            [(prefix, local)] => Some(format!("    {name} = {}, \"{local}\";\n", constant(prefix))),
            _ => None,
        })
        .collect();
    if !lines.is_empty() {
        let _ = writeln!(out, "roots! {{\n{}}}", lines.concat());
    }
}

/// The records that have a value without being told anything: nothing they hold is
/// demanded, or what is has one itself.
fn defaultable(items: &[Item]) -> BTreeSet<Rust> {
    let mut found = BTreeSet::new();
    loop {
        let before = found.len();
        for item in items {
            let Kind::Record { fields, .. } = &item.kind else { continue };
            let fine = fields.iter().all(|f| match &f.of {
                _ if f.wrap == Wrap::Some => false,
                _ if f.wrap != Wrap::Plain => true,
                Rust::Std(name) => matches!(&**name, "x::Any" | "x::AnyType" | "x::AnyAttributes"),
                own => found.contains(own) && !f.nested,
            });
            if fine {
                found.insert(Rust::Own { module: item.module.clone(), name: item.name.clone() });
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
