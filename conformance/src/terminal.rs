//! What a run says while it goes on: a line a scenario, and the summary.

use std::io::{IsTerminal as _, Write as _};

use oadr_conformance::gaps::Word;
use oadr_conformance::report::json::Summary;
use oadr_conformance::run::Outcome;
use oadr_conformance::verdict::{Check, Verdict};
use oadr_conformance::watch::Going;

/// Whether to colour.
#[derive(Clone, Copy)]
pub struct Paint(bool);

impl Paint {
    /// On a terminal, unless NO_COLOR says otherwise.
    pub fn of_stdout() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(std::io::stdout().is_terminal() && !plain)
    }

    fn on(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The line that says what is being played, on a terminal, while it takes its time.
pub struct Line {
    terminal: bool,
    shown: bool,
}

impl Line {
    /// On standard output, if that is a terminal and not to be left alone.
    pub fn of_stdout(alone: bool) -> Self {
        Self { terminal: !alone && std::io::stdout().is_terminal(), shown: false }
    }

    /// Shows it, or shows it anew.
    pub fn show(&mut self, going: &Going) {
        if self.terminal && going.seconds >= QUIET_S {
            write(&format!("\r\x1b[K{}", alive(going)));
            self.shown = true;
        }
    }

    /// Takes it away.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            write("\r\x1b[K");
        }
    }
}

/// What is said of a scenario that takes its time; short enough for one line.
fn alive(going: &Going) -> String {
    let Going { scenario, at, of, seconds, exchanges } = going;
    let width = of.to_string().len();
    let messages = if *exchanges == 1 { "exchange" } else { "exchanges" };
    let name = scenario.name;
    format!("[{at:>width$}/{of}] playing      {name}  {seconds} s, {exchanges} {messages} so far")
}

/// A reader that went away does not end the run: its report may still be wanted.
pub fn write(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A scenario is not told of before it takes longer.
const QUIET_S: u64 = 3;

/// The lines about a scenario; `word` is the list of known gaps', if there is one.
pub fn told(
    outcome: &Outcome,
    word: Option<&Word>,
    (at, of): (usize, usize),
    paint: Paint,
) -> String {
    let width = of.to_string().len();
    let (label, colour) = label(&outcome.verdict, word);
    let label = paint.on(colour, &format!("{label:<12}"));
    let name = outcome.scenario.name;
    let mut out = format!("[{at:>width$}/{of}] {label} {name}");
    match &outcome.verdict {
        Verdict::Passed => {
            let time = format!("  {}", seconds(outcome.took_ms));
            out.push_str(&paint.on("2", &time));
        }
        Verdict::Failed => out.push_str(&format!("  rules {}", broken(&outcome.checks).join(", "))),
        Verdict::Inconclusive(why) | Verdict::Skipped(why) => out.push_str(&format!(": {why}")),
    }
    if outcome.verdict != Verdict::Passed && outcome.took_ms >= 1000 {
        out.push_str(&paint.on("2", &format!("  {}", seconds(outcome.took_ms))));
    }
    out.push('\n');
    let mut failing = outcome.checks.iter().filter(|check| !check.holds);
    if let Some(check) = failing.next() {
        let (rules, what) = (check.rules.join(", "), &check.what);
        out.push_str(&format!("      rule {rules}: {what}\n      seen: {}\n", line(&check.saw)));
    }
    match failing.count() {
        0 => {}
        more => out.push_str(&format!("      and {more} more\n")),
    }
    match word {
        Some(Word::Known(reason)) => out.push_str(&format!("      known: {reason}\n")),
        Some(Word::Odd(mend)) => {
            out.push_str(&format!("      {} {mend}\n", paint.on("31", "known gaps:")));
        }
        Some(Word::Fine) | None => {}
    }
    out
}

/// The last line.
pub fn summary(summary: Summary, known: usize, took_ms: u64) -> String {
    let Summary { passed, failed, inconclusive, skipped } = summary;
    let known = match known {
        0 => String::new(),
        known => format!("; {known} of these known"),
    };
    let (time, total) = (seconds(took_ms), summary.total());
    let scenarios = if total == 1 { "scenario" } else { "scenarios" };
    format!(
        "{passed} passed, {failed} failed, {inconclusive} inconclusive, {skipped} skipped{known} ({total} {scenarios} in {time})\n"
    )
}

fn label(verdict: &Verdict, word: Option<&Word>) -> (&'static str, &'static str) {
    match (verdict, word) {
        (Verdict::Failed, Some(Word::Known(_))) => ("known gap", "33"),
        (Verdict::Failed, _) => ("FAILED", "1;31"),
        (Verdict::Passed, _) => ("passed", "32"),
        (Verdict::Inconclusive(_), _) => ("inconclusive", "35"),
        (Verdict::Skipped(_), _) => ("skipped", "36"),
    }
}

/// The rules of the checks that do not hold, each once.
fn broken(checks: &[Check]) -> Vec<&'static str> {
    let mut rules = Vec::new();
    for id in checks.iter().filter(|check| !check.holds).flat_map(|check| &check.rules) {
        if !rules.contains(id) {
            rules.push(*id);
        }
    }
    rules
}

