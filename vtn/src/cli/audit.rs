//! `vtn audit …`: the log of what operators and VENs did.

mod line;

use std::path::{Path, PathBuf};

use axum::http::Method;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use oadr_vtn::audit::{self, Digest, Found, Query, Shown, Verdict, verify};
use oadr_vtn::operator::client::Call;
use serde_json::{Value, json};

use super::remote::Remote;
use super::{Done, Failure, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Its lines, oldest first; with --json as they stand in the log, one on each line
    Show(Show),
    /// Whether a log is whole: no line altered, removed or moved. Reads its files, also while they
    /// are written
    Verify {
        /// The log's directory, or that of a store or backup that holds it; without it the one of
        /// the configuration
        dir: Option<PathBuf>,
        /// The hash of a line that must be there, as it was told earlier: so a cut end is found
        #[arg(long, value_name = "HASH")]
        head: Option<Digest>,
    },
}

#[derive(Args)]
struct Show {
    /// Messages of this VEN only
    #[arg(long)]
    ven: Option<String>,
    /// What this operator did only
    #[arg(long, conflicts_with = "ven")]
    operator: Option<String>,
    /// From this instant on, such as 2026-06-01T12:00:00Z
    #[arg(long)]
    since: Option<Timestamp>,
    /// Before this instant
    #[arg(long)]
    until: Option<Timestamp>,
    /// Read the files of this directory, such as a backup's, in place of asking the VTN
    #[arg(long)]
    dir: Option<PathBuf>,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        match self.what {
            What::Show(show) => show.run(remote),
            What::Verify { dir, head } => verified(remote, dir, head),
        }
    }
}

impl Show {
    /// Page by page, as a log is longer than what one would hold in memory.
    fn run(self, remote: &Remote) -> Done {
        let mut after = 0;
        loop {
            let found = match &self.dir {
                Some(dir) => self.read(dir, after)?,
                None => self.ask(remote, after)?,
            };
            for one in found.lines {
                if remote.json {
                    // In the order of its file, so that its hash can be made again.
                    show::say(serde_json::to_string(&one).map_err(Failure::wrong)?);
                } else {
                    show::say(show::plain(line::told(&one)));
                }
            }
            match found.next {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }

    fn read(&self, dir: &Path, after: u64) -> Result<Found, Failure> {
        let Self { ven, operator, since, until, .. } = self;
        let (ven, operator, since, until) = (ven.clone(), operator.clone(), *since, *until);
        let limit = 1000;
        Ok(audit::read(dir, &Query { after, since, until, ven, operator, limit })?)
    }

    fn ask(&self, remote: &Remote, after: u64) -> Result<Found, Failure> {
        let mut call = Call::new(Method::GET, &["audit"]).ask("limit", "1000");
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        let fields = [
            ("after", Some(after.to_string())),
            ("ven", self.ven.clone()),
            ("operator", self.operator.clone()),
            ("since", time(self.since)),
            ("until", time(self.until)),
        ];
        for (name, value) in fields {
            call = value.iter().fold(call, |call, value| call.ask(name, value));
        }
        let mut page = remote.call(call)?;
        let next = page.pointer("/next").and_then(Value::as_str).and_then(|next| next.parse().ok());
        let lines: Vec<Shown> = page
            .get_mut("items")
            .map(Value::take)
            .map_or(Ok(Vec::new()), serde_json::from_value)
            .map_err(|error| Failure::wrong(format!("not a page of an audit log: {error}")))?;
        Ok(Found { lines, next })
    }
}

fn verified(remote: &Remote, dir: Option<PathBuf>, head: Option<Digest>) -> Done {
    let dir = dir.map_or_else(|| remote.read_config().map(|config| config.audit_dir()), Ok)?;
    let verdict = verify(&dir, head)?;
    if remote.json {
        show::json(&json!({ "sound": verdict.is_sound(), "verdict": verdict }));
    } else {
        tell(&verdict);
    }
    match verdict.faults.len() {
        0 => Ok(()),
        faults => Err(Failure::wrong(format!("{}: {faults} faults", verdict.dir.display()))),
    }
}

fn tell(verdict: &Verdict) {
    let Verdict { segments, lines, lost, cuts, unfinished, .. } = verdict;
    verdict.faults.iter().for_each(|fault| show::say(format_args!("wrong  {fault}")));
    let notes = [
        (*lost, "lines were lost when they could not be written: see its lines `lost`"),
        (*cuts, "ends that crashes left unfinished were cut: see its lines `cut`"),
        (*unfinished, "bytes of an unfinished line stand at the end; the next start cuts them"),
    ];
    for (count, what) in notes.iter().filter(|(count, _)| *count > 0) {
        show::say(format_args!("note   {count} {what}"));
    }
    let dir = verdict.dir.display();
    show::say(format_args!("{dir}: {lines} lines in {segments} segments"));
    if let Some(head) = verdict.head {
        show::say(format_args!("head {} is line {} of {}", head.hash, head.seq, head.time));
    }
}
