//! Inheritance down the lineage: gluon, designated interval, the other intervals of
//! its sequence. Duration and payload go to all that lack them, a start only to the
//! designated interval. What an interval states itself wins.

use std::collections::HashMap;

use super::{Error, Kind, Link, Problem, Sequence};

/// The components by uid.
pub(super) fn by_uid<P>(sequence: &Sequence<P>) -> Result<HashMap<&str, usize>, Error> {
    let mut found = HashMap::new();
    for (index, component) in sequence.components.iter().enumerate() {
        if let Some(uid) = &component.uid
            && found.insert(uid.as_str(), index).is_some()
        {
            return Err(Error::new(uid, Problem::SameUid));
        }
    }
    for (index, component) in sequence.components.iter().enumerate() {
        for link in &component.links {
            if !found.contains_key(link.uid()) && !matches!(link, Link::Sibling(_)) {
                let problem = Problem::UnknownUid(link.uid().to_owned());
                return Err(sequence.error(index, problem));
            }
        }
    }
    Ok(found)
}

/// Fills in what is inherited.
pub(super) fn inherit<P: Clone + PartialEq>(sequence: &mut Sequence<P>) -> Result<(), Error> {
    let (parents, groups) = {
        let uids = by_uid(sequence)?;
        (parents(sequence, &uids)?, groups(sequence, &uids))
    };
    for index in from_the_top(sequence, &parents)? {
        if let Some(parent) = parents[index] {
            take(sequence, index, parent, true);
        }
    }
    to_the_others(sequence, &parents, &groups)
}

/// From each interval a gluon designates to those of its sequence that lack something.
fn to_the_others<P: Clone + PartialEq>(
    sequence: &mut Sequence<P>,
    parents: &[Option<usize>],
    groups: &[usize],
) -> Result<(), Error> {
    let count = sequence.components.len();
    let designated = |sequence: &Sequence<P>, index: usize| {
        let by_gluon = |parent: usize| sequence.components[parent].kind == Kind::Gluon;
        sequence.components[index].kind == Kind::Interval && parents[index].is_some_and(by_gluon)
    };
    let mut groups_given: HashMap<usize, Given> = HashMap::new();
    for giver in (0..count).filter(|index| designated(sequence, *index)) {
        let given = groups_given.entry(groups[giver]).or_insert_with(|| Given::by(giver));
        let (first, next) = (&sequence.components[given.first], &sequence.components[giver]);
        if given.other_duration.is_none() && next.duration != first.duration {
            given.other_duration = Some(giver);
        }
        if given.other_payload.is_none() && next.payload != first.payload {
            given.other_payload = Some(giver);
        }
    }
    for other in 0..count {
        let taker = &sequence.components[other];
        let given = groups_given.get(&groups[other]);
        let (Kind::Interval, None, Some(given)) = (taker.kind, parents[other], given) else {
            continue;
        };
        let duration = given.other_duration.filter(|_| taker.duration.is_none());
        let payload = given.other_payload.filter(|_| taker.payload.is_none());
        if let Some(second) = duration.or(payload) {
            let (one, two) = (sequence.label(given.first), sequence.label(second));
            let what = format!("it could inherit from {one} or from {two}, which differ");
            return Err(sequence.error(other, Problem::Contradiction(what)));
        }
        take(sequence, other, given.first, false);
    }
    Ok(())
}

/// What the designated intervals of a group have to give.
struct Given {
    /// The first of them.
    first: usize,
    /// One with another duration.
    other_duration: Option<usize>,
    /// One with another payload.
    other_payload: Option<usize>,
}

impl Given {
    fn by(first: usize) -> Self {
        Self { first, other_duration: None, other_payload: None }
    }
}

fn take<P: Clone>(sequence: &mut Sequence<P>, to: usize, from: usize, start: bool) {
    let giver = &sequence.components[from];
    let (duration, payload) = (giver.duration, giver.payload.clone());
    let given = if start { giver.start } else { None };
    let taker = &mut sequence.components[to];
    // A start and an end fix the duration already.
    if taker.duration.is_none() && !(taker.start.is_some() && taker.end.is_some()) {
        taker.duration = duration;
    }
    taker.payload = taker.payload.take().or(payload);
    if taker.end.is_none() || taker.duration.is_none() {
        taker.start = taker.start.or(given);
    }
}

/// Each component's parent in the lineage.
fn parents<P>(
    sequence: &Sequence<P>,
    uids: &HashMap<&str, usize>,
) -> Result<Vec<Option<usize>>, Error> {
    let mut parents: Vec<Option<usize>> = vec![None; sequence.components.len()];
    for (index, component) in sequence.components.iter().enumerate() {
        for link in &component.links {
            let (child, parent) = match link {
                Link::Child(uid) => (uids[uid.as_str()], index),
                Link::Parent(uid) => (index, uids[uid.as_str()]),
                _ => continue,
            };
            match parents[child] {
                Some(other) if other != parent => {
                    let (one, two) = (sequence.label(other), sequence.label(parent));
                    let what = format!("it inherits from both {one} and {two}");
                    return Err(sequence.error(child, Problem::Contradiction(what)));
                }
                _ => parents[child] = Some(parent),
            }
        }
    }
    Ok(parents)
}

/// All components, each after its parent.
fn from_the_top<P>(sequence: &Sequence<P>, parents: &[Option<usize>]) -> Result<Vec<usize>, Error> {
    let mut children = vec![Vec::new(); parents.len()];
    let mut order = Vec::with_capacity(parents.len());
    for (child, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) => children[*parent].push(child),
            None => order.push(child),
        }
    }
    let mut next = 0;
    while next < order.len() {
        order.extend(&children[order[next]]);
        next += 1;
    }
    if order.len() == parents.len() {
        return Ok(order);
    }
    let mut reached = vec![false; parents.len()];
    order.iter().for_each(|index| reached[*index] = true);
    let lost = reached.iter().position(|reached| !reached).unwrap_or(0);
    Err(sequence.error(lost, Problem::Cycle))
}

/// A number for each component, the same for those that relations tie together.
fn groups<P>(sequence: &Sequence<P>, uids: &HashMap<&str, usize>) -> Vec<usize> {
    let count = sequence.components.len();
    let mut neighbours = vec![Vec::new(); count];
    for (index, component) in sequence.components.iter().enumerate() {
        for link in &component.links {
            let tie = matches!(link, Link::Temporal { .. } | Link::Sibling(_));
            if let (true, Some(other)) = (tie, uids.get(link.uid())) {
                neighbours[index].push(*other);
                neighbours[*other].push(index);
            }
        }
    }
    let mut groups = vec![usize::MAX; count];
    for first in 0..count {
        let mut open = vec![first];
        while let Some(index) = open.pop() {
            if groups[index] == usize::MAX {
                groups[index] = first;
                open.extend(&neighbours[index]);
            }
        }
    }
    groups
}
