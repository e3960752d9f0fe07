//! kill -9 at any moment: every line that somebody was told of is there, and the chain is whole.
//!
//! The test starts itself as a child that writes with many tasks and prints what was synced; the
//! parent kills it and looks at what is left.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use oadr_vtn::audit::{Audit, AuditSettings, Entry, Operation, verify};

#[test]
fn every_synced_line_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let mut synced = BTreeSet::new();
    for round in 0..20_u64 {
        live_and_die(dir.path(), Duration::from_millis(20 + 17 * (round % 9)), &mut synced);
        let verdict = verify(dir.path(), None).unwrap();
        assert!(verdict.is_sound(), "round {round}: {verdict:?}");
    }
    assert!(synced.len() > 100, "only {} lines were synced", synced.len());
    assert!(synced.is_subset(&numbers(dir.path())), "lines are lost");
}

/// The child's side; it does nothing unless the test above starts it.
#[test]
#[ignore = "the child that the other test starts and kills"]
fn child_that_writes_until_it_is_killed() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let settings = AuditSettings { segment_bytes: 64 << 10, ..AuditSettings::default() };
    let audit = Audit::open(Path::new(&place), settings, now()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..16).map(|_| tokio::spawn(write_for_ever(audit.clone()))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

async fn write_for_ever(audit: Audit) {
    loop {
        let entry = Entry::Operator(Operation {
            operator: None,
            fingerprint: "00:11:22:33:44:55:66:77:88:99".parse().unwrap(),
            address: [127, 0, 0, 1].into(),
            method: "GET".to_owned(),
            path: "/".to_owned(),
            digest: None,
            begun: None,
            status: Some(403),
        });
        let number = audit.record(now(), entry).await.unwrap();
        std::io::stdout().write_all(format!("\nsynced {number} .\n").as_bytes()).unwrap();
        std::io::stdout().flush().unwrap();
    }
}

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

/// Lets the child write for its life, kills it, and notes what it said.
fn live_and_die(place: &Path, life: Duration, heard: &mut BTreeSet<u64>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_writes_until_it_is_killed", "--ignored", "--nocapture"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = Vec::new();
    // Its first line: from there its life is counted, however slow the machine.
    while !line.starts_with(b"synced") {
        line.clear();
        assert!(output.read_until(b'\n', &mut line).unwrap() > 0, "the child ended by itself");
    }
    let rest = std::thread::spawn(move || output.split(b'\n').collect::<Result<Vec<_>, _>>());
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    let said = [vec![line], rest.join().unwrap().unwrap()].concat();
    heard.extend(said.iter().filter_map(|line| {
        let line = std::str::from_utf8(line).ok()?.trim_end();
        line.strip_prefix("synced ")?.strip_suffix(" .")?.parse::<u64>().ok()
    }));
}

fn numbers(dir: &Path) -> BTreeSet<u64> {
    let files = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    let segments = files.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    let text = segments.map(|path| std::fs::read_to_string(path).unwrap());
    text.flat_map(|text| {
        let lines = text.lines().filter_map(|line| serde_json::from_str(line).ok());
        lines.map(|line: serde_json::Value| line["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    })
    .collect()
}

const PLACE: &str = "VTN_AUDIT_KILL_PLACE";
