//! The opt state of an event by oadrCreateOpt. OpenADR 2.0b Profile, rule 206.

use jiff::Timestamp;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::ei::QualifiedEventID;
use oadr_schemas::openadr::oadr::OadrCreateOpt;
use oadr_schemas::xml::Text;
use oadr_store::{Batch, Snapshot};

use super::{device_classes, note, opt_of, targets};
use crate::error::Error;
use crate::event::timing;
use crate::record::{Delivery, Event, OptAction, OptUse, ResourceOpt, TargetRef};
use crate::tables::{DELIVERIES, EVENTS, OPT_IDS};

/// Adds to the batch: the VEN's resources are in or out of the event. `false`: they were
/// already, by this same opt.
///
/// # Errors
/// 452 for an event that was not sent to this VEN, 450 for another version of it, 451 if it
/// asks for no answer or is over or has too many opts, 462 for a target outside of it.
pub(crate) fn opt_event(
    view: &Snapshot,
    batch: &mut Batch,
    (ven, now, most): (&str, Timestamp, usize),
    (create, qualified): (&OadrCreateOpt, &QualifiedEventID),
) -> Result<bool, Error> {
    let id = qualified.event_id.as_str();
    let unknown = || Error::invalid_id(206, "eventID");
    let before = DELIVERIES.load(view, (id, ven))?.ok_or_else(unknown)?;
    let event = EVENTS.get(view, id)?.ok_or_else(unknown)?;
    let sent = before.sent.as_ref().ok_or_else(unknown)?;
    if sent.modification != qualified.modification_number {
        let what = format!("event {id} is at modificationNumber {}", sent.modification);
        return Err(Error::rule(206, Code::OutOfSequence, what));
    }
    may_change(&event, now)?;
    let resources = resources(&event, &targets(&create.ei_target, ven)?)?;
    let too_many = || Err(Error::rule(206, Code::NotAllowed, "too many opts in this event"));
    if resources.len() > most {
        return too_many();
    }
    let mut after = Delivery::clone(&before);
    let classes = device_classes(create);
    let wanted = |resource: Option<String>| ResourceOpt {
        opt_id: create.opt_id.clone(),
        resource,
        device_classes: classes.clone(),
        opt: opt_of(&create.opt_type),
        reason: create.opt_reason.text().into_owned(),
        at: now,
    };
    if resources.is_empty() {
        // All resources of the event change; a class narrows it to some of them.
        after.opts.retain(|opt| !classes.is_empty() && opt.device_classes != classes);
        after.opts.push(wanted(None));
    }
    for resource in &resources {
        let name = Some(resource.clone());
        after.opts.retain(|opt| opt.resource != name || opt.device_classes != classes);
        after.opts.push(wanted(name));
    }
    if same(&before.opts, &after.opts) {
        return Ok(false);
    }
    // They are kept in one record, which each of them writes anew.
    if after.opts.len() > most {
        return too_many();
    }
    DELIVERIES.swap(batch, (id, ven), &before, &after)?;
    OPT_IDS.put(batch, (ven, create.opt_id.as_str()), &OptUse::Event(id.to_owned()))?;
    let action =
        OptAction::Event { event: id.to_owned(), opt: opt_of(&create.opt_type), resources };
    note(view, batch, ven, (&create.opt_id, vec![action], now))?;
    Ok(true)
}

/// Rule 206: not for an event received with `never`. What is over cannot be changed.
fn may_change(event: &Event, now: Timestamp) -> Result<(), Error> {
    let refuse = |what: &str| Err(Error::rule(206, Code::NotAllowed, what));
    if !event.draft.response_required {
        return refuse("the event asks for no answer");
    }
    let over = timing(&event.draft)?.listed_until().is_some_and(|until| now >= until);
    if event.cancelled.is_some() || over {
        return refuse("the event is over");
    }
    Ok(())
}

/// Rule 206: named resources lie within the event's targets. Empty: all.
fn resources(event: &Event, targets: &[TargetRef]) -> Result<Vec<String>, Error> {
    let of_event = &event.draft.targets.resources;
    let mut found = Vec::new();
    for target in targets {
        let inside = of_event.is_empty() || of_event.contains(&target.name);
        if target.kind != "resourceID" || !inside {
            let what = format!("{} {} is no target of the event", target.kind, target.name);
            return Err(Fault::new(206, Code::TargetMismatch, what).into());
        }
        found.push(target.name.clone());
    }
    Ok(found)
}

/// Whether two lists say the same, times apart.
fn same(a: &[ResourceOpt], b: &[ResourceOpt]) -> bool {
    let timeless = |opts: &[ResourceOpt]| -> Vec<ResourceOpt> {
        opts.iter().map(|opt| ResourceOpt { at: Timestamp::UNIX_EPOCH, ..opt.clone() }).collect()
    };
    timeless(a) == timeless(b)
}
