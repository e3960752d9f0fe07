//! Rule by rule: what the scenarios of a run have shown of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::json::Scene;
use crate::base::SCHEMA;
use crate::rules::{self, Binds, Level, Rule};
use crate::scenario::Role;
use crate::verdict::Verdict;

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Checks of it held, in scenarios that were played to their end, and none failed.
    Proved,
    /// A check of it failed.
    Broken,
    /// No check of it was made, or only in scenarios that did not come to their end.
    Unreached,
}

/// A rule that binds the subject, or that a scenario cites all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    /// Its number.
    pub id: String,
    /// Who carries it: `vtn`, `ven` or `both`.
    pub binds: String,
    /// `must`, `should`, `may` or `defines`.
    pub level: String,
    /// What it asks.
    pub asks: String,
    /// Why no scenario can prove it, if none can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<String>,
    /// What became of it.
    pub standing: Standing,
    /// The scenarios of the run that are about it or have checked it.
    pub scenarios: Vec<Mark>,
}

/// A rule in a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The scenario.
    pub scenario: String,
    /// What it shows of this rule alone.
    pub standing: Standing,
    /// The scenario's own verdict.
    pub verdict: String,
}

impl Standing {
    /// `proved`, `broken` or `not reached`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Broken => "broken",
            Self::Unreached => "not reached",
        }
    }
}

/// The rules that bind a role or that these scenarios cite, in their order, the schema last; and
/// what these scenarios show of them.
pub fn rows(role: Role, scenes: &[Scene]) -> Vec<RuleRow> {
    let cited: BTreeSet<&str> = scenes
        .iter()
        .flat_map(|scene| scene.checks.iter().flat_map(|check| &check.rules).chain(&scene.rules))
        .map(String::as_str)
        .collect();
    let concerned = |rule: &&Rule| rule.binds.holds_for(role) || cited.contains(rule.id);
    rules::all().chain([&VALID]).filter(concerned).map(|rule| row(rule, scenes)).collect()
}

/// What the checks under [`SCHEMA`] look at.
const VALID: Rule = Rule {
    id: SCHEMA,
    binds: Binds::Both,
    profile_a: false,
    about: "every payload",
    level: Level::Must,
    asks: "Send nothing but documents that are valid by the schema of the profile.",
    unseen: None,
};

fn row(rule: &Rule, scenes: &[Scene]) -> RuleRow {
    let marks: Vec<_> = scenes.iter().filter_map(|scene| mark(rule.id, scene)).collect();
    let any = |wanted| marks.iter().any(|mark| mark.standing == wanted);
    let standing = match (any(Standing::Broken), any(Standing::Proved)) {
        (true, _) => Standing::Broken,
        (false, true) => Standing::Proved,
        (false, false) => Standing::Unreached,
    };
    RuleRow {
        id: rule.id.to_owned(),
        binds: rule.binds.name().to_owned(),
        level: rule.level.name().to_owned(),
        asks: rule.asks.to_owned(),
        unseen: rule.unseen.map(str::to_owned),
        standing,
        scenarios: marks,
    }
}

/// What a scenario shows of a rule; `None` if it is not about it.
fn mark(id: &str, scene: &Scene) -> Option<Mark> {
    let about = |rules: &[String]| rules.iter().any(|one| one == id);
    let mut checks = scene.checks.iter().filter(|check| about(&check.rules)).peekable();
    if checks.peek().is_none() && !about(&scene.rules) {
        return None;
    }
    let checked = checks.peek().is_some();
    let ended = matches!(scene.verdict, Verdict::Passed | Verdict::Failed);
    let standing = match checks.all(|check| check.holds) {
        false => Standing::Broken,
        true if checked && ended => Standing::Proved,
        true => Standing::Unreached,
    };
    let (scenario, verdict) = (scene.name.clone(), scene.verdict.name().to_owned());
    Some(Mark { scenario, standing, verdict })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{look, scene};

    fn standing(id: &str, scenes: &[Scene]) -> Standing {
        let rows = rows(Role::Vtn, scenes);
        rows.iter().find(|row| row.id == id).unwrap().standing
    }

    #[test]
    fn a_rule_is_proved_by_a_check_that_held_in_a_scenario_that_came_to_its_end() {
        let held = vec![look("403", true)];
        assert_eq!(standing("403", &[scene(Verdict::Passed, held.clone())]), Standing::Proved);
        let cut = scene(Verdict::Inconclusive("late".into()), held.clone());
        assert_eq!(standing("403", std::slice::from_ref(&cut)), Standing::Unreached);
        let skipped = scene(Verdict::Skipped("no means".into()), held);
        assert_eq!(standing("403", &[skipped, cut]), Standing::Unreached);
        assert_eq!(standing("404", &[]), Standing::Unreached);
    }

    #[test]
    fn one_broken_check_breaks_a_rule_whatever_others_prove() {
        let proving = scene(Verdict::Passed, vec![look("403", true)]);
        let breaking = scene(Verdict::Failed, vec![look("403", true), look("403", false)]);
        assert_eq!(standing("403", &[proving, breaking]), Standing::Broken);
    }

    #[test]
    fn a_failed_scenario_proves_the_rules_whose_checks_held() {
        let mixed = scene(Verdict::Failed, vec![look("403", true), look("404", false)]);
        assert_eq!(standing("403", std::slice::from_ref(&mixed)), Standing::Proved);
        assert_eq!(standing("404", &[mixed]), Standing::Broken);
    }

    #[test]
    fn rules_of_the_other_role_are_left_out_unless_a_scenario_cites_them() {
        let has = |scenes: &[Scene], id| rows(Role::Ven, scenes).iter().any(|row| row.id == id);
        assert!(has(&[], "12") && !has(&[], "2") && has(&[], SCHEMA));
        assert!(has(&[scene(Verdict::Failed, vec![look("2", false)])], "2"));
    }
}
