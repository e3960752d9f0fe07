//! EiRegisterParty: OpenADR 2.0b Profile, rules 301, 309, 400 to 407, 517.

mod common;

use std::time::Duration;

use common::World;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::oadr::*;
use oadr_ven::Settings;

fn cancellation(registration_id: &str) -> OadrCancelPartyRegistration {
    OadrCancelPartyRegistration {
        schema_version: None,
        request_id: "c1".into(),
        registration_id: registration_id.into(),
        ven_id: Some("ven-1".into()),
    }
}

fn reregistration(ven_id: &str) -> OadrRequestReregistration {
    OadrRequestReregistration { schema_version: None, ven_id: ven_id.into() }
}

#[tokio::test]
async fn rule_405_registers_first_then_metadata_and_events_before_anything_else() {
    let mut world = World::new().await;
    world.step().await;
    let heard: Vec<_> = world.vtn.state().heard.iter().map(|(_, m)| m.name()).collect();
    let wanted =
        ["oadrCreatePartyRegistration", "oadrRegisterReport", "oadrRequestEvent", "oadrPoll"];
    assert_eq!(heard, wanted);
    let create = world.vtn.one::<OadrCreatePartyRegistration>();
    assert_eq!((create.registration_id, create.ven_id), (None, None), "rule 402");
    assert_eq!(create.oadr_http_pull_model, Some(true), "rule 402");
    assert_eq!(world.status().ven_id.as_deref(), Some("ven-1"));
}

#[tokio::test]
async fn a_query_comes_before_the_registration_if_it_is_wanted() {
    let settings = Settings { query_first: true, ..Settings::default() };
    let mut world = World::with(settings).await;
    world.step().await;
    let wanted = ["oadrQueryRegistration", "oadrCreatePartyRegistration"];
    assert_eq!(world.vtn.names()[..2], wanted);
}

#[tokio::test]
async fn rule_402_sends_a_preset_ven_id_with_the_first_registration() {
    let settings = Settings { ven_id: Some("ven-1".into()), ..Settings::default() };
    let mut world = World::with(settings).await;
    world.step().await;
    let create = world.vtn.one::<OadrCreatePartyRegistration>();
    assert_eq!(create.ven_id.as_deref(), Some("ven-1"));
}

#[tokio::test]
async fn ids_survive_a_restart() {
    let mut world = World::registered().await;
    world.restart().await;
    world.step().await;
    assert_eq!(world.vtn.names(), Vec::<&str>::new());
    assert_eq!(world.vtn.one::<OadrPoll>().ven_id, "ven-1");
}

#[tokio::test]
async fn rule_309_owes_metadata_and_events_after_a_crash_right_after_registering() {
    let mut world = World::new().await;
    world.vtn.state().away_after = Some(1);
    world.step().await;
    assert_eq!(world.vtn.names(), ["oadrCreatePartyRegistration"]);
    world.restart().await;
    world.vtn.state().away_after = None;
    world.step().await;
    let wanted = ["oadrCreatePartyRegistration", "oadrRegisterReport", "oadrRequestEvent"];
    assert_eq!(world.vtn.names(), wanted);
}

#[tokio::test]
async fn rule_401_registers_again_with_both_ids_when_asked() {
    let mut world = World::registered().await;
    world.vtn.queue(reregistration("ven-1"));
    world.pass(11).await;
    assert_eq!(world.vtn.names(), ["oadrResponse", "oadrCreatePartyRegistration"]);
    let create = world.vtn.one::<OadrCreatePartyRegistration>();
    assert_eq!(create.registration_id.as_deref(), Some("reg-1"));
    assert_eq!(create.ven_id.as_deref(), Some("ven-1"));
    world.vtn.forget();
    world.pass(11).await;
    assert_eq!(world.vtn.polls(), 1, "and goes on");
}

#[tokio::test]
async fn rule_21_reports_a_foreign_ven_id_in_a_request_for_reregistration() {
    let mut world = World::registered().await;
    world.vtn.queue(reregistration("VEN-1"));
    world.pass(11).await;
    let answer = world.vtn.one::<OadrResponse>();
    assert_eq!(answer.ei_response.response_code.value(), "452");
    assert_eq!(world.vtn.names(), ["oadrResponse"]);
}

