//! The list of known gaps: failures and skips that are to be expected of a subject, each with its
//! reason. A gap that closes, a failure that is not listed, a skip that is not listed: each is told.

use std::path::Path;

use serde::Deserialize;

use crate::catalogue;
use crate::scenario::Role;
use crate::verdict::{Check, Verdict};

/// The list, as it stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gaps {
    /// Failures that are to be expected.
    #[serde(default)]
    pub gap: Vec<Gap>,
    /// Skips that are to be expected.
    #[serde(default)]
    pub skip: Vec<Skip>,
}

/// A failure that is to be expected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The subject's role.
    pub role: Role,
    /// The scenario that fails.
    pub scenario: String,
    /// The rules under which its checks fail; a check that fails under none of them is not covered.
    pub rules: Vec<String>,
    /// Why it is so.
    pub reason: String,
}

/// A skip that is to be expected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// The subject's role.
    pub role: Role,
    /// The scenario that is skipped.
    pub scenario: String,
    /// Why it is so.
    pub reason: String,
}

/// What the list says of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// It passed, and nothing else was expected.
    Fine,
    /// It failed or was skipped, as listed, for this reason.
    Known(String),
    /// List and verdict disagree; what to do about it.
    Odd(String),
}

impl Gaps {
    /// Reads the list.
    ///
    /// # Errors
    /// The file's or its text's fault.
    pub fn read(file: &Path) -> Result<Self, String> {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| told(&error))?;
        Self::parse(&text).map_err(|error| told(&error))
    }

    /// Takes a list from its text.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let gaps: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut lines: Vec<_> = gaps.lines().collect();
        let count = lines.len();
        lines.sort_unstable();
        lines.dedup();
        if lines.len() < count {
            return Err("a scenario is listed twice for a role".to_owned());
        }
        match gaps.gap.iter().find(|gap| gap.rules.is_empty()) {
            Some(gap) => Err(format!("the gap {:?} names no rules", gap.scenario)),
            None => Ok(gaps),
        }
    }

    fn lines(&self) -> impl Iterator<Item = (Role, &str)> {
        let gaps = self.gap.iter().map(|gap| (gap.role, gap.scenario.as_str()));
        gaps.chain(self.skip.iter().map(|skip| (skip.role, skip.scenario.as_str())))
    }

    /// What the list says of a scenario's verdict and checks.
    pub fn judge(&self, (role, name): (Role, &str), verdict: &Verdict, checks: &[Check]) -> Word {
        let gap = self.gap.iter().find(|gap| gap.role == role && gap.scenario == name);
        let skip = self.skip.iter().find(|skip| skip.role == role && skip.scenario == name);
        let at = format!("role = \"{}\", scenario = \"{name}\"", role.name());
        match (verdict, gap, skip) {
            (Verdict::Passed, None, None) => Word::Fine,
            (Verdict::Passed, Some(_), _) => {
                Word::Odd(format!("it passes: strike the [[gap]] {at}"))
            }
            (Verdict::Passed, None, Some(_)) => {
                Word::Odd(format!("it is played and passes: strike the [[skip]] {at}"))
            }
            (Verdict::Failed, Some(gap), _) => failed(gap, &at, checks),
            (Verdict::Failed, None, _) => {
                let rules = broken(checks).collect::<Vec<_>>();
                Word::Odd(format!("it fails: mend it, or add [[gap]] {at}, rules = {rules:?}"))
            }
            (Verdict::Skipped(_), None, Some(skip)) => Word::Known(skip.reason.clone()),
            (Verdict::Skipped(why), None, None) => {
                Word::Odd(format!("it is skipped ({why}): enable it, or add [[skip]] {at}"))
            }
            (Verdict::Skipped(why), Some(_), _) => {
                Word::Odd(format!("it is skipped ({why}): strike the [[gap]] {at}, add a [[skip]]"))
            }
            (Verdict::Inconclusive(why), ..) => {
                Word::Odd(format!("it is inconclusive ({why}), which no line of the list excuses"))
            }
        }
    }

    /// What to strike because no such scenario or rule exists.
    pub fn stale(&self) -> Vec<String> {
        let exists = |role: Role, name: &str| {
            catalogue::named(name).iter().any(|scenario| scenario.role() == role)
        };
        let lines = self.lines().filter(|&(role, name)| !exists(role, name));
        let lines = lines.map(|(role, name)| {
            format!("there is no scenario {name:?} for a {}: strike it", role.name())
        });
        let rules = self.gap.iter().flat_map(|gap| gap.rules.iter().map(move |id| (gap, id)));
        let known = |id: &str| id == crate::base::SCHEMA || crate::rules::rule(id).is_some();
        let rules = rules.filter(|(_, id)| !known(id));
        let rules = rules.map(|(gap, id)| format!("{}: there is no rule {id:?}", gap.scenario));
        lines.chain(rules).collect()
    }
}

fn failed(gap: &Gap, at: &str, checks: &[Check]) -> Word {
    let lists = |id: &str| gap.rules.iter().any(|one| one == id);
    let failing = || checks.iter().filter(|check| !check.holds);
    if let Some(check) = failing().find(|check| !check.rules.iter().any(|id| lists(id))) {
        let (rules, what) = (&check.rules, &check.what);
        return Word::Odd(format!(
            "{what:?} fails under {rules:?}, which [[gap]] {at} does not list: mend it, or add one"
        ));
    }
    let closed = gap.rules.iter().find(|id| !broken(checks).any(|one| one == id.as_str()));
    match closed {
        Some(id) => Word::Odd(format!("no check fails under {id:?}: strike it from [[gap]] {at}")),
        None => Word::Known(gap.reason.clone()),
    }
}

