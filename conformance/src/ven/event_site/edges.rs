//! Events followed from start to end, without end, and edge to edge; tests. OpenADR 2.0b Profile,
//! rules 6, 18, 31, 32, 47, 114.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::OptType;
use rust_decimal::Decimal;

use super::timeline::{Plan, about, later, watch};
use crate::say::event::{self, Change as _};
use crate::ven::event::reply::{
    clearly_after, lead, replies, reply_to, reply_to_first, tell, wait,
};
use crate::ven::event::{is_stopped, next};
use crate::ven::{VenPlay, said};
use crate::verdict::{Ended, inconclusive};

pub async fn values_followed(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let values = vec![(5, 1), (5, 3), (5, 0)];
    let start = play.in_s(lead(play) + 3);
    let id = play.unique("event");
    let event = event::simple(&id, start, 15).values(&values);
    // It is told of while it is far; from then on nothing is said of it.
    tell(play, &[event]).await?;
    reply_to(play, &id, "an event").await?;
    let site = play.hook().site().await?;
    let known = site.event(&id).map(|event| (event.start, event.end));
    let fits = known.is_some_and(|(from, end)| {
        about(from, start) && end.is_some_and(|end| about(end, later(start, 15)))
    });
    play.check(&["31"], "the site knows when the event starts and ends", fits, said::site(&site));
    play.until(later(start, -2)).await?;
    let seen = watch(play, &id, later(start, 17)).await?;
    let broken = Plan { start, values }.broken_by(&seen);
    let started = seen.iter().any(|sight| sight.value > Decimal::ZERO);
    play.check(&["114"], "the event starts without being told again", started, &seen);
    let what = "the site follows the values and instants, give or take a second";
    play.check(&["31", "32"], what, broken.is_empty(), broken);
    Ok(())
}

pub async fn boundaries(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    endless(play).await?;
    edge_to_edge(play).await
}

async fn endless(play: &mut VenPlay) -> Ended {
    let start = play.in_s(lead(play));
    let id = play.unique("endless");
    let event = event::simple(&id, start, 0);
    reply_to_first(play, std::slice::from_ref(&event), "an event of duration 0").await?;
    play.until(start).await?;
    let long = if play.setting.pace.is_steered() { 600 } else { 10 };
    for seconds in [2, long] {
        play.pass(seconds).await?;
        let site = play.hook().site().await?;
        let runs = site.value_of(&id) == Some(Decimal::ONE);
        let known = site.event(&id).is_some_and(|one| one.state == "running" && one.end.is_none());
        let what = "an event of duration 0 runs and has no end";
        play.check(&["47"], what, runs && known, said::site(&site));
    }
    let cancelled = next(&event).cancelled();
    let reply = reply_to_first(play, &[cancelled], "its cancellation").await?;
    if reply.opt() == Some(&OptType::OptOut) {
        return inconclusive("the VEN says that the event cannot be cancelled");
    }
    wait(play, 1).await?;
    let site = play.hook().site().await?;
    let what = "an event of duration 0 ends when it is cancelled";
    play.check(&["47"], what, is_stopped(&site, &id), said::site(&site));
    Ok(())
}

async fn edge_to_edge(play: &mut VenPlay) -> Ended {
    let start = play.in_s(lead(play));
    let change = later(start, i64::from(FIRST_S));
    let (first, second) = (play.unique("first"), play.unique("second"));
    let events = [
        event::simple(&first, start, FIRST_S),
        event::simple(&second, change, FIRST_S).values(&[(FIRST_S, 2)]),
    ];
    tell(play, &events).await?;
    replies(play, &[&first, &second], "each of two events that touch").await?;
    play.until(later(start, i64::from(FIRST_S) / 2)).await?;
    let site = play.hook().site().await?;
    let alone = site.value_of(&first).is_some() && site.value_of(&second).is_none();
    play.check(&["18"], "the first of two events that touch runs alone", alone, said::site(&site));
    play.until(instant_of(play, change)).await?;
    let site = play.hook().site().await?;
    let value = site.value_of(&second);
    let what = "at the instant of change the later event is in force";
    play.equal(&["18"], what, (value, Some(Decimal::TWO)));
    let gone = site.value_of(&first).is_none();
    play.check(
        &["18"],
        "at the instant of change the earlier event is not",
        gone,
        said::site(&site),
    );
    Ok(())
}

/// The instant itself, where time stands still to be looked at; else when it is clearly past.
fn instant_of(play: &VenPlay, change: Timestamp) -> Timestamp {
    if play.setting.pace.is_steered() { change } else { clearly_after(change) }
}

pub async fn test_flag(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let texts = [("true", true), ("maybe", true), ("false", false)];
    let mut events = Vec::new();
    for (at, (text, _)) in (1..).zip(texts) {
        let id = play.unique("test");
        let event = event::simple(&id, play.in_s(at * 3600), 60);
        events.push(event.to(|event| event.event_descriptor.test_event = Some(text.to_owned())));
    }
    let ids: Vec<_> = events.iter().map(|event| event.ei_event.id().to_owned()).collect();
    tell(play, &events).await?;
    let asked: Vec<_> = ids.iter().map(String::as_str).collect();
    replies(play, &asked, "each event with a testEvent").await?;
    let site = play.hook().site().await?;
    for (id, (text, is_test)) in ids.iter().zip(texts) {
        let Some(event) = site.event(id) else {
            return inconclusive(format!("the site does not know the event with testEvent {text}"));
        };
        let says = if is_test { "a test" } else { "no test" };
        let what = format!("an event with testEvent {text} is {says}");
        play.equal(&["6"], what, (event.test, is_test));
    }
    Ok(())
}

const FIRST_S: u32 = 6;
