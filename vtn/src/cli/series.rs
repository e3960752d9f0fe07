//! `vtn series …`: events that recur.

use std::path::PathBuf;

use axum::http::Method;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use oadr_vtn::operator::client::Call;
use serde_json::{Value, json};

use super::remote::Remote;
use super::{Done, files, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All series
    List,
    /// One series in full
    Show { series: String },
    /// Make a series out of a file, or change it and those of its events that have not begun
    ///
    /// The file is JSON: template, zone, start (a local time), rule (RRULE of RFC 5545), and if
    /// wanted except, holidays, days_ahead. One that was stopped goes on.
    Put {
        series: String,
        /// `-` is stdin
        file: PathBuf,
    },
    /// Print the times that a file would have events at, and those that it leaves out; changes nothing
    Preview {
        /// As for put; `-` is stdin
        file: PathBuf,
        /// After when, such as 2026-06-01T15:00:00Z; now if left out
        #[arg(long)]
        from: Option<Timestamp>,
        /// How many times, 1 to 1000
        #[arg(long, default_value_t = 50)]
        count: usize,
    },
    /// The events it has made
    Events { series: String },
    /// Stop a series: no event is made any more
    Stop {
        series: String,
        #[command(flatten)]
        how: How,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct How {
    /// Cancel its events that have not begun
    #[arg(long)]
    cancel: bool,
    /// Leave its events that are made
    #[arg(long)]
    leave: bool,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let at = |method, series: &str| Call::new(method, &["series", series]);
        let (call, told) = match self.what {
            What::List => return list(remote),
            What::Show { series } => {
                show::json(&remote.call(at(Method::GET, &series))?);
                return Ok(());
            }
            What::Put { series, file } => {
                (at(Method::PUT, &series).body(files::json(&file)?), "saved")
            }
            What::Preview { file, from, count } => {
                let body = json!({ "series": files::json(&file)?, "from": from, "count": count });
                return preview(remote, body);
            }
            What::Events { series } => return events(remote, &series),
            What::Stop { series, how } => {
                let fate = if how.cancel { "cancel" } else { "leave" };
                (at(Method::DELETE, &series).ask("events", fate), "stopped")
            }
        };
        let answer = remote.call(call)?;
        show::done(remote, &answer, ("/name", told))?;
        if let (Some(trouble), false) = (answer["trouble"].as_str(), remote.json) {
            show::say(format_args!("but some of its events cannot be made: {trouble}"));
        }
        Ok(())
    }
}

fn list(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["series"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let head = ["SERIES", "TEMPLATE", "START", "ZONE", "RULE", "STOPPED", "TROUBLE"];
    let row = |one: &Value| {
        [
            "/name",
            "/draft/template",
            "/draft/start",
            "/draft/zone",
            "/draft/rule",
            "/stopped/at",
            "/trouble",
        ]
        .map(|at| show::text(one, at))
    };
    show::table(head, show::items(&page).iter().map(row));
    Ok(())
}

fn preview(remote: &Remote, body: Value) -> Done {
    let told = remote.call(Call::new(Method::POST, &["series-previews"]).body(body))?;
    if remote.json {
        show::json(&told);
        return Ok(());
    }
    let row = |one: &Value| ["/start", "/local", "/left_out"].map(|at| show::text(one, at));
    show::table(["START", "LOCAL", "LEFT OUT"], show::items(&told).iter().map(row));
    Ok(())
}

fn events(remote: &Remote, series: &str) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["series", series, "events"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let head = ["INSTANT", "EVENT", "STATUS", "MOD", "BY OPERATOR"];
    let row = |one: &Value| {
        ["/instant", "/event/id", "/event/status", "/event/modification", "/by_operator"]
            .map(|at| show::text(one, at))
    };
    show::table(head, show::items(&page).iter().map(row));
    Ok(())
}
