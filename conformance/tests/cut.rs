//! A run that is cut short: its hook ends in good order, and what was played so far is reported.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use oadr_certs::dev::{Ca, Validity};
use oadr_conformance::report::Report;
use oadr_transport::{Clock as _, SystemClock};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// A folder with an authority.
fn lab() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let ca = Ca::new(Validity::days(SystemClock.now(), 30)).unwrap();
    ca.save(&home.path().join("ca"), false).unwrap();
    home
}

fn kit(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

async fn cut(kit: Child, signal: &str) -> Output {
    let pid = kit.id().unwrap().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().await.unwrap().success());
    tokio::time::timeout(Duration::from_secs(30), kit.wait_with_output()).await.unwrap().unwrap()
}

/// A hook that says hello and nothing else, takes its time at its end and leaves a trace then.
const HOOK: &str = r#"sh -c 'while read -r q; do case "$q" in
    *hello*) echo "{\"ok\":{\"subject\":\"mute\"}}";; *) echo "{\"cannot\":\"no\"}";; esac; done
    sleep 0.2; echo >over'"#;

#[tokio::test]
async fn a_signal_ends_hook_and_run_and_what_was_played_is_reported() {
    for signal in ["-INT", "-TERM"] {
        let lab = lab();
        // Takes connections and says nothing: a handshake with it is not over soon.
        let mute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("https://{}/", mute.local_addr().unwrap());
        let mut all = vec!["vtn", &url, "--certs", "ca", "--operator-hook", HOOK];
        all.extend(["--report", "out", "--only", "reg-query-unregistered,reg-create-pull"]);
        let kit = kit(lab.path(), &all);
        // The first call only finds out whether somebody is there; the second is a scenario's.
        let (_reached, _called) = (mute.accept().await.unwrap(), mute.accept().await.unwrap());
        let output = cut(kit, signal).await;
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.contains("Cut short: 1 of 2 scenarios were begun.\n"), "{said}");
        assert!(lab.path().join("over").exists(), "the hook was let to end");
        let written = lab.path().join("out");
        let text = std::fs::read_to_string(written.join("report.json")).unwrap();
        let report: Report = serde_json::from_str(&text).unwrap();
        assert!(report.cut_short && report.chosen == 2 && report.scenarios.len() == 1);
        assert_eq!(report.scenarios[0].verdict.why(), Some("the run was cut short"));
        let page = std::fs::read_to_string(written.join("report.html")).unwrap();
        assert!(page.contains("<b>Cut short</b>: 1 of 2 scenarios"));
        assert!(written.join("junit.xml").exists());
    }
}

#[tokio::test]
async fn a_signal_before_the_run_begins_ends_it_without_a_report() {
    let lab = lab();
    let kit = kit(
        lab.path(),
        &[
            "ven",
            "--listen",
            "127.0.0.1:0",
            "--certs",
            "ca",
            "--report",
            "out",
            "--operator-hook",
            "sh -c 'read -r q; echo >asked; cat >/dev/null'",
        ],
    );
    while !lab.path().join("asked").exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(cut(kit, "-INT").await.status.code(), Some(130));
    assert!(!lab.path().join("out/report.html").exists());
}

#[tokio::test]
async fn a_signal_does_not_wait_for_a_person_who_was_asked() {
    let lab = lab();
    let mut kit = kit(
        lab.path(),
        &[
            "ven",
            "--listen",
            "127.0.0.1:0",
            "--certs",
            "ca",
            "--operator-hook",
            "ask",
            "--only",
            "reg-boot",
        ],
    );
    // Its stdin stays open and says nothing.
    let stdin = kit.stdin.take();
    let mut complaints = kit.stderr.take().unwrap();
    let mut read = Vec::new();
    let asked = async {
        use tokio::io::AsyncReadExt as _;
        while !String::from_utf8_lossy(&read).contains("\"do\": \"") {
            assert_ne!(complaints.read_buf(&mut read).await.unwrap(), 0);
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asked).await.unwrap();
    assert_eq!(cut(kit, "-INT").await.status.code(), Some(130));
    drop(stdin);
}
