//! Time, as a scenario has it: the subject's, moved by the hook, or the machine's, waited for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_transport::{Clock as _, SystemClock};

use crate::hook::Ask;
use crate::verdict::Stop;

/// Time. Clones are one.
#[derive(Clone)]
pub struct Pace(Arc<Inner>);

enum Inner {
    Own,
    Steered { hook: Ask, now: Mutex<Timestamp> },
}

impl Pace {
    /// The machine's time, for a subject with a clock of its own.
    pub fn own() -> Self {
        Self(Arc::new(Inner::Own))
    }

    /// The subject's time, which stands at `now` and moves when the hook is told.
    pub fn steered(hook: Ask, now: Timestamp) -> Self {
        Self(Arc::new(Inner::Steered { hook, now: Mutex::new(now) }))
    }

    /// Whether time passes only when [`Pace::pass`] says so.
    pub fn is_steered(&self) -> bool {
        matches!(*self.0, Inner::Steered { .. })
    }

    /// The time, UTC.
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Inner::Own => SystemClock.now(),
            Inner::Steered { now, .. } => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn pass(&self, span: Duration) -> Result<(), Stop> {
        match &*self.0 {
            Inner::Own => tokio::time::sleep(span).await,
            Inner::Steered { hook, now } => {
                let span = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
                let then = hook.clock(span).await?;
                *now.lock().unwrap_or_else(PoisonError::into_inner) = then;
            }
        }
        Ok(())
    }

    /// Lets time pass until it is `when`; not at all if it is later already.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn until(&self, when: Timestamp) -> Result<(), Stop> {
        let left: SignedDuration = when.duration_since(self.now());
        match left.is_positive() {
            true => self.pass(left.unsigned_abs()).await,
            false => Ok(()),
        }
    }
}
