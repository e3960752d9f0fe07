//! Binding: known edges spread along relations and durations until every interval has
//! both, or one has not.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::cycle::refuse_cycles;
use super::inherit::{by_uid, inherit};
use super::{Bound, Edge, Error, Kind, Link, Problem, Sequence};
use crate::xml::Duration;

impl<P: Clone + PartialEq> Sequence<P> {
    /// The intervals with start, duration and payload, in order of start, document
    /// order where starts are equal.
    ///
    /// # Errors
    /// The first interval or gluon that leaves the sequence unbound or contradictory.
    pub fn bind(mut self) -> Result<Vec<Bound<P>>, Error> {
        inherit(&mut self)?;
        let uids = by_uid(&self)?;
        refuse_cycles(&self, &uids)?;
        let edges = Edges::spread(&self, &uids)?;
        let mut bound = Vec::new();
        for (index, component) in self.components.iter().enumerate() {
            if component.kind == Kind::Interval {
                let (start, duration) = edges.times(&self, index)?;
                let uid = component.uid.clone().unwrap_or_default();
                bound.push(Bound { uid, start, duration, payload: component.payload.clone() });
            }
        }
        bound.sort_by_key(|interval| interval.start);
        Ok(bound)
    }
}

/// What is known of each component's edges.
struct Edges {
    known: Vec<[Option<Timestamp>; 2]>,
    fresh: VecDeque<usize>,
}

impl Edges {
    fn spread<P>(sequence: &Sequence<P>, uids: &HashMap<&str, usize>) -> Result<Self, Error> {
        let count = sequence.components.len();
        let mut edges = Self { known: vec![[None; 2]; count], fresh: VecDeque::new() };
        // (holder, link) under each component either end touches.
        let mut touching: Vec<Vec<(usize, &Link)>> = vec![Vec::new(); count];
        for (index, component) in sequence.components.iter().enumerate() {
            if component.kind == Kind::Gluon {
                continue;
            }
            for link in component.links.iter().filter(|l| matches!(l, Link::Temporal { .. })) {
                touching[index].push((index, link));
                touching[uids[link.uid()]].push((index, link));
            }
            for (edge, stated) in [(Edge::Start, component.start), (Edge::Finish, component.end)] {
                if let Some(at) = stated {
                    edges.learn(sequence, index, edge, at)?;
                }
            }
        }
        while let Some(index) = edges.fresh.pop_front() {
            edges.lengthen(sequence, index)?;
            for (holder, link) in &touching[index] {
                if let Link::Temporal { uid, from, to, gap } = link {
                    edges.relate(sequence, (uids[uid.as_str()], *from), (*holder, *to), *gap)?;
                }
            }
        }
        Ok(edges)
    }

    fn at(&self, index: usize, edge: Edge) -> Option<Timestamp> {
        self.known[index][usize::from(edge == Edge::Finish)]
    }

    /// Notes an edge; refuses it if it was known to be elsewhere.
    fn learn<P>(
        &mut self,
        sequence: &Sequence<P>,
        index: usize,
        edge: Edge,
        at: Timestamp,
    ) -> Result<(), Error> {
        let slot = &mut self.known[index][usize::from(edge == Edge::Finish)];
        match *slot {
            None => {
                *slot = Some(at);
                self.fresh.push_back(index);
                Ok(())
            }
            Some(known) if known == at => Ok(()),
            Some(known) => {
                let verb = if edge == Edge::Start { "starts" } else { "finishes" };
                let what = format!("it {verb} at {known} by one statement, at {at} by another");
                Err(sequence.error(index, Problem::Contradiction(what)))
            }
        }
    }

    /// From one edge and the duration to the other.
    fn lengthen<P>(&mut self, sequence: &Sequence<P>, index: usize) -> Result<(), Error> {
        let Some(duration) = sequence.components[index].duration else { return Ok(()) };
        if duration.negative && !duration.is_zero() {
            let what = format!("its duration {duration} is negative");
            return Err(sequence.error(index, Problem::Contradiction(what)));
        }
        if let Some(start) = self.at(index, Edge::Start) {
            let finish = after(start, duration);
            let finish = finish.ok_or_else(|| sequence.error(index, Problem::OutOfCalendar))?;
            self.learn(sequence, index, Edge::Finish, finish)
        } else if let Some(finish) = self.at(index, Edge::Finish) {
            let start = before(finish, duration);
            let start = start.ok_or_else(|| sequence.error(index, Problem::OutOfCalendar))?;
            self.learn(sequence, index, Edge::Start, start)
        } else {
            Ok(())
        }
    }

    /// From one end of a relation to the other.
    fn relate<P>(
        &mut self,
        sequence: &Sequence<P>,
        (from, from_edge): (usize, Edge),
        (to, to_edge): (usize, Edge),
        gap: Duration,
    ) -> Result<(), Error> {
        if let Some(at) = self.at(from, from_edge) {
            let there = after(at, gap);
            let there = there.ok_or_else(|| sequence.error(to, Problem::OutOfCalendar))?;
            self.learn(sequence, to, to_edge, there)
        } else if let Some(at) = self.at(to, to_edge) {
            let there = before(at, gap);
            let there = there.ok_or_else(|| sequence.error(from, Problem::OutOfCalendar))?;
            self.learn(sequence, from, from_edge, there)
        } else {
            Ok(())
        }
    }

    fn times<P>(
        &self,
        sequence: &Sequence<P>,
        index: usize,
    ) -> Result<(Timestamp, SignedDuration), Error> {
        let missing = |problem| sequence.error(index, problem);
        match self.known[index] {
            [Some(start), Some(finish)] if finish >= start => {
                Ok((start, finish.duration_since(start)))
            }
            [Some(start), Some(finish)] => {
                let what = format!("it starts at {start} and finishes before, at {finish}");
                Err(missing(Problem::Contradiction(what)))
            }
            [Some(_), None] => Err(missing(Problem::NoDuration)),
            [None, _] if sequence.components[index].duration.is_none() => {
                Err(missing(Problem::NoDuration))
            }
            [None, _] => Err(missing(Problem::NoStart)),
        }
    }
}

/// The instant `duration` after `at`.
pub(super) fn after(at: Timestamp, duration: Duration) -> Option<Timestamp> {
    at.checked_add(duration.from(at)?).ok()
}

/// The instant `duration` before `at`.
fn before(at: Timestamp, duration: Duration) -> Option<Timestamp> {
    after(at, Duration { negative: !duration.negative, ..duration })
}
