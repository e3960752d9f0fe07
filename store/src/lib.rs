//! What is remembered: one small transactional key-value interface.
//!
//! A [`Store`] holds named tables of ordered keys. A [`Batch`] of writes is
//! committed whole or not at all, under [`Precondition`]s that make it a
//! compare-and-set; `commit` answers only after the writes are on the disk. A
//! [`Snapshot`] is one consistent view of every table. [`Table`] puts types
//! above the bytes and versions on the records, so that an older file opens
//! in a newer program. [`Watch`] wakes who waits for a change, [`Follow`] tells
//! which keys it was in.
//!
//! Engines: an embedded file ([`Store::open`]) and memory ([`Memory`],
//! [`Store::in_memory`]) for tests and simulation, with the same behaviour.
//! docs/decisions/0002-store-engine.md says why this embedded engine.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use oadr_store::{Batch, Keys, Store, Table};
//!
//! const OPTS: Table<(String, u64), String> = Table::new("opts", 1);
//!
//! let store = Store::in_memory();
//! let mut batch = Batch::new();
//! OPTS.put_new(&mut batch, ("ven-1", 7), &"optIn".to_owned())?;
//! store.commit(batch).await?;
//!
//! let view = store.snapshot()?;
//! assert_eq!(OPTS.get(&view, ("ven-1", 7))?.as_deref(), Some("optIn"));
//! assert_eq!(OPTS.range(&view, Keys::of(("ven-1",)))?.len(), 1);
//! # Ok::<(), oadr_store::Error>(()) }).unwrap();
//! ```

mod backup;
mod batch;
mod directory;
mod engine;
mod error;
mod follow;
mod key;
mod keys;
mod record;
mod snapshot;
mod store;
mod table;
mod watch;

pub use backup::Summary;
pub use batch::{Batch, Precondition, Write};
pub use engine::{Answer, Engine, Memory, Trouble};
pub use error::{Error, Expected};
pub use follow::Follow;
pub use key::{AsKey, AsPrefix, Key};
pub use keys::Keys;
pub use record::Upgrade;
pub use snapshot::{Pair, Read, Snapshot, Span, View};
pub use store::{Options, Store};
pub use table::{Stored, Table};
pub use watch::{Watch, Watchers};
