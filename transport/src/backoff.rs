//! How long to quiesce before another attempt: truncated binary exponential back-off.
//!
//! OpenADR 2.0b Profile 9.1.7: start small (1 s suggested) with jitter (10 % suggested), double and
//! jitter again at each further failure, up to a ceiling tied to the poll interval. No clock here:
//! the caller sleeps.

use std::time::Duration;

use rand::{Rng, SeedableRng};

use crate::net::Random;

/// The sequence of waits of one peer.
#[derive(Clone, Debug)]
pub struct Backoff {
    ceiling: Duration,
    next: Duration,
    random: Random,
}

impl Backoff {
    /// Waits from 1 s up to `ceiling` (at least 1 s), before jitter. The same seed gives the same
    /// sequence; programs seed from the system so that a fleet does not return in step.
    #[must_use]
    pub fn new(ceiling: Duration, seed: u64) -> Self {
        let ceiling = ceiling.max(FIRST);
        Self { ceiling, next: FIRST, random: Random::seed_from_u64(seed) }
    }

    /// The wait after one more failure: the doubled step, ± 10 %.
    pub fn after_failure(&mut self) -> Duration {
        let step = self.next;
        self.next = step.saturating_mul(2).min(self.ceiling);
        self.jittered(step)
    }

    /// Starts over at 1 s: the peer answered.
    pub fn reset(&mut self) {
        self.next = FIRST;
    }

    /// `time` ± 10 %: also for poll intervals, so that a fleet spreads out.
    pub fn jittered(&mut self, time: Duration) -> Duration {
        time.mul_f64(self.random.random_range(0.9..=1.1))
    }
}

const FIRST: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn about(wait: Duration, seconds: u64) -> bool {
        (seconds * 900..=seconds * 1100).contains(&(wait.as_millis() as u64))
    }

    #[test]
    fn waits_double_to_the_ceiling_and_stay_within_a_tenth() {
        for seed in 0..200 {
            let mut backoff = Backoff::new(Duration::from_secs(20), seed);
            for seconds in [1, 2, 4, 8, 16, 20, 20] {
                assert!(about(backoff.after_failure(), seconds), "seed {seed}, step {seconds}");
            }
        }
    }

    #[test]
    fn an_answer_starts_over_at_one_second() {
        let mut backoff = Backoff::new(Duration::from_secs(60), 1);
        for _ in 0..5 {
            backoff.after_failure();
        }
        backoff.reset();
        assert!(about(backoff.after_failure(), 1));
    }

    #[test]
    fn seeds_decide_the_jitter() {
        let wait = |seed| Backoff::new(Duration::from_secs(60), seed).after_failure();
        assert_eq!(wait(7), wait(7));
        let distinct: std::collections::BTreeSet<_> = (0..100).map(wait).collect();
        assert!(distinct.len() > 90);
    }

    #[test]
    fn a_ceiling_below_the_first_step_is_the_first_step() {
        let mut backoff = Backoff::new(Duration::ZERO, 3);
        assert!(about(backoff.after_failure(), 1));
        assert!(about(backoff.after_failure(), 1));
    }
}
