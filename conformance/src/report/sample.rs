//! Small reports to test with.

use super::json::{Look, Report, Scene, Summary};
use super::standing::rows;
use crate::scenario::{Profile, Role};
use crate::verdict::Verdict;

pub(crate) fn look(rule: &str, holds: bool) -> Look {
    let saw = if holds { String::new() } else { "nothing".to_owned() };
    Look { rules: vec![rule.to_owned()], what: format!("rule {rule} holds"), holds, saw }
}

pub(crate) fn scene(verdict: Verdict, checks: Vec<Look>) -> Scene {
    Scene {
        name: format!("a-{}", verdict.name()),
        profile: Profile::Pull,
        given: "a VEN".to_owned(),
        when: "it calls".to_owned(),
        expect: "an answer".to_owned(),
        rules: vec!["403".to_owned()],
        verdict,
        known: None,
        checks,
        took_ms: 12,
        exchanges: Vec::new(),
    }
}

pub(crate) fn report(scenarios: Vec<Scene>) -> Report {
    Report {
        format: super::json::FORMAT,
        kit: "0".to_owned(),
        role: Role::Vtn,
        subject: "a VTN".to_owned(),
        features: Vec::new(),
        steered: true,
        began: jiff::Timestamp::UNIX_EPOCH,
        chaos: None,
        chosen: scenarios.len(),
        cut_short: false,
        summary: Summary::of(scenarios.iter().map(|scene| &scene.verdict)),
        rules: rows(Role::Vtn, &scenarios),
        scenarios,
    }
}

/// One of each verdict.
pub(crate) fn each() -> Report {
    report(vec![
        scene(Verdict::Passed, vec![look("403", true)]),
        scene(Verdict::Failed, vec![look("404", true), look("403", false)]),
        scene(Verdict::Inconclusive("the hook's answer: none".into()), Vec::new()),
        scene(Verdict::Skipped("no means for it".into()), Vec::new()),
    ])
}
