//! Events that come again with another modificationNumber. OpenADR 2.0b Profile, rules 20, 57, 58, 62.

use jiff::SignedDuration;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::oadr::OadrEvent;
use rust_decimal::Decimal;

use super::reply::{Reply, clearly_after, lead, reply_to_first, site_if_any, taken};
use crate::say::event::{self, Change as _};
use crate::ven::{VenPlay, said};
use crate::verdict::Ended;

pub async fn modified(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    // The change comes while the first interval runs, and alters what is left.
    let first = u32::try_from(play.soon()).unwrap_or(30) + 3;
    let start = play.in_s(lead(play));
    let id = play.unique("event");
    let event = event::simple(&id, start, 60).values(&[(first, 1), (LEFT_S, 1)]);
    let reply = reply_to_first(play, std::slice::from_ref(&event), "an event").await?;
    taken(play, &["62"], "an event", &reply);
    play.until(clearly_after(start)).await?;
    let changed = next(&event.values(&[(first, 1), (LEFT_S, 2)]));
    let what = "a modification in the middle of the event";
    let reply = reply_to_first(play, std::slice::from_ref(&changed), what).await?;
    taken(play, &["20", "62"], what, &reply);
    let found = (modification(&reply), Some(1));
    play.equal(&["57"], "the answer repeats the new modificationNumber", found);
    let second = start.saturating_add(SignedDuration::from_secs(first.into())).unwrap_or(start);
    play.until(clearly_after(second)).await?;
    if let Some(site) = site_if_any(play).await? {
        let follows = site.value_of(&id) == Some(Decimal::TWO);
        play.check(&["57"], "the site follows the new values", follows, said::site(&site));
        let known = site.event(&id).map(|event| event.modification);
        play.equal(&["57"], "the site knows the new modification", (known, Some(1)));
    }
    Ok(())
}

pub async fn stale(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let (id, start) = (play.unique("event"), play.in_s(3600));
    let mut event = event::simple(&id, start, 60);
    let mut stages = vec![event.clone()];
    for value in [2, 3] {
        event = next(&event.values(&[(60, value)]));
        stages.push(event.clone());
    }
    for stage in &stages {
        let reply = reply_to_first(play, std::slice::from_ref(stage), "an event").await?;
        taken(play, &["62"], "an event and its next modifications, each", &reply);
    }
    let old = stages[1].clone();
    let cases = [
        ("an older modification", old.clone()),
        ("an older modification that says cancelled", old.cancelled()),
    ];
    for (what, event) in cases {
        let reply = reply_to_first(play, &[event], what).await?;
        let found = (reply.code().value().clone(), Code::OutOfSequence.to_string());
        play.equal(&["58"], format!("{what} is answered with 450"), found);
        if let Some(site) = site_if_any(play).await? {
            let known = site.event(&id).map(|event| (event.modification, event.state.as_str()));
            let what = format!("after {what} the site still waits for modification 2");
            play.equal(&["58"], what, (known, Some((2, "waiting"))));
        }
    }
    let what = "the newest modification, told again";
    let reply = reply_to_first(play, std::slice::from_ref(&event), what).await?;
    taken(play, &["58"], what, &reply);
    Ok(())
}

/// The same event as its VTN tells it after a change: one modificationNumber higher.
pub fn next(event: &OadrEvent) -> OadrEvent {
    event.clone().to(|event| event.event_descriptor.modification_number += 1)
}

/// The modificationNumber in an answer.
pub fn modification(reply: &Reply) -> Option<u32> {
    reply.answer.as_ref().map(|answer| answer.qualified_event_id.modification_number)
}

const LEFT_S: u32 = 6;
