//! EiOpt. OpenADR 2.0b Profile, section 8.4 and rules 200 to 211.

use oadr_platform::aggregator::Notice;
use oadr_platform::opt::{OptReason, OptSchedule};
use oadr_platform::{EventId, Interval, MarketContext, OptId, ResourceId};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::check_opt;
use oadr_schemas::openadr::ei::{EiResponse, QualifiedEventID};
use oadr_schemas::openadr::oadr::{OadrCancelOpt, OadrCanceledOpt, OadrCreateOpt, OadrCreatedOpt};
use oadr_schemas::xml::Text;
use oadr_store::{Batch, Keys};

use crate::context::Context;
use crate::error::Error;
use crate::event::timing;
use crate::ids::{named, short};
use crate::opting::{device_classes, note, opt_event, opt_of, opt_schedule, targets};
use crate::record::{OptAction, OptEntry, OptUse};
use crate::tables::{EVENTS, OPT_IDS, OPTS};

/// Records an opt: a schedule, or the state of an event. Rules 202 to 210.
///
/// # Errors
/// The broken rule; see the two kinds.
pub(crate) async fn create_opt(
    cx: &Context<'_>,
    create: &OadrCreateOpt,
) -> Result<OadrCreatedOpt, Error> {
    check_opt(create)?;
    named(204, "optID", &create.opt_id)?;
    short(208, "optReason", &create.opt_reason.text())?;
    for class in device_classes(create) {
        short(209, "mrid", &class)?;
    }
    let mut batch = Batch::new();
    let notice = match (&create.qualified_event_id, &create.vavailability) {
        (Some(event), _) => {
            let by = (cx.ven(), cx.now, cx.settings.limits.opts);
            opt_event(&cx.view, &mut batch, by, (create, event))?;
            of_event(cx, create, event)?
        }
        (None, Some(schedule)) => {
            let by = (cx.ven(), cx.now, cx.settings);
            let entry = opt_schedule(&cx.view, &mut batch, by, (create, schedule))?;
            let party = cx.party_id();
            Some(Notice::Opted { party, schedule: told(&entry) })
        }
        // Refused by check_opt: rule 206.
        (None, None) => return Err(Error::rule(206, Code::NotCompliant, "neither event nor time")),
    };
    cx.commit(batch).await?;
    // On a repetition again: a crash may have come between the record and the notice.
    if let Some(notice) = notice {
        cx.tell(notice).await;
    }
    let done = EiResponse::ok(create.request_id.as_str());
    Ok(OadrCreatedOpt::new(done, create.opt_id.as_str()))
}

/// Takes schedules back: all under this optID. Rules 204, 211.
///
/// # Errors
/// 452 for an optID never used (rule 208); 451 for one that qualified an event that is not over
/// (rule 211).
pub(crate) async fn cancel_opt(
    cx: &Context<'_>,
    cancel: &OadrCancelOpt,
) -> Result<OadrCanceledOpt, Error> {
    let id = cancel.opt_id.as_str();
    match OPT_IDS.get(&cx.view, (cx.ven(), id))? {
        None => return Err(Error::invalid_id(208, "optID")),
        Some(OptUse::Event(event)) => may_forget(cx, &event)?,
        Some(OptUse::Schedule) => {}
    }
    let mut batch = Batch::new();
    let mut actions = Vec::new();
    for ((_, seq), entry) in OPTS.range(&cx.view, Keys::of((cx.ven(),)))? {
        if entry.opt_id == id {
            OPTS.require_present(&mut batch, (cx.ven(), seq));
            OPTS.delete(&mut batch, (cx.ven(), seq));
            actions.push(OptAction::Cancelled(entry));
        }
    }
    // Rule 211: what a newer one replaced, or an earlier cancellation ended, is no error.
    note(&cx.view, &mut batch, cx.ven(), (id, actions, cx.now))?;
    cx.commit(batch).await?;
    let (party, opt) = (cx.party_id(), OptId::from(id));
    cx.tell(Notice::OptCancelled { party, opt }).await;
    Ok(OadrCanceledOpt::new(EiResponse::ok(cancel.request_id.as_str()), id))
}

/// Rule 211: an opt that qualified a pending or active event is not cancelled.
fn may_forget(cx: &Context<'_>, event: &str) -> Result<(), Error> {
    let Some(event) = EVENTS.get(&cx.view, event)? else { return Ok(()) };
    let over = timing(&event.draft)?.ends_at().is_some_and(|end| cx.now >= end);
    if event.cancelled.is_some() || over {
        return Ok(());
    }
    Err(Error::rule(211, Code::NotAllowed, "the opt belongs to an event that is not over"))
}

/// An opt for the whole VEN is an answer, for the aggregator. It has no words for one that is
/// narrowed to resources or device classes.
fn of_event(
    cx: &Context<'_>,
    create: &OadrCreateOpt,
    qualified: &QualifiedEventID,
) -> Result<Option<Notice>, Error> {
    let narrowed = !targets(&create.ei_target, cx.ven())?.is_empty();
    let Some(event) = EVENTS.get(&cx.view, &qualified.event_id)? else { return Ok(None) };
    if narrowed || !device_classes(create).is_empty() {
        return Ok(None);
    }
    let timing = timing(&event.draft)?;
    let length = timing.duration().map(|length| length.unsigned_abs());
    Ok(Some(Notice::Answered {
        party: cx.party_id(),
        event: EventId::from(event.id.as_str()),
        modification: qualified.modification_number,
        opt: opt_of(&create.opt_type),
        interval: Interval::new(timing.start(), length.unwrap_or(std::time::Duration::MAX)),
    }))
}

/// The schedule as the aggregator is told of it.
fn told(entry: &OptEntry) -> OptSchedule {
    let reason = match entry.reason.as_str() {
        "economic" => OptReason::Economic,
        "emergency" => OptReason::Emergency,
        "mustRun" => OptReason::MustRun,
        "notParticipating" => OptReason::NotParticipating,
        "outageRunStatus" => OptReason::OutageRunStatus,
        "overrideStatus" => OptReason::OverrideStatus,
        "participating" => OptReason::Participating,
        "x-schedule" => OptReason::Schedule,
        own => OptReason::Other(own.to_owned()),
    };
    let windows = entry.windows.iter();
    let resources = entry.targets.iter().filter(|target| target.kind == "resourceID");
    OptSchedule {
        id: OptId::from(entry.opt_id.as_str()),
        opt: entry.opt,
        reason,
        market_context: entry.market_context.as_deref().map(MarketContext::from),
        resources: resources.map(|target| ResourceId::from(target.name.as_str())).collect(),
        intervals: windows
            .map(|window| match window.duration.unsigned_abs() {
                // Rule 210: zero has no end.
                std::time::Duration::ZERO => Interval::new(window.start, std::time::Duration::MAX),
                length => Interval::new(window.start, length),
            })
            .collect(),
    }
}
