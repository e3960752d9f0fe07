//! The command line of `vtn`: its commands and exit codes.

mod audit;
mod backup;
mod certificate;
mod config;
mod content;
mod event;
mod explain;
mod files;
mod group;
mod holidays;
mod init;
mod metrics;
mod opt;
mod programme;
mod remote;
mod report;
mod run;
mod safely;
mod series;
mod show;
mod signals;
mod status;
mod steered;
mod template;
mod templates;
mod trade;
mod ven;

use std::fmt;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use oadr_vtn::operator::client::CallError;
use oadr_vtn::operator::config::ConfigError;
use oadr_vtn::operator::program::StartError;

/// A VTN for OpenADR 2.0b and OASIS Energy Interoperation 1.0.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Args {
    #[command(flatten)]
    remote: remote::Remote,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a commented vtn.toml; with --lab also throw-away certificates, so that `vtn run` works
    Init(init::Init),
    /// Serve VENs and operators until SIGTERM or ctrl-c; SIGHUP reads certificates again
    Run(run::Run),
    /// VENs: list, show, add, approve, remove, groups, reregister
    Ven(ven::Command),
    /// Groups of VENs: list, show, put, add, drop, remove
    Group(group::Command),
    /// Programmes: list, show, put, remove
    Programme(programme::Command),
    /// Templates of events: list, show, put, remove
    Template(templates::Command),
    /// Series of events: list, show, put, preview, events, stop
    Series(series::Command),
    /// Lists of holidays: list, show, put, remove
    Holidays(holidays::Command),
    /// Events: create, list, show, modify, cancel, answers
    Event(event::Command),
    Explain(explain::Explain),
    /// Reports: list what is offered and asked for, request, cancel
    Report(report::Command),
    /// What a VEN measured
    Readings(report::Readings),
    /// Opt schedules of a VEN
    Opt(opt::Command),
    /// What is traded: tenders, transactions, deliveries
    Trade(trade::Command),
    /// The log of what operators and VENs did: show, verify
    Audit(audit::Command),
    /// Certificates: list by when they end, expiring
    Certificate(certificate::Command),
    /// Look a vtn.toml over before it is used
    Config(config::Command),
    /// How the VTN is
    Status(status::Status),
    /// What it measures, in Prometheus' text format
    Metrics(metrics::Metrics),
    /// Copy the store and the audit log of the running VTN into a directory of its machine
    Backup(backup::Backup),
    /// Make the store out of a backup; the VTN must not run
    Restore(backup::Restore),
}

/// Reads the arguments, does what they say and gives the exit code.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let remote = &args.remote;
    let done = match args.command {
        Command::Init(init) => init.run(),
        Command::Run(run) => run.run(remote),
        Command::Ven(ven) => ven.run(remote),
        Command::Group(group) => group.run(remote),
        Command::Programme(programme) => programme.run(remote),
        Command::Template(template) => template.run(remote),
        Command::Series(series) => series.run(remote),
        Command::Holidays(holidays) => holidays.run(remote),
        Command::Event(event) => event.run(remote),
        Command::Explain(explain) => explain.run(remote),
        Command::Report(report) => report.run(remote),
        Command::Readings(readings) => readings.run(remote),
        Command::Opt(opt) => opt.run(remote),
        Command::Trade(trade) => trade.run(remote),
        Command::Audit(audit) => audit.run(remote),
        Command::Certificate(certificate) => certificate.run(remote),
        Command::Config(config) => config.run(remote),
        Command::Status(status) => status.run(remote),
        Command::Metrics(metrics) => metrics.run(remote),
        Command::Backup(backup) => backup.run(remote),
        Command::Restore(restore) => restore.run(remote),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            show::complain(&failure, remote.json);
            ExitCode::from(failure.code())
        }
    }
}

/// What a command comes to.
type Done = Result<(), Failure>;

/// Why a command came to nothing; its exit code follows.
#[derive(Debug)]
enum Failure {
    /// The VTN says no, or failed: 1.
    Refused(CallError),
    /// Arguments, configuration, files, addresses: 2.
    Wrong(String),
    /// Nobody there: 3.
    Unreachable(CallError),
}

impl Failure {
    fn wrong(what: impl fmt::Display) -> Self {
        Self::Wrong(what.to_string())
    }

    /// The exit code as a word.
    fn word(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Wrong(_) => "wrong",
            Self::Unreachable(_) => "unreachable",
        }
    }

    fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Wrong(_) => 2,
            Self::Unreachable(_) => 3,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) | Self::Unreachable(error) => error.fmt(f),
            Self::Wrong(what) => f.write_str(what),
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(_) => Self::Refused(error),
            CallError::Config(what) => Self::Wrong(what),
            CallError::Unreachable(_) | CallError::Broken(_) => Self::Unreachable(error),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::wrong(error)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::wrong(error)
    }
}

impl From<oadr_vtn::audit::Error> for Failure {
    fn from(error: oadr_vtn::audit::Error) -> Self {
        Self::wrong(error)
    }
}

impl From<oadr_certs::Error> for Failure {
    fn from(error: oadr_certs::Error) -> Self {
        Self::wrong(error)
    }
}

impl From<oadr_store::Error> for Failure {
    fn from(error: oadr_store::Error) -> Self {
        Self::wrong(error)
    }
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 refused by the VTN (it says why); 2 wrong arguments, configuration or files;
3 the VTN cannot be reached. With --json results go to stdout and errors to stderr as JSON.";
