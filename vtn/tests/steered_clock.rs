//! `vtn run --steered-clock`: time that passes only as it is told, in laboratories only.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use serde_json::Value;

#[path = "common/lab.rs"]
mod lab;

use lab::{Lab, Server};

const FROM: &str = "--steered-clock=2030-06-01T12:00:00Z";
const EVENT: [&str; 12] = [
    "event",
    "create",
    "--signal",
    "SIMPLE",
    "--values",
    "1",
    "--interval",
    "PT15M",
    "--all",
    "--id",
    "e1",
    "--start",
];

/// Certificates that hold in 2030.
fn lab() -> Lab {
    let lab = Lab::new();
    let made = lab.vtn(&[
        "init",
        "--lab",
        "--force",
        "--days",
        "9000",
        "--vens",
        "0",
        "--dir",
        &lab.path(""),
    ]);
    assert!(made.status.success(), "{made:?}");
    lab
}

#[test]
fn an_event_starts_when_the_steered_clock_gets_there() {
    let lab = lab();
    let mut server = lab.run_with(&[FROM]);
    assert_eq!(server.told["vtn_id"], "VTN");
    let event = lab.ask(&server, &[&EVENT[..], &["2030-06-01T12:10:00Z"]].concat());
    assert_eq!(
        (&event["status"], &event["created"]),
        (&"far".into(), &"2030-06-01T12:00:00Z".into())
    );
    assert_eq!(server.say("advance 599999")["now"], "2030-06-01T12:09:59.999Z");
    let status = |server: &Server| lab.ask(server, &["event", "show", "e1"])["status"].take();
    assert_eq!(status(&server), "far");
    assert_eq!(server.say("advance 1")["now"], "2030-06-01T12:10:00Z");
    assert_eq!(status(&server), "active");
    assert_eq!(server.say("advance 900000")["now"], "2030-06-01T12:25:00Z");
    assert_eq!(status(&server), "completed");
}

#[test]
fn a_line_that_is_none_is_told_and_moves_nothing_and_the_end_of_stdin_ends_it() {
    let lab = lab();
    let mut server = lab.run_with(&[FROM]);
    for wrong in ["advance soon", "advance -1", "back 5"] {
        assert!(server.say(wrong)["error"].is_string(), "{wrong}");
    }
    assert_eq!(server.say("advance 0")["now"], "2030-06-01T12:00:00Z");
    assert_eq!(server.hang_up(), Some(0));
}

#[test]
fn without_the_word_stdin_is_nothing_to_a_vtn() {
    let lab = Lab::new();
    let mut server = lab.run();
    server.close_stdin();
    assert_eq!(lab.ask(&server, &["status"])["vtn_id"], "VTN");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn only_a_laboratory_lets_its_clock_be_steered() {
    let lab = Lab::new();
    let config = std::fs::read_to_string(lab.path("vtn.toml")).unwrap();
    for policy in ["known", "approve"] {
        let other = config.replace("policy = \"open\"", &format!("policy = \"{policy}\""));
        std::fs::write(lab.path("vtn.toml"), other).unwrap();
        let refused = lab.vtn(&["run", "--listen", "127.0.0.1:0", "--steered-clock"]);
        let words: Value = String::from_utf8_lossy(&refused.stderr).into();
        assert_eq!(refused.status.code(), Some(2), "{words}");
        assert!(words.as_str().unwrap().contains("vtn init --lab"), "{words}");
    }
}

#[test]
fn a_series_makes_its_events_as_the_steered_clock_gets_there() {
    let lab = lab();
    let mut server = lab.run_with(&[FROM]);
    let content = ["--signal", "SIMPLE", "--values", "1", "--interval", "PT15M", "--all"];
    lab.ask(&server, &[&["template", "put", "peak"][..], &content].concat());
    let series = lab.path("series.json");
    let text = r#"{"template": "peak", "zone": "UTC", "start": "2030-06-01T15:00:00",
        "rule": "FREQ=DAILY", "days_ahead": 1}"#;
    std::fs::write(&series, text).unwrap();
    lab.ask(&server, &["series", "put", "s", &series]);
    let events = |server: &Server| {
        let told = lab.ask(server, &["series", "events", "s"])["items"].take();
        let ids = told.as_array().unwrap().iter().map(|one| one["event"]["id"].clone());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(events(&server), ["s-20300601T150000Z"]);
    assert_eq!(server.say("advance 86400000")["now"], "2030-06-02T12:00:00Z");
    assert_eq!(events(&server), ["s-20300601T150000Z", "s-20300602T150000Z"]);
    assert_eq!(server.hang_up(), Some(0));
}
