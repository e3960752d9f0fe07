//! Which events are answered, and how an answer looks. OpenADR 2.0b Profile, rules 12, 19, 35, 36,
//! 42, 43, 48, 56, 62, 206.

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::EiTarget;
use oadr_schemas::openadr::oadr::{OadrCreateOpt, OadrCreatedEvent, OadrEvent};

use super::reply::{Reply, heard_of, replies, reply_to, taken, tell, wait};
use crate::hook::VenSettings;
use crate::say::event::{self, Change as _};
use crate::ven::VenPlay;
use crate::verdict::{Ended, Stop};

pub async fn always(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let (id, other) = (play.unique("event"), play.unique("event"));
    let start = play.in_s(3600);
    let known = event::simple(&id, start, 60);
    let request_id = play.unique("list");
    let list = play.list(&request_id, vec![known.clone()]);
    play.tell(list.clone()).await?;
    let reply = reply_to(play, &id, "a new event").await?;
    well_formed(play, "a new event", &request_id, &reply);
    play.forget();
    play.tell(list).await?;
    let reply = reply_to(play, &id, "the same event again").await?;
    well_formed(play, "the same event again", &request_id, &reply);
    play.forget();
    let both = play.list(&request_id, vec![known, event::simple(&other, start, 60)]);
    play.tell(both).await?;
    let what = "another event under the same requestID, and the known one beside it";
    for reply in replies(play, &[&other, &id], what).await? {
        well_formed(play, "each event of a list under the same requestID", &request_id, &reply);
    }
    Ok(())
}

/// Checks the form of an answer that says 200.
fn well_formed(play: &mut VenPlay, what: &str, request_id: &str, reply: &Reply) {
    let outer = &reply.outer;
    play.check(&["35"], format!("{what}: the outer code is 200"), outer.is_ok(), outer);
    let empty = outer.request_id.is_empty();
    play.check(&["42"], format!("{what}: the outer requestID is empty"), empty, outer);
    let inner = reply.answer.as_ref().map_or("", |answer| answer.request_id.as_str());
    let what_inner = format!("{what}: the list's requestID is repeated");
    play.equal(&["42", "43"], what_inner, (inner, request_id));
    taken(play, &["12", "56"], what, reply);
}

pub async fn never(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let id = play.unique("never");
    let start = play.in_s(3600);
    let event = event::never(event::simple(&id, start, 60));
    let changed = event.clone().values(&[(60, 2)]).modification(1);
    let stages = [
        ("when it is new", event),
        ("when it is modified", changed.clone()),
        ("when it is cancelled", changed.modification(2).cancelled()),
    ];
    for (when, event) in stages {
        // The one that is answered shows that the list was read.
        let beside = play.unique("beside");
        tell(play, &[event, event::simple(&beside, start, 60)]).await?;
        reply_to(play, &beside, "an event beside one that wants no answer").await?;
        let later = play.soon();
        wait(play, later).await?;
        let answer = heard_of(play, &id);
        let what = format!("an event that wants no answer gets none {when}");
        play.check(&["12", "36", "62"], what, answer.is_none(), answer);
        let opts = play.all::<OadrCreateOpt>();
        let of_it = opts.iter().map(|(_, opt)| opt).find(|opt| speaks_of(opt, &id));
        let what = format!("no oadrCreateOpt speaks of it {when}");
        play.check(&["206"], what, of_it.is_none(), of_it);
    }
    Ok(())
}

fn speaks_of(opt: &OadrCreateOpt, event: &str) -> bool {
    opt.qualified_event_id.as_ref().is_some_and(|id| id.event_id == event)
}

pub async fn mixed_validity(play: &mut VenPlay) -> Ended {
    let market_contexts = vec![event::MARKET.to_owned()];
    let bound = VenSettings { market_contexts, ..VenSettings::default() };
    let serves_one = match play.boot_as(&bound).await {
        Err(Stop::Skip(_)) => {
            play.boot().await?;
            false
        }
        booted => booted.map(|()| true)?,
    };
    let (good, bad) = (play.unique("good"), play.unique("bad"));
    let start = play.in_s(3600);
    let foreign = foreign(event::simple(&bad, start, 60), serves_one);
    tell(play, &[foreign, event::simple(&good, start, 60)]).await?;
    let reply = reply_to(play, &good, "a good event beside a bad one").await?;
    let outer = &reply.outer;
    play.check(&["48"], "the outer code is 200, though one event is bad", outer.is_ok(), outer);
    taken(play, &["19"], "a good event beside a bad one", &reply);
    // The bad one may be answered in an oadrCreatedEvent of its own, or not at all (rule 19).
    let later = play.soon();
    wait(play, later).await?;
    let refused = |reply: &Reply| *reply.code().value() == Code::TargetMismatch.to_string();
    let answer = heard_of(play, &bad);
    let holds = answer.as_ref().is_none_or(refused);
    play.check(&["48"], "the bad event is answered with 462, if at all", holds, &answer);
    let out = answer.as_ref().and_then(Reply::opt).is_none_or(|opt| opt.to_string() == "optOut");
    play.check(&["48"], "the bad event is not opted in to", out, &answer);
    let outside: Vec<_> = play.all::<OadrCreatedEvent>().into_iter().map(|(_, one)| one).collect();
    let all_ok = outside.iter().all(|one| one.ei_created_event.ei_response.is_ok());
    play.check(&["48"], "no oadrCreatedEvent has an outer error", all_ok, outside);
    Ok(())
}

/// An event that is not for this VEN: of a foreign market context, if it serves only one.
fn foreign(event: OadrEvent, serves_one: bool) -> OadrEvent {
    match serves_one {
        true => event.market(FOREIGN_MARKET),
        false => event.target(EiTarget::resources([FOREIGN_RESOURCE])),
    }
}

/// A market context that no VEN serves.
pub const FOREIGN_MARKET: &str = "http://conformance.example/foreign";
/// A resource that no VEN has.
pub const FOREIGN_RESOURCE: &str = "kit-foreign-resource";
