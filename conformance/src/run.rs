//! A run: the scenarios one after the other, each on a stage of its own.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use jiff::Timestamp;
use oadr_transport::{Clock as _, SystemClock};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::base::Sightings;
use crate::chaos::Chaos;
use crate::course::{Course, bounded, patience};
use crate::hook::{Ask, Hello, Hook};
use crate::lab::Lab;
use crate::pace::Pace;
use crate::record::Exchange;
use crate::say::event::MARKET;
use crate::scenario::{Play, Profile, Role, Scenario};
use crate::stage::Setting;
use crate::ven::{Model, Top, VenPlay};
use crate::verdict::{Check, Stop, Verdict, inconclusive};
use crate::vtn::VtnPlay;
use crate::watch::{Cut, Going, Watch};
use crate::wire::client::Address;
use crate::wire::server::Door;

/// What a run is told.
#[derive(Clone)]
pub struct Order {
    /// Where certificates come from.
    pub certs: PathBuf,
    /// The operator.
    pub hook: Arc<dyn Hook>,
    /// Patterns of names; `None`: all.
    pub only: Option<String>,
    /// Profiles; empty: all.
    pub profiles: Vec<Profile>,
    /// What goes wrong on purpose at the kit's VTN, for authors of VENs.
    pub chaos: Option<Chaos>,
}

/// What came of a scenario.
#[derive(Clone)]
pub struct Outcome {
    /// Which.
    pub scenario: &'static Scenario,
    /// What is said of it.
    pub verdict: Verdict,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// What went over the wire.
    pub exchanges: Vec<Exchange>,
    /// Milliseconds of the machine's time.
    pub took_ms: u64,
}

/// What came of a run.
#[derive(Clone)]
pub struct Run {
    /// The subject's role.
    pub role: Role,
    /// Its name and version.
    pub subject: String,
    /// What it claims.
    pub features: BTreeSet<String>,
    /// Whether its clock was steered.
    pub steered: bool,
    /// When it began, UTC.
    pub began: Timestamp,
    /// What the kit did wrong on purpose, if anything.
    pub chaos: Option<String>,
    /// How many scenarios were to be played.
    pub chosen: usize,
    /// Whether it was ended before all were.
    pub cut_short: bool,
    /// One a scenario, in the order they were played.
    pub outcomes: Vec<Outcome>,
    /// What the subject sent, for an outside validator.
    pub documents: Vec<String>,
}

/// Told of each outcome as it is there: how many are done, of how many.
pub type Progress<'a> = &'a mut (dyn FnMut(&Outcome, usize, usize) + Send);

/// Plays against a VTN at `url`, or where the hook says it is.
///
/// # Errors
/// What keeps the run from beginning.
pub async fn vtn(order: Order, url: Option<&str>, progress: Progress<'_>) -> Result<Run, String> {
    vtn_until(order, url, (&mut Only(progress), Cut::never())).await
}

/// As [`vtn`], watched, and ended when it is cut short.
///
/// # Errors
/// What keeps the run from beginning.
pub async fn vtn_until(
    order: Order,
    url: Option<&str>,
    (watch, cut): (&mut dyn Watch, Cut),
) -> Result<Run, String> {
    let (mut run, setting, hello) = begin(Role::Vtn, &order, &cut).await?;
    let url = url.or(hello.url.as_deref());
    let url = url.ok_or("no address: give URL, or a hook whose hello tells it")?;
    let address = Address::parse(url)?;
    reachable(&address).await?;
    let patience = patience(&order);
    let mut course = Course { order: &order, setting: &setting, watch, cut };
    let act = |scenario: &'static Scenario| {
        let address = address.clone();
        async move |stage| {
            let mut play = VtnPlay::new(stage, address);
            let ended = match scenario.play {
                Play::Vtn(act) => bounded(act(&mut play), patience).await,
                Play::Ven(_) => Err(Stop::Skip("it is for a VEN".to_owned())),
            };
            (play.into_stage(), ended)
        }
    };
    course.run(&mut run, act).await;
    Ok(run)
}

/// Plays against a VEN that calls at `listen`; `public` is the host it knows the kit by.
///
/// # Errors
/// What keeps the run from beginning.
pub async fn ven(
    order: Order,
    at: (SocketAddr, &str),
    progress: Progress<'_>,
) -> Result<Run, String> {
    ven_until(order, at, (&mut Only(progress), Cut::never())).await
}

