//! `conformance vtn` and `conformance ven`: a run, told as it goes on and written down.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use oadr_conformance::catalogue;
use oadr_conformance::chaos::Chaos;
use oadr_conformance::gaps::{Gaps, Word};
use oadr_conformance::hook::{self, Claiming};
use oadr_conformance::report::Report;
use oadr_conformance::report::json::{Scene, Summary};
use oadr_conformance::run::{self, Order, Outcome, Run};
use oadr_conformance::scenario::{Profile, Role};
use oadr_conformance::ven::PREFIX;
use oadr_conformance::watch::{Cut, Going, Watch};
use oadr_conformance::xsd::Xsd;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use crate::args::{Common, Ven, Vtn};
use crate::terminal::{self, Line, Paint, write};

/// Plays against a VTN.
///
/// # Errors
/// What keeps it from beginning.
pub fn vtn(arguments: Vtn) -> Result<ExitCode, String> {
    let Vtn { url, common } = arguments;
    let mut teller = Teller::new(Role::Vtn, &common)?;
    played(&common, async |cut| {
        let order = order(&common, None).await?;
        let hook = Arc::clone(&order.hook);
        let run = run::vtn_until(order, url.as_deref(), (&mut teller, cut)).await;
        hook.end().await;
        run
    })?
    .map_or(Ok(ExitCode::from(CUT_SHORT)), |mut run| teller.end(&mut run, &common))
}

/// Plays against a VEN.
///
/// # Errors
/// What keeps it from beginning.
pub fn ven(arguments: Ven) -> Result<ExitCode, String> {
    let Ven { listen, public_host, chaos, seed, common } = arguments;
    let chaos = chaos.map(|text| Chaos::parse(&text, seed)).transpose();
    let chaos = chaos.map_err(|error| format!("--chaos: {error}"))?;
    let mut teller = Teller::new(Role::Ven, &common)?;
    if common.operator_hook.is_none() {
        if listen.port() == 0 {
            return Err(
                "--listen with port 0 needs an operator hook: who else tells the VEN?".into()
            );
        }
        let url = format!("https://{public_host}:{}{PREFIX}", listen.port());
        eprintln!(
            "No operator hook: start your VEN now, with {url} as its VTN; it should poll often.\n\
             The run begins when it calls."
        );
    }
    played(&common, async |cut| {
        let order = order(&common, chaos.clone()).await?;
        let hook = Arc::clone(&order.hook);
        let at = (listen, public_host.as_str());
        let run = run::ven_until(order, at, (&mut teller, cut)).await;
        hook.end().await;
        run
    })?
    .map_or(Ok(ExitCode::from(CUT_SHORT)), |mut run| teller.end(&mut run, &common))
}

/// A run, until a signal cuts it short; `None`: before it began.
fn played(
    common: &Common,
    play: impl AsyncFnOnce(Cut) -> Result<Run, String>,
) -> Result<Option<Run>, String> {
    if let Some(folder) = &common.report {
        // Better now than after an hour.
        let made = std::fs::create_dir_all(folder);
        made.map_err(|error| format!("--report {}: {error}", folder.display()))?;
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("no runtime: {error}"))?;
    let run = runtime.block_on(async {
        let cut = on_signals()?;
        match play(cut.clone()).await {
            Err(_) if cut.has_come() => Ok(None),
            run => run.map(Some),
        }
    });
    // Somebody may still be asked something, and a terminal that is read cannot be given up.
    runtime.shutdown_background();
    run
}

/// A first SIGINT, SIGTERM or SIGHUP ends the run in good order, a second one ends it at once.
fn on_signals() -> Result<Cut, String> {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let (scissors, cut) = Cut::new();
    let scissors = Arc::new(scissors);
    for kind in kinds {
        let mut signals = signal(kind).map_err(|error| format!("no signals: {error}"))?;
        let (scissors, cut) = (Arc::clone(&scissors), cut.clone());
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if cut.has_come() {
                    std::process::exit(i32::from(CUT_SHORT));
                }
                eprintln!("\nconformance: cut short; ending the subject (once more: at once)");
                scissors.cut();
            }
        });
    }
    Ok(cut)
}

