//! At most so many at once for each key: connections of an address, requests of a party.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Places in use, by key. Only keys in use take memory.
#[derive(Debug)]
pub(crate) struct Quota<K: Eq + Hash> {
    most: usize,
    used: Mutex<HashMap<K, usize>>,
}

/// A place in use; free again when dropped.
#[derive(Debug)]
pub(crate) struct Place<K: Eq + Hash> {
    quota: Arc<Quota<K>>,
    key: K,
}

impl<K: Eq + Hash + Clone> Quota<K> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, used: Mutex::default() }
    }

    /// Takes a place, if there is one.
    pub(crate) fn take(self: &Arc<Self>, key: K) -> Option<Place<K>> {
        let mut used = self.used();
        let count = used.get(&key).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        used.insert(key.clone(), count + 1);
        Some(Place { quota: Arc::clone(self), key })
    }
}

impl<K: Eq + Hash> Quota<K> {
    /// Nothing panics while holding the lock; were it so, the counts would still be whole.
    fn used(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut used = self.quota.used();
        if let Some(count) = used.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
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
        let quota = Arc::new(Quota::new(2));
        let places = [quota.take("a"), quota.take("a")];
        assert!(places.iter().all(Option::is_some));
        assert!(quota.take("a").is_none());
        assert!(quota.take("b").is_some());
        drop(places);
        assert!(quota.take("a").is_some());
        assert!(quota.used().is_empty());
    }
}
