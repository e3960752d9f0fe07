//! Sequences, gluons and streams, and random ones against a straight reckoning.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::xml::{Duration, Text};

fn d(text: &str) -> Duration {
    Duration::parse(text).unwrap()
}

fn t(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn link(name: &str, uid: &str, gap: &str) -> Link {
    Link::named(Some(name), uid.to_owned(), d(gap)).unwrap()
}

fn bind(components: Vec<Component<&'static str>>) -> Result<Vec<Bound<&'static str>>, Error> {
    Sequence { components }.bind()
}

fn problem(components: Vec<Component<&'static str>>) -> (String, Problem) {
    let error = bind(components).unwrap_err();
    (error.uid, error.problem)
}

fn interval(uid: &str, links: Vec<Link>) -> Component<&'static str> {
    Component { links, ..Component::interval(uid) }
}

const NOON: &str = "2026-01-05T12:00:00Z";

#[test]
fn rule_ws_calendar_a_gluon_hands_its_start_to_the_designated_interval_and_the_rest_to_all() {
    let gluon = Component {
        start: Some(t(NOON)),
        duration: Some(d("PT1H")),
        payload: Some("5 kW"),
        ..Component::gluon("g", "a")
    };
    let third = Component {
        duration: Some(d("PT30M")),
        payload: Some("9 kW"),
        ..interval("c", vec![link("FINISHTOSTART", "b", "PT15M")])
    };
    let second = interval("b", vec![link("FINISHTOSTART", "a", "PT0S")]);
    let bound = bind(vec![third, gluon, second, interval("a", vec![])]).unwrap();
    let told: Vec<_> =
        bound.iter().map(|b| (b.uid.as_str(), b.start, b.end(), b.payload.unwrap())).collect();
    assert_eq!(
        told,
        [
            ("a", t(NOON), t("2026-01-05T13:00:00Z"), "5 kW"),
            ("b", t("2026-01-05T13:00:00Z"), t("2026-01-05T14:00:00Z"), "5 kW"),
            ("c", t("2026-01-05T14:15:00Z"), t("2026-01-05T14:45:00Z"), "9 kW"),
        ]
    );
}

#[test]
fn gluons_on_gluons_hand_down_what_the_nearer_does_not_state() {
    let outer = Component {
        start: Some(t(NOON)),
        duration: Some(d("PT1H")),
        payload: Some("outer"),
        ..Component::gluon("o", "g")
    };
    let inner = Component { duration: Some(d("PT2H")), ..Component::gluon("g", "a") };
    let bound = bind(vec![interval("a", vec![]), inner, outer]).unwrap();
    assert_eq!(bound[0].duration, SignedDuration::from_hours(2));
    assert_eq!((bound[0].start, bound[0].payload), (t(NOON), Some("outer")));
}

#[test]
fn all_four_relations_place_edges_forwards_and_backwards() {
    let hour = |links| Component { duration: Some(d("PT1H")), ..interval("b", links) };
    let anchor = || Component {
        start: Some(t(NOON)),
        duration: Some(d("PT2H")),
        ..Component::interval("a")
    };
    for (name, start) in [
        ("FINISHTOSTART", "2026-01-05T14:05:00Z"),
        ("FINISHTOFINISH", "2026-01-05T13:05:00Z"),
        ("STARTTOFINISH", "2026-01-05T11:05:00Z"),
        ("STARTTOSTART", "2026-01-05T12:05:00Z"),
    ] {
        let bound = bind(vec![anchor(), hour(vec![link(name, "a", "PT5M")])]).unwrap();
        let b = bound.iter().find(|b| b.uid == "b").unwrap();
        assert_eq!(b.start, t(start), "{name}");
        // The same from the other side: only b's start is stated.
        let a = Component { start: None, ..anchor() };
        let b = Component { start: Some(t(start)), ..hour(vec![link(name, "a", "PT5M")]) };
        let bound = bind(vec![b, a]).unwrap();
        let a = bound.iter().find(|b| b.uid == "a").unwrap();
        assert_eq!(a.start, t(NOON), "{name} backwards");
    }
}

#[test]
fn what_is_unbound_is_named() {
    let hour = || Component { duration: Some(d("PT1H")), ..Component::interval("a") };
    assert_eq!(problem(vec![hour()]), ("a".into(), Problem::NoStart));
    let start = || Component { start: Some(t(NOON)), ..Component::interval("a") };
    assert_eq!(problem(vec![start()]), ("a".into(), Problem::NoDuration));
    let lost = interval("b", vec![link("FINISHTOSTART", "z", "PT0S")]);
    assert_eq!(problem(vec![lost]), ("b".into(), Problem::UnknownUid("z".into())));
    let nameless = Component { uid: None, ..hour() };
    assert_eq!(problem(vec![nameless]), ("#0".into(), Problem::NoStart));
    assert_eq!(problem(vec![hour(), hour()]).1, Problem::SameUid);
}

#[test]
fn what_is_contradictory_is_named() {
    let whole = || Component {
        start: Some(t(NOON)),
        duration: Some(d("PT1H")),
        ..Component::interval("a")
    };
    let ends = Component { end: Some(t("2026-01-05T12:30:00Z")), ..whole() };
    assert!(matches!(problem(vec![ends]), (uid, Problem::Contradiction(_)) if uid == "a"));
    let late = Component {
        start: Some(t("2026-01-05T13:01:00Z")),
        duration: Some(d("PT1H")),
        ..interval("b", vec![link("FINISHTOSTART", "a", "PT0S")])
    };
    assert!(matches!(problem(vec![whole(), late]).1, Problem::Contradiction(_)));
    let backwards = Component {
        start: Some(t(NOON)),
        end: Some(t("2026-01-05T11:00:00Z")),
        ..Component::interval("a")
    };
    assert!(matches!(problem(vec![backwards]).1, Problem::Contradiction(_)));
    let parents = vec![Component::gluon("g", "a"), Component::gluon("h", "a"), whole()];
    assert!(matches!(problem(parents), (uid, Problem::Contradiction(_)) if uid == "a"));
    let far = Component { duration: Some(d("P9000Y")), ..whole() };
    assert_eq!(problem(vec![far]).1, Problem::OutOfCalendar);
}

#[test]
fn two_designated_intervals_may_differ_only_where_nobody_inherits_from_both() {
    let gluon = |uid: &str, child: &str, payload| Component {
        duration: Some(d("PT1H")),
        payload: Some(payload),
        ..Component::gluon(uid, child)
    };
    let first = || Component { start: Some(t(NOON)), ..Component::interval("a") };
    let second = || interval("b", vec![link("FINISHTOSTART", "a", "PT0S")]);
    let third = interval("c", vec![link("FINISHTOSTART", "b", "PT0S")]);
    let two = vec![gluon("g", "a", "x"), gluon("h", "b", "y"), first(), second()];
    assert_eq!(bind(two.clone()).unwrap()[1].payload, Some("y"));
    let three = [two, vec![third]].concat();
    assert!(matches!(problem(three), (uid, Problem::Contradiction(_)) if uid == "c"));
}

#[test]
fn cycles_are_found_among_intervals_and_among_gluons() {
    let a = interval("a", vec![link("FINISHTOSTART", "b", "PT0S")]);
    let b = interval("b", vec![link("FINISHTOSTART", "a", "PT0S")]);
    assert_eq!(problem(vec![a, b]).1, Problem::Cycle);
    let itself = interval("a", vec![link("FINISHTOSTART", "a", "PT0S")]);
    assert_eq!(problem(vec![itself]).1, Problem::Cycle);
    let gluons = vec![Component::gluon("g", "h"), Component::gluon("h", "g")];
    assert_eq!(problem(gluons).1, Problem::Cycle);
    // Two relations between the same two, on different edges, are none.
    let a =
        Component { start: Some(t(NOON)), duration: Some(d("PT1H")), ..Component::interval("a") };
    let both = vec![link("STARTTOSTART", "a", "PT0S"), link("FINISHTOFINISH", "a", "PT0S")];
    assert_eq!(
        bind(vec![a, interval("b", both)]).unwrap()[1].duration,
        SignedDuration::from_hours(1)
    );
}

#[test]
fn a_hundred_thousand_intervals_in_a_row_need_no_stack() {
    let count = 100_000;
    let mut components = vec![Component::<&str> {
        start: Some(t(NOON)),
        duration: Some(d("PT1S")),
        ..Component::gluon("g", "0")
    }];
    components.push(Component::interval("0"));
    for k in 1..count {
        let before = vec![link("FINISHTOSTART", &(k - 1).to_string(), "PT0S")];
        components.push(interval(&k.to_string(), before));
    }
    let bound = bind(components).unwrap();
    assert_eq!(bound.last().unwrap().end(), t(NOON) + SignedDuration::from_secs(count));
}

#[test]
fn rule_ws_calendar_streams_go_by_uid_and_hand_down_their_duration() {
    let step = |uid: &str, duration: Option<&str>| Step {
        uid: Some(uid.to_owned()),
        start: None,
        duration: duration.map(d),
        payload: uid.to_owned(),
    };
    let stream = Stream {
        start: Some(t(NOON)),
        duration: Some(d("PT1H")),
        steps: vec![step("10", None), step("2", Some("PT30M")), step("0", None)],
    };
    let bound = stream.clone().bind().unwrap();
    let told: Vec<_> = bound.iter().map(|b| (b.uid.as_str(), b.start)).collect();
    let expected =
        [("0", t(NOON)), ("2", t("2026-01-05T13:00:00Z")), ("10", t("2026-01-05T13:30:00Z"))];
    assert_eq!(told, expected);
    let problem = |stream: Stream<String>| stream.bind().unwrap_err().problem;
    assert_eq!(problem(Stream { start: None, ..stream.clone() }), Problem::NoStart);
    assert_eq!(problem(Stream { duration: None, ..stream.clone() }), Problem::NoDuration);
    let mut twins = stream.clone();
    twins.steps[0].uid = Some("02".into());
    assert_eq!(problem(twins), Problem::SameUid);
    let mut early = stream;
    early.steps[1].start = Some(t(NOON));
    assert!(matches!(problem(early), Problem::Contradiction(_)));
}

/// An interval to come: which earlier one it depends on, how, with what gap and length.
type Plan = (usize, usize, i32, u32);

proptest! {
    #[test]
    fn random_linked_sequences_bind_as_reckoned(
        plans in prop::collection::vec((0..100_usize, 0..4_usize, -7200..7200_i32, 0..7200_u32), 1..40),
        stated in 0..40_usize,
        order in any::<prop::sample::Index>(),
    ) {
        let names = ["FINISHTOSTART", "FINISHTOFINISH", "STARTTOFINISH", "STARTTOSTART"];
        let mut oracle: Vec<(i64, i64)> = Vec::new();
        for (k, (on, kind, gap, length)) in plans.iter().enumerate() {
            let (gap, length) = (i64::from(*gap), i64::from(*length));
            let start = if k == 0 { 0 } else {
                let (s, f) = oracle[on % k];
                match kind { 0 => f + gap, 1 => f + gap - length, 2 => s + gap - length, _ => s + gap }
            };
            oracle.push((start, start + length));
        }
        let base = t(NOON);
        let at = |seconds: i64| base + SignedDuration::from_secs(seconds);
        let anchor = stated % plans.len();
        let mut components: Vec<Component<usize>> = plans.iter().enumerate().map(|(k, plan): (usize, &Plan)| {
            let (on, kind, gap, length) = *plan;
            let gap = Duration { negative: gap < 0, ..Duration::from_seconds(gap.unsigned_abs()) };
            let links = if k == 0 { vec![] } else {
                vec![Link::named(Some(names[kind]), (on % k).to_string(), gap).unwrap()]
            };
            Component {
                duration: Some(Duration::from_seconds(length)),
                start: (k == anchor).then(|| at(oracle[k].0)),
                payload: Some(k),
                links,
                ..Component::interval(k.to_string())
            }
        }).collect();
        let by = order.index(components.len());
        components.rotate_left(by);
        let bound = Sequence { components }.bind().unwrap();
        prop_assert_eq!(bound.len(), oracle.len());
        for interval in bound {
            let (start, finish) = oracle[interval.payload.unwrap()];
            prop_assert_eq!((interval.start, interval.end()), (at(start), at(finish)));
        }
    }
}
