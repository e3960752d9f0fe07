//! What the VTN knows of itself while it runs; forgotten with the process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::online::Online;
use crate::refused::Refusals;

/// Messages counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Requests that came through the transport.
    pub requests: u64,
    /// Answered with a code other than 200.
    pub refused: u64,
    /// Not schema-valid (406), or not served (404).
    pub unreadable: u64,
    /// Our own failures (5xx).
    pub failed: u64,
    /// Payloads that polls fetched.
    pub fetched: u64,
    /// Payloads that PUSH VENs took.
    #[serde(default)]
    pub pushed: u64,
    /// Attempts to push that failed.
    #[serde(default)]
    pub push_failed: u64,
}

/// Counters, when each party was last heard, and what was not taken. No request waits for the
/// disk for it.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Since when, UTC.
    pub since: Timestamp,
    pub requests: AtomicU64,
    pub refused: AtomicU64,
    pub unreadable: AtomicU64,
    pub failed: AtomicU64,
    pub fetched: AtomicU64,
    pub pushed: AtomicU64,
    pub push_failed: AtomicU64,
    pub refusals: Refusals,
    heard: Mutex<Parties>,
}

/// What was heard of whom, and how many of them lately.
#[derive(Debug)]
struct Parties {
    heard: HashMap<String, Heard>,
    online: Online,
}

/// What was heard of a party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// When last, UTC.
    pub last: Timestamp,
    /// When its polls were answered, UTC, the last one first; those times only that are kept.
    pub polls: [Option<Timestamp>; POLLS],
    /// When it last told its time, UTC, and how far its clock was ahead of ours then.
    pub clock: Option<(Timestamp, SignedDuration)>,
}

impl Heard {
    /// How long it usually waits between polls: the median of what it waited lately. Polls that
    /// follow at once, to fetch all that waits (rule 500), do not count: none sooner than half of
    /// `asked`. `None` before there are three.
    pub(crate) fn pace(&self, asked: SignedDuration) -> Option<SignedDuration> {
        let times: Vec<Timestamp> = self.polls.iter().copied().flatten().collect();
        let gaps = times.windows(2).map(|pair| pair[0].duration_since(pair[1]));
        let mut gaps: Vec<_> = gaps.filter(|gap| *gap > asked / 2).collect();
        gaps.sort();
        (gaps.len() >= 3).then(|| gaps[gaps.len() / 2])
    }
}

impl Parties {
    fn of(&mut self, ven: &str) -> &mut Heard {
        self.heard.entry(ven.to_owned()).or_default()
    }
}

impl Watch {
    /// Of VENs that are to poll that often.
    pub(crate) fn new(since: Timestamp, poll_every: SignedDuration) -> Self {
        let counter = AtomicU64::default;
        Self {
            since,
            requests: counter(),
            refused: counter(),
            unreadable: counter(),
            failed: counter(),
            fetched: counter(),
            pushed: counter(),
            push_failed: counter(),
            refusals: Refusals::default(),
            heard: Mutex::new(Parties { heard: HashMap::new(), online: Online::new(poll_every) }),
        }
    }

    /// A party speaks.
    pub(crate) fn hear(&self, ven: &str, now: Timestamp) {
        let mut parties = self.lock();
        let heard = parties.of(ven);
        // One that was never heard was last heard too long ago to count.
        let before = std::mem::replace(&mut heard.last, now);
        parties.online.moved(before, now);
    }

    /// A party's poll was answered.
    pub(crate) fn polled(&self, ven: &str, now: Timestamp) {
        self.note(ven, |heard| {
            heard.polls.rotate_right(1);
            heard.polls[0] = Some(now);
        });
    }

    /// A party told its time.
    pub(crate) fn told_time(&self, ven: &str, clock: (Timestamp, SignedDuration)) {
        self.note(ven, |heard| heard.clock = Some(clock));
    }

    pub(crate) fn heard(&self, ven: &str) -> Option<Heard> {
        self.lock().heard.get(ven).cloned()
    }

    /// How many parties were heard within three poll intervals.
    pub(crate) fn online(&self, now: Timestamp) -> u64 {
        self.lock().online.count(now)
    }

    fn note(&self, ven: &str, note: impl FnOnce(&mut Heard)) {
        note(self.lock().of(ven));
    }

    fn lock(&self) -> MutexGuard<'_, Parties> {
        // Plain values cannot be left half-way by a panic.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn counters(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            requests: read(&self.requests),
            refused: read(&self.refused),
            unreadable: read(&self.unreadable),
            failed: read(&self.failed),
            fetched: read(&self.fetched),
            pushed: read(&self.pushed),
            push_failed: read(&self.push_failed),
        }
    }
}

/// Polls of a party whose times are kept.
pub(crate) const POLLS: usize = 8;

/// One more.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
