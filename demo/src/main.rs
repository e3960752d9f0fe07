//! The tour: a CA, a VTN, five VENs over real mutual TLS, and a scripted day on an accelerated
//! clock, with real meter data. Exits 0 only if everything that had to happen happened.

mod cast;
mod day;
mod files;
mod outcome;
mod sites;
mod story;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use jiff::Timestamp;
use oadr_transport::{Clock, OffsetClock};

use cast::{Cast, Failed, Setting};
use story::Story;

/// A VTN, five VENs and a real day, in two minutes.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Where everything is kept; a temporary directory if not given
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Leave the VTN running afterwards, for a look with the `vtn` commands (needs --dir)
    #[arg(long, requires = "dir")]
    keep: bool,
    /// Seconds of the day in a real second
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(1..=2000))]
    speed: u32,
    /// For ids, jitter and random starts: the same seed draws the same numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Log every message of the VTN and the VENs to standard error
    #[arg(long)]
    log: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.log {
        tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.map_err(Failed::from).and_then(|runtime| runtime.block_on(run(&options)));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("demo: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(options: &Options) -> Result<bool, Failed> {
    let temporary = tempfile::tempdir()?;
    let dir = options.dir.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(dir)?;
    if dir.join("vtn-store").exists() {
        return Err(
            format!("{} holds an earlier day; name another directory", dir.display()).into()
        );
    }
    let dawn = cast::dawn()?;
    let clock: Arc<dyn Clock> = Arc::new(OffsetClock::new(dawn, options.speed));
    println!("A day in {} s; everything is kept in {}.", 86_400 / options.speed, dir.display());
    let setting = Setting { dir, clock: Arc::clone(&clock), seed: options.seed };
    let cast = Cast::gather(&setting).await?;
    play(&cast, &*clock, dawn).await?;
    conclude(cast, options, dir, dawn).await
}

/// Goes through the script, looking around every ten minutes of the day.
async fn play(cast: &Cast, clock: &dyn Clock, dawn: Timestamp) -> Result<(), Failed> {
    let mut story = Story::default();
    for (minutes, act) in day::SCRIPT {
        let due = day::at(dawn, minutes);
        while clock.now() < due {
            let look = day::at(clock.now(), 10).min(due);
            clock.sleep_until(look).await;
            story.look(cast, clock.now())?;
        }
        let line = act.perform(cast, dawn).await?;
        Story::act(clock.now(), &line);
    }
    // What is under way at midnight comes in: the last reports, the last delivery.
    for _ in 0..12 {
        clock.sleep(Duration::from_secs(600)).await;
        story.look(cast, clock.now())?;
    }
    Ok(())
}

async fn conclude(
    cast: Cast,
    options: &Options,
    dir: &Path,
    dawn: Timestamp,
) -> Result<bool, Failed> {
    let rows = outcome::rows(&cast, dawn)?;
    let expectations = outcome::expectations(&cast, &rows);
    let sizes: Vec<u64> = rows
        .iter()
        .map(|row| std::fs::metadata(dir.join(row.ven).join("store.redb")).map_or(0, |m| m.len()))
        .collect();
    outcome::print(&rows, &sizes);
    let counters = cast.vtn.vtn().counters();
    let vtn_bytes = cast.dismiss(dir).await?;
    println!("\nVTN: {} requests, store {} kB", counters.requests, vtn_bytes / 1024);
    println!();
    for expectation in &expectations {
        println!("{} {}", if expectation.holds { "ok    " } else { "FAILED" }, expectation.what);
    }
    let failed = expectations.iter().filter(|e| !e.holds).count();
    println!("\n{} passed, {failed} failed", expectations.len() - failed);
    if options.keep {
        keep(dir).await?;
    }
    Ok(failed == 0)
}

/// Serves what the day left behind until somebody interrupts.
async fn keep(dir: &Path) -> Result<(), Failed> {
    let config = cast::config_of(dir)?;
    let running =
        oadr_vtn::operator::program::start(config, Arc::new(oadr_transport::SystemClock)).await?;
    let (dir, address) = (dir.display(), running.operator_address());
    println!("\nThe VTN goes on. Look at it with, for example:");
    println!(
        "  vtn --url https://localhost:{} --cert {dir}/operator.pem --key {dir}/operator.key --ca {dir}/ca/roots.pem ven list",
        address.port()
    );
    println!("Ctrl-C ends it.");
    tokio::signal::ctrl_c().await?;
    running.stop().await?;
    Ok(())
}
