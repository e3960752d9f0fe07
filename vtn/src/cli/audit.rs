//! `vtn audit …`: the log of what operators and VENs did.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use oadr_vtn::audit::{Digest, Verdict, verify};
use serde_json::json;

use super::remote::Remote;
use super::{Done, Failure, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
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

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let What::Verify { dir, head } = self.what;
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
