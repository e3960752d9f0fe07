//! Streams: intervals one after the other, in the order of their uids. The first
//! starts with the stream; a duration that is missing is the stream's.

use jiff::Timestamp;

use super::bind::after;
use super::{Bound, Error, Problem};
use crate::xml::Duration;

/// A stream before it is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream<P> {
    /// Where it starts.
    pub start: Option<Timestamp>,
    /// How long an interval lasts that does not say.
    pub duration: Option<Duration>,
    /// Its intervals, in document order.
    pub steps: Vec<Step<P>>,
}

/// An interval of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<P> {
    /// Its number.
    pub uid: Option<String>,
    /// A start of its own, which may leave a gap to the one before.
    pub start: Option<Timestamp>,
    /// A duration of its own.
    pub duration: Option<Duration>,
    /// What it carries.
    pub payload: P,
}

impl<P> Stream<P> {
    /// The intervals in time. Where every uid is a number they go in its order,
    /// otherwise in document order.
    ///
    /// # Errors
    /// The interval without start or duration, with a uid given twice, with a negative
    /// duration, or that starts before the one before it ends.
    pub fn bind(self) -> Result<Vec<Bound<P>>, Error> {
        let mut next = self.start;
        let mut bound = Vec::with_capacity(self.steps.len());
        for (label, step) in numbered(self.steps)? {
            let error = |problem| Error::new(&label, problem);
            let start = match (step.start, next) {
                (Some(own), Some(earliest)) if own < earliest => {
                    let what = format!("it starts at {own}, the one before it ends at {earliest}");
                    return Err(error(Problem::Contradiction(what)));
                }
                (own, next) => own.or(next).ok_or_else(|| error(Problem::NoStart))?,
            };
            let duration = step.duration.or(self.duration);
            let duration = duration.ok_or_else(|| error(Problem::NoDuration))?;
            if duration.negative && !duration.is_zero() {
                let what = format!("its duration {duration} is negative");
                return Err(error(Problem::Contradiction(what)));
            }
            let end = after(start, duration).ok_or_else(|| error(Problem::OutOfCalendar))?;
            let uid = step.uid.unwrap_or_default();
            let payload = Some(step.payload);
            bound.push(Bound { uid, start, duration: end.duration_since(start), payload });
            next = Some(end);
        }
        Ok(bound)
    }
}

/// The steps in order, each with what errors call it.
fn numbered<P>(steps: Vec<Step<P>>) -> Result<Vec<(String, Step<P>)>, Error> {
    let number = |step: &Step<P>| step.uid.as_deref()?.trim().parse::<u64>().ok();
    let in_order: Option<Vec<u64>> = steps.iter().map(number).collect();
    let label = |(index, step): (usize, Step<P>)| {
        (step.uid.clone().unwrap_or_else(|| format!("#{index}")), step)
    };
    let labelled = steps.into_iter().enumerate().map(label);
    let Some(numbers) = in_order else { return Ok(labelled.collect()) };
    let mut by_number: Vec<_> = numbers.into_iter().zip(labelled).collect();
    by_number.sort_by_key(|(number, _)| *number);
    if let Some(twins) = by_number.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(Error::new(&twins[1].1.0, Problem::SameUid));
    }
    Ok(by_number.into_iter().map(|(_, labelled)| labelled).collect())
}
