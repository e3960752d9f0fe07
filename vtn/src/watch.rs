//! What the VTN knows of itself while it runs; forgotten with the process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub requests: AtomicU64,
    pub refused: AtomicU64,
    pub unreadable: AtomicU64,
    pub failed: AtomicU64,
    pub fetched: AtomicU64,
    pub pushed: AtomicU64,
    pub push_failed: AtomicU64,
    pub refusals: Refusals,
    heard: Mutex<HashMap<String, Timestamp>>,
}

impl Watch {
    pub(crate) fn hear(&self, ven: &str, now: Timestamp) {
        // A map of plain values cannot be left half-way by a panic.
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        match heard.get_mut(ven) {
            Some(last) => *last = now,
            None => drop(heard.insert(ven.to_owned(), now)),
        }
    }

    pub(crate) fn heard(&self, ven: &str) -> Option<Timestamp> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).get(ven).copied()
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

/// One more.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
