//! At most so many at once for each key: connections of an address, requests of a party; and among
//! those in place, turns that are waited for: handshakes of an address.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// Places in use, by key. Only keys in use take memory.
#[derive(Debug)]
pub(crate) struct Quota<K: Eq + Hash> {
    most: usize,
    turns: usize,
    used: Mutex<HashMap<K, Used>>,
}

#[derive(Debug)]
struct Used {
    places: usize,
    turns: Arc<Semaphore>,
}

/// A place in use; free again when dropped.
#[derive(Debug)]
pub(crate) struct Place<K: Eq + Hash> {
    quota: Arc<Quota<K>>,
    key: K,
    turns: Arc<Semaphore>,
}

impl<K: Eq + Hash + Clone> Quota<K> {
    /// `most` places for each key, and among them `turns` at once.
    pub(crate) fn new(most: usize, turns: usize) -> Self {
        Self { most, turns: turns.min(Semaphore::MAX_PERMITS), used: Mutex::default() }
    }

    /// Takes a place, if there is one.
    pub(crate) fn take(self: &Arc<Self>, key: K) -> Option<Place<K>> {
        let mut used = self.used();
        if used.get(&key).map_or(0, |used| used.places) >= self.most {
            return None;
        }
        let fresh = || Used { places: 0, turns: Arc::new(Semaphore::new(self.turns)) };
        let used = used.entry(key.clone()).or_insert_with(fresh);
        used.places += 1;
        Some(Place { quota: Arc::clone(self), key, turns: Arc::clone(&used.turns) })
    }
}

impl<K: Eq + Hash> Quota<K> {
    /// Nothing panics while holding the lock; were it so, the counts would still be whole.
    fn used(&self) -> MutexGuard<'_, HashMap<K, Used>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Place<K> {
    /// Waits for a turn among this key's.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // Fails only if the semaphore is closed, which nobody does.
        self.turns.acquire().await.ok()
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut used = self.quota.used();
        if let Some(mine) = used.get_mut(&self.key) {
            mine.places -= 1;
            if mine.places == 0 {
                used.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_places_and_gets_them_back() {
        let quota = Arc::new(Quota::new(2, 0));
        let places = [quota.take("a"), quota.take("a")];
        assert!(places.iter().all(Option::is_some));
        assert!(quota.take("a").is_none());
        assert!(quota.take("b").is_some());
        drop(places);
        assert!(quota.take("a").is_some());
        assert!(quota.used().is_empty());
    }
}
