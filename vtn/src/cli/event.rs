//! `vtn event …`: events and who answered them.

use std::path::PathBuf;

use axum::http::Method;
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use oadr_transport::{Clock, SystemClock};
use oadr_vtn::operator::client::Call;
use serde_json::{Value, json};

use super::content::{CONTENT, Content};
use super::remote::Remote;
use super::safely::{Once, Only};
use super::{Done, Failure, files, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make an event, by options, out of a file or of a template
    Create(Box<Create>),
    /// All events
    List,
    /// One event in full
    Show { event: String },
    /// Replace an event's content by that of a file, as `vtn event show` prints it under `draft`
    Modify {
        event: String,
        /// JSON; `-` is stdin
        #[arg(long)]
        file: PathBuf,
        /// Why, told to the VENs
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        only: Only,
    },
    /// Cancel an event
    Cancel {
        event: String,
        /// Why, told to the VENs
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        only: Only,
    },
    /// What each VEN got and said
    Answers { event: String },
}

#[derive(Args)]
struct Create {
    /// The whole event as JSON; `-` is stdin
    #[arg(long, conflicts_with_all = [CONTENT, "start", "id"])]
    file: Option<PathBuf>,
    /// A template that says everything but the start
    #[arg(long, conflicts_with_all = [CONTENT, "file"])]
    template: Option<String>,
    #[command(flatten)]
    content: Content,
    /// When: a time such as 2026-06-01T15:00:00Z, or from now, such as +10m
    #[arg(long, default_value = "+0s", allow_hyphen_values = true)]
    start: String,
    /// Its eventID; the VTN makes one if left out
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    once: Once,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        match self.what {
            What::Create(create) => {
                let call = create.call(remote)?;
                told(remote, call, "created")
            }
            What::List => list(remote),
            What::Show { event } => {
                show::json(&remote.call(Call::new(Method::GET, &["events", &event]))?);
                Ok(())
            }
            What::Modify { event, file, reason, only } => {
                let body = json!({ "draft": files::json(&file)?, "reason": reason });
                let call = Call::new(Method::PUT, &["events", &event]).body(body);
                told(remote, only.of(call), "modified")
            }
            What::Cancel { event, reason, only } => {
                let mut call = Call::new(Method::DELETE, &["events", &event]);
                if let Some(reason) = reason {
                    call = call.ask("reason", &reason);
                }
                told(remote, only.of(call), "cancelled")
            }
            What::Answers { event } => answers(remote, &event),
        }
    }
}

impl Create {
    fn call(self, remote: &Remote) -> Result<Call, Failure> {
        let events = Call::new(Method::POST, &["events"]);
        if let Some(file) = &self.file {
            return Ok(self.once.of(events.body(files::json(file)?)));
        }
        let start = start(&self.start, SystemClock.now())?;
        if let Some(template) = &self.template {
            let call = Call::new(Method::POST, &["templates", template, "events"]);
            return Ok(self.once.of(call.body(json!({ "start": start, "id": self.id }))));
        }
        let draft = self.content.draft(remote)?.at(start, self.id);
        Ok(self.once.of(events.body(serde_json::to_value(draft).map_err(Failure::wrong)?)))
    }
}

/// A time, or `+` and a span from now; whole seconds (rule 1).
fn start(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let wrong = |why: jiff::Error| {
        Failure::wrong(format!(
            "--start {text:?} is neither a time such as 2026-06-01T15:00:00Z nor a span such as +10m: {why}"
        ))
    };
    match text.strip_prefix('+') {
        None => text.parse().map_err(wrong),
        Some(span) => {
            let span: SignedDuration = span.parse().map_err(wrong)?;
            let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
            now.checked_add(span).map_err(wrong)
        }
    }
}

fn told(remote: &Remote, call: Call, what: &str) -> Done {
    let event = remote.call(call)?;
    if remote.json {
        show::json(&event);
    } else {
        let at = |pointer| show::text(&event, pointer);
        show::say(format_args!(
            "{}: {what}, version {}, {}",
            at("/id"),
            at("/version"),
            at("/status")
        ));
    }
    Ok(())
}

fn list(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["events"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let head = ["EVENT", "STATUS", "VERSION", "START", "DURATION", "SIGNALS", "FOR"];
    show::table(head, show::items(&page).iter().map(row));
    Ok(())
}

fn row(event: &Value) -> [String; 7] {
    let at = |pointer| show::text(event, pointer);
    [
        at("/id"),
        at("/status"),
        at("/version"),
        at("/draft/start"),
        at("/draft/duration"),
        show::signals(event),
        show::whom(event, "/draft/targets"),
    ]
}

fn answers(remote: &Remote, event: &str) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["events", event, "answers"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let head = ["VEN", "OPT", "ANSWERED", "SENT", "TIMES", "CODE", "WHEN"];
    show::table(
        head,
        show::items(&page).iter().map(|one| {
            let at = |pointer| show::text(one, pointer);
            [
                at("/ven"),
                at("/opt"),
                at("/answered"),
                at("/delivery/sent/modification"),
                at("/delivery/sent/times"),
                at("/delivery/answer/code"),
                at("/delivery/answer/at"),
            ]
        }),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_time_or_a_span_from_now_in_whole_seconds() {
        let now = "2026-06-01T12:00:00.75Z".parse().unwrap();
        let at = |text: &str| start(text, now).map(|at| at.to_string());
        assert_eq!(at("+10m").unwrap(), "2026-06-01T12:10:00Z");
        assert_eq!(at("+PT1H").unwrap(), "2026-06-01T13:00:00Z");
        assert_eq!(at("2026-06-01T15:00:00+02:00").unwrap(), "2026-06-01T13:00:00Z");
        assert!(at("tomorrow").is_err());
    }
}
