//! Rule by rule: what the scenarios of a run have shown of it.

use serde::{Deserialize, Serialize};

use super::json::Scene;
use crate::rules::{self, Rule};
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

/// A rule that binds the subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    /// Its number.
    pub id: String,
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

/// The rules that bind a role, in their order, and what these scenarios show of them.
pub fn rows(role: Role, scenes: &[Scene]) -> Vec<RuleRow> {
    let binding = rules::all().filter(|rule| rule.binds.holds_for(role));
    binding.map(|rule| row(rule, scenes)).collect()
}

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
    fn rules_of_the_other_role_are_left_out() {
        let rows = rows(Role::Ven, &[]);
        assert!(rows.iter().any(|row| row.id == "12") && rows.iter().all(|row| row.id != "2"));
    }
}
