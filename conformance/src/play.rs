//! `conformance vtn` and `conformance ven`: a run, told as it goes on and written down.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;

use oadr_conformance::catalogue;
use oadr_conformance::chaos::Chaos;
use oadr_conformance::gaps::{Gaps, Word};
use oadr_conformance::hook;
use oadr_conformance::report::Report;
use oadr_conformance::report::json::{Scene, Summary};
use oadr_conformance::run::{self, Order, Outcome, Run};
use oadr_conformance::scenario::Role;
use oadr_conformance::ven::PREFIX;
use oadr_conformance::xsd::Xsd;
use serde_json::{Value, json};

use crate::args::{Common, Ven, Vtn};
use crate::terminal::{self, Paint};

/// Plays against a VTN.
///
/// # Errors
/// What keeps it from beginning.
pub fn vtn(arguments: Vtn) -> Result<ExitCode, String> {
    let Vtn { url, common } = arguments;
    let teller = Teller::new(Role::Vtn, &common)?;
    let mut run = runtime()?.block_on(async {
        let order = order(&common).await?;
        run::vtn(order, url.as_deref(), &mut |one, at, of| teller.tell(one, at, of)).await
    })?;
    teller.end(&mut run, &common)
}

/// Plays against a VEN.
///
/// # Errors
/// What keeps it from beginning.
pub fn ven(arguments: Ven) -> Result<ExitCode, String> {
    let Ven { listen, public_host, chaos, seed, common } = arguments;
    let chaos = chaos.map(|text| Chaos::parse(&text, seed)).transpose();
    let chaos = chaos.map_err(|error| format!("--chaos: {error}"))?;
    let teller = Teller::new(Role::Ven, &common)?;
    if common.operator_hook.is_none() {
        if listen.port() == 0 {
            return Err(
                "--listen with port 0 needs an operator hook: who else tells the VEN?".into()
            );
        }
        let url = format!("https://{public_host}:{}{PREFIX}", listen.port());
        eprintln!(
            "No operator hook: start your VEN now, with {url} as its VTN; it should poll often."
        );
    }
    let mut run = runtime()?.block_on(async {
        let order = Order { chaos, ..order(&common).await? };
        let at = (listen, public_host.as_str());
        run::ven(order, at, &mut |one, at, of| teller.tell(one, at, of)).await
    })?;
    teller.end(&mut run, &common)
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
        chaos: None,
    })
}

/// Tells of outcomes as they come, and at the end.
struct Teller {
    role: Role,
    gaps: Option<Gaps>,
    xsd: Option<Xsd>,
    json: bool,
    paint: Paint,
}

impl Teller {
    /// # Errors
    /// What is wrong with the options.
    fn new(role: Role, common: &Common) -> Result<Self, String> {
        let mut chosen = catalogue::chosen(role, common.only.as_deref());
        chosen.retain(|one| common.profile.is_empty() || common.profile.contains(&one.profile));
        if chosen.is_empty() {
            let role = role.name();
            return Err(format!(
                "no scenario fits --only and --profile; `conformance list {role}` names all"
            ));
        }
        let gaps = common.known_gaps.as_deref().map(Gaps::read).transpose();
        let xsd = common.xsd.as_deref().map(Xsd::open).transpose();
        Ok(Self {
            role,
            gaps: gaps.map_err(|error| format!("--known-gaps: {error}"))?,
            xsd: xsd.map_err(|error| format!("--xsd: {error}"))?,
            json: common.json,
            paint: Paint::of_stdout(),
        })
    }

    fn word(&self, outcome: &Outcome) -> Option<Word> {
        let gaps = self.gaps.as_ref()?;
        let name = outcome.scenario.name;
        Some(gaps.judge((self.role, name), &outcome.verdict, &outcome.checks))
    }

    fn tell(&self, outcome: &Outcome, at: usize, of: usize) {
        let word = self.word(outcome);
        if !self.json {
            return write(&terminal::told(outcome, word.as_ref(), (at, of), self.paint));
        }
        let mut scene = Scene::from(outcome);
        scene.exchanges = Vec::new();
        if let Some(Word::Known(reason)) = word {
            scene.known = Some(reason);
        }
        print(&json!(scene));
    }

    /// The schema's word, the summary, the report, and the exit code.
    fn end(self, run: &mut Run, common: &Common) -> Result<ExitCode, String> {
        if let Some(subject) = &common.subject {
            run.subject.clone_from(subject);
        }
        if let Some(xsd) = &self.xsd {
            let judged = xsd.hold(run).map_err(|error| format!("--xsd: {error}"))?;
            let of = run.outcomes.len();
            let again = run.outcomes.iter().enumerate();
            let again = again.filter(|(_, one)| judged.contains(&one.scenario.name));
            again.for_each(|(at, one)| self.tell(one, at + 1, of));
        }
        let mut known = BTreeMap::new();
        let mut odd = self.gaps.as_ref().map(Gaps::stale).unwrap_or_default();
        for outcome in &run.outcomes {
            let name = outcome.scenario.name;
            match self.word(outcome) {
                Some(Word::Known(reason)) => drop(known.insert(name, reason)),
                Some(Word::Odd(mend)) => odd.push(format!("{name}: {mend}")),
                Some(Word::Fine) | None => {}
            }
        }
        let summary = Summary::of(run.outcomes.iter().map(|one| &one.verdict));
        self.conclude(run, summary, (known.len(), &odd));
        if let Some(folder) = &common.report {
            let written = Report::new(run, &known).write(folder);
            written.map_err(|error| format!("--report: {error}"))?;
            if !self.json {
                write(&format!("Report: {}\n", folder.join("report.html").display()));
            }
        }
        Ok(ExitCode::from(code(summary, self.gaps.is_some().then_some(odd.len()))))
    }

    fn conclude(&self, run: &Run, summary: Summary, (known, odd): (usize, &[String])) {
        if self.json {
            let subject = &run.subject;
            let last =
                json!({ "subject": subject, "summary": summary, "known": known, "odd": odd });
            return print(&last);
        }
        let took = run.outcomes.iter().map(|one| one.took_ms).sum();
        let clock = if run.steered { "steered" } else { "its own" };
        let role = run.role.name().to_uppercase();
        write(&format!("\nSubject: {} ({role}), clock: {clock}\n", run.subject));
        write(&terminal::summary(summary, known, took));
        if summary.skipped == summary.total() {
            write("Nothing was shown: every scenario was skipped.\n");
        }
        if !odd.is_empty() {
            write("\nThe list of known gaps and the verdicts disagree:\n");
            odd.iter().for_each(|odd| write(&format!("  {odd}\n")));
        }
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
