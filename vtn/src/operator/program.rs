//! A whole VTN from its configuration: the store, the VENs' door and the operators' door.
//!
//! The clock, the platform's hooks and the random source come from outside, so that a program, a
//! test and an accelerated tour start the same VTN.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::tls::{CallerFiles, Reloadable, ServerFiles, TimeSource};
use oadr_certs::{Identity, PeerCertificate};
use oadr_platform::PartyId;
use oadr_platform::market::Matcher;
use oadr_store::{Options, Store};
use oadr_transport::{Clock, Handler, Limits, Random, Server, ServerSecurity};
use rand::SeedableRng;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::api::{About, Api};
use super::config::Config;
use super::pushing::push_to_vens;
use super::reload::watch_files;
pub use super::start_error::StartError;
use super::{expiry, held, knocks};
use crate::Vtn;
use crate::audit::{self, Audit};
use crate::hooks::Hooks;
use crate::metrics::Sampler;

/// What a VTN is given besides its configuration.
#[derive(Clone)]
pub struct Parts {
    /// Its time.
    pub clock: Arc<dyn Clock>,
    /// What it is for.
    pub hooks: Hooks,
    /// Where its names come from.
    pub random: Random,
}

/// A VTN that serves. Dropped without [`stop`](Running::stop), it is cut off.
pub struct Running {
    vtn: Vtn,
    vens: Arc<Reloadable<ServerFiles>>,
    operators: Arc<Reloadable<ServerFiles>>,
    callers: Arc<Reloadable<CallerFiles>>,
    addresses: [SocketAddr; 2],
    metrics_address: Option<SocketAddr>,
    config: Config,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<usize>>,
    /// What goes on until the doors are closed, so that a monitor sees them close.
    last: watch::Sender<bool>,
    monitors: Vec<JoinHandle<usize>>,
}

/// Starts a VTN with the system's random source and, behind it, the platform that the
/// configuration names: the reference market or none.
///
/// # Errors
/// As [`start_with`].
pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    let mut parts = Parts::new(clock);
    if config.market {
        let operator = PartyId::from(config.vtn.vtn_id.as_str());
        parts.hooks.market = Arc::new(Matcher::operated_by(operator));
    }
    start_with(config, parts).await
}

/// Starts a VTN.
///
/// # Errors
/// What does not fit, with the mend; nothing is left open then.
pub async fn start_with(config: Config, parts: Parts) -> Result<Running, StartError> {
    config.check().map_err(StartError::Config)?;
    for one in &config.identity {
        private(&one.key)?;
    }
    let clock = Arc::clone(&parts.clock);
    let time = TimeSource::new(move || clock.now());
    let vens = Arc::new(Reloadable::load(config.ven_files(time.clone()))?);
    let operators = Arc::new(Reloadable::load(config.operator_files(time.clone()))?);
    let callers = Arc::new(Reloadable::load(CallerFiles(config.ven_files(time)))?);
    // Both doors before the store: an address in use is told at once, and changes nothing.
    let ven_door = listen("listen", config.listen).await?;
    let operator_door = listen("api.listen", config.api.listen).await?;
    let addresses = [address(&ven_door)?, address(&operator_door)?];
    let metrics_door = match &config.metrics {
        Some(metrics) => Some(listen("metrics.listen", metrics.listen).await?),
        None => None,
    };
    let metrics_address = metrics_door.as_ref().map(address).transpose()?;
    if let Some(directory) = &config.vtn.trace_messages {
        let made = std::fs::create_dir_all(directory);
        made.map_err(|error| StartError::Directory(directory.clone(), error))?;
    }
    let store = open(&config.store).await?;
    let audit = open_audit(&config, parts.clock.now()).await?;
    let Parts { clock, hooks, mut random } = parts;
    let own = Random::from_rng(&mut random);
    let vtn = Vtn::open(config.vtn.clone(), store, hooks, Arc::clone(&clock), random).await?;
    let vtn = vtn.audited(audit);
    let (stop, last) = (watch::Sender::new(false), watch::Sender::new(false));
    let api = api(&vtn, &config, stop.subscribe());
    let mut monitors = vec![sample(Sampler::start(&vtn).await, last.subscribe())];
    monitors.extend(
        metrics_door.map(|door| {
            tokio::spawn(super::serve_plain(door, api.clone(), until(last.subscribe())))
        }),
    );
    let tasks = vec![
        let_time_pass(&vtn, stop.subscribe()),
        watch_files(vec![vens.clone(), operators.clone(), callers.clone()], stop.subscribe()),
        push_to_vens(&vtn, &callers, own, stop.subscribe()),
        serve_vens(&vtn, ven_door, &vens, stop.subscribe()),
        mind_certificates(api.clone(), stop.subscribe()),
        serve_operators(api, (operator_door, &operators), stop.subscribe()),
    ];
    Ok(Running {
        vtn,
        vens,
        operators,
        callers,
        addresses,
        metrics_address,
        config,
        stop,
        tasks,
        last,
        monitors,
    })
}

