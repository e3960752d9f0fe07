//! EiOpt, VEN under test: what the customer's choices become. OpenADR 2.0b Profile, rules 42,
//! 200 to 211, 510.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{EiTarget, OptType};
use oadr_schemas::openadr::is_device_class;
use oadr_schemas::openadr::oadr::{OadrCancelOpt, OadrCreateOpt, OadrCreatedEvent};

use super::{Heard, VenPlay};
use crate::hook::VenSettings;
use crate::say::event::{self, Change as _};
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("opt-send-schedule", |play| Box::pin(send_schedule(play)))
        .given("a registered VEN that can send opt schedules")
        .when("the customer says to be away for an hour")
        .expect(
            "oadrCreateOpt with these times and nothing beside them, optID and venID; no event, and only listed device classes",
        )
        .rules(&["200", "204", "206", "208", "209"])
        .needs(&["opt_schedule"])
        .feature("opt-schedules"),
    Scenario::ven("opt-send-event", |play| Box::pin(send_event(play)))
        .given("a VEN that opted in to an event that is to be answered")
        .when("the customer opts one resource out, and back in")
        .expect(
            "oadrCreateOpt with the event and without schedule or market context, or an oadrCreatedEvent under the list's requestID; a new opt each time, and no oadrCancelOpt",
        )
        .rules(&["42", "206", "211", "510"])
        .needs(&["opt_event"]),
];

async fn send_schedule(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let (from, length_s) = (play.in_s(7200), 3600);
    let hook = play.hook();
    let told = hook.opt_schedule("optOut", from, length_s).await?;
    let soon = play.soon();
    let heard = play.hear_when::<OadrCreateOpt>(soon, |_| true).await?;
    let Some((heard, opt)) = heard else {
        let saw = play.so_far();
        return play.fail(&["206"], "the VTN is told in oadrCreateOpt", saw);
    };
    play.equal(&["206"], "it is the opt that was chosen", (&opt.opt_type, &OptType::OptOut));
    of_this_ven(play, &opt)?;
    let known = told.is_empty() || told == opt.opt_id;
    play.check(&["204"], "the optID is the one the site knows", known, (&told, &opt.opt_id));
    let event = &opt.qualified_event_id;
    play.check(&["206"], "a schedule is about no event", event.is_none(), event);
    times(play, &opt, (from, length_s));
    let extras = extras(&heard);
    let what = "the schedule holds dtstart and duration and nothing else";
    play.check(&["200"], what, extras.is_empty(), extras);
    if let Some(classes) = &opt.oadr_device_class {
        let assets = &classes.end_device_asset;
        let listed = assets.iter().all(|asset| is_device_class(&asset.mrid));
        let only = classes.criteria().count() == assets.len();
        let what = "oadrDeviceClass names device classes of the profile and nothing else";
        play.check(&["209"], what, !assets.is_empty() && listed && only, classes);
    }
    Ok(())
}

/// Rules 204, 208.
fn of_this_ven(play: &mut VenPlay, opt: &OadrCreateOpt) -> Ended {
    let ven_id = play.ven()?.ven_id;
    play.check(&["204"], "it has an optID", !opt.opt_id.is_empty(), &opt.opt_id);
    play.equal(&["208"], "it has the VEN's own venID", (&opt.ven_id, &ven_id));
    Ok(())
}

fn times(play: &mut VenPlay, opt: &OadrCreateOpt, (from, length_s): (Timestamp, u32)) {
    let times: Vec<_> = opt.vavailability.iter().flat_map(|one| one.times()).collect();
    let seconds = |at: usize| times[at].1.exact().map(|length| length.as_secs());
    let fits = times.len() == 1
        && times[0].0.as_second() == from.as_second()
        && seconds(0) == Some(i64::from(length_s));
    play.check(&["206"], "vavailability holds the times that were chosen", fits, &times);
}

/// Elements that have no place in the properties of a schedule.
fn extras(heard: &Heard) -> Vec<String> {
    let text = String::from_utf8_lossy(&heard.http.body).into_owned();
    let Ok(tree) = roxmltree::Document::parse(&text) else { return Vec::new() };
    let all = tree.descendants().filter(|node| node.tag_name().name() == "properties");
    let inside = all.flat_map(|node| node.children().filter(roxmltree::Node::is_element));
    let names = inside.map(|node| node.tag_name().name().to_owned());
    names.filter(|name| !["dtstart", "duration"].contains(&name.as_str())).collect()
}

/// What tells the VTN of a change of mind.
enum Told {
    Opt(Box<OadrCreateOpt>),
    Answer(Box<OadrCreatedEvent>),
}

