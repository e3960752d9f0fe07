//! EiOpt: OpenADR 2.0b Profile, rules 200 to 211. The form of each message is held by the
//! script (check_opt).
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::make::{event, list, never};
use common::{World, t};
use oadr_platform::Interval;
use oadr_platform::opt::{Opt, OptReason, OptSchedule};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::*;
use oadr_ven::Error;

fn schedule(id: &str, resources: &[&str]) -> OptSchedule {
    OptSchedule {
        id: id.into(),
        opt: Opt::Out,
        reason: OptReason::Schedule,
        market_context: Some("http://market.example/A".into()),
        resources: resources.iter().map(|id| (*id).into()).collect(),
        intervals: vec![Interval::new(t("2026-06-02T00:00:00Z"), Duration::from_secs(86_400))],
    }
}

#[tokio::test]
async fn opt_send_schedule_has_times_and_no_event() {
    let mut world = World::registered().await;
    world.handle().opt_schedule(schedule("day-off", &[])).await.unwrap();
    world.step().await;
    let create: OadrCreateOpt = world.vtn.one();
    assert_eq!((create.opt_id.as_str(), &create.opt_type), ("day-off", &OptType::OptOut));
    assert_eq!(create.ei_target.ven_id, ["ven-1"], "rule 202: all resources");
    assert_eq!(create.qualified_event_id, None, "rule 206");
    let times: Vec<_> = create.vavailability.unwrap().times().collect();
    assert_eq!((times.len(), times[0].0), (1, t("2026-06-02T00:00:00Z")));
    assert_eq!(world.status().opts, (1, 0));
    world.vtn.forget();
    world.pass(60).await;
    assert_eq!(world.vtn.names(), Vec::<&str>::new(), "once");
}

#[tokio::test]
async fn a_schedule_may_name_resources() {
    let mut world = World::registered().await;
    world.handle().opt_schedule(schedule("s", &["heater"])).await.unwrap();
    world.step().await;
    let target = world.vtn.one::<OadrCreateOpt>().ei_target;
    assert_eq!((target.resource_id.as_slice(), target.ven_id.len()), (&["heater".into()][..], 0));
}

#[tokio::test]
async fn an_opt_outlives_silence_and_restarts_until_the_vtn_has_taken_it() {
    let mut world = World::registered().await;
    world.vtn.state().away = Some(None);
    world.handle().opt_schedule(schedule("s", &[])).await.unwrap();
    world.step().await;
    world.restart().await;
    world.pass(30).await;
    assert_eq!(world.status().opts, (0, 1));
    world.vtn.state().away = None;
    world.pass(70).await;
    assert_eq!(world.vtn.all::<OadrCreateOpt>().len(), 1);
    assert_eq!(world.status().opts, (1, 0));
}

#[tokio::test]
async fn opt_send_event_names_the_event_and_is_reverted_by_another() {
    let mut world = World::registered().await;
    world.vtn.queue(list("r1", [event("e1")]));
    world.pass(11).await;
    world.vtn.forget();
    let handle = world.handle();
    let (e1, resources) = ("e1".into(), vec!["heater".into()]);
    let id = handle.opt_event(&e1, Opt::Out, OptReason::MustRun, resources).await.unwrap();
    world.step().await;
    let create: OadrCreateOpt = world.vtn.one();
    let named = create.qualified_event_id.unwrap();
    assert_eq!((named.event_id.as_str(), named.modification_number), ("e1", 0));
    assert_eq!((create.vavailability, create.market_context), (None, None), "rule 206");
    assert_eq!(create.ei_target.resource_id, ["heater"]);
    assert!(matches!(handle.cancel_opt(&id).await, Err(Error::NotAllowed { rule: 211, .. })));
    world.vtn.forget();
    world.pass(1).await;
    handle.opt_event(&e1, Opt::In, OptReason::Participating, vec![]).await.unwrap();
    world.step().await;
    assert_eq!(world.vtn.one::<OadrCreateOpt>().opt_type, OptType::OptIn);
}

#[tokio::test]
async fn rule_206_has_no_opt_for_an_event_that_wants_no_answer() {
    let mut world = World::registered().await;
    world.vtn.queue(list("r1", [never(event("e1"))]));
    world.pass(11).await;
    let handle = world.handle();
    let refused = handle.opt_event(&"e1".into(), Opt::Out, OptReason::Economic, vec![]).await;
    assert!(matches!(refused, Err(Error::NotAllowed { rule: 206, .. })));
    let unknown = handle.opt_event(&"e2".into(), Opt::Out, OptReason::Economic, vec![]).await;
    assert!(matches!(unknown, Err(Error::UnknownEvent(_))));
}

#[tokio::test]
async fn cancelling_a_schedule_is_durable_too() {
    let mut world = World::registered().await;
    world.handle().opt_schedule(schedule("s", &[])).await.unwrap();
    world.step().await;
    world.vtn.state().away = Some(None);
    world.handle().cancel_opt(&"s".into()).await.unwrap();
    world.restart().await;
    world.vtn.state().away = None;
    world.step().await;
    let cancel: OadrCancelOpt = world.vtn.one();
    assert_eq!((cancel.opt_id.as_str(), cancel.ven_id.as_str()), ("s", "ven-1"), "rule 208");
    assert_eq!(world.status().opts, (0, 0));
    let again = world.handle().cancel_opt(&"s".into()).await;
    assert!(matches!(again, Err(Error::UnknownOpt(_))));
}

#[tokio::test]
async fn a_refused_opt_is_told_and_not_repeated() {
    let mut world = World::registered().await;
    world.vtn.refuse("oadrCreateOpt", Code::NotAllowed, 1);
    world.handle().opt_schedule(schedule("s", &[])).await.unwrap();
    world.step().await;
    world.pass(120).await;
    assert_eq!(world.vtn.all::<OadrCreateOpt>().len(), 1);
    assert_eq!(world.status().opts, (0, 1));
}

#[tokio::test]
async fn schedules_of_the_site_are_created_replaced_and_cancelled_with_it() {
    let mut world = World::registered().await;
    world.site.script().schedules = vec![schedule("s", &[])];
    world.pass(61).await;
    assert_eq!(world.vtn.one::<OadrCreateOpt>().opt_id, "s");
    world.vtn.forget();
    world.site.script().schedules = vec![schedule("s", &["heater"])];
    world.pass(61).await;
    assert_eq!(world.vtn.one::<OadrCreateOpt>().ei_target.resource_id, ["heater"]);
    world.vtn.forget();
    world.site.script().schedules.clear();
    world.pass(61).await;
    assert_eq!(world.vtn.one::<OadrCancelOpt>().opt_id, "s");
    assert_eq!(world.status().opts, (0, 0));
}

#[tokio::test]
async fn a_schedule_without_times_is_refused_at_once() {
    let world = World::registered().await;
    let empty = OptSchedule { intervals: vec![], ..schedule("s", &[]) };
    let refused = world.handle().opt_schedule(empty).await;
    assert!(matches!(refused, Err(Error::NotAllowed { rule: 206, .. })));
}
