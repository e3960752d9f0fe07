//! The thread that writes: it takes every line that waits, writes them at once, and syncs once
//! for all who wait for it. Lines that nobody waits for are synced within [`SYNC_WITHIN`].

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::disk::{Disk, Reached};
use super::entry::{Entry, Note};
use super::error::Error;
use super::log::State;

/// What the thread is asked.
pub(super) enum Job {
    /// To write a line; with somebody to tell its number to once it is synced, or without.
    Line(Timestamp, Box<Entry>, Option<Told<u64>>),
    /// To sync what was written so far.
    Sync(Told<Reached>),
    /// To write the last line and end.
    Close(Timestamp),
}

pub(super) type Told<T> = oneshot::Sender<Result<T, Error>>;

/// The thread's own.
pub(super) struct Writer {
    disk: Disk,
    state: Arc<State>,
    /// When what is written must be synced at the latest.
    due: Option<Instant>,
    /// Why nothing is written any more.
    stopped: Option<Error>,
}

/// Jobs taken together.
#[derive(Default)]
struct Group {
    lines: Vec<(Timestamp, Entry)>,
    /// Who waits for a line, by its place in the group.
    waiting: Vec<(u64, Told<u64>)>,
    syncs: Vec<Told<Reached>>,
    close: bool,
}

impl Writer {
    pub(super) fn new(disk: Disk, state: Arc<State>) -> Self {
        state.synced(disk.reached());
        Self { disk, state, due: None, stopped: None }
    }

    /// Writes until it is told to close or nobody is left who could tell it anything.
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        loop {
            let left = self.due.map(|due| due.saturating_duration_since(Instant::now()));
            let first = match left {
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(left) => queue.recv_timeout(left),
            };
            match first {
                Ok(first) => {
                    let group = Group::gather(first, queue);
                    let close = group.close;
                    self.serve(group);
                    if close {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => drop(self.sync()),
                Err(RecvTimeoutError::Disconnected) => return drop(self.sync()),
            }
        }
    }

    fn serve(&mut self, group: Group) {
        let Group { lines, waiting, syncs, close } = group;
        let wrote = !lines.is_empty();
        let written = self.write(lines);
        if self.due.is_none() && written.is_ok() {
            self.due = Instant::now().checked_add(SYNC_WITHIN);
        }
        let overdue = self.due.is_some_and(|due| due <= Instant::now());
        let wanted = close || overdue || !waiting.is_empty() || !syncs.is_empty();
        let synced = if wanted { self.sync() } else { Ok(()) };
        let result = written.and_then(|first| synced.map(|()| first));
        // A sync that was asked for says nothing of whether a line can be written.
        if wrote || result.is_err() {
            self.state.condition(result.as_ref().err());
        }
        // Who gave up waiting does not want to know.
        for (place, told) in waiting {
            let _ = told.send(result.clone().map(|first| first + place));
        }
        for told in syncs {
            let _ = told.send(result.clone().map(|_| self.disk.reached()));
        }
    }

    /// Writes lines, after one that tells of those lost before; gives the number of the first.
    fn write(&mut self, mut lines: Vec<(Timestamp, Entry)>) -> Result<u64, Error> {
        if let Some(stopped) = &self.stopped {
            self.state.lost.fetch_add(lines.len() as u64, Ordering::Relaxed);
            return Err(stopped.clone());
        }
        let Some((time, _)) = lines.first() else { return Ok(0) };
        let (time, count) = (*time, lines.len() as u64);
        let lost = self.state.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            lines.insert(0, (time, Entry::Log(Note::Lost { lines: lost })));
        }
        let written = self.disk.append(&lines).map(|first| first + u64::from(lost > 0));
        if written.is_err() {
            self.state.lost.fetch_add(lost + count, Ordering::Relaxed);
        }
        written
    }

    /// Syncs, and drops what is too old.
    fn sync(&mut self) -> Result<(), Error> {
        self.due = None;
        if let Some(stopped) = &self.stopped {
            return Err(stopped.clone());
        }
        if let Err(error) = self.disk.sync() {
            let stopped = Error::Stopped(error.to_string());
            self.state.condition(Some(&stopped));
            self.stopped = Some(stopped.clone());
            return Err(stopped);
        }
        if let Err(error) = self.disk.sweep() {
            tracing::warn!(%error, "old segments of the audit log are not removed");
        }
        self.state.synced(self.disk.reached());
        Ok(())
    }
}

impl Group {
    fn gather(first: Job, queue: &Receiver<Job>) -> Self {
        let mut group = Self::default();
        group.take(first);
        while group.lines.len() < MOST && !group.close {
            let Ok(next) = queue.try_recv() else { break };
            group.take(next);
        }
        group
    }

    fn take(&mut self, job: Job) {
        match job {
            Job::Line(time, entry, told) => {
                self.waiting.extend(told.map(|told| (self.lines.len() as u64, told)));
                self.lines.push((time, *entry));
            }
            Job::Sync(told) => self.syncs.push(told),
            Job::Close(now) => {
                self.lines.push((now, Entry::Log(Note::Closed)));
                self.close = true;
            }
        }
    }
}

/// Lines of one group, so that its first waiter does not wait for ever.
const MOST: usize = 4096;
/// How long a line that nobody waits for may lie unsynced.
const SYNC_WITHIN: Duration = Duration::from_millis(500);