async fn order(common: &Common, chaos: Option<Chaos>) -> Result<Order, String> {
    let hook = hook::open(common.operator_hook.as_deref()).await;
    let hook = hook.map_err(|error| format!("--operator-hook: {error}"))?;
    Ok(Order {
        certs: common.certs.clone(),
        hook: Arc::new(Claiming::new(hook, common.claim.clone())),
        only: common.only.clone(),
        profiles: common.profile.clone(),
        chaos,
    })
}

/// Tells of outcomes as they come, and at the end.
struct Teller {
    role: Role,
    gaps: Option<Gaps>,
    xsd: Option<Xsd>,
    json: bool,
    paint: Paint,
    line: Line,
}

impl Watch for Teller {
    fn goes(&mut self, going: &Going) {
        self.line.show(going);
    }

    fn ended(&mut self, outcome: &Outcome, at: usize, of: usize) {
        self.line.clear();
        self.tell(outcome, at, of);
    }
}

impl Teller {
    /// # Errors
    /// What is wrong with the options.
    fn new(role: Role, common: &Common) -> Result<Self, String> {
        fitting(role, common)?;
        let gaps = common.known_gaps.as_deref().map(Gaps::read).transpose();
        let xsd = common.xsd.as_deref().map(Xsd::open).transpose();
        Ok(Self {
            role,
            gaps: gaps.map_err(|error| format!("--known-gaps: {error}"))?,
            xsd: xsd.map_err(|error| format!("--xsd: {error}"))?,
            json: common.json,
            paint: Paint::of_stdout(),
            // Who is asked something there must not have it overwritten.
            line: Line::of_stdout(common.json || common.operator_hook.as_deref() == Some("ask")),
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
        if run.cut_short {
            odd.clear();
        }
        for outcome in &run.outcomes {
            let name = outcome.scenario.name;
            match self.word(outcome) {
                Some(Word::Known(reason)) => drop(known.insert(name, reason)),
                Some(Word::Odd(_)) if run.cut_short => {}
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
        if run.cut_short {
            return Ok(ExitCode::from(CUT_SHORT));
        }
        Ok(ExitCode::from(code(summary, self.gaps.is_some().then_some(odd.len()))))
    }

    fn conclude(&self, run: &Run, summary: Summary, (known, odd): (usize, &[String])) {
        if self.json {
            let subject = &run.subject;
            let last = json!({ "subject": subject, "summary": summary, "known": known, "odd": odd, "cut_short": run.cut_short });
            return print(&last);
        }
        let took = run.outcomes.iter().map(|one| one.took_ms).sum();
        let clock = if run.steered { "steered" } else { "its own" };
        let role = run.role.name().to_uppercase();
        write(&format!("\nSubject: {} ({role}), clock: {clock}\n", run.subject));
        if let Some(chaos) = &run.chaos {
            write(&format!("Disturbed on purpose: {chaos}\n"));
        }
        write(&terminal::summary(summary, known, took));
        if run.cut_short {
            let played = run.outcomes.len();
            write(&format!("Cut short: {played} of {} scenarios were begun.\n", run.chosen));
        } else if summary.skipped == summary.total() {
            write("Nothing was shown: every scenario was skipped.\n");
        }
        if !odd.is_empty() {
            write("\nThe list of known gaps and the verdicts disagree:\n");
            odd.iter().for_each(|odd| write(&format!("  {odd}\n")));
        }
    }
}

/// Sees to it that there is something to play, and that no name was mistyped.
fn fitting(role: Role, common: &Common) -> Result<(), String> {
    let all = format!("`conformance list {}` names all", role.name());
    let only = common.only.as_deref();
    if let Some(none) = only.and_then(|only| catalogue::unfit(role, only).first().copied()) {
        return Err(format!("--only: no scenario for a {} fits {none:?}; {all}", role.name()));
    }
    let chosen = catalogue::chosen(role, only);
    let fits = |profile: &Profile| chosen.iter().any(|one| one.profile == *profile);
    if common.profile.is_empty() || common.profile.iter().any(fits) {
        return Ok(());
    }
    let profiles: Vec<_> = common.profile.iter().map(|profile| profile.name()).collect();
    let which = if only.is_some() { "none of these scenarios" } else { "no scenario yet" };
    Err(format!("--profile {}: there is {which}; {all}", profiles.join(", ")))
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

/// The exit code of what a signal ended.
const CUT_SHORT: u8 = 130;

fn print(value: &Value) {
    write(&format!("{value}\n"));
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
