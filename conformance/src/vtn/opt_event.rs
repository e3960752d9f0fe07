//! EiOpt, VTN under test: the opt state of events. OpenADR 2.0b Profile, rules 16, 17, 33, 206.

use oadr_schemas::openadr::ei::{EiTarget, OptType};
use oadr_schemas::openadr::oadr::OadrCreateOpt;
use oadr_schemas::xml::Text as _;

use super::opt::{refused, taken};
use super::{Party, VtnPlay};
use crate::hook::Event;
use crate::say;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive, optional};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("opt-event-qualify", |play| Box::pin(qualify(play)))
        .given("an event for two resources that the VEN has answered with optIn")
        .when(
            "the VEN takes one resource out by oadrCreateOpt, then answers the event anew by \
             oadrCreatedEvent, before and after it is modified",
        )
        .expect("all is taken; the one resource stays out, the other follows oadrCreatedEvent")
        .rules(&["16", "17", "206"])
        .needs(&["create_event", "opts"]),
    Scenario::vtn("opt-event-bad", |play| Box::pin(bad(play)))
        .given("an event for one resource that the VEN has answered")
        .when(
            "the VEN sends oadrCreateOpt for another resource, with the event and a schedule, \
             and with neither",
        )
        .expect("4xx each, and the VEN's answer stands")
        .rules(&["33", "206"]),
];

/// An event as the VEN has last seen it.
struct Seen {
    id: String,
    modification: u32,
    request_id: String,
}

async fn qualify(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (a, b) = (play.unique("resource"), play.unique("resource"));
    let event = Event {
        resources: vec![a.clone(), b.clone()],
        ..Event::simple(&ven.id(), play.in_s(3600), 1800)
    };
    let id = play.create_event(&event).await?;
    let seen = fetched(play, &mut ven, &id).await?;
    answered(play, &mut ven, &seen, (&["16"], OptType::OptIn)).await?;
    let what = "the first answer counts for every resource";
    states(play, &ven, &id, (&["16"], what), &[(&a, "optIn"), (&b, "optIn")]).await?;
    let opt = for_event(play, &ven, &seen, &a);
    taken(play, &mut ven, opt, (&["206"], "a resource can be taken out of an event")).await?;
    let what = "only the resource named is out";
    states(play, &ven, &id, (&["206"], what), &[(&a, "optOut"), (&b, "optIn")]).await?;
    answered(play, &mut ven, &seen, (&["17"], OptType::OptOut)).await?;
    let what = "what oadrCreateOpt did not name follows oadrCreatedEvent";
    states(play, &ven, &id, (&["17", "206"], what), &[(&b, "optOut")]).await?;
    answered(play, &mut ven, &seen, (&["16"], OptType::OptIn)).await?;
    states(play, &ven, &id, (&["16", "206"], what), &[(&b, "optIn")]).await?;
    let what = "what oadrCreateOpt has set oadrCreatedEvent does not change";
    states(play, &ven, &id, (&["206"], what), &[(&a, "optOut")]).await?;
    optional(modified(play, &mut ven, (&seen, event), (&a, &b)).await)
}

/// The event is modified, and answered as such.
async fn modified(
    play: &mut VtnPlay,
    ven: &mut Party,
    (seen, event): (&Seen, Event),
    (a, b): (&str, &str),
) -> Ended {
    let event = Event { priority: 1, ..event }.values(&[(1800, 2)]);
    if let Err(why) = play.hook().modify_event(&seen.id, &event).await? {
        return inconclusive(format!("the operator side refuses the modification: {why}"));
    }
    let newer = fetched(play, ven, &seen.id).await?;
    if newer.modification <= seen.modification {
        return inconclusive("the event is listed with its old modificationNumber");
    }
    let what = "a modification does not undo an oadrCreateOpt";
    states(play, ven, &seen.id, (&["206"], what), &[(a, "optOut")]).await?;
    answered(play, ven, &newer, (&["16"], OptType::OptIn)).await?;
    let what = "nor does the answer to it";
    states(play, ven, &seen.id, (&["206"], what), &[(a, "optOut")]).await?;
    let what = "the answer to a modification counts for what oadrCreateOpt did not name";
    states(play, ven, &seen.id, (&["16"], what), &[(b, "optIn")]).await
}

