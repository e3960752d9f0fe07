//! kill -9 at any moment: every acknowledged record is there, whole, once.
//!
//! The test starts itself as a child that writes with 64 tasks and prints each
//! acknowledgement; the parent kills it and looks at what is left.
//! `STORE_KILL_SEED` and `STORE_KILL_ROUNDS` vary it.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use oadr_store::{Batch, Keys, Options, Store, Table};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const LEDGER: Table<(u64, u64), String> = Table::new("ledger", 1);
const HEADS: Table<u64, u64> = Table::new("heads", 1);
const TASKS: u64 = 64;

#[test]
fn every_acknowledged_record_survives_kill_9() {
    let (rounds, mut random) = (rounds(50), random());
    let place = common::scratch();
    let mut acknowledged = BTreeMap::new();
    let mut total = 0;
    for round in 0..rounds {
        let life = Duration::from_millis(random.random_range(50..=400));
        total += live_and_die(start(place.path(), round), life, &mut acknowledged);
        check(place.path(), round, &acknowledged);
    }
    println!("{rounds} kills, {total} acknowledged, 0 lost");
    assert!(total > 10 * rounds, "only {total} commits were acknowledged in {rounds} rounds");
}

#[test]
fn a_store_killed_while_it_is_made_opens_again() {
    let (rounds, mut random) = (rounds(40), random());
    let mut total = 0;
    for round in 0..rounds {
        let place = common::scratch();
        let life = Duration::from_micros(random.random_range(0..=150_000));
        let mut acknowledged = BTreeMap::new();
        total += live_and_die(start(place.path(), round), life, &mut acknowledged);
        check(place.path(), round, &acknowledged);
    }
    println!("{rounds} kills while young, {total} acknowledged, 0 lost");
    assert!(total > 0, "each of {rounds} children died before it wrote");
}

/// The child's side; it does nothing unless the tests above start it.
#[test]
#[ignore = "the child that the other tests start and kill"]
fn child_that_writes_until_it_is_killed() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let quick_repair = std::env::var_os(QUICK).is_some();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let options = Options { quick_repair, ..Options::default() };
        let store = Store::open(place, options).unwrap();
        let tasks: Vec<_> =
            (0..TASKS).map(|task| tokio::spawn(write_for_ever(store.clone(), task))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// A record and its task's head together, so that a torn batch would show.
async fn write_for_ever(store: Store, task: u64) {
    loop {
        let head = HEADS.load(&store, task).unwrap();
        let next = head.as_deref().map_or(1, |head| head + 1);
        let mut batch = Batch::new();
        LEDGER.put_new(&mut batch, (task, next), &content(task, next)).unwrap();
        match &head {
            Some(head) => HEADS.swap(&mut batch, task, head, &next).unwrap(),
            None => HEADS.put_new(&mut batch, task, &next).unwrap(),
        }
        store.commit(batch).await.unwrap();
        // One write call a line; print! would buffer it.
        std::io::stdout().write_all(format!("\nack {task} {next} .\n").as_bytes()).unwrap();
        std::io::stdout().flush().unwrap();
    }
}

fn content(task: u64, number: u64) -> String {
    format!("task {task} number {number};").repeat(20 + (number % 30) as usize)
}

fn start(place: &Path, round: u64) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child_that_writes_until_it_is_killed", "--ignored", "--nocapture"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if round % 2 == 1 {
        command.env(QUICK, "yes");
    }
    command.spawn().unwrap()
}

/// Lets the child write for its life, kills it, and notes what it said.
fn live_and_die(mut child: Child, life: Duration, heard: &mut BTreeMap<u64, u64>) -> u64 {
    let output = child.stdout.take().unwrap();
    // Read while it writes: a full pipe would have it killed while it waits.
    let lines = std::thread::spawn(move || BufReader::new(output).split(b'\n').collect::<Vec<_>>());
    std::thread::sleep(life);
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_none(), "the child ended by itself: {complaint}");
    let mut count = 0;
    for line in lines.join().unwrap() {
        if let Some((task, number)) = acknowledgement(&line.unwrap()) {
            let highest = heard.entry(task).or_insert(0);
            *highest = number.max(*highest);
            count += 1;
        }
    }
    count
}

/// Reads `ack <task> <number> .`; the point shows that the line was not cut.
fn acknowledgement(line: &[u8]) -> Option<(u64, u64)> {
    let line = std::str::from_utf8(line).ok()?;
    let (task, number) = line.strip_prefix("ack ")?.strip_suffix(" .")?.split_once(' ')?;
    Some((task.parse().unwrap(), number.parse().unwrap()))
}

fn check(place: &Path, round: u64, acknowledged: &BTreeMap<u64, u64>) {
    let store = Store::open(place, Options::default())
        .unwrap_or_else(|error| panic!("round {round}, seed {}: {error}", seed()));
    let view = store.snapshot().unwrap();
    let mut counts = BTreeMap::new();
    for ((task, number), text) in LEDGER.range(&view, Keys::all()).unwrap() {
        let count = counts.entry(task).or_insert(0);
        *count += 1;
        assert_eq!(number, *count, "round {round}, seed {}: task {task} has a gap", seed());
        assert_eq!(text, content(task, number));
    }
    let heads: BTreeMap<u64, u64> = HEADS.range(&view, Keys::all()).unwrap().into_iter().collect();
    assert_eq!(heads, counts, "round {round}, seed {}: a torn batch", seed());
    for (task, highest) in acknowledged {
        let there = heads.get(task).copied().unwrap_or(0);
        assert!(there >= *highest, "round {round}, seed {}: task {task} lost records", seed());
    }
}

fn seed() -> u64 {
    variable("STORE_KILL_SEED").unwrap_or(20_140_805)
}

fn random() -> StdRng {
    StdRng::seed_from_u64(seed())
}

fn rounds(usual: u64) -> u64 {
    variable("STORE_KILL_ROUNDS").unwrap_or(usual)
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

const PLACE: &str = "STORE_KILL_PLACE";
const QUICK: &str = "STORE_KILL_QUICK_REPAIR";
