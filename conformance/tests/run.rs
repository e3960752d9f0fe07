//! `conformance vtn`, `list` and `explain` as people and scripts run them, against the VTN in
//! miniature, its operator reached as a hook over HTTP.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use oadr_certs::dev::{Ca, KeyKind, Role as For, Validity};
use oadr_conformance::hook::{Hook, Told};
use oadr_conformance::scenario::Role;
use oadr_mutants::fault::{self, Faults};
use oadr_mutants::vtn::Kind;
use oadr_transport::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

/// A VTN in miniature, its operator, and what the kit needs to know of them.
struct Lab {
    home: tempfile::TempDir,
    url: String,
    hook: String,
    _subject: oadr_mutants::vtn::Running,
}

impl Lab {
    async fn with(fault: Option<&str>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let ca = Ca::new(Validity::days(SystemClock.now(), 30)).unwrap();
        ca.save(&home.path().join("ca"), false).unwrap();
        let of_name = |name| fault::all(Role::Vtn).into_iter().find(|fault| fault.name == name);
        let faults = fault.map(|name| Faults::one(of_name(name).unwrap())).unwrap_or_default();
        let subject = oadr_mutants::vtn::start(&ca, faults, Kind::Reporting).await.unwrap();
        let (url, hook) = (subject.url.clone(), served(Arc::clone(&subject.hook)).await);
        Self { home, url, hook, _subject: subject }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// `conformance vtn` with its certificates and operator, for the two scenarios that are quick.
    async fn vtn(&self, more: &[&str]) -> Output {
        let mut all = vec!["vtn", "--certs", "ca", "--operator-hook", &self.hook];
        all.extend(["--only", "reg-query-unregistered,reg-create-pull"]);
        all.extend(more);
        conformance(self.path(), &all).await
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }
}

async fn conformance(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.args(arguments).current_dir(folder).output().await.unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Serves a hook over HTTP; its address.
async fn served(hook: Arc<dyn Hook>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&hook)));
        }
    });
    url
}

async fn serve(mut stream: TcpStream, hook: Arc<dyn Hook>) -> std::io::Result<()> {
    let mut read = Vec::new();
    let question: Value = loop {
        if stream.read_buf(&mut read).await? == 0 {
            return Ok(());
        }
        let at = read.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(whole) = at.and_then(|at| serde_json::from_slice(&read[at + 4..]).ok()) {
            break whole;
        }
    };
    let answer = match hook.ask(question).await {
        Told::Ok(value) => json!({ "ok": value }),
        Told::Refused(why) => json!({ "refused": why }),
        Told::Cannot(why) => json!({ "cannot": why }),
        Told::Failed(why) => json!({ "failed": why }),
    };
    let (body, head) = (answer.to_string(), "HTTP/1.1 200 OK\r\nContent-Type: application/json");
    let answer =
        format!("{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await
}

#[tokio::test]
async fn a_vtn_that_obeys_passes_and_exits_0() {
    let lab = Lab::with(None).await;
    let output = lab.vtn(&[]).await;
    let (said, complained) = (said(&output), complained(&output));
    assert_eq!(output.status.code(), Some(0), "{said}{complained}");
    assert!(said.starts_with("[1/2] passed       reg-query-unregistered"), "{said}");
    assert!(said.contains("Subject: VTN in miniature (VTN), clock: steered"), "{said}");
    assert!(said.contains("2 passed, 0 failed, 0 inconclusive, 0 skipped (2 scenarios"), "{said}");
    assert!(!said.contains('\x1b'), "no colours in a pipe");
}

#[tokio::test]
async fn a_vtn_that_does_not_fails_with_rule_and_check_and_exits_1() {
    let lab = Lab::with(Some("no-xmpp")).await;
    let output = lab.vtn(&["--report", "out", "--subject", "Ours 1.2"]).await;
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("FAILED       reg-create-pull  rules 38, 507\n"), "{said}");
    assert!(said.contains("      rule 38, 507: XMPP is offered\n      seen: "), "{said}");
    assert!(said.contains("Subject: Ours 1.2 (VTN)"), "{said}");
    assert!(said.ends_with("Report: out/report.html\n"), "{said}");
    for name in ["report.json", "junit.xml", "report.html"] {
        assert!(lab.path().join("out").join(name).exists(), "{name}");
    }
}

