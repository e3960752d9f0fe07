//! `tls-default-suites` passes a server that keeps to the two suites of rule 67, and no other.
//! The models cannot show that, since rustls has neither suite: `openssl s_server` is the subject.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::path::Path;
use std::process::Stdio;

use oadr_certs::dev::{Ca, KeyKind, Role as For, Validity};
use oadr_conformance::run::{self, Order, Outcome};
use oadr_conformance::verdict::Verdict;
use oadr_transport::{Clock as _, SystemClock};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const BOTH: &str = "ECDHE-ECDSA-AES128-SHA256:AES128-SHA256";

#[tokio::test]
async fn a_server_of_the_two_suites_passes() {
    let Some(outcome) = play(&["-tls1_2"], BOTH).await else { return };
    assert_eq!(outcome.verdict, Verdict::Passed, "{:?}", outcome.checks);
    assert_eq!(outcome.checks.len(), 5, "{:?}", outcome.checks);
}

#[tokio::test]
async fn a_server_without_one_of_the_suites_fails() {
    for (suites, missing) in [
        ("AES128-SHA256", "ECDHE-ECDSA-AES128-SHA256"),
        ("ECDHE-ECDSA-AES128-SHA256", " AES128-SHA256"),
    ] {
        fails(&["-tls1_2"], suites, &format!("offers {} alone is served", missing.trim())).await;
    }
}

#[tokio::test]
async fn a_server_that_prefers_another_suite_fails() {
    let suites = format!("ECDHE-ECDSA-AES128-GCM-SHA256:{BOTH}");
    fails(&["-tls1_2"], &suites, "of TLS 1.2 with others").await;
}

#[tokio::test]
async fn a_server_of_tls_1_3_fails() {
    fails(&[], BOTH, "of TLS 1.3 with its suites").await;
}

#[tokio::test]
async fn a_server_of_tls_1_1_fails() {
    let suites = format!("{BOTH}:ALL");
    fails(&["-no_tls1_3"], &suites, "TLS 1.1 alone is refused").await;
}

async fn fails(switches: &[&str], suites: &str, what: &str) {
    let Some(outcome) = play(switches, suites).await else { return };
    let failed = outcome.checks.iter().filter(|check| !check.holds);
    let failed: Vec<_> = failed.map(|check| check.what.as_str()).collect();
    assert!(failed.iter().any(|one| one.contains(what)), "{what}: {failed:?}");
}

/// Plays the scenario against `s_server`; `None`, and a word why, without the program.
async fn play(switches: &[&str], suites: &str) -> Option<Outcome> {
    let home = tempfile::tempdir().unwrap();
    let ca = Ca::new(Validity::days(SystemClock.now(), 30)).unwrap();
    ca.save(home.path(), false).unwrap();
    let Some((_server, url)) = serve((home.path(), &ca), switches, suites).await else {
        eprintln!("not proved: the program openssl is needed");
        return None;
    };
    let order = Order {
        chaos: None,
        certs: home.path().to_owned(),
        hook: oadr_conformance::hook::open(None).await.unwrap(),
        only: Some("tls-default-suites".to_owned()),
        profiles: Vec::new(),
    };
    let run = run::vtn(order, Some(&url), &mut |_, _, _| {}).await.unwrap();
    run.outcomes.last().cloned()
}

async fn serve(lab: (&Path, &Ca), switches: &[&str], suites: &str) -> Option<(Child, String)> {
    let (home, ca) = lab;
    for (name, key) in [("ecc", KeyKind::Ecc), ("rsa", KeyKind::Rsa)] {
        let identity = ca.issue(For::Vtn, name, key, &["localhost".to_owned()]).unwrap();
        let (pem, key) = (home.join(format!("{name}.pem")), home.join(format!("{name}.key")));
        identity.save(&pem, &key, false).unwrap();
    }
    let suites = format!("{suites}:@SECLEVEL=0");
    let mut command = Command::new("openssl");
    command.current_dir(home).kill_on_drop(true).args(["s_server", "-accept", "127.0.0.1:0"]);
    command.args(["-cert", "ecc.pem", "-key", "ecc.key", "-dcert", "rsa.pem", "-dkey", "rsa.key"]);
    command.args(["-CAfile", "roots.pem", "-Verify", "3", "-serverpref", "-cipher", &suites]);
    command.args(switches).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = command.spawn().ok()?;
    let mut lines = BufReader::new(server.stdout.take()?).lines();
    let port = loop {
        let line = lines.next_line().await.unwrap()?;
        if let Some(address) = line.strip_prefix("ACCEPT ") {
            break address.rsplit(':').next()?.to_owned();
        }
    };
    // What it says of its connections has to go somewhere, or it stops.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some((server, format!("https://localhost:{port}/")))
}
