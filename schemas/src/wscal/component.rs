//! What a sequence is made of, before it is bound.

use jiff::Timestamp;

use super::{Error, Problem};
use crate::xml::Duration;

/// Intervals and gluons that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence<P> {
    /// In document order.
    pub components: Vec<Component<P>>,
}

/// An interval or gluon as stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component<P> {
    /// Which of the two.
    pub kind: Kind,
    /// What relations name it by.
    pub uid: Option<String>,
    /// dtstart.
    pub start: Option<Timestamp>,
    /// dtend.
    pub end: Option<Timestamp>,
    /// duration.
    pub duration: Option<Duration>,
    /// What is attached.
    pub payload: Option<P>,
    /// Its relations to others.
    pub links: Vec<Link>,
}

/// Interval or gluon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A time.
    Interval,
    /// No time itself: it hands values to the interval it designates.
    Gluon,
}

/// A relation, held by the one that depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// The holder's `to` edge comes `gap` after the `from` edge of `uid`.
    Temporal {
        /// The interval it depends on.
        uid: String,
        /// Which of its edges.
        from: Edge,
        /// Which of the holder's.
        to: Edge,
        /// How much later; negative for earlier.
        gap: Duration,
    },
    /// The holder hands its values to `uid`: CHILD, as a gluon has it.
    Child(String),
    /// The holder takes values from `uid`: PARENT.
    Parent(String),
    /// Of the same sequence, without bearing on time: SIBLING.
    Sibling(String),
}

/// An end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Where it starts.
    Start,
    /// Where it finishes.
    Finish,
}

impl<P> Component<P> {
    /// An interval of which nothing is known but its uid.
    pub fn interval(uid: impl Into<String>) -> Self {
        Self {
            kind: Kind::Interval,
            uid: Some(uid.into()),
            start: None,
            end: None,
            duration: None,
            payload: None,
            links: Vec::new(),
        }
    }

    /// A gluon that designates an interval (or another gluon).
    pub fn gluon(uid: impl Into<String>, designated: impl Into<String>) -> Self {
        let links = vec![Link::Child(designated.into())];
        Self { kind: Kind::Gluon, links, ..Self::interval(uid) }
    }
}

impl Link {
    /// A relation by its name: the four temporal ones of WS-Calendar, or CHILD, PARENT,
    /// SIBLING; without a name it is PARENT, as in iCalendar.
    ///
    /// # Errors
    /// The name, if it is none of these.
    pub fn named(name: Option<&str>, uid: String, gap: Duration) -> Result<Self, String> {
        use Edge::{Finish, Start};
        let (from, to) = match name.map(str::trim).unwrap_or("PARENT") {
            "FINISHTOSTART" => (Finish, Start),
            "FINISHTOFINISH" => (Finish, Finish),
            "STARTTOFINISH" => (Start, Finish),
            "STARTTOSTART" => (Start, Start),
            "CHILD" => return Ok(Self::Child(uid)),
            "PARENT" => return Ok(Self::Parent(uid)),
            "SIBLING" => return Ok(Self::Sibling(uid)),
            other => return Err(other.to_owned()),
        };
        Ok(Self::Temporal { uid, from, to, gap })
    }

    /// The uid it names.
    pub fn uid(&self) -> &str {
        match self {
            Self::Temporal { uid, .. }
            | Self::Child(uid)
            | Self::Parent(uid)
            | Self::Sibling(uid) => uid,
        }
    }
}

impl<P> Sequence<P> {
    /// What errors call a component.
    pub(super) fn label(&self, index: usize) -> String {
        match &self.components[index].uid {
            Some(uid) => uid.clone(),
            None => format!("#{index}"),
        }
    }

    pub(super) fn error(&self, index: usize, problem: Problem) -> Error {
        Error::new(self.label(index), problem)
    }
}
