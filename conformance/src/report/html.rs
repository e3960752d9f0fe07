//! The report as one page to hand over: nothing in it comes from elsewhere, and everything that was
//! seen of the subject is escaped. It is well-formed XML too, but for its script.

mod scene;
mod unjudged;

use std::fmt::Write as _;

use super::json::{Report, Scene};
use super::standing::{RuleRow, Standing};
use super::text::escape;
use super::{pics, text};
use crate::catalogue;
use crate::scenario::Role;
use crate::verdict::Verdict;

/// The page.
pub fn page(report: &Report) -> String {
    let mut out = String::with_capacity(1 << 20);
    let title = escape(&format!("Conformance of {}", report.subject));
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\" />\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\
         <meta name=\"color-scheme\" content=\"light dark\" />\
         <title>{title}</title>\n<style>\n{CSS}</style></head>\n<body>\n"
    );
    header(&mut out, report);
    out.push_str("<main>\n");
    broken(&mut out, report);
    unjudged::section(&mut out, report);
    capabilities(&mut out, report);
    rules(&mut out, report);
    scenarios(&mut out, report);
    let _ = write!(out, "</main>\n<script>\n{SCRIPT}</script>\n</body></html>\n");
    out
}

fn header(out: &mut String, report: &Report) {
    let (subject, role) = (escape(&report.subject), report.role.name().to_uppercase());
    let _ = writeln!(out, "<header><h1>{subject}</h1>");
    let party = match report.role {
        Role::Vtn => "VTN; the kit played the VENs",
        Role::Ven => "VEN; the kit played the VTN",
    };
    let clock = match report.steered {
        true => "steered by the kit: times below are the subject's",
        false => "its own",
    };
    let took: u64 = report.scenarios.iter().map(|scene| scene.took_ms).sum();
    let mut profiles: Vec<_> = report.scenarios.iter().map(|one| one.profile.name()).collect();
    profiles.sort_unstable();
    profiles.dedup();
    let all = catalogue::chosen(report.role, None).len();
    let facts = [
        ("Subject", format!("{} ({party})", report.subject)),
        ("Measured by", "OpenADR 2.0b Profile, section 11; OASIS Energy Interoperation 1.0".into()),
        ("Date", report.began.strftime("%Y-%m-%d %H:%M UTC").to_string()),
        ("Kit", format!("conformance {}", report.kit)),
        ("Clock", clock.to_owned()),
        ("Scenarios", format!("{} of the kit’s {all} for a {role}", report.scenarios.len())),
        ("Scenario sets", profiles.join(", ")),
        ("Duration", format!("{}.{} s", took / 1000, took % 1000 / 100)),
    ];
    let _ =
        write!(out, "<p class=\"lead\">Conformance report of a {role}</p>\n<dl class=\"facts\">");
    for (label, value) in facts {
        let _ = write!(out, "<dt>{label}</dt><dd>{}</dd>", escape(&value));
    }
    out.push_str("</dl>\n");
    if let Some(chaos) = &report.chaos {
        let _ = writeln!(
            out,
            "<p class=\"cut\"><b>Disturbed on purpose</b>: {}. The verdicts say how the subject bears \
             that, not whether it is conformant.</p>",
            escape(chaos)
        );
    }
    if report.cut_short {
        let (begun, chosen) = (report.scenarios.len(), report.chosen);
        let _ = writeln!(
            out,
            "<p class=\"cut\"><b>Cut short</b>: {begun} of {chosen} scenarios were begun. Of the \
             others nothing is said here.</p>"
        );
    }
    tally(out, report);
    out.push_str("<nav aria-label=\"Parts\"><a href=\"#broken\">What did not hold</a>");
    if report.summary.inconclusive + report.summary.skipped > 0 {
        out.push_str("<a href=\"#unjudged\">What was not shown</a>");
    }
    out.push_str(
        "<a href=\"#capabilities\">Capabilities seen</a><a href=\"#rules\">Rules</a>\
         <a href=\"#scenarios\">Scenarios</a></nav></header>\n",
    );
}

