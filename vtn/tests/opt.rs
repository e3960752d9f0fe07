//! EiOpt. OpenADR 2.0b Profile, rules 200 to 211; scenarios `opt-*`. OpenLEADR #48, #70, #128: its
//! VTN has no EiOpt.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, code, minutes, noon, seconds, simple};
use jiff::Timestamp;
use oadr_platform::opt::Opt;
use oadr_schemas::openadr::ei::{EiTarget, OptType};
use oadr_schemas::openadr::oadr::{OadrCanceledOpt, OadrCreateOpt, OadrCreatedOpt};
use oadr_schemas::xml::{Duration, Uri};
use oadr_vtn::control::Standpoint;
use oadr_vtn::record::{EventDraft, OptAction};
use rust_decimal::Decimal;

use OptType::{OptIn, OptOut};

fn hour(from: i64) -> (Timestamp, Duration) {
    (noon().checked_add(minutes(from)).unwrap(), Duration::from_seconds(3600))
}

fn of(resource: &str) -> Standpoint {
    Standpoint { resource: Some(resource.to_owned()), market_context: None }
}

/// In or out, a minute after noon.
fn state(ven: &Ven<'_>, of: &Standpoint) -> Option<Opt> {
    let at = noon().checked_add(minutes(1)).unwrap();
    ven.bench.vtn.availability(&ven.id, of, at).unwrap()
}

fn targeted(opt: OadrCreateOpt, resources: &[&str]) -> OadrCreateOpt {
    OadrCreateOpt { ei_target: EiTarget::resources(resources.iter().copied()), ..opt }
}

#[tokio::test]
async fn rules_202_204_207_a_schedule_is_kept_and_echoed() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let reply = ven.send(ven.opt("s1", OptOut, hour(0))).await;
    let created = OadrCreatedOpt::try_from(reply).unwrap();
    assert!(created.ei_response.is_ok());
    assert_eq!((created.opt_id.as_str(), created.ei_response.request_id.as_str()), ("s1", "o1"));
    let mut nameless = ven.opt("s2", OptIn, hour(600));
    nameless.request_id = String::new();
    let created: OadrCreatedOpt = ven.send(nameless).await.try_into().unwrap();
    assert_eq!(created.ei_response.request_id, "");
    let [schedule, _] = bench.vtn.opts("A").unwrap().try_into().unwrap();
    assert!(schedule.targets.is_empty(), "rule 202: all resources");
    assert_eq!(state(&ven, &Standpoint::default()), Some(Opt::Out));
    assert_eq!(state(&ven, &of("anything")), Some(Opt::Out));
    let later = noon().checked_add(minutes(61)).unwrap();
    assert_eq!(bench.vtn.availability("A", &Standpoint::default(), later).unwrap(), None);
}

#[tokio::test]
async fn one_query_tells_of_every_resource_and_by_which_schedule() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    ven.send(ven.opt("all", OptIn, hour(0))).await;
    ven.send(targeted(ven.opt("some", OptOut, hour(0)), &["r1", "r2"])).await;
    let at = |minute| noon().checked_add(minutes(minute)).unwrap();
    let told = bench.vtn.availabilities("A", None, at(1)).unwrap();
    let told: Vec<_> = told.into_iter().map(|a| (a.resource, a.opt, a.by.join(" "))).collect();
    let one = |r: Option<&str>, opt, by: &str| (r.map(str::to_owned), opt, by.to_owned());
    let expected = [
        one(None, Some(Opt::In), "all"),
        one(Some("r1"), Some(Opt::Out), "some"),
        one(Some("r2"), Some(Opt::Out), "some"),
    ];
    assert_eq!(told, expected);
    let later = bench.vtn.availabilities("A", None, at(61)).unwrap();
    assert!(later.iter().all(|one| one.opt.is_none() && one.by.is_empty()), "{later:?}");
    assert!(bench.vtn.availabilities("nobody", None, at(1)).is_err());
}

