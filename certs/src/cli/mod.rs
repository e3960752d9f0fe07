//! The command line of `certs`, its exit codes and the one place where it reads the clock.

mod authority;
mod check;
mod look;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::Timestamp;
use oadr_certs::Error;

/// Certificates for OpenADR: a throw-away authority, fingerprints, and a doctor for connections.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a throw-away certificate authority (RSA-3072 and P-256) for trials
    Init(authority::Init),
    /// Issue a certificate and its key to a VTN, a VEN or an operator
    Issue(authority::Issue),
    /// Make the authority's revocation lists anew
    Crl(authority::Crl),
    /// Print the OpenADR fingerprint of a certificate
    Fingerprint(look::Fingerprint),
    /// Show certificates and what OpenADR wants of them
    Show(look::Show),
    /// Call a server step by step and tell which step fails and how to mend it
    Check(check::Check),
}

/// Reads the arguments, does what they say and gives the exit code.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let now = now();
    let done = match args.command {
        Command::Init(init) => init.run(now),
        Command::Issue(issue) => issue.run(now),
        Command::Crl(crl) => crl.run(now),
        Command::Fingerprint(fingerprint) => fingerprint.run(),
        Command::Show(show) => show.run(now),
        Command::Check(check) => check.run(now),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(e) => {
            let _ = writeln!(io::stderr(), "certs: {e}");
            ExitCode::from(3)
        }
    }
}

/// What a command comes to: whether all was well, or an error with files or settings.
type Done = Result<bool, Error>;

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
Exit codes: 0 all is well; 1 a check failed (check) or a peer would refuse the certificate (show);
2 wrong arguments; 3 a file cannot be read or written, or does not hold what it should.";
