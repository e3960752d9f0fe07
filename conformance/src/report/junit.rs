//! JUnit's XML, as build servers read it: a suite a profile, a case a scenario.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::json::{Report, Scene, Summary};
use super::text::escape;
use crate::scenario::Profile;
use crate::verdict::Verdict;

/// The document. A known gap and a skip are `skipped`, what is inconclusive is an `error`.
pub fn document(report: &Report) -> String {
    let mut suites: BTreeMap<Profile, Vec<&Scene>> = BTreeMap::new();
    for scene in &report.scenarios {
        suites.entry(scene.profile).or_default().push(scene);
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<_> = report.scenarios.iter().collect();
    let name = format!("conformance of {} ({})", report.subject, report.role.name());
    let _ = writeln!(out, "<testsuites name=\"{}\"{}>", escape(&name), counts(&all));
    for (profile, scenes) in suites {
        let name = format!("{}.{}", report.role.name(), profile.name());
        let when = report.began.strftime("%Y-%m-%dT%H:%M:%S");
        let counts = counts(&scenes);
        let _ = writeln!(out, "  <testsuite name=\"{name}\" timestamp=\"{when}\"{counts}>");
        for scene in scenes {
            case(&mut out, &name, scene);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn counts(scenes: &[&Scene]) -> String {
    let known = |scene: &&&Scene| scene.known.is_some() && scene.verdict == Verdict::Failed;
    let known = scenes.iter().filter(known).count();
    let Summary { failed, inconclusive, skipped, .. } =
        Summary::of(scenes.iter().map(|scene| &scene.verdict));
    let (tests, failures, skipped) = (scenes.len(), failed - known, skipped + known);
    let time = seconds(scenes.iter().map(|scene| scene.took_ms).sum());
    format!(
        " tests=\"{tests}\" failures=\"{failures}\" errors=\"{inconclusive}\" skipped=\"{skipped}\" time=\"{time}\""
    )
}

fn case(out: &mut String, suite: &str, scene: &Scene) {
    let (name, time) = (escape(&scene.name), seconds(scene.took_ms));
    let _ = write!(out, "    <testcase classname=\"{suite}\" name=\"{name}\" time=\"{time}\"");
    let inside = match (&scene.verdict, &scene.known) {
        (Verdict::Passed, _) => None,
        (Verdict::Skipped(why), _) => Some(("skipped", why.clone(), String::new())),
        (Verdict::Inconclusive(why), _) => Some(("error", why.clone(), broken(scene))),
        (Verdict::Failed, Some(known)) => {
            Some(("skipped", format!("known gap: {known}"), broken(scene)))
        }
        (Verdict::Failed, None) => Some(("failure", first(scene), broken(scene))),
    };
    let Some((kind, message, text)) = inside else {
        out.push_str("/>\n");
        return;
    };
    let (message, text) = (escape(&message), escape(&text));
    let _ =
        writeln!(out, ">\n      <{kind} message=\"{message}\">{text}</{kind}>\n    </testcase>");
}

/// The first check that does not hold, in a line.
fn first(scene: &Scene) -> String {
    let first = scene.checks.iter().find(|check| !check.holds);
    let told =
        |check: &super::json::Look| format!("rule {}: {}", check.rules.join(", "), check.what);
    first.map(told).unwrap_or_else(|| "failed without a check".to_owned())
}

/// Every check that does not hold.
fn broken(scene: &Scene) -> String {
    let mut text = String::new();
    for check in scene.checks.iter().filter(|check| !check.holds) {
        let (rules, what) = (check.rules.join(", "), &check.what);
        let _ = writeln!(text, "\nrule {rules}: {what}\n  seen: {}", check.saw);
    }
    text
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_verdict_has_its_element_and_is_counted() {
        let document = document(&sample::each());
        let tree = roxmltree::Document::parse(&document).unwrap();
        let suite = tree.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
        let count = |name| suite.attribute(name).unwrap();
        assert_eq!(
            (count("tests"), count("failures"), count("errors"), count("skipped")),
            ("4", "1", "1", "1")
        );
        assert_eq!(suite.attribute("name"), Some("vtn.pull"));
        let inside = |name: &str| {
            let case = suite.children().find(|case| case.attribute("name") == Some(name)).unwrap();
            case.first_element_child().map(|node| {
                (node.tag_name().name().to_owned(), node.attribute("message").unwrap().to_owned())
            })
        };
        assert_eq!(inside("a-passed"), None);
        let failure = ("failure".to_owned(), "rule 403: rule 403 holds".to_owned());
        assert_eq!(inside("a-failed"), Some(failure));
        assert_eq!(inside("a-skipped"), Some(("skipped".into(), "no means for it".into())));
        assert_eq!(inside("a-inconclusive").unwrap().0, "error");
    }

    #[test]
    fn a_known_gap_is_no_failure_but_is_told() {
        let mut report = sample::each();
        report.scenarios[1].known = Some("no XMPP".to_owned());
        let document = document(&report);
        assert!(document.contains("failures=\"0\" errors=\"1\" skipped=\"2\""), "{document}");
        assert!(document.contains("<skipped message=\"known gap: no XMPP\">"), "{document}");
    }

    #[test]
    fn whatever_was_seen_the_document_is_well_formed() {
        let mut report = sample::each();
        report.subject = "\"<&>\u{0}\u{1b}'".to_owned();
        report.scenarios[1].checks[1].saw = "]]> <\u{8}&\r\n\u{ffff}".to_owned();
        let document = document(&report);
        roxmltree::Document::parse(&document).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("junit.xml");
        std::fs::write(&path, &document).unwrap();
        match std::process::Command::new("xmllint").arg("--noout").arg(&path).status() {
            Ok(status) => assert!(status.success()),
            Err(error) => eprintln!("skipped in part: xmllint: {error}"),
        }
    }
}
