//! Events: taking them in, deciding, answering. OpenADR 2.0b Profile, 8.1, rules 12, 19, 21,
//! 35, 36, 42, 48, 56 to 62, 65; the table of a VEN's decisions in the time model.
//!
//! This VEN never sends a replyLimit, so every oadrDistributeEvent is the whole list and
//! what is missing in it is cancelled by implication (rule 61).

pub(crate) mod apply;
mod resolve;
mod signal;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_platform::Reason;
use oadr_platform::opt::Opt;
use oadr_platform::prosumer::Decision;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, EventResponse, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{
    OadrCreatedEvent, OadrDistributeEvent, OadrEvent, OadrRequestEvent, ResponseRequired,
};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_store::{Batch, Keys};
use rand::Rng;

use crate::context::{Context, Trouble};
use crate::outbox;
use crate::tables::{Choice, EVENTS, EventRecord, ONLY, Registration, STANDING, Standing};

/// Fetches all events (oadrRequestEvent), as rule 405 wants after a registration.
pub(crate) async fn request(cx: &mut Context<'_>) -> Result<(), Trouble> {
    let (ven_id, request_id) = (cx.registration()?.ven_id, cx.fresh_id());
    let ei_request_event = EiRequestEvent { request_id, ven_id, reply_limit: None };
    match cx.ask(OadrRequestEvent { schema_version: None, ei_request_event }).await {
        Ok(events) => distribute(cx, events).await?,
        Err(Trouble::Refused(told)) => tracing::warn!(told, "the VTN gives no list of events"),
        Err(trouble) => return Err(trouble),
    }
    let registration = Registration { events_due: false, ..cx.registration()? };
    let mut batch = Batch::new();
    STANDING.put(&mut batch, ONLY, &Standing::In(registration))?;
    Ok(cx.store.commit(batch).await?)
}

/// Takes in an oadrDistributeEvent: records and the oadrCreatedEvent owed for it are on disk
/// together.
pub(crate) async fn distribute(
    cx: &mut Context<'_>,
    list: OadrDistributeEvent,
) -> Result<(), Trouble> {
    let registration = cx.registration()?;
    let mut batch = Batch::new();
    if list.vtn_id != registration.vtn_id {
        // Rules 21, 35: nothing of it is taken.
        let words = "this vtnID is not the one registered with";
        let error = EiResponse::error(Code::InvalidId, words, list.request_id);
        outbox::push(cx, &mut batch, OadrCreatedEvent::refusing(registration.ven_id, error))?;
        return Ok(cx.store.commit(batch).await?);
    }
    let mut known: BTreeMap<_, _> = EVENTS.range(cx.store, Keys::all())?.into_iter().collect();
    let mut listed = BTreeSet::new();
    let mut answers = Vec::new();
    for event in &list.oadr_event {
        let id = event.ei_event.id().to_owned();
        let before = known.remove(&id);
        let (after, answer) = judge(cx, before, event, &list.request_id).await;
        // Rules 12, 62: answered if and only if it says always.
        answers.extend(answer.filter(|_| is_always(event)));
        put(&mut batch, &id, after.as_ref())?;
        known.extend(after.map(|record| (id.clone(), record)));
        listed.insert(id);
    }
    for (id, record) in known.into_iter().filter(|(id, r)| r.is_known() && !listed.contains(id)) {
        tracing::info!(event = id, "an event is cancelled by implication");
        let after = stopped(cx, record);
        put(&mut batch, &id, after.as_ref())?;
    }
    if !answers.is_empty() {
        // Rule 42: the outer requestID is empty.
        outbox::push(cx, &mut batch, OadrCreatedEvent::answering(registration.ven_id, answers))?;
    }
    Ok(cx.store.commit(batch).await?)
}

