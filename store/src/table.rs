//! Typed tables: keys that sort, records that say their version.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::batch::{Batch, Precondition};
use crate::error::Error;
use crate::follow::Follow;
use crate::key::{AsKey, AsPrefix, Key, bytes_of, key_from};
use crate::keys::Keys;
use crate::record::{self, Form, Upgrade};
use crate::snapshot::Read;
use crate::store::Store;
use crate::watch::Watch;

/// A named table of records `V` under keys `K`. It is only a description:
/// make it a `const`.
pub struct Table<K, V> {
    form: Form,
    of: PhantomData<fn() -> (K, V)>,
}

impl<K, V> Table<K, V> {
    /// A table whose records are written with `version`.
    ///
    /// # Panics
    /// At compile time in a `const`, if the name is empty or begins with `_`
    /// (those are the store's own).
    #[must_use]
    pub const fn new(name: &'static str, version: u16) -> Self {
        assert!(!name.is_empty() && name.as_bytes()[0] != b'_', "a table needs a name of its own");
        Self { form: Form { table: name, version, upgrade: None }, of: PhantomData }
    }

    /// Reads older records through `upgrade`; without one they are an error.
    #[must_use]
    pub const fn with_upgrade(mut self, upgrade: Upgrade) -> Self {
        self.form.upgrade = Some(upgrade);
        self
    }

    /// The table's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.form.table
    }
}

impl<K: Key, V: Serialize + DeserializeOwned> Table<K, V> {
    /// The value of a key, if it has one.
    ///
    /// # Errors
    /// [`Error::NewerRecord`], [`Error::Upgrade`], [`Error::Decode`], and those
    /// of [`Read::get_bytes`].
    pub fn get(&self, from: &impl Read, key: impl AsKey<K>) -> Result<Option<V>, Error> {
        Ok(self.load(from, key)?.map(|stored| stored.value))
    }

    /// The value of a key with the bytes it was read from, for [`Table::swap`].
    ///
    /// # Errors
    /// As [`Table::get`].
    pub fn load(&self, from: &impl Read, key: impl AsKey<K>) -> Result<Option<Stored<V>>, Error> {
        let key = bytes_of(&key);
        let Some(bytes) = from.get_bytes(self.form.table, &key)? else { return Ok(None) };
        let value = record::decode(&self.form, &key, &bytes)?;
        Ok(Some(Stored { value, bytes }))
    }

    /// Whether a key has a value, without reading it.
    ///
    /// # Errors
    /// Those of [`Read::get_bytes`].
    pub fn contains(&self, from: &impl Read, key: impl AsKey<K>) -> Result<bool, Error> {
        Ok(from.get_bytes(self.form.table, &bytes_of(&key))?.is_some())
    }

    /// The selected keys and their values, in the selection's order.
    ///
    /// # Errors
    /// As [`Table::get`].
    pub fn range(&self, from: &impl Read, keys: Keys<K>) -> Result<Vec<(K, V)>, Error> {
        let pairs = from.range_bytes(self.form.table, keys.span())?;
        pairs.into_iter().map(|(key, record)| self.pair(&key, &record)).collect()
    }

    /// Adds to the batch: the key gets this value, whatever it had.
    ///
    /// # Errors
    /// [`Error::Encode`] if serde refuses the value.
    pub fn put(&self, batch: &mut Batch, key: impl AsKey<K>, value: &V) -> Result<(), Error> {
        let record = record::encode(self.form.table, self.form.version, value)?;
        batch.put(self.form.table, bytes_of(&key), record);
        Ok(())
    }

    /// Adds to the batch: the key gets its first value, or [`Error::Conflict`].
    ///
    /// # Errors
    /// As [`Table::put`].
    pub fn put_new(&self, batch: &mut Batch, key: impl AsKey<K>, value: &V) -> Result<(), Error> {
        self.put(batch, &key, value)?;
        self.require_absent(batch, key);
        Ok(())
    }

    /// Adds to the batch: the key gets `new` if it still has what was loaded,
    /// or [`Error::Conflict`].
    ///
    /// # Errors
    /// As [`Table::put`].
    pub fn swap(
        &self,
        batch: &mut Batch,
        key: impl AsKey<K>,
        old: &Stored<V>,
        new: &V,
    ) -> Result<(), Error> {
        self.put(batch, &key, new)?;
        self.require_unchanged(batch, key, old);
        Ok(())
    }

    /// Adds to the batch: the key loses its value, if it has one.
    pub fn delete(&self, batch: &mut Batch, key: impl AsKey<K>) {
        batch.delete(self.form.table, bytes_of(&key));
    }

    /// Adds to the batch: nothing is written unless the key has no value.
    pub fn require_absent(&self, batch: &mut Batch, key: impl AsKey<K>) {
        batch.require(Precondition::Absent { table: self.form.table, key: bytes_of(&key) });
    }

    /// Adds to the batch: nothing is written unless the key has a value.
    pub fn require_present(&self, batch: &mut Batch, key: impl AsKey<K>) {
        batch.require(Precondition::Present { table: self.form.table, key: bytes_of(&key) });
    }

    /// Adds to the batch: nothing is written unless the key has what was loaded.
    pub fn require_unchanged(&self, batch: &mut Batch, key: impl AsKey<K>, old: &Stored<V>) {
        let (table, key) = (self.form.table, bytes_of(&key));
        batch.require(Precondition::Equals { table, key, value: old.bytes.clone() });
    }

    /// Wakes after each commit that wrote to this table.
    #[must_use]
    pub fn watch(&self, store: &Store) -> Watch {
        store.watch(self.form.table, Vec::new())
    }

    /// Wakes after each commit that wrote to a key with these first parts.
    #[must_use]
    pub fn watch_of(&self, store: &Store, first: impl AsPrefix<K>) -> Watch {
        let mut prefix = Vec::new();
        first.encode_prefix(&mut prefix);
        store.watch(self.form.table, prefix)
    }

    /// Collects the keys that commits write to from now on.
    #[must_use]
    pub fn follow(&self, store: &Store) -> Follow<K> {
        let (watch, keys) = store.follow(self.form.table);
        Follow::new(watch, keys)
    }

    fn pair(&self, key: &[u8], record: &[u8]) -> Result<(K, V), Error> {
        let typed = key_from(key).ok_or_else(|| Error::Decode {
            table: self.form.table,
            key: key.to_vec(),
            detail: "the key is not of the table's type".to_owned(),
        })?;
        Ok((typed, record::decode(&self.form, key, record)?))
    }
}

impl<K, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({} v{})", self.form.table, self.form.version)
    }
}

/// A value with the exact bytes it was read from: what compare-and-set compares.
///
/// Not the value encoded again: an upgraded record, or a map without order,
/// would never be equal to what is stored.
#[derive(Clone, Debug)]
pub struct Stored<V> {
    value: V,
    bytes: Vec<u8>,
}

impl<V> Stored<V> {
    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> V {
        self.value
    }
}

impl<V> Deref for Stored<V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.value
    }
}
