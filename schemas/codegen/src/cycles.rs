//! Types that hold themselves by value somewhere below get a heap cell there.

use std::collections::{BTreeMap, BTreeSet};

use crate::rust::{Item, Kind, Rust};

/// Marks every by-value link that closes a cycle as nested.
pub fn break_up(items: &mut [Item]) {
    for index in 0..items.len() {
        let this =
            Rust::Own { module: items[index].module.clone(), name: items[index].name.clone() };
        let closing: BTreeSet<Rust> = {
            let graph: BTreeMap<Rust, Vec<Rust>> = items
                .iter()
                .map(|i| {
                    let name = Rust::Own { module: i.module.clone(), name: i.name.clone() };
                    (name, i.holds().into_iter().cloned().collect())
                })
                .collect();
            let held = graph.get(&this).cloned().unwrap_or_default();
            held.into_iter().filter(|of| reaches(&graph, of, &this)).collect()
        };
        match &mut items[index].kind {
            Kind::Record { fields, .. } => {
                for field in
                    fields.iter_mut().filter(|f| f.wrap.by_value() && closing.contains(&f.of))
                {
                    field.nested = true;
                }
            }
            Kind::Group(arms) => {
                for arm in arms.iter_mut().filter(|a| closing.contains(&a.of)) {
                    arm.nested = true;
                }
            }
            _ => {}
        }
    }
}

fn reaches(graph: &BTreeMap<Rust, Vec<Rust>>, from: &Rust, to: &Rust) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(graph.get(next).into_iter().flatten());
        }
    }
    false
}