impl Parts {
    /// This clock, no platform, the system's random source.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, hooks: Hooks::default(), random: Random::from_os_rng() }
    }
}

impl Running {
    /// The VTN itself.
    #[must_use]
    pub fn vtn(&self) -> &Vtn {
        &self.vtn
    }

    /// What it was started with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where VENs call.
    #[must_use]
    pub fn ven_address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// Where operators call.
    #[must_use]
    pub fn operator_address(&self) -> SocketAddr {
        self.addresses[1]
    }

    /// Where monitors of this machine ask in plain, if they may.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Our certificates, the preferred one first.
    #[must_use]
    pub fn certificates(&self) -> Vec<PeerCertificate> {
        certificates(&self.config)
    }

    /// Reads certificates, authorities and revocation lists again; new connections use them.
    ///
    /// # Errors
    /// The file at fault; what was in force stays.
    pub fn reload(&self) -> Result<(), StartError> {
        for one in &self.config.identity {
            private(&one.key)?;
        }
        self.vens.reload()?;
        self.callers.reload()?;
        Ok(self.operators.reload()?)
    }

    /// Closes both doors, finishes what is in flight, closes the store. Returns how many
    /// connections had to be cut off.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn stop(mut self) -> Result<usize, StartError> {
        self.stop.send_replace(true);
        let mut cut_off = 0;
        for task in std::mem::take(&mut self.tasks) {
            // A door that panicked has cut off nobody that could be counted.
            cut_off += task.await.unwrap_or(0);
        }
        if let Some(audit) = self.vtn.audit() {
            audit.close(self.vtn.clock().now()).await;
        }
        self.last.send_replace(true);
        for task in std::mem::take(&mut self.monitors) {
            // Monitors are cut off without being counted.
            let _ = task.await;
        }
        self.vtn.store().close().await?;
        Ok(cut_off)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.iter().chain(&self.monitors).for_each(JoinHandle::abort);
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

fn serve_vens(
    vtn: &Vtn,
    listener: TcpListener,
    tls: &Arc<Reloadable<ServerFiles>>,
    stop: watch::Receiver<bool>,
) -> JoinHandle<usize> {
    let longest = &vtn.settings().limits;
    let max_body = longest.report_bytes.max(longest.message_bytes);
    let limits = Limits { max_body, ..Limits::default() };
    let handler: Arc<dyn Handler> = Arc::new(vtn.clone());
    let server = knocks::noted(Server::new(handler, limits, Arc::clone(vtn.clock())), vtn);
    let meters = server.meters();
    let tls = Arc::clone(tls);
    let security = ServerSecurity::tls(move || tls.current());
    let vtn = vtn.clone();
    tokio::spawn(async move {
        knocks::counted(&vtn, &meters, server.serve(listener, security, until(stop))).await
    })
}

/// What operators and monitors ask.
fn api(vtn: &Vtn, config: &Config, stop: watch::Receiver<bool>) -> Api {
    let told = config.clone();
    let about = About {
        started: vtn.clock().now(),
        store: Some(config.store.clone()),
        held: Arc::new(move || held::read(&told)),
        stop,
    };
    Api::new(vtn.clone(), config.operators.clone(), config.api.body_bytes, about)
}

fn serve_operators(
    api: Api,
    (listener, tls): (TcpListener, &Arc<Reloadable<ServerFiles>>),
    stop: watch::Receiver<bool>,
) -> JoinHandle<usize> {
    let tls = Arc::clone(tls);
    tokio::spawn(super::serve(listener, Arc::new(move || tls.current()), api, until(stop)))
}

/// Tells what ends soon.
fn mind_certificates(api: Api, stop: watch::Receiver<bool>) -> JoinHandle<usize> {
    tokio::spawn(async move {
        expiry::mind(api, until(stop)).await;
        0
    })
}

/// Keeps the gauges.
fn sample(sampler: Sampler, stop: watch::Receiver<bool>) -> JoinHandle<usize> {
    tokio::spawn(async move {
        tokio::select! {
            () = sampler.run() => {}
            () = until(stop) => {}
        }
        0
    })
}

/// Keeps the series and lets the market write down what has expired, at once and now and then.
fn let_time_pass(vtn: &Vtn, mut stop: watch::Receiver<bool>) -> JoinHandle<usize> {
    let vtn = vtn.clone();
    tokio::spawn(async move {
        let clock = Arc::clone(vtn.clock());
        loop {
            vtn.keep_event_series().await;
            if let Err(error) = vtn.let_market_time_pass().await {
                tracing::error!(%error, "the market's time does not pass");
            }
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return 0,
                () = clock.sleep(TICK) => {}
            }
        }
    })
}