async fn bad(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let neither = say::opt::bare(&ven, &play.unique("opt"), OptType::OptOut, play.now_s());
    let created = play.ask(&mut ven, neither).await?;
    let what = "an opt with neither event nor schedule is refused";
    refused(play, &["33", "206"], what, &created.ei_response);
    optional(bad_for_event(play, &mut ven).await)
}

async fn bad_for_event(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let (a, b) = (play.unique("resource"), play.unique("resource"));
    let start = play.in_s(3600);
    let event = Event { resources: vec![a.clone()], ..Event::simple(&ven.id(), start, 1800) };
    let id = play.create_event(&event).await?;
    let seen = fetched(play, ven, &id).await?;
    answered(play, ven, &seen, (&["16"], OptType::OptIn)).await?;
    let other = for_event(play, ven, &seen, &b);
    let created = play.ask(ven, other).await?;
    let what = "a resource that is not the event's is refused";
    refused(play, &["206"], what, &created.ei_response);
    let opt_id = play.unique("opt");
    let times = (start, 1800);
    let both = OadrCreateOpt {
        vavailability: say::opt::schedule(ven, (&opt_id, OptType::OptOut), times, play.now_s())
            .vavailability,
        ..for_event(play, ven, &seen, &a)
    };
    let created = play.ask(ven, both).await?;
    let what = "an opt with both an event and a schedule is refused";
    refused(play, &["33", "206"], what, &created.ei_response);
    let what = "what is refused changes nothing";
    states(play, ven, &id, (&["206"], what), &[(&a, "optIn")]).await
}

/// The event as oadrRequestEvent brings it; that it does is for other scenarios to judge.
async fn fetched(play: &mut VtnPlay, ven: &mut Party, id: &str) -> Result<Seen, Stop> {
    let list = play.events(ven).await?;
    let Some(event) = say::event::find(&list, id) else {
        return inconclusive("an event that was created is not listed");
    };
    let modification = event.modification_number();
    Ok(Seen { id: id.to_owned(), modification, request_id: list.request_id.clone() })
}

/// oadrCreatedEvent for the whole event.
async fn answered(
    play: &mut VtnPlay,
    ven: &mut Party,
    seen: &Seen,
    (rules, opt): (&[&'static str], OptType),
) -> Ended {
    let event = (seen.id.as_str(), seen.modification);
    let what = format!("{} by oadrCreatedEvent is taken", opt.text());
    let response = play.ask(ven, say::event::answer(ven, event, opt, &seen.request_id)).await?;
    play.taken(rules, what, &response.ei_response);
    Ok(())
}

/// optOut for one resource of an event.
fn for_event(play: &VtnPlay, ven: &Party, seen: &Seen, resource: &str) -> OadrCreateOpt {
    let id = play.unique("opt");
    let event = (seen.id.as_str(), seen.modification);
    let opt = say::opt::event(ven, (&id, OptType::OptOut), event, play.now_s());
    OadrCreateOpt { ei_target: EiTarget::resources([resource]), ..opt }
}

/// That the VTN has this stored of these resources.
async fn states(
    play: &mut VtnPlay,
    ven: &Party,
    event: &str,
    (rules, what): (&[&'static str], &str),
    wanted: &[(&str, &str)],
) -> Ended {
    let stored = play.hook().opts(&ven.id(), event).await?;
    let of = |resource: &str| {
        let own = stored.iter().find(|one| one.resource.as_deref() == Some(resource));
        let other = || stored.iter().find(|one| one.resource.is_none());
        own.or_else(other).map(|one| one.opt.as_str())
    };
    let hold = wanted.iter().all(|(resource, opt)| of(resource) == Some(*opt));
    let found = say::saw::list(
        stored
            .iter()
            .map(|one| format!("{} {}", one.resource.as_deref().unwrap_or("all"), one.opt)),
    );
    let due = say::saw::list(wanted.iter().map(|(resource, opt)| format!("{resource} {opt}")));
    play.check(rules, what, hold, format_args!("{found:?} instead of {due:?}"));
    Ok(())
}
