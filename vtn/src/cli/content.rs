//! What an event or a template says, as options.

use clap::{ArgGroup, Args, ValueEnum};
use jiff::SignedDuration;
use oadr_vtn::record::{Targets, TemplateDraft};

use super::Failure;
use super::remote::Remote;
use super::signals::Signals;

/// Everything but eventID and start.
#[derive(Args)]
#[command(group = ArgGroup::new(CONTENT).args(SAID).multiple(true))]
pub struct Content {
    #[command(flatten)]
    signals: Signals,
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
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Respond {
    Always,
    Never,
}

impl Content {
    /// What the options say.
    ///
    /// # Errors
    /// For what is missing, with the option that mends it.
    pub fn draft(self, remote: &Remote) -> Result<TemplateDraft, Failure> {
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
        Ok(TemplateDraft {
            market_context: self.context.map_or_else(|| context(remote), Ok)?,
            duration: self.duration.unwrap_or(sum),
            start_after: self.startafter,
            notification: self.notification.unwrap_or_default(),
            ramp_up: self.ramp_up,
            recovery: self.recovery,
            priority: self.priority,
            response_required: self.respond == Respond::Always,
            signals,
            targets: Targets { all: self.all, vens, groups, resources },
            test: self.test,
            comment: self.comment,
        })
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

/// All of these options: what says the content in another way excludes them.
pub const CONTENT: &str = "content";

const SAID: [&str; 16] = [
    "signal",
    "duration",
    "startafter",
    "notification",
    "ramp_up",
    "recovery",
    "priority",
    "context",
    "vens",
    "groups",
    "all",
    "resources",
    "test",
    "respond",
    "comment",
    "values",
];
