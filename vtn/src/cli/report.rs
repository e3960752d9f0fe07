//! `vtn report …` and `vtn readings`: what VENs offer, what was asked for, what came.

use axum::http::Method;
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use oadr_vtn::operator::client::Call;
use serde_json::{Value, json};

use super::remote::Remote;
use super::safely::Once;
use super::{Done, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// What every VEN offers, and what it was asked for
    List,
    /// Ask a VEN for a report it offers
    Request(Request),
    /// Ask a VEN to stop
    Cancel {
        ven: String,
        /// The reportRequestID
        request: String,
        /// One more report is wanted
        #[arg(long)]
        one_more: bool,
        /// Tell it in the answer to its next report, not by a poll
        #[arg(long)]
        embedded: bool,
    },
    /// The Green Button feeds that a VEN reported
    Feeds { ven: String },
    /// One feed, as the Atom document it is
    Feed {
        ven: String,
        /// Its ID, as `vtn report feeds` shows it
        feed: String,
    },
}

#[derive(Args)]
struct Request {
    ven: String,
    /// The reportSpecifierID, as `vtn report list` shows it; METADATA: tell anew what is offered
    #[arg(long)]
    specifier: String,
    /// A data point; may be repeated; all of them if left out
    #[arg(long = "rid")]
    rids: Vec<String>,
    /// The spacing of intervals; PT0S: on change, or as recorded
    #[arg(long, default_value = "PT1M")]
    granularity: SignedDuration,
    /// How often to report; PT0S: once, at once
    #[arg(long, default_value = "PT5M")]
    every: SignedDuration,
    /// From when; from the request on if left out
    #[arg(long)]
    start: Option<Timestamp>,
    /// For how long; PT0S: until cancelled
    #[arg(long, default_value = "PT0S")]
    duration: SignedDuration,
    #[command(flatten)]
    once: Once,
}

/// What a VEN measured.
#[derive(Args)]
pub struct Readings {
    ven: String,
    /// The data point; may be repeated; all of them if left out
    #[arg(long = "rid")]
    rids: Vec<String>,
    /// Readings from this instant on
    #[arg(long)]
    from: Option<Timestamp>,
    /// Readings before this instant
    #[arg(long)]
    to: Option<Timestamp>,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        match self.what {
            What::List => list(remote),
            What::Request(request) => {
                let ven = &request.ven;
                let call = Call::new(Method::POST, &["vens", ven, "report-requests"]);
                let call = call.body(json!({
                    "specifier": request.specifier, "rids": request.rids,
                    "granularity": request.granularity, "every": request.every,
                    "start": request.start, "duration": request.duration,
                }));
                told(remote, &remote.call(request.once.of(call))?, "asked for")
            }
            What::Cancel { ven, request, one_more, embedded } => {
                let call = Call::new(Method::DELETE, &["vens", &ven, "report-requests", &request]);
                let call = if one_more { call.ask("one_more", "true") } else { call };
                let call = if embedded { call.ask("embedded", "true") } else { call };
                told(remote, &remote.call(call)?, "asked to stop")
            }
            What::Feeds { ven } => feeds(remote, &ven),
            What::Feed { ven, feed } => {
                let call = Call::new(Method::GET, &["vens", &ven, "green-button", &feed]);
                show::say(remote.text(call)?);
                Ok(())
            }
        }
    }
}

fn told(remote: &Remote, request: &Value, what: &str) -> Done {
    if remote.json {
        show::json(request);
    } else {
        show::say(format_args!("{}: {what}", show::text(request, "/id")));
    }
    Ok(())
}

fn feeds(remote: &Remote, ven: &str) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["vens", ven, "green-button"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let rows = show::items(&page).iter().map(|one| {
        let at = |pointer| show::text(one, pointer);
        [at("/id"), at("/specifier"), at("/values"), at("/from"), at("/to"), at("/title")]
    });
    show::table(["FEED", "SPECIFIER", "VALUES", "FROM", "TO", "TITLE"], rows);
    Ok(())
}

fn list(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["reports"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let each = |pointer: &'static str| {
        show::items(&page).iter().flat_map(move |one| {
            let ven = show::text(one, "/ven");
            let list = one.pointer(pointer).and_then(Value::as_array);
            list.into_iter().flatten().map(move |item| (ven.clone(), item))
        })
    };
    let offers = each("/offers").map(|(ven, offer)| {
        let points = offer.pointer("/points").and_then(Value::as_array);
        let rids = points.into_iter().flatten().map(|point| show::text(point, "/rid"));
        let rids = rids.collect::<Vec<_>>().join(",");
        [ven, show::text(offer, "/specifier"), show::text(offer, "/name"), rids]
    });
    show::say("offered");
    show::table(["VEN", "SPECIFIER", "NAME", "RIDS"], offers);
    let requests = each("/requests").map(|(ven, request)| {
        let at = |pointer| show::text(request, pointer);
        [ven, at("/id"), at("/specifier"), at("/every"), at("/state"), at("/received"), at("/last")]
    });
    show::say("asked for");
    show::table(["VEN", "REQUEST", "SPECIFIER", "EVERY", "STATE", "CAME", "LAST"], requests);
    Ok(())
}

impl Readings {
    pub fn run(self, remote: &Remote) -> Done {
        let mut call = Call::new(Method::GET, &["vens", &self.ven, "readings"]);
        if !self.rids.is_empty() {
            call = call.ask("rid", &self.rids.join(","));
        }
        for (name, at) in [("from", self.from), ("to", self.to)] {
            if let Some(at) = at {
                call = call.ask(name, &at.to_string());
            }
        }
        if self.csv {
            let text = remote.text(call.csv())?;
            show::say(text.trim_end());
            return Ok(());
        }
        let page = remote.pages(&call)?;
        if remote.json {
            show::json(&page);
            return Ok(());
        }
        let head = ["SPECIFIER", "RID", "START", "LENGTH", "VALUE", "UNIT", "QUALITY"];
        show::table(
            head,
            show::items(&page).iter().map(|one| {
                let at = |pointer| show::text(one, pointer);
                [
                    at("/specifier"),
                    at("/rid"),
                    at("/start"),
                    at("/duration"),
                    value(&one["value"]),
                    at("/unit"),
                    at("/quality"),
                ]
            }),
        );
        Ok(())
    }
}

/// A number as it is; a status in words.
fn value(value: &Value) -> String {
    match value.pointer("/status") {
        Some(status) if status["online"] == Value::Bool(true) => "online".to_owned(),
        Some(_) => "offline".to_owned(),
        None => value
            .as_object()
            .and_then(|one| one.values().next())
            .map_or_else(String::new, |number| show::text(number, "")),
    }
}
