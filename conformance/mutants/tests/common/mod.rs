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
use oadr_mutants::fault::{self, Fault, Faults};
use oadr_mutants::vtn::Kind;
use oadr_transport::{Clock as _, SystemClock};

/// Scenarios that the models cannot pass, each proved by a test of its own: rustls has none of the
/// cipher suites of rule 67, so tests/suites_{vtn,ven}.rs play these against the program openssl.
const EXEMPT: &[(Role, &str)] =
    &[(Role::Vtn, "tls-default-suites"), (Role::Ven, "tls-default-suites")];

fn is_exempt(role: Role, name: &str) -> bool {
    EXEMPT.contains(&(role, name))
}

/// Faults that only certificates made by the program openssl show.
const BY_OPENSSL: &[&str] = &["no-rsa-shown", "weak-served", "takes-any-key"];

fn shows(fault: &Fault) -> bool {
    let there = std::process::Command::new("openssl").arg("version").output().is_ok();
    let shows = there || !BY_OPENSSL.contains(&fault.name);
    if !shows {
        eprintln!("skipped: {}: there is no program openssl", fault.name);
    }
    shows
}

/// MUTANTS_ONLY=PATTERN plays only scenarios that it fits.
fn only() -> Option<String> {
    std::env::var("MUTANTS_ONLY").ok()
}

pub async fn passes_all(role: Role) {
    let (home, ca) = laboratory();
    let mut outcomes = run(role, (home.path(), &ca), Faults::none(), only()).await.outcomes;
    if role == Role::Vtn {
        outcomes.retain(|one| kind(Some(one.scenario.name)) == Kind::Reporting);
        let only = Some(WITHOUT_DATA.to_owned());
        outcomes.extend(run(role, (home.path(), &ca), Faults::none(), only).await.outcomes);
    }
    let bad = outcomes.iter().filter(|one| one.verdict != Verdict::Passed);
    let bad = bad.filter(|one| !is_exempt(role, one.scenario.name));
    let told: Vec<_> = bad.filter(|one| !lacks_program(one)).map(story).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    let played: BTreeSet<_> = outcomes.iter().map(|one| one.scenario.name).collect();
    let chosen = catalogue::chosen(role, only().as_deref());
    assert!(chosen.iter().all(|one| played.contains(one.name)), "only {played:?}");
}

pub async fn every_fault_is_noticed(role: Role) {
    let (home, ca) = laboratory();
    let chosen: BTreeSet<_> =
        catalogue::chosen(role, only().as_deref()).iter().map(|one| one.name).collect();
    let mut unnoticed = Vec::new();
    let all = fault::all(role).into_iter().filter(|fault| chosen.contains(fault.scenario));
    for fault in all.filter(|fault| shows(fault)) {
        let only = Some(fault.scenario.to_owned());
        let run = run(role, (home.path(), &ca), Faults::one(fault), only).await;
        let outcome = run.outcomes.last();
        if outcome.is_some_and(lacks_program) {
            continue;
        }
        if outcome.is_none_or(|one| one.verdict != Verdict::Failed) {
            let story = outcome.map(story).unwrap_or_default();
            unnoticed.push(format!("{} ({}): {story}", fault.name, fault.what));
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

pub fn every_scenario_has_a_fault(role: Role) {
    let faults = fault::all(role);
    println!("{} faults for a {}", faults.len(), role.name());
    let mut names = BTreeSet::new();
    assert!(faults.iter().all(|fault| names.insert(fault.name)), "a name is there twice");
    let mended: BTreeSet<_> = faults.iter().map(|fault| fault.scenario).collect();
    let all = catalogue::chosen(role, None).into_iter().map(|one| one.name);
    let all: BTreeSet<_> = all.filter(|name| !is_exempt(role, name)).collect();
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
        chaos: None,
    };
    let mut silent = |_: &Outcome, _: usize, _: usize| {};
    match role {
        Role::Vtn => {
            let subject =
                oadr_mutants::vtn::start(ca, faults, kind(only.as_deref())).await.unwrap();
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

/// A scenario that needs the program openssl or xmlsec1 is skipped without it: that is said, and no failure.
fn lacks_program(outcome: &Outcome) -> bool {
    let lacks = |why: &str| why.contains("openssl") || why.contains("xmlsec1");
    let lacks = matches!(&outcome.verdict, Verdict::Skipped(why) if lacks(why));
    if lacks {
        eprintln!("skipped: {}", story(outcome));
    }
    lacks
}

/// The VTN that a run is played with: most scenarios are for one that has reports to offer.
fn kind(only: Option<&str>) -> Kind {
    match only.is_some_and(|only| only.starts_with("report-metadata-none")) {
        true => Kind::WithoutData,
        false => Kind::Reporting,
    }
}

/// What is asked of the metadata of a VTN that has none.
const WITHOUT_DATA: &str =
    "report-metadata-none,report-metadata-on-request,report-metadata-periodic";

/// What became of a scenario, for people.
fn story(outcome: &Outcome) -> String {
    let broken = outcome.checks.iter().filter(|check| !check.holds);
    let broken: Vec<_> =
        broken.map(|one| format!("\n    {:?} {}: {}", one.rules, one.what, one.saw)).collect();
    let why = outcome.verdict.why().unwrap_or_default();
    format!("{} {} {why}{}", outcome.scenario.name, outcome.verdict.name(), broken.concat())
}