pub(super) async fn until(mut stop: watch::Receiver<bool>) {
    // An error means that `Running` is gone: that is a stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn listen(key: &'static str, wanted: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(wanted).await.map_err(|error| StartError::Listen(key, wanted, error))
}

fn address(listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|error| StartError::Config(error.to_string()))
}

/// Opening reads the file and may repair it: not on a thread that serves.
async fn open(directory: &Path) -> Result<Store, StartError> {
    let directory = directory.to_owned();
    let opening = tokio::task::spawn_blocking(move || Store::open(directory, Options::default()));
    // The task fails only if the runtime ends under it.
    Ok(opening.await.unwrap_or(Err(oadr_store::Error::Closed))?)
}

/// As a store's, its opening reads files and may mend them.
async fn open_audit(config: &Config, now: Timestamp) -> Result<Audit, StartError> {
    let (dir, settings) = (config.audit_dir(), config.audit.clone());
    let opening = tokio::task::spawn_blocking(move || Audit::open(&dir, settings, now));
    Ok(opening.await.unwrap_or(Err(audit::Error::Closed))?)
}

fn certificates(config: &Config) -> Vec<PeerCertificate> {
    let read =
        config.identity.iter().map(|one| Identity::from_pem_files(&one.certificate, &one.key));
    // The files may have been taken away since they were read: then there is nothing to tell.
    read.flatten().filter_map(|own| PeerCertificate::from_der(own.leaf()).ok()).collect()
}

/// Refuses a key that others may read or change.
///
/// # Errors
/// [`StartError::Exposed`]; [`StartError::Certs`] if it is not there.
pub fn private(key: &Path) -> Result<(), StartError> {
    let about = std::fs::metadata(key)
        .map_err(|error| oadr_certs::Error::Unreadable(key.to_owned(), error))?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o027 != 0 {
        return Err(StartError::Exposed(key.to_owned()));
    }
    let _ = about;
    Ok(())
}

/// How often series are kept and the market's time passes, by the VTN's clock.
const TICK: Duration = Duration::from_secs(60);
