//! Events that the operator changes or cancels. OpenADR 2.0b Profile, rules 5, 10, 20, 50, 52,
//! 57, 115, 502.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::{EiEvent, EventStatusEnumerated as Status, OptType};
use oadr_schemas::openadr::oadr::OadrDistributeEvent;
use rust_decimal::Decimal;

use super::seen;
use crate::hook::Event;
use crate::say;
use crate::verdict::{Ended, Stop};
use crate::vtn::{Party, VtnPlay};

pub(super) async fn modify(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let start = play.soon(2);
    let valued =
        |first, last| Event::simple("", start, 0).values(&[(3, first), (60, 2), (60, last)]);
    let of = |ven: &Party, event: Event| Event { vens: vec![ven.id()], ..event };
    let id = play.create_event(&of(&ven, valued(1, 1))).await?;
    let other = Event::simple(&ven.id(), play.in_s(7200), 600);
    let other = play.create_event(&other).await?;
    seen::catch_up(play, &mut ven).await?;
    play.until(start + SignedDuration::from_secs(4)).await?;
    let mut before = seen::catch_up(play, &mut ven).await?;
    for (number, last) in [(1, 2), (2, 3)] {
        // createdDateTime may have whole seconds only.
        play.pass(2).await?;
        seen::modify(play, &id, &of(&ven, valued(1, last))).await?;
        let list = seen::poll_with(play, &mut ven, &id).await?;
        changed(play, (&id, &other), (&before, &list), number)?;
        let what = "a changed event comes with its new values";
        let values = values_of(seen::event(play, &list, &id)?);
        play.equal(
            &["57"],
            what,
            (values, vec![Some(1.into()), Some(2.into()), Some(last.into())]),
        );
        seen::acknowledge(play, &mut ven, &list).await?;
        before = list;
    }
    let answer = play.hook().modify_event(&id, &of(&ven, valued(3, 3))).await?;
    play.check(&["20"], "an interval that is over cannot be changed", answer.is_err(), &answer);
    let list = play.events(&mut ven).await?;
    let event = seen::event(play, &list, &id)?;
    let what = "a refused change leaves the event as it was";
    let (found, wanted) = (event, seen::event(play, &before, &id)?);
    let of = |event: &EiEvent| (event.modification_number(), values_of(event));
    play.equal(&["5", "20"], what, (of(found), of(wanted)));
    Ok(())
}

fn values_of(event: &EiEvent) -> Vec<Option<Decimal>> {
    event.ei_event_signals.ei_event_signal.iter().flat_map(seen::values).collect()
}

/// Rules 5, 115: the list after a change of one event.
fn changed(
    play: &mut VtnPlay,
    (id, other): (&str, &str),
    (before, after): (&OadrDistributeEvent, &OadrDistributeEvent),
    number: u32,
) -> Result<(), Stop> {
    let event = seen::event(play, after, id)?;
    let what = "a change raises modificationNumber by one";
    play.equal(&["5"], what, (event.modification_number(), number));
    let untouched = seen::event(play, after, other)?.modification_number();
    play.equal(&["5"], "an event that is not changed keeps its number", (untouched, 0));
    let created = |event: &EiEvent| event.event_descriptor.created_date_time.0;
    let all: BTreeSet<Timestamp> =
        after.oadr_event.iter().map(|one| created(&one.ei_event)).collect();
    play.check(
        &["115"],
        "all events of a list bear one createdDateTime",
        all.len() == 1,
        say::saw::list(&all),
    );
    let old = created(seen::event(play, before, id)?);
    let new = created(event);
    play.check(
        &["115"],
        "a change renews createdDateTime",
        new > old,
        format_args!("{new} after {old}"),
    );
    Ok(())
}

pub(super) async fn cancel_explicit(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let start = play.soon(4);
    let event = Event::simple(&ven.id(), start, 10);
    let end = start + SignedDuration::from_secs(10);
    let first = play.create_event(&event).await?;
    let second = play.create_event(&event).await?;
    seen::catch_up(play, &mut ven).await?;
    for id in [&first, &second] {
        play.hook().cancel_event(id).await?;
    }
    let list = seen::poll_with(play, &mut ven, &first).await?;
    for id in [&first, &second] {
        let event = seen::event(play, &list, id)?;
        let what = "a cancelled event comes as cancelled";
        play.equal(&["10", "50"], what, (seen::status(event), &Status::Cancelled));
        let what = "cancelling raises modificationNumber by one";
        play.equal(&["5", "10"], what, (event.modification_number(), 1));
    }
    let number = seen::event(play, &list, &first)?.modification_number();
    let answer = say::event::answer(&ven, (&first, number), OptType::OptIn, &list.request_id);
    let response = play.ask(&mut ven, answer).await?.ei_response;
    let what = "the acknowledgement of a cancellation is taken";
    play.taken(&["36", "50"], what, &response);
    repeated(play, &mut ven, (&first, &second), end).await
}

/// Rules 50, 52: the one that is acknowledged is gone, the other is told again, but not for ever.
async fn repeated(
    play: &mut VtnPlay,
    ven: &mut Party,
    (acknowledged, open): (&str, &str),
    end: Timestamp,
) -> Ended {
    let list = play.events(ven).await?;
    let what = "a cancelled event that is not acknowledged is listed again";
    let again = say::event::find(&list, open).is_some();
    play.check(&["52"], what, again, say::saw::list(seen::ids(&list)));
    let (mut gone, mut back, mut late) = (false, seen::ids(&list).contains(&acknowledged), 0);
    while !gone && late < MOST_REPEATS {
        match play.now() < end {
            true => play.pass(2).await?,
            false => {
                // What clears up now and then is given time for it.
                late += 1;
                play.pass(if play.setting.pace.is_steered() { 30 } else { 1 }).await?;
            }
        }
        let polled = seen::try_poll(play, ven).await?;
        let asked = play.events(ven).await?;
        gone = say::event::find(&asked, open).is_none();
        let lists = polled.iter().chain([&asked]);
        back |= lists.flat_map(seen::ids).any(|id| id == acknowledged);
    }
    let what = "a cancelled event is gone when it is acknowledged";
    play.check(&["50"], what, !back, say::saw::text("listed all the same"));
    let what = "a cancelled event that nobody acknowledges is gone in the end";
    play.check(&["52"], what, gone, format!("listed {MOST_REPEATS} times after its end"));
    Ok(())
}

/// How often a VTN may repeat a cancellation after the event's end.
const MOST_REPEATS: u32 = 20;
