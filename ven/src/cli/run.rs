//! `ven run`: the VEN with the system's clock, real TLS and the site of its settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::tls::{ClientFiles, Reloadable, ServerFiles};
use oadr_platform::prosumer::NoProsumer;
use oadr_platform::prosumer::site::Profile;
use oadr_store::{Batch, Options, Store};
use oadr_transport::{
    BaseUrl, Client, ClientLimits, ClientSecurity, Clock, ManualClock, Random, SystemClock,
    TcpConnect,
};
use rand::SeedableRng;
use tokio::signal::unix::{SignalKind, signal};

use super::config::Config;
use super::console::{Console, Parts};
use super::house::House;
use super::listen::Listening;
use super::{Done, Problem, settings};
use crate::tables::PIN;
use crate::{Handle, Settings, Status, Surroundings, Ven, Wire};

/// Run the VEN
#[derive(clap::Args)]
pub struct Run {
    #[command(flatten)]
    at: super::At,
    /// Write every message, as it is on the wire, into this directory
    #[arg(long)]
    trace_messages: Option<PathBuf>,
    /// Log as JSON, one object a line
    #[arg(long)]
    json_log: bool,
    /// Answer questions about the site: lines of JSON on stdin and stdout, as an operator hook
    /// of the conformance kit has them; the end of stdin ends the program
    #[arg(long)]
    console: bool,
    /// For laboratories only: time stands still, from now or FROM on, but for what the console
    /// is told by `clock`
    #[arg(long, value_name = "FROM", num_args = 0..=1, require_equals = true, requires = "console")]
    steered_clock: Option<Option<Timestamp>>,
}

