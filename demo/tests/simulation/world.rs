//! One simulation: a VTN, three VENs, a network with weather, crashes; then calm, until
//! everything is at rest.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use jiff::SignedDuration;
use oadr_certs::PeerCertificate;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_platform::market::Matcher;
use oadr_store::Memory;
use oadr_transport::{
    Client, ClientLimits, ClientSecurity, Clock, Limits, Random, Server, ServerSecurity,
};
use oadr_ven::{Handle, Surroundings, Ven, Wire};
use oadr_vtn::record::Enrolment;
use oadr_vtn::settings::{Limits as VtnLimits, ReportWish};
use oadr_vtn::{Hooks, Vtn};
use rand::{Rng, SeedableRng};
use turmoil::Sim;
use turmoil::net::TcpListener;

use crate::check::{Complaint, complaints};
use crate::edges::{SimClock, SimConnect, SimListener, SlowDisk, TICK};
use crate::operator::Script;
use crate::sabotage::{Sabotage, Saboteur};
use crate::site::Scripted;
use crate::witness::{Journal, Witness};

/// Everything that outlives a crash, and the way to the processes of now.
pub struct World {
    pub seed: u64,
    pub journal: Arc<Journal>,
    pub script: Script,
    pub vtn: Mutex<Option<Vtn>>,
    pub members: Vec<Member>,
    disk: Memory,
    sabotage: Sabotage,
    tempted: Arc<AtomicU32>,
    /// Processes started so far; each gets randomness of its own.
    starts: AtomicU64,
}

/// A VEN and its site.
pub struct Member {
    pub ven: &'static str,
    pub site: Arc<Scripted>,
    pub handle: Mutex<Option<Handle>>,
    disk: Memory,
}

/// How a simulation went.
#[derive(Debug)]
pub struct Outcome {
    pub complaints: Vec<Complaint>,
    pub trace: Vec<String>,
    pub elapsed: Duration,
    pub crashes: u32,
    pub figures: Figures,
}

/// What happened, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub requests: u32,
    pub unanswered: u32,
    pub answers: usize,
    pub readings: usize,
    pub tenders: usize,
    pub trades: usize,
}

impl World {
    fn new(seed: u64, sabotage: Sabotage, random: &mut Random) -> Self {
        let rests_at = SimClock::at(FAULTS_END);
        let member = |(ven, index): (&&'static str, u32)| Member {
            ven,
            site: Arc::new(Scripted::new(ven, index, rests_at)),
            handle: Mutex::default(),
            disk: Memory::new(),
        };
        Self {
            seed,
            journal: Arc::default(),
            script: Script::new(random),
            vtn: Mutex::default(),
            members: VENS.iter().zip(0..).map(member).collect(),
            disk: Memory::new(),
            sabotage,
            tempted: Arc::default(),
            starts: AtomicU64::new(0),
        }
    }

    /// For a process that starts.
    fn fresh_seed(&self) -> u64 {
        let start = self.starts.fetch_add(1, Ordering::Relaxed);
        self.seed.wrapping_mul(1_000_003).wrapping_add(start)
    }

    async fn run_vtn(self: Arc<Self>) -> turmoil::Result {
        let seed = self.fresh_seed();
        let store = SlowDisk::open(&self.disk, seed);
        let market = Arc::new(Matcher::operated_by("vtn".into()));
        let hooks = Hooks { market, ..Hooks::default() };
        let clock: Arc<dyn Clock> = Arc::new(SimClock);
        let random = Random::seed_from_u64(seed);
        let vtn = Vtn::open(settings(), store, hooks, Arc::clone(&clock), random).await?;
        for (ven, certificate) in VENS.into_iter().zip(&certificates().vens) {
            if vtn.ven(ven).is_err() {
                let fingerprint = PeerCertificate::from_der(certificate)?.fingerprint();
                let groups = ["everybody".to_owned()].into();
                let (ven_id, name) = (Some(ven.to_owned()), None);
                vtn.enrol_ven(Enrolment { fingerprint, ven_id, name, groups }).await?;
            }
        }
        *self.vtn.lock().unwrap() = Some(vtn.clone());
        let handler =
            Saboteur { vtn: vtn.clone(), sabotage: self.sabotage, count: self.tempted.clone() };
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
        let server = Server::new(Arc::new(handler), Limits::default(), clock);
        let security = ServerSecurity::for_simulation(&certificates().vtn);
        tokio::spawn(async move { self.script.play(&vtn, &self.journal).await });
        server.serve(SimListener(listener), security, std::future::pending()).await;
        Ok(())
    }

