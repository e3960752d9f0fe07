//! WS-Calendar 1.0: sequences of intervals, gluons, inheritance, streams. What goes in
//! is partly stated; what comes out is bound: every interval with start, duration and
//! payload, or an error that names the one that is not.
//!
//! A relation stands in the interval that depends on another: `FINISHTOSTART` with a
//! gap of five minutes means that its holder starts five minutes after the interval it
//! names finishes.

mod bind;
mod component;
mod cycle;
mod error;
mod inherit;
mod stream;
#[cfg(test)]
mod tests;
mod xcal;

pub use component::{Component, Edge, Kind, Link, Sequence};
pub use error::{Error, Problem};
pub use stream::{Step, Stream};
pub use xcal::{Attachments, instant_of_end, instant_of_start};

use jiff::{SignedDuration, Timestamp};

/// An interval with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound<P> {
    /// Its uid; empty if it has none.
    pub uid: String,
    /// From here on, inclusive.
    pub start: Timestamp,
    /// So long, not negative.
    pub duration: SignedDuration,
    /// What it carries, its own or inherited.
    pub payload: Option<P>,
}

impl<P> Bound<P> {
    /// Where it ends, exclusive.
    pub fn end(&self) -> Timestamp {
        // Ends were in range when the interval was bound.
        self.start.checked_add(self.duration).unwrap_or(Timestamp::MAX)
    }
}
