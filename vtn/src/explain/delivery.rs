//! The way of the event to the VEN. OpenADR 2.0b Profile, rules 52, 500, 502.

use jiff::Timestamp;

use super::cause::Cause;
use super::facts::{EventFacts, Facts};
use super::finding::Finding;
use crate::record::Sent;

/// The links between the event and its answer.
pub(super) fn findings(about: &EventFacts, facts: &Facts<'_>) -> Vec<Finding> {
    let Some(party) = facts.party.as_ref().filter(|party| party.takes_events()) else {
        // Why it is not sent was said already.
        return Vec::new();
    };
    let placed = about.delivery.as_ref().filter(|delivery| !delivery.withdrawn);
    let over = over_at(about, facts);
    let came_later = over.is_some_and(|end| party.known_since >= end);
    match placed.and_then(|delivery| delivery.sent.as_ref()) {
        Some(sent) if about.is_sent() => sent_as_it_is(about, sent, facts),
        None if came_later || placed.is_none() && over.is_some() => vec![joined_too_late()],
        // One that was never sent is none of the VEN's business once it is cancelled (rule 50).
        None if about.event.cancelled.is_some() => Vec::new(),
        sent => vec![waits(about, sent, facts)],
    }
}

/// When it ended, UTC, if it has.
fn over_at(about: &EventFacts, facts: &Facts<'_>) -> Option<Timestamp> {
    about.timing.ends_at().filter(|end| facts.now >= *end).or(about.event.cancelled)
}

fn joined_too_late() -> Finding {
    let text = "the event was over or cancelled before the VEN was enrolled or put into its group";
    Finding::new(Cause::JoinedTooLate, text)
}

fn sent_as_it_is(about: &EventFacts, sent: &Sent, facts: &Facts<'_>) -> Vec<Finding> {
    let Sent { modification, at, times } = sent;
    let often = if *times == 1 { "once".to_owned() } else { format!("{times} times") };
    let text = format!("modification {modification} was sent {often}, first at {at:.0}");
    let mut found = vec![Finding::new(Cause::Sent, text).since(*at)];
    let answered = about.delivery.as_ref().is_some_and(|delivery| delivery.is_answered());
    let most = facts.settings.limits.event_tries;
    if about.event.draft.response_required && !answered && *times >= most {
        let text = format!("after {times} times without an answer it is not offered any more");
        let mend = "have the VEN ask for its events (oadrRequestEvent), or modify the event: that \
            offers it anew; the answer is taken all the same";
        found.push(Finding::new(Cause::GivenUp, text).since(*at).mend(mend));
    }
    found
}

/// It was not sent yet, or an older modification of it only.
fn waits(about: &EventFacts, sent: Option<&Sent>, facts: &Facts<'_>) -> Finding {
    let event = &about.event;
    let registration = facts.party.as_ref().and_then(|party| party.registration.as_ref());
    let pulls = registration.is_none_or(|registration| registration.pull);
    let way = if pulls { "to wait for its poll" } else { "to be pushed to it" };
    let what = match sent {
        Some(sent) => {
            format!("modification {} has {way}, it has {}", event.modification, sent.modification)
        }
        None => format!("the event has {way}"),
    };
    let over = over_at(about, facts);
    let end = over.map(|end| format!(", and was over at {end:.0}")).unwrap_or_default();
    if !pulls {
        let trouble = facts.outbox.push_trouble.as_ref();
        let fails = trouble.map(|trouble| format!("; that fails: {}", trouble.why));
        let text = format!("{what}{end}{}", fails.unwrap_or_default());
        let mend = format!("`vtn ven outbox {}` tells what goes first", facts.ven);
        return Finding::new(Cause::NotPushed, text).since(event.modified).mend(mend);
    }
    let in_time = |poll: &Timestamp| *poll > event.modified && over.is_none_or(|end| *poll < end);
    let polls = facts.heard.iter().flat_map(|heard| heard.polls).flatten();
    if let Some(poll) = polls.clone().find(in_time) {
        let text = format!("{what}; at that of {poll:.0} something else went first");
        let mend = format!("`vtn ven outbox {}` tells what waits for it", facts.ven);
        return Finding::new(Cause::WaitsInLine, text).since(event.modified).mend(mend);
    }
    let last = match facts.last_poll() {
        Some(poll) => format!("the last one was at {poll:.0}"),
        None => format!("there was none since the VTN started at {:.0}", facts.open_since),
    };
    let text = format!("{what}{end}; {last}");
    let mend = "it gets events with its polls only: see that the site runs and polls";
    Finding::new(Cause::NotPolledSince, text).since(event.modified).mend(mend)
}