    async fn run_ven(self: Arc<Self>, index: usize) -> turmoil::Result {
        let (seed, member) = (self.fresh_seed(), &self.members[index]);
        let store = SlowDisk::open(&member.disk, seed);
        let clock: Arc<dyn Clock> = Arc::new(SimClock);
        let limits = ClientLimits {
            timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(3),
            ..ClientLimits::default()
        };
        let security = ClientSecurity::for_simulation(&certificates().vens[index]);
        let client = Client::new(SimConnect, security, limits, Arc::clone(&clock));
        let base = format!("http://vtn:{PORT}/").parse()?;
        let wire = Wire::new(client, base, store.clone())?;
        let journal = Arc::clone(&self.journal);
        let link = Arc::new(Witness { ven: member.ven.to_owned(), wire, journal });
        let settings = oadr_ven::Settings {
            name: member.ven.to_owned(),
            ven_id: Some(member.ven.to_owned()),
            query_first: index == 0,
            ask_site_every: Duration::from_secs(15),
            instruct_again_at_start: index == 1,
            ..oadr_ven::Settings::default()
        };
        let (prosumer, random) = (member.site.clone(), Random::seed_from_u64(seed));
        let surroundings = Surroundings { store, prosumer, link, clock, random };
        let mut ven = Ven::open(settings, surroundings).await?;
        *member.handle.lock().unwrap() = Some(ven.handle());
        ven.run(std::future::pending()).await?;
        Ok(())
    }
}

/// Runs the simulation of a seed to its end.
pub fn simulate(seed: u64, sabotage: Sabotage) -> Outcome {
    let mut random = Random::seed_from_u64(seed);
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .tick_duration(TICK)
        .simulation_duration(Duration::from_secs(3600))
        .min_message_latency(Duration::from_millis(5))
        .max_message_latency(Duration::from_millis(800))
        .build();
    let world = Arc::new(World::new(seed, sabotage, &mut random));
    let shared = Arc::clone(&world);
    sim.host("vtn", move || Arc::clone(&shared).run_vtn());
    for (index, ven) in VENS.into_iter().enumerate() {
        let shared = Arc::clone(&world);
        sim.host(ven, move || Arc::clone(&shared).run_ven(index));
    }
    let crashes = weather(&mut sim, &world, &mut random);
    let complaints = rest(&mut sim, &world);
    let elapsed = sim.elapsed();
    let figures = figures(&world);
    let trace = std::mem::take(&mut world.journal.entries().lines);
    Outcome { complaints, trace, elapsed, crashes, figures }
}

/// Faults until [`FAULTS_END`]. Returns how many crashes there were.
fn weather(sim: &mut Sim<'_>, world: &World, random: &mut Random) -> u32 {
    let mut crashes = 0;
    let mut next = Duration::from_millis(random.random_range(100..1500));
    sim.set_fail_rate(*[0.0, 0.0, 0.005, 0.02].get(random.random_range(0..4)).unwrap());
    while sim.elapsed() < FAULTS_END {
        sim.step().unwrap();
        if sim.elapsed() < next {
            continue;
        }
        next += Duration::from_millis(random.random_range(200..1500));
        let ven = VENS[random.random_range(0..VENS.len())];
        let told = match random.random_range(0..10) {
            0..3 => crash(sim, "vtn", random, &mut crashes),
            3 => crash(sim, ven, random, &mut crashes),
            kind => change_link(sim, ven, kind),
        };
        let at = sim.elapsed().as_secs_f64();
        world.journal.entries().lines.push(format!("{at:>9.3} {told}"));
    }
    crashes
}

