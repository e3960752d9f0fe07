//! What is packaged: the annotated configuration has every key and no other, the unit and the
//! image are what they say.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::SignedDuration;
use oadr_vtn::audit::AuditSettings;
use oadr_vtn::operator::Role;
use oadr_vtn::operator::config::{
    Api, ClientConfig, Config, IdentityFiles, Metrics, Operator, Print, Revocation,
};
use oadr_vtn::record::Leniency;
use oadr_vtn::settings::{Limits, Policy, Push, ReportWish, Settings};
use serde_json::Value;

fn packaging() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packaging")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(packaging().join(name)).unwrap()
}

/// The packaged configuration with every key in it.
fn whole() -> String {
    let begins = |rest: &str| rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase());
    let line = |line: &'_ str| match line.strip_prefix('#').filter(|rest| begins(rest)) {
        Some(rest) => format!("{rest}\n"),
        None => format!("{line}\n"),
    };
    text("vtn.toml").lines().map(line).collect()
}

#[test]
fn the_packaged_configuration_can_be_used_as_it_is() {
    let config = Config::read(&packaging().join("vtn.toml")).unwrap();
    assert_eq!(config.vtn.policy, Policy::Known);
    assert_eq!((config.metrics, config.operators.len()), (None, 0), "nothing is opened to anybody");
    assert_eq!(config.vtn.trace_messages, None);
}

#[test]
fn the_packaged_configuration_has_every_key_and_no_other() {
    let all = keys(&serde_json::to_value(full()).unwrap());
    let documented =
        keys(&serde_json::to_value(toml::from_str::<Value>(&whole()).unwrap()).unwrap());
    let missing: Vec<_> = all.difference(&documented).collect();
    let odd: Vec<_> = documented.difference(&all).collect();
    assert!(missing.is_empty() && odd.is_empty(), "missing: {missing:?}; no such key: {odd:?}");
    assert!(documented.len() > 50, "{documented:?}");
    let config: Config = toml::from_str(&whole()).unwrap();
    config.check().unwrap();
}

#[test]
fn what_may_be_left_out_stands_there_with_its_default() {
    let shown: Config = toml::from_str(&whole()).unwrap();
    let plain: Config = toml::from_str(&text("vtn.toml")).unwrap();
    assert_eq!(shown.vtn.limits, Limits::default());
    assert_eq!(shown.vtn.push, Push::default());
    assert_eq!(shown.vtn.leniencies, Settings::default().leniencies);
    assert_eq!((shown.revocation, shown.market), (Revocation::default(), plain.market));
    assert_eq!(
        shown.audit,
        AuditSettings { dir: shown.audit.dir.clone(), ..AuditSettings::default() }
    );
    assert_eq!(shown.api, plain.api);
}

/// A configuration with something at every key: a key that is new does not compile without it.
fn full() -> Config {
    let path = || PathBuf::from("x");
    let span = SignedDuration::from_secs(1);
    let print: Print = "00:11:22:33:44:55:66:77:88:99".parse().unwrap();
    let name = || "x".to_owned();
    Config {
        listen: "127.0.0.1:1".parse().unwrap(),
        store: path(),
        identity: vec![IdentityFiles { certificate: path(), key: path() }],
        ca: vec![path()],
        crl: vec![path()],
        revocation: Revocation { refuse_unknown: true, refuse_stale: true },
        vtn: Settings {
            vtn_id: name(),
            prefix: name(),
            poll_every: span,
            policy: Policy::Open,
            market_contexts: vec![name()],
            reports: vec![ReportWish { name: name(), granularity: span, every: span }],
            leniencies: vec![Leniency::MetadataForm],
            push: Push { exchanges: 1, longest_wait: span, give_up_after: span },
            limits: Limits {
                message_bytes: 1,
                report_bytes: 1,
                pending_parties: 1,
                answer_within: span,
                event_tries: 1,
                payload_tries: 1,
                opts: 1,
                opt_windows: 1,
                data_points: 1,
                outbox: 1,
            },
            trace_messages: Some(path()),
        },
        market: true,
        audit: AuditSettings { dir: Some(path()), keep_days: 1, segment_bytes: 1 },
        api: Api {
            listen: "127.0.0.1:1".parse().unwrap(),
            ca: vec![path()],
            crl: vec![path()],
            body_bytes: 1,
        },
        operators: vec![Operator { name: name(), fingerprint: print, role: Role::Viewer }],
        metrics: Some(Metrics { listen: "127.0.0.1:1".parse().unwrap() }),
        client: Some(ClientConfig {
            url: name(),
            certificate: path(),
            key: path(),
            ca: vec![path()],
            pin: Some(print),
        }),
    }
}

