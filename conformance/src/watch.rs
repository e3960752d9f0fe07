//! Whoever watches a run: told how it goes, and able to cut it short.

use std::time::Duration;

use jiff::Timestamp;
use oadr_transport::{Clock as _, SystemClock};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval_at};

use crate::record::Log;
use crate::run::Outcome;
use crate::scenario::Scenario;

/// Whoever watches.
pub trait Watch: Send {
    /// A scenario is still being played: told once a second.
    fn goes(&mut self, going: &Going);
    /// A scenario is done: so many are, of so many.
    fn ended(&mut self, outcome: &Outcome, at: usize, of: usize);
}

/// A scenario that is being played.
#[derive(Clone, Copy, Debug)]
pub struct Going {
    /// Which.
    pub scenario: &'static Scenario,
    /// Its place in the run, from 1.
    pub at: usize,
    /// How many scenarios the run has.
    pub of: usize,
    /// Whole seconds of the machine's time so far.
    pub seconds: u64,
    /// How many exchanges there were so far.
    pub exchanges: usize,
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The end of a run before its end. Clones are one.
#[derive(Clone)]
pub struct Cut(watch::Receiver<bool>);

/// What cuts a run short.
pub struct Scissors(watch::Sender<bool>);

impl Scissors {
    /// Cuts.
    pub fn cut(&self) {
        self.0.send_replace(true);
    }
}

impl Cut {
    /// One that comes if the scissors are used.
    pub fn new() -> (Scissors, Self) {
        let (sender, receiver) = watch::channel(false);
        (Scissors(sender), Self(receiver))
    }

    /// One that never comes.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Whether it has come.
    pub fn has_come(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it comes.
    pub async fn comes(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|cut| *cut).await.is_err() {
            std::future::pending().await
        }
    }
}

/// Waits for a scenario's task, telling of it; `None`: it was cut short, and is no more.
///
/// # Errors
/// If the task panicked.
pub(crate) async fn over<T>(
    mut task: JoinHandle<T>,
    (mut going, log, began): (Going, &Log, Timestamp),
    (watch, cut): (&mut dyn Watch, &Cut),
) -> Option<Result<T, tokio::task::JoinError>> {
    let mut ticks = interval_at(Instant::now() + SECOND, SECOND);
    loop {
        tokio::select! {
            done = &mut task => return Some(done),
            () = cut.comes() => {
                task.abort();
                // What it holds, such as ports, is free once it is gone.
                let _ = task.await;
                return None;
            }
            _ = ticks.tick() => {
                let seconds = SystemClock.now().duration_since(began).as_secs();
                going.seconds = u64::try_from(seconds).unwrap_or(0);
                going.exchanges = log.len();
                watch.goes(&going);
            }
        }
    }
}

const SECOND: Duration = Duration::from_secs(1);
