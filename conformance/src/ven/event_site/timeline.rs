//! What a site follows over time, held against what it should. OpenADR 2.0b Profile, rules 31, 32.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::ven::VenPlay;
use crate::verdict::Stop;

/// Looks at what an event puts in force, about once a second, until it is `until`.
pub async fn watch(play: &mut VenPlay, event: &str, until: Timestamp) -> Result<Vec<Sight>, Stop> {
    let mut seen = Vec::new();
    loop {
        let at = play.now();
        let site = play.hook().site().await?;
        let value = site.value_of(event).unwrap_or(Decimal::ZERO);
        seen.push(Sight { at, value });
        if play.now() >= until {
            return Ok(seen);
        }
        play.pass(1).await?;
    }
}

/// What was in force at a time; no value is 0, which is normal (rule 9).
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// When, UTC.
    pub at: Timestamp,
    /// The value.
    pub value: Decimal,
}

/// Values one after the other, from a start; before and after them it is 0.
pub struct Plan {
    /// When the first begins, UTC.
    pub start: Timestamp,
    /// Seconds and value.
    pub values: Vec<(u32, i64)>,
}

impl Plan {
    /// The value at an instant: starts are inside, ends outside (rule 18).
    fn at(&self, when: Timestamp) -> Decimal {
        let mut from = self.start;
        for (seconds, value) in &self.values {
            let to = later(from, i64::from(*seconds));
            if from <= when && when < to {
                return Decimal::from(*value);
            }
            from = to;
        }
        Decimal::ZERO
    }

    /// What was seen that the plan does not allow within a second to either side, and half a
    /// second for the looking.
    pub fn broken_by(&self, seen: &[Sight]) -> Vec<String> {
        let near = [-SLACK, SignedDuration::ZERO, SLACK];
        let allowed = |sight: &Sight| {
            near.map(|slack| self.at(sight.at.saturating_add(slack).unwrap_or(sight.at)))
        };
        let broken = seen.iter().filter(|sight| !allowed(sight).contains(&sight.value));
        let told = broken.map(|sight| {
            let after = sight.at.duration_since(self.start).as_secs_f64();
            format!("{} at {after:.1} s from the start", sight.value)
        });
        told.collect()
    }
}

/// So many seconds later.
pub fn later(when: Timestamp, seconds: i64) -> Timestamp {
    when.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(when)
}

/// Whether two instants are no more than a second apart.
pub fn about(one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other).abs() <= SignedDuration::from_secs(1)
}

const SLACK: SignedDuration = SignedDuration::from_millis(1500);

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(seconds: &[(i64, i64)]) -> Vec<Sight> {
        let sight = |(at, value): &(i64, i64)| Sight {
            at: later(Timestamp::UNIX_EPOCH, *at),
            value: Decimal::from(*value),
        };
        seconds.iter().map(sight).collect()
    }

    fn plan() -> Plan {
        Plan { start: Timestamp::UNIX_EPOCH, values: vec![(5, 1), (5, 3)] }
    }

    #[test]
    fn a_second_to_either_side_is_no_breach() {
        let sights = seen(&[(-2, 0), (-1, 1), (0, 0), (4, 3), (5, 1), (9, 0), (10, 3), (11, 0)]);
        assert!(plan().broken_by(&sights).is_empty());
    }

    #[test]
    fn two_seconds_are() {
        let sights = seen(&[(-2, 1), (2, 0), (7, 1), (12, 3)]);
        assert_eq!(plan().broken_by(&sights).len(), 4);
    }
}
