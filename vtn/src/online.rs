//! How many parties were heard lately: counted as they speak, so that asking costs the same with
//! more VENs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// Parties by when they were last heard.
#[derive(Debug)]
pub(crate) struct Online {
    /// How many were last heard in each slot of time; older ones than count are dropped.
    slots: BTreeMap<i64, u64>,
    /// Seconds of a slot.
    slot: i64,
}

impl Online {
    /// For VENs that are to poll that often.
    pub(crate) fn new(poll_every: SignedDuration) -> Self {
        let slot = (poll_every.as_secs() / SLOTS_OF_A_POLL).max(1);
        Self { slots: BTreeMap::new(), slot }
    }

    /// A party that was last heard at `before` is heard now.
    pub(crate) fn moved(&mut self, before: Timestamp, now: Timestamp) {
        let (before, slot) = (self.slot_of(before), self.slot_of(now));
        if before == slot {
            return;
        }
        if let Some(left) = self.slots.get_mut(&before) {
            *left -= 1;
        }
        *self.slots.entry(slot).or_default() += 1;
        let first = self.first_that_counts(now);
        self.slots.retain(|slot, parties| *slot >= first && *parties > 0);
    }

    /// How many were heard within three polls, to an eighth of one.
    pub(crate) fn count(&self, now: Timestamp) -> u64 {
        self.slots.range(self.first_that_counts(now)..).map(|(_, parties)| parties).sum()
    }

    fn slot_of(&self, at: Timestamp) -> i64 {
        at.as_second().div_euclid(self.slot)
    }

    fn first_that_counts(&self, now: Timestamp) -> i64 {
        self.slot_of(now) - POLLS * SLOTS_OF_A_POLL
    }
}

/// A VEN that missed two polls and comes to the third is still there.
const POLLS: i64 = 3;
const SLOTS_OF_A_POLL: i64 = 8;

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    /// Parties who speak, and what is counted of them.
    struct Crowd(Online, HashMap<String, Timestamp>);

    impl Crowd {
        fn of(poll_every: i64) -> Self {
            Self(Online::new(SignedDuration::from_secs(poll_every)), HashMap::new())
        }

        fn hear(&mut self, ven: &str, now: Timestamp) {
            let before = self.1.insert(ven.to_owned(), now);
            self.0.moved(before.unwrap_or_default(), now);
        }
    }

    #[test]
    fn who_spoke_within_three_polls_is_online_once() {
        let mut crowd = Crowd::of(80);
        for second in [0, 1, 79] {
            crowd.hear("a", at(second));
        }
        crowd.hear("b", at(100));
        assert_eq!(crowd.0.count(at(100)), 2);
        assert_eq!(crowd.0.count(at(79 + 240)), 2, "three polls of 80 s");
        assert_eq!(crowd.0.count(at(79 + 251)), 1, "and a slot of 10 s more");
        assert_eq!(crowd.0.count(at(100 + 251)), 0);
        crowd.hear("a", at(1000));
        assert_eq!((crowd.0.count(at(1000)), crowd.0.slots.len()), (1, 1), "old slots go");
    }

    #[test]
    fn a_crowd_costs_no_more_slots_than_a_few() {
        let mut crowd = Crowd::of(10);
        for second in 0..1_000 {
            for ven in ["a", "b", "c"] {
                crowd.hear(ven, at(second));
            }
            crowd.hear(&format!("v{second}"), at(second));
        }
        let slots = usize::try_from(POLLS * SLOTS_OF_A_POLL + 1).unwrap();
        assert!(crowd.0.slots.len() <= slots, "{}", crowd.0.slots.len());
        assert_eq!(crowd.0.count(at(999)), 3 + slots as u64);
    }
}
