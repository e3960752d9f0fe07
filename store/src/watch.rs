//! Wake-ups: who waits for a change is told after the commit that made it; who measures syncs,
//! after each.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::batch::{Batch, Write};
use crate::follow::Written;

/// Wakes after commits that wrote to what it watches. Wake-ups that nobody
/// awaited are one wake-up: read the state, then wait.
#[derive(Debug)]
pub struct Watch(watch::Receiver<()>);

impl Watch {
    /// Waits for the next commit, counted from the last wake-up (or from when
    /// the watch was made). `false`: the store is gone, none will come.
    pub async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }

    /// Whether a commit happened since the last wake-up.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.0.has_changed().unwrap_or(false)
    }
}

/// The watches of one store.
#[derive(Debug, Default)]
pub struct Watchers {
    watchers: Mutex<Vec<Watcher>>,
    syncs: Mutex<Option<Observer>>,
}

#[derive(Debug)]
struct Watcher {
    table: &'static str,
    prefix: Vec<u8>,
    wake: watch::Sender<()>,
    /// Where the keys go, for who wants to know them.
    keys: Option<Written>,
}

impl Watchers {
    /// Watches the keys of a table that begin with `prefix`.
    pub fn watch(&self, table: &'static str, prefix: Vec<u8>) -> Watch {
        self.add(table, prefix, None)
    }

    /// Watches a table and collects the keys that are written.
    pub fn follow(&self, table: &'static str) -> (Watch, Written) {
        let keys = Written::default();
        (self.add(table, Vec::new(), Some(keys.clone())), keys)
    }

    fn add(&self, table: &'static str, prefix: Vec<u8>, keys: Option<Written>) -> Watch {
        let (wake, receiver) = watch::channel(());
        let mut watchers = self.lock();
        watchers.retain(|watcher| !watcher.wake.is_closed());
        watchers.push(Watcher { table, prefix, wake, keys });
        Watch(receiver)
    }

    /// Tells whoever watches a key this batch wrote to.
    pub fn committed(&self, batch: &Batch) {
        // Whoever is gone would gather keys for ever.
        for watcher in self.lock().iter().filter(|watcher| !watcher.wake.is_closed()) {
            let mut seen = batch.writes().iter().filter(|write| watcher.sees(write)).peekable();
            if seen.peek().is_none() {
                continue;
            }
            if let Some(keys) = &watcher.keys {
                seen.for_each(|write| keys.add(write.key()));
            }
            watcher.wake.send_replace(());
        }
    }

    /// Tells `observer` how long each group of commits takes to be written and synced, in place
    /// of whom it told before. It must not block: the next group waits for it.
    pub fn observe_syncs(&self, observer: impl Fn(Duration) + Send + Sync + 'static) {
        *self.syncs.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Observer(Arc::new(observer)));
    }

    /// Tells whoever measures syncs.
    pub fn synced(&self, took: Duration) {
        let observer = self.syncs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(Observer(tell)) = observer {
            tell(took);
        }
    }

    /// Ends every watch.
    pub fn close(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Watcher>> {
        // Nothing in here can panic half-way through a change of the list.
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who measures syncs.
#[derive(Clone)]
struct Observer(Arc<dyn Fn(Duration) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

impl Watcher {
    fn sees(&self, write: &Write) -> bool {
        write.table() == self.table && write.key().starts_with(&self.prefix)
    }
}