async fn send_event(play: &mut VenPlay) -> Ended {
    let resources = boot_with_resources(play).await?;
    let named: Vec<&str> = resources.iter().map(String::as_str).collect();
    let (id, request_id) = (play.unique("event"), play.unique("list"));
    let event = event::simple(&id, play.in_s(3600), 600);
    let target = match named.is_empty() {
        true => EiTarget::recipient(),
        false => EiTarget::resources(named.iter().copied()),
    };
    let list = play.list(&request_id, vec![event.target(target)]);
    play.tell(list).await?;
    let soon = play.soon();
    let Some(first) = play.hear::<OadrCreatedEvent>(soon).await? else {
        let saw = play.so_far();
        return play.fail(&["206"], "the event is answered at first", saw);
    };
    let one = &named[..named.len().min(1)];
    let mut minds = [("optOut", OptType::OptOut), ("optIn", OptType::OptIn)];
    // To be told, a change of mind has to be one.
    if first.answers().iter().any(|one| one.opt_type == OptType::OptOut) {
        minds.reverse();
    }
    for (opt, wanted) in minds {
        play.forget();
        play.hook().opt_event(&id, opt, one).await?;
        let told = told(play, opt).await?;
        judge(play, &told, (&id, &request_id), &wanted)?;
        if let (Told::Opt(create), [resource]) = (&told, one) {
            let target = &create.ei_target;
            let only = target.resource_id.as_slice() == [*resource];
            let what = format!("{opt} is told for the resource that was chosen");
            play.check(&["206"], what, only, target);
        }
    }
    play.settle().await?;
    let cancelled = play.all::<OadrCancelOpt>();
    let what = "an opt of a pending event is not cancelled";
    play.check(&["211"], what, cancelled.is_empty(), &cancelled);
    Ok(())
}

/// Boots a VEN of two resources; of its own, if it cannot be told.
async fn boot_with_resources(play: &mut VenPlay) -> Result<Vec<String>, Stop> {
    let resources = vec!["resource-a".to_owned(), "resource-b".to_owned()];
    let settings = VenSettings { resources: resources.clone(), ..VenSettings::default() };
    match play.boot_as(&settings).await {
        Ok(()) => Ok(resources),
        Err(Stop::Skip(_)) => play.boot().await.map(|()| Vec::new()),
        Err(other) => Err(other),
    }
}

/// Waits for either way to tell the VTN.
async fn told(play: &mut VenPlay, opt: &str) -> Result<Told, Stop> {
    let end = play.in_s(i64::try_from(play.soon()).unwrap_or(0));
    play.settle().await?;
    loop {
        if let Some((_, create)) = play.all::<OadrCreateOpt>().pop() {
            return Ok(Told::Opt(Box::new(create)));
        }
        if let Some((_, created)) = play.all::<OadrCreatedEvent>().pop() {
            return Ok(Told::Answer(Box::new(created)));
        }
        let cancelled = !play.all::<OadrCancelOpt>().is_empty();
        if cancelled {
            let saw = play.so_far();
            return play.fail(&["211"], "an opt of an event is not cancelled", saw);
        }
        if play.now() >= end {
            let saw = play.so_far();
            return play.fail(&["206", "510"], format!("the VTN is told of the {opt}"), saw);
        }
        play.wait_a_little().await?;
    }
}

fn judge(
    play: &mut VenPlay,
    told: &Told,
    (event, request_id): (&str, &str),
    wanted: &OptType,
) -> Ended {
    match told {
        Told::Opt(create) => {
            of_this_ven(play, create)?;
            let of = create.qualified_event_id.as_ref();
            let of = of.map(|of| (of.event_id.as_str(), of.modification_number));
            play.equal(&["206"], "it names the event as it last came", (of, Some((event, 0))));
            let (schedule, market) = (&create.vavailability, &create.market_context);
            let bare = schedule.is_none() && market.is_none();
            let what = "the opt of an event has neither vavailability nor marketContext";
            play.check(&["206"], what, bare, (schedule, market));
            play.equal(&["206"], "it is the opt that was chosen", (&create.opt_type, wanted));
        }
        Told::Answer(created) => {
            let answer =
                created.answers().iter().find(|one| one.qualified_event_id.event_id == event);
            let opt = answer.map(|one| &one.opt_type);
            play.equal(&["206"], "it is the opt that was chosen", (opt, Some(wanted)));
            let id = answer.map(|one| one.request_id.as_str());
            let what = "it repeats the requestID of the list that brought the event";
            play.equal(&["42"], what, (id, Some(request_id)));
        }
    }
    Ok(())
}