fn tally(out: &mut String, report: &Report) {
    let summary = report.summary;
    let counts = [
        ("passed", summary.passed),
        ("failed", summary.failed),
        ("inconclusive", summary.inconclusive),
        ("skipped", summary.skipped),
    ];
    out.push_str("<div class=\"bar\" aria-hidden=\"true\">");
    for (name, count) in counts.into_iter().filter(|&(_, count)| count > 0) {
        let _ = write!(out, "<span class=\"{name}\" style=\"flex-grow:{count}\"></span>");
    }
    out.push_str("</div>\n<ul class=\"tally\">");
    for (name, count) in counts {
        let _ = write!(out, "<li class=\"{name}\"><b>{count}</b> {name}</li>");
    }
    out.push_str("</ul>\n");
    let known = report.scenarios.iter().filter(|scene| scene.known.is_some()).count();
    if known > 0 {
        let _ = writeln!(out, "<p>{known} of the failures and skips are listed as known.</p>");
    }
}

fn broken(out: &mut String, report: &Report) {
    out.push_str("<section id=\"broken\"><h2>What did not hold</h2>\n");
    let failed = |scene: &&Scene| scene.verdict == Verdict::Failed;
    let failed: Vec<_> = report.scenarios.iter().filter(failed).collect();
    if failed.is_empty() {
        out.push_str("<p>No check failed.</p></section>\n");
        return;
    }
    out.push_str("<ul class=\"broken\">\n");
    for scene in failed {
        let name = escape(&scene.name);
        let class = if scene.known.is_some() { "known" } else { "failed" };
        let _ = write!(out, "<li class=\"{class}\"><a href=\"#s-{name}\">{name}</a>");
        if let Some(known) = &scene.known {
            let _ = write!(out, " <span class=\"badge known\">known gap</span> {}", escape(known));
        }
        let mut failing = scene.checks.iter().filter(|check| !check.holds);
        if let Some(check) = failing.next() {
            let _ = write!(out, "<br/>{} {}", scene::rule_links(&check.rules), escape(&check.what));
            let (saw, more) = text::cut(&check.saw, 200);
            let dots = if more { " …" } else { "" };
            let _ = write!(out, ": <code>{}{dots}</code>", escape(saw));
        }
        match failing.count() {
            0 => {}
            more => drop(write!(out, " <small>and {more} more</small>")),
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul></section>\n");
}

fn capabilities(out: &mut String, report: &Report) {
    out.push_str(
        "<section id=\"capabilities\"><h2>Capabilities seen</h2>\n\
         <p class=\"hint\">Gathered from the messages of this run alone; how often in brackets. A \
         draft for a Protocol Implementation Conformance Statement, not one itself: what no scenario \
         called for is not here.</p>\n<table class=\"caps\"><tbody>\n",
    );
    for row in pics::seen(report) {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th><td>", row.label);
        if row.values.is_empty() {
            out.push_str("<span class=\"none\">none</span>");
        }
        for (value, count) in &row.values {
            let shown = if value.is_empty() { "(empty)" } else { value };
            let times =
                if *count > 1 { format!(" <small>({count})</small>") } else { String::new() };
            let _ = write!(out, "<span class=\"cap\">{}{times}</span> ", escape(shown));
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table></section>\n");
}

fn rules(out: &mut String, report: &Report) {
    let count = |wanted| report.rules.iter().filter(|row| row.standing == wanted).count();
    let all = [Standing::Proved, Standing::Broken, Standing::Unreached];
    let role = report.role.name().to_uppercase();
    let _ = write!(
        out,
        "<section id=\"rules\"><h2>Rules</h2>\n<p class=\"hint\">The {} rules that bind a {role} or that a scenario cites, in \
         our words; the standard is right where the two disagree. A rule is <em>proved</em> if its \
         checks held in scenarios played to their end, <em>broken</em> if one did not, and <em>not \
         reached</em> otherwise. A scenario's mark is what it shows of that rule alone: ✓ held, ✗ broken, ? inconclusive, – \
         skipped, · named but not checked by itself.</p>\n\
         <div class=\"tools\" role=\"group\" aria-label=\"Filter rules\">",
        report.rules.len(),
    );
    for standing in all {
        let (name, class) = (standing.name(), class_of(standing));
        let count = count(standing);
        let _ = write!(
            out,
            "<label class=\"{class}\"><input type=\"checkbox\" data-rules=\"{class}\" checked=\"\" /> \
             {name} ({count})</label>"
        );
    }
    out.push_str(
        "</div>\n<table class=\"rules\"><thead><tr><th scope=\"col\">Rule</th>\
         <th scope=\"col\">It asks</th><th scope=\"col\">Standing</th>\
         <th scope=\"col\">Scenarios</th></tr></thead><tbody>\n",
    );
    report.rules.iter().for_each(|row| rule(out, row));
    out.push_str("</tbody></table></section>\n");
}

fn rule(out: &mut String, row: &RuleRow) {
    let (id, asks) = (escape(&row.id), text::marked(&row.asks));
    let level = escape(&format!("{}, {}", row.binds, row.level));
    let (name, class) = (row.standing.name(), class_of(row.standing));
    let _ = write!(
        out,
        "<tr id=\"r-{id}\" class=\"{class}\"><th scope=\"row\">{id}<small>{level}</small></th>\
         <td>{asks}</td><td><span class=\"badge {class}\">{name}</span></td><td>"
    );
    for mark in &row.scenarios {
        let (scenario, verdict) = (escape(&mark.scenario), escape(&mark.verdict));
        let (class, sign) = match (mark.standing, mark.verdict.as_str()) {
            (Standing::Proved, _) => ("proved", "✓"),
            (Standing::Broken, _) => ("broken", "✗"),
            (Standing::Unreached, "skipped") => ("skipped", "–"),
            (Standing::Unreached, "inconclusive") => ("inconclusive", "?"),
            (Standing::Unreached, _) => ("unreached", "·"),
        };
        let title = format!("{} here; the scenario {verdict}", mark.standing.name());
        let _ = write!(
            out,
            "<a class=\"mark {class}\" href=\"#s-{scenario}\" title=\"{title}\">{sign} {scenario}</a> "
        );
    }
    if row.scenarios.is_empty() {
        let why = match &row.unseen {
            Some(why) => format!("cannot be shown from outside: {}", text::marked(why)),
            None => "no scenario of this run".to_owned(),
        };
        let _ = write!(out, "<span class=\"none\">{why}</span>");
    }
    out.push_str("</td></tr>\n");
}

fn class_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Proved => "proved",
        Standing::Broken => "broken",
        Standing::Unreached => "unreached",
    }
}

fn scenarios(out: &mut String, report: &Report) {
    out.push_str(
        "<section id=\"scenarios\"><h2>Scenarios</h2>\n\
         <div class=\"tools sticky\" role=\"group\" aria-label=\"Filter scenarios\">",
    );
    for name in ["passed", "failed", "inconclusive", "skipped"] {
        let _ = write!(
            out,
            "<label class=\"{name}\"><input type=\"checkbox\" data-verdict=\"{name}\" checked=\"\" /> \
             {name}</label>"
        );
    }
    out.push_str(
        "<input type=\"search\" id=\"find\" placeholder=\"name, rule or words ( / )\" \
         aria-label=\"Find scenarios\" /><button type=\"button\" id=\"open\">Open all</button>\
         <button type=\"button\" id=\"close\">Close all</button>\
         <output id=\"shown\"></output></div>\n\
         <p class=\"hint keys\">Keys: <kbd>/</kbd> find, <kbd>n</kbd> and <kbd>p</kbd> next and \
         previous scenario, <kbd>f</kbd> next failure, <kbd>Enter</kbd> open or close. On paper \
         come the scenarios that are shown, and of their messages those that are open.</p>\n",
    );
    let role = report.role;
    report.scenarios.iter().for_each(|one| scene::scene(out, role, one));
    out.push_str("</section>\n");
}

const CSS: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

#[cfg(test)]
mod tests;
