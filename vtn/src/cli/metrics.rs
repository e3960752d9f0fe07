//! `vtn metrics`: what the VTN measures, for people and for what collects from files.

use clap::Args;
use oadr_vtn::operator::client::Call;
use serde_json::json;

use super::remote::Remote;
use super::{Done, show};

#[derive(Args)]
pub struct Metrics {}

impl Metrics {
    pub fn run(self, remote: &Remote) -> Done {
        let text = remote.text(Call::metrics())?;
        if remote.json {
            show::json(&json!({ "text": text }));
        } else {
            show::say(text.trim_end());
        }
        Ok(())
    }
}
