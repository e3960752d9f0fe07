//! What holds for every exchange, VEN under test. OpenADR 2.0b Profile, rules 1, 21, 23, 33, 45,
//! 46, 48, 401, 508, 509, 512.

use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::ei::ResponseCode;
use oadr_schemas::openadr::oadr::{
    OadrCreatePartyRegistration, OadrCreatedEvent, OadrCreatedPartyRegistration,
    OadrDistributeEvent, OadrEvent, OadrPoll, OadrQueryRegistration, OadrRequestEvent,
    OadrRequestReregistration, OadrResponse,
};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::{self, Code, Message};
use oadr_schemas::xml::DateTime;

use super::event::site_if_any;
use super::{Model, VTN_ID, VenPlay, said};
use crate::base::SCHEMA;
use crate::say;
use crate::say::event::{self, Change as _};
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive, optional};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("base-wellformed", |play| Box::pin(wellformed(play)))
        .given("every document that the VEN sent in this run, and those of one boot more")
        .when("they are looked over")
        .expect(
            "valid by the schema; UTC times ending in Z, durations without decimals; no schemaLocation; schemaVersion 2.0b; its venID in each",
        )
        .rules(&["1", "45", "508", "509"]),
    Scenario::ven("base-tolerant-receiver", |play| Box::pin(tolerant(play)))
        .given("a registered VEN")
        .when(
            "events come whose times have fractions, and whose optional elements are filled, empty and absent",
        )
        .expect("each is taken; what is filled is heeded, what is empty counts as absent")
        .rules(&["1", "46"]),
    Scenario::ven("base-missing-or-wrong", |play| Box::pin(wrong(play)))
        .given("a registered VEN")
        .when("intervals without durations come, and payloads that only VENs send")
        .expect("459; 459 or HTTP 404, and nothing is performed")
        .rules(&["23", "33", "48", "401"]),
    Scenario::ven("base-wrong-id", |play| Box::pin(wrong_id(play)))
        .given("a registered VEN; vtnID and venID have letters")
        .when("messages come with another case of either ID, and with a foreign venID")
        .expect("452, and nothing is performed")
        .rules(&["21", "33", "512"]),
];

async fn wellformed(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let id = play.unique("event");
    let event = event::simple(&id, play.in_s(3600), 60);
    play.distribute(vec![event]).await?;
    // A document with times and durations, from those who can be asked for one.
    let _ = play.hook().opt_schedule("optOut", play.in_s(7200), 3600).await;
    play.pass(play.soon()).await?;
    let (run, own) = (play.setting.sightings.clone(), play.sightings.clone());
    let documents = run.documents() + own.documents();
    if documents == 0 {
        return inconclusive("the VEN sent nothing");
    }
    for (rule, what) in [
        (SCHEMA, "is valid by the schema"),
        ("1", "has UTC times ending in Z and durations without decimals"),
        ("45", "carries no schemaLocation"),
        ("508", "has a venID, if it has a place for one, and that of the registration"),
        ("509", "says schemaVersion 2.0b"),
    ] {
        let bad: Vec<_> = run.of(rule).into_iter().chain(own.of(rule)).collect();
        play.check(&[rule], format!("each of {documents} documents {what}"), bad.is_empty(), bad);
    }
    Ok(())
}

async fn tolerant(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let (id, request_id) = (play.unique("event"), play.unique("list"));
    let list = play.list(&request_id, vec![event::simple(&id, play.in_s(3600), 60)]);
    let text = openadr::encode(list.into(), None).replace("Z</", ".123Z</");
    play.tell_text(Service::EiEvent, text).await?;
    taken(play, &id, &["1"], "an event whose times have fractions of a second").await?;
    for (what, text, test) in
        [("filled", Some("a trial"), true), ("empty", Some(""), false), ("absent", None, false)]
    {
        let (id, request_id) = (play.unique("event"), play.unique("list"));
        let now = play.now_s();
        let event = event::simple(&id, play.in_s(3600), 60).to(|event| {
            let descriptor = &mut event.event_descriptor;
            descriptor.test_event = text.map(str::to_owned);
            descriptor.vtn_comment = text.map(str::to_owned);
            descriptor.modification_reason = text.map(str::to_owned);
            if test {
                let (properties, now) = (&mut event.ei_active_period.properties, DateTime(now));
                event.event_descriptor.modification_date_time = Some(now);
                properties.x_ei_ramp_up = Some(say::seconds(60).into());
                properties.x_ei_recovery = Some(say::seconds(60).into());
            }
        });
        let list = play.list(&request_id, vec![event]);
        play.tell(list).await?;
        let what = format!("an event whose optional elements are {what}");
        taken(play, &id, &["46"], &what).await?;
        let site = site_if_any(play).await?;
        if let Some(held) = site.as_ref().and_then(|site| site.event(&id)) {
            let what = format!("{what} is {}a test event", if test { "" } else { "not " });
            play.equal(&["46"], what, (held.test, test));
        }
    }
    Ok(())
}

