//! A pretended disk below the embedded engine: it fails at the n-th operation,
//! and it loses power: what was not synced is dropped or torn at random.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use rand::Rng;
use rand::rngs::StdRng;

use super::blocks::Blocks;
use super::life::During;

/// What the disk was asked to do, in order.
#[derive(Clone, Debug)]
pub(super) enum Op {
    SetLen(u64),
    Write(u64, Vec<u8>),
    Sync,
}

/// When and how it fails.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// Operations that still succeed.
    pub(super) after: u64,
    /// Only these count, and fail.
    pub(super) during: During,
    pub(super) kind: io::ErrorKind,
    /// Whether it fails ever after, or once.
    pub(super) lasting: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    bytes: Vec<u8>,
    log: Vec<Op>,
    plan: Option<Plan>,
    struck: bool,
}

impl Disk {
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(Inner { bytes, ..Inner::default() })))
    }

    pub(super) fn set_plan(&self, plan: Option<Plan>) {
        self.lock().plan = plan;
    }

    pub(super) fn was_struck(&self) -> bool {
        self.lock().struck
    }

    /// How many operations it was asked for so far.
    pub(super) fn ops(&self) -> usize {
        self.lock().log.len()
    }

    pub(super) fn log(&self) -> Vec<Op> {
        self.lock().log.clone()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

impl Inner {
    fn strike(&mut self, during: During) -> io::Result<()> {
        let Some(plan) = self.plan.as_mut().filter(|plan| plan.during == during) else {
            return Ok(());
        };
        if plan.after > 0 {
            plan.after -= 1;
            return Ok(());
        }
        let kind = plan.kind;
        if !plan.lasting {
            self.plan = None;
        }
        self.struck = true;
        Err(io::Error::from(kind))
    }

    fn apply(&mut self, op: Op) {
        apply(&mut self.bytes, &op);
        self.log.push(op);
    }
}

impl Blocks for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.lock().bytes.len() as u64)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut inner = self.lock();
        inner.strike(During::Write)?;
        inner.apply(Op::SetLen(len));
        Ok(())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut inner = self.lock();
        inner.strike(During::Read)?;
        let from = usize::try_from(offset).unwrap();
        let bytes = inner.bytes.get(from..from + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut inner = self.lock();
        if let Err(error) = inner.strike(During::Write) {
            // A short write: some of it is there all the same.
            inner.apply(Op::Write(offset, data[..data.len() / 2].to_vec()));
            return Err(error);
        }
        inner.apply(Op::Write(offset, data.to_vec()));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut inner = self.lock();
        inner.strike(During::Sync)?;
        inner.apply(Op::Sync);
        Ok(())
    }
}

fn apply(bytes: &mut Vec<u8>, op: &Op) {
    match op {
        Op::SetLen(len) => bytes.resize(usize::try_from(*len).unwrap(), 0),
        Op::Write(offset, data) => {
            let from = usize::try_from(*offset).unwrap();
            if bytes.len() < from + data.len() {
                bytes.resize(from + data.len(), 0);
            }
            bytes[from..from + data.len()].copy_from_slice(data);
        }
        Op::Sync => {}
    }
}

/// The bytes a disk would have after a power cut, for every moment of a log.
pub(super) struct PowerCuts {
    synced: Vec<u8>,
    pending: Vec<Op>,
}

impl PowerCuts {
    pub(super) fn before(bytes: Vec<u8>) -> Self {
        Self { synced: bytes, pending: Vec::new() }
    }

    /// The disk does one more thing.
    pub(super) fn step(&mut self, op: &Op) {
        if !matches!(op, Op::Sync) {
            return self.pending.push(op.clone());
        }
        for op in self.pending.drain(..) {
            apply(&mut self.synced, &op);
        }
    }

    /// Power goes: of what was not synced any part may be there, by sectors,
    /// in any order.
    pub(super) fn cut(&self, random: &mut StdRng) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let luck = [0.0, 0.1, 0.5, 0.9, 1.0][random.random_range(0..5)];
        for op in &self.pending {
            match op {
                Op::Write(offset, data) => {
                    for (at, sector) in data.chunks(SECTOR).enumerate() {
                        if random.random_bool(luck) {
                            let offset = offset + (at * SECTOR) as u64;
                            apply(&mut bytes, &Op::Write(offset, sector.to_vec()));
                        }
                    }
                }
                op if random.random_bool(luck) => apply(&mut bytes, op),
                _ => {}
            }
        }
        bytes
    }
}

const SECTOR: usize = 512;