/// What was seen, in one line of decent length, nothing in it that moves the cursor.
fn line(saw: &str) -> String {
    let plain: String = saw.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match plain.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{} … (the report has it all)", &plain[..cut]),
        None => plain,
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

const LONGEST: usize = 300;

#[cfg(test)]
mod tests {
    use oadr_conformance::catalogue;

    use super::*;

    fn outcome(verdict: Verdict, holds: bool) -> Outcome {
        let saw = "\x1b[2Jnothing".to_owned();
        let check = Check { rules: vec!["403"], what: "an ID is told".to_owned(), holds, saw };
        let scenario = catalogue::named("reg-create-pull")[0];
        Outcome { scenario, verdict, checks: vec![check], exchanges: Vec::new(), took_ms: 1234 }
    }

    #[test]
    fn a_failure_is_told_with_its_rules_and_its_first_broken_check() {
        let text = told(&outcome(Verdict::Failed, false), None, (2, 10), Paint(false));
        let wanted = "[ 2/10] FAILED       reg-create-pull  rules 403  1.2 s\n      \
                      rule 403: an ID is told\n      seen:  [2Jnothing\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn broken_checks_beyond_the_first_are_counted() {
        let mut failed = outcome(Verdict::Failed, false);
        failed.checks.extend([failed.checks[0].clone(), failed.checks[0].clone()]);
        let text = told(&failed, None, (1, 1), Paint(false));
        assert!(text.ends_with("      and 2 more\n") && text.matches("rule 403").count() == 1);
    }

    #[test]
    fn a_skip_says_why_and_is_not_a_pass() {
        let skipped = Verdict::Skipped("no means".to_owned());
        let text = told(&outcome(skipped, true), None, (1, 1), Paint(false));
        assert_eq!(text, "[1/1] skipped      reg-create-pull: no means  1.2 s\n");
    }

    #[test]
    fn a_known_gap_is_called_so_and_what_is_odd_is_told() {
        let known = Word::Known("no XMPP".to_owned());
        let text = told(&outcome(Verdict::Failed, false), Some(&known), (1, 1), Paint(false));
        assert!(text.contains("known gap") && text.ends_with("known: no XMPP\n"), "{text}");
        let odd = Word::Odd("strike it".to_owned());
        let text = told(&outcome(Verdict::Passed, true), Some(&odd), (1, 1), Paint(false));
        assert!(text.ends_with("known gaps: strike it\n"), "{text}");
    }

    #[test]
    fn the_summary_has_the_four_verdicts_apart() {
        let counts = Summary { passed: 3, failed: 2, inconclusive: 1, skipped: 4 };
        let text = summary(counts, 2, 61_250);
        let wanted = "3 passed, 2 failed, 1 inconclusive, 4 skipped; 2 of these known (10 scenarios in 61.2 s)\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn a_scenario_that_takes_its_time_is_told_with_its_messages() {
        let scenario = outcome(Verdict::Passed, true).scenario;
        let going = Going { scenario, at: 7, of: 69, seconds: 35, exchanges: 1 };
        let wanted = "[ 7/69] playing      reg-create-pull  35 s, 1 exchange so far";
        assert_eq!(alive(&going), wanted);
        let took = Outcome { took_ms: 64_000, ..outcome(Verdict::Skipped("no".into()), true) };
        assert!(told(&took, None, (1, 1), Paint(false)).ends_with(": no  64.0 s\n"));
    }

    #[test]
    fn colour_is_for_terminals_only() {
        let text = |paint| told(&outcome(Verdict::Passed, true), None, (1, 1), paint);
        assert!(!text(Paint(false)).contains('\x1b') && text(Paint(true)).contains("\x1b[32m"));
    }
}
