//! Tells what happens as it happens: looks at the VTN and the VENs now and then, and prints what
//! is new.

use std::collections::BTreeSet;
use std::io::Write as _;

use jiff::{Timestamp, tz::TimeZone};
use oadr_platform::opt::Opt;
use rust_decimal::Decimal;

use crate::cast::{Cast, Failed};
use crate::day::{DISPATCH, DROPPED, PRICE};

/// What was told already.
#[derive(Default)]
pub struct Story {
    told: BTreeSet<String>,
}

impl Story {
    /// A line of the script.
    pub fn act(now: Timestamp, line: &str) {
        say(now, "*", line);
    }

    /// What is new since the last look.
    pub fn look(&mut self, cast: &Cast, now: Timestamp) -> Result<(), Failed> {
        self.parties(cast, now)?;
        self.answers(cast, now)?;
        self.market(cast, now);
        Ok(())
    }

    fn parties(&mut self, cast: &Cast, now: Timestamp) -> Result<(), Failed> {
        for member in &cast.members {
            let (ven, name) = (member.site.ven, member.site.name);
            let party = cast.vtn.vtn().ven(ven)?;
            if party.is_registered() {
                self.once(now, format!("{name} ({ven}) is registered over mutual TLS"));
            }
            let points: usize =
                cast.vtn.vtn().report_metadata(ven)?.iter().map(|m| m.points.len()).sum();
            if points > 0 {
                self.once(now, format!("{name} offers {points} data points"));
            }
            for opt in cast.vtn.vtn().opts(ven)? {
                let id = &opt.opt_id;
                self.once(now, format!("the VTN has {name}'s opt schedule {id}"));
            }
        }
        Ok(())
    }

    fn answers(&mut self, cast: &Cast, now: Timestamp) -> Result<(), Failed> {
        for event in [PRICE, DISPATCH, DROPPED] {
            // Not announced yet.
            let Ok(replies) = cast.vtn.vtn().event_answers(event) else { continue };
            for reply in replies {
                let Some(answer) = reply.delivery.answer else { continue };
                let name = cast
                    .members
                    .iter()
                    .find(|m| m.site.ven == reply.ven)
                    .map_or("?", |m| m.site.name);
                let opt = if answer.opt == Opt::In { "optIn" } else { "optOut" };
                let modification = answer.modification;
                self.once(
                    now,
                    format!("{name} answers {event} (modification {modification}): {opt}"),
                );
            }
        }
        for member in &cast.members {
            let status = member.handle.status().borrow().clone();
            for event in status.events.iter().filter(|e| e.state == "running") {
                self.once(now, format!("{} follows {}", member.site.name, event.id));
            }
        }
        Ok(())
    }

    fn market(&mut self, cast: &Cast, now: Timestamp) {
        for member in &cast.members {
            let (name, status) = (member.site.name, member.handle.status().borrow().clone());
            for trade in status.trades {
                let (kwh, price) = (trade.quantity_wh / Decimal::ONE_THOUSAND, trade.price_per_kwh);
                self.once(
                    now,
                    format!(
                        "{name} has a transaction for {}: {kwh} kWh at {price} GBP/kWh",
                        hour(&trade.id)
                    ),
                );
                if let Some(wh) = trade.delivered_wh {
                    self.once(
                        now,
                        format!(
                            "{name} reads back the delivery of {}: metered {wh} Wh",
                            hour(&trade.id)
                        ),
                    );
                }
            }
        }
    }

    fn once(&mut self, now: Timestamp, line: String) {
        if !self.told.contains(&line) {
            say(now, " ", &line);
            self.told.insert(line);
        }
    }
}

/// The hour a transaction is for: the end of its tenders' ids.
fn hour(id: &str) -> &str {
    id.rsplit('-').next().unwrap_or(id)
}

/// A line with the time of the day.
fn say(now: Timestamp, mark: &str, line: &str) {
    let time = now.to_zoned(TimeZone::UTC).strftime("%H:%M").to_string();
    let mut out = std::io::stdout().lock();
    // A closed pipe ends nothing: the day goes on and the exit code tells.
    let _ = writeln!(out, "{time} {mark} {line}").and_then(|()| out.flush());
}