/// A host crashes and comes back, at once or after a while. It dies without a word, as by a power
/// cut, or its system closes its connections. Either way what its end sends waits or is lost
/// together: the order in which a runtime drops its tasks differs from run to run.
fn crash(sim: &mut Sim<'_>, host: &str, random: &mut Random, crashes: &mut u32) -> String {
    *crashes += 1;
    let peers = if host == "vtn" { &VENS[..] } else { &["vtn"][..] };
    let silent = random.random_ratio(1, 3);
    for peer in peers {
        if silent { sim.partition(host, *peer) } else { sim.hold(host, *peer) }
    }
    sim.crash(host);
    for peer in peers {
        sim.release(host, *peer);
    }
    for _ in 0..random.random_range(0..50) {
        sim.step().unwrap();
    }
    sim.bounce(host);
    let how = if silent { "went dark" } else { "was killed" };
    format!("{host} {how} and starts again")
}

/// A link is cut, in both directions or one, or held up, or whole again.
fn change_link(sim: &Sim<'_>, ven: &str, kind: u32) -> String {
    match kind {
        4 => sim.partition(ven, "vtn"),
        5 => sim.partition_oneway("vtn", ven),
        6 => sim.hold(ven, "vtn"),
        _ => sim.release(ven, "vtn"),
    }
    let how = match kind {
        4 => "is cut off",
        5 => "hears nothing",
        6 => "is held up",
        _ => "is connected",
    };
    format!("{ven} {how}")
}

/// The weather clears. Looks once a simulated second whether all is as it must be; gives up
/// after [`PATIENCE`] and returns what is not; sooner where something is expected to be wrong.
fn rest(sim: &mut Sim<'_>, world: &World) -> Vec<Complaint> {
    sim.set_fail_rate(0.0);
    sim.set_max_message_latency(Duration::from_millis(40));
    for ven in VENS {
        sim.release(ven, "vtn");
    }
    let patience = if world.sabotage == Sabotage::None { PATIENCE } else { PATIENCE / 4 };
    let give_up = sim.elapsed() + patience;
    loop {
        let until = sim.elapsed() + Duration::from_secs(1);
        while sim.elapsed() < until {
            sim.step().unwrap();
        }
        let found = complaints(world, SimClock::at(sim.elapsed()));
        if found.is_empty() || sim.elapsed() > give_up {
            return found;
        }
    }
}

fn figures(world: &World) -> Figures {
    let entries = world.journal.entries();
    let trades = world.vtn.lock().unwrap().as_ref().map(|vtn| vtn.transactions(None, usize::MAX));
    Figures {
        requests: entries.requests,
        unanswered: entries.unanswered,
        answers: entries.answers.len(),
        readings: entries.taken.values().map(std::collections::BTreeSet::len).sum(),
        tenders: entries.tenders.len(),
        trades: trades.and_then(Result::ok).map_or(0, |trades| trades.len()),
    }
}

fn settings() -> oadr_vtn::Settings {
    oadr_vtn::Settings {
        poll_every: SignedDuration::from_secs(20),
        reports: vec![ReportWish {
            name: "TELEMETRY_USAGE".to_owned(),
            granularity: SignedDuration::from_secs(5),
            every: SignedDuration::from_secs(20),
        }],
        limits: VtnLimits {
            answer_within: SignedDuration::from_secs(20),
            // To give up on a VEN (rule 52) is a choice, not an agreement.
            event_tries: 1_000,
            ..VtnLimits::default()
        },
        ..oadr_vtn::Settings::new("vtn")
    }
}

/// Made once: keys are not a matter of the seed.
struct Certificates {
    vtn: Vec<u8>,
    vens: Vec<Vec<u8>>,
}

fn certificates() -> &'static Certificates {
    static MADE: OnceLock<Certificates> = OnceLock::new();
    MADE.get_or_init(|| {
        let ca = Ca::ecc(Validity::days(SimClock::dawn(), 30)).unwrap();
        let issue = |role, name: &str| {
            ca.issue(role, name, KeyKind::Ecc, &[name.to_owned()]).unwrap().leaf().to_vec()
        };
        let vens = VENS.iter().map(|ven| issue(Role::Ven, ven)).collect();
        Certificates { vtn: issue(Role::Vtn, "vtn"), vens }
    })
}

/// The VENs, by host name and venID.
pub const VENS: [&str; 3] = ["ven-a", "ven-b", "ven-c"];
/// How long the weather is bad, simulated.
pub const FAULTS_END: Duration = Duration::from_secs(8);
/// How long it may take to come to rest after that.
const PATIENCE: Duration = Duration::from_secs(60);
const PORT: u16 = 8443;
