//! EiEvent: OpenADR 2.0b Profile, rules 12, 19, 21, 22, 33, 35, 36, 42, 43, 48, 56 to 62,
//! 109 to 112, 116, 512. The scenarios of a VEN, what it answers.

mod common;

use common::make::{Change, euro_per_kwh, event, kilowatts, list, never, signal};
use common::{World, t};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::EiTarget;
use oadr_schemas::openadr::oadr::*;
use oadr_ven::Settings;

/// What the answers say: event, version, code, opt.
fn answers(created: &OadrCreatedEvent) -> Vec<(String, u32, String, String)> {
    let one = |a: &oadr_schemas::openadr::ei::EventResponse| {
        let event = &a.qualified_event_id;
        let code = a.response_code.value().clone();
        (event.event_id.clone(), event.modification_number, code, format!("{:?}", a.opt_type))
    };
    created.answers().iter().map(one).collect()
}

fn answer(id: &str, version: u32, code: &str, opt: &str) -> (String, u32, String, String) {
    (id.into(), version, code.into(), opt.into())
}

/// Polls a list of events and gives back what was answered since.
async fn hear(world: &mut World, events: OadrDistributeEvent) -> Vec<OadrCreatedEvent> {
    world.vtn.forget();
    world.vtn.queue(events);
    world.pass(11).await;
    world.vtn.all()
}

async fn code_of(world: &mut World, event: OadrEvent) -> (String, String) {
    let created = hear(world, list("r", [event])).await;
    let all: Vec<_> = created.iter().flat_map(answers).collect();
    assert_eq!(all.len(), 1, "{all:?}");
    (all[0].2.clone(), all[0].3.clone())
}

fn ok() -> (String, String) {
    ("200".into(), "OptIn".into())
}

fn refused(code: &str) -> (String, String) {
    (code.into(), "OptOut".into())
}

#[tokio::test]
async fn event_always_is_answered_each_time_with_the_request_id_of_its_list() {
    let mut world = World::registered().await;
    for request_id in ["r1", "r2", "r2"] {
        let created = hear(&mut world, list(request_id, [event("e1")])).await;
        assert_eq!(created.len(), 1, "rule 12");
        let outer = &created[0].ei_created_event.ei_response;
        assert_eq!(outer.request_id, "", "rule 42");
        assert!(outer.is_ok());
        assert_eq!(created[0].answers()[0].request_id, request_id, "rules 42, 43");
        assert_eq!(answers(&created[0]), [answer("e1", 0, "200", "OptIn")]);
    }
    assert_eq!(world.site.script().asked.len(), 1, "the site is asked once for a version");
    let created = hear(&mut world, list("r2", [event("e1"), event("e2")])).await;
    assert_eq!(answers(&created[0]).len(), 2, "rule 12: in one oadrCreatedEvent");
}

#[tokio::test]
async fn an_opt_out_of_the_site_is_a_success_with_opt_out() {
    let mut world = World::registered().await;
    world.site.script().opt_in = false;
    assert_eq!(code_of(&mut world, event("e1")).await, refused("200"));
}

#[tokio::test]
async fn event_never_is_not_answered_new_modified_or_cancelled() {
    let mut world = World::registered().await;
    for one in [event("e1"), event("e1").version(1), event("e1").version(2).cancelled()] {
        assert_eq!(hear(&mut world, list("r", [never(one)])).await, [], "rules 12, 36, 62");
    }
    assert_eq!(world.site.script().asked.len(), 2, "and yet processed");
}

