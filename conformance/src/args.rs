//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use oadr_conformance::hook::FEATURES;
use oadr_conformance::scenario::{Profile, Role};

use crate::family::Family;

/// Holds documents and parties against OpenADR 2.0b and OASIS Energy Interoperation 1.0.
#[derive(Debug, Parser)]
#[command(name = "conformance", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plays VENs against a VTN and says which rules it keeps.
    #[command(after_help = EXIT)]
    Vtn(Vtn),
    /// Plays the VTN for a VEN and says which rules it keeps.
    #[command(after_help = EXIT)]
    Ven(Ven),
    /// Lists the scenarios.
    List(List),
    /// Tells what a scenario does, what it expects, and what its rules ask.
    Explain(Explain),
    /// Writes the table of rules, scenarios and verdicts from reports.
    ///
    /// Exits with 0 if it is written, or with --check the same; 1 if it differs; 2 if a
    /// report or the table cannot be read or written.
    Rules(Rules),
    /// Says of each document whether it is a valid message, and if not, where it fails.
    ///
    /// Exits with 0 if all are valid, 1 if one is refused, 2 if one cannot be read or
    /// written.
    Validate(Validate),
}

#[derive(Debug, Args)]
pub struct Vtn {
    /// The VTN's base address, such as https://localhost:8443/; by default the hook tells it.
    pub url: Option<String>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct Ven {
    /// Where the kit listens for the VEN, such as 127.0.0.1:8443; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", value_parser = listen)]
    pub listen: SocketAddr,
    /// The host name under which the VEN reaches the kit.
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    pub public_host: String,
    /// Misbehaves on purpose, for authors of VENs: busy, lost, twice, slow, reregister, each with
    /// how likely it is for a request. Verdicts then say how the VEN bears it, not what it is.
    #[arg(long, value_name = "busy=P,lost=P,...")]
    pub chaos: Option<String>,
    /// Where the source of that chaos begins: the same number, the same trouble.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "chaos")]
    pub seed: u64,
    #[command(flatten)]
    pub common: Common,
}

/// What a run of either role is told.
#[derive(Debug, Args)]
pub struct Common {
    /// A throw-away authority that the subject trusts (made by `certs init --dir DIR`), or
    /// roots.pem beside ven-*.pem and ven-*.key.
    #[arg(long, value_name = "DIR")]
    pub certs: PathBuf,
    /// The subject's operator: a program with arguments, an http:// address, or `ask` for
    /// questions at the terminal. Without one, scenarios that need an operator are skipped.
    #[arg(long, value_name = "CMD|URL|ask")]
    pub operator_hook: Option<String>,
    /// The subject's name and version, for the report; by default the hook tells it.
    #[arg(long, value_name = "NAME")]
    pub subject: Option<String>,
    /// A feature that the subject has besides those that the hook's hello claims; may be given
    /// several times.
    #[arg(long, value_name = "FEATURE", value_parser = PossibleValuesParser::new(FEATURES))]
    pub claim: Vec<String>,
    /// Only scenarios of these names; `*` stands for anything, commas part several.
    #[arg(long, value_name = "PATTERN")]
    pub only: Option<String>,
    /// Only scenarios of this profile; may be given several times.
    #[arg(long, value_name = "P", value_enum)]
    pub profile: Vec<Profile>,
    /// Writes report.html, report.json and junit.xml into this folder.
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Prints one JSON object a scenario and one at the end instead of text; a scenario told
    /// twice counts as told last.
    #[arg(long)]
    pub json: bool,
    /// Holds everything the subject sent against the schema files of this folder
    /// (oadr_20b.xsd and what it includes), by xmllint.
    #[arg(long, value_name = "DIR")]
    pub xsd: Option<PathBuf>,
    /// A list of failures and skips to be expected: exits with 1 if it and the verdicts
    /// disagree in any way, else with 0.
    #[arg(long, value_name = "FILE")]
    pub known_gaps: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct List {
    /// Only those for a subject of this role.
    #[arg(value_enum)]
    pub role: Option<Role>,
    /// Prints a JSON array.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// A scenario's name, as `conformance list` has it.
    pub scenario: String,
    /// Prints a JSON array: one object for each role it exists for.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Rules {
    /// A report.json of a run of all scenarios: one of a VTN, one of a VEN, or both.
    #[arg(long, required = true, value_name = "REPORT")]
    pub from: Vec<PathBuf>,
    /// The table's file.
    #[arg(long, value_name = "FILE", default_value = "docs/rules.md")]
    pub out: PathBuf,
    /// A folder of Rust with unit tests of a role, such as `vtn=vtn/tests`: where no scenario proves a
    /// rule, those whose names begin with its number are named.
    #[arg(long, value_name = "ROLE=DIR", value_parser = role_and_folder)]
    pub tests: Vec<(Role, PathBuf)>,
    /// Compares instead of writing.
    #[arg(long)]
    pub check: bool,
}

fn role_and_folder(text: &str) -> Result<(Role, PathBuf), String> {
    let (role, folder) = text.split_once('=').ok_or("wants vtn=DIR or ven=DIR")?;
    let role = [Role::Vtn, Role::Ven].into_iter().find(|one| one.name() == role);
    Ok((role.ok_or("the role is vtn or ven")?, PathBuf::from(folder)))
}

#[derive(Debug, Args)]
pub struct Validate {
    /// The family the documents are of; by default the root element tells.
    #[arg(long, value_enum)]
    pub family: Option<Family>,
    /// Writes each valid document into this folder again, under its name, as this
    /// project writes messages.
    #[arg(long, value_name = "DIR")]
    pub reencode: Option<PathBuf>,
    /// Lets --reencode overwrite files.
    #[arg(long, requires = "reencode")]
    pub force: bool,
    /// Prints one JSON object a document instead of one line of text.
    #[arg(long)]
    pub json: bool,
    /// Largest document in bytes; the number of elements allowed grows with it.
    #[arg(long, value_name = "N", default_value_t = 256 * 1024)]
    pub max_bytes: usize,
    /// XML documents; `-` is the standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Reads where to listen.
fn listen(text: &str) -> Result<SocketAddr, String> {
    let mend = "write an IP address and a port, such as 127.0.0.1:8443, or 0.0.0.0:8443 for all";
    text.parse().map_err(|_| mend.to_owned())
}

const EXIT: &str = "\
Exit code:
  0    nothing failed, nothing was inconclusive (skips are told, never counted as passed)
  1    something failed; with --known-gaps: the list and the verdicts disagree
  2    the command line is wrong, or the run could not begin
  3    nothing failed, but something was inconclusive
  130  it was cut short by Ctrl-C or SIGTERM; the report has what was played so far";
