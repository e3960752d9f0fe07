//! `ven status`: what a running VEN told last.

use std::fs;

use jiff::{SignedDuration, Timestamp};

use super::config::Config;
use super::{Done, say, settings};
use crate::Status;

/// Tell what the VEN does
#[derive(clap::Args)]
pub struct Show {
    #[command(flatten)]
    at: super::At,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    /// Prints the status; false if the VEN is not registered or does not run.
    pub fn run(self, now: Timestamp) -> Done {
        let config = Config::read(&self.at.config)?;
        let path = config.status_file();
        let text = fs::read_to_string(&path).map_err(|error| {
            settings(format!("{}: {error}; was the VEN ever started?", path.display()))
        })?;
        let status: Status = serde_json::from_str(&text)
            .map_err(|error| settings(format!("{}: {error}", path.display())))?;
        // A running VEN tells at least once an hour.
        let age = status.at.map(|at| now.duration_since(at));
        let runs = age.is_some_and(|age| age < SignedDuration::from_secs(3_700));
        match self.json {
            true => say(text.trim_end()),
            false => tell(&status, now, runs),
        }
        Ok(runs && status.registered)
    }
}

fn tell(status: &Status, now: Timestamp, runs: bool) {
    let at = status.at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let none = || "-".to_owned();
    say(format_args!("as of        {at}{}", if runs { "" } else { "  (does not run)" }));
    let ids = (status.ven_id.clone(), status.vtn_id.clone());
    say(match (status.registered, ids) {
        (true, (Some(ven), Some(vtn))) => format!("registered   as {ven} with {vtn}"),
        _ => "registered   no".to_owned(),
    });
    let silent = status.silent_for(now).map_or_else(none, |s| format!("{} s ago", s.as_secs()));
    say(format_args!("last answer  {silent}"));
    if let Some(trouble) = &status.trouble {
        say(format_args!("trouble      {trouble}"));
    }
    let (sent, answered, owed) = (status.sent, status.answered, status.owed);
    say(format_args!("messages     {sent} sent, {answered} answered, {owed} owed"));
    for event in &status.events {
        let end = event.end.map_or_else(|| "cancelled".to_owned(), |end| end.to_string());
        let opt = event.opt.map_or_else(none, |opt| format!("{opt:?}").to_lowercase());
        let test = if event.test { " (test)" } else { "" };
        say(format_args!(
            "event        {} v{}{test}: {}, {} until {end}, opt {opt}, {} {}",
            event.id, event.modification, event.state, event.start, event.code, event.why
        ));
    }
    for report in &status.reports {
        let (id, every, until) = (&report.id, report.every_seconds, report.sent_until);
        say(format_args!("report       {id}: every {every} s, sent until {until}"));
    }
    let (taken, open) = status.opts;
    say(format_args!("opts         {taken} with the VTN, {open} not"));
    for tender in &status.tenders {
        say(format_args!("tender       {}: {}", tender.id, tender.state));
    }
    for trade in &status.trades {
        let delivered = trade.delivered_wh.map_or_else(none, |wh| format!("{wh} Wh"));
        say(format_args!(
            "transaction  {}: {} Wh at {} per kWh, delivered {delivered}",
            trade.id, trade.quantity_wh, trade.price_per_kwh
        ));
    }
}
