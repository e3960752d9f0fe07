//! docs/rules.md: every rule, the scenarios about it, and what they say of a VTN and a VEN. Made
//! from their reports, the same from the same verdicts: it has neither dates nor durations.

use std::fmt::Write as _;

use super::json::{FORMAT, Report, Scene};
use super::standing::{Mark, RuleRow, Standing, rows};
use super::unit::UnitTests;
use crate::catalogue;
use crate::scenario::Role;
use crate::verdict::Verdict;

/// The document. Where no scenario has proved a rule, it names the unit tests about it.
///
/// # Errors
/// If there is no report, one of a part of the scenarios, or two of one role.
pub fn document(reports: &[Report], tests: &UnitTests) -> Result<String, String> {
    let columns = [Column::of(Role::Vtn, reports)?, Column::of(Role::Ven, reports)?];
    let mut out = String::from(HEAD);
    columns.iter().filter_map(|column| column.report).for_each(|one| counts(&mut out, one));
    out.push_str("\n| rule | binds | it asks | VTN | VEN |\n|---|---|---|---|---|\n");
    let order = crate::rules::all().map(|rule| rule.id).chain([crate::base::SCHEMA]);
    for id in order {
        let Some(row) = columns.iter().find_map(|column| column.row(id)) else { continue };
        let (binds, level, asks) = (&row.binds, &row.level, plain(first_sentence(&row.asks)));
        let cells = columns.each_ref().map(|column| column.cell(id, tests)).join(" | ");
        let _ = writeln!(out, "| {id} | {binds}, {level} | {asks} | {cells} |");
    }
    Ok(out)
}

/// What is said of one role.
struct Column<'a> {
    role: Role,
    report: Option<&'a Report>,
    rows: Vec<RuleRow>,
}

impl<'a> Column<'a> {
    fn of(role: Role, reports: &'a [Report]) -> Result<Self, String> {
        let report = only(role, reports)?;
        let scenes = report.map(|report| report.scenarios.as_slice()).unwrap_or_default();
        Ok(Self { role, report, rows: rows(role, scenes) })
    }

    fn row(&self, id: &str) -> Option<&RuleRow> {
        self.rows.iter().find(|row| row.id == id)
    }

    fn cell(&self, id: &str, tests: &UnitTests) -> String {
        match (self.row(id), self.report) {
            (Some(row), Some(report)) => {
                let unproved = row.standing == Standing::Unreached;
                let tests = if unproved { tests.about(self.role, id) } else { Vec::new() };
                standing(row, &report.scenarios, &tests)
            }
            (Some(_), None) => "no report".to_owned(),
            (None, _) => "–".to_owned(),
        }
    }
}

/// The report of a role, if there is one.
fn only(role: Role, reports: &[Report]) -> Result<Option<&Report>, String> {
    let name = role.name();
    let mut of_role = reports.iter().filter(|report| report.role == role);
    let (first, second) = (of_role.next(), of_role.next());
    if second.is_some() {
        return Err(format!("two reports of a {name}"));
    }
    let Some(report) = first else { return Ok(None) };
    if report.format != FORMAT {
        return Err(format!("the {name}'s report is of another format: {}", report.format));
    }
    if report.cut_short {
        return Err(format!("the {name}'s report is of a run that was cut short"));
    }
    if let Some(chaos) = &report.chaos {
        return Err(format!("the {name}'s report is of a run with --chaos {chaos}"));
    }
    let all = catalogue::chosen(role, None);
    let lacks = |name: &str| report.scenarios.iter().all(|scene| scene.name != name);
    match all.iter().find(|scenario| lacks(scenario.name)) {
        Some(scenario) => Err(format!(
            "the {name}'s report lacks {}: run all scenarios, without --only and --profile",
            scenario.name
        )),
        None => Ok(first),
    }
}

fn counts(out: &mut String, report: &Report) {
    let summary = report.summary;
    let of = |wanted| report.rules.iter().filter(|row| row.standing == wanted).count();
    let known = report.scenarios.iter().filter(|scene| scene.known.is_some()).count();
    let _ = writeln!(
        out,
        "- {}: {} scenarios, {} passed, {} failed, {} inconclusive, {} skipped, {known} of these known; \
         {} rules proved, {} broken, {} not reached",
        report.role.name().to_uppercase(),
        summary.total(),
        summary.passed,
        summary.failed,
        summary.inconclusive,
        summary.skipped,
        of(Standing::Proved),
        of(Standing::Broken),
        of(Standing::Unreached),
    );
}

/// What the scenarios say of a rule, those of one word together; and the unit tests about it.
fn standing(row: &RuleRow, scenes: &[Scene], tests: &[&str]) -> String {
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for mark in &row.scenarios {
        let word = word(mark, scenes);
        match said.iter_mut().find(|(one, _)| *one == word) {
            Some((_, names)) => names.push(&mark.scenario),
            None => said.push((word, vec![&mark.scenario])),
        }
    }
    let mut parts: Vec<_> =
        said.into_iter().map(|(word, names)| format!("{word}: {}", names.join(", "))).collect();
    match (parts.is_empty(), row.unseen.as_deref()) {
        (false, _) => {}
        (true, Some(why)) => parts.push(format!("not seen: {}", plain(why))),
        (true, None) if tests.is_empty() => {
            parts.push("not seen: no scenario is about it.".to_owned());
        }
        (true, None) => {}
    }
    if !tests.is_empty() {
        parts.push(format!("unit test: {}", tests.join(", ")));
    }
    parts.join("<br>")
}

