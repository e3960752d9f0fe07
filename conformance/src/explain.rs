//! `conformance list` and `conformance explain`: what the scenarios are.

use std::io::{self, Write as _};
use std::process::ExitCode;

use oadr_conformance::catalogue;
use oadr_conformance::rules::{self, Rule};
use oadr_conformance::scenario::Scenario;
use serde_json::{Value, json};

use crate::args::{Explain, List};

/// Prints a line a scenario.
///
/// # Errors
/// If it cannot be printed.
pub fn list(arguments: &List) -> Result<ExitCode, String> {
    let fits = |one: &&Scenario| arguments.role.is_none_or(|role| role == one.role());
    let chosen: Vec<_> = catalogue::all().filter(fits).collect();
    if arguments.json {
        let all: Vec<_> = chosen.into_iter().map(entry).collect();
        return print(&pretty(&Value::Array(all)));
    }
    let width = chosen.iter().map(|one| one.name.len()).max().unwrap_or_default();
    let line = |one: &Scenario| {
        let (role, profile, name) = (one.role().name(), one.profile.name(), one.name);
        format!("{role}  {profile:<11}  {name:<width$}  {}\n", one.rules.join(" "))
    };
    print(&chosen.into_iter().map(line).collect::<String>())
}

/// Prints all there is to say of a scenario, for each role it exists for.
///
/// # Errors
/// If there is none of that name.
pub fn explain(arguments: &Explain) -> Result<ExitCode, String> {
    let found = catalogue::named(&arguments.scenario);
    if found.is_empty() {
        return Err(unknown(&arguments.scenario));
    }
    if arguments.json {
        let all: Vec<_> = found.into_iter().map(told).collect();
        return print(&pretty(&Value::Array(all)));
    }
    let texts: Vec<_> = found.into_iter().map(text).collect();
    print(&texts.join("\n"))
}

/// Says that there is no such scenario, and which may have been meant.
fn unknown(name: &str) -> String {
    let start = name.split('-').next().unwrap_or_default();
    let mut near: Vec<_> = catalogue::all().map(|one| one.name).collect();
    near.retain(|one| one.contains(name) || (!start.is_empty() && one.starts_with(start)));
    near.sort_unstable();
    near.dedup();
    let mend = match near.as_slice() {
        [] => "`conformance list` names all there are".to_owned(),
        near => format!("there are {}", near.join(", ")),
    };
    format!("no scenario {name:?}; {mend}")
}

fn entry(scenario: &Scenario) -> Value {
    json!({
        "name": scenario.name,
        "role": scenario.role(),
        "profile": scenario.profile,
        "rules": scenario.rules,
        "needs": scenario.needs,
        "feature": scenario.feature,
    })
}

fn told(scenario: &Scenario) -> Value {
    let mut entry = entry(scenario);
    let rule = |rule: &Rule| {
        let (binds, level) = (rule.binds.name(), rule.level.name());
        json!({ "id": rule.id, "binds": binds, "level": level, "about": rule.about, "asks": rule.asks })
    };
    entry["given"] = scenario.given.into();
    entry["when"] = scenario.when.into();
    entry["expect"] = scenario.expect.into();
    entry["rules"] = asked(scenario).map(rule).collect();
    entry
}

fn asked(scenario: &Scenario) -> impl Iterator<Item = &'static Rule> {
    scenario.rules.iter().filter_map(|id| rules::rule(id))
}

fn text(scenario: &Scenario) -> String {
    let (name, role, profile) = (scenario.name, scenario.role().name(), scenario.profile.name());
    let mut out = format!("{name}  (for a {}, profile {profile})\n", role.to_uppercase());
    let needs = match scenario.needs {
        [] => "no operator".to_owned(),
        needs => format!("an operator hook that answers {}", needs.join(", ")),
    };
    let feature = scenario.feature.map(|one| format!("subjects that claim {one}"));
    let lines = [
        ("given", Some(scenario.given.to_owned())),
        ("when", Some(scenario.when.to_owned())),
        ("expect", Some(scenario.expect.to_owned())),
        ("needs", Some(needs)),
        ("only for", feature),
    ];
    for (label, said) in lines.into_iter().filter_map(|(label, said)| Some((label, said?))) {
        out.push_str(&wrapped(&format!("  {label:<9} "), &said));
    }
    out.push_str("  rules\n");
    for rule in asked(scenario) {
        let (binds, level) = (rule.binds.name(), rule.level.name());
        let said = format!("[{binds}, {level}] {}", rule.asks);
        out.push_str(&wrapped(&format!("    {:<7} ", rule.id), &said));
    }
    out
}

/// A paragraph behind a label, its lines below one another.
fn wrapped(label: &str, said: &str) -> String {
    let indent = " ".repeat(label.chars().count());
    let (mut out, mut line) = (String::new(), label.to_owned());
    for word in said.split_whitespace() {
        let full = line.chars().count() + word.chars().count() > WIDTH;
        if full && line.trim() != label.trim() {
            out.push_str(line.trim_end());
            out.push('\n');
            line.clone_from(&indent);
        }
        line.push_str(word);
        line.push(' ');
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn print(text: &str) -> Result<ExitCode, String> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // A closed pipe is the reader's wish.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

const WIDTH: usize = 96;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_paragraph_is_broken_below_its_beginning() {
        let text = wrapped("  when  ", &"word ".repeat(40));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().skip(1).all(|line| line.starts_with("        word")), "{text}");
        assert_eq!(text.matches("word").count(), 40);
    }

    #[test]
    fn a_scenario_is_told_with_what_each_rule_asks() {
        for scenario in catalogue::named("reg-create-pull") {
            let text = text(scenario);
            assert!(text.contains("given") && text.contains("    403     [vtn, must]"), "{text}");
        }
    }

    #[test]
    fn a_name_mistyped_is_answered_with_those_near() {
        assert!(unknown("reg-creat").contains("reg-create-pull"));
        assert!(unknown("zzz").contains("conformance list"));
    }
}
