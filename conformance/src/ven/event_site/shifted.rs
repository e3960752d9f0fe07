//! Events that start a random while later. OpenADR 2.0b Profile, rules 30, 31, 66.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::oadr::OadrEvent;

use super::timeline::{Plan, about, later, watch};
use crate::hook::{Site, SiteEvent};
use crate::say::event::{self, Change as _};
use crate::ven::VenPlay;
use crate::ven::event::next;
use crate::ven::event::reply::{lead, replies, reply_to, tell};
use crate::verdict::{Ended, Stop, inconclusive};

/// How long the windows and events are; as short as it goes where time has to be waited for.
#[derive(Clone, Copy)]
struct Spans {
    window_s: u32,
    duration_s: u32,
    /// From one event's start to the next one's, so that they never overlap (rule 18).
    apart_s: u32,
    /// A shift that leaves time to hear that the event is completed.
    clear_s: i64,
}

pub async fn random_start(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let clear_s = i64::from(play.top.state().poll_s) + 2;
    let spans = match play.setting.pace.is_steered() {
        true => Spans { window_s: 30, duration_s: 20, apart_s: 60, clear_s },
        false => Spans { window_s: 10, duration_s: 6, apart_s: 18, clear_s },
    };
    // Twice the time for an answer: the events come, and one of them is modified.
    let first = play.in_s(lead(play) * 2 + 5);
    let mut events: Vec<_> = (0..EVENTS).map(|at| event_of(play, first, at, spans)).collect();
    let ids: Vec<_> = events.iter().map(|event| event.ei_event.id().to_owned()).collect();
    tell(play, &events).await?;
    let asked: Vec<_> = ids.iter().map(String::as_str).collect();
    replies(play, &asked, "each of ten events with startafter").await?;
    let site = play.hook().site().await?;
    let shifts = within_window(play, &site, &events, spans)?;
    // The first that starts late enough for its lateness to be seen.
    let clear = SignedDuration::from_secs(spans.clear_s);
    let Some(chosen) = shifts.iter().position(|shift| *shift >= clear) else {
        return inconclusive(format!("no event starts late enough to tell: {shifts:?}"));
    };
    let changed = next(&events[chosen])
        .to(|event| event.event_descriptor.vtn_comment = Some("another comment".to_owned()));
    events[chosen] = changed;
    tell(play, &events).await?;
    reply_to(play, &ids[chosen], "a modification that leaves startafter alone").await?;
    let Some(then) = play.hook().site().await?.event(&ids[chosen]).cloned() else {
        return inconclusive("the site does not know the modified event");
    };
    let kept = about(then.start, later(start_of(&events[chosen]), shifts[chosen].as_secs()));
    play.check(&["30"], "a modification that leaves startafter alone keeps the shift", kept, &then);
    run(play, &events[chosen..], &then, spans).await
}

fn event_of(play: &VenPlay, first: Timestamp, at: u32, spans: Spans) -> OadrEvent {
    let start = later(first, i64::from(at * spans.apart_s));
    let id = play.unique("shifted");
    event::simple(&id, start, spans.duration_s).startafter(spans.window_s)
}

/// Checks where events start and end at the site; gives how much later than told.
fn within_window(
    play: &mut VenPlay,
    site: &Site,
    events: &[OadrEvent],
    spans: Spans,
) -> Result<Vec<SignedDuration>, Stop> {
    let mut shifts = Vec::new();
    let (mut inside, mut whole) = (true, true);
    for event in events {
        let id = event.ei_event.id();
        let Some(known) = site.event(id) else {
            return inconclusive(format!("the site does not know {id}"));
        };
        let shift = known.start.duration_since(start_of(event));
        let window = SignedDuration::from_secs(i64::from(spans.window_s));
        inside &= !shift.is_negative() && shift <= window;
        let end = later(known.start, i64::from(spans.duration_s));
        whole &= known.end.is_some_and(|known| about(known, end));
        shifts.push(shift);
    }
    play.check(&["30"], "events start between dtstart and dtstart + startafter", inside, &shifts);
    play.check(&["31"], "the end shifts with the start", whole, &site.events);
    let alike = shifts.iter().all(|shift| *shift == shifts[0]);
    play.require(&["30"], "events are not all shifted by the same time", !alike, &shifts)?;
    Ok(shifts)
}

/// The event runs from its shifted start to its shifted end, though the VTN calls it completed
/// before.
async fn run(play: &mut VenPlay, events: &[OadrEvent], known: &SiteEvent, spans: Spans) -> Ended {
    let told_end = later(start_of(&events[0]), i64::from(spans.duration_s));
    let end = later(known.start, i64::from(spans.duration_s));
    play.until(later(start_of(&events[0]), -1)).await?;
    let mut seen = watch(play, &known.id, told_end).await?;
    // Its status is now completed by the VTN's time; it is listed on (rule 66).
    tell(play, events).await?;
    seen.extend(watch(play, &known.id, later(end, 2)).await?);
    let plan = Plan { start: known.start, values: vec![(spans.duration_s, 1)] };
    let broken = plan.broken_by(&seen);
    let what =
        "an event runs from its shifted start to its shifted end, even when called completed";
    play.check(&["30", "66"], what, broken.is_empty(), broken);
    Ok(())
}

fn start_of(event: &OadrEvent) -> Timestamp {
    Timestamp::from(&event.ei_event.ei_active_period.properties.dtstart)
}

const EVENTS: u32 = 10;
