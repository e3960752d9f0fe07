//! EiOpt, VTN under test: schedules. OpenADR 2.0b Profile, rules 202 to 205, 207 to 211.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::{EiResponse, EiTarget, OptType};
use oadr_schemas::openadr::oadr::OadrCreateOpt;

use super::{Party, VtnPlay, has_code};
use crate::hook::{Event, StoredSchedule};
use crate::say;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive, optional};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("opt-schedule", |play| Box::pin(schedule(play)))
        .given("a registered VEN")
        .when(
            "it sends optOut schedules without targets: one with a requestID, one with an empty \
             one, one of duration 0",
        )
        .expect(
            "each is taken, optID and requestID are repeated, and it is kept for all resources, \
             the last without end",
        )
        .rules(&["202", "204", "207", "210"]),
    Scenario::vtn("opt-wrong-ven", |play| Box::pin(wrong_ven(play)))
        .given("two registered VENs, one of which has a schedule")
        .when("the other sends a schedule, and cancels that one, under the venID of the first")
        .expect("both are refused with 452, and the first VEN's schedules are as before")
        .rules(&["208", "517"]),
    Scenario::vtn("opt-supersede", |play| Box::pin(supersede(play)))
        .given("an optOut schedule for two resources and an optIn schedule for one of them")
        .when("a new optOut schedule comes for one resource, then one for the whole VEN")
        .expect(
            "the first leaves the other resource alone, the second replaces every optOut \
             schedule, and optIn stays",
        )
        .rules(&["203"])
        .needs(&["schedules"]),
    Scenario::vtn("opt-scope", |play| Box::pin(scope(play)))
        .given("a registered VEN")
        .when(
            "it sends a schedule with a market context, one with a device class and a resource, \
             and one with a device class that does not exist",
        )
        .expect("the first is kept for that market context, the second for both, the third is 4xx")
        .rules(&["205", "209"])
        .needs(&["schedules"]),
    Scenario::vtn("opt-cancel", |play| Box::pin(cancel(play)))
        .given("two schedules under one optID, and one that a newer one has replaced")
        .when("the VEN cancels the shared optID, the replaced one and one that was never used")
        .expect("200 and both schedules are gone, 200, 452")
        .rules(&["204", "207", "208", "211"]),
];

async fn schedule(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (now, from) = (play.now_s(), play.in_s(3600));
    let id = play.unique("opt");
    let named = say::opt::schedule(&ven, (&id, OptType::OptOut), (from, HOUR), now);
    taken(play, &mut ven, named, (&["202"], "a schedule without targets is taken")).await?;
    optional(stored(play, &ven, &id, (from, Some(HOUR))).await)?;
    let id = play.unique("opt");
    let silent = say::opt::schedule(&ven, (&id, OptType::OptOut), (from, HOUR), now);
    let silent = OadrCreateOpt { request_id: String::new(), ..silent };
    let what = "a schedule with an empty requestID is taken";
    taken(play, &mut ven, silent, (&["207"], what)).await?;
    let id = play.unique("opt");
    let endless = say::opt::schedule(&ven, (&id, OptType::OptOut), (from, 0), now);
    taken(play, &mut ven, endless, (&["210"], "a schedule of duration 0 is taken")).await?;
    optional(stored(play, &ven, &id, (from, None)).await)
}

/// That a schedule without targets is kept for all resources and its time.
async fn stored(
    play: &mut VtnPlay,
    ven: &Party,
    id: &str,
    (from, length_s): (Timestamp, Option<u32>),
) -> Ended {
    let all = play.hook().schedules(&ven.id()).await?;
    let Some(found) = all.iter().find(|one| one.opt_id == id) else {
        return play.fail(&["202"], "the schedule is kept", schedules(&all));
    };
    play.equal(&["202"], "it is kept as optOut", (found.opt.as_str(), "optOut"));
    let wide = found.resources.is_empty() && found.device_classes.is_empty();
    play.check(
        &["202"],
        "it is kept for all resources",
        wide,
        schedules(std::slice::from_ref(found)),
    );
    play.equal(&["202"], "it begins when it says", (found.from, from));
    let until = length_s.map(|length| from + SignedDuration::from_secs(i64::from(length)));
    match length_s {
        Some(_) => play.equal(&["202"], "it ends when it says", (found.until, until)),
        None => play.equal(&["210"], "it has no end", (found.until, until)),
    };
    Ok(())
}

