//! All scenarios there are.

use crate::scenario::{Role, Scenario};
use crate::{transactive, ven, vtn};

/// All, by role and subject, in the order of their files.
pub fn all() -> impl Iterator<Item = &'static Scenario> {
    LISTS.iter().chain(transactive::SCENARIOS).copied().flatten()
}

/// Those of a name: one, or one for each role.
pub fn named(name: &str) -> Vec<&'static Scenario> {
    all().filter(|scenario| scenario.name == name).collect()
}

/// Those for a role that a pattern fits: `*` is anything; commas part patterns.
pub fn chosen(role: Role, only: Option<&str>) -> Vec<&'static Scenario> {
    let fits = |name: &str| only.is_none_or(|only| only.split(',').any(|one| fits(one, name)));
    let mut found: Vec<_> = all().filter(|one| one.role() == role && fits(one.name)).collect();
    // What is judged by all documents of a run comes when they are there.
    found.sort_by_key(|scenario| scenario.name == "base-wellformed");
    found
}

/// Puts those last that leave a VEN without a registration: one that was started by hand has its own
/// mind when it registers again, and until then the others would wait in vain.
pub fn by_hand(scenarios: &mut [&'static Scenario]) {
    scenarios.sort_by_key(|one| match one.name {
        "base-wellformed" => 2,
        "reg-cancelled" => 1,
        _ => 0,
    });
}

/// The patterns that fit no scenario for a role.
pub fn unfit(role: Role, only: &str) -> Vec<&str> {
    let names: Vec<_> = all().filter(|one| one.role() == role).map(|one| one.name).collect();
    let fits_none = |one: &&str| !names.iter().any(|name| fits(one, name));
    only.split(',').map(str::trim).filter(fits_none).collect()
}

fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.trim().split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    if !pattern.contains('*') {
        return rest.is_empty();
    }
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

const LISTS: &[&[Scenario]] = &[
    vtn::base::SCENARIOS,
    vtn::register_party::SCENARIOS,
    vtn::event::SCENARIOS,
    vtn::opt::SCENARIOS,
    vtn::opt_event::SCENARIOS,
    vtn::report::SCENARIOS,
    vtn::report_receive::SCENARIOS,
    vtn::report_own::SCENARIOS,
    vtn::poll::SCENARIOS,
    vtn::push::SCENARIOS,
    vtn::wire::SCENARIOS,
    vtn::tls::SCENARIOS,
    vtn::signature::SCENARIOS,
    vtn::xmpp::SCENARIOS,
    ven::base::SCENARIOS,
    ven::register_party::SCENARIOS,
    ven::event::SCENARIOS,
    ven::event_site::SCENARIOS,
    ven::opt::SCENARIOS,
    ven::report::SCENARIOS,
    ven::report::ask::SCENARIOS,
    ven::report_data::SCENARIOS,
    ven::report_data::kept::SCENARIOS,
    ven::poll::SCENARIOS,
    ven::wire::SCENARIOS,
    ven::tls::SCENARIOS,
    ven::signature::SCENARIOS,
    ven::xmpp::SCENARIOS,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rules;

    #[test]
    fn a_pattern_that_fits_nothing_is_found() {
        assert_eq!(unfit(Role::Vtn, "reg-*, poll-empty,event-cancel*"), ["poll-empty"]);
        assert_eq!(unfit(Role::Vtn, "reg-cancelled"), ["reg-cancelled"], "that is a VEN's");
    }

    #[test]
    fn a_ven_started_by_hand_is_left_unregistered_last() {
        let mut all = chosen(Role::Ven, None);
        by_hand(&mut all);
        let names: Vec<_> = all.iter().rev().take(2).map(|one| one.name).collect();
        assert_eq!(names, ["base-wellformed", "reg-cancelled"]);
    }

    #[test]
    fn a_pattern_fits_whole_names() {
        for (pattern, name, wanted) in [
            ("reg-boot", "reg-boot", true),
            ("reg", "reg-boot", false),
            ("reg-*", "reg-boot", true),
            ("*-boot", "reg-boot", true),
            ("*g*o*t", "reg-boot", true),
            ("*x*", "reg-boot", false),
        ] {
            assert_eq!(fits(pattern, name), wanted, "{pattern} {name}");
        }
    }

    #[test]
    fn every_scenario_says_what_it_is_and_names_known_rules() {
        for scenario in all() {
            let Scenario { name, given, when, expect, .. } = scenario;
            assert!(!given.is_empty() && !when.is_empty() && !expect.is_empty(), "{name}");
            assert!(!scenario.rules.is_empty(), "{name}");
            for id in scenario.rules {
                assert!(rules::rule(id).is_some(), "{name}: no rule {id}");
            }
        }
    }

    #[test]
    fn a_name_is_there_once_for_a_role() {
        let mut seen = BTreeSet::new();
        for scenario in all() {
            assert!(seen.insert((scenario.role(), scenario.name)), "{} twice", scenario.name);
        }
    }
}