#[tokio::test]
async fn what_there_are_no_means_for_is_skipped_and_counts_for_nothing() {
    let lab = Lab::with(None).await;
    let ca = Ca::load(&lab.path().join("ca")).unwrap();
    let ven = ca.issue(For::Ven, "ven-1", KeyKind::Ecc, &[]).unwrap();
    let supplied = lab.path().join("supplied");
    std::fs::create_dir(&supplied).unwrap();
    std::fs::copy(lab.path().join("ca/roots.pem"), supplied.join("roots.pem")).unwrap();
    ven.save(&supplied.join("ven-1.pem"), &supplied.join("ven-1.key"), false).unwrap();
    let all = ["vtn", &lab.url, "--certs", "supplied", "--only", "reg-create-pull"];
    let said = said(&conformance(lab.path(), &all).await);
    assert!(said.contains("skipped      reg-create-pull: --certs supplies 1 cert"), "{said}");
    assert!(said.contains("\n0 passed, 0 failed, 0 inconclusive, 1 skipped (1 scenario"), "{said}");
    assert!(said.contains("Nothing was shown: every scenario was skipped."), "{said}");
}

#[tokio::test]
async fn json_has_a_line_a_scenario_and_a_summary() {
    let lab = Lab::with(Some("no-xmpp")).await;
    let output = lab.vtn(&["--json"]).await;
    let lines: Vec<Value> =
        said(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        (&lines[0]["name"], &lines[0]["verdict"]),
        (&json!("reg-query-unregistered"), &json!("failed"))
    );
    assert_eq!(lines[2]["summary"]["failed"], 2);
}