async fn wrong_ven(play: &mut VtnPlay) -> Ended {
    let (mut first, mut other) = (play.registered().await?, play.registered().await?);
    let (now, times) = (play.now_s(), (play.in_s(3600), HOUR));
    let (own, foreign) = (play.unique("opt"), play.unique("opt"));
    let opt = say::opt::schedule(&first, (&own, OptType::OptOut), times, now);
    taken(play, &mut first, opt, (&["208"], "a schedule under one's own venID is taken")).await?;
    let opt = say::opt::schedule(&first, (&foreign, OptType::OptOut), times, now);
    let created = play.ask(&mut other, opt).await?;
    not_yours(play, "a schedule under another's venID is refused", &created.ei_response);
    let cancel = say::opt::cancel(&first, &own, &play.unique("cancel"));
    let canceled = play.ask(&mut other, cancel).await?;
    not_yours(play, "a cancellation under another's venID is refused", &canceled.ei_response);
    optional(only_own(play, &first, (&own, &foreign)).await)
}

/// Rule 517, and section 9.2.1.1, which has 463 for it: either is taken.
fn not_yours(play: &mut VtnPlay, what: &str, response: &EiResponse) {
    let told = ["452", "463"].contains(&response.response_code.value().as_str());
    play.check(&["208", "517"], format!("{what} with 452"), told, say::saw::response(response));
}

async fn only_own(play: &mut VtnPlay, ven: &Party, (own, foreign): (&str, &str)) -> Ended {
    let all = play.hook().schedules(&ven.id()).await?;
    let has = |id: &str| all.iter().any(|one| one.opt_id == id);
    play.check(&["208"], "what another sent is not kept", !has(foreign), schedules(&all));
    play.check(&["208"], "what another cancelled is kept", has(own), schedules(&all));
    Ok(())
}

async fn supersede(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (a, b) = (play.unique("resource"), play.unique("resource"));
    let (now, times) = (play.now_s(), (play.now_s(), 2 * HOUR));
    let (both, inside) = (play.unique("opt"), play.unique("opt"));
    let (newer, whole) = (play.unique("opt"), play.unique("opt"));
    let opt = |ven: &Party, id: &str, kind, target| OadrCreateOpt {
        ei_target: target,
        ..say::opt::schedule(ven, (id, kind), times, now)
    };
    for (id, kind, target) in [
        (&both, OptType::OptOut, EiTarget::resources([&a, &b])),
        (&inside, OptType::OptIn, EiTarget::resources([&a])),
        (&newer, OptType::OptOut, EiTarget::resources([&a])),
    ] {
        let opt = opt(&ven, id, kind, target);
        taken(play, &mut ven, opt, (&["203"], "a schedule for resources is taken")).await?;
    }
    let all = play.hook().schedules(&ven.id()).await?;
    in_force(play, &all, "the newer schedule holds for its resource", (OUT, &a, &newer));
    in_force(play, &all, "a resource it does not name keeps the older one", (OUT, &b, &both));
    in_force(play, &all, "an optIn schedule stays beside optOut ones", (IN, &a, &inside));
    let target = EiTarget::ven(ven.id());
    let opt = opt(&ven, &whole, OptType::OptOut, target);
    taken(play, &mut ven, opt, (&["203"], "a schedule for the VEN is taken")).await?;
    let all = play.hook().schedules(&ven.id()).await?;
    for resource in [&a, &b] {
        let what = "one for the whole VEN replaces all of its kind";
        in_force(play, &all, what, (OUT, resource, &whole));
    }
    in_force(play, &all, "it leaves the other kind alone", (IN, &a, &inside));
    Ok(())
}

