//! `vtn event …`: events and who answered them.

use std::path::PathBuf;

use axum::http::Method;
use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use oadr_transport::{Clock, SystemClock};
use oadr_vtn::operator::client::Call;
use oadr_vtn::record::{EventDraft, Targets};
use serde_json::{Value, json};

use super::remote::Remote;
use super::signals::Signals;
use super::{Done, Failure, files, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make an event, by options or out of a file
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
    },
    /// Cancel an event
    Cancel {
        event: String,
        /// Why, told to the VENs
        #[arg(long)]
        reason: Option<String>,
    },
    /// What each VEN got and said
    Answers { event: String },
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("whom").args(["vens", "groups", "all"]).multiple(true))]
struct Create {
    /// The whole event as JSON; `-` is stdin
    #[arg(long, conflicts_with_all = ["signal", "whom", "start", "context"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    signals: Signals,
    /// When: a time such as 2026-06-01T15:00:00Z, or from now, such as +10m
    #[arg(long, default_value = "+0s", allow_hyphen_values = true)]
    start: String,
    /// How long; the sum of the first signal's intervals if left out; PT0S: until cancelled
    #[arg(long)]
    duration: Option<SignedDuration>,
    /// VENs shift their start at random within this
    #[arg(long)]
    startafter: Option<SignedDuration>,
    /// How long before the start VENs are to know; what the programme says if left out
    #[arg(long)]
    notification: Option<SignedDuration>,
    /// How long they may take to get there
    #[arg(long, allow_hyphen_values = true)]
    ramp_up: Option<SignedDuration>,
    /// How long they may take to get back
    #[arg(long, allow_hyphen_values = true)]
    recovery: Option<SignedDuration>,
    /// 1 is the highest, 0 is none: then what the programme says
    #[arg(long, default_value_t = 0)]
    priority: u32,
    /// The programme's URI; the first of the configuration's market_contexts if left out
    #[arg(long)]
    context: Option<String>,
    /// A VEN it is for; may be repeated; if nobody is named, the members of its programme
    #[arg(long = "ven")]
    vens: Vec<String>,
    /// A group it is for; may be repeated
    #[arg(long = "group")]
    groups: Vec<String>,
    /// For every VEN, those that come later included
    #[arg(long)]
    all: bool,
    /// A resource at those VENs; may be repeated
    #[arg(long = "resource")]
    resources: Vec<String>,
    /// For trying: no load is to be moved
    #[arg(long)]
    test: bool,
    /// Whether VENs must answer
    #[arg(long, value_enum, default_value = "always")]
    respond: Respond,
    /// A note to the VENs
    #[arg(long)]
    comment: Option<String>,
    /// Its eventID; the VTN makes one if left out
    #[arg(long)]
    id: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Respond {
    Always,
    Never,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        match self.what {
            What::Create(create) => {
                let body = create.body(remote)?;
                told(remote, Call::new(Method::POST, &["events"]).body(body), "created")
            }
            What::List => list(remote),
            What::Show { event } => {
                show::json(&remote.call(Call::new(Method::GET, &["events", &event]))?);
                Ok(())
            }
            What::Modify { event, file, reason } => {
                let body = json!({ "draft": files::json(&file)?, "reason": reason });
                told(remote, Call::new(Method::PUT, &["events", &event]).body(body), "modified")
            }
            What::Cancel { event, reason } => {
                let mut call = Call::new(Method::DELETE, &["events", &event]);
                if let Some(reason) = reason {
                    call = call.ask("reason", &reason);
                }
                told(remote, call, "cancelled")
            }
            What::Answers { event } => answers(remote, &event),
        }
    }
}

impl Create {
    fn body(self, remote: &Remote) -> Result<Value, Failure> {
        if let Some(file) = &self.file {
            return files::json(file);
        }
        let draft = self.draft(SystemClock.now(), || context(remote))?;
        serde_json::to_value(draft).map_err(Failure::wrong)
    }

    fn draft(
        self,
        now: Timestamp,
        usual_context: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<EventDraft, Failure> {
        let signals = self.signals.0;
        let Some(first) = signals.first() else {
            return Err(Failure::wrong("an event has a signal: give --signal, or --file"));
        };
        let sum = first
            .intervals
            .iter()
            .try_fold(SignedDuration::ZERO, |sum, one| sum.checked_add(one.duration));
        let sum = sum.ok_or_else(|| Failure::wrong("the intervals are too long"))?;
        let (vens, groups, resources) = (self.vens, self.groups, self.resources);
        Ok(EventDraft {
            id: self.id,
            market_context: self.context.map_or_else(usual_context, Ok)?,
            start: start(&self.start, now)?,
            duration: self.duration.unwrap_or(sum),
            start_after: self.startafter,
            notification: self.notification.unwrap_or_default(),
            ramp_up: self.ramp_up,
            recovery: self.recovery,
            priority: self.priority,
            response_required: self.respond == Respond::Always,
            signals,
            baseline: None,
            targets: Targets { all: self.all, vens, groups, resources },
            test: self.test,
            comment: self.comment,
        })
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

fn context(remote: &Remote) -> Result<String, Failure> {
    let config = remote.config()?;
    let first = config.and_then(|config| config.vtn.market_contexts.into_iter().next());
    first.ok_or_else(|| {
        Failure::wrong(
            "which programme? give --context URI, or market_contexts in the configuration",
        )
    })
}

fn told(remote: &Remote, call: Call, what: &str) -> Done {
    let event = remote.call(call)?;
    if remote.json {
        show::json(&event);
    } else {
        let at = |pointer| show::text(&event, pointer);
        show::say(format_args!(
            "{}: {what}, modification {}, {}",
            at("/id"),
            at("/modification"),
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
    let head = ["EVENT", "STATUS", "MOD", "START", "DURATION", "SIGNALS", "FOR"];
    show::table(head, show::items(&page).iter().map(row));
    Ok(())
}

fn row(event: &Value) -> [String; 7] {
    let at = |pointer| show::text(event, pointer);
    let signals = event.pointer("/draft/signals").and_then(Value::as_array);
    let names = signals.into_iter().flatten().map(|signal| show::text(signal, "/name"));
    [
        at("/id"),
        at("/status"),
        at("/modification"),
        at("/draft/start"),
        at("/draft/duration"),
        names.collect::<Vec<_>>().join(","),
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
