//! Events that end before their time: cancelled openly, or by being listed no more. OpenADR 2.0b
//! Profile, rules 21, 36, 56, 59 to 62.

use oadr_schemas::openadr::ei::OptType;

use super::changed::{modification, next};
use super::reply::{
    clearly_after, heard_of, lead, reply_to, reply_to_first, site_if_any, taken, tell, wait,
};
use crate::hook::Site;
use crate::say::event::{self, Change as _};
use crate::ven::{VenPlay, said};
use crate::verdict::Ended;

pub async fn known(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let start = play.in_s(lead(play));
    let id = play.unique("event");
    let event = event::simple(&id, start, 600);
    let reply = reply_to_first(play, std::slice::from_ref(&event), "an event").await?;
    taken(play, &["62"], "an event", &reply);
    play.until(clearly_after(start)).await?;
    let cancelled = next(&event).cancelled();
    let what = "the cancellation of an event";
    let reply = reply_to_first(play, &[cancelled], what).await?;
    taken(play, &["36"], what, &reply);
    let found = (modification(&reply), Some(1));
    play.equal(&["36"], "the cancellation's modificationNumber is repeated", found);
    // It may say that it cannot stop.
    let stops = reply.opt() == Some(&OptType::OptIn);
    let other = event::simple(&play.unique("event"), play.in_s(3600), 60);
    let reply = reply_to_first(play, &[other], "another event").await?;
    taken(play, &["62"], "another event", &reply);
    let later = play.soon();
    wait(play, later).await?;
    let answer = heard_of(play, &id);
    let what = "later answers do not speak of the cancelled event";
    play.check(&["36", "59"], what, answer.is_none(), answer);
    if let Some(site) = site_if_any(play).await?.filter(|_| stops) {
        let stopped = is_stopped(&site, &id);
        play.check(
            &["59"],
            "the site follows the cancelled event no more",
            stopped,
            said::site(&site),
        );
    }
    Ok(())
}

pub async fn unknown(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let id = play.unique("event");
    let event = event::simple(&id, play.in_s(3600), 60).modification(1).cancelled();
    let what = "the cancellation of an event it never knew";
    let reply = reply_to_first(play, &[event], what).await?;
    taken(play, &["21", "36", "60", "62"], what, &reply);
    if let Some(site) = site_if_any(play).await? {
        let stopped = is_stopped(&site, &id);
        play.check(&["60"], "the site takes up nothing", stopped, said::site(&site));
    }
    Ok(())
}

pub async fn implied(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let (id, stays) = (play.unique("event"), play.unique("event"));
    let first = event::simple(&id, play.in_s(3600), 60);
    let beside = event::simple(&stays, play.in_s(7200), 60);
    // So that it comes again with a lower number, which only a new event may have.
    let raised = next(&first.clone().values(&[(60, 2)]));
    for event in [&first, &raised] {
        let reply = reply_to_first(play, &[event.clone(), beside.clone()], "an event").await?;
        taken(play, &["62"], "an event, and its modification", &reply);
    }
    tell(play, std::slice::from_ref(&beside)).await?;
    reply_to(play, &stays, "the event that is still listed").await?;
    let later = play.soon();
    wait(play, later).await?;
    let answer = heard_of(play, &id);
    let what = "no answer speaks of the event that is no longer listed";
    play.check(&["61"], what, answer.is_none(), answer);
    if let Some(site) = site_if_any(play).await? {
        let stopped = is_stopped(&site, &id);
        play.check(&["61"], "the site drops what is no longer listed", stopped, said::site(&site));
        let waits = site.event(&stays).is_some();
        play.check(&["61"], "the site keeps what is still listed", waits, said::site(&site));
    }
    let what = "a dropped event that comes again with modificationNumber 0";
    let reply = reply_to_first(play, &[first, beside], what).await?;
    taken(play, &["56", "61"], what, &reply);
    play.equal(&["56"], "it is taken for a new event", (modification(&reply), Some(0)));
    Ok(())
}

/// Whether the site has done with an event.
pub fn is_stopped(site: &Site, event: &str) -> bool {
    site.value_of(event).is_none() && site.event(event).is_none_or(|event| event.state == "over")
}
