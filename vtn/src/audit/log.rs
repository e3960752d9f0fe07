//! What the rest of the VTN is given: to note something and go on, or to wait until it is synced.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{Builder, JoinHandle};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::oneshot;

use super::digest::Digest;
use super::disk::{Disk, Reached};
use super::entry::Entry;
use super::error::Error;
use super::settings::AuditSettings;
use super::writer::{Job, Writer};

/// The audit log of a VTN, being written. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Audit(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    queue: RwLock<Option<SyncSender<Job>>>,
    state: Arc<State>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread tells of itself.
#[derive(Default)]
pub(super) struct State {
    /// Lines that could not be written and of which no line tells yet.
    pub lost: AtomicU64,
    reached: RwLock<Option<Reached>>,
    failing: RwLock<Option<Error>>,
}

/// The last line that is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its number.
    pub seq: u64,
    /// Its time, UTC.
    pub time: Timestamp,
    /// Its hash: kept elsewhere, it tells later whether the log's end was cut.
    pub hash: Digest,
}

/// How the log is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Its directory.
    pub dir: PathBuf,
    /// The last line that is on the disk.
    pub head: Option<Head>,
    /// Why it is not written at present.
    pub failing: Option<String>,
    /// Lines that are lost and of which it does not tell yet.
    pub lost: u64,
}

impl Audit {
    /// Opens the log of a directory, or begins one. A last line that a crash cut short is cut off,
    /// and the log says so. Blocks while it reads.
    ///
    /// # Errors
    /// If another VTN writes it, its end is not sound, or it cannot be written.
    pub fn open(dir: &Path, settings: AuditSettings, now: Timestamp) -> Result<Self, Error> {
        let disk = Disk::open(dir, settings, now)?;
        let state = Arc::new(State::default());
        let writer = Writer::new(disk, Arc::clone(&state));
        let (queue, jobs) = sync_channel(ROOM);
        let thread = Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.run(&jobs))
            .map_err(|error| Error::Io(error.to_string()))?;
        let (queue, thread) = (RwLock::new(Some(queue)), Mutex::new(Some(thread)));
        Ok(Self(Arc::new(Inner { dir: dir.to_owned(), queue, state, thread })))
    }

    /// Has something written down, and does not wait for it: it is synced within a second. What
    /// cannot be written is counted, and the log says how much that was once it can be again.
    pub fn note(&self, time: Timestamp, entry: Entry) {
        if self.send(Job::Line(time, Box::new(entry), None)).is_err() {
            self.0.state.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes something down; it is synced when this returns with its number.
    ///
    /// # Errors
    /// Why it could not be; the line counts as lost.
    pub async fn record(&self, time: Timestamp, entry: Entry) -> Result<u64, Error> {
        let (told, answer) = oneshot::channel();
        self.send(Job::Line(time, Box::new(entry), Some(told))).inspect_err(|_| {
            self.0.state.lost.fetch_add(1, Ordering::Relaxed);
        })?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Syncs what was written so far, and tells how far that is.
    pub(super) async fn sync(&self) -> Result<Reached, Error> {
        let (told, answer) = oneshot::channel();
        self.send(Job::Sync(told))?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Writes that the VTN ends, and ends the thread.
    pub async fn close(&self, now: Timestamp) {
        let audit = self.clone();
        // Sending waits for room, and joining for the disk.
        let closing = tokio::task::spawn_blocking(move || audit.0.end(Some(now)));
        // The task fails only if the runtime ends under it; then the last drop ends the thread.
        let _ = closing.await;
    }

    /// Its directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// How it is.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let Inner { dir, state, .. } = &*self.0;
        // Plain values: a panic cannot leave them half-way.
        let reached = *state.reached.read().unwrap_or_else(PoisonError::into_inner);
        let head = reached.map(Head::from);
        let failing = state.failing.read().unwrap_or_else(PoisonError::into_inner);
        let failing = failing.as_ref().map(ToString::to_string);
        let lost = state.lost.load(Ordering::Relaxed);
        Condition { dir: dir.clone(), head, failing, lost }
    }

    fn send(&self, job: Job) -> Result<(), Error> {
        let queue = self.0.queue.read().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = queue.as_ref() else { return Err(Error::Closed) };
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Behind,
            TrySendError::Disconnected(_) => Error::Closed,
        })
    }
}

impl From<Reached> for Head {
    fn from(Reached { place, time, .. }: Reached) -> Self {
        Self { seq: place.seq.saturating_sub(1), time, hash: place.prev }
    }
}

impl Inner {
    /// Ends the thread after what was sent, with a last line if there is a time for it.
    fn end(&self, now: Option<Timestamp>) {
        let queue = self.queue.write().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(queue), Some(now)) = (&queue, now) {
            // Fails only if the thread is gone already.
            let _ = queue.send(Job::Close(now));
        }
        drop(queue);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the thread has been answered as closed.
            let _ = thread.join();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end(None);
    }
}

impl State {
    pub(super) fn synced(&self, reached: Reached) {
        *self.reached.write().unwrap_or_else(PoisonError::into_inner) = Some(reached);
    }

    /// Notes whether it is written; the first trouble and its end are told in the program's log.
    pub(super) fn condition(&self, trouble: Option<&Error>) {
        let mut failing = self.failing.write().unwrap_or_else(PoisonError::into_inner);
        match (failing.as_ref(), trouble) {
            (None, Some(error)) => {
                tracing::error!(%error, "operators' changes are refused until it can be written");
            }
            (Some(_), None) => tracing::info!("the audit log is written again"),
            _ => {}
        }
        *failing = trouble.cloned();
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Audit").field(&self.0.dir).finish()
    }
}

/// How many lines may wait for the disk: some megabytes.
const ROOM: usize = 1 << 14;
