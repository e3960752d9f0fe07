//! Whether an engine's file may go on being used after something failed.
//!
//! The rule: if the first operation that failed was a *write* refused for lack
//! of room, nothing durable was touched, so the file is reopened at its last
//! commit and the store goes on. Anything else, above all a failed *sync*,
//! ends it: after a failed sync the system may drop what was not written and
//! call the next sync a success, so nothing may be acknowledged again before
//! the program was restarted and the file looked at.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockWriteGuard};

use crate::error::{Error, is_full};

/// The first operation on the file that failed, if any did.
pub(super) type FirstFault = Arc<OnceLock<Fault>>;

/// An operation of the file system that failed.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) during: During,
    pub(super) error: Arc<io::Error>,
}

/// What the operation was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum During {
    Read,
    Write,
    Sync,
}

impl Fault {
    /// Remembers a failure, unless one came before, and hands it on.
    pub(super) fn note<T>(
        first: &FirstFault,
        during: During,
        result: io::Result<T>,
    ) -> io::Result<T> {
        let Err(error) = result else { return result };
        let again = match error.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code),
            None => io::Error::new(error.kind(), error.to_string()),
        };
        // A later failure is a consequence: the first one decides.
        let _ = first.set(Self { during, error: Arc::new(error) });
        Err(again)
    }
}

impl fmt::Display for During {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Sync => "sync",
        })
    }
}

/// An open `D`, as long as it is sound.
pub(super) struct Life<D> {
    file: PathBuf,
    open: Box<Open<D>>,
    state: RwLock<State<D>>,
}

type Open<D> = dyn Fn(&FirstFault) -> Result<D, Error> + Send + Sync;

enum State<D> {
    Open {
        opened: D,
        fault: FirstFault,
    },
    /// Closed for lack of room; each use tries to open it again.
    Waiting,
    /// Unsound, or closed: this is the answer to everything.
    Ended(Error),
}

impl<D> Life<D> {
    /// Opens; `open` is kept to do it again.
    pub(super) fn new(
        file: PathBuf,
        open: impl Fn(&FirstFault) -> Result<D, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let life = Self { file, open: Box::new(open), state: RwLock::new(State::Waiting) };
        *life.write() = life.opened()?;
        Ok(life)
    }

    /// Uses what is open, opening it first if it waits for room.
    pub(super) fn with<T>(&self, use_it: impl FnOnce(&D) -> T) -> Result<T, Error> {
        loop {
            match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
                State::Open { opened, .. } => return Ok(use_it(opened)),
                State::Ended(error) => return Err(error.clone()),
                State::Waiting => {}
            }
            let mut state = self.write();
            if matches!(*state, State::Waiting) {
                *state = self.opened()?;
            }
        }
    }

    /// Decides after a failed commit whether to go on; what to tell the waiters.
    pub(super) fn fail(&self, error: &dyn fmt::Display) -> Error {
        let mut state = self.write();
        let fault = match &*state {
            State::Open { fault, .. } => fault.get().cloned(),
            State::Waiting => None,
            State::Ended(error) => return error.clone(),
        };
        // Closes the file, whatever comes next.
        *state = State::Waiting;
        match fault {
            Some(Fault { during: During::Write, error }) if is_full(error.kind()) => {
                // Opened at once, for the readers. If even that lacks room, the
                // next use tries again.
                if let Ok(opened) = self.opened() {
                    *state = opened;
                }
                Error::Full { path: self.file.clone(), source: error }
            }
            other => {
                let detail = match other {
                    Some(Fault { during, error }) => format!("a {during} failed: {error}"),
                    None => error.to_string(),
                };
                let stopped = Error::Stopped { path: self.file.clone(), detail };
                *state = State::Ended(stopped.clone());
                stopped
            }
        }
    }

    /// Ends it; gives back what was open, if it still was.
    pub(super) fn close(&self) -> Option<D> {
        match std::mem::replace(&mut *self.write(), State::Ended(Error::Closed)) {
            State::Open { opened, .. } => Some(opened),
            State::Waiting | State::Ended(_) => None,
        }
    }

    fn opened(&self) -> Result<State<D>, Error> {
        let fault = FirstFault::default();
        Ok(State::Open { opened: (self.open)(&fault)?, fault })
    }

    fn write(&self) -> RwLockWriteGuard<'_, State<D>> {
        // The state is replaced whole, so a panic elsewhere leaves it whole.
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    /// A file that counts its openings; `fault` is what its backend met.
    fn life() -> (Life<u32>, Arc<std::sync::Mutex<Vec<FirstFault>>>) {
        let openings = Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = Arc::clone(&openings);
        let open = move |fault: &FirstFault| {
            let mut seen = seen.lock().unwrap();
            seen.push(Arc::clone(fault));
            Ok(u32::try_from(seen.len()).unwrap())
        };
        (Life::new("store".into(), open).unwrap(), openings)
    }

    fn meet(fault: &FirstFault, during: During, kind: ErrorKind) {
        Fault::note::<()>(fault, during, Err(io::Error::from(kind))).unwrap_err();
    }

    #[test]
    fn a_write_without_room_is_reopened() {
        let (life, openings) = life();
        meet(&openings.lock().unwrap()[0], During::Write, ErrorKind::StorageFull);
        assert!(matches!(life.fail(&"commit"), Error::Full { .. }));
        assert_eq!(life.with(|opened| *opened).unwrap(), 2);
    }

    #[test]
    fn nothing_is_acknowledged_after_a_failed_sync() {
        for kind in [ErrorKind::Other, ErrorKind::StorageFull] {
            let (life, openings) = life();
            meet(&openings.lock().unwrap()[0], During::Sync, kind);
            let stopped = life.fail(&"commit");
            assert!(matches!(&stopped, Error::Stopped { detail, .. } if detail.contains("sync")));
            assert!(matches!(life.with(|opened| *opened), Err(Error::Stopped { .. })));
            assert!(matches!(life.fail(&"again"), Error::Stopped { .. }));
        }
    }

    #[test]
    fn the_first_failure_decides_not_its_consequences() {
        let (life, openings) = life();
        let fault = Arc::clone(&openings.lock().unwrap()[0]);
        meet(&fault, During::Sync, ErrorKind::Other);
        meet(&fault, During::Write, ErrorKind::StorageFull);
        assert!(matches!(life.fail(&"commit"), Error::Stopped { .. }));
    }

    #[test]
    fn a_failing_disk_or_an_unknown_cause_ends_it() {
        let (life, openings) = life();
        meet(&openings.lock().unwrap()[0], During::Write, ErrorKind::Other);
        assert!(matches!(life.fail(&"commit"), Error::Stopped { .. }));
        let (life, _) = self::life();
        let stopped = life.fail(&"a page is damaged");
        assert!(matches!(stopped, Error::Stopped { detail, .. } if detail.contains("damaged")));
    }
}
