//! What the pair gets from outside, simulated: the network, the clock, the disk.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_store::{Answer, Batch, Engine, Error, Memory, Snapshot, Store, Watchers};
use oadr_transport::net::BoxFuture;
use oadr_transport::{Clock, Connect, Listen, Random};
use rand::{Rng, SeedableRng};
use turmoil::net::{TcpListener, TcpStream};

pub struct SimListener(pub TcpListener);

impl Listen for SimListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        self.0.accept().await
    }
}

#[derive(Clone)]
pub struct SimConnect;

impl Connect for SimConnect {
    type Stream = TcpStream;

    async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        TcpStream::connect((host, port)).await
    }
}

/// Protocol time: [`SCALE`] times as fast as the network's, so that a poll every few seconds
/// meets delays of nearly a second. One for all hosts; a crash does not set it back.
pub struct SimClock;

impl SimClock {
    /// When every simulation begins, UTC.
    pub fn dawn() -> Timestamp {
        "2026-12-01T00:00:00Z".parse().unwrap()
    }

    /// Protocol time after so much simulated time.
    pub fn at(elapsed: Duration) -> Timestamp {
        Self::dawn() + SignedDuration::try_from(elapsed * SCALE).unwrap()
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Self::at(turmoil::sim_elapsed().unwrap_or_default())
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            loop {
                let left = when.duration_since(self.now());
                if !left.is_positive() {
                    return;
                }
                let nap = (left.unsigned_abs() / SCALE).clamp(TICK / 10, Duration::from_secs(60));
                tokio::time::sleep(nap).await;
            }
        })
    }
}

/// A disk that takes its time, so that crashes and other requests fall before, between and after
/// commits. What it has taken it keeps.
pub struct SlowDisk {
    store: Store,
    random: Mutex<Random>,
    turn: Arc<tokio::sync::Mutex<()>>,
    watchers: Arc<Watchers>,
}

impl SlowDisk {
    /// Opens a store on `memory`, as the process that starts now.
    pub fn open(memory: &Memory, seed: u64) -> Store {
        let (store, random) = (memory.open(), Mutex::new(Random::seed_from_u64(seed)));
        let (turn, watchers) = (Arc::default(), Arc::default());
        Store::with_engine(Arc::new(Self { store, random, turn, watchers }))
    }

    fn delay(&self) -> Duration {
        let mut random = self.random.lock().unwrap();
        match random.random_ratio(1, 3) {
            true => Duration::from_millis(random.random_range(1..=30)),
            false => Duration::ZERO,
        }
    }
}

impl Engine for SlowDisk {
    fn snapshot(&self) -> Result<Snapshot, Error> {
        self.store.snapshot()
    }

    /// A task of its own: a batch on its way is not taken back by who stops waiting for it.
    fn commit(&self, batch: Batch) -> Answer {
        let (before, after) = (self.delay(), self.delay());
        let (store, turn) = (self.store.clone(), Arc::clone(&self.turn));
        let watchers = Arc::clone(&self.watchers);
        let job = tokio::spawn(async move {
            let turn = turn.lock().await;
            pause(before).await;
            let done = store.commit(batch.clone()).await;
            drop(turn);
            if done.is_ok() {
                watchers.committed(&batch);
            }
            pause(after).await;
            done
        });
        Box::pin(async move { job.await.unwrap_or(Err(Error::Closed)) })
    }

    fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    fn close(&self) -> Answer {
        let store = self.store.clone();
        Box::pin(async move { store.close().await })
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// Protocol seconds in a simulated one.
pub const SCALE: u32 = 10;
/// How finely the network sees time.
pub const TICK: Duration = Duration::from_millis(20);
