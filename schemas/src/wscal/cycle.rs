//! Dependencies that lead back to where they began.

use std::collections::HashMap;

use super::{Edge, Error, Kind, Link, Problem, Sequence};

/// Refuses relations by which an interval depends on itself. Start and finish count
/// apart, so that an interval may start with another and finish with it.
pub(super) fn refuse_cycles<P>(
    sequence: &Sequence<P>,
    uids: &HashMap<&str, usize>,
) -> Result<(), Error> {
    let node = |index: usize, edge: Edge| 2 * index + usize::from(edge == Edge::Finish);
    let count = 2 * sequence.components.len();
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut before = vec![0_usize; count];
    for (index, component) in sequence.components.iter().enumerate() {
        if component.kind == Kind::Interval {
            after[node(index, Edge::Start)].push(node(index, Edge::Finish));
            before[node(index, Edge::Finish)] += 1;
        }
        for link in &component.links {
            if let Link::Temporal { uid, from, to, .. } = link {
                after[node(uids[uid.as_str()], *from)].push(node(index, *to));
                before[node(index, *to)] += 1;
            }
        }
    }
    let mut free: Vec<usize> = (0..count).filter(|node| before[*node] == 0).collect();
    let mut done = 0;
    while let Some(node) = free.pop() {
        done += 1;
        for next in &after[node] {
            before[*next] -= 1;
            if before[*next] == 0 {
                free.push(*next);
            }
        }
    }
    match before.iter().position(|waiting| *waiting > 0) {
        Some(node) if done < count => Err(sequence.error(node / 2, Problem::Cycle)),
        _ => Ok(()),
    }
}
