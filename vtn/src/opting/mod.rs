//! Opts behind the service: schedules that replace each other, the opt state of events.

mod event_opt;
mod schedule;

pub(crate) use event_opt::opt_event;
pub(crate) use schedule::{availability, is_out_during, opt_schedule, served};

use oadr_platform::opt::Opt;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::Target;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::ei::{EiTarget, OptType};
use oadr_schemas::openadr::oadr::OadrCreateOpt;
use oadr_store::{Batch, Keys, Read};

use crate::error::Error;
use crate::ids::named;
use crate::outbox::number;
use crate::record::{OptAction, OptChange, TargetRef};
use crate::tables::OPT_HISTORY;
use jiff::Timestamp;

/// In or out.
pub(crate) fn opt_of(kind: &OptType) -> Opt {
    match kind {
        OptType::OptIn => Opt::In,
        OptType::OptOut => Opt::Out,
    }
}

/// The criteria of an opt's target, without the VEN itself: naming it means all it has.
///
/// # Errors
/// Rule 208: 452 for another's venID. Rule 202: 462 for a criterion that names nothing here, 459
/// for an empty name and 454 for one too long.
pub(crate) fn targets(target: &EiTarget, ven: &str) -> Result<Vec<TargetRef>, Fault> {
    let mut found = Vec::new();
    for criterion in target.criteria() {
        let (kind, name) = match criterion {
            Target::Ven(id) if id == ven => continue,
            Target::Ven(_) => return Err(Fault::new(208, Code::InvalidId, "venID unknown")),
            Target::Resource(id) => ("resourceID", id),
            Target::Group(id) => ("groupID", id),
            Target::GroupName(name) => ("groupName", name),
            Target::Party(id) => ("partyID", id),
            Target::EndDeviceAsset(mrid) => ("endDeviceAsset", mrid),
            Target::MeterAsset(mrid) => ("meterAsset", mrid),
            Target::Pnode(node) => ("pnode", node),
            Target::AggregatedPnode(node) => ("aggregatedPnode", node),
            Target::ServiceDeliveryPoint(node) => ("serviceDeliveryPoint", node),
            Target::ServiceArea(_)
            | Target::ServiceLocation(_)
            | Target::TransportInterface { .. } => {
                let what = "areas, locations and transport interfaces name nothing here";
                return Err(Fault::new(202, Code::TargetMismatch, what));
            }
        };
        named(202, kind, name)?;
        found.push(TargetRef { kind: kind.to_owned(), name: name.to_owned() });
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The device classes of rule 209.
pub(crate) fn device_classes(create: &OadrCreateOpt) -> Vec<String> {
    let class = create.oadr_device_class.as_ref();
    class.into_iter().flat_map(|t| &t.end_device_asset).map(|asset| asset.mrid.clone()).collect()
}

/// Adds to the batch: lines of the VEN's history.
pub(crate) fn note(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    (opt_id, actions, at): (&str, Vec<OptAction>, Timestamp),
) -> Result<(), Error> {
    let last = OPT_HISTORY.range(view, Keys::of((ven,)).backward().limit(1))?;
    let next = last.first().map_or(0, |((_, last), _)| last + 1).max(number(at));
    for (next, action) in (next..).zip(actions) {
        let change = OptChange { at, opt_id: opt_id.to_owned(), action };
        OPT_HISTORY.put_new(batch, (ven, next), &change)?;
    }
    Ok(())
}
