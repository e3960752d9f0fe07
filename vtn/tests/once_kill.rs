//! kill -9 while requests are on their way: repeated after the restart, each is done once.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

#[path = "common/lab.rs"]
mod lab;

use lab::{Lab, Server};

const PRINT: &str = "00:11:22:33:44:55:66:77:88:99";
const EVENT: [&str; 11] = [
    "event",
    "create",
    "--signal",
    "SIMPLE",
    "--values",
    "1",
    "--interval",
    "PT15M",
    "--all",
    "--start",
    "2099-06-01T12:00:00Z",
];

#[test]
fn a_request_that_was_cut_off_is_repeated_without_harm() {
    let lab = Lab::new();
    let mut server = lab.run();
    lab.ask(&server, &["ven", "add", "--fingerprint", PRINT, "--ven-id", "h1"]);
    let (mut ids, mut cut_off) = (BTreeSet::new(), 0);
    for round in 0..6_u64 {
        let keys: Vec<String> = (0..4).map(|at| format!("key-{round}-{at}")).collect();
        let asked: Vec<Child> = keys.iter().map(|key| start(&lab, &server, key)).collect();
        std::thread::sleep(Duration::from_millis(25 * round));
        server.child.kill().unwrap();
        let answers: Vec<_> =
            asked.into_iter().map(|one| one.wait_with_output().unwrap()).collect();
        drop(server);
        server = lab.run();
        for (key, before) in keys.iter().zip(answers) {
            let again = lab.ask(&server, &[&EVENT[..], &["--idempotency-key", key]].concat());
            let id = again["id"].as_str().unwrap().to_owned();
            match before.status.success() {
                true => assert_eq!(serde_json::from_slice::<Value>(&before.stdout).unwrap(), again),
                false => cut_off += 1,
            }
            let told = lab.ask(&server, &["event", "answers", &id]);
            assert_eq!(told["items"][0]["ven"], "h1", "{key}");
            assert!(ids.insert(id), "two keys, one event");
        }
    }
    let events = lab.ask(&server, &["event", "list"]);
    let there = events["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap());
    assert_eq!(there.collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert!(cut_off > 0, "nobody was cut off");
}

fn start(lab: &Lab, server: &Server, key: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_vtn"))
        .env("VTN_CONFIG", lab.path("vtn.toml"))
        .args(["--json", "--url", &server.url()])
        .args(EVENT)
        .args(["--idempotency-key", key])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