#[tokio::test]
async fn rule_210_a_schedule_of_no_length_has_no_end() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    ven.send(ven.opt("s1", OptOut, (noon(), Duration::ZERO))).await;
    let far = "2126-01-01T00:00:00Z".parse().unwrap();
    let out = bench.vtn.availability("A", &Standpoint::default(), far).unwrap();
    assert_eq!(out, Some(Opt::Out));
}

#[tokio::test]
async fn the_same_opt_again_is_one_opt() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let opt = ven.opt("s1", OptOut, hour(0));
    assert_eq!(ven.code(opt.clone()).await, 200);
    bench.pass(seconds(3));
    assert_eq!(ven.code(opt).await, 200);
    assert_eq!(bench.vtn.opts("A").unwrap().len(), 1);
    assert_eq!(bench.vtn.opt_history("A", 9).unwrap().len(), 1);
}

#[tokio::test]
async fn rule_203_a_newer_schedule_supersedes_what_it_names() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    ven.send(targeted(ven.opt("ab", OptOut, hour(0)), &["a", "b"])).await;
    ven.send(targeted(ven.opt("in", OptIn, hour(0)), &["c"])).await;
    ven.send(targeted(ven.opt("a", OptOut, hour(600)), &["a"])).await;
    // Not a any more; b untouched; optIn kept apart.
    assert_eq!((state(&ven, &of("a")), state(&ven, &of("b"))), (None, Some(Opt::Out)));
    assert_eq!(state(&ven, &of("c")), Some(Opt::In));
    let mut all = ven.opt("all", OptOut, hour(600));
    all.ei_target = EiTarget::ven("A");
    ven.send(all).await;
    assert_eq!((state(&ven, &of("b")), state(&ven, &of("c"))), (None, Some(Opt::In)));
    let left: Vec<_> = bench.vtn.opts("A").unwrap().into_iter().map(|opt| opt.opt_id).collect();
    assert_eq!(left, ["in", "all"]);
    // A part of the whole: everything not named stays.
    ven.send(targeted(ven.opt("part", OptOut, hour(0)), &["a"])).await;
    let later = noon().checked_add(minutes(601)).unwrap();
    let at = |r: &str| bench.vtn.availability("A", &of(r), later).unwrap();
    assert_eq!((at("a"), at("b")), (None, Some(Opt::Out)));
    let superseded = bench.vtn.opt_history("A", 99).unwrap();
    let superseded = superseded.iter().filter(|c| matches!(c.action, OptAction::Superseded(_)));
    assert_eq!(superseded.count(), 2);
}

#[tokio::test]
async fn rule_205_a_schedule_counts_for_its_market_context_only() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut opt = ven.opt("s1", OptOut, hour(0));
    opt.market_context = Some(Uri::from("http://Market.example/M"));
    ven.send(opt).await;
    let within = |uri: &str| Standpoint { resource: None, market_context: Some(uri.into()) };
    assert_eq!(state(&ven, &within("http://market.example/M")), Some(Opt::Out), "rule 512");
    assert_eq!(state(&ven, &within("http://market.example/N")), None);
    assert_eq!(state(&ven, &Standpoint::default()), None);
}

#[tokio::test]
async fn rule_209_device_classes_are_those_of_the_table() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut opt = targeted(ven.opt("s1", OptOut, hour(0)), &["a"]);
    opt.oadr_device_class = Some(EiTarget::device_classes(["Water_Heater"]));
    assert_eq!(ven.code(opt.clone()).await, 200);
    assert_eq!(bench.vtn.opts("A").unwrap()[0].device_classes, ["Water_Heater"]);
    opt.oadr_device_class = Some(EiTarget::device_classes(["Toaster"]));
    assert_eq!(ven.code(opt).await / 100, 4);
}

#[tokio::test]
async fn rule_208_another_ven_is_no_target() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.registered("B").await;
    let mut opt = ven.opt("s1", OptOut, hour(0));
    opt.ei_target = EiTarget::ven("B");
    assert_eq!(ven.code(opt).await, 452);
}

