//! The program `ven`: what it writes, what it says, how it ends. It talks to nobody here.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

#[path = "common/home.rs"]
mod home;

use home::{Home, VEN};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn init_writes_settings_that_run_reads_and_prints_the_fingerprint() {
    let home = Home::new();
    let output = home.init();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(&home.fingerprint));
    let written = fs::read_to_string(home.path("site/ven.toml")).unwrap();
    let parsed: toml::Table = written.parse().unwrap();
    assert_eq!(parsed["name"].as_str(), Some("A \"house\""));
    let again = home.init();
    assert_eq!(again.status.code(), Some(3), "never overwritten");
    assert!(text(&again.stderr).contains("not overwritten"));
}

#[test]
fn a_slip_in_the_settings_is_named_with_its_place() {
    let home = Home::new();
    home.init();
    let path = home.path("site/ven.toml");
    let good = fs::read_to_string(&path).unwrap();
    for (from, to, told) in [
        ("query_first", "query_frist", "query_frist"),
        ("check_name = true", "check_name = false", "tls.vtn_fingerprint"),
        ("https://", "ftp://", "vtn:"),
        ("leniencies = []", "leniencies = [\"all\"]", "request_without_interval"),
        ("meter.csv", "metre.csv", "metre.csv"),
        ("ven.key", "none.key", "none.key"),
        ("share = \"0.4\"", "share = \"1.4\"", "share"),
    ] {
        fs::write(&path, good.replace(from, to)).unwrap();
        let output = home.ven(&["run", "--config", "site/ven.toml"]);
        assert_eq!(output.status.code(), Some(3), "{to}");
        assert!(text(&output.stderr).contains(told), "{to}: {}", text(&output.stderr));
    }
    let missing = home.ven(&["run", "--config", "nowhere.toml"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(text(&missing.stderr).contains("ven init"));
}

#[test]
fn a_running_ven_tells_its_status_and_ends_cleanly_on_sigterm() {
    let home = Home::new();
    home.init();
    let config = ["--config", "site/ven.toml"];
    let before = home.ven(&[&["status"][..], &config].concat());
    assert_eq!(before.status.code(), Some(3), "never started");
    let running = Command::new(VEN)
        .current_dir(home.dir.path())
        .arg("run")
        .args(config)
        .env_remove("NO_COLOR")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let trouble = wait_for(&home.path("site/data/status.json"), "no connection");
    let status = home.ven(&[&["status"][..], &config].concat());
    assert_eq!(status.status.code(), Some(1), "not registered");
    assert!(text(&status.stdout).contains("trouble"), "{trouble}");
    let json = home.ven(&[&["status", "--json"][..], &config].concat());
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["registered"], false);
    let busy = home.ven(&[&["forget-vtn"][..], &config].concat());
    assert_eq!(busy.status.code(), Some(3), "the store is in use");
    let kill = Command::new("kill").arg(running.id().to_string()).status().unwrap();
    assert!(kill.success());
    let ended = running.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    let log = text(&ended.stderr);
    assert!(log.contains("started") && !log.contains('\u{1b}'), "no colours in a pipe: {log}");
    let free = home.ven(&[&["forget-vtn"][..], &config].concat());
    assert_eq!(free.status.code(), Some(0), "{}", text(&free.stderr));
}

/// The program runs by the system's clock: looks again until its status says so.
fn wait_for(file: &Path, words: &str) -> String {
    for _ in 0..300 {
        match fs::read_to_string(file) {
            Ok(text) if text.contains(words) => return text,
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
    panic!("{} never says {words}", file.display());
}