/// Checks that an event is answered with 200.
async fn taken(play: &mut VenPlay, id: &str, rules: &[&'static str], what: &str) -> Ended {
    let soon = play.soon();
    let of_it = |created: &OadrCreatedEvent| {
        created.answers().iter().any(|one| one.qualified_event_id.event_id == id)
    };
    let heard = play.hear_when::<OadrCreatedEvent>(soon, of_it).await?;
    let answer = heard.and_then(|(_, created)| {
        created.answers().iter().find(|one| one.qualified_event_id.event_id == id).cloned()
    });
    // Whether it opts in is its own matter.
    let good = answer.as_ref().is_some_and(|one| one.response_code.is_ok());
    let saw = format_args!("{answer:?}; {:?}", play.so_far());
    play.check(rules, format!("{what} is taken: answered with 200"), good, saw);
    Ok(())
}

async fn wrong(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let event = event::simple(&play.unique("event"), play.in_s(3600), 60);
    let event = event.values(&[(30, 1), (30, 2)]).to(|event| {
        for signal in &mut event.ei_event_signals.ei_event_signal {
            signal.intervals.interval.iter_mut().for_each(|one| one.duration = None);
        }
    });
    let told = tell_event(play, event).await?;
    let what = "intervals without durations are refused";
    let refused = told.iter().all(|code| code.value().starts_with('4')) && !told.is_empty();
    play.check(&["48"], what, refused, &told);
    let all = told.iter().all(|code| Code::try_from(code) == Ok(Code::NotCompliant));
    play.check(&["33"], "the code for missing information is 459", all, &told);
    for message in payloads_of_vens(play)? {
        misdirected(play, message).await?;
    }
    goes_on(play).await?;
    if play.claims("push") { optional(pushed(play).await) } else { Ok(()) }
}

/// The same to a PUSH VEN.
async fn pushed(play: &mut VenPlay) -> Ended {
    play.model = Model::Push;
    play.top.state().ven = None;
    play.boot().await?;
    for message in payloads_of_vens(play)? {
        misdirected(play, message).await?;
    }
    Ok(())
}

/// Payloads that travel to a VTN and never back.
fn payloads_of_vens(play: &VenPlay) -> Result<Vec<Message>, Stop> {
    let (ven_id, request_id) = (play.ven()?.ven_id, play.unique("request"));
    let query = OadrQueryRegistration { schema_version: None, request_id: request_id.clone() };
    let poll = OadrPoll { schema_version: None, ven_id: ven_id.clone() };
    let ei_request_event = EiRequestEvent { request_id, ven_id, reply_limit: None };
    let request = OadrRequestEvent { schema_version: None, ei_request_event };
    Ok(vec![request.into(), query.into(), poll.into()])
}

/// Tells the VEN what only a VTN may be told.
async fn misdirected(play: &mut VenPlay, message: Message) -> Ended {
    let name = message.name();
    let rules: &[_] = if name == "oadrQueryRegistration" { &["401"] } else { &["23", "33"] };
    play.forget();
    if play.model == Model::Push {
        let service = match name {
            "oadrRequestEvent" => Service::EiEvent,
            "oadrQueryRegistration" => Service::EiRegisterParty,
            _ => Service::OadrPoll,
        };
        let answer = play.push_text(service, openadr::encode(message, None)).await?;
        let body = openadr::decode(&answer.body, &oadr_schemas::xml::Limits::reports());
        let code = body.ok().and_then(|one| one.message.response().cloned());
        let said = code.is_some_and(|code| is(&code.response_code, Code::NotCompliant));
        let holds = answer.status() == Some(404) || said;
        let what = format!("{name} pushed to a VEN is met with 404 or 459");
        let saw = (&answer.start, String::from_utf8_lossy(&answer.body));
        play.check(rules, what, holds, saw);
        return Ok(());
    }
    play.tell(message).await?;
    play.pass(play.soon()).await?;
    let performed = performed(play);
    let what = format!("{name} brought by a poll is not performed");
    play.check(rules, what, performed.is_empty(), &performed);
    let said: Vec<_> = play.all::<OadrResponse>().into_iter().map(|(_, one)| one).collect();
    let codes = said.iter().map(|one| &one.ei_response.response_code);
    let fits = codes.clone().all(|code| is(code, Code::NotCompliant));
    let what = format!("if {name} is answered, then with 459");
    play.check(&["33"], what, fits, codes.collect::<Vec<_>>());
    Ok(())
}

/// What a VEN says only where it takes itself for a VTN.
fn performed(play: &VenPlay) -> Vec<String> {
    let lists = play.all::<OadrDistributeEvent>().len();
    let registrations = play.all::<OadrCreatedPartyRegistration>().len();
    play.names().into_iter().take(if lists + registrations > 0 { 9 } else { 0 }).collect()
}

fn is(code: &ResponseCode, wanted: Code) -> bool {
    Code::try_from(code) == Ok(wanted)
}

/// After all that, a good event is answered.
async fn goes_on(play: &mut VenPlay) -> Ended {
    let id = play.unique("event");
    let event = event::simple(&id, play.in_s(3600), 60);
    play.distribute(vec![event]).await?;
    taken(play, &id, &["33"], "a good event after all that").await
}

/// Tells an event and gives the codes it is answered with, outside and inside.
async fn tell_event(play: &mut VenPlay, event: OadrEvent) -> Result<Vec<ResponseCode>, Stop> {
    let request_id = play.unique("list");
    let list = play.list(&request_id, vec![event]);
    tell_list(play, list).await
}

async fn tell_list(
    play: &mut VenPlay,
    list: OadrDistributeEvent,
) -> Result<Vec<ResponseCode>, Stop> {
    play.forget();
    play.tell(list).await?;
    let soon = play.soon();
    let Some(created) = play.hear::<OadrCreatedEvent>(soon).await? else {
        let other = play.all::<OadrResponse>().into_iter().next();
        return Ok(other.map(|(_, one)| one.ei_response.response_code).into_iter().collect());
    };
    let outer = created.ei_created_event.ei_response.response_code;
    if !outer.is_ok() {
        return Ok(vec![outer]);
    }
    let inside = created.ei_created_event.event_responses;
    let inside = inside.into_iter().flat_map(|inside| inside.event_response);
    Ok(inside.map(|one| one.response_code).collect())
}

async fn wrong_id(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let ven_id = play.ven()?.ven_id;
    let (id, request_id) = (play.unique("event"), play.unique("list"));
    let list = play.list(&request_id, vec![event::simple(&id, play.in_s(3600), 60)]);
    // It is not to come with the next oadrRequestEvent, under the right vtnID.
    play.top.state().events.clear();
    let codes = tell_list(play, OadrDistributeEvent { vtn_id: flipped(VTN_ID), ..list }).await?;
    let refused = !codes.is_empty() && codes.iter().all(|code| is(code, Code::InvalidId));
    let what = "a vtnID in another case is refused with 452";
    play.check(&["21", "33", "512"], what, refused, &codes);
    if let Some(site) = site_if_any(play).await? {
        let free = site.event(&id).is_none();
        let what = "an event under a wrong vtnID is not held";
        play.check(&["21"], what, free, said::site(&site));
    }
    for (what, ven_id) in
        [("a venID in another case", flipped(&ven_id)), ("a foreign venID", "Somebody".to_owned())]
    {
        play.forget();
        let request = OadrRequestReregistration { schema_version: None, ven_id };
        let answer = match play.tell(request).await? {
            Some(Message::OadrResponse(answer)) => Some(answer),
            Some(other) => return play.fail(&["21"], "the answer is oadrResponse", other.name()),
            None => play.hear::<OadrResponse>(play.soon()).await?,
        };
        let code = answer.as_ref().map(|answer| &answer.ei_response.response_code);
        let refused = code.is_some_and(|code| is(code, Code::InvalidId));
        let rules = &["21", "33", "512"];
        let saw = (code, play.so_far());
        play.check(rules, format!("{what} is refused with 452"), refused, saw);
        let obeyed = play.hear::<OadrCreatePartyRegistration>(play.soon()).await?;
        let what = format!("a request to {what} is not obeyed");
        play.check(&["21"], what, obeyed.is_none(), obeyed);
    }
    Ok(())
}

/// Its letters in the other case.
fn flipped(id: &str) -> String {
    let flip = |letter: char| match letter.is_ascii_uppercase() {
        true => letter.to_ascii_lowercase(),
        false => letter.to_ascii_uppercase(),
    };
    id.chars().map(flip).collect()
}
