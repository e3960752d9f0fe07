//! Time as an argument: the one place where the system's clock may be read, and its stand-ins.
//!
//! Protocol time ([`Clock::now`], event starts, poll intervals) goes through a [`Clock`] and may run
//! faster than real. Time-outs of sockets do not: they are tokio's monotonic time, real or simulated.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::net::BoxFuture;

/// A wall clock, UTC, that can also be waited on.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Waits until [`Clock::now`] has reached `when`; at once if it has.
    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'_, ()>;

    /// Waits for `time` of this clock's time. Never returns if that is past the end of time.
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        match self.now().checked_add(time) {
            Ok(when) => self.sleep_until(when),
            Err(_) => Box::pin(std::future::pending()),
        }
    }
}

/// The system's clock: the edge.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // This is the edge that everybody else is sent to.
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // The system's clock may be set while we sleep: look again at least once a minute.
            while let Some(left) = left(self.now(), when) {
                tokio::time::sleep(left.min(LONGEST_NAP)).await;
            }
        })
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// A clock that stands still until it is told otherwise: for tests.
#[derive(Clone, Debug)]
pub struct ManualClock {
    time: Arc<watch::Sender<Timestamp>>,
}

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self { time: Arc::new(watch::Sender::new(start)) }
    }

    /// Sets the clock, forwards or back, and wakes whoever waited for a time now reached.
    pub fn set(&self, now: Timestamp) {
        self.time.send_replace(now);
    }

    /// Moves the clock forward; at the end of time it stays there.
    pub fn advance(&self, by: Duration) {
        self.time.send_modify(|now| *now = now.saturating_add(by).unwrap_or(Timestamp::MAX));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.time.borrow()
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'_, ()> {
        let mut time = self.time.subscribe();
        Box::pin(async move {
            // An error means the sender is gone, which `self` keeps from happening.
            let _ = time.wait_for(|now| *now >= when).await;
        })
    }
}

/// A clock that started at a given time and runs `scale` times as fast as the monotonic clock.
///
/// The monotonic clock is tokio's, so it also obeys paused and simulated time: make it inside the
/// runtime that uses it.
#[derive(Clone, Copy, Debug)]
pub struct OffsetClock {
    start: Timestamp,
    scale: u32,
    began: Instant,
}

impl OffsetClock {
    /// A clock that shows `start` now and runs `scale` times as fast as real time (0 counts as 1).
    #[must_use]
    pub fn new(start: Timestamp, scale: u32) -> Self {
        Self { start, scale: scale.max(1), began: Instant::now() }
    }
}

impl Clock for OffsetClock {
    fn now(&self) -> Timestamp {
        let elapsed = self.began.elapsed().saturating_mul(self.scale);
        self.start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while let Some(left) = left(self.now(), when) {
                // tokio rounds up to a millisecond, so the loop advances.
                tokio::time::sleep((left / self.scale).min(LONGEST_NAP)).await;
            }
        })
    }
}

/// What is left until `when`, or `None` if it has come.
fn left(now: Timestamp, when: Timestamp) -> Option<Duration> {
    let left: SignedDuration = when.duration_since(now);
    if left.is_positive() { Some(left.unsigned_abs()) } else { None }
}

const LONGEST_NAP: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-06-01T12:00:00Z".parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_scaled_clock_passes_an_hour_in_a_minute() {
        let clock = OffsetClock::new(noon(), 60);
        let began = Instant::now();
        clock.sleep(Duration::from_secs(3600)).await;
        let took = began.elapsed();
        assert!((Duration::from_secs(60)..Duration::from_millis(60_010)).contains(&took));
        assert!(clock.now() >= noon().checked_add(Duration::from_secs(3600)).unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_scaled_clock_wakes_at_a_timestamp_and_not_before() {
        let clock = OffsetClock::new(noon(), 720);
        let when = "2026-06-02T00:00:00Z".parse().unwrap();
        clock.sleep_until(when).await;
        assert!(clock.now() >= when);
        assert!(clock.now().duration_since(when) < SignedDuration::from_secs(2));
        clock.sleep_until(noon()).await;
    }

    #[tokio::test]
    async fn a_manual_clock_wakes_only_those_whose_time_has_come() {
        let clock = ManualClock::new(noon());
        let early = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(10)).await }
        });
        let late = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(20)).await }
        });
        while clock.time.receiver_count() < 2 {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::from_secs(10));
        early.await.unwrap();
        assert!(!late.is_finished());
        clock.set(noon().checked_add(Duration::from_secs(20)).unwrap());
        late.await.unwrap();
    }
}
