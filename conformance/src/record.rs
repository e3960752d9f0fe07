//! What went over the wire, message by message, with its time: the evidence of a run.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Half of an exchange, as it was on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Packet {
    /// The request line or status line.
    pub start: String,
    /// Header by header, as written.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed; what is no UTF-8 is replaced.
    pub body: String,
}

/// Who began an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// The kit asked, the subject answered.
    Kit,
    /// The subject asked, the kit answered.
    Subject,
}

/// A request and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// The kit's time, UTC: the subject's, if its clock is steered.
    pub at: Timestamp,
    /// Milliseconds of the machine's time from request to answer.
    pub took_ms: u64,
    /// Who began.
    pub from: From,
    /// Which of the kit's parties took part, such as `VEN 1`.
    pub party: String,
    /// The payload asked with, such as `oadrPoll`; empty if there is none.
    pub asked: String,
    /// The payload answered with; empty if there is none.
    pub answered: String,
    /// The request.
    pub request: Packet,
    /// The answer, if one came.
    pub answer: Option<Packet>,
    /// What went wrong on the way.
    pub trouble: Option<String>,
}

/// The record of one scenario. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<Exchange>>>);

impl Log {
    /// Writes one down.
    pub fn add(&self, exchange: Exchange) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }

    /// All so far, in the order of their ends.
    pub fn all(&self) -> Vec<Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
