//! The page, made from a run against the VTN in miniature, in a real browser. Without a browser on
//! the path (`chromium`) this is skipped, and says so. `REPORT_DIR=DIR` keeps what was
//! written, `REPORT_ONLY=PATTERN` plays other scenarios.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};

use oadr_certs::dev::{Ca, Validity};
use oadr_conformance::report::Report;
use oadr_conformance::run::{self, Order, Outcome};
use oadr_mutants::fault::Faults;
use oadr_mutants::vtn::Kind;
use oadr_transport::{Clock as _, SystemClock};

/// A run against a VTN in miniature that obeys.
async fn report() -> Report {
    let home = tempfile::tempdir().unwrap();
    let ca = Ca::new(Validity::days(SystemClock.now(), 30)).unwrap();
    ca.save(home.path(), false).unwrap();
    let subject = oadr_mutants::vtn::start(&ca, Faults::none(), Kind::Reporting).await.unwrap();
    let hook = std::sync::Arc::clone(&subject.hook);
    let only = std::env::var("REPORT_ONLY").unwrap_or("reg-*".to_owned());
    let (certs, only) = (home.path().to_owned(), Some(only));
    let order = Order { certs, hook, only, profiles: Vec::new(), chaos: None };
    let run = run::vtn(order, None, &mut |_: &Outcome, _, _| {}).await.unwrap();
    Report::new(&run, &Default::default())
}

/// The page as the browser has it once its script has run; `None` without a browser.
fn dumped(page: &Path, fragment: &str, profile: &Path) -> Option<String> {
    let mut command = Command::new("chromium");
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--timeout=60000", "--dump-dom"])
        .arg(format!("file://{}{fragment}", page.display()))
        .stderr(Stdio::null());
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(error) => {
            eprintln!("skipped: chromium: {error}");
            None
        }
    }
}

#[tokio::test]
async fn the_page_opens_in_a_browser_and_its_script_counts_the_verdicts() {
    let report = report().await;
    let (folder, profile) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let kept = std::env::var_os("REPORT_DIR").map(std::path::PathBuf::from);
    let folder = kept.as_deref().unwrap_or(folder.path());
    report.write(folder).unwrap();
    for name in ["report.json", "junit.xml", "report.html"] {
        assert!(folder.join(name).exists(), "{name}");
    }
    let Some(page) = dumped(&folder.join("report.html"), "", profile.path()) else { return };
    let (all, summary) = (report.scenarios.len(), report.summary);
    let counted = format!(
        "{all} of {all} shown: {} passed, {} failed, {} inconclusive, {} skipped</output>",
        summary.passed, summary.failed, summary.inconclusive, summary.skipped
    );
    assert!(page.contains(&counted), "{counted:?} is not in the page of {} bytes", page.len());
    let opened = |page: &str| {
        page.matches("<details class=\"scene ").count()
            - page.matches(r#"data-verdict="passed"><summary>"#).count()
    };
    assert_eq!((opened(&page), summary.passed), (0, all), "all closed at first");
    let linked = dumped(&folder.join("report.html"), "#s-reg-create-pull", profile.path());
    let linked = linked.unwrap_or_default();
    assert!(linked.contains(r#"id="s-reg-create-pull" data-verdict="passed" open="""#));
    assert_eq!(opened(&linked), 1, "a link opens what it leads to");
}

#[tokio::test]
async fn a_report_read_again_is_the_same() {
    let report = report().await;
    assert!(report.scenarios.iter().any(|scene| !scene.exchanges.is_empty()));
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
}
