//! Unit tests beside scenarios: the tests in a project's own sources whose names say which rule they
//! are about, such as `rule_318_a_placeholder_is_kept_as_one` or `rules_313_to_316_…`.

use crate::rules;
use crate::scenario::Role;

/// Tests about rules, by the role whose duty they show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitTests(Vec<Test>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Test {
    role: Role,
    name: String,
    rules: Vec<&'static str>,
}

impl UnitTests {
    /// Takes the tests in a file of Rust: functions under an attribute that ends in `test`.
    pub fn read(&mut self, role: Role, source: &str) {
        let mut marked = false;
        for line in source.lines().map(str::trim) {
            let attribute = line.strip_prefix("#[").and_then(|line| line.split(['(', ']']).next());
            marked |= attribute.is_some_and(|name| name.rsplit("::").next() == Some("test"));
            let Some((_, rest)) = line.split_once("fn ").filter(|_| attribute.is_none()) else {
                continue;
            };
            let name = rest.split(|c: char| !is_of_name(c)).next().unwrap_or_default();
            let rules = if marked { about(name) } else { Vec::new() };
            if !rules.is_empty() {
                self.0.push(Test { role, name: name.to_owned(), rules });
            }
            marked = false;
        }
    }

    /// The names of those about a rule, in the order they were read.
    pub(super) fn about(&self, role: Role, rule: &str) -> Vec<&str> {
        let fits = |test: &&Test| test.role == role && test.rules.contains(&rule);
        self.0.iter().filter(fits).map(|test| test.name.as_str()).collect()
    }
}

/// The rules that a test's name says.
fn about(name: &str) -> Vec<&'static str> {
    if let Some(rest) = name.strip_prefix("rule_") {
        // The longest: 9.1.5 is not 9, and WS-Calendar-streams is not WS-Calendar.
        let fits =
            |id: &&str| rest.strip_prefix(&slug(id)).is_some_and(|rest| rest.starts_with('_'));
        let found = rules::all().map(|rule| rule.id).filter(fits);
        return found.max_by_key(|id| id.len()).into_iter().collect();
    }
    let Some(rest) = name.strip_prefix("rules_") else { return Vec::new() };
    let (mut found, mut range) = (Vec::new(), false);
    for word in rest.split('_') {
        match (word, word.parse::<u16>()) {
            ("and", _) => {}
            ("to", _) => range = true,
            (_, Ok(number)) => {
                let first = found.last().copied().filter(|_| range).unwrap_or(number);
                found.extend(first..=number);
                range = false;
            }
            _ => break,
        }
    }
    let stands = |id: &&str| id.parse().is_ok_and(|number: u16| found.contains(&number));
    rules::all().map(|rule| rule.id).filter(stands).collect()
}

/// A rule's id as a part of a name.
fn slug(id: &str) -> String {
    id.chars().map(|c| if is_of_name(c) { c.to_ascii_lowercase() } else { '_' }).collect()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_rules() {
        assert_eq!(about("rule_318_a_placeholder"), ["318"]);
        assert_eq!(about("rule_9_1_5_what_was_handled"), ["9.1.5"]);
        assert_eq!(about("rule_9_gives_no_other_values"), ["9"]);
        assert_eq!(about("rule_ws_calendar_streams_follow"), ["WS-Calendar-streams"]);
        assert_eq!(about("rule_ws_calendar_an_interval"), ["WS-Calendar"]);
        assert_eq!(about("rules_313_to_316_a_report"), ["313", "314", "315", "316"]);
        assert_eq!(about("rules_202_204_207_a_schedule_of_210"), ["202", "204", "207"]);
        assert_eq!(about("rules_16_and_17_answers"), ["16", "17"]);
        assert_eq!(about("rule_31"), [""; 0], "no sentence");
        assert_eq!(about("rule_11_is_no_rule"), [""; 0]);
        assert_eq!(about("the_rule_318"), [""; 0]);
    }

    #[test]
    fn tests_are_told_from_other_functions() {
        let source = "
            /// Rule 318, fn rule_319_in_words
            #[tokio::test(start_paused = true)]
            #[ignore = \"fn rule_319_off\"]
            async fn rule_318_a() {}
            fn rule_319_helper() {}
            #[test]
            pub fn helped() { fn rule_319_inner() {} }
            #[cfg(test)]
            fn rule_319_built() {}
        ";
        let mut tests = UnitTests::default();
        tests.read(Role::Vtn, source);
        assert_eq!(tests.about(Role::Vtn, "318"), ["rule_318_a"]);
        assert_eq!(tests.about(Role::Ven, "318"), [""; 0]);
        assert_eq!(tests.about(Role::Vtn, "319"), [""; 0]);
    }
}
