//! Programmes and groups: whom events are for that name nobody, and what is not taken away while
//! somebody needs it. OpenADR 2.0b Profile, rules 22, 48, 104, 105, 512.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;

use common::{Bench, minutes, noon, simple};
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::xml::Duration;
use oadr_vtn::Error;
use oadr_vtn::control::Movement;
use oadr_vtn::record::{EventDraft, GroupDraft, ProgrammeDraft, Targets};

const PROGRAMME: &str = "http://market.example/demo";

fn of(members: Targets) -> ProgrammeDraft {
    ProgrammeDraft {
        name: "Demo".to_owned(),
        priority: 2,
        members,
        signals: vec!["SIMPLE".to_owned()],
        notification: minutes(30),
    }
}

fn group(name: &str) -> Targets {
    Targets { groups: vec![name.to_owned()], ..Targets::default() }
}

fn event(id: &str) -> EventDraft {
    EventDraft { id: Some(id.to_owned()), ..simple(&[], noon(), &[1]) }
}

fn recipients(bench: &Bench, id: &str) -> Vec<String> {
    let answers = bench.vtn.event_answers(id).unwrap();
    answers.into_iter().filter(|one| !one.delivery.withdrawn).map(|one| one.ven).collect()
}

fn entering(vens: &[&str]) -> Movement {
    Movement { add: vens.iter().map(|ven| (*ven).to_owned()).collect(), remove: Vec::new() }
}

/// The field of a refusal.
fn field<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    match refused {
        Err(Error::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

/// The words of a clash.
fn clash<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    match refused {
        Err(Error::Clash(what)) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_event_that_names_nobody_is_for_the_members_of_its_programme() {
    let bench = Bench::new().await;
    for ven in ["A", "B", "C"] {
        bench.registered(ven).await;
    }
    let nobody = bench.vtn.create_event(event("e0")).await;
    assert!(matches!(nobody, Err(Error::Fault(fault)) if fault.rule == 22));
    bench.vtn.put_group("pilot", GroupDraft::default()).await.unwrap();
    bench.vtn.move_members("pilot", &entering(&["A", "B"])).await.unwrap();
    bench.vtn.put_programme(PROGRAMME, of(group("pilot"))).await.unwrap();
    // Rule 512: spelled otherwise, the same programme.
    let draft = EventDraft { market_context: "HTTP://Market.Example:80/demo".into(), ..event("e") };
    let made = bench.vtn.create_event(draft).await.unwrap();
    assert_eq!(recipients(&bench, "e"), ["A", "B"]);
    assert_eq!((made.draft.priority, made.draft.notification), (2, minutes(30)));
    // What the event says itself stands.
    let mut own = EventDraft { priority: 1, notification: minutes(5), ..event("own") };
    own.targets.vens = vec!["C".to_owned()];
    let own = bench.vtn.create_event(own).await.unwrap();
    assert_eq!(recipients(&bench, "own"), ["C"]);
    assert_eq!((own.draft.priority, own.draft.notification), (1, minutes(5)));
    // Members come and go, and the event with them.
    let movement = Movement { add: vec!["C".to_owned()], remove: vec!["A".to_owned()] };
    bench.vtn.move_members("pilot", &movement).await.unwrap();
    assert_eq!(recipients(&bench, "e"), ["B", "C"]);
    assert_eq!(bench.vtn.group_members("pilot", None, 9).unwrap(), ["B", "C"]);
    assert_eq!(bench.vtn.group_members("pilot", Some("B"), 9).unwrap(), ["C"]);
}

#[tokio::test]
async fn resources_of_an_event_narrow_the_members_of_its_programme() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let members = Targets {
        vens: vec!["A".to_owned()],
        resources: vec!["heat".to_owned()],
        ..Targets::default()
    };
    bench.vtn.put_programme(PROGRAMME, of(members)).await.unwrap();
    let usual = bench.vtn.create_event(event("usual")).await.unwrap();
    assert_eq!(usual.draft.targets.resources, ["heat"]);
    let mut draft = event("narrow");
    draft.targets.resources = vec!["pump".to_owned()];
    let narrow = bench.vtn.create_event(draft).await.unwrap();
    assert_eq!(narrow.draft.targets.resources, ["pump"]);
    assert_eq!(recipients(&bench, "narrow"), ["A"]);
}

#[tokio::test]
async fn a_signal_that_the_programme_does_not_have_is_refused_by_its_place() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let mut terms = of(group("pilot"));
    terms.signals = vec!["ELECTRICITY_PRICE".to_owned()];
    bench.vtn.put_programme(PROGRAMME, terms.clone()).await.unwrap();
    let draft = EventDraft { id: Some("e".into()), ..simple(&["A"], noon(), &[1]) };
    assert_eq!(field(bench.vtn.create_event(draft.clone()).await), "signals[0].name");
    assert!(bench.vtn.event("e").is_err());
    terms.signals.push("SIMPLE".to_owned());
    bench.vtn.put_programme(PROGRAMME, terms).await.unwrap();
    bench.vtn.create_event(draft).await.unwrap();
}

#[tokio::test]
async fn rule_48_serves_programmes_besides_the_contexts_of_the_settings() {
    let bench = Bench::with(|settings| settings.market_contexts = vec!["urn:other".into()]).await;
    let ven = bench.registered("A").await;
    let draft = || EventDraft { id: Some("e".into()), ..simple(&["A"], noon(), &[1]) };
    let mut opt = ven.opt("o", OptType::OptOut, (noon(), Duration::from_seconds(3600)));
    opt.market_context = Some(PROGRAMME.into());
    let refused = bench.vtn.create_event(draft()).await;
    assert!(matches!(refused, Err(Error::Fault(fault)) if fault.rule == 48));
    assert_eq!(ven.code(opt.clone()).await, 462);
    bench.vtn.put_programme(PROGRAMME, of(group("pilot"))).await.unwrap();
    bench.vtn.create_event(draft()).await.unwrap();
    assert_eq!(ven.code(opt).await, 200);
}

#[tokio::test]
async fn what_is_in_use_is_not_removed_and_says_by_whom() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    bench.vtn.put_group("pilot", GroupDraft::default()).await.unwrap();
    bench.vtn.put_programme(PROGRAMME, of(group("pilot"))).await.unwrap();
    bench.vtn.move_members("pilot", &entering(&["A"])).await.unwrap();
    bench.vtn.create_event(event("e")).await.unwrap();
    let told = clash(bench.vtn.remove_programme(PROGRAMME).await);
    assert!(told.contains("the event e"), "{told}");
    let told = clash(bench.vtn.remove_group("pilot").await);
    assert!(told.contains("members, A first"), "{told}");
    let leaving = Movement { remove: vec!["A".to_owned()], ..Movement::default() };
    bench.vtn.move_members("pilot", &leaving).await.unwrap();
    let told = clash(bench.vtn.remove_group("pilot").await);
    assert!(told.contains("the event e") && told.contains("1 more"), "{told}");
    bench.vtn.cancel_event("e", None).await.unwrap();
    let told = clash(bench.vtn.remove_group("pilot").await);
    assert!(told.contains(&format!("the programme {PROGRAMME}")), "{told}");
    bench.vtn.remove_programme(PROGRAMME).await.unwrap();
    bench.vtn.remove_group("pilot").await.unwrap();
    assert!(matches!(bench.vtn.group("pilot"), Err(Error::Unknown { .. })));
    assert!(matches!(bench.vtn.remove_programme(PROGRAMME).await, Err(Error::Unknown { .. })));
}

