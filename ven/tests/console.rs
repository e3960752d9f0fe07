//! `ven run --console`: the site's side by lines of JSON, and time that passes as it is told.
//! Nobody listens where the VTN should be.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

#[path = "common/home.rs"]
mod home;

use home::{Home, VEN};

const FROM: &str = "--steered-clock=2026-06-01T12:00:00Z";

/// A VEN that is asked; killed if the test ends before it does.
struct Running {
    child: Child,
    asked: Option<ChildStdin>,
    told: BufReader<ChildStdout>,
}

impl Running {
    fn start(home: &Home, words: &[&str]) -> Self {
        let mut child = Command::new(VEN)
            .current_dir(home.dir.path())
            .args(["run", "--config", "site/ven.toml", "--console"])
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let told = BufReader::new(child.stdout.take().unwrap());
        Self { asked: child.stdin.take(), child, told }
    }

    fn say(&mut self, line: &str) -> Value {
        writeln!(self.asked.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.told.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn ask(&mut self, question: Value) -> Value {
        self.say(&question.to_string())
    }

    fn advance(&mut self, milliseconds: u64) -> Value {
        self.ask(json!({ "do": "clock", "advance_ms": milliseconds }))
    }

    /// Ends its stdin, and gives the exit code.
    fn hang_up(mut self) -> Option<i32> {
        self.asked = None;
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the VEN says of itself.
fn status(home: &Home) -> Value {
    serde_json::from_slice(&home.ven(&["status", "--json", "--config", "site/ven.toml"]).stdout)
        .unwrap()
}

fn home() -> Home {
    let home = Home::new();
    assert!(home.init().status.success());
    home
}

#[test]
fn an_hour_at_once_is_like_an_hour_going_by() {
    let home = home();
    let mut ven = Running::start(&home, &[FROM]);
    assert_eq!(ven.advance(0), json!({ "ok": { "now": "2026-06-01T12:00:00Z" } }));
    assert_eq!(status(&home)["sent"], 1);
    assert_eq!(ven.advance(3_600_000), json!({ "ok": { "now": "2026-06-01T13:00:00Z" } }));
    // Pauses between attempts grow to a minute: one jump would have made one attempt.
    let sent = status(&home)["sent"].as_u64().unwrap();
    assert!((50..=200).contains(&sent), "{sent} attempts");
    assert_eq!(ven.advance(1), json!({ "ok": { "now": "2026-06-01T13:00:00.001Z" } }));
    assert_eq!(ven.hang_up(), Some(0));
    // From where it stood, what is remembered is of the past.
    let mut ven = Running::start(&home, &["--steered-clock=2026-06-01T13:00:00Z"]);
    assert_eq!(ven.advance(0)["ok"]["now"], "2026-06-01T13:00:00Z");
}

#[test]
fn what_the_customer_says_is_on_its_way_when_the_answer_comes() {
    let home = home();
    let mut ven = Running::start(&home, &[FROM]);
    let site = json!({ "do": "site" });
    assert_eq!(ven.ask(site), json!({ "ok": { "events": [], "in_force": [] } }));
    let away = |resources: &[&str]| {
        json!({ "do": "opt_schedule", "opt": "optOut", "from": "2026-06-01T15:00:00Z",
            "duration_s": 3600, "resources": resources })
    };
    assert!(ven.ask(away(&["garage"]))["refused"].as_str().unwrap().contains("garage"));
    let made = ven.ask(away(&["house"]));
    let id = made["ok"]["opt_id"].as_str().unwrap().to_owned();
    assert_eq!(status(&home)["opts"], json!([0, 1]), "not with the VTN");
    assert!(ven.ask(away(&[]))["ok"]["opt_id"].as_str().unwrap() != id);
    let cancel = |id: &str| json!({ "do": "cancel_opt", "opt_id": id });
    assert_eq!(ven.ask(cancel(&id)), json!({ "ok": {} }));
    assert!(ven.ask(cancel("another"))["refused"].is_string());
    let opt = json!({ "do": "opt_event", "event_id": "e", "opt": "optIn", "resources": [] });
    assert!(ven.ask(opt)["refused"].as_str().unwrap().contains("no event e"));
    for state in ["still", "unplugged", "live"] {
        assert_eq!(ven.ask(json!({ "do": "source", "state": state })), json!({ "ok": {} }));
    }
}

#[test]
fn what_is_no_question_is_told_and_nothing_ends() {
    let home = home();
    let mut ven = Running::start(&home, &[FROM]);
    assert!(ven.ask(json!({ "do": "dance" }))["cannot"].is_string());
    assert!(ven.say("advance 5")["failed"].is_string());
    assert!(ven.ask(json!({ "do": "clock", "advance_ms": -1 }))["failed"].is_string());
    assert_eq!(ven.advance(0)["ok"]["now"], "2026-06-01T12:00:00Z");
    assert_eq!(ven.hang_up(), Some(0));
}

#[test]
fn only_a_console_steers_and_only_a_steered_clock() {
    let home = home();
    let alone = home.ven(&["run", "--config", "site/ven.toml", FROM]);
    assert_eq!(alone.status.code(), Some(2));
    let mut ven = Running::start(&home, &[]);
    assert!(ven.advance(1000)["cannot"].as_str().unwrap().contains("system's clock"));
}

#[test]
fn a_site_may_have_more_than_one_resource() {
    let home = home();
    let path = home.path("site/ven.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let more = text.replace("also = []", "also = [\"garage\"]");
    std::fs::write(&path, &more).unwrap();
    let mut ven = Running::start(&home, &[FROM]);
    let away = json!({ "do": "opt_schedule", "opt": "optOut", "from": "2026-06-01T15:00:00Z",
        "duration_s": 3600, "resources": ["garage"] });
    assert!(ven.ask(away)["ok"]["opt_id"].is_string());
    drop(ven);
    std::fs::write(&path, more.replace("garage", "house")).unwrap();
    let twice = home.ven(&["run", "--config", "site/ven.toml"]);
    assert_eq!(twice.status.code(), Some(3), "{twice:?}");
}