impl Run {
    /// Runs until a signal. RUST_LOG chooses what is logged; `info` is one line a message.
    pub fn run(self) -> Done {
        log(self.json_log);
        let config = Config::read(&self.at.config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(settings)?.block_on(self.serve(config))
    }

    async fn serve(self, config: Config) -> Done {
        let steered = self.steered_clock.map(steered);
        let clock: Arc<dyn Clock> = match &steered {
            Some(clock) => Arc::new(clock.clone()),
            None => Arc::new(SystemClock),
        };
        let base: BaseUrl = config.vtn.parse().map_err(|e| settings(format!("vtn: {e}")))?;
        let tls = Arc::new(Reloadable::load(config.client_files()?).map_err(settings)?);
        let current = Arc::clone(&tls);
        let security = ClientSecurity::tls(move || current.current());
        let limits = ClientLimits::default();
        let client = Client::new(TcpConnect, security, limits, Arc::clone(&clock));
        let store = Store::open(config.data(), Options::default()).map_err(settings)?;
        let wire = Wire::new(client.clone(), base, store.clone()).map_err(settings)?;
        let wire = match self.trace_messages {
            Some(directory) => wire.traced(directory).map_err(settings)?,
            None => wire,
        };
        let house = house(&config)?.map(Arc::new);
        let random = Random::from_os_rng();
        let prosumer = house.clone().map_or_else(|| Arc::new(NoProsumer) as _, |house| house as _);
        let wire = Arc::new(wire);
        let listening = Listening::open(&config, &clock).await?;
        let doors = listening.as_ref().map(|one| Arc::clone(&one.files));
        let push_to = listening.as_ref().map(|one| one.address.clone());
        let surroundings = Surroundings {
            store: store.clone(),
            prosumer,
            link: Arc::clone(&wire) as _,
            clock: Arc::clone(&clock),
            random,
        };
        let own = Settings { push_to, ..config.settings() };
        let mut ven = Ven::open(own, surroundings).await.map_err(settings)?;
        let served = served(listening, &ven, wire, Arc::clone(&clock));
        let (told, file) = (ven.handle(), config.status_file());
        let parts = Parts { handle: ven.handle(), house, clock, steered };
        tracing::info!(name = config.name, vtn = config.vtn, "started");
        let ran = tokio::select! {
            ran = ven.run(stopped()?) => ran,
            () = tell(told, &file) => Ok(()),
            () = follow_files((&tls, &client), doors.as_deref()) => Ok(()),
            () = served => Ok(()),
            () = answer(self.console.then(|| Console::new(parts))) => Ok(()),
        };
        drop(ven);
        store.close().await.map_err(settings)?;
        tracing::info!("stopped");
        ran.map(|()| true).map_err(|error| Problem::Running(error.to_string()))
    }
}

/// A clock that stands at `from`, or at the second that is now.
fn steered(from: Option<Timestamp>) -> ManualClock {
    tracing::warn!("a steered clock: time stands still but for what the console is told");
    let now = SystemClock.now();
    let whole = Timestamp::from_second(now.as_second()).unwrap_or(now);
    ManualClock::new(from.unwrap_or(whole))
}

/// Returns when whoever asks is done; without a console, never.
async fn answer(console: Option<Console>) {
    match console {
        Some(console) => console.run().await,
        None => std::future::pending().await,
    }
}

/// Serves the VTN that pushes; never returns. Without a listener there is nothing to do.
fn served(
    listening: Option<Listening>,
    ven: &Ven,
    wire: Arc<Wire>,
    clock: Arc<dyn Clock>,
) -> impl Future<Output = ()> + use<> {
    let serving = listening.map(|one| one.serve(ven, wire, clock));
    async move {
        match serving {
            Some(serving) => serving.await,
            None => std::future::pending().await,
        }
    }
}

/// `ven forget-vtn`.
pub fn forget_vtn(path: &Path) -> Done {
    let config = Config::read(path)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(settings)?;
    runtime.block_on(async {
        let store = Store::open(config.data(), Options::default()).map_err(settings)?;
        let mut batch = Batch::new();
        PIN.delete(&mut batch, "vtn");
        store.commit(batch).await.map_err(settings)?;
        store.close().await.map_err(settings)?;
        super::say("The next VTN that answers, under a trusted certificate, is the VTN.");
        Ok(true)
    })
}

/// The site of the settings, if there is one.
fn house(config: &Config) -> Result<Option<House>, Problem> {
    let Some(site) = &config.site else { return Ok(None) };
    let path = config.file(&site.meter_data);
    let wrong = |what: String| settings(format!("{}: {what}", path.display()));
    let text = fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
    let profile = Profile::parse(&text).map_err(|refusal| wrong(refusal.to_string()))?;
    let house = House::new(&site.simulation, &site.also, &profile, site.since);
    house.map(Some).map_err(|refusal| settings(format!("site: {refusal}")))
}

/// SIGTERM or Ctrl-C.
fn stopped() -> Result<impl Future<Output = ()>, Problem> {
    let mut terminate = signal(SignalKind::terminate()).map_err(settings)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(settings)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Keeps the status file up to date; never returns.
async fn tell(handle: Handle, file: &Path) {
    let mut status = handle.status();
    loop {
        let now = status.borrow_and_update().clone();
        if let Err(error) = write(file, &now) {
            tracing::warn!(%error, file = %file.display(), "the status cannot be written");
        }
        if status.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whole or not at all, so that a reader never sees half of it.
fn write(file: &Path, status: &Status) -> std::io::Result<()> {
    let fresh = file.with_extension("json.new");
    fs::write(&fresh, serde_json::to_vec_pretty(status)?)?;
    fs::rename(&fresh, file)
}

/// New certificates and revocation lists count without a restart; never returns.
async fn follow_files(
    (tls, client): (&Reloadable<ClientFiles>, &Client),
    doors: Option<&Reloadable<ServerFiles>>,
) {
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        if let Some(Err(error)) = doors.map(Reloadable::reload_if_changed) {
            tracing::error!(%error, "the listener's certificates stay as they were");
        }
        match tls.reload_if_changed() {
            Ok(false) => {}
            Ok(true) => {
                tracing::info!("certificates read again");
                client.reconnect();
            }
            Err(error) => tracing::error!(%error, "certificates stay as they were"),
        }
    }
}

fn log(json: bool) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for a terminal; in a file they are noise.
    let log = log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    match json {
        true => log.json().init(),
        false => log.init(),
    }
}

const LOOK_AGAIN: Duration = Duration::from_secs(30);
