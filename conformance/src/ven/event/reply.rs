//! What a VEN says of the events it is told of: waiting for it, judging it. OpenADR 2.0b Profile,
//! rules 12, 35, 42, 48, 62.

use std::fmt::{self, Debug, Formatter};

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, EventResponse, OptType, ResponseCode};
use oadr_schemas::openadr::oadr::{OadrCreatedEvent, OadrEvent};

use crate::hook::Site;
use crate::ven::{VenPlay, answer, said};
use crate::verdict::{Ended, Stop};

/// What was said of an event: by itself, or with the whole list.
#[derive(Clone)]
pub struct Reply {
    /// The outer eiResponse.
    pub outer: EiResponse,
    /// The event's own answer; none under an outer error.
    pub answer: Option<EventResponse>,
    /// When it came, UTC.
    pub at: Timestamp,
}

impl Debug for Reply {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.answer {
            None => write!(f, "the whole list was answered with {:?}", said::code(&self.outer)),
            Some(one) => {
                let (id, why) = (&one.qualified_event_id, one.response_description.as_deref());
                let (code, opt) = (one.response_code.value(), &one.opt_type);
                write!(f, "{code} {} and {opt} for {}", why.unwrap_or_default(), id.event_id)?;
                write!(f, " (modification {})", id.modification_number)?;
                write!(f, " under the requestID {:?}, outside ", one.request_id)?;
                write!(f, "{:?} under {:?}", said::code(&self.outer), self.outer.request_id)
            }
        }
    }
}

impl Reply {
    /// The code that counts for the event. Rule 48 would rather have it inside, but demands no
    /// more than that it is said.
    pub fn code(&self) -> &ResponseCode {
        let inside = self.answer.as_ref().filter(|_| self.outer.is_ok());
        inside.map_or(&self.outer.response_code, |answer| &answer.response_code)
    }

    /// The opt state, if one was said.
    pub fn opt(&self) -> Option<&OptType> {
        self.answer.as_ref().map(|answer| &answer.opt_type)
    }
}

/// Tells the VEN of these events and no others, their status and values brought up to date
/// (rule 115); what was heard before does not matter any more. Gives the requestID.
pub async fn tell(play: &mut VenPlay, events: &[OadrEvent]) -> Result<String, Stop> {
    play.forget();
    let mut events = events.to_vec();
    answer::refresh(&mut events, play.now());
    play.distribute(events).await
}

/// The replies to events of the list told last, in the order of `events`.
pub async fn replies(play: &mut VenPlay, events: &[&str], what: &str) -> Result<Vec<Reply>, Stop> {
    let soon = i64::try_from(play.soon()).unwrap_or(i64::MAX);
    let end = play.now().saturating_add(SignedDuration::from_secs(soon)).unwrap_or(Timestamp::MAX);
    play.settle().await?;
    loop {
        let found: Vec<_> = events.iter().map(|event| heard_of(play, event)).collect();
        if found.iter().all(Option::is_some) {
            return Ok(found.into_iter().flatten().collect());
        }
        if play.now() >= end {
            let missing = events.iter().zip(&found).filter(|(_, found)| found.is_none());
            let missing: Vec<_> = missing.map(|(event, _)| *event).collect();
            let saw = format_args!("no answer to {missing:?}; {:?}", play.so_far());
            return play.fail(&["12", "62"], format!("{what} is answered"), saw);
        }
        wait(play, 1).await?;
    }
}

/// Tells the VEN of these events, and gives the reply to the first.
pub async fn reply_to_first(
    play: &mut VenPlay,
    events: &[OadrEvent],
    what: &str,
) -> Result<Reply, Stop> {
    tell(play, events).await?;
    reply_to(play, events[0].ei_event.id(), what).await
}

/// The reply to one event.
pub async fn reply_to(play: &mut VenPlay, event: &str, what: &str) -> Result<Reply, Stop> {
    let found = replies(play, &[event], what).await?;
    found.into_iter().next().ok_or(Stop::Failed)
}

/// What was said of an event since the list told last, if anything.
pub fn heard_of(play: &VenPlay, event: &str) -> Option<Reply> {
    play.all::<OadrCreatedEvent>().into_iter().find_map(|(heard, created)| {
        let of_it = |one: &&EventResponse| one.qualified_event_id.event_id == event;
        let inside = created.ei_created_event.event_responses.iter();
        let answer = inside.flat_map(|all| &all.event_response).find(of_it).cloned();
        let outer = created.ei_created_event.ei_response;
        let speaks = answer.is_some() || !outer.is_ok();
        speaks.then_some(Reply { outer, answer, at: heard.at })
    })
}

/// Lets so many seconds pass without taking anything that is heard.
pub async fn wait(play: &mut VenPlay, seconds: u64) -> Ended {
    play.hear_when::<OadrCreatedEvent>(seconds, |_| false).await.map(|_| ())
}

/// Checks that an event is taken: 200.
pub fn taken(play: &mut VenPlay, rules: &[&'static str], what: &str, reply: &Reply) -> bool {
    let (what, holds) = (format!("{what} is answered with 200"), reply.code().is_ok());
    play.check(rules, what, holds, reply)
}

/// Checks that an event is refused with this code and optOut.
pub fn refused(
    play: &mut VenPlay,
    rules: &[&'static str],
    (what, code): (&str, Code),
    reply: &Reply,
) {
    let found = reply.code().value().clone();
    play.equal(rules, format!("{what} is answered with {code}"), (found, code.to_string()));
    let out = reply.opt().is_none_or(|opt| *opt == OptType::OptOut);
    play.check(rules, format!("{what} is answered with optOut"), out, reply);
}

/// Checks that an event is refused with any code that says the VTN is wrong.
pub fn refused_somehow(play: &mut VenPlay, rules: &[&'static str], what: &str, reply: &Reply) {
    let found = reply.code().value().starts_with('4');
    play.check(rules, format!("{what} is answered with a code beginning with 4"), found, reply);
}

/// What the site does; none where nobody can look at it.
pub async fn site_if_any(play: &VenPlay) -> Result<Option<Site>, Stop> {
    match play.hook().site().await {
        Err(Stop::Skip(_)) => Ok(None),
        site => site.map(Some),
    }
}

/// How long before its start an event is told of: time enough to be answered.
pub fn lead(play: &VenPlay) -> i64 {
    i64::try_from(play.soon()).unwrap_or(0)
}

/// So long after an instant that a clock in step with the kit's to a second is past it, too.
pub fn clearly_after(when: Timestamp) -> Timestamp {
    when.saturating_add(SignedDuration::from_secs(2)).unwrap_or(when)
}