#[tokio::test]
async fn known_gaps_excuse_what_they_list_and_nothing_else() {
    let gap = |name| {
        format!("[[gap]]\nrole='vtn'\nscenario='{name}'\nrules=['38', '507']\nreason='later'\n")
    };
    let both = gap("reg-query-unregistered") + &gap("reg-create-pull");
    let lab = Lab::with(Some("no-xmpp")).await;
    lab.write("both.toml", &both);
    lab.write("one.toml", &gap("reg-create-pull"));
    let output = lab.vtn(&["--known-gaps", "both.toml"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("known gap    reg-create-pull"), "{}", said(&output));
    assert!(
        said(&output).contains("0 passed, 2 failed, 0 inconclusive, 0 skipped; 2 of these known")
    );
    let output = lab.vtn(&["--known-gaps", "one.toml"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("reg-query-unregistered: it fails: mend it, or add [[gap]]"));

    let sound = Lab::with(None).await;
    sound.write("both.toml", &both);
    let output = sound.vtn(&["--known-gaps", "both.toml"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("reg-create-pull: it passes: strike the [[gap]]"));
    let output = sound.vtn(&["--known-gaps", "absent.toml"]).await;
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn the_schema_files_find_nothing_wrong_with_a_vtn_that_obeys() {
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/xsd/openadr");
    let output = Lab::with(None).await.vtn(&["--xsd", schemas]).await;
    if complained(&output).contains("xmllint") {
        return eprintln!("skipped: {}", complained(&output));
    }
    assert_eq!(output.status.code(), Some(0), "{}{}", said(&output), complained(&output));
}

#[tokio::test]
async fn what_cannot_begin_exits_2_and_says_the_mend() {
    let lab = Lab::with(None).await;
    let of = async |arguments: &[&str]| {
        let output = conformance(lab.path(), arguments).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        complained(&output)
    };
    let certs = ["--certs", "ca"];
    let unfit = of(&[&["vtn", &lab.url, "--only", "no-such"][..], &certs].concat()).await;
    assert!(unfit.contains("`conformance list vtn`"), "{unfit}");
    let nobody = of(&[&["vtn", "https://localhost:1/"][..], &certs].concat()).await;
    assert!(nobody.contains("no VTN at localhost:1") && nobody.contains("mend URL"), "{nobody}");
    let nowhere = of(&[&["vtn"][..], &certs].concat()).await;
    assert!(nowhere.contains("give URL, or a hook"), "{nowhere}");
    assert!(of(&["vtn", &lab.url, "--certs", "absent"]).await.contains("certs init"));
    let silent = of(&[&["vtn", &lab.url, "--operator-hook", "false"][..], &certs].concat()).await;
    assert!(silent.contains("hello"), "{silent}");
    let xsd = of(&[&["vtn", &lab.url, "--xsd", "absent"][..], &certs].concat()).await;
    assert!(xsd.contains("oadr_20b.xsd is not there"), "{xsd}");
    let unheard = of(&[&["ven", "--listen", "127.0.0.1:0"][..], &certs].concat()).await;
    assert!(unheard.contains("port 0 needs an operator hook"), "{unheard}");
    assert!(of(&["vtn"]).await.contains("--certs"));
    assert!(of(&["explain", "reg-creat"]).await.contains("reg-create-pull"));
}

#[tokio::test]
async fn the_table_of_rules_wants_whole_reports_and_tells_a_difference() {
    let lab = Lab::with(None).await;
    lab.vtn(&["--report", "part"]).await;
    let rules = async |from: &str, more: &[&str]| {
        let from = format!("{from}/report.json");
        let all = [&["rules", "--out", "rules.md", "--from", &from][..], more].concat();
        conformance(lab.path(), &all).await
    };
    let part = rules("part", &[]).await;
    let whole = oadr_conformance::catalogue::chosen(Role::Vtn, None).len() == 2;
    assert_eq!(part.status.code(), Some(if whole { 0 } else { 2 }), "{}", complained(&part));
    let text = std::fs::read_to_string(lab.path().join("part/report.json")).unwrap();
    let full = filled(serde_json::from_str(&text).unwrap());
    std::fs::create_dir(lab.path().join("full")).unwrap();
    lab.write("full/report.json", &full.to_string());
    assert_eq!(rules("full", &[]).await.status.code(), Some(0));
    assert_eq!(rules("full", &["--check"]).await.status.code(), Some(0));
    // A rule that no scenario is about has a unit test.
    std::fs::create_dir_all(lab.path().join("own/deep")).unwrap();
    lab.write("own/deep/test.rs", "#[test]\nfn rule_32_values_are_kept() {}\n");
    assert_eq!(rules("full", &["--tests", "vtn=own", "--check"]).await.status.code(), Some(1));
    let nowhere = rules("full", &["--tests", "vtn=absent"]).await;
    assert!(complained(&nowhere).contains("absent: "), "{}", complained(&nowhere));
    assert_eq!(rules("full", &["--tests", "own"]).await.status.code(), Some(2));
    assert_eq!(rules("full", &["--tests", "vtn=own"]).await.status.code(), Some(0));
    let table = std::fs::read_to_string(lab.path().join("rules.md")).unwrap();
    assert!(table.contains("| unit test: rule_32_values_are_kept |"), "{table}");
    assert_eq!(rules("full", &["--tests", "vtn=own", "--check"]).await.status.code(), Some(0));
    assert_eq!(rules("full", &[]).await.status.code(), Some(0));
    let table = std::fs::read_to_string(lab.path().join("rules.md")).unwrap();
    lab.write("rules.md", &table.replacen("| passed:", "| failed:", 1));
    let differs = rules("full", &["--check"]).await;
    assert_eq!(differs.status.code(), Some(1));
    assert!(
        said(&differs).contains("- | ") && said(&differs).contains("+ | "),
        "{}",
        said(&differs)
    );
}

/// A report with the scenarios it lacks, as if they were skipped.
fn filled(mut report: Value) -> Value {
    let scenes = report["scenarios"].as_array_mut().unwrap();
    for scenario in oadr_conformance::catalogue::chosen(Role::Vtn, None) {
        if scenes.iter().all(|scene| scene["name"] != scenario.name) {
            let mut scene = scenes[0].clone();
            (scene["name"], scene["verdict"]) = (json!(scenario.name), json!("skipped"));
            (scene["why"], scene["checks"]) = (json!("not now"), json!([]));
            scenes.push(scene);
        }
    }
    report
}

#[tokio::test]
async fn the_scenarios_are_listed_and_explained() {
    let here = Path::new(".");
    let listed = said(&conformance(here, &["list", "vtn"]).await);
    assert!(listed.lines().all(|line| line.starts_with("vtn  ")), "{listed}");
    let all: Value =
        serde_json::from_str(&said(&conformance(here, &["list", "--json"]).await)).unwrap();
    assert!(all.as_array().unwrap().len() > listed.lines().count());
    let told = said(&conformance(here, &["explain", "reg-create-pull", "--json"]).await);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told[0]["role"], "vtn");
    assert!(told[0]["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == "403"));
}
