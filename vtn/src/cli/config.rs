//! `vtn config check`: what `vtn run` would say of the configuration, and more, without running.

use clap::{Args, Subcommand};
use oadr_transport::{Clock, SystemClock};
use oadr_vtn::operator::check::look_over;
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
    /// Reads the file and all files it names; opens no port and no store
    Check,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let What::Check = self.what;
        let config = remote.read_config()?;
        let found = look_over(&config, SystemClock.now());
        let faults = found.iter().filter(|one| one.fault).count();
        if remote.json {
            show::json(&json!({ "fits": faults == 0, "findings": found }));
        } else {
            for one in &found {
                let kind = if one.fault { "wrong " } else { "advice" };
                show::say(format_args!("{kind}  {}: {}", one.key, one.what));
            }
            if faults == 0 {
                show::say(format_args!("{}: `vtn run` can use it", remote.file().display()));
            }
        }
        match faults {
            0 => Ok(()),
            _ => Err(Failure::wrong(format!("{}: {faults} to be mended", remote.file().display()))),
        }
    }
}
