//! `conformance vtn` and `conformance ven`: a run, told as it goes on and written down.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;

use oadr_conformance::catalogue;
use oadr_conformance::gaps::{Gaps, Word};
use oadr_conformance::hook;
use oadr_conformance::report::Report;
use oadr_conformance::report::json::{Scene, Summary};
use oadr_conformance::run::{self, Order, Outcome, Run};
use oadr_conformance::scenario::Role;
use serde_json::{Value, json};

use crate::args::{Common, Ven, Vtn};
use crate::terminal::{self, Paint};

/// Plays against a VTN.
///
/// # Errors
/// What keeps it from beginning.
pub fn vtn(arguments: Vtn) -> Result<ExitCode, String> {
    let Vtn { url, common } = arguments;
    let mut teller = Teller::new(Role::Vtn, &common)?;
    let run = runtime()?.block_on(async {
        let order = order(&common).await?;
        run::vtn(order, url.as_deref(), &mut |one, at, of| teller.tell(one, at, of)).await
    })?;
    teller.end(&run, &common)
}

/// Plays against a VEN.
///
/// # Errors
/// What keeps it from beginning.
pub fn ven(arguments: Ven) -> Result<ExitCode, String> {
    let Ven { listen, public_host, common } = arguments;
    let mut teller = Teller::new(Role::Ven, &common)?;
    let run = runtime()?.block_on(async {
        let order = order(&common).await?;
        let at = (listen, public_host.as_str());
        run::ven(order, at, &mut |one, at, of| teller.tell(one, at, of)).await
    })?;
    teller.end(&run, &common)
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Runtime::new().map_err(|error| format!("no runtime: {error}"))
}

async fn order(common: &Common) -> Result<Order, String> {
    let hook = hook::open(common.operator_hook.as_deref()).await;
    Ok(Order {
        certs: common.certs.clone(),
        hook: hook.map_err(|error| format!("--operator-hook: {error}"))?,
        only: common.only.clone(),
        profiles: common.profile.clone(),
    })
}

/// Tells of outcomes, and remembers what the list of known gaps says of them.
struct Teller {
    role: Role,
    gaps: Option<Gaps>,
    known: BTreeMap<&'static str, String>,
    odd: Vec<String>,
    json: bool,
    paint: Paint,
}

impl Teller {
    fn new(role: Role, common: &Common) -> Result<Self, String> {
        let mut chosen = catalogue::chosen(role, common.only.as_deref());
        chosen.retain(|one| common.profile.is_empty() || common.profile.contains(&one.profile));
        if chosen.is_empty() {
            let role = role.name();
            return Err(format!(
                "no scenario fits --only and --profile; `conformance list {role}` names all"
            ));
        }
        let gaps = common.known_gaps.as_deref().map(Gaps::read).transpose()?;
        let odd = gaps.as_ref().map(Gaps::stale).unwrap_or_default();
        let (known, paint) = (BTreeMap::new(), Paint::of_stdout());
        Ok(Self { role, gaps, known, odd, json: common.json, paint })
    }

    fn tell(&mut self, outcome: &Outcome, at: usize, of: usize) {
        let name = outcome.scenario.name;
        let judge = |gaps: &Gaps| gaps.judge((self.role, name), &outcome.verdict, &outcome.checks);
        let word = self.gaps.as_ref().map(judge);
        match &word {
            Some(Word::Known(reason)) => drop(self.known.insert(name, reason.clone())),
            Some(Word::Odd(mend)) => self.odd.push(format!("{name}: {mend}")),
            Some(Word::Fine) | None => {}
        }
        if self.json {
            let mut scene = Scene::from(outcome);
            (scene.exchanges, scene.known) = (Vec::new(), self.known.get(name).cloned());
            print(&json!(scene));
            return;
        }
        let text = terminal::told(outcome, word.as_ref(), (at, of), self.paint);
        write(&text);
    }

    /// The summary, the report, and the exit code.
    fn end(self, run: &Run, common: &Common) -> Result<ExitCode, String> {
        let summary = Summary::of(run.outcomes.iter().map(|one| &one.verdict));
        let took = run.outcomes.iter().map(|one| one.took_ms).sum();
        if self.json {
            let (subject, known, odd) = (&run.subject, self.known.len(), &self.odd);
            print(&json!({ "subject": subject, "summary": summary, "known": known, "odd": odd }));
        } else {
            let known = self.known.len();
            let clock = if run.steered { "steered" } else { "its own" };
            let role = run.role.name().to_uppercase();
            write(&format!("\nSubject: {} ({role}), clock: {clock}\n", run.subject));
            write(&terminal::summary(summary, known, took));
            if !self.odd.is_empty() {
                write("\nThe list of known gaps and the verdicts disagree:\n");
                self.odd.iter().for_each(|odd| write(&format!("  {odd}\n")));
            }
        }
        if let Some(folder) = &common.report {
            Report::new(run, &self.known)
                .write(folder)
                .map_err(|error| format!("--report: {error}"))?;
        }
        Ok(ExitCode::from(code(summary, self.gaps.is_some().then_some(self.odd.len()))))
    }
}

/// The exit code; `odd`: how often a list of known gaps and the verdicts disagree.
fn code(summary: Summary, odd: Option<usize>) -> u8 {
    match (odd, summary) {
        (Some(0), _) => 0,
        (Some(_), _) => 1,
        (None, Summary { failed: 1.., .. }) => 1,
        (None, Summary { inconclusive: 1.., .. }) => 3,
        (None, _) => 0,
    }
}

fn print(value: &Value) {
    write(&format!("{value}\n"));
}

/// A reader that went away does not end the run: its report may still be wanted.
fn write(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_tells_failed_from_inconclusive_from_neither() {
        let of = |failed, inconclusive| Summary { passed: 5, failed, inconclusive, skipped: 9 };
        assert_eq!(code(of(0, 0), None), 0);
        assert_eq!(code(of(1, 1), None), 1);
        assert_eq!(code(of(0, 2), None), 3);
    }

    #[test]
    fn with_a_list_of_known_gaps_only_disagreement_counts() {
        let summary = Summary { passed: 5, failed: 2, inconclusive: 0, skipped: 1 };
        assert_eq!(code(summary, Some(0)), 0);
        assert_eq!(code(summary, Some(1)), 1);
        assert_eq!(code(Summary::default(), Some(1)), 1);
    }
}