fn word(mark: &Mark, scenes: &[Scene]) -> String {
    let scene = scenes.iter().find(|scene| scene.name == mark.scenario);
    let known = scene.and_then(|scene| scene.known.as_deref());
    match (mark.standing, scene.map(|scene| &scene.verdict)) {
        (Standing::Proved, _) => "passed".to_owned(),
        (Standing::Broken, _) => match known {
            Some(reason) => format!("known gap ({})", plain(reason)),
            None => "**failed**".to_owned(),
        },
        (Standing::Unreached, Some(Verdict::Skipped(why))) => {
            format!("skipped ({})", plain(known.unwrap_or(why)))
        }
        (Standing::Unreached, Some(Verdict::Inconclusive(why))) => {
            format!("inconclusive ({})", plain(why))
        }
        (Standing::Unreached, _) => "named, not checked by itself".to_owned(),
    }
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// Text that ends no cell.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

const HEAD: &str = "\
# Rules, scenarios, verdicts

Made by `conformance rules --from report.json` from the reports of this project's own VTN and VEN; not to be
edited. What a rule asks is told in our words, and only its first sentence: `conformance explain SCENARIO` has
the rest. A rule *passed* in a scenario if its checks held there; a *known gap* is one of
`conformance/known-gaps.toml`. A *unit test*, named where no scenario proves the rule, is found by its name.

";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{look, report, scene};

    /// A report of every scenario for a VTN, each with this verdict and check.
    fn full(verdict: &Verdict, rule: &str, holds: bool) -> Report {
        let all = catalogue::chosen(Role::Vtn, None);
        let scenes = all.iter().map(|scenario| {
            let one = scene(verdict.clone(), vec![look(rule, holds)]);
            let rules = vec![rule.to_owned()];
            Scene { name: scenario.name.to_owned(), rules, ..one }
        });
        report(scenes.collect())
    }

    fn row(reports: &[Report], id: &str) -> String {
        let text = document(reports, &UnitTests::default()).unwrap();
        let row = text.lines().find(|line| line.starts_with(&format!("| {id} |")));
        row.unwrap().to_owned()
    }

    #[test]
    fn a_rule_is_told_with_the_word_of_each_scenario() {
        let passed = row(&[full(&Verdict::Passed, "403", true)], "403");
        assert!(passed.contains("| vtn, must | Answer a registration with"), "{passed}");
        assert!(passed.contains("passed: ") && passed.contains("reg-create-pull"), "{passed}");
        let mut gap = full(&Verdict::Failed, "403", false);
        assert!(row(&[gap.clone()], "403").contains("**failed**: "));
        gap.scenarios.iter_mut().for_each(|scene| scene.known = Some("a | b".to_owned()));
        assert!(row(&[gap], "403").contains("known gap (a \\| b): "));
        let skipped = full(&Verdict::Skipped("no means".into()), "403", true);
        assert!(row(&[skipped], "403").contains("skipped (no means): "));
    }

    #[test]
    fn a_run_that_was_cut_short_or_disturbed_makes_no_table() {
        let whole = full(&Verdict::Passed, "403", true);
        let cut = Report { cut_short: true, ..whole.clone() };
        let document = |reports: &[Report]| document(reports, &UnitTests::default());
        assert!(document(&[cut]).unwrap_err().contains("cut short"));
        let chaos = Some("busy=0.1 with seed 7".to_owned());
        assert!(document(&[Report { chaos, ..whole }]).unwrap_err().contains("busy=0.1"));
    }

    #[test]
    fn a_rule_that_nothing_is_about_says_so_or_why() {
        let passed = [full(&Verdict::Passed, "403", true)];
        assert!(row(&passed, "5").contains("not seen: no scenario is about it."));
        let unseen = crate::rules::all().find(|rule| rule.unseen.is_some()).unwrap();
        assert!(row(&passed, unseen.id).contains("not seen: ") || unseen.binds.name() == "ven");
        assert!(row(&passed, "12").ends_with("| – | no report |"));
    }

    #[test]
    fn unit_tests_are_named_where_no_scenario_proves_the_rule() {
        let mut tests = UnitTests::default();
        let source = "#[test]\nfn rule_5_counts() {}\n#[test]\nfn rule_403_answers() {}";
        tests.read(Role::Vtn, source);
        let text = document(&[full(&Verdict::Passed, "403", true)], &tests).unwrap();
        let row = |id: &str| text.lines().find(|line| line.starts_with(&format!("| {id} |")));
        assert!(row("5").unwrap().contains(" | unit test: rule_5_counts |"), "{:?}", row("5"));
        assert!(!text.contains("rule_403_answers"));
        let unseen = crate::rules::all().find(|rule| rule.unseen.is_some()).unwrap();
        assert!(!row(unseen.id).unwrap().contains("unit test"));
    }

    #[test]
    fn every_rule_has_a_row_and_the_same_reports_make_the_same_document() {
        let reports = [full(&Verdict::Passed, "403", true)];
        let document = |reports: &[Report]| document(reports, &UnitTests::default());
        let text = document(&reports).unwrap();
        for rule in crate::rules::all() {
            assert!(
                text.contains(&format!("\n| {} | {}", rule.id, rule.binds.name())),
                "{}",
                rule.id
            );
        }
        let mut later = reports.clone();
        later[0].began = jiff::Timestamp::MAX;
        later[0].scenarios[0].took_ms = 9999;
        assert_eq!(document(&later).unwrap(), text);
    }

    #[test]
    fn a_report_of_a_part_is_refused() {
        let mut part = full(&Verdict::Passed, "403", true);
        part.scenarios.pop();
        let document = |reports: &[Report]| document(reports, &UnitTests::default());
        assert!(document(&[part]).unwrap_err().contains("without --only"));
        let whole = full(&Verdict::Passed, "403", true);
        assert!(document(&[whole.clone(), whole]).unwrap_err().contains("two reports"));
    }
}
