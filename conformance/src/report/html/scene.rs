//! A scenario on the page: what it is, what was looked at, what went over the wire.

use std::fmt::Write as _;

use super::super::json::{Look, Scene};
use super::super::text::{cut, escape, indented, marked};
use crate::base::SCHEMA;
use crate::record::{Exchange, From, Packet};
use crate::rules;
use crate::scenario::Role;

/// Writes a scenario, closed.
pub(super) fn scene(out: &mut String, role: Role, scene: &Scene) {
    let (name, verdict) = (escape(&scene.name), scene.verdict.name());
    let known = if scene.known.is_some() { " known" } else { "" };
    let _ = write!(
        out,
        "<details class=\"scene {verdict}{known}\" id=\"s-{name}\" data-verdict=\"{verdict}\">\
         <summary><span class=\"badge {verdict}\">{verdict}</span> <b>{name}</b> "
    );
    if let Some(why) = scene.verdict.why() {
        let (why, more) = cut(why, 160);
        let dots = if more { " …" } else { "" };
        let _ = write!(out, "<span class=\"why\">{}{dots}</span> ", escape(why));
    }
    if scene.known.is_some() {
        out.push_str("<span class=\"badge known\">known</span> ");
    }
    let (profile, checks) = (scene.profile.name(), scene.checks.len());
    let held = scene.checks.iter().filter(|check| check.holds).count();
    let (ms, messages) = (scene.took_ms, scene.exchanges.len());
    let messages =
        if messages == 1 { "1 exchange".into() } else { format!("{messages} exchanges") };
    let _ = writeln!(
        out,
        "<span class=\"meta\">{profile} · {held} of {checks} checks · {messages} · {}.{:02} s</span>\
         </summary>",
        ms / 1000,
        ms % 1000 / 10
    );
    story(out, scene);
    looks(out, &scene.checks);
    exchanges(out, role, &scene.exchanges);
    out.push_str("</details>\n");
}

fn story(out: &mut String, scene: &Scene) {
    out.push_str("<dl class=\"story\">");
    for (label, text) in [("Given", &scene.given), ("When", &scene.when), ("Expect", &scene.expect)]
    {
        let _ = write!(out, "<dt>{label}</dt><dd>{}</dd>", marked(text));
    }
    let _ = write!(out, "<dt>Rules</dt><dd>{}</dd>", rule_links(&scene.rules));
    if let Some(why) = scene.verdict.why() {
        let label = if scene.verdict.name() == "skipped" { "Skipped" } else { "Inconclusive" };
        let _ = write!(out, "<dt>{label}</dt><dd>{}</dd>", escape(why));
    }
    if let Some(known) = &scene.known {
        let _ = write!(out, "<dt>Known</dt><dd>{}</dd>", escape(known));
    }
    out.push_str("</dl>\n");
}

/// Rules, each a link to its row, with what it asks at hand.
pub(super) fn rule_links(ids: &[String]) -> String {
    let mut out = String::new();
    for id in ids {
        let asks = rules::rule(id).map(|rule| rule.asks);
        let asks = asks.or((id == SCHEMA).then_some("the schema of the profile"));
        let id = escape(id);
        let _ = match asks.map(escape) {
            Some(asks) => {
                write!(out, "<a class=\"rule\" href=\"#r-{id}\" title=\"{asks}\">{id}</a> ")
            }
            None => write!(out, "{id} "),
        };
    }
    out
}

