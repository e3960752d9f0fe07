//! Time that passes only as it is told, in such steps that a VEN does everything when it is due:
//! thirty seconds at once are like thirty seconds going by.

use std::time::Duration;

use jiff::Timestamp;
use oadr_transport::{Clock, ManualClock};
use tokio::time::{Instant, timeout};

use crate::bell::Bell;

/// Moves the clock to `until`, stopping at every time to which the VEN sleeps, until it has done
/// what is due then. False if it holds us up, in all, for as long as anybody waits; the clock
/// stands at `until` even so.
pub async fn pass(clock: &ManualClock, ven: &Bell, until: Timestamp) -> bool {
    let mut patience = LONGEST_WAIT;
    loop {
        let began = Instant::now();
        let Ok(wake) = timeout(patience, ven.settled(clock)).await else { break };
        if clock.now() >= until {
            return true;
        }
        // Messages that are answered may take their time: a day has thousands.
        let took = began.elapsed();
        if took > HELD_UP {
            patience = patience.saturating_sub(took);
        }
        clock.set(wake.min(until));
    }
    clock.set(until.max(clock.now()));
    false
}

/// Whether the VEN has done all that is due, after waiting for it.
pub async fn settled(ven: &Bell, clock: &dyn Clock) -> bool {
    timeout(LONGEST_WAIT, ven.settled(clock)).await.is_ok()
}

/// Of the machine's time: a VTN that does not answer holds a VEN up for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// A step that takes longer waits for somebody who does not answer.
const HELD_UP: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// At which seconds something that sleeps so long each time did its work.
    type Done = Arc<Mutex<Vec<i64>>>;

    fn second(at: i64) -> Timestamp {
        Timestamp::from_second(at).unwrap()
    }

    /// Works every ten seconds of the clock's, and for each ring; it takes so many milliseconds
    /// of the machine's time.
    fn worker(clock: &ManualClock, bell: &Bell, takes: u64) -> Done {
        let (done, clock, bell) = (Done::default(), clock.clone(), bell.clone());
        let told = Arc::clone(&done);
        tokio::spawn(async move {
            loop {
                let (heard, now) = (bell.rung(), clock.now());
                tokio::time::sleep(Duration::from_millis(takes)).await;
                told.lock().unwrap().push(now.as_second());
                let until = second((now.as_second() / 10 + 1) * 10);
                bell.rest(until, heard);
                tokio::select! {
                    () = clock.sleep_until(until) => {}
                    () = bell.wait() => {}
                }
            }
        });
        done
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_span_passes_in_the_steps_of_who_sleeps() {
        let (clock, bell) = (ManualClock::new(second(0)), Bell::new());
        let done = worker(&clock, &bell, 2);
        assert!(pass(&clock, &bell, second(35)).await);
        assert_eq!((clock.now(), &done.lock().unwrap()[..]), (second(35), &[0, 10, 20, 30][..]));
        // To the very second at which something is due: it is done.
        assert!(pass(&clock, &bell, second(40)).await);
        assert_eq!(done.lock().unwrap().last(), Some(&40));
        assert!(pass(&clock, &bell, second(40)).await, "no time at all");
        assert_eq!(done.lock().unwrap().len(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn a_ring_is_not_settled_before_it_was_heard() {
        let (clock, bell) = (ManualClock::new(second(0)), Bell::new());
        let done = worker(&clock, &bell, 2);
        assert!(settled(&bell, &clock).await);
        // One that rings while the first is being worked on counts as well.
        bell.ring();
        tokio::time::sleep(Duration::from_millis(1)).await;
        bell.ring();
        assert!(settled(&bell, &clock).await);
        assert_eq!(done.lock().unwrap().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn who_never_lies_down_is_not_waited_for_without_end() {
        let (clock, bell) = (ManualClock::new(second(0)), Bell::new());
        assert!(!pass(&clock, &bell, second(5)).await);
        assert_eq!(clock.now(), second(5));
        assert!(!settled(&bell, &clock).await);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_held_up_at_every_step_is_waited_for_ten_seconds_in_all() {
        let (clock, bell) = (ManualClock::new(second(0)), Bell::new());
        let done = worker(&clock, &bell, 4_000);
        let began = Instant::now();
        assert!(!pass(&clock, &bell, second(1_000)).await);
        assert_eq!((began.elapsed().as_secs(), clock.now()), (10, second(1_000)));
        assert_eq!(done.lock().unwrap()[..], [0, 10]);
        // Many steps that are not held up take as long as they take.
        let (clock, bell) = (ManualClock::new(second(0)), Bell::new());
        let done = worker(&clock, &bell, 500);
        assert!(pass(&clock, &bell, second(1_000)).await);
        assert_eq!(done.lock().unwrap().len(), 101);
    }
}