/// As [`ven`], watched, and ended when it is cut short.
///
/// # Errors
/// What keeps the run from beginning.
pub async fn ven_until(
    order: Order,
    (listen, public): (SocketAddr, &str),
    (watch, cut): (&mut dyn Watch, Cut),
) -> Result<Run, String> {
    let (mut run, setting, _) = begin(Role::Ven, &order, &cut).await?;
    let called = Arc::new(Notify::new());
    let (top, door) = open_door(&setting, listen, &called).await?;
    if order.hook.is_nobody() {
        first_call(&called, &cut).await?;
    }
    top.state().chaos.clone_from(&order.chaos);
    let url = format!("https://{public}:{}{}", door.address.port(), crate::ven::PREFIX);
    let patience = patience(&order);
    let mut course = Course { order: &order, setting: &setting, watch, cut };
    let act = |scenario: &'static Scenario| {
        let (top, url) = (top.clone(), url.clone());
        let model = if scenario.profile == Profile::Push { Model::Push } else { Model::Pull };
        async move |stage| {
            let mut play = VenPlay::new(stage, top, url, model);
            let ended = match scenario.play {
                Play::Ven(act) => bounded(act(&mut play), patience).await,
                Play::Vtn(_) => Err(Stop::Skip("it is for a VTN".to_owned())),
            };
            (play.into_stage(), ended)
        }
    };
    course.run(&mut run, act).await;
    // Whatever was started is stopped; a hook that cannot has nothing to stop. A person who cut the
    // run short knows.
    if !(run.cut_short && order.hook.is_person()) {
        let _ = setting.hook.stop().await;
    }
    Ok(run)
}

/// Of one who is told of outcomes and of nothing else.
struct Only<'a>(Progress<'a>);

impl Watch for Only<'_> {
    fn goes(&mut self, _: &Going) {}

    fn ended(&mut self, outcome: &Outcome, at: usize, of: usize) {
        (self.0)(outcome, at, of);
    }
}

/// Whether somebody listens there at all: if not, every scenario would say only that.
async fn reachable(address: &Address) -> Result<(), String> {
    let connect = TcpStream::connect((address.host.as_str(), address.port));
    let why = match tokio::time::timeout(REACHED, connect).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("nobody answers in {} s", REACHED.as_secs()),
    };
    Err(format!("no VTN at {}: {why}; start it, or mend URL", address.authority()))
}

/// Waits for a VEN that somebody starts by hand: without it every scenario would wait in vain.
async fn first_call(called: &Notify, cut: &Cut) -> Result<(), String> {
    tokio::select! {
        () = called.notified() => Ok(()),
        () = cut.comes() => Err("the run was cut short".to_owned()),
        () = tokio::time::sleep(CALLED) => {
            Err(format!("no VEN has called in {} s", CALLED.as_secs()))
        }
    }
}

async fn open_door(
    setting: &Setting,
    listen: SocketAddr,
    called: &Arc<Notify>,
) -> Result<(Top, Door), String> {
    use oadr_certs::dev::{KeyKind, Role as For};
    let said = |stop: Stop| stop.to_string();
    let identities = [("kit-vtn-ecc", KeyKind::Ecc), ("kit-vtn-rsa", KeyKind::Rsa)];
    let identities = identities.map(|(name, key)| setting.lab.party(name, For::Vtn, key));
    let identities: Result<Vec<_>, _> = identities.into_iter().collect();
    let config = setting.lab.server(identities.map_err(said)?).map_err(said)?;
    let top = Top::default();
    top.state().listen = Some(listen.ip());
    let (meeting, greeting) = (top.clone(), top.clone());
    let meet = move |request| {
        let top = meeting.clone();
        async move { top.meet(&request).await }
    };
    let called = Arc::clone(called);
    let greet = move |handshake| {
        greeting.greeted(handshake);
        called.notify_one();
    };
    let door = Door::open(listen, config, meet, greet).await;
    Ok((top, door.map_err(|error| format!("--listen {listen}: {error}"))?))
}

async fn begin(role: Role, order: &Order, cut: &Cut) -> Result<(Run, Setting, Hello), String> {
    let lab = Arc::new(Lab::open(&order.certs)?);
    let hook = Ask::new(Arc::clone(&order.hook));
    let hello = tokio::select! {
        hello = hook.hello(role.name()) => hello,
        () = cut.comes() => inconclusive("the run was cut short"),
    };
    let hello = hello.map_err(|stop| format!("the hook does not answer `hello`: {stop}"))?;
    let pace = match (hello.clock.as_str(), hello.now) {
        ("steered", Some(now)) => Pace::steered(hook.clone(), now),
        ("steered", None) => return Err("the hook's clock is steered, but it tells no time".into()),
        _ => Pace::own(),
    };
    let features: BTreeSet<String> = hello.features.iter().cloned().collect();
    let run = Run {
        role,
        subject: hello.subject.clone(),
        features: features.clone(),
        steered: pace.is_steered(),
        began: SystemClock.now(),
        chaos: order.chaos.as_ref().map(Chaos::to_string),
        chosen: 0,
        cut_short: false,
        outcomes: Vec::new(),
        documents: Vec::new(),
    };
    let setting = Setting {
        hook,
        lab,
        pace,
        features: Arc::new(features),
        sightings: Sightings::default(),
        replay_window_s: hello.replay_window_s.map(i64::from),
        xmpp: hello.xmpp.clone(),
        market: hello.market_context.clone().unwrap_or_else(|| MARKET.to_owned()),
        counter: Arc::new(AtomicUsize::new(1)),
    };
    Ok((run, setting, hello))
}

/// A VEN that is started by hand has so long to call.
const CALLED: Duration = Duration::from_secs(300);

/// A VTN that takes longer to be reached is not there.
const REACHED: Duration = Duration::from_secs(10);
