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

use crate::base::{SCHEMA, Sightings};
use crate::chaos::Chaos;
use crate::hook::{Ask, Hello, Hook};
use crate::lab::Lab;
use crate::pace::Pace;
use crate::record::Exchange;
use crate::scenario::{Play, Profile, Role, Scenario};
use crate::stage::{Setting, Stage};
use crate::ven::{Model, Top, VenPlay};
use crate::verdict::{Check, Ended, Stop, Verdict};
use crate::vtn::VtnPlay;
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
    let (mut run, setting, hello) = begin(Role::Vtn, &order).await?;
    let url = url.or(hello.url.as_deref());
    let url = url.ok_or("no address: give URL, or a hook whose hello tells it")?;
    let address = Address::parse(url)?;
    reachable(&address).await?;
    let scenarios = chosen(Role::Vtn, &order);
    for (at, &scenario) in scenarios.iter().enumerate() {
        let stage = Stage::new(scenario.name, setting.clone());
        let address = address.clone();
        let outcome = play(
            scenario,
            &setting,
            async move |stage| {
                let mut play = VtnPlay::new(stage, address);
                let ended = match scenario.play {
                    Play::Vtn(act) => bounded(act(&mut play)).await,
                    Play::Ven(_) => Err(Stop::Skip("it is for a VEN".to_owned())),
                };
                (play.into_stage(), ended)
            },
            stage,
        );
        let outcome = outcome.await;
        progress(&outcome, at + 1, scenarios.len());
        run.outcomes.push(outcome);
    }
    run.documents = setting.sightings.texts();
    Ok(run)
}

/// Plays against a VEN that calls at `listen`; `public` is the host it knows the kit by.
///
/// # Errors
/// What keeps the run from beginning.
pub async fn ven(
    order: Order,
    (listen, public): (SocketAddr, &str),
    progress: Progress<'_>,
) -> Result<Run, String> {
    let (mut run, setting, _) = begin(Role::Ven, &order).await?;
    let (top, door) = open_door(&setting, listen).await?;
    top.state().chaos.clone_from(&order.chaos);
    let url = format!("https://{public}:{}{}", door.address.port(), crate::ven::PREFIX);
    let scenarios = chosen(Role::Ven, &order);
    for (at, &scenario) in scenarios.iter().enumerate() {
        let stage = Stage::new(scenario.name, setting.clone());
        let (top, url) = (top.clone(), url.clone());
        let model = if scenario.profile == Profile::Push { Model::Push } else { Model::Pull };
        let outcome = play(
            scenario,
            &setting,
            async move |stage| {
                let mut play = VenPlay::new(stage, top, url, model);
                let ended = match scenario.play {
                    Play::Ven(act) => bounded(act(&mut play)).await,
                    Play::Vtn(_) => Err(Stop::Skip("it is for a VTN".to_owned())),
                };
                (play.into_stage(), ended)
            },
            stage,
        );
        let outcome = outcome.await;
        progress(&outcome, at + 1, scenarios.len());
        run.outcomes.push(outcome);
    }
    run.documents = setting.sightings.texts();
    // Whatever was started is stopped; a hook that cannot has nothing to stop.
    let _ = setting.hook.stop().await;
    Ok(run)
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

async fn open_door(setting: &Setting, listen: SocketAddr) -> Result<(Top, Door), String> {
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
    let door = Door::open(listen, config, meet, move |handshake| greeting.greeted(handshake)).await;
    Ok((top, door.map_err(|error| format!("--listen {listen}: {error}"))?))
}

async fn begin(role: Role, order: &Order) -> Result<(Run, Setting, Hello), String> {
    let lab = Arc::new(Lab::open(&order.certs)?);
    let hook = Ask::new(Arc::clone(&order.hook));
    let hello = hook
        .hello(role.name())
        .await
        .map_err(|stop| format!("the hook does not answer `hello`: {stop}"))?;
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
        counter: Arc::new(AtomicUsize::new(1)),
    };
    Ok((run, setting, hello))
}

fn chosen(role: Role, order: &Order) -> Vec<&'static Scenario> {
    let mut found = crate::catalogue::chosen(role, order.only.as_deref());
    found.retain(|one| order.profiles.is_empty() || order.profiles.contains(&one.profile));
    // It judges what the whole run has shown, so it is the last.
    found.sort_by_key(|one| one.name == WHOLE_RUN);
    found
}

/// Plays one scenario in a task of its own, so that a panic costs only that.
async fn play<F>(
    scenario: &'static Scenario,
    setting: &Setting,
    act: impl FnOnce(Stage) -> F,
    stage: Stage,
) -> Outcome
where
    F: Future<Output = (Stage, Ended)> + Send + 'static,
{
    let began = SystemClock.now();
    let unclaimed = scenario.feature.filter(|feature| !stage.claims(feature));
    let (stage, ended) = match unclaimed {
        Some(feature) => {
            (stage, Err(Stop::Skip(format!("the subject does not claim {feature:?}"))))
        }
        None => match tokio::spawn(act(stage)).await {
            Ok(played) => played,
            Err(error) => {
                let stage = Stage::new(scenario.name, setting.clone());
                (stage, Err(Stop::Inconclusive(format!("the kit itself failed: {error}"))))
            }
        },
    };
    setting.sightings.add(&stage.sightings);
    let mut checks = stage.checks().to_vec();
    let invalid = stage.sightings.of(SCHEMA);
    if !invalid.is_empty() && checks.iter().all(|check| check.holds || check.rules != [SCHEMA]) {
        let (what, saw) = ("every document is valid by the schema".to_owned(), invalid.join("; "));
        checks.push(Check { rules: vec![SCHEMA], what, holds: false, saw });
    }
    let took = SystemClock.now().duration_since(began).as_millis();
    Outcome {
        scenario,
        verdict: Verdict::of(&checks, ended),
        checks,
        exchanges: stage.log.all(),
        took_ms: u64::try_from(took).unwrap_or(0),
    }
}

async fn bounded(play: impl Future<Output = Ended>) -> Ended {
    let late = || Stop::Inconclusive(format!("not done in {} s", LONGEST.as_secs()));
    tokio::time::timeout(LONGEST, play).await.unwrap_or_else(|_| Err(late()))
}

/// The scenario about every document of a run.
const WHOLE_RUN: &str = "base-wellformed";
/// No scenario takes longer, of the machine's time.
const LONGEST: Duration = Duration::from_secs(240);

/// A VTN that takes longer to be reached is not there.
const REACHED: Duration = Duration::from_secs(10);