fn looks(out: &mut String, checks: &[Look]) {
    if checks.is_empty() {
        out.push_str("<p class=\"none\">Nothing was checked.</p>\n");
        return;
    }
    out.push_str(
        "<table class=\"checks\"><thead><tr><th scope=\"col\">Held</th><th scope=\"col\">Rules</th>\
         <th scope=\"col\">Check</th></tr></thead><tbody>\n",
    );
    for (check, times) in gathered(checks) {
        let (class, sign) = if check.holds { ("held", "✓ yes") } else { ("not-held", "✗ no") };
        let _ = write!(
            out,
            "<tr class=\"{class}\"><td>{sign}</td><td>{}</td><td>{}",
            rule_links(&check.rules),
            escape(&check.what)
        );
        if times > 1 {
            let _ = write!(out, " <small>({times} times)</small>");
        }
        if !check.holds {
            let _ =
                write!(out, "<div class=\"saw\">seen: <code>{}</code></div>", escape(&check.saw));
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table>\n");
}

/// What did not hold first, one by one; then what held, the same things once, with how often.
fn gathered(checks: &[Look]) -> Vec<(&Look, usize)> {
    let (held, broken): (Vec<_>, Vec<_>) = checks.iter().partition(|check| check.holds);
    let mut all: Vec<_> = broken.into_iter().map(|check| (check, 1)).collect();
    let first_held = all.len();
    for check in held {
        match all[first_held..].iter_mut().find(|(one, _)| *one == check) {
            Some((_, times)) => *times += 1,
            None => all.push((check, 1)),
        }
    }
    all
}

fn exchanges(out: &mut String, role: Role, all: &[Exchange]) {
    if all.is_empty() {
        out.push_str("<p class=\"none\">No message was exchanged.</p>\n");
        return;
    }
    out.push_str("<div class=\"wire\">\n");
    all.iter().for_each(|one| exchange(out, role, one));
    out.push_str("</div>\n");
}

fn exchange(out: &mut String, role: Role, one: &Exchange) {
    let subject = format!("{} under test", role.name().to_uppercase());
    let party = format!("kit’s {}", one.party);
    let (asker, asked) = match one.from {
        From::Kit => (&party, &subject),
        From::Subject => (&subject, &party),
    };
    let class = if one.from == From::Kit { "kit" } else { "subject" };
    let (when, at) = (one.at, one.at.strftime("%H:%M:%S%.3f"));
    let request = Some(one.asked.as_str()).filter(|name| !name.is_empty());
    let request = request.unwrap_or(one.request.start.as_str());
    let status = one.answer.as_ref().map(|answer| status(&answer.start)).unwrap_or("no answer");
    let _ = write!(
        out,
        "<details class=\"x {class}\"><summary><time datetime=\"{when}\" title=\"{when}\">{at}</time> \
         <span class=\"who\">{} → {}</span> <b>{}</b> ⇢ <span>{} <b>{}</b></span> \
         <span class=\"meta\">{} ms</span>",
        escape(asker),
        escape(asked),
        escape(cut(request, 100).0),
        escape(status),
        escape(&one.answered),
        one.took_ms
    );
    if let Some(trouble) = &one.trouble {
        let _ = write!(out, " <span class=\"trouble\">{}</span>", escape(trouble));
    }
    out.push_str("</summary>\n");
    packet(out, &format!("{asker}, request"), &one.request);
    if let Some(answer) = &one.answer {
        packet(out, &format!("{asked}, answer"), answer);
    }
    out.push_str("</details>\n");
}

/// `HTTP/1.1 200 OK` → `200`; what is no status line stays.
fn status(start: &str) -> &str {
    let rest = start.strip_prefix("HTTP/").and_then(|rest| rest.split_once(' '));
    let code = rest.map(|(_, rest)| rest.split(' ').next().unwrap_or(rest));
    code.unwrap_or(start)
}

fn packet(out: &mut String, who: &str, packet: &Packet) {
    let mut head = packet.start.clone();
    for (name, value) in &packet.headers {
        let _ = write!(head, "\n{name}: {value}");
    }
    let _ = write!(
        out,
        "<div class=\"packet\"><h4>{}</h4><pre class=\"head\">{}</pre>",
        escape(who),
        escape(&head)
    );
    if !packet.body.is_empty() {
        let read = indented(&packet.body);
        let (shown, more) = cut(read.as_deref().unwrap_or(&packet.body), LARGEST);
        let class = if read.is_some() { "body xml" } else { "body" };
        let _ = write!(out, "<pre class=\"{class}\">{}</pre>", escape(shown));
        if more {
            let bytes = packet.body.len();
            let _ = write!(
                out,
                "<p class=\"hint\">Cut here: the body has {bytes} bytes; report.json has it all.</p>"
            );
        }
    }
    out.push_str("</div>\n");
}

/// Bytes of a body that are shown.
const LARGEST: usize = 64 * 1024;
