//! How a VEN is woken while it runs, and how whoever woke it learns that it has done all that
//! was due.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use oadr_transport::Clock;
use tokio::sync::{Notify, watch};

/// One bell for a VEN and its handles. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bell {
    notify: Arc<Notify>,
    rung: Arc<AtomicU64>,
    rest: Arc<watch::Sender<Rest>>,
}

/// The VEN sleeps: until when, and how often the bell had been rung when it looked.
#[derive(Clone, Copy, Debug)]
struct Rest {
    until: Timestamp,
    heard: u64,
}

impl Bell {
    /// Of a VEN that has still to look.
    pub fn new() -> Self {
        let rest = Rest { until: Timestamp::MIN, heard: 0 };
        Self {
            notify: Arc::new(Notify::new()),
            rung: Arc::new(AtomicU64::new(0)),
            rest: Arc::new(watch::Sender::new(rest)),
        }
    }

    /// Wakes the VEN; if it is awake, it looks once more.
    pub fn ring(&self) {
        // First the count: a VEN that lies down now has not heard this one.
        self.rung.fetch_add(1, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// How often it has been rung; the VEN asks before it looks at what is due.
    pub fn rung(&self) -> u64 {
        self.rung.load(Ordering::SeqCst)
    }

    /// The VEN has done all it knew of, and sleeps.
    pub fn rest(&self, until: Timestamp, heard: u64) {
        self.rest.send_replace(Rest { until, heard });
    }

    /// Waits for a ring.
    pub async fn wait(&self) {
        self.notify.notified().await;
    }

    /// Waits until the VEN has heard every ring and sleeps to a time that is still to come;
    /// gives that time.
    pub async fn settled(&self, clock: &dyn Clock) -> Timestamp {
        let mut rest = self.rest.subscribe();
        let done = |rest: &Rest| rest.heard == self.rung() && rest.until > clock.now();
        match rest.wait_for(done).await {
            Ok(rest) => rest.until,
            // The sender is `self`'s own.
            Err(_) => std::future::pending().await,
        }
    }
}
