//! Whether the store can be written: found out by writing, as nothing else tells.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use oadr_store::{Batch, Error};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::tables::PROBE;
use crate::vtn::Vtn;

/// The last attempt. Who asks while it is under way, or soon after, gets the same answer: asking
/// often writes no more often, and a disk that hangs is not asked again.
#[derive(Debug, Default)]
pub(crate) struct Probe(Mutex<Option<(Instant, Attempt)>>);

/// `None`: under way.
type Attempt = watch::Receiver<Option<Result<(), Error>>>;

impl Vtn {
    /// Whether what is acknowledged now would be on the disk.
    ///
    /// # Errors
    /// Those of the store; `None` if it does not answer within five seconds.
    pub async fn writes(&self) -> Result<(), Option<Error>> {
        let mut attempt = self.attempt();
        let answer = tokio::time::timeout(PATIENCE, attempt.wait_for(Option::is_some)).await;
        match answer {
            Ok(Ok(answer)) => answer.clone().unwrap_or(Ok(())).map_err(Some),
            // The attempt is gone: the runtime ends.
            Ok(Err(_)) => Err(Some(Error::Closed)),
            Err(_) => Err(None),
        }
    }

    /// The attempt that counts now: the last one, or one that is begun.
    fn attempt(&self) -> Attempt {
        // Plain values cannot be left half-way by a panic.
        let mut last = self.0.probe.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((began, attempt)) = &*last
            && (attempt.borrow().is_none() || began.elapsed() < FRESH)
        {
            return attempt.clone();
        }
        let (tell, attempt) = watch::channel(None);
        let (store, now) = (self.store().clone(), self.clock().now());
        tokio::spawn(async move {
            let mut batch = Batch::new();
            let written = match PROBE.put(&mut batch, "", &now) {
                Ok(()) => store.commit(batch).await,
                Err(error) => Err(error),
            };
            tell.send_replace(Some(written));
        });
        *last = Some((Instant::now(), attempt.clone()));
        attempt
    }
}

/// For so long an answer is given again.
const FRESH: Duration = Duration::from_secs(1);
/// A disk that takes longer cannot be said to be written.
const PATIENCE: Duration = Duration::from_secs(5);
