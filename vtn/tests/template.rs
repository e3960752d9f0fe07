//! Templates: events that are written before it is known when.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, minutes, noon, signal};
use jiff::SignedDuration;
use oadr_vtn::Error;
use oadr_vtn::control::Occasion;
use oadr_vtn::record::{IntervalDraft, ProgrammeDraft, Targets, TemplateDraft};

fn peak() -> TemplateDraft {
    let values = [1, 2].map(|level| IntervalDraft { duration: minutes(10), value: level.into() });
    TemplateDraft {
        market_context: "urn:p".to_owned(),
        duration: minutes(20),
        start_after: Some(minutes(2)),
        notification: minutes(15),
        ramp_up: Some(minutes(1)),
        recovery: Some(minutes(3)),
        priority: 2,
        response_required: false,
        signals: vec![signal("SIMPLE", "level", None, values.into())],
        targets: Targets { vens: vec!["A".to_owned()], ..Targets::default() },
        test: true,
        comment: Some("a peak".to_owned()),
    }
}

#[tokio::test]
async fn an_event_of_a_template_needs_only_its_start() {
    let mut bench = Bench::new().await;
    bench.registered("A").await;
    bench.vtn.put_template("peak", peak()).await.unwrap();
    bench.restart().await;
    let start = noon().checked_add(minutes(30)).unwrap();
    let occasion = Occasion { start, id: Some("e".to_owned()) };
    let made = bench.vtn.create_event_of("peak", occasion.clone()).await.unwrap();
    assert_eq!(made.draft, peak().at(start, Some("e".to_owned())));
    assert_eq!((made.draft.start, made.draft.signals.len()), (start, 1));
    assert_eq!(bench.vtn.event_answers("e").unwrap()[0].ven, "A");
    // Another one, under a name of the VTN's; the first name is taken.
    let other = bench.vtn.create_event_of("peak", Occasion { id: None, ..occasion.clone() }).await;
    assert_ne!(other.unwrap().id, "e");
    let taken = bench.vtn.create_event_of("peak", occasion).await;
    assert!(matches!(taken, Err(Error::Clash(_))));
}

#[tokio::test]
async fn a_template_that_changes_or_goes_leaves_its_events_alone() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    bench.vtn.put_template("peak", peak()).await.unwrap();
    let occasion = Occasion { start: noon(), id: Some("e".to_owned()) };
    bench.vtn.create_event_of("peak", occasion.clone()).await.unwrap();
    let changed = TemplateDraft { priority: 1, ..peak() };
    let first = bench.vtn.template("peak").unwrap();
    bench.pass(SignedDuration::from_secs(60));
    let second = bench.vtn.put_template("peak", changed.clone()).await.unwrap();
    assert_eq!((second.created, &second.draft), (first.created, &changed));
    assert!(second.modified > first.modified);
    bench.vtn.remove_template("peak").await.unwrap();
    assert_eq!(bench.vtn.event("e").unwrap().draft.priority, 2);
    let gone = bench.vtn.create_event_of("peak", occasion).await;
    assert!(matches!(gone, Err(Error::Unknown { kind: "template", .. })));
}

#[tokio::test]
async fn a_template_breaks_no_rule_that_its_events_would_break() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let refused = async |change: fn(&mut TemplateDraft)| {
        let mut draft = peak();
        change(&mut draft);
        bench.vtn.put_template("peak", draft).await.unwrap_err()
    };
    let rule = |error: Error| match error {
        Error::Fault(fault) => fault.rule,
        other => panic!("{other}"),
    };
    assert_eq!(rule(refused(|draft| draft.signals.clear()).await), 33);
    assert_eq!(rule(refused(|draft| draft.targets = Targets::default()).await), 22);
    assert_eq!(rule(refused(|draft| draft.targets.vens = vec!["B".into()]).await), 21);
    assert_eq!(rule(refused(|draft| draft.signals[0].name = "NOISE".into()).await), 104);
    let nameless = bench.vtn.put_template(" ", peak()).await;
    assert!(matches!(nameless, Err(Error::Invalid { field, .. }) if field == "name"));
    assert!(bench.vtn.templates(None, 9).unwrap().is_empty());
}

#[tokio::test]
async fn a_template_holds_its_programme_and_its_groups() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let programme = |groups: &[&str]| ProgrammeDraft {
        name: "P".to_owned(),
        priority: 0,
        members: Targets {
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            ..Targets::default()
        },
        signals: Vec::new(),
        notification: SignedDuration::ZERO,
    };
    bench.vtn.put_programme("urn:p", programme(&["g"])).await.unwrap();
    bench.vtn.put_group("g", Default::default()).await.unwrap();
    let mut draft = TemplateDraft { targets: Targets::default(), ..peak() };
    draft.targets.groups = vec!["g".to_owned()];
    bench.vtn.put_template("peak", draft).await.unwrap();
    let clash = |error: Error| match error {
        Error::Clash(what) => what,
        other => panic!("{other}"),
    };
    let told = clash(bench.vtn.remove_programme("urn:p").await.unwrap_err());
    assert!(told.contains("the template peak"), "{told}");
    bench.vtn.put_programme("urn:p", programme(&[])).await.unwrap();
    let told = clash(bench.vtn.remove_group("g").await.unwrap_err());
    assert!(told.contains("the template peak"), "{told}");
    bench.vtn.remove_template("peak").await.unwrap();
    bench.vtn.remove_group("g").await.unwrap();
    bench.vtn.remove_programme("urn:p").await.unwrap();
}