#[tokio::test]
async fn rule_206_an_opt_outranks_the_answer_and_survives_a_modification() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut draft = simple(&["A"], hour(60).0, &[1]);
    draft.targets.resources = vec!["a".into(), "b".into()];
    let id = bench.vtn.create_event(draft.clone()).await.unwrap().id;
    let events = ven.poll_events().await;
    assert_eq!(ven.code(ven.answer(&events, OptIn)).await, 200);
    let stated =
        |resource| bench.vtn.event_answers(&id).unwrap()[0].delivery.opt_of(Some(resource));
    let opt = targeted(ven.opt_event("o", OptOut, (&id, 0)), &["a"]);
    assert_eq!(ven.code(opt.clone()).await, 200);
    assert_eq!(ven.code(opt).await, 200);
    assert_eq!((stated("a"), stated("b")), (Some(Opt::Out), Some(Opt::In)));
    assert_eq!(ven.code(ven.answer_to(&id, 0, OptIn)).await, 200);
    draft.signals[0].intervals[0].value = Decimal::TWO;
    bench.vtn.modify_event(&id, draft, None).await.unwrap();
    let events = ven.poll_events().await;
    assert_eq!(ven.code(ven.answer(&events, OptIn)).await, 200);
    assert_eq!((stated("a"), stated("b")), (Some(Opt::Out), Some(Opt::In)));
    // For the whole VEN: all resources of the event change.
    assert_eq!(ven.code(ven.opt_event("o2", OptIn, (&id, 1))).await, 200);
    assert_eq!((stated("a"), stated("b")), (Some(Opt::In), Some(Opt::In)));
    let changes = bench.vtn.opt_history("A", 9).unwrap();
    assert_eq!(changes.len(), 2, "the same opt again left no line");
}

#[tokio::test]
async fn rule_206_what_cannot_be_changed_is_refused() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    bench.registered("B").await;
    let mut draft = simple(&["A"], hour(60).0, &[1]);
    draft.targets.resources = vec!["a".into()];
    let id = bench.vtn.create_event(draft).await.unwrap().id;
    let never = EventDraft { response_required: false, ..simple(&["A"], hour(60).0, &[1]) };
    let never = bench.vtn.create_event(never).await.unwrap().id;
    let foreign = bench.vtn.create_event(simple(&["B"], hour(60).0, &[1])).await.unwrap().id;
    let opt = ven.opt_event("o", OptOut, (&id, 0));
    assert_eq!(ven.code(opt.clone()).await, 452, "it was not sent yet");
    ven.poll_events().await;
    assert_eq!(ven.code(targeted(opt.clone(), &["b"])).await, 462);
    assert_eq!(ven.code(ven.opt_event("o", OptOut, (&never, 0))).await, 451);
    assert_eq!(ven.code(ven.opt_event("o", OptOut, (&id, 1))).await, 450);
    let not_mine = ven.send(ven.opt_event("o", OptOut, (&foreign, 0))).await;
    assert_eq!(not_mine, ven.send(ven.opt_event("o", OptOut, ("none", 0))).await, "threat T2");
    assert_eq!(code(&not_mine), 452);
    let both =
        OadrCreateOpt { vavailability: ven.opt("o", OptOut, hour(0)).vavailability, ..opt.clone() };
    assert_eq!(ven.code(both).await, 459);
    assert_eq!(ven.code(ven.opt_bare("o", OptOut)).await, 459, "neither event nor time");
    assert!(bench.vtn.opts("A").unwrap().is_empty());
}

