//! The report as data: everything a run has shown, in a shape that other programs may rely on. The
//! other forms are made from it. New fields may come; none changes its meaning within a format.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::standing::{RuleRow, rows};
use crate::record::Exchange;
use crate::run::{Outcome, Run};
use crate::scenario::{Profile, Role};
use crate::verdict::Verdict;

/// What this shape is called.
pub const FORMAT: u32 = 1;

/// A whole run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The kit's version.
    pub kit: String,
    /// The subject's role.
    pub role: Role,
    /// The subject's name and version.
    pub subject: String,
    /// What the subject claims (docs/hooks.md).
    pub features: Vec<String>,
    /// Whether the subject's clock was steered by the kit.
    pub steered: bool,
    /// When the run began, UTC.
    pub began: Timestamp,
    /// What the kit did wrong on purpose: verdicts then say how a VEN bears it, not what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chaos: Option<String>,
    /// How many scenarios were to be played; 0 in reports of kits that did not count.
    #[serde(default)]
    pub chosen: usize,
    /// Whether the run was ended before all of them were: the last was then under way.
    #[serde(default)]
    pub cut_short: bool,
    /// How many scenarios ended how.
    pub summary: Summary,
    /// Every rule that binds the role, and what became of it.
    pub rules: Vec<RuleRow>,
    /// Scenario by scenario, in the order they were played.
    pub scenarios: Vec<Scene>,
}

/// How many scenarios ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Every check held.
    pub passed: usize,
    /// A check did not hold.
    pub failed: usize,
    /// Not played to the end.
    pub inconclusive: usize,
    /// Not played.
    pub skipped: usize,
}

/// A scenario and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Its name.
    pub name: String,
    /// What it belongs to.
    pub profile: Profile,
    /// What is so before it.
    pub given: String,
    /// What the kit does.
    pub when: String,
    /// What must be seen.
    pub expect: String,
    /// The rules it is about.
    pub rules: Vec<String>,
    /// `verdict`: `passed`, `failed`, `inconclusive` or `skipped`; `why` for the last two.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Why a failure or a skip was to be expected, if the list of known gaps says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// What was looked at.
    pub checks: Vec<Look>,
    /// Milliseconds of the machine's time.
    pub took_ms: u64,
    /// What went over the wire.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The rules it proves or breaks; `schema` where the schema is broken.
    pub rules: Vec<String>,
    /// What must hold.
    pub what: String,
    /// Whether it did.
    pub holds: bool,
    /// What was there instead.
    #[serde(default)]
    pub saw: String,
}

impl Report {
    /// Of a run. `known`: reasons by scenario, from the list of known gaps.
    pub fn new(run: &Run, known: &BTreeMap<&str, String>) -> Self {
        let mut scenarios: Vec<_> = run.outcomes.iter().map(Scene::from).collect();
        for scene in &mut scenarios {
            scene.known = known.get(scene.name.as_str()).cloned();
        }
        Self {
            format: FORMAT,
            kit: env!("CARGO_PKG_VERSION").to_owned(),
            role: run.role,
            subject: run.subject.clone(),
            features: run.features.iter().cloned().collect(),
            steered: run.steered,
            began: run.began,
            chaos: run.chaos.clone(),
            chosen: run.chosen,
            cut_short: run.cut_short,
            summary: Summary::of(scenarios.iter().map(|scene| &scene.verdict)),
            rules: rows(run.role, &scenarios),
            scenarios,
        }
    }
}

impl Summary {
    /// Counts.
    pub fn of<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> Self {
        let mut summary = Self::default();
        for verdict in verdicts {
            *match verdict {
                Verdict::Passed => &mut summary.passed,
                Verdict::Failed => &mut summary.failed,
                Verdict::Inconclusive(_) => &mut summary.inconclusive,
                Verdict::Skipped(_) => &mut summary.skipped,
            } += 1;
        }
        summary
    }

    /// All together.
    pub fn total(self) -> usize {
        self.passed + self.failed + self.inconclusive + self.skipped
    }
}

impl From<&Outcome> for Scene {
    fn from(outcome: &Outcome) -> Self {
        let scenario = outcome.scenario;
        let owned = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
        let look = |check: &crate::verdict::Check| Look {
            rules: owned(&check.rules),
            what: check.what.clone(),
            holds: check.holds,
            saw: check.saw.clone(),
        };
        Self {
            name: scenario.name.to_owned(),
            profile: scenario.profile,
            given: scenario.given.to_owned(),
            when: scenario.when.to_owned(),
            expect: scenario.expect.to_owned(),
            rules: owned(scenario.rules),
            verdict: outcome.verdict.clone(),
            known: None,
            checks: outcome.checks.iter().map(look).collect(),
            took_ms: outcome.took_ms,
            exchanges: outcome.exchanges.clone(),
        }
    }
}
