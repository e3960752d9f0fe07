//! Group commit: one thread takes every batch that waits, commits them in one
//! engine transaction with one sync, then answers them all.
//!
//! While one group syncs, the next one gathers, so the cost of a sync is shared
//! by as many writers as there are. Writers that were just answered come back
//! one by one: the thread waits a moment for as many as it had, or else every
//! second group would be of one. A lone writer waits for nobody.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Answer, ready};
use crate::batch::{Batch, Write};
use crate::error::Error;
use crate::snapshot::{Read, Snapshot};
use crate::watch::Watchers;

/// What the thread needs of an engine.
pub(super) trait Groups: Send + Sync + 'static {
    /// Commits the batches in their order, each whole or not at all, and syncs
    /// once; one result each.
    fn commit_group(&self, batches: &[Batch]) -> Vec<Result<(), Error>>;

    /// Who is told of commits.
    fn watchers(&self) -> &Watchers;

    /// What to answer when the thread is no more without having been closed.
    fn lost(&self) -> Error;
}

/// The committing thread's handle; dropping it joins the thread.
pub(super) struct Committer<G> {
    engine: Arc<G>,
    queue: RwLock<Option<Sender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Waiting {
    batch: Batch,
    answer: oneshot::Sender<Result<(), Error>>,
}

impl<G: Groups> Committer<G> {
    pub(super) fn start(engine: Arc<G>) -> std::io::Result<Self> {
        let (queue, waiting) = channel();
        let worker = Arc::clone(&engine);
        let thread = Builder::new()
            .name("store-commit".to_owned())
            .spawn(move || run(worker.as_ref(), &waiting))?;
        Ok(Self { engine, queue: RwLock::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    pub(super) fn commit(&self, batch: Batch) -> Answer {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = queue.as_ref() else { return ready(Err(Error::Closed)) };
        if queue.send(Waiting { batch, answer }).is_err() {
            return ready(Err(self.engine.lost()));
        }
        let engine = Arc::clone(&self.engine);
        Box::pin(async move { answered.await.unwrap_or_else(|_| Err(engine.lost())) })
    }

    /// Lets the thread finish what waits, and joins it.
    pub(super) fn stop(&self) {
        // With the only sender gone the thread ends after what was sent.
        drop(self.queue.write().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the thread was already answered as `lost`.
            let _ = thread.join();
        }
    }
}

impl<G> Drop for Committer<G> {
    fn drop(&mut self) {
        drop(self.queue.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn run<G: Groups>(engine: &G, queue: &Receiver<Waiting>) {
    let mut before = 1;
    while let Ok(first) = queue.recv() {
        let (batches, answers) = gather(first, before, queue);
        before = batches.len();
        let began = tokio::time::Instant::now();
        let results = engine.commit_group(&batches);
        engine.watchers().synced(began.elapsed());
        for (batch, result) in batches.iter().zip(&results) {
            if result.is_ok() {
                engine.watchers().committed(batch);
            }
        }
        for (answer, result) in answers.into_iter().zip(results) {
            // Who gave up waiting does not want to know.
            let _ = answer.send(result);
        }
    }
}

/// Whether a snapshot shows what the accepted batches of a group leave behind.
pub(super) fn is_there(
    batches: &[Batch],
    results: &[Result<(), Error>],
    now: &Snapshot,
) -> Result<bool, Error> {
    let mut left = BTreeMap::new();
    for (batch, _) in batches.iter().zip(results).filter(|(_, result)| result.is_ok()) {
        for write in batch.writes() {
            let value = match write {
                Write::Put { value, .. } => Some(value),
                Write::Delete { .. } => None,
            };
            left.insert((write.table(), write.key()), value);
        }
    }
    for ((table, key), value) in left {
        if now.get_bytes(table, key)?.as_ref() != value {
            return Ok(false);
        }
    }
    Ok(true)
}

type Answers = Vec<oneshot::Sender<Result<(), Error>>>;

fn gather(first: Waiting, before: usize, queue: &Receiver<Waiting>) -> (Vec<Batch>, Answers) {
    let mut bytes = first.batch.bytes();
    let (mut batches, mut answers) = (vec![first.batch], vec![first.answer]);
    while batches.len() < GROUP_BATCHES && bytes < GROUP_BYTES {
        let next = match queue.try_recv() {
            Err(TryRecvError::Empty) if batches.len() < before => queue.recv_timeout(GATHER).ok(),
            next => next.ok(),
        };
        let Some(next) = next else { break };
        bytes += next.batch.bytes();
        batches.push(next.batch);
        answers.push(next.answer);
    }
    (batches, answers)
}

/// Bounds on one group, so that its first waiter does not wait for ever.
const GROUP_BATCHES: usize = 4096;
const GROUP_BYTES: usize = 32 << 20;
/// How long the thread waits for the next writer it expects: a fraction of what
/// a sync takes, and about what waking a task takes.
const GATHER: Duration = Duration::from_micros(100);