#[tokio::test]
async fn rule_400_stays_registered_when_a_foreign_registration_is_cancelled() {
    let mut world = World::registered().await;
    world.vtn.queue(cancellation("reg-2"));
    world.pass(11).await;
    let answer = world.vtn.one::<OadrCanceledPartyRegistration>();
    assert_eq!(answer.ei_response.response_code.value(), "452");
    assert!(world.status().registered);
}

#[tokio::test]
async fn rule_407_forgets_the_vtn_when_it_cancels_and_registers_anew_later() {
    let mut world = World::registered().await;
    world.vtn.queue(cancellation("reg-1"));
    world.pass(11).await;
    let answer = world.vtn.one::<OadrCanceledPartyRegistration>();
    assert_eq!(answer.ei_response.response_code.value(), "200");
    assert_eq!(answer.ei_response.request_id, "c1");
    assert!(!world.status().registered);
    world.vtn.forget();
    world.pass(280).await;
    assert_eq!(world.vtn.state().heard.len(), 0, "silent until its time");
    world.pass(30).await;
    let create = world.vtn.one::<OadrCreatePartyRegistration>();
    assert_eq!((create.registration_id, create.ven_id), (None, None));
}

#[tokio::test]
async fn rule_401_registers_when_it_is_powered_up_before_its_time() {
    let mut world = World::registered().await;
    world.vtn.queue(cancellation("reg-1"));
    world.pass(11).await;
    world.vtn.forget();
    world.restart().await;
    world.step().await;
    let create = world.vtn.one::<OadrCreatePartyRegistration>();
    assert_eq!((create.registration_id, create.ven_id), (None, None));
}

#[tokio::test]
async fn rule_401_stays_away_if_that_is_configured() {
    let settings = Settings { register_again_after: None, ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    world.vtn.queue(cancellation("reg-1"));
    world.pass(11).await;
    world.vtn.forget();
    world.restart().await;
    world.pass(86_400).await;
    assert_eq!(world.vtn.state().heard.len(), 0);
}

#[tokio::test]
async fn rule_407_answers_the_cancellation_after_a_restart_in_between() {
    let mut world = World::registered().await;
    world.vtn.queue(cancellation("reg-1"));
    world.vtn.state().away_after = Some(1);
    world.pass(11).await;
    assert_eq!(world.vtn.names(), Vec::<&str>::new());
    world.restart().await;
    world.vtn.state().away_after = None;
    world.vtn.refuse("oadrCanceledPartyRegistration", Code::NotRegistered, 1);
    world.step().await;
    assert_eq!(world.vtn.names(), ["oadrCanceledPartyRegistration"]);
    assert!(!world.status().registered, "463 to the farewell is as good as 200");
}

#[tokio::test]
async fn rule_517_registers_anew_when_the_vtn_does_not_know_it() {
    for (code, name) in [(Code::NotRegistered, "oadrPoll"), (Code::InvalidId, "oadrPoll")] {
        let mut world = World::registered().await;
        world.vtn.refuse(name, code, 1);
        world.pass(15).await;
        let create = world.vtn.one::<OadrCreatePartyRegistration>();
        assert_eq!((create.registration_id, create.ven_id), (None, None), "{code}");
        assert!(world.status().registered);
    }
}

#[tokio::test]
async fn a_refused_registration_is_tried_again_with_growing_pauses() {
    let mut world = World::new().await;
    world.vtn.refuse("oadrCreatePartyRegistration", Code::NotRegistered, 1_000);
    world.step().await;
    world.pass(600).await;
    let tries = world.vtn.all::<OadrCreatePartyRegistration>().len();
    assert!((10..30).contains(&tries), "{tries} tries in ten minutes");
    assert!(world.status().trouble.is_some_and(|told| told.starts_with("463")));
    world.vtn.refuse("oadrCreatePartyRegistration", Code::NotRegistered, 0);
    world.pass(70).await;
    assert!(world.status().registered);
}

#[tokio::test]
async fn rule_500_polls_no_more_often_than_the_vtn_wishes() {
    let mut world = World::registered().await;
    world.pass(600).await;
    let polls = world.vtn.polls();
    assert!((54..=60).contains(&polls), "{polls} polls in ten minutes of PT10S");
    let settings = Settings { poll_at_least_every: Duration::from_secs(60), ..Settings::default() };
    let mut world = World::registered_with(settings).await;
    world.pass(600).await;
    assert!((9..=10).contains(&world.vtn.polls()));
}
