//! EiEvent. OpenADR 2.0b Profile, section 8.2 and rules 1 to 70, 100 to 116.

use oadr_platform::aggregator::Notice;
use oadr_platform::opt::Opt;
use oadr_platform::{EventId, Interval};
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::ei::{EiResponse, EventResponse, OptType};
use oadr_schemas::openadr::oadr::{
    OadrCreatedEvent, OadrDistributeEvent, OadrRequestEvent, OadrResponse,
};
use oadr_schemas::openadr::{Code, event::EventTiming};
use oadr_store::{Batch, Stored};

use crate::context::Context;
use crate::error::Error;
use crate::event::{all_settled, distribute, settle, timing};
use crate::record::{Delivery, Event, EventAnswer};
use crate::tables::{DELIVERIES, DUE, EVENTS, LIVE};

/// Lists the VEN's events. Rules 27, 40, 41, 50, 115.
///
/// # Errors
/// Those of the store.
pub(crate) async fn request_event(
    cx: &Context<'_>,
    request: &OadrRequestEvent,
) -> Result<OadrDistributeEvent, Error> {
    let asked = &request.ei_request_event;
    let mut batch = Batch::new();
    let oadr_event = distribute(cx, &mut batch, asked.reply_limit)?;
    cx.commit(batch).await?;
    Ok(OadrDistributeEvent {
        schema_version: None,
        ei_response: Some(EiResponse::ok(asked.request_id.as_str())),
        request_id: cx.ids.make(),
        vtn_id: cx.settings.vtn_id.clone(),
        oadr_event,
    })
}

/// Records a VEN's answers to events. Rules 16, 17, 25, 35, 36, 42, 48, 52.
///
/// # Errors
/// 452 for an event that was never sent to this VEN; 450 for an answer to another version than
/// the last one sent (rule 48); 451 for another answer than before once the event is over. What
/// else the VEN answered is recorded all the same. 459 if it answers nothing (rule 35).
pub(crate) async fn created_event(
    cx: &Context<'_>,
    created: &OadrCreatedEvent,
) -> Result<OadrResponse, Error> {
    let outer = &created.ei_created_event.ei_response;
    if !outer.is_ok() {
        // Rule 25: then the eventResponses need not be read.
        let code = outer.response_code.value();
        tracing::warn!(party = cx.ven(), code, "the VEN refused its events");
        return Ok(OadrResponse::ok(outer.request_id.as_str()).with_ven_id(cx.ven()));
    }
    if created.answers().is_empty() {
        // Rule 35: eventResponses are there unless eiResponse reports an error.
        let what = "neither eventResponses nor an error in eiResponse";
        return Err(Error::rule(35, Code::NotCompliant, what));
    }
    let mut answers = Answers::default();
    for response in created.answers() {
        match answered(cx, response)? {
            Ok(answer) => answers.add(answer),
            Err(fault) => answers.faults.push(fault),
        }
    }
    let mut batch = Batch::new();
    answers.record(cx, &mut batch)?;
    cx.commit(batch).await?;
    for answer in &answers.good {
        cx.tell(answer.notice(cx)).await;
    }
    if let Some(fault) = answers.faults.into_iter().next() {
        return Err(fault.into());
    }
    // Rule 42: with eventResponses the outer requestID is empty, and the inner ones count.
    let inner = created.answers().first().map(|response| response.request_id.as_str());
    let outer = Some(outer.request_id.as_str()).filter(|id| !id.is_empty());
    Ok(OadrResponse::ok(outer.or(inner).unwrap_or_default()).with_ven_id(cx.ven()))
}

/// An answer that fits what was sent.
struct Answered {
    event: Event,
    before: Stored<Delivery>,
    after: Delivery,
    opt: Opt,
    timing: EventTiming,
}

#[derive(Default)]
struct Answers {
    good: Vec<Answered>,
    faults: Vec<Fault>,
}

/// Holds one eventResponse against what this VEN was sent.
fn answered(cx: &Context<'_>, response: &EventResponse) -> Result<Result<Answered, Fault>, Error> {
    let id = &response.qualified_event_id.event_id;
    let number = response.qualified_event_id.modification_number;
    let unknown = || Ok(Err(Fault::new(48, Code::InvalidId, "eventID unknown")));
    let Some(before) = DELIVERIES.load(&cx.view, (id.as_str(), cx.ven()))? else {
        return unknown();
    };
    let (Some(sent), Some(event)) = (&before.sent, EVENTS.get(&cx.view, id)?) else {
        return unknown();
    };
    if sent.modification != number {
        let what = format!("event {id} is at modificationNumber {}", sent.modification);
        return Ok(Err(Fault::new(48, Code::OutOfSequence, what)));
    }
    let opt = match response.opt_type {
        OptType::OptIn => Opt::In,
        OptType::OptOut => Opt::Out,
    };
    let answer = EventAnswer {
        modification: number,
        opt,
        code: response.response_code.value().parse().unwrap_or(0),
        description: response.response_description.clone().filter(|text| !text.is_empty()),
        request_id: Some(response.request_id.clone()).filter(|id| !id.is_empty()),
        at: cx.now,
    };
    let timing = timing(&event.draft)?;
    let earlier = before.answer.as_ref().filter(|earlier| earlier.modification == number);
    if earlier.is_none_or(|earlier| earlier.opt != opt) && before.withdrawn {
        return unknown();
    }
    // A first answer may be late. What was said stands once the event has been.
    let over = timing.ends_at().is_some_and(|end| cx.now >= end);
    if over && earlier.is_some_and(|earlier| earlier.opt != opt) {
        let what = format!("event {id} is over, and was answered");
        return Ok(Err(Fault::new(17, Code::NotAllowed, what)));
    }
    let after = Delivery { answer: Some(answer), ..Delivery::clone(&before) };
    Ok(Ok(Answered { event, before, after, opt, timing }))
}

impl Answers {
    /// Of two answers to one event in one message the later counts.
    fn add(&mut self, answer: Answered) {
        self.good.retain(|earlier| earlier.event.id != answer.event.id);
        self.good.push(answer);
    }

    fn record(&self, cx: &Context<'_>, batch: &mut Batch) -> Result<(), Error> {
        let mut newer = Vec::new();
        for Answered { event, before, after, .. } in &self.good {
            DELIVERIES.swap(batch, (event.id.as_str(), cx.ven()), before, after)?;
            // Rule 50: an acknowledged cancellation is listed no longer.
            let acknowledged = after.sent.as_ref().map(|sent| sent.modification);
            if event.cancelled.is_some() && acknowledged == Some(event.modification) {
                LIVE.delete(batch, (cx.ven(), event.id.as_str()));
            }
            newer.push((event.id.clone(), after.clone()));
        }
        // What became due after the list that is answered here must still be offered: a
        // withdrawal crosses the answer, and no row tells of it but this one.
        let offered = DUE.get(&cx.view, cx.ven())?.is_none_or(|due| due.tries > 0);
        if offered && !newer.is_empty() && all_settled(cx, &newer, &cx.view)? {
            settle(cx, batch, None)?;
        }
        Ok(())
    }
}

impl Answered {
    fn notice(&self, cx: &Context<'_>) -> Notice {
        let length = self.timing.duration().map(|length| length.unsigned_abs());
        Notice::Answered {
            party: cx.party_id(),
            event: EventId::from(self.event.id.as_str()),
            modification: self.event.modification,
            opt: self.opt,
            interval: Interval::new(
                self.timing.start(),
                length.unwrap_or(std::time::Duration::MAX),
            ),
        }
    }
}
