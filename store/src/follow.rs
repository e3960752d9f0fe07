//! Which keys were written: for who must act on each change without looking through a table.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use crate::key::{Key, key_from};
use crate::watch::Watch;

/// The keys of one table that commits wrote to, since it was made or last asked.
pub struct Follow<K> {
    watch: Watch,
    keys: Written,
    typed: PhantomData<fn() -> K>,
}

/// Encoded keys, each once however often it was written.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Mutex<BTreeSet<Vec<u8>>>>);

impl<K: Key> Follow<K> {
    pub(crate) fn new(watch: Watch, keys: Written) -> Self {
        Self { watch, keys, typed: PhantomData }
    }

    /// Waits for a commit that writes to the table and takes the keys written since the last
    /// call, in order. `None`: the store is gone, none will come. Nothing is lost if the future is dropped.
    pub async fn changed(&mut self) -> Option<Vec<K>> {
        loop {
            if !self.watch.changed().await {
                return None;
            }
            let keys: Vec<K> = self.keys.take().iter().filter_map(|key| key_from(key)).collect();
            // A wake-up may come for keys that the call before took.
            if !keys.is_empty() {
                return Some(keys);
            }
        }
    }
}

impl Written {
    pub(crate) fn add(&self, key: &[u8]) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !keys.contains(key) {
            keys.insert(key.to_vec());
        }
    }

    fn take(&self) -> BTreeSet<Vec<u8>> {
        // A set of plain bytes cannot be left half-way by a panic.
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<K> fmt::Debug for Follow<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow").field("watch", &self.watch).finish_non_exhaustive()
    }
}