/// The rules of the checks that do not hold, each once.
fn broken(checks: &[Check]) -> impl Iterator<Item = &'static str> + use<> {
    let mut rules = Vec::new();
    for id in checks.iter().filter(|check| !check.holds).flat_map(|check| &check.rules) {
        if !rules.contains(id) {
            rules.push(*id);
        }
    }
    rules.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"
        [[gap]]
        role = "vtn"
        scenario = "reg-create-pull"
        rules = ["38"]
        reason = "no XMPP"
        [[skip]]
        role = "vtn"
        scenario = "reg-query-unregistered"
        reason = "no operator"
    "#;

    fn failing(rules: &[&'static str]) -> Check {
        let (what, saw) = ("it holds".to_owned(), "nothing".to_owned());
        Check { rules: rules.to_vec(), what, holds: false, saw }
    }

    fn judge(name: &str, verdict: &Verdict, checks: &[Check]) -> Word {
        Gaps::parse(LIST).unwrap().judge((Role::Vtn, name), verdict, checks)
    }

    fn odd(word: Word) -> String {
        match word {
            Word::Odd(why) => why,
            other => panic!("{other:?}"),
        }
    }

    const GAP: &str = "reg-create-pull";
    const SKIP: &str = "reg-query-unregistered";

    #[test]
    fn a_listed_failure_is_known_if_every_failing_check_cites_a_listed_rule() {
        let known = Word::Known("no XMPP".to_owned());
        assert_eq!(judge(GAP, &Verdict::Failed, &[failing(&["38"])]), known);
        assert_eq!(judge(GAP, &Verdict::Failed, &[failing(&["38", "507"])]), known);
        let both = [failing(&["38"]), failing(&["403"])];
        assert!(odd(judge(GAP, &Verdict::Failed, &both)).contains("[\"403\"]"));
    }

    #[test]
    fn a_gap_that_closed_is_to_be_struck() {
        assert!(odd(judge(GAP, &Verdict::Passed, &[])).contains("strike the [[gap]]"));
        let mut gaps = Gaps::parse(LIST).unwrap();
        gaps.gap[0].rules.push("70".to_owned());
        let word = gaps.judge((Role::Vtn, GAP), &Verdict::Failed, &[failing(&["38"])]);
        assert!(odd(word).contains("under \"70\": strike it"));
    }

    #[test]
    fn an_unlisted_failure_is_told_with_the_line_to_add() {
        let word = judge("poll-empty", &Verdict::Failed, &[failing(&["38", "45"])]);
        let line = r#"add [[gap]] role = "vtn", scenario = "poll-empty", rules = ["38", "45"]"#;
        assert!(odd(word).contains(line));
        let skipped = judge(SKIP, &Verdict::Failed, &[failing(&["404"])]);
        assert!(odd(skipped).contains("add [[gap]]"), "a listed skip covers no failure");
    }

    #[test]
    fn skips_are_listed_one_by_one() {
        let skipped = Verdict::Skipped("no means".to_owned());
        assert_eq!(judge(SKIP, &skipped, &[]), Word::Known("no operator".to_owned()));
        assert!(odd(judge("poll-empty", &skipped, &[])).contains("add [[skip]]"));
        assert!(odd(judge(GAP, &skipped, &[])).contains("strike the [[gap]]"));
        assert!(odd(judge(SKIP, &Verdict::Passed, &[])).contains("strike the [[skip]]"));
    }

    #[test]
    fn nothing_excuses_what_is_inconclusive() {
        let verdict = Verdict::Inconclusive("late".to_owned());
        for name in [GAP, SKIP, "poll-empty"] {
            assert!(odd(judge(name, &verdict, &[])).contains("inconclusive"));
        }
    }

    #[test]
    fn a_list_for_one_role_says_nothing_of_the_other() {
        let gaps = Gaps::parse(LIST).unwrap();
        assert_eq!(gaps.judge((Role::Ven, GAP), &Verdict::Passed, &[]), Word::Fine);
    }

    #[test]
    fn a_list_with_a_fault_is_refused() {
        assert!(Gaps::parse("[[gap]]\nrole = \"vtn\"").is_err());
        assert!(Gaps::parse(&LIST.replace("[\"38\"]", "[]")).unwrap_err().contains("no rules"));
        assert!(Gaps::parse(&format!("{LIST}{LIST}")).unwrap_err().contains("twice"));
    }

    #[test]
    fn lines_about_nothing_are_stale() {
        let text = LIST.replace(GAP, "reg-no-such").replace("38", "9999");
        let stale = Gaps::parse(&text).unwrap().stale();
        assert_eq!(stale.len(), 2, "{stale:?}");
        assert!(Gaps::parse(LIST).unwrap().stale().is_empty());
    }

    #[test]
    fn the_list_of_this_project_can_be_read_and_has_no_stale_line() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("known-gaps.toml");
        assert_eq!(Gaps::read(&file).unwrap().stale(), Vec::<String>::new());
    }
}
