//! `vtn run`: the server, from its first line to its last.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use oadr_transport::SystemClock;
use oadr_vtn::Vtn;
use oadr_vtn::operator::Config;
use oadr_vtn::operator::program::{self, Running};
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::remote::Remote;
use super::steered::Steered;
use super::{Done, Failure, show};

#[derive(Args)]
pub struct Run {
    /// Where VENs call, in place of what the configuration says
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Where operators call, in place of what the configuration says
    #[arg(long)]
    api_listen: Option<SocketAddr>,
    /// Archive raw messages in this directory; they are personal data
    #[arg(long, value_name = "DIR")]
    trace_messages: Option<PathBuf>,
    /// For laboratories only: time stands still, from now or FROM on, but for lines `advance
    /// MILLISECONDS` on stdin, each answered with the time as a line of JSON; the end of stdin
    /// ends the program. Needs the policy `open`
    #[arg(long, value_name = "FROM", num_args = 0..=1, require_equals = true)]
    steered_clock: Option<Option<Timestamp>>,
    /// The log's form, on stderr
    #[arg(long, value_enum, default_value = "text")]
    log: LogForm,
    /// What is logged, such as `info` or `oadr_vtn=debug,warn`
    #[arg(long, env = "VTN_LOG", default_value = "info")]
    log_filter: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogForm {
    Text,
    Json,
}

impl Run {
    pub fn run(self, remote: &Remote) -> Done {
        self.log()?;
        let mut config = remote.read_config()?;
        config.listen = self.listen.unwrap_or(config.listen);
        config.api.listen = self.api_listen.unwrap_or(config.api.listen);
        config.vtn.trace_messages = self.trace_messages.clone().or(config.vtn.trace_messages);
        let steered = self.steered_clock.map(|from| Steered::new(&config, from)).transpose()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(Failure::wrong)?.block_on(serve(config, steered, remote.json))
    }

    fn log(&self) -> Done {
        let filter = EnvFilter::try_new(&self.log_filter)
            .map_err(|error| Failure::wrong(format!("--log-filter: {error}")))?;
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        match self.log {
            LogForm::Text => {
                log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init()
            }
            LogForm::Json => log.json().flatten_event(true).init(),
        }
        Ok(())
    }
}

/// From the opening of the doors to the closing of the store.
async fn serve(config: Config, steered: Option<Steered>, json: bool) -> Done {
    // Before the doors open: a signal that comes early is not lost.
    let mut signals = Signals::new().map_err(Failure::wrong)?;
    let clock = steered.as_ref().map_or_else(|| Arc::new(SystemClock) as _, Steered::clock);
    let running = program::start(config, clock).await?;
    tell(&running, json);
    tokio::select! {
        () = signals.follow(&running) => {}
        () = steer(steered, running.vtn().clone()) => {}
    }
    tracing::info!("ending: finishing what is in flight; a second signal aborts");
    tokio::select! {
        stopped = running.stop() => {
            let cut_off = stopped?;
            tracing::info!(cut_off, "ended; the store is closed");
            Ok(())
        }
        () = signals.end() => {
            tracing::warn!("aborted by a second signal");
            // The runtime would wait for what hangs: that is what is being aborted.
            std::process::exit(ABORTED)
        }
    }
}

/// Returns when whoever steers the clock is done; without a steered clock, never.
async fn steer(steered: Option<Steered>, vtn: Vtn) {
    let Some(steered) = steered else { return std::future::pending().await };
    tracing::warn!("a steered clock: time stands still but for what stdin says; no real market");
    steered.follow(vtn).await;
}

/// The first line: where, with which certificates, over which store.
fn tell(running: &Running, json: bool) {
    let config = running.config();
    let (vens, operators) = (running.ven_address(), running.operator_address());
    let certificates = running.certificates();
    // The whole path: whoever reads the line may stand elsewhere.
    let store = std::path::absolute(&config.store).unwrap_or_else(|_| config.store.clone());
    let prints: Vec<_> = certificates.iter().map(|one| one.fingerprint().to_string()).collect();
    if json {
        return show::json(&json!({
            "vtn_id": config.vtn.vtn_id, "vens": vens, "operators": operators,
            "fingerprints": prints, "store": store, "metrics": running.metrics_address(),
        }));
    }
    let prefix = config.vtn.prefix.trim_matches('/');
    let slash = if prefix.is_empty() { "" } else { "/" };
    show::say(format_args!("VTN {:?} is ready", config.vtn.vtn_id));
    show::say(format_args!("  VENs         https://{vens}/{prefix}{slash}OpenADR2/Simple/2.0b/"));
    show::say(format_args!(
        "  operators    https://{operators}/api/v1 ({} listed)",
        config.operators.len()
    ));
    if let Some(metrics) = running.metrics_address() {
        show::say(format_args!("  metrics      http://{metrics}/metrics"));
    }
    for one in &certificates {
        let until = one.not_after.strftime("%F");
        show::say(format_args!("  fingerprint  {} until {until}", one.fingerprint()));
    }
    show::say(format_args!("  store        {}", store.display()));
}

/// The signals that a server minds.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

enum Told {
    End,
    Reload,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::End,
            _ = self.interrupt.recv() => Told::End,
            _ = self.hang_up.recv() => Told::Reload,
        }
    }

    /// Reads files again as often as it is told; returns at the signal to end.
    async fn follow(&mut self, running: &Running) {
        while let Told::Reload = self.next().await {
            match running.reload() {
                Ok(()) => tracing::info!("certificates, authorities, revocation lists read again"),
                Err(error) => tracing::error!(%error, "not read again; what was in force stays"),
            }
        }
    }

    /// The next signal to end; reloading is no longer of use.
    async fn end(&mut self) {
        while !matches!(self.next().await, Told::End) {}
    }
}

/// As a shell tells a death by ctrl-c.
const ABORTED: i32 = 130;