/// The keys with their tables before them; a row of a list is as its list.
fn keys(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect(value: &Value, at: String, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| {
            let at = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
            found.insert(at.clone());
            collect(member, at, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| collect(item, at.clone(), found)),
        _ => {}
    }
}

/// The unit as it would be installed, but with the program that was built.
fn unit(dir: &Path) -> PathBuf {
    let unit = text("vtn.service").replace("/usr/bin/vtn", env!("CARGO_BIN_EXE_vtn"));
    let path = dir.join("vtn.service");
    std::fs::write(&path, unit).unwrap();
    path
}

/// What `systemd-analyze` says of the unit; `None`: it is not there.
fn analysed(words: &[&str]) -> Option<(bool, String)> {
    let dir = tempfile::tempdir().unwrap();
    let path = unit(dir.path());
    let mut command = Command::new("systemd-analyze");
    match command.args(words).arg(&path).output() {
        Ok(done) => {
            let told = [done.stdout, done.stderr].concat();
            Some((done.status.success(), String::from_utf8_lossy(&told).into_owned()))
        }
        Err(error) => {
            eprintln!("skipped: systemd-analyze: {error}");
            None
        }
    }
}

#[test]
fn systemd_takes_the_unit() {
    let Some((fits, told)) = analysed(&["verify", "--man=no"]) else { return };
    // It speaks of other units of the machine as well.
    let ours: Vec<_> = told.lines().filter(|line| line.contains("vtn.service")).collect();
    assert!(fits && ours.is_empty(), "{told}");
}

#[test]
fn the_unit_leaves_little_to_whoever_breaks_in() {
    let Some((fits, told)) = analysed(&["security", "--offline=yes", "--threshold=20"]) else {
        return;
    };
    assert!(fits, "{told}");
}

#[test]
fn the_unit_s_commands_are_ones_of_the_program() {
    let unit = text("vtn.service");
    let commands: Vec<_> =
        unit.lines().filter_map(|line| line.split_once("=/usr/bin/vtn ")).collect();
    assert_eq!(commands.len(), 2);
    for (_, words) in commands {
        // With a file that is not there it says so, after it has understood the rest.
        let words = words.replace("/etc/vtn/vtn.toml", "/nowhere/vtn.toml");
        let done = Command::new(env!("CARGO_BIN_EXE_vtn")).args(words.split(' ')).output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(
            done.status.code() == Some(2) && told.contains("/nowhere/vtn.toml"),
            "{words}: {told}"
        );
    }
}

#[test]
fn the_image_runs_as_nobody_in_particular_and_copies_what_is_there() {
    let text = text("Dockerfile");
    let last = |word: &str| text.lines().filter_map(|line| line.strip_prefix(word)).next_back();
    assert_eq!(last("USER "), Some("10001:10001"));
    let root = packaging().join("..");
    for line in text.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        let from = line.split(' ').next().unwrap();
        assert!(from.starts_with("--from=") || root.join(from).exists(), "{line}");
    }
    let words: Vec<String> = serde_json::from_str(last("CMD ").unwrap()).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_vtn"))
        .args(words)
        .env("VTN_CONFIG", "/nowhere/vtn.toml")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(told.contains("/nowhere/vtn.toml"), "{told}");
}