#[tokio::test]
async fn rules_204_and_211_a_cancellation_ends_all_of_its_opt_id() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    ven.send(targeted(ven.opt("shared", OptOut, hour(0)), &["a"])).await;
    ven.send(targeted(ven.opt("shared", OptOut, hour(0)), &["b"])).await;
    ven.send(ven.opt("old", OptIn, hour(0))).await;
    ven.send(ven.opt("new", OptIn, hour(1))).await;
    assert_eq!(bench.vtn.opts("A").unwrap().len(), 3);
    let reply = ven.send(ven.cancel_opt("shared")).await;
    let canceled = OadrCanceledOpt::try_from(reply).unwrap();
    assert_eq!(canceled.opt_id.as_deref(), Some("shared"));
    assert_eq!(canceled.ei_response.request_id, "o2");
    assert_eq!(bench.vtn.opts("A").unwrap().len(), 1);
    assert_eq!(ven.code(ven.cancel_opt("shared")).await, 200, "again");
    assert_eq!(ven.code(ven.cancel_opt("old")).await, 200, "superseded");
    assert_eq!(ven.code(ven.cancel_opt("never used")).await, 452);
}

#[tokio::test]
async fn rule_211_an_opt_of_a_pending_event_stays() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let id = bench.vtn.create_event(simple(&["A"], hour(60).0, &[1])).await.unwrap().id;
    ven.poll_events().await;
    ven.send(ven.opt_event("o", OptOut, (&id, 0))).await;
    assert_eq!(ven.code(ven.cancel_opt("o")).await, 451);
}

#[tokio::test]
async fn threat_t2_anothers_opt_id_is_unknown() {
    let bench = Bench::new().await;
    let (a, b) = (bench.registered("A").await, bench.registered("B").await);
    a.send(a.opt("s1", OptOut, hour(0))).await;
    let not_mine = b.post_message(b.cancel_opt("s1").into()).await;
    let mut none = b.cancel_opt("s9");
    none.opt_id = "s9".into();
    let none = b.post_message(none.into()).await;
    let text = |answer: &oadr_transport::Answer| String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(text(&not_mine).replace("s1", "s9"), text(&none));
    assert_eq!(bench.vtn.opts("A").unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_ven_opts_is_bounded() {
    let bench = Bench::with(|settings| {
        settings.limits.opts = 2;
        settings.limits.opt_windows = 1;
    })
    .await;
    let ven = bench.registered("A").await;
    let id = bench.vtn.create_event(simple(&["A"], hour(60).0, &[1])).await.unwrap().id;
    ven.poll_events().await;
    let of_event = |names: &[&str]| targeted(ven.opt_event("o", OptOut, (&id, 0)), names);
    assert_eq!(ven.code(of_event(&["a", "b"])).await, 200);
    assert_eq!(ven.code(of_event(&["c"])).await, 451);
    assert_eq!(ven.code(of_event(&["b"])).await, 200, "one of those that are there");
    let schedule = |from, name| targeted(ven.opt("s", OptOut, hour(from)), &[name]);
    assert_eq!(ven.code(schedule(0, "a")).await, 200);
    assert_eq!(ven.code(schedule(0, "b")).await, 200);
    assert_eq!(ven.code(schedule(0, "c")).await, 451);
    assert_eq!(ven.code(schedule(1, "b")).await, 200, "it takes the place of another");
    assert_eq!(ven.code(targeted(ven.opt("s", OptOut, hour(0)), &["a", "b"])).await, 454);
    assert_eq!(ven.code(ven.opt(&"x".repeat(251), OptOut, hour(0))).await, 454);
}

#[tokio::test]
async fn the_history_is_read_on_from_where_one_was() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    for name in ["one", "two", "three"] {
        assert_eq!(ven.code(ven.opt(name, OptOut, hour(0))).await, 200);
    }
    let all = bench.vtn.opt_history_before("A", None, 99).unwrap();
    let first = bench.vtn.opt_history_before("A", None, 1).unwrap();
    assert_eq!(first, all[..1]);
    // What is new does not shift what follows.
    assert_eq!(ven.code(ven.opt("four", OptOut, hour(0))).await, 200);
    let rest = bench.vtn.opt_history_before("A", Some(first[0].0), 99).unwrap();
    assert_eq!(rest, all[1..]);
}
