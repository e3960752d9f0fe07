//! The rules a party is measured by, as data: what each asks, of whom and how firmly.
//!
//! OpenADR 2.0b Profile 1.1, section 11.2, with two clauses of its section 9; EI 1.0 with EMIX 1.0
//! and WS-Calendar 1.0. Numbers, names and codes are theirs, the sentences are ours: where the two
//! disagree, the standard is right.

mod event_a;
mod event_b;
mod general;
mod opt;
mod register;
mod report;
mod transactive;
mod transport;

use crate::scenario::Role;

/// Who carries the duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds {
    /// The VTN alone.
    Vtn,
    /// The VEN alone.
    Ven,
    /// Either, or each in its part.
    Both,
}

impl Binds {
    /// `vtn`, `ven` or `both`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vtn => "vtn",
            Self::Ven => "ven",
            Self::Both => "both",
        }
    }

    /// Whether a party of this role carries it.
    pub fn holds_for(self, role: Role) -> bool {
        matches!((self, role), (Self::Both, _) | (Self::Vtn, Role::Vtn) | (Self::Ven, Role::Ven))
    }
}

/// How far a rule obliges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// No party may do otherwise.
    Must,
    /// A party needs a reason to do otherwise.
    Should,
    /// A party may choose.
    May,
    /// It fixes a meaning and asks nothing by itself.
    Defines,
}

impl Level {
    /// `must`, `should`, `may` or `defines`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::May => "may",
            Self::Defines => "defines",
        }
    }
}

/// One rule of a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its number in section 11.2, such as "15"; a clause such as "9.1.7"; or the name of
    /// an EI 1.0 row.
    pub id: &'static str,
    /// Who carries the duty.
    pub binds: Binds,
    /// Only for a 2.0b party that serves 2.0a.
    pub profile_a: bool,
    /// Service or payload, such as "EiEvent / oadrDistributeEvent".
    pub about: &'static str,
    /// The strongest level among its parts.
    pub level: Level,
    /// What it asks, in our words: one to three sentences.
    pub asks: &'static str,
    /// Why no scenario can prove it; `None` if one can, if only in part.
    pub unseen: Option<&'static str>,
}

impl Rule {
    const fn profile_a(self) -> Self {
        Self { profile_a: true, ..self }
    }

    const fn unseen(self, why: &'static str) -> Self {
        Self { unseen: Some(why), ..self }
    }
}

/// All rules, in the order of their numbers; then the clauses, then the rows of EI 1.0.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().copied().flatten()
}

/// The rule of this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

const GROUPS: [&[Rule]; 8] = [
    event_a::RULES,
    event_b::RULES,
    opt::RULES,
    report::RULES,
    register::RULES,
    general::RULES,
    transport::RULES,
    transactive::RULES,
];

// A row of the tables: these keep it to the few lines a reader takes in at a glance.

const fn must(id: &'static str, binds: Binds, about: &'static str, asks: &'static str) -> Rule {
    Rule { id, binds, profile_a: false, about, level: Level::Must, asks, unseen: None }
}

const fn should(id: &'static str, binds: Binds, about: &'static str, asks: &'static str) -> Rule {
    Rule { level: Level::Should, ..must(id, binds, about, asks) }
}

const fn may(id: &'static str, binds: Binds, about: &'static str, asks: &'static str) -> Rule {
    Rule { level: Level::May, ..must(id, binds, about, asks) }
}

const fn defines(id: &'static str, binds: Binds, about: &'static str, asks: &'static str) -> Rule {
    Rule { level: Level::Defines, ..must(id, binds, about, asks) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::ops::RangeInclusive;

    /// The spans of numbers in section 11.2.
    const SPANS: [RangeInclusive<u16>; 6] =
        [1..=70, 100..=116, 200..=211, 300..=346, 400..=407, 500..=517];

    /// Numbers inside the spans that section 11.2 does not use. The row it prints without a
    /// number stands between 68 and 70 and is cited as 69.
    const SKIPPED: [u16; 19] =
        [11, 24, 26, 28, 34, 39, 44, 49, 54, 55, 310, 320, 323, 326, 332, 503, 504, 505, 513];

    fn number(rule: &Rule) -> Option<u16> {
        rule.id.parse().ok()
    }

    fn ids(of: impl Fn(&Rule) -> bool) -> Vec<&'static str> {
        all().filter(|rule| of(rule)).map(|rule| rule.id).collect()
    }

    #[test]
    fn every_number_of_section_11_2_has_one_rule_and_no_other_has() {
        let expected: Vec<u16> =
            SPANS.into_iter().flatten().filter(|number| !SKIPPED.contains(number)).collect();
        assert_eq!(expected.len(), 152 + 1, "152 numbered rules and the one without a number");
        assert_eq!(all().filter_map(number).collect::<Vec<_>>(), expected, "and in their order");
    }

    #[test]
    fn clauses_follow_the_numbers_and_ei_follows_the_clauses() {
        let rank = |rule: &Rule| match number(rule) {
            Some(_) => 0,
            None if rule.id.starts_with(|first: char| first.is_ascii_digit()) => 1,
            None => 2,
        };
        assert!(all().is_sorted_by_key(rank));
        assert_eq!(ids(|rule| rank(rule) == 1), ["9.1.5", "9.1.7"]);
        assert!(all().any(|rule| rank(rule) == 2));
    }

    #[test]
    fn every_id_is_used_once_and_finds_its_rule() {
        let unique: BTreeSet<&str> = all().map(|rule| rule.id).collect();
        assert_eq!(unique.len(), all().count());
        for one in all() {
            assert_eq!(rule(one.id), Some(one));
        }
        assert_eq!(rule("11"), None, "a number that section 11.2 does not use");
    }

    #[test]
    fn every_rule_asks_in_one_to_three_sentences() {
        for Rule { id, asks, about, .. } in all() {
            assert!(asks.ends_with('.'), "rule {id} ends without a period");
            assert!(asks.chars().count() <= 420, "rule {id} takes too long");
            let sentences = asks.matches(". ").count() + 1;
            assert!(sentences <= 3, "rule {id} takes {sentences} sentences");
            assert!(!asks.contains("  ") && !asks.contains('\n'), "rule {id} is badly broken");
            assert!(asks.starts_with(|first: char| first.is_alphabetic()), "rule {id}");
            assert!(!about.is_empty(), "rule {id} is about nothing");
        }
    }

    #[test]
    fn the_rules_no_scenario_can_prove_say_why() {
        assert_eq!(ids(|rule| rule.unseen.is_some()), ["108", "201", "302", "330", "343"]);
        assert!(all().filter_map(|rule| rule.unseen).all(|why| why.ends_with('.')));
    }

    #[test]
    fn only_two_rules_are_for_those_who_serve_profile_a() {
        assert_eq!(ids(|rule| rule.profile_a), ["7", "64"]);
    }
}
