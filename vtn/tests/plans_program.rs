//! The program `vtn` for what is planned: groups, programmes, templates, series.
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

#[test]
fn a_series_is_looked_at_put_and_stopped_and_a_kill_makes_nothing_twice() {
    let lab = Lab::new();
    let server = lab.run();
    let content = ["--signal", "SIMPLE", "--values", "1", "--interval", "PT1H", "--all"];
    lab.ask(&server, &[&["template", "put", "peak"][..], &content].concat());
    let file = |name: &str, text: &str| {
        std::fs::write(lab.path(name), text).unwrap();
        lab.path(name)
    };
    let days = file("days.txt", "2026-12-25 # Christmas\n2027-01-01\n");
    let list = lab.ask(&server, &["holidays", "put", "by", &days]);
    assert_eq!(list["dates"], json!(["2026-12-25", "2027-01-01"]));
    let series = file(
        "series.json",
        r#"{"template": "peak", "zone": "Europe/Berlin", "start": "2026-01-01T17:00:00",
            "rule": "FREQ=DAILY", "holidays": ["by"], "days_ahead": 3}"#,
    );
    let preview = ["series", "preview", &series, "--from", "2026-12-24T00:00:00Z", "--count", "2"];
    let told = lab.ask(&server, &preview)["items"].take();
    let first = json!({ "start": "2026-12-24T16:00:00Z", "local": "2026-12-24T17:00:00", "left_out": null });
    assert_eq!(told[0], first);
    assert_eq!(told[1]["left_out"], "holiday of by");
    let people = lab.vtn(&[&["--url", server.url().as_str()], &preview[..]].concat());
    let people = String::from_utf8(people.stdout).unwrap();
    assert!(people.contains("2026-12-25T17:00:00  holiday of by"), "{people}");

    let put = lab.ask(&server, &["series", "put", "s", &series]);
    assert_eq!((&put["trouble"], &put["stopped"]), (&json!(null), &json!(null)));
    let events = lab.ask(&server, &["series", "events", "s"])["items"].take();
    let count = events.as_array().unwrap().len();
    assert!((1..=3).contains(&count), "{events}");
    server.signal("KILL");
    drop(server);
    let server = lab.run();
    // Three days ahead are four by the clock if midnight passes meanwhile, and never twice one.
    let again = lab.ask(&server, &["event", "list"])["items"].take();
    let again = again.as_array().unwrap();
    assert!(again.len() <= count + 1 && again.len() >= count, "{again:?}");
    for (before, now) in events.as_array().unwrap().iter().zip(again) {
        assert_eq!((&before["event"]["id"], &now["modification"]), (&now["id"], &json!(0)));
    }
    let unsaid = lab.tell(&server, &["series", "stop", "s"]);
    assert_eq!(unsaid.status.code(), Some(2), "cancel or leave is to be said");
    let stopped = lab.ask(&server, &["series", "stop", "s", "--cancel"]);
    assert_eq!(stopped["stopped"]["cancel"], true);
    let left = lab.ask(&server, &["series", "events", "s"])["items"].take();
    let open = |one: &&serde_json::Value| one["event"]["status"] == "far";
    assert_eq!(left.as_array().unwrap().iter().filter(open).count(), 0, "{left}");
    let wrong = file("wrong.txt", "25.12.2026\n");
    let refused = lab.tell(&server, &["holidays", "put", "by", &wrong]);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && words.contains("line 1"), "{words}");
    assert_eq!(server.end(), Some(0));
}
