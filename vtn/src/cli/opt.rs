//! `vtn opt list`: when a VEN takes part and when it does not.

use axum::http::Method;
use clap::{Args, Subcommand};
use oadr_vtn::operator::client::Call;
use serde_json::Value;

use super::remote::Remote;
use super::{Done, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The schedules in force of a VEN
    List { ven: String },
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let What::List { ven } = self.what;
        let page = remote.pages(&Call::new(Method::GET, &["vens", &ven, "opts"]))?;
        if remote.json {
            show::json(&page);
            return Ok(());
        }
        let rows = show::items(&page).iter().flat_map(|one| {
            let windows = one.pointer("/windows").and_then(Value::as_array);
            windows.into_iter().flatten().map(move |window| {
                let at = |pointer| show::text(one, pointer);
                let of = |pointer| show::text(window, pointer);
                [
                    at("/opt_id"),
                    at("/opt"),
                    of("/start"),
                    of("/duration"),
                    at("/reason"),
                    at("/market_context"),
                ]
            })
        });
        show::table(["OPT", "IS", "FROM", "FOR", "REASON", "PROGRAMME"], rows);
        Ok(())
    }
}