#[tokio::test]
async fn an_event_that_is_over_holds_nothing() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    bench.vtn.put_programme(PROGRAMME, of(group("pilot"))).await.unwrap();
    bench.vtn.create_event(event("e")).await.unwrap();
    bench.pass(minutes(10));
    bench.vtn.remove_programme(PROGRAMME).await.unwrap();
}

#[tokio::test]
async fn groups_are_listed_whether_made_or_only_filled_in_pages() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    let filled: BTreeSet<String> = ["b", "b2", "d"].map(str::to_owned).into();
    bench.vtn.set_groups("A", filled).await.unwrap();
    for made in ["a", "b", "e"] {
        let name = Some(format!("Group {made}"));
        bench.vtn.put_group(made, GroupDraft { name }).await.unwrap();
    }
    let (mut seen, mut last) = (Vec::new(), None::<String>);
    loop {
        let page = bench.vtn.groups(last.as_deref(), 2).unwrap();
        last = page.last().map(|group| group.id.clone());
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|group| (group.id, group.name.is_some())));
    }
    let told = seen.iter().map(|(id, named)| (id.as_str(), *named));
    let wanted = [("a", true), ("b", true), ("b2", false), ("d", false), ("e", true)];
    assert_eq!(told.collect::<Vec<_>>(), wanted);
}

#[tokio::test]
async fn what_does_not_fit_changes_nothing_and_is_told_by_its_field() {
    let bench = Bench::new().await;
    bench.registered("A").await;
    bench.vtn.put_group("g", GroupDraft::default()).await.unwrap();
    let two = Movement { add: vec!["A".into(), "B".into()], remove: Vec::new() };
    assert_eq!(field(bench.vtn.move_members("g", &two).await), "add[1]");
    let twice = Movement { add: vec!["A".into()], remove: vec!["A".into()] };
    assert_eq!(field(bench.vtn.move_members("g", &twice).await), "remove[0]");
    assert!(bench.vtn.group_members("g", None, 9).unwrap().is_empty());
    let crowd = Movement { add: vec!["A".into(); Movement::MOST + 1], remove: Vec::new() };
    assert_eq!(field(bench.vtn.move_members("g", &crowd).await), "add");
    let unknown = bench.vtn.move_members("h", &entering(&["A"])).await;
    assert!(matches!(unknown, Err(Error::Unknown { kind: "group", .. })));

    let put = async |uri: &str, change: fn(&mut ProgrammeDraft)| {
        let mut draft = of(group("g"));
        change(&mut draft);
        field(bench.vtn.put_programme(uri, draft).await)
    };
    assert_eq!(put("no uri", |_| {}).await, "market_context");
    assert_eq!(put(PROGRAMME, |draft| draft.name.clear()).await, "name");
    assert_eq!(put(PROGRAMME, |draft| draft.signals.push("NOISE".into())).await, "signals[1]");
    assert_eq!(put(PROGRAMME, |draft| draft.notification = -minutes(1)).await, "notification");
    let stranger = put(PROGRAMME, |draft| draft.members.vens.push("B".into())).await;
    assert_eq!(stranger, "members.vens[0]");
    let alone = |draft: &mut ProgrammeDraft| {
        draft.members = Targets { resources: vec!["r".into()], ..Targets::default() };
    };
    assert_eq!(put(PROGRAMME, alone).await, "members.resources");
    assert!(bench.vtn.programmes(None, 9).unwrap().is_empty());
}