/// Asks the site again about what it could not say; owes the answers that this settles.
/// Returns when to do it next.
pub(crate) async fn settle(cx: &mut Context<'_>) -> Result<Option<Timestamp>, Trouble> {
    let mut next = None;
    for (id, mut record) in EVENTS.range(cx.store, Keys::all())? {
        let Choice::Open { ask_at } = record.choice else { continue };
        if ask_at > cx.now {
            next = next.into_iter().chain([ask_at]).min();
            continue;
        }
        decide(cx, &mut record).await;
        if let Choice::Open { ask_at } = record.choice {
            next = next.into_iter().chain([ask_at]).min();
        }
        let mut batch = Batch::new();
        if let Some(answer) = answer(&record).filter(|_| record.always)
            && let Ok(registration) = cx.registration()
        {
            let created = OadrCreatedEvent::answering(registration.ven_id, vec![answer]);
            outbox::push(cx, &mut batch, created)?;
        }
        put(&mut batch, &id, Some(&record))?;
        cx.store.commit(batch).await?;
    }
    Ok(next)
}

/// Forgets events that are long over, or have run out after their cancellation.
pub(crate) async fn forget_old(cx: &Context<'_>) -> Result<(), Trouble> {
    let mut batch = Batch::new();
    let past = |at: Option<Timestamp>, more: SignedDuration| {
        at.and_then(|at| at.checked_add(more).ok()).is_some_and(|at| at <= cx.now)
    };
    for (id, record) in EVENTS.range(cx.store, Keys::all())? {
        let over = past(record.listed_until, LONG_OVER);
        if over || past(record.stops_at, SignedDuration::ZERO) {
            EVENTS.delete(&mut batch, id);
        }
    }
    Ok(cx.store.commit(batch).await?)
}

/// What becomes of an event in a list, and its answer: the table of a VEN's decisions.
async fn judge(
    cx: &mut Context<'_>,
    before: Option<EventRecord>,
    event: &OadrEvent,
    request_id: &str,
) -> (Option<EventRecord>, Option<EventResponse>) {
    let (found, cancelled) = (event.ei_event.modification_number(), event.ei_event.is_cancelled());
    let same = QualifiedEventID::new(event.ei_event.id(), found);
    let say = |opt, code| EventResponse::new(same.clone(), opt, code, request_id);
    match before {
        Some(known) if known.is_known() && found < known.offer.modification => {
            // Rule 58, cancelled or not: what is known stays.
            let answer = say(opt_type(known.choice), Code::OutOfSequence);
            (Some(known), Some(answer))
        }
        // Rules 36, 59: optIn says that it is cancelled.
        Some(known) if known.is_known() && cancelled => {
            tracing::info!(event = known.offer.event.as_str(), "an event is cancelled");
            (stopped(cx, known), Some(say(OptType::OptIn, Code::Ok)))
        }
        // Rule 60: nothing to do, no error. It may be one that is running out (rule 65).
        before if cancelled => (before, Some(say(OptType::OptIn, Code::Ok))),
        Some(mut known) if known.is_known() && found == known.offer.modification => {
            known.request_id = request_id.to_owned();
            known.always = is_always(event);
            let answer = answer(&known);
            (Some(known), answer)
        }
        before => {
            let record = understood(cx, before, event, request_id).await;
            let answer = answer(&record);
            (Some(record), answer)
        }
    }
}

/// A new or modified event, as far as it makes sense here. Rules 19, 48, 56, 57.
async fn understood(
    cx: &mut Context<'_>,
    before: Option<EventRecord>,
    event: &OadrEvent,
    request_id: &str,
) -> EventRecord {
    // One that is running out is no longer known: this one is new.
    let before = before.filter(EventRecord::is_known);
    let mut record = resolve::record(cx, before.as_ref(), &event.ei_event);
    record.request_id = request_id.to_owned();
    record.always = is_always(event);
    let (id, modification) = (record.offer.event.as_str(), record.offer.modification);
    if record.code != Code::Ok.number() {
        tracing::warn!(event = id, modification, code = record.code, why = record.why, "refused");
        record.choice = Choice::Taken(Opt::Out);
    } else if let Some(by_hand) = before.filter(|b| b.by_hand && b.code == 200) {
        record.by_hand = true;
        record.choice = by_hand.choice;
    } else {
        decide(cx, &mut record).await;
    }
    record
}