#[tokio::test]
async fn event_mixed_validity_answers_the_good_one_and_refuses_the_other() {
    let contexts = vec!["http://market.example/A".to_owned()];
    let settings = Settings { market_contexts: contexts, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    let bad = event("e2").market("http://market.example/B");
    let created = hear(&mut world, list("r", [event("e1"), bad])).await;
    assert!(created[0].ei_created_event.ei_response.is_ok(), "rule 48: outer 200");
    let wanted = [answer("e1", 0, "200", "OptIn"), answer("e2", 0, "462", "OptOut")];
    assert_eq!(answers(&created[0]), wanted, "rules 19, 48");
}

#[tokio::test]
async fn event_market_context_compares_as_rule_512_says() {
    let contexts = vec!["http://market.example/A".to_owned()];
    let settings = Settings { market_contexts: contexts, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    let own = event("e1").market("HTTP://Market.Example:80/A");
    assert_eq!(code_of(&mut world, own).await, ok());
    let foreign = event("e2").market("http://market.example/a");
    assert_eq!(code_of(&mut world, foreign).await, refused("462"));
}

#[tokio::test]
async fn event_target_takes_any_one_that_leads_here() {
    let settings = Settings { groups: vec!["north".into()], ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    let cases = [
        (EiTarget::recipient(), ok()),
        (EiTarget::resources(["elsewhere", "heater"]), ok()),
        (EiTarget::resources(["elsewhere"]), refused("462")),
        (EiTarget::ven("ven-1"), ok()),
        (EiTarget::ven("VEN-1"), refused("462")),
        (EiTarget { group_id: vec!["north".into()], ..EiTarget::default() }, ok()),
        (EiTarget { group_id: vec!["south".into()], ..EiTarget::default() }, refused("462")),
        (EiTarget { party_id: vec!["x".into()], ..EiTarget::resources(["battery"]) }, ok()),
    ];
    for (n, (target, wanted)) in cases.into_iter().enumerate() {
        let one = event(&format!("e{n}")).target(target);
        assert_eq!(code_of(&mut world, one).await, wanted, "rules 22, 48; case {n}");
    }
    let asked = &world.site.script().asked;
    assert_eq!(asked[0].resources, []);
    assert_eq!(asked[1].resources, ["heater".into()]);
}

#[tokio::test]
async fn event_signal_target_applies_to_its_device_class_alone() {
    let settings = Settings { device_classes: vec!["Storage".into()], ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    let aimed = |classes: &[&str]| {
        let mut one = signal("SIMPLE", "level", 1, None);
        one.ei_target = Some(EiTarget::device_classes(classes.iter().copied()));
        one
    };
    for (n, (classes, offered)) in
        [(&["Storage"][..], 1), (&["Sauna"], 0), (&["Sauna", "Storage"], 1)].into_iter().enumerate()
    {
        let one = event(&format!("e{n}")).signals(vec![aimed(classes)]);
        assert_eq!(code_of(&mut world, one).await, ok());
        assert_eq!(world.site.script().asked[n].signals.len(), offered, "rule 111: {classes:?}");
    }
    let mut wrong = signal("SIMPLE", "level", 1, None);
    wrong.ei_target = Some(EiTarget::resources(["battery"]));
    assert_eq!(code_of(&mut world, event("e9").signals(vec![wrong])).await, refused("459"));
}

#[tokio::test]
async fn event_signal_unsupported_is_460_and_an_unclear_resource_469() {
    let settings = Settings { dispatch_names_its_resource: true, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    let cases = [
        (signal("x-unknown", "level", 1, None), "460"),
        (signal("LOAD_DISPATCH", "setpoint", 1, euro_per_kwh()), "460"),
        (signal("ELECTRICITY_PRICE", "price", 1, kilowatts()), "460"),
        (signal("ELECTRICITY_PRICE", "price", 1, None), "460"),
        (signal("SIMPLE", "price", 1, None), "460"),
        (signal("SIMPLE", "level", 4, None), "454"),
        (signal("LOAD_DISPATCH", "setpoint", 1, kilowatts()), "469"),
    ];
    for (n, (one, code)) in cases.into_iter().enumerate() {
        // Rule 109: any signal that cannot be served spoils the event.
        let both = vec![signal("SIMPLE", "level", 1, None), one];
        let one = event(&format!("e{n}")).signals(both);
        assert_eq!(code_of(&mut world, one).await, refused(code), "case {n}");
    }
    let named = event("e9").signals(vec![signal("LOAD_DISPATCH", "setpoint", 1, kilowatts())]);
    let named = named.target(EiTarget::resources(["battery"]));
    assert_eq!(code_of(&mut world, named).await, ok());
}

#[tokio::test]
async fn event_minimum_signals_are_all_served() {
    let mut world = World::registered().await;
    let simple = || signal("SIMPLE", "level", 3, None);
    let price = || signal("ELECTRICITY_PRICE", "price", 2, euro_per_kwh());
    let setpoint = || signal("LOAD_DISPATCH", "setpoint", 3, kilowatts());
    for (n, signals) in
        [vec![simple()], vec![price()], vec![setpoint()], vec![simple(), price(), setpoint()]]
            .into_iter()
            .enumerate()
    {
        let one = event(&format!("e{n}")).signals(signals);
        assert_eq!(code_of(&mut world, one).await, ok(), "rule 510, case {n}");
    }
    let script = world.site.script();
    let values: Vec<_> =
        script.asked[3].signals.iter().map(|s| format!("{:?}", s.values[0].1)).collect();
    let wanted = [
        "Simple(3)",
        "Price { price_per_kwh: 2, currency: Currency(\"EUR\") }",
        "Setpoint { power_w: 3000 }",
    ];
    assert_eq!(values, wanted);
}

#[tokio::test]
async fn a_signal_of_the_deployments_own_is_served_if_configured() {
    let other_signals = vec![("x-own".to_owned(), "level".to_owned())];
    let mut world = World::registered_with(Settings { other_signals, ..Settings::default() }).await;
    let one = event("e1").signals(vec![signal("x-own", "level", 7, None)]);
    assert_eq!(code_of(&mut world, one).await, ok());
}

#[tokio::test]
async fn event_modified_is_decided_and_answered_with_its_new_version() {
    let mut world = World::registered().await;
    hear(&mut world, list("r1", [event("e1")])).await;
    let changed = event("e1").version(1).times("2026-06-01T13:00:00Z", &[("PT30M", 1)]);
    let created = hear(&mut world, list("r2", [changed])).await;
    assert_eq!(answers(&created[0]), [answer("e1", 1, "200", "OptIn")]);
    assert_eq!(world.site.script().asked.len(), 2);
    assert_eq!(world.status().events[0].end, Some(t("2026-06-01T13:30:00Z")));
}

#[tokio::test]
async fn event_stale_is_450_and_changes_nothing_cancelled_or_not() {
    let mut world = World::registered().await;
    hear(&mut world, list("r1", [event("e1").version(2)])).await;
    for stale in [event("e1").version(1), event("e1").version(1).cancelled()] {
        let created = hear(&mut world, list("r2", [stale])).await;
        assert_eq!(answers(&created[0]), [answer("e1", 1, "450", "OptIn")], "rule 58");
        assert_eq!(world.status().events[0].modification, 2);
    }
}

#[tokio::test]
async fn event_cancel_known_is_answered_once_and_forgotten() {
    let mut world = World::registered().await;
    hear(&mut world, list("r1", [event("e1")])).await;
    let created = hear(&mut world, list("r2", [event("e1").version(1).cancelled()])).await;
    assert_eq!(answers(&created[0]), [answer("e1", 1, "200", "OptIn")], "rule 36");
    assert_eq!(world.status().events, []);
    let created = hear(&mut world, list("r3", [event("e2")])).await;
    assert_eq!(answers(&created[0]), [answer("e2", 0, "200", "OptIn")], "rule 36");
}

#[tokio::test]
async fn event_cancel_unknown_is_no_error() {
    let mut world = World::registered().await;
    let created = hear(&mut world, list("r1", [event("e1").version(4).cancelled()])).await;
    assert_eq!(answers(&created[0]), [answer("e1", 4, "200", "OptIn")], "rules 21, 36, 60");
    assert_eq!(world.status().events, []);
}

#[tokio::test]
async fn event_cancel_implied_forgets_what_is_missing_and_takes_it_as_new_again() {
    let mut world = World::registered().await;
    hear(&mut world, list("r1", [event("e1").version(3), event("e2")])).await;
    let created = hear(&mut world, list("r2", [event("e2")])).await;
    assert_eq!(answers(&created[0]), [answer("e2", 0, "200", "OptIn")], "rule 61");
    assert_eq!(world.status().events.len(), 1);
    let created = hear(&mut world, list("r3", [event("e2"), event("e1")])).await;
    assert_eq!(answers(&created[0])[1], answer("e1", 0, "200", "OptIn"), "rule 56");
}

#[tokio::test]
async fn event_bad_content_is_refused_whole_or_one_by_one() {
    let mut world = World::registered().await;
    let foreign = OadrDistributeEvent { vtn_id: "VTN-1".into(), ..list("r1", [event("e1")]) };
    let created = hear(&mut world, foreign).await;
    let inner = &created[0].ei_created_event;
    assert_eq!(inner.ei_response.response_code.value(), "452", "rules 21, 512");
    assert_eq!(inner.event_responses, None, "rule 35");
    assert_eq!(world.status().events, [], "nothing taken");
    let past = event("e1").times("2026-05-31T13:00:00Z", &[("PT1H", 1)]);
    assert_eq!(code_of(&mut world, past).await, refused("459"), "rule 33");
    let short = event("e2").to(|e| {
        e.ei_active_period.properties.duration = common::make::d("PT2H").into();
    });
    let (code, opt) = code_of(&mut world, short).await;
    assert!(code.starts_with('4') && opt == "OptOut", "rule 8: {code}");
}

#[tokio::test]
async fn rule_48_gives_a_refused_event_the_same_answer_again() {
    let mut world = World::registered().await;
    let bad = || event("e1").target(EiTarget::resources(["elsewhere"]));
    for _ in 0..2 {
        assert_eq!(code_of(&mut world, bad()).await, refused("462"));
    }
    assert_eq!(world.site.script().asked.len(), 0);
    assert_eq!(code_of(&mut world, event("e1").version(1)).await, ok(), "until it is mended");
}

#[tokio::test]
async fn an_answer_that_could_not_be_delivered_is_delivered_after_a_restart_before_polling() {
    let mut world = World::registered().await;
    world.vtn.queue(list("r1", [event("e1")]));
    world.vtn.state().away_after = Some(1);
    world.pass(11).await;
    assert_eq!(world.vtn.names(), Vec::<&str>::new());
    world.restart().await;
    world.vtn.forget();
    world.vtn.state().away_after = None;
    world.step().await;
    let first = world.vtn.state().heard[0].1.name();
    assert_eq!(first, "oadrCreatedEvent");
    assert_eq!(answers(&world.vtn.one()), [answer("e1", 0, "200", "OptIn")]);
    assert_eq!(world.site.script().asked.len(), 1, "not decided twice");
    world.pass(60).await;
    assert_eq!(world.vtn.all::<OadrCreatedEvent>().len(), 1, "and once only");
}

#[tokio::test]
async fn an_answer_that_the_vtn_refuses_is_not_repeated() {
    let mut world = World::registered().await;
    world.vtn.refuse("oadrCreatedEvent", Code::InvalidId, 1);
    let created = hear(&mut world, list("r1", [event("e1")])).await;
    assert_eq!(created.len(), 1);
    world.pass(60).await;
    assert_eq!(world.vtn.all::<OadrCreatedEvent>().len(), 1);
}

#[tokio::test]
async fn a_site_that_cannot_say_is_asked_again_and_then_out() {
    let mut world = World::registered().await;
    world.site.script().mute = true;
    assert_eq!(hear(&mut world, list("r1", [event("e1")])).await, []);
    world.pass(30).await;
    world.site.script().mute = false;
    world.pass(20).await;
    assert_eq!(answers(&world.vtn.one()), [answer("e1", 0, "200", "OptIn")]);
    world.site.script().mute = true;
    assert_eq!(hear(&mut world, list("r2", [event("e1"), event("e2")])).await.len(), 1);
    world.vtn.forget();
    world.pass(310).await;
    assert_eq!(answers(&world.vtn.one()), [answer("e2", 0, "200", "OptOut")]);
}

#[tokio::test]
async fn rule_405_takes_in_the_events_there_are_at_registration() {
    let mut world = World::new().await;
    world.vtn.state().events = vec![event("e1")];
    world.step().await;
    let created: OadrCreatedEvent = world.vtn.one();
    assert_eq!(answers(&created), [answer("e1", 0, "200", "OptIn")]);
    assert_eq!(created.answers()[0].request_id, "list");
}

#[tokio::test]
async fn rule_500_drains_the_queue_and_answers_each_before_the_next_poll() {
    let mut world = World::registered().await;
    world.vtn.queue(list("r1", [event("e1")]));
    world.vtn.queue(list("r2", [event("e1"), event("e2")]));
    world.vtn.queue(list("r3", []));
    world.pass(11).await;
    let heard: Vec<_> = world.vtn.state().heard.iter().map(|(_, m)| m.name()).collect();
    let (poll, created) = ("oadrPoll", "oadrCreatedEvent");
    assert_eq!(heard, [poll, created, poll, created, poll, poll]);
    assert_eq!(world.status().events, [], "rule 61");
}

#[tokio::test]
async fn rule_33_answers_what_is_never_sent_to_a_ven_with_459() {
    let mut world = World::registered().await;
    world.vtn.queue(OadrPoll { schema_version: None, ven_id: "ven-1".into() });
    world.pass(11).await;
    let answer: OadrResponse = world.vtn.one();
    assert_eq!(answer.ei_response.response_code.value(), "459");
}
