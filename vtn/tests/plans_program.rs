//! The program `vtn` for what is planned: groups, programmes, templates.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use serde_json::json;

#[path = "common/lab.rs"]
mod lab;

use lab::Lab;

const PRINT: &str = "00:11:22:33:44:55:66:77:88:99";
const EVENT: [&str; 8] =
    ["event", "create", "--signal", "SIMPLE", "--values", "1", "--interval", "PT15M"];

#[test]
fn a_programme_s_event_needs_no_target_and_outlives_a_restart() {
    let lab = Lab::new();
    let server = lab.run();
    lab.ask(&server, &["ven", "add", "--fingerprint", PRINT, "--ven-id", "h1"]);
    lab.ask(&server, &["group", "put", "pilot", "--name", "Pilot"]);
    lab.ask(&server, &["group", "add", "pilot", "h1"]);
    let put = ["programme", "put", "urn:programme:2", "--name", "Two", "--group", "pilot"];
    let put = lab.ask(&server, &[&put[..], &["--priority", "3", "--signal", "SIMPLE"]].concat());
    assert_eq!(put["draft"]["members"]["groups"], json!(["pilot"]));
    let to = ["--context", "urn:programme:2", "--start", "+1h", "--id", "e1"];
    let event = lab.ask(&server, &[&EVENT[..], &to].concat());
    assert_eq!(event["draft"]["priority"], 3);
    assert_eq!(lab.ask(&server, &["event", "answers", "e1"])["items"][0]["ven"], "h1");
    // In use: refused with 1, and told.
    let refused = lab.tell(&server, &["programme", "remove", "urn:programme:2"]);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && words.contains("event e1"), "{words}");
    assert_eq!(server.end(), Some(0));
    let server = lab.run();
    assert_eq!(lab.ask(&server, &["group", "show", "pilot"])["vens"], json!(["h1"]));
    assert_eq!(lab.ask(&server, &["programme", "list"])["items"][0]["draft"]["name"], "Two");
    lab.ask(&server, &["event", "cancel", "e1"]);
    lab.ask(&server, &["programme", "remove", "urn:programme:2"]);
    lab.ask(&server, &["group", "drop", "pilot", "h1"]);
    lab.ask(&server, &["group", "remove", "pilot"]);
    assert_eq!(lab.ask(&server, &["group", "list"])["items"], json!([]));
    // What `show` prints under `draft` is what a file says.
    let file = lab.path("programme.json");
    std::fs::write(&file, put["draft"].to_string()).unwrap();
    let again = lab.ask(&server, &["programme", "put", "urn:programme:3", "--file", &file]);
    assert_eq!(again["draft"], put["draft"]);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn an_event_is_made_of_a_template_with_only_a_start() {
    let lab = Lab::new();
    let server = lab.run();
    let content = ["--signal", "SIMPLE", "--values", "1,2", "--interval", "PT15M", "--all"];
    let put = ["template", "put", "peak", "--comment", "a peak", "--ramp-up", "PT5M"];
    let put = lab.ask(&server, &[&put[..], &content].concat());
    let create = ["event", "create", "--template", "peak"];
    let at = ["--start", "2099-06-01T15:00:00Z", "--id", "e1"];
    let event = lab.ask(&server, &[&create[..], &at].concat());
    let draft = &event["draft"];
    assert_eq!((&draft["duration"], &draft["comment"]), (&json!("PT30M"), &json!("a peak")));
    assert_eq!(draft["start"], "2099-06-01T15:00:00Z");
    // What a template says is not said twice.
    let twice = lab.tell(&server, &[&create[..], &["--priority", "1"]].concat());
    assert_eq!(twice.status.code(), Some(2), "{twice:?}");
    let twice = lab.tell(&server, &[&create[..], &content].concat());
    assert_eq!(twice.status.code(), Some(2), "{twice:?}");
    let file = lab.path("template.json");
    std::fs::write(&file, put["draft"].to_string()).unwrap();
    let again = lab.ask(&server, &["template", "put", "other", "--file", &file]);
    assert_eq!(again["draft"], put["draft"]);
    lab.ask(&server, &["template", "remove", "peak"]);
    assert_eq!(lab.ask(&server, &["template", "list"])["items"][0]["name"], "other");
    let gone = lab.tell(&server, &[&create[..], &["--id", "e2"]].concat());
    assert_eq!(gone.status.code(), Some(1));
    assert_eq!(server.end(), Some(0));
}