/// Asks the site. One that cannot say is asked again while there is time, then it is out.
async fn decide(cx: &Context<'_>, record: &mut EventRecord) {
    let id = record.offer.event.as_str();
    match cx.prosumer.decide(&record.offer, cx.now).await {
        Ok(Decision::OptIn) => {
            tracing::info!(event = id, "opts in");
            record.choice = Choice::Taken(Opt::In);
        }
        Ok(Decision::OptOut { detail, .. }) => {
            tracing::info!(event = id, detail, "opts out");
            record.why = detail;
            record.choice = Choice::Taken(Opt::Out);
        }
        Err(refusal) if refusal.reason == Reason::Unavailable && may_wait(cx, record) => {
            let ask_at = cx.now.checked_add(ASK_AGAIN_AFTER).unwrap_or(Timestamp::MAX);
            record.choice = Choice::Open { ask_at };
        }
        Err(refusal) => {
            tracing::warn!(event = id, %refusal, "opts out: the site does not say");
            record.why = refusal.detail;
            record.choice = Choice::Taken(Opt::Out);
        }
    }
}

fn may_wait(cx: &Context<'_>, record: &EventRecord) -> bool {
    let patience = record.received.checked_add(PATIENCE).unwrap_or(Timestamp::MAX);
    cx.now < record.offer.interval.start.min(patience)
}

/// A known event after its cancellation: nothing, or what is left of it until its random end
/// (rule 65).
fn stopped(cx: &mut Context<'_>, record: EventRecord) -> Option<EventRecord> {
    let running = record.is_obeyed() && record.runs_at(cx.now);
    if !running || record.startafter.is_zero() {
        return None;
    }
    let delay = random_up_to(cx, record.startafter);
    let stops_at = cx.now.checked_add(delay).unwrap_or(Timestamp::MAX);
    Some(EventRecord { stops_at: Some(stops_at), ..record })
}

/// A random part of a window, even over all of it. Rules 30, 65.
fn random_up_to(cx: &mut Context<'_>, window: SignedDuration) -> SignedDuration {
    let most = i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(0);
    SignedDuration::from_millis(cx.random.random_range(0..=most))
}

/// The answer to an event as it stands; none while the site has not decided.
fn answer(record: &EventRecord) -> Option<EventResponse> {
    let Choice::Taken(_) = record.choice else { return None };
    let event = QualifiedEventID::new(record.offer.event.as_str(), record.offer.modification);
    let code = Code::ALL.into_iter().find(|code| code.number() == record.code)?;
    let response = EventResponse::new(event, opt_type(record.choice), code, &record.request_id);
    let told = !record.why.is_empty();
    Some(if told { response.described(&record.why) } else { response })
}

fn opt_type(choice: Choice) -> OptType {
    match choice {
        Choice::Taken(Opt::In) => OptType::OptIn,
        Choice::Taken(Opt::Out) | Choice::Open { .. } => OptType::OptOut,
    }
}

fn is_always(event: &OadrEvent) -> bool {
    event.oadr_response_required == ResponseRequired::Always
}

fn put(batch: &mut Batch, id: &str, record: Option<&EventRecord>) -> Result<(), Trouble> {
    match record {
        Some(record) => EVENTS.put(batch, id, record)?,
        None => EVENTS.delete(batch, id),
    }
    Ok(())
}

const ASK_AGAIN_AFTER: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(300);
/// A VTN may list an event as completed for a while: it must not look new then.
const LONG_OVER: SignedDuration = SignedDuration::from_hours(24);
