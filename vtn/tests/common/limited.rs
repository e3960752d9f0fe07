//! A disk that fails, after so many commits.

use std::sync::atomic::{AtomicUsize, Ordering};

use oadr_store::{Answer, Batch, Engine, Error, Snapshot, Store, Watchers};

/// An engine that takes so many commits and no more.
pub struct Limited {
    inner: Store,
    watchers: Watchers,
    left: AtomicUsize,
    refused: AtomicUsize,
}

impl Limited {
    pub fn new(inner: Store, commits: usize) -> Self {
        let (left, refused) = (AtomicUsize::new(commits), AtomicUsize::new(0));
        Self { inner, watchers: Watchers::default(), left, refused }
    }

    /// Whether it took all that came.
    pub fn took_all(&self) -> bool {
        self.refused.load(Ordering::SeqCst) == 0
    }
}

impl Engine for Limited {
    fn snapshot(&self) -> Result<Snapshot, Error> {
        self.inner.snapshot()
    }

    fn commit(&self, batch: Batch) -> Answer {
        let spend = |left: usize| left.checked_sub(1);
        let spent = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, spend);
        self.refused.fetch_add(usize::from(spent.is_err()), Ordering::SeqCst);
        let inner = self.inner.clone();
        Box::pin(async move {
            match spent {
                Ok(_) => inner.commit(batch).await,
                Err(_) => Err(Error::Closed),
            }
        })
    }

    fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    fn close(&self) -> Answer {
        let inner = self.inner.clone();
        Box::pin(async move { inner.close().await })
    }
}
