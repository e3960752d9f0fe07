//! The whole pair in a deterministic simulation: one VTN with its market, three VENs, delays,
//! cut links, lost messages, crashes of either end; operators' acts and sites' wishes in between.
//! Then the weather clears, and everything acknowledged must be there, once, on both sides.
//!
//! `SIM_SEEDS=2000` runs more seeds, `SIM_SEED=17` one seed and prints its story:
//! `SIM_SEED=17 cargo test -p oadr-demo --test simulation -- --nocapture whatever`
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod check;
mod check_trade;
mod edges;
mod operator;
mod sabotage;
mod site;
mod witness;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use check::Complaint;
use sabotage::Sabotage;
use world::{Figures, Outcome, simulate};

#[test]
fn whatever_the_weather_what_was_acknowledged_is_there_once() {
    if let Some(seed) = number("SIM_SEED") {
        let outcome = simulate(seed, Sabotage::None);
        println!("{}", outcome.trace.join("\n"));
        return assert!(outcome.complaints.is_empty(), "{}", report(seed, &outcome));
    }
    let seeds = number("SIM_SEEDS").unwrap_or(SEEDS);
    let (failed, sum) = all(seeds, Sabotage::None);
    println!("{seeds} seeds: {sum:?}");
    assert!(failed.is_empty(), "{} of {seeds} seeds failed:\n{}", failed.len(), failed.join("\n"));
    // A calm simulation would show nothing.
    let (n, f) = (u32::try_from(seeds).unwrap(), sum.figures);
    assert!(sum.crashes >= 2 * n && f.unanswered >= 3 * n, "{sum:?}");
    assert!(f.answers >= seeds as usize && f.readings >= 20 * seeds as usize, "{sum:?}");
    assert!(f.tenders >= 6 * seeds as usize && f.trades >= seeds as usize, "{sum:?}");
}

#[test]
fn the_same_seed_tells_the_same_story() {
    for seed in [3, 14, 15] {
        let (one, other) = (simulate(seed, Sabotage::None), simulate(seed, Sabotage::None));
        let differs = one.trace.iter().zip(&other.trace).position(|(a, b)| a != b);
        if let Some(line) = differs {
            panic!("seed {seed}: {:?} and {:?}", one.trace[line], other.trace[line]);
        }
        assert_eq!(one.trace.len(), other.trace.len(), "seed {seed}");
        assert_eq!(one.figures, other.figures, "seed {seed}");
    }
    assert_ne!(simulate(3, Sabotage::None).trace, simulate(4, Sabotage::None).trace);
}

#[test]
fn without_idempotency_the_checker_finds_duplicates() {
    finds(Sabotage::EachTenderIsNew, |complaint| matches!(complaint, Complaint::Twice(_)));
}

#[test]
fn a_report_that_is_acknowledged_and_forgotten_is_missed() {
    finds(Sabotage::ForgetsReports, |complaint| matches!(complaint, Complaint::Lost(_)));
}

#[test]
fn an_answer_that_is_acknowledged_and_forgotten_is_missed() {
    finds(Sabotage::ForgetsAnswers, |complaint| matches!(complaint, Complaint::Lost(_)));
}

/// One of a few seeds gives such a complaint.
fn finds(sabotage: Sabotage, wanted: impl Fn(&Complaint) -> bool) {
    for seed in 0..20 {
        let outcome = simulate(seed, sabotage);
        if let Some(found) = outcome.complaints.iter().find(|complaint| wanted(complaint)) {
            return println!("{sabotage:?}, seed {seed}: {found}");
        }
    }
    panic!("{sabotage:?} was not noticed");
}

/// What came of many seeds.
#[derive(Debug, Default)]
struct Sum {
    crashes: u32,
    simulated_s: u64,
    figures: Figures,
}

/// All seeds, on as many threads as there are cores; what failed, as text.
fn all(seeds: u64, sabotage: Sabotage) -> (Vec<String>, Sum) {
    let (next, results) = (AtomicU64::new(0), Mutex::new((Vec::new(), Sum::default())));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    let outcome = simulate(seed, sabotage);
                    let (failed, sum) = &mut *results.lock().unwrap();
                    if !outcome.complaints.is_empty() {
                        failed.push(report(seed, &outcome));
                    }
                    sum.add(&outcome);
                }
            });
        }
    });
    results.into_inner().unwrap()
}

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        let (sum, more) = (&mut self.figures, outcome.figures);
        self.crashes += outcome.crashes;
        self.simulated_s += outcome.elapsed.as_secs();
        sum.requests += more.requests;
        sum.unanswered += more.unanswered;
        sum.answers += more.answers;
        sum.readings += more.readings;
        sum.tenders += more.tenders;
        sum.trades += more.trades;
    }
}

fn report(seed: u64, outcome: &Outcome) -> String {
    let complaints: Vec<_> = outcome.complaints.iter().map(Complaint::to_string).collect();
    format!(
        "seed {seed} ({} simulated s): SIM_SEED={seed} replays it\n  {}",
        outcome.elapsed.as_secs(),
        complaints.join("\n  ")
    )
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

const SEEDS: u64 = 200;
