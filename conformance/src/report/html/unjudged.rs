//! What a run cannot say on the page: the scenarios that were not played, or not to their end,
//! reason by reason. Somebody who reads only the failures would take the rest for proved.

use std::fmt::Write as _;

use super::super::json::{Report, Scene};
use super::super::text::escape;

/// Writes the section; nothing, if every scenario was judged.
pub(super) fn section(out: &mut String, report: &Report) {
    let named = |name: &str| -> Vec<&Scene> {
        report.scenarios.iter().filter(|scene| scene.verdict.name() == name).collect()
    };
    let all = [("inconclusive", named("inconclusive")), ("skipped", named("skipped"))];
    if all.iter().all(|(_, scenes)| scenes.is_empty()) {
        return;
    }
    out.push_str(
        "<section id=\"unjudged\"><h2>What was not shown</h2>\n<p class=\"hint\">Neither passed nor \
         failed: these say nothing about the subject.</p>\n<ul class=\"broken\">\n",
    );
    for (class, scenes) in all {
        for (why, scenes) in by_reason(&scenes) {
            let _ = write!(out, "<li class=\"{class}\">{class}: {}<br/>", escape(why));
            for scene in scenes {
                let name = escape(&scene.name);
                let _ = write!(out, "<a class=\"mark {class}\" href=\"#s-{name}\">{name}</a> ");
            }
            out.push_str("</li>\n");
        }
    }
    out.push_str("</ul></section>\n");
}

/// The reasons in the order of their first scenarios.
fn by_reason<'a>(scenes: &[&'a Scene]) -> Vec<(&'a str, Vec<&'a Scene>)> {
    let mut reasons: Vec<(&str, Vec<&Scene>)> = Vec::new();
    for &scene in scenes {
        let why = scene.verdict.why().unwrap_or_default();
        match reasons.iter_mut().find(|(one, _)| *one == why) {
            Some((_, scenes)) => scenes.push(scene),
            None => reasons.push((why, vec![scene])),
        }
    }
    reasons
}
