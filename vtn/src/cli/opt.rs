//! `vtn opt …`: when a VEN takes part and when it does not.

use axum::http::Method;
use clap::{Args, Subcommand};
use jiff::Timestamp;
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
    /// Whether it and each of its resources is in or out
    Availability {
        ven: String,
        /// When; now if left out
        #[arg(long)]
        at: Option<Timestamp>,
        /// For events of this market context
        #[arg(long)]
        market_context: Option<String>,
    },
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        match self.what {
            What::List { ven } => list(remote, &ven),
            What::Availability { ven, at, market_context } => {
                availability(remote, &ven, (at, market_context))
            }
        }
    }
}

fn availability(
    remote: &Remote,
    ven: &str,
    (at, market_context): (Option<Timestamp>, Option<String>),
) -> Done {
    let mut call = Call::new(Method::GET, &["vens", ven, "availability"]);
    if let Some(at) = at {
        call = call.ask("at", &at.to_string());
    }
    if let Some(context) = market_context {
        call = call.ask("market_context", &context);
    }
    let told = remote.call(call)?;
    if remote.json {
        show::json(&told);
        return Ok(());
    }
    let resources = told.pointer("/resources").and_then(Value::as_array);
    let rows = resources.into_iter().flatten().map(|one| {
        let of = |pointer| show::text(one, pointer);
        let all = one.pointer("/resource").is_none_or(Value::is_null);
        [if all { "(all)".to_owned() } else { of("/resource") }, of("/opt"), of("/by")]
    });
    show::table(["RESOURCE", "IS", "BY"], rows);
    Ok(())
}

fn list(remote: &Remote, ven: &str) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["vens", ven, "opts"]))?;
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
