//! Lists of events: complete, and in order. OpenADR 2.0b Profile, rules 3, 15, 17, 18, 27, 50, 502.

use jiff::SignedDuration;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::OadrDistributeEvent;

use super::seen;
use crate::hook::Event;
use crate::say;
use crate::stage::Stage;
use crate::verdict::{Ended, Stop};
use crate::vtn::{Party, VtnPlay};

pub(super) async fn complete(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let start = play.soon(2);
    let at = |start, ramp_up_s| Event { ramp_up_s, ..Event::simple(&ven.id(), start, 600) };
    let events = [
        ("the active event", at(start, None)),
        ("the event that is near", at(play.in_s(1200), Some(3600))),
        ("the event that is far", at(play.in_s(20_000), None)),
        ("the first of two that overlap", at(play.in_s(30_000), None)),
        ("the second of two that overlap", at(play.in_s(30_300), None)),
    ];
    let later = at(play.in_s(50_000), None);
    let opted_out = at(play.in_s(40_000), None);
    let mut wanted = Vec::new();
    for (what, event) in events {
        wanted.push((what, play.create_event(&event).await?));
    }
    let opted_out = play.create_event(&opted_out).await?;
    let list = seen::catch_up(play, &mut ven).await?;
    if let Some(event) = say::event::find(&list, &opted_out) {
        let named = (opted_out.as_str(), event.modification_number());
        let answer = say::event::answer(&ven, named, OptType::OptOut, &list.request_id);
        let response = play.ask(&mut ven, answer).await?.ei_response;
        play.taken(&["17"], "the VEN may opt out later", &response);
    }
    // A moment more, for clocks that differ (rule 114).
    play.until(start + SignedDuration::from_secs(1)).await?;
    let list = play.events(&mut ven).await?;
    all_once(play, "oadrRequestEvent", &list, &wanted);
    wanted.push(("the new event", play.create_event(&later).await?));
    let list = seen::poll_with(play, &mut ven, &wanted[5].1).await?;
    all_once(play, "oadrPoll", &list, &wanted);
    Ok(())
}

/// Rules 18, 50, 502.
fn all_once(
    stage: &mut Stage,
    asked: &str,
    list: &OadrDistributeEvent,
    wanted: &[(&'static str, String)],
) {
    let ids = seen::ids(list);
    for (what, id) in wanted {
        let what = format!("the list that {asked} brings has {what}");
        stage.check(&["18", "50", "502"], what, ids.contains(&id.as_str()), say::saw::list(&ids));
    }
    let twice = ids.iter().any(|id| ids.iter().filter(|other| *other == id).count() > 1);
    stage.check(
        &["50"],
        format!("the list that {asked} brings has nothing twice"),
        !twice,
        say::saw::list(&ids),
    );
}

pub(super) async fn order(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    // All by one clock, however long the operator takes; none begins before all are there.
    let begin = play.soon(4);
    // Named by the place they are to have; created in another order.
    let events = [
        ("7: pending, late", 3000, 1),
        ("4: priority 0", 0, 0),
        ("2: priority 1, later", 2, 1),
        ("5: pending, early", 1000, 0),
        ("3: priority 2", 0, 2),
        ("1: priority 1, earlier", 1, 1),
        ("6: pending", 2000, 2),
    ];
    let mut named = Vec::new();
    for (name, after, priority) in events {
        let start = begin + SignedDuration::from_secs(after);
        let event = Event { priority, ..Event::simple(&ven.id(), start, 600) };
        named.push((play.create_event(&event).await?, name));
    }
    seen::catch_up(play, &mut ven).await?;
    play.until(begin + SignedDuration::from_secs(4)).await?;
    let list = play.events(&mut ven).await?;
    let name_of = |id: &&str| named.iter().find(|(own, _)| own == id).map(|(_, name)| *name);
    let found: Vec<_> = seen::ids(&list).iter().filter_map(name_of).collect();
    let mut wanted: Vec<_> = named.iter().map(|(_, name)| *name).collect();
    wanted.sort_unstable();
    let what = "active events stand first, by priority and start, then pending ones by start";
    play.equal(&["3", "15"], what, (&found, &wanted));
    let two = limited(play, &mut ven).await?;
    let found: Vec<_> = two.iter().filter_map(|id| name_of(&id.as_str())).collect();
    let what = "replyLimit 2 brings the first two";
    play.equal(&["15", "27"], what, (&found[..], &wanted[..2]));
    ties(play).await
}

/// The eventIDs that replyLimit 2 brings.
async fn limited(play: &mut VtnPlay, ven: &mut Party) -> Result<Vec<String>, Stop> {
    let request = say::event::request(ven, Some(2), &play.unique("ev"));
    let list = play.ask(ven, request).await?;
    Ok(seen::ids(&list).into_iter().map(str::to_owned).collect())
}

/// Rules 15, 27: events of equal rank keep their order when a list is cut.
async fn ties(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let event = Event::simple(&ven.id(), play.in_s(3600), 600);
    for _ in 0..3 {
        play.create_event(&event).await?;
    }
    seen::catch_up(play, &mut ven).await?;
    let (first, second) = (limited(play, &mut ven).await?, limited(play, &mut ven).await?);
    play.equal(&["27"], "replyLimit 2 brings two of three events", (first.len(), 2));
    let what = "a list of equal events is cut alike each time";
    play.equal(&["15"], what, (second, first));
    Ok(())
}
