//! The program `ven`: its command line, its exit codes, and the one place where it reads the
//! clock.

mod config;
mod console;
mod house;
mod init;
mod listen;
mod run;
mod show;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::Timestamp;

/// An OpenADR 2.0b VEN with the EI 1.0 transactive services.
#[derive(Parser)]
#[command(name = "ven", version, after_help = EXIT_CODES)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a ven.toml and print the fingerprint to tell the utility
    Init(init::Init),
    /// Run until SIGTERM or Ctrl-C
    Run(run::Run),
    /// Tell what a running VEN does
    Status(show::Show),
    /// Forget the VTN's certificate, after its operator renewed it; the VEN must not run
    ForgetVtn(At),
}

/// Which VEN.
#[derive(clap::Args)]
struct At {
    /// The settings of the VEN
    #[arg(long, default_value = "ven.toml")]
    config: PathBuf,
}

/// Reads the arguments, does what they say and gives the exit code.
pub fn run() -> ExitCode {
    let done = match Args::parse().command {
        Command::Init(init) => init.run(now()),
        Command::Run(run) => run.run(),
        Command::Status(show) => show.run(now()),
        Command::ForgetVtn(at) => run::forget_vtn(&at.config),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Problem::Settings(what)) => complain(&what, 3),
        Err(Problem::Running(what)) => complain(&what, 4),
    }
}

/// What a command comes to: whether all is well.
type Done = Result<bool, Problem>;

/// Why a command did not do its work.
enum Problem {
    /// A file or a setting; says which and the mend.
    Settings(String),
    /// The store gave up while the VEN ran.
    Running(String),
}

/// A problem with a file or setting.
fn settings(what: impl Display) -> Problem {
    Problem::Settings(what.to_string())
}

fn complain(what: &str, code: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "ven: {what}");
    ExitCode::from(code)
}

/// Prints a line; a reader that went away (`| head`) is no error.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// The program's own edge: everything below is given the time.
#[allow(clippy::disallowed_methods)]
fn now() -> Timestamp {
    Timestamp::now()
}

const EXIT_CODES: &str = "\
Exit codes: 0 all is well; 1 the VEN is not registered or does not run (status); 2 wrong
arguments; 3 a file or setting is wrong, or cannot be read or written; 4 the store gave up
while the VEN ran.";
