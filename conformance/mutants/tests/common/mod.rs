//! Runs of the kit against the mutants.

#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use oadr_certs::dev::{Ca, Validity};
use oadr_conformance::catalogue;
use oadr_conformance::hook::Hook;
use oadr_conformance::run::{self, Order, Outcome, Run};
use oadr_conformance::scenario::Role;
use oadr_conformance::verdict::Verdict;
use oadr_mutants::fault::{self, Faults};
use oadr_transport::{Clock as _, SystemClock};

/// MUTANTS_ONLY=PATTERN plays only scenarios that it fits.
fn only() -> Option<String> {
    std::env::var("MUTANTS_ONLY").ok()
}

/// Scenarios that the models cannot pass, and where their proof is instead.
const EXEMPT: &[(Role, &str)] = &[
    // rustls has none of the suites of rule 67: tests/suites.rs lets `openssl` be the subject.
    (Role::Vtn, "tls-default-suites"),
];

fn is_exempt(role: Role, scenario: &str) -> bool {
    EXEMPT.contains(&(role, scenario))
}

pub async fn passes_all(role: Role) {
    let (home, ca) = laboratory();
    let run = run(role, (home.path(), &ca), Faults::none(), only()).await;
    let (exempt, others): (Vec<_>, Vec<_>) =
        run.outcomes.iter().partition(|one| is_exempt(role, one.scenario.name));
    let passed = |one: &&Outcome| one.verdict == Verdict::Passed;
    assert!(!exempt.iter().any(passed), "a model passes what it is exempt from: end that");
    let bad: Vec<_> =
        others.into_iter().filter(|one| !passed(one) && !lacks_openssl(one)).collect();
    let told: Vec<_> = bad.into_iter().map(story).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(run.outcomes.len(), catalogue::chosen(role, only().as_deref()).len());
}

pub async fn every_fault_is_noticed(role: Role) {
    let (home, ca) = laboratory();
    let chosen: BTreeSet<_> =
        catalogue::chosen(role, only().as_deref()).iter().map(|one| one.name).collect();
    let mut unnoticed = Vec::new();
    for fault in fault::all(role).into_iter().filter(|fault| chosen.contains(fault.scenario)) {
        let only = Some(fault.scenario.to_owned());
        let run = run(role, (home.path(), &ca), Faults::one(fault), only).await;
        let outcome = run.outcomes.last();
        if outcome.is_none_or(|one| one.verdict != Verdict::Failed && !lacks_openssl(one)) {
            let story = outcome.map(story).unwrap_or_default();
            unnoticed.push(format!("{} ({}): {story}", fault.name, fault.what));
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

pub fn every_scenario_has_a_fault(role: Role) {
    let faults = fault::all(role);
    let mut names = BTreeSet::new();
    assert!(faults.iter().all(|fault| names.insert(fault.name)), "a name is there twice");
    let mended: BTreeSet<_> = faults.iter().map(|fault| fault.scenario).collect();
    let mut all: BTreeSet<_> = catalogue::chosen(role, None).iter().map(|one| one.name).collect();
    all.retain(|name| !is_exempt(role, name));
    assert_eq!(all, mended, "scenarios, and scenarios that have a fault");
}

fn laboratory() -> (tempfile::TempDir, Ca) {
    let home = tempfile::tempdir().unwrap();
    let ca = Ca::new(Validity::days(SystemClock.now(), 30)).unwrap();
    ca.save(home.path(), false).unwrap();
    (home, ca)
}

async fn run(role: Role, lab: (&Path, &Ca), faults: Faults, only: Option<String>) -> Run {
    let (home, ca) = lab;
    let order = |hook: Arc<dyn Hook>| Order {
        certs: home.to_owned(),
        hook,
        only: only.clone(),
        profiles: Vec::new(),
    };
    let mut silent = |_: &Outcome, _: usize, _: usize| {};
    match role {
        Role::Vtn => {
            let subject = oadr_mutants::vtn::start(ca, faults).await.unwrap();
            let order = order(Arc::clone(&subject.hook));
            run::vtn(order, None, &mut silent).await.unwrap()
        }
        Role::Ven => {
            let hook = oadr_mutants::ven::start(ca, faults).unwrap();
            let listen = ([127, 0, 0, 1], 0).into();
            run::ven(order(hook), (listen, "localhost"), &mut silent).await.unwrap()
        }
    }
}

/// Some handshakes take the program `openssl`; where it is missing that is said, and no failure.
fn lacks_openssl(outcome: &Outcome) -> bool {
    let lacks = matches!(&outcome.verdict, Verdict::Skipped(why) if why.contains("openssl"));
    if lacks {
        eprintln!("not proved: {}", story(outcome));
    }
    lacks
}

/// What became of a scenario, for people.
fn story(outcome: &Outcome) -> String {
    let broken = outcome.checks.iter().filter(|check| !check.holds);
    let broken: Vec<_> =
        broken.map(|one| format!("\n    {:?} {}: {}", one.rules, one.what, one.saw)).collect();
    let why = outcome.verdict.why().unwrap_or_default();
    format!("{} {} {why}{}", outcome.scenario.name, outcome.verdict.name(), broken.concat())
}
