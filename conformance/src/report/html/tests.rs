//! What the page must keep to, whatever a subject sent.

use jiff::Timestamp;

use super::page;
use crate::record::{Exchange, From, Packet};
use crate::report::Report;
use crate::report::sample;
use crate::verdict::Verdict;

fn exchange(body: &str) -> Exchange {
    let packet = |start: &str| Packet {
        start: start.to_owned(),
        headers: vec![("X-Odd".to_owned(), "<i>\"".to_owned())],
        body: body.to_owned(),
    };
    Exchange {
        at: Timestamp::UNIX_EPOCH,
        took_ms: 3,
        from: From::Kit,
        party: "VEN 1".to_owned(),
        asked: "oadrPoll".to_owned(),
        answered: "oadrResponse".to_owned(),
        request: packet("POST /OpenADR2/Simple/2.0b/OadrPoll HTTP/1.1"),
        answer: Some(packet("HTTP/1.1 200 OK")),
        trouble: None,
    }
}

fn with(body: &str) -> Report {
    let mut report = sample::each();
    report.scenarios[1].exchanges.push(exchange(body));
    report
}

/// The page as XML, its script and style left out.
fn tree(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, rest) = rest.split_once("<script>").unwrap();
    let (_, end) = rest.split_once("</script>").unwrap();
    let head = head.strip_prefix("<!DOCTYPE html>\n").unwrap();
    format!("{head}{body}{end}")
}

#[test]
fn nothing_a_subject_says_becomes_markup() {
    const BAIT: &str = "\"'><bait a='b'>&amp;</bait><script>alert(1)</script>\u{0}";
    let mut report = with(BAIT);
    BAIT.clone_into(&mut report.subject);
    report.features.push(BAIT.to_owned());
    for scene in &mut report.scenarios {
        for text in [&mut scene.name, &mut scene.given, &mut scene.when, &mut scene.expect] {
            text.push_str(BAIT);
        }
        scene.rules.push(BAIT.to_owned());
        scene.known = Some(BAIT.to_owned());
        scene.checks.iter_mut().for_each(|check| {
            check.what.push_str(BAIT);
            check.saw.push_str(BAIT);
            check.rules.push(BAIT.to_owned());
        });
        for one in &mut scene.exchanges {
            one.trouble = Some(BAIT.to_owned());
            for text in [&mut one.party, &mut one.asked, &mut one.answered] {
                text.push_str(BAIT);
            }
            one.request.start.push_str(BAIT);
        }
    }
    let page = page(&report);
    assert_eq!(page.matches("<script>").count(), 1);
    let text = tree(&page);
    let tree = roxmltree::Document::parse(&text).unwrap();
    assert!(tree.descendants().all(|node| !node.has_tag_name("bait")));
}

#[test]
fn nothing_comes_from_elsewhere() {
    let page = page(&with("<a/>"));
    let text = tree(&page);
    let tree = roxmltree::Document::parse(&text).unwrap();
    for attribute in tree.descendants().flat_map(|node| node.attributes()) {
        assert_ne!(attribute.name(), "src");
        assert!(attribute.name() != "href" || attribute.value().starts_with('#'));
    }
    assert!(!page.contains("@import") && !page.contains("url("));
}

#[test]
fn every_link_has_its_end_or_is_a_rule_of_the_other_role() {
    let text = tree(&page(&with("<a/>")));
    let tree = roxmltree::Document::parse(&text).unwrap();
    let ids: Vec<_> = tree.descendants().filter_map(|node| node.attribute("id")).collect();
    for link in tree.descendants().filter_map(|node| node.attribute("href")) {
        assert!(ids.contains(&link.trim_start_matches('#')), "{link}");
    }
}

#[test]
fn a_body_is_indented_and_a_large_one_is_cut() {
    let small = page(&with("<a><b>1</b></a>"));
    assert!(small.contains("&lt;a&gt;\n  &lt;b&gt;1&lt;/b&gt;\n&lt;/a&gt;"), "{small}");
    let body = format!("<a>{}</a>", "<b>value</b>".repeat(10_000));
    let large = page(&with(&body));
    assert!(large.contains(&format!("the body has {} bytes", body.len())));
    assert!(large.len() < small.len() + 4 * 64 * 1024);
}

#[test]
fn skips_and_gaps_say_why() {
    let mut report = sample::each();
    report.scenarios[1].known = Some("no XMPP yet".to_owned());
    let page = page(&report);
    assert!(page.contains("<dt>Skipped</dt><dd>no means for it</dd>"));
    assert!(page.contains("<dt>Known</dt><dd>no XMPP yet</dd>"));
}

#[test]
fn what_was_not_shown_stands_with_its_reason_near_the_top() {
    let page = page(&sample::each());
    let part = page.split("id=\"unjudged\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(part.contains("skipped: no means for it<br/><a class=\"mark skipped\""), "{part}");
    assert!(part.contains("inconclusive: the hook&#39;s answer: none<br/>"), "{part}");
    let passed = sample::scene(Verdict::Passed, vec![sample::look("403", true)]);
    assert!(!super::page(&sample::report(vec![passed])).contains("unjudged"));
}

#[test]
fn a_run_that_was_disturbed_or_cut_short_says_so() {
    let mut report = sample::each();
    assert!(!page(&report).contains("class=\"cut\""));
    (report.chaos, report.cut_short, report.chosen) = (Some("busy=0.1".into()), true, 69);
    let page = page(&report);
    assert!(page.contains("<b>Disturbed on purpose</b>: busy=0.1."), "{page}");
    assert!(page.contains("<b>Cut short</b>: 4 of 69 scenarios were begun"), "{page}");
}

#[test]
fn what_did_not_hold_comes_first_and_what_held_often_comes_once() {
    let looks = [("404", true), ("404", true), ("403", false), ("404", true), ("403", false)];
    let looks = looks.map(|(rule, holds)| sample::look(rule, holds)).to_vec();
    let page = page(&sample::report(vec![sample::scene(Verdict::Failed, looks)]));
    let table = page.split("<table class=\"checks\">").nth(1).unwrap();
    let table = table.split("</table>").next().unwrap();
    let held = table.find("rule 404 holds <small>(3 times)</small>").unwrap();
    assert_eq!(table.matches("rule 404 holds").count(), 1);
    assert_eq!(table[..held].matches("rule 403 holds<div class=\"saw\">").count(), 2, "{table}");
}
