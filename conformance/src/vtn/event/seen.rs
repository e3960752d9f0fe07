//! Reading what came: events of a list, and what their intervals must be like.
//! OpenADR 2.0b Profile, rules 2, 8, 50, 100 to 103.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiEvent, EiEventSignal, EventStatusEnumerated, Interval};
use oadr_schemas::openadr::oadr::OadrDistributeEvent;
use rust_decimal::Decimal;

use crate::say;
use crate::stage::Stage;
use crate::verdict::{Stop, inconclusive};
use crate::vtn::{Party, VtnPlay};

/// The event of this ID; a list without it fails under rule 50.
pub fn event<'a>(
    stage: &mut Stage,
    list: &'a OadrDistributeEvent,
    id: &str,
) -> Result<&'a EiEvent, Stop> {
    match say::event::find(list, id) {
        Some(event) => Ok(event),
        None => stage.fail(&["50"], format!("{id} is listed"), say::saw::list(ids(list))),
    }
}

/// The eventIDs of a list, in their order.
pub fn ids(list: &OadrDistributeEvent) -> Vec<&str> {
    list.oadr_event.iter().map(|event| event.ei_event.id()).collect()
}

/// eventStatus.
pub fn status(event: &EiEvent) -> &EventStatusEnumerated {
    &event.event_descriptor.event_status
}

/// Polls until a list with this event comes, and answers everything else.
///
/// # Errors
/// Failed under rule 502, if no list comes, under rule 50 too, if lists come without it.
pub async fn poll_with(
    play: &mut VtnPlay,
    ven: &mut Party,
    id: &str,
) -> Result<OadrDistributeEvent, Stop> {
    let (mut without, mut empty) = (Vec::<String>::new(), 0);
    for _ in 0..MOST_POLLS {
        let message = play.poll(ven).await?;
        match &message {
            Message::OadrDistributeEvent(list) if say::event::find(list, id).is_some() => {
                return Ok(list.clone());
            }
            Message::OadrDistributeEvent(list) => {
                without = ids(list).into_iter().map(str::to_owned).collect()
            }
            Message::OadrResponse(_) if play.moment(empty).await? => empty += 1,
            Message::OadrResponse(_) => break,
            _ => {}
        }
        if let Some(answer) = say::late_answer(ven, &message) {
            play.say(ven, answer).await?;
        }
    }
    let rules: &[&'static str] = if without.is_empty() { &["502"] } else { &["50", "502"] };
    play.fail(rules, format!("a poll brings a list with {id}"), say::saw::list(without))
}

/// Polls once. What an empty queue, a VTN that still waits for an answer, and one that has
/// something else to say come to is the same here: no list.
///
/// # Errors
/// Inconclusive, if no answer comes.
pub async fn try_poll(
    play: &mut VtnPlay,
    ven: &mut Party,
) -> Result<Option<OadrDistributeEvent>, Stop> {
    let message = play.post(ven, say::poll(ven).into()).await?.message;
    match message {
        Some(Ok(Message::OadrDistributeEvent(list))) => Ok(Some(list)),
        Some(Ok(other)) => {
            if let Some(answer) = say::late_answer(ven, &other) {
                play.say(ven, answer).await?;
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Opts in to all of a list that wants an answer.
///
/// # Errors
/// As [`VtnPlay::say`].
pub async fn acknowledge(
    play: &mut VtnPlay,
    ven: &mut Party,
    list: &OadrDistributeEvent,
) -> Result<(), Stop> {
    if let Some(answer) = say::late_answer(ven, &list.clone().into()) {
        play.say(ven, answer).await?;
    }
    Ok(())
}

/// Fetches the list and opts in to all of it, so that nothing is open between the two.
///
/// # Errors
/// As [`VtnPlay::ask`].
pub async fn catch_up(play: &mut VtnPlay, ven: &mut Party) -> Result<OadrDistributeEvent, Stop> {
    play.drain(ven).await?;
    let list = play.events(ven).await?;
    acknowledge(play, ven, &list).await?;
    Ok(list)
}

/// Changes an event by the operator; a refusal is trouble.
///
/// # Errors
/// The hook's.
pub async fn modify(play: &VtnPlay, id: &str, event: &crate::hook::Event) -> Result<(), Stop> {
    match play.hook().modify_event(id, event).await? {
        Ok(()) => Ok(()),
        Err(why) => inconclusive(format!("the operator side refuses the change: {why}")),
    }
}

/// Rules 2, 100, 102, 103, and 8 by `whole`: where it begins, how long it lasts, and the rule
/// that wants the sum.
pub fn intervals(
    stage: &mut Stage,
    (place, uid_rule): (&str, &'static str),
    intervals: &[Interval],
    (start, length, sum_rules): (Timestamp, Option<SignedDuration>, &[&'static str]),
) {
    let uids: Vec<_> =
        intervals.iter().map(|one| one.uid.as_ref().map(|uid| uid.text.trim())).collect();
    let counted: Vec<_> = (0..intervals.len()).map(|at| at.to_string()).collect();
    let as_wanted = uids.iter().copied().eq(counted.iter().map(|uid| Some(uid.as_str())));
    stage.check(&[uid_rule], format!("{place} counts its intervals from uid 0"), as_wanted, &uids);
    let lengths: Vec<_> = intervals
        .iter()
        .map(|one| one.duration.as_ref().and_then(|own| own.duration.from(start)))
        .collect();
    let all = lengths.iter().all(Option::is_some);
    stage.check(&["102"], format!("each interval of {place} has a duration"), all, &lengths);
    if all {
        let sum: SignedDuration = lengths.into_iter().flatten().sum();
        let what = format!("the intervals of {place} add up to the whole");
        let saw = (say::saw::seconds(Some(sum)), say::saw::seconds(length));
        let saw = format!("{:?} instead of {:?}", saw.0, saw.1);
        stage.check(sum_rules, what, Some(sum) == length, saw);
    }
    let started = intervals.iter().filter(|one| one.dtstart.is_some()).count();
    let what = format!("no interval of {place} has a dtstart");
    stage.check(&["103"], what, started == 0, format!("{started} have one"));
    let single = intervals.iter().all(|one| one.signal_value().is_some());
    let payloads =
        intervals.iter().map(|one| format!("{} payloads", one.stream_payload_base.len()));
    let what = format!("each interval of {place} has one signalPayload with a payloadFloat");
    stage.check(&["100"], what, single, say::saw::list(payloads));
}

/// The same of a signal, which lasts as long as its event.
pub fn signal(stage: &mut Stage, event: &EiEvent, signal: &EiEventSignal) {
    let period = &event.ei_active_period.properties;
    let start = Timestamp::from(&period.dtstart);
    let whole = (start, period.duration.duration.from(start), &["8", "102"][..]);
    let place = signal.signal_name.to_string();
    intervals(stage, (&place, "2"), &signal.intervals.interval, whole);
}

/// The values of a signal, in their order.
pub fn values(signal: &EiEventSignal) -> Vec<Option<Decimal>> {
    signal.intervals.interval.iter().map(Interval::signal_value).collect()
}

/// Polls until something comes that is waited for.
const MOST_POLLS: usize = 40;