/// That one schedule alone speaks of a resource.
fn in_force(
    play: &mut VtnPlay,
    all: &[StoredSchedule],
    what: &str,
    (opt, resource, wanted): (&str, &String, &str),
) {
    let named = |one: &&StoredSchedule| {
        one.opt == opt && (one.resources.is_empty() || one.resources.contains(resource))
    };
    let mut found: Vec<_> = all.iter().filter(named).map(|one| one.opt_id.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    play.equal(&["203"], what, (found, vec![wanted]));
}

async fn scope(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (now, times) = (play.now_s(), (play.in_s(3600), HOUR));
    in_a_market(play, &mut ven).await?;
    let (id, resource) = (play.unique("opt"), play.unique("resource"));
    let opt = OadrCreateOpt {
        ei_target: EiTarget::resources([&resource]),
        oadr_device_class: Some(EiTarget::device_classes(["Water_Heater"])),
        ..say::opt::schedule(&ven, (&id, OptType::OptOut), times, now)
    };
    let what = "a schedule with a device class and a resource is taken";
    taken(play, &mut ven, opt, (&["209"], what)).await?;
    let all = play.hook().schedules(&ven.id()).await?;
    let kept = all.iter().find(|one| one.opt_id == id);
    let narrow = kept.is_some_and(|one| {
        one.resources == [resource.as_str()] && one.device_classes == ["Water_Heater"]
    });
    play.check(
        &["209"],
        "it is kept for that class of that resource alone",
        narrow,
        schedules(&all),
    );
    let id = play.unique("opt");
    let opt = OadrCreateOpt {
        oadr_device_class: Some(EiTarget::device_classes(["Toaster"])),
        ..say::opt::schedule(&ven, (&id, OptType::OptOut), times, now)
    };
    let created = play.ask(&mut ven, opt).await?;
    refused(play, &["209"], "an unknown device class is refused", &created.ei_response);
    let all = play.hook().schedules(&ven.id()).await?;
    let gone = all.iter().all(|one| one.opt_id != id);
    play.check(&["209"], "what is refused is not kept", gone, schedules(&all));
    Ok(())
}

/// Rule 205. A VTN may serve its own programmes only: then one of those is taken.
async fn in_a_market(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let (now, times) = (play.now_s(), (play.in_s(3600), HOUR));
    let id = play.unique("opt");
    let opt = |ven: &Party, market: &str| OadrCreateOpt {
        market_context: Some(say::event::market(market).market_context),
        ..say::opt::schedule(ven, (&id, OptType::OptOut), times, now)
    };
    let mut market = say::event::MARKET.to_owned();
    let first = opt(ven, &market);
    let mut created = play.ask(ven, first).await?;
    if created.ei_response.response_code.value().starts_with('4') {
        market = usual_market(play, ven).await?;
        let again = opt(ven, &market);
        created = play.ask(ven, again).await?;
    }
    let response = &created.ei_response;
    let what = "a schedule with a market context is taken";
    play.must_be_taken(&["205"], what, response)?;
    let all = play.hook().schedules(&ven.id()).await?;
    let kept = all.iter().find(|one| one.opt_id == id);
    let plain = |uri: &str| uri.trim_end_matches('/').to_ascii_lowercase();
    let of = kept.and_then(|one| one.market_context.as_deref()).map(plain);
    play.equal(&["205"], "it is kept for that market context", (of, Some(plain(&market))));
    Ok(())
}

/// The market context that the VTN gives its events.
async fn usual_market(play: &mut VtnPlay, ven: &mut Party) -> Result<String, Stop> {
    let event = Event::simple(&ven.id(), play.in_s(7200), 600);
    let id = play.create_event(&event).await?;
    let list = play.events(ven).await?;
    match say::event::find(&list, &id) {
        Some(event) => Ok(event.event_descriptor.ei_market_context.market_context.to_string()),
        None => inconclusive("an event that was created is not listed"),
    }
}

async fn cancel(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (now, times) = (play.now_s(), (play.in_s(3600), HOUR));
    let (shared, older, newer) = (play.unique("opt"), play.unique("opt"), play.unique("opt"));
    let (a, b, c) = (play.unique("resource"), play.unique("resource"), play.unique("resource"));
    for (id, resource) in [(&shared, &a), (&shared, &b), (&older, &c), (&newer, &c)] {
        let opt = OadrCreateOpt {
            ei_target: EiTarget::resources([resource]),
            ..say::opt::schedule(&ven, (id, OptType::OptOut), times, now)
        };
        taken(play, &mut ven, opt, (&["204"], "a schedule for a resource is taken")).await?;
    }
    let id = play.unique("cancel");
    cancelled(play, &mut ven, (&shared, &id), (&["204"], "an optID can be cancelled")).await?;
    let what = "it is no error to cancel what was replaced";
    cancelled(play, &mut ven, (&older, ""), (&["211"], what)).await?;
    let unknown = say::opt::cancel(&ven, &play.unique("never-used"), &play.unique("cancel"));
    let canceled = play.ask(&mut ven, unknown).await?;
    let (what, response) = ("an optID that was never used is answered with 452", &canceled);
    let told = response.ei_response.response_code.value() == "452";
    play.check(&["208"], what, told, say::saw::response(&response.ei_response));
    optional(what_is_left(play, &ven, (&shared, &newer)).await)
}

async fn cancelled(
    play: &mut VtnPlay,
    ven: &mut Party,
    (opt_id, request_id): (&str, &str),
    (rules, what): (&[&'static str], &str),
) -> Ended {
    let canceled = play.ask(ven, say::opt::cancel(ven, opt_id, request_id)).await?;
    let response = &canceled.ei_response;
    play.taken(rules, what, response);
    // The schema lets the answer do without.
    let told = canceled.opt_id.as_deref().unwrap_or(opt_id);
    play.equal(&["204"], "the optID, if told, is the one cancelled", (told, opt_id));
    if !request_id.is_empty() {
        let ids = (response.request_id.as_str(), request_id);
        play.equal(&["207"], "the requestID is repeated", ids);
    }
    Ok(())
}

async fn what_is_left(play: &mut VtnPlay, ven: &Party, (shared, newer): (&str, &str)) -> Ended {
    let all = play.hook().schedules(&ven.id()).await?;
    let has = |id: &str| all.iter().any(|one| one.opt_id == id);
    let what = "a cancellation ends every schedule under its optID";
    play.check(&["204"], what, !has(shared), schedules(&all));
    let what = "cancelling a replaced schedule leaves the newer one in force";
    play.check(&["211"], what, has(newer), schedules(&all));
    Ok(())
}

/// Sends an opt that must be taken; checks what the answer repeats. Rule 510 does not demand
/// schedules: a VTN that does not claim them may refuse them.
pub(super) async fn taken(
    play: &mut VtnPlay,
    ven: &mut Party,
    opt: OadrCreateOpt,
    (rules, what): (&[&'static str], &str),
) -> Ended {
    let (opt_id, request_id) = (opt.opt_id.clone(), opt.request_id.clone());
    let names_resources = !opt.ei_target.resource_id.is_empty();
    let needless = opt.vavailability.is_some() && !play.claims("opt-schedules");
    let created = play.ask(ven, opt).await?;
    let response = &created.ei_response;
    if needless && response.response_code.value().starts_with('4') {
        return Err(Stop::Skip(format!(
            "the VTN takes no opt schedule: {:?}",
            say::saw::response(response)
        )));
    }
    if names_resources && has_code(response, &["462"]) {
        return inconclusive(format!(
            "the VTN does not know the VEN's resources: {:?}",
            say::saw::response(response)
        ));
    }
    play.must_be_taken(rules, what, response)?;
    play.equal(&["204"], "the optID is repeated", (&created.opt_id, &opt_id));
    if !request_id.is_empty() {
        play.equal(&["207"], "the requestID is repeated", (&response.request_id, &request_id));
    }
    Ok(())
}

/// Schedules that the VTN has, for people.
fn schedules(all: &[StoredSchedule]) -> say::saw::Saw {
    say::saw::list(all.iter().map(|one| {
        let of = [&one.resources[..], &one.device_classes[..]].concat().join(" ");
        let market = one.market_context.as_deref().unwrap_or_default();
        format!("{} {} [{of}] {market}", one.opt_id, one.opt)
    }))
}

/// That an answer is an error of the application: any code that begins with 4.
pub(super) fn refused(
    play: &mut VtnPlay,
    rules: &[&'static str],
    what: &str,
    response: &EiResponse,
) {
    let refused = response.response_code.value().starts_with('4');
    play.check(rules, what, refused, say::saw::response(response));
}

const HOUR: u32 = 3600;
const IN: &str = "optIn";
const OUT: &str = "optOut";
