//! A VEN with a fixed clock, a store in memory, a scripted VTN and a scripted site: no
//! network, no sleeping.
// Every test file is a program of its own and uses a part of this.
#![allow(dead_code, clippy::unwrap_used)]

pub mod make;
pub mod reports;
pub mod site;
pub mod vtn;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use oadr_store::Memory;
use oadr_transport::{Clock, ManualClock, Random};
use oadr_ven::{Handle, Settings, Status, Surroundings, Ven, Wake};
use rand::SeedableRng;

use site::Site;
use vtn::Vtn;

/// Noon, when every test begins.
pub fn noon() -> Timestamp {
    t("2026-06-01T12:00:00Z")
}

pub fn t(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub struct World {
    pub clock: ManualClock,
    pub memory: Memory,
    pub vtn: Arc<Vtn>,
    pub site: Arc<Site>,
    pub settings: Settings,
    pub ven: Ven,
    seed: u64,
    wake: Wake,
}

impl World {
    /// A VEN that nothing has happened to.
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Self {
        Self::build(settings, Site::default(), 1).await
    }

    pub async fn build(settings: Settings, site: Site, seed: u64) -> Self {
        let (clock, memory) = (ManualClock::new(noon()), Memory::new());
        let (vtn, site) = (Arc::new(Vtn::default()), Arc::new(site));
        let ven = open(&clock, &memory, (&vtn, &site), (&settings, seed)).await;
        Self { clock, memory, vtn, site, settings, ven, seed, wake: Wake { at: noon() } }
    }

    /// A VEN that is registered and has polled.
    pub async fn registered() -> Self {
        Self::registered_with(Settings::default()).await
    }

    pub async fn registered_with(settings: Settings) -> Self {
        let mut world = Self::with(settings).await;
        world.step().await;
        assert!(world.status().registered);
        world.vtn.forget();
        world
    }

    /// One step, now.
    pub async fn step(&mut self) {
        self.wake = self.ven.step().await.unwrap();
        assert!(self.wake.at > self.clock.now(), "a step that gives no progress");
    }

    /// Lets time pass, waking when the VEN wants to.
    pub async fn pass(&mut self, seconds: i64) {
        let until = self.clock.now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
        while self.wake.at <= until {
            self.clock.set(self.wake.at.max(self.clock.now()));
            self.step().await;
        }
        self.clock.set(until);
    }

    /// As [`World::pass`], but by a clock that comes a little late to every instant, as real ones do.
    pub async fn pass_late(&mut self, seconds: i64) {
        let until = self.clock.now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
        while self.wake.at <= until {
            let late = self.wake.at.checked_add(SignedDuration::from_millis(5)).unwrap();
            self.clock.set(late.max(self.clock.now()));
            self.step().await;
        }
    }

    /// Lets time pass until an instant of this day.
    pub async fn until(&mut self, at: &str) {
        let left = t(at).duration_since(self.clock.now());
        self.pass(left.as_secs()).await;
        self.step().await;
    }

    /// The VEN is killed and started again; the site lives on.
    pub async fn restart(&mut self) {
        self.seed += 1;
        let parties = (&self.vtn, &self.site);
        self.ven = open(&self.clock, &self.memory, parties, (&self.settings, self.seed)).await;
        self.wake = Wake { at: self.clock.now() };
    }

    pub fn status(&self) -> Status {
        self.handle().status().borrow().clone()
    }

    pub fn handle(&self) -> Handle {
        self.ven.handle()
    }
}

async fn open(
    clock: &ManualClock,
    memory: &Memory,
    (vtn, site): (&Arc<Vtn>, &Arc<Site>),
    (settings, seed): (&Settings, u64),
) -> Ven {
    let surroundings = Surroundings {
        store: memory.open(),
        prosumer: Arc::clone(site) as _,
        link: Arc::clone(vtn) as _,
        clock: Arc::new(clock.clone()),
        random: Random::seed_from_u64(seed),
    };
    Ven::open(settings.clone(), surroundings).await.unwrap()
}
