//! What an eiEvent means here: times, programme, resources, signals; or why it is refused.
//! OpenADR 2.0b Profile, rules 22, 30, 33, 48, 111, 112, 512.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::prosumer::EventOffer;
use oadr_platform::signal::Signal;
use oadr_platform::{Interval, ResourceId};
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::ei::{EiEvent, EiTarget};
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::{Code, Target};

use super::{random_up_to, signal};
use crate::context::Context;
use crate::tables::{Choice, EventRecord};
use crate::uri;

/// An event nobody decided on yet. `before` is what was known of it.
pub(super) fn record(
    cx: &mut Context<'_>,
    before: Option<&EventRecord>,
    event: &EiEvent,
) -> EventRecord {
    let mut record = blank(cx, event);
    match resolved(cx, before, event, &mut record) {
        Ok(()) => {}
        Err(fault) => {
            record.code = fault.code.number();
            record.why = fault.what;
        }
    }
    record
}

/// What can be said of any event.
fn blank(cx: &Context<'_>, event: &EiEvent) -> EventRecord {
    let descriptor = &event.event_descriptor;
    EventRecord {
        offer: EventOffer {
            event: event.id().into(),
            modification: event.modification_number(),
            market_context: event.market_context().into(),
            priority: descriptor.priority.unwrap_or(0),
            test: event.is_test(),
            interval: Interval {
                start: Timestamp::from(&event.ei_active_period.properties.dtstart),
                duration: std::time::Duration::ZERO,
            },
            resources: Vec::new(),
            signals: Vec::new(),
        },
        request_id: String::new(),
        always: false,
        startafter: SignedDuration::ZERO,
        shift: SignedDuration::ZERO,
        listed_until: None,
        code: Code::Ok.number(),
        why: String::new(),
        choice: Choice::Open { ask_at: cx.now },
        by_hand: false,
        stops_at: None,
        received: cx.now,
    }
}

fn resolved(
    cx: &mut Context<'_>,
    before: Option<&EventRecord>,
    event: &EiEvent,
    record: &mut EventRecord,
) -> Result<(), Fault> {
    let timing = EventTiming::of(event)?;
    record.startafter = timing.startafter();
    record.listed_until = timing.listed_until();
    // Rule 30: drawn once, kept over modifications unless startafter changes.
    record.shift = match before {
        Some(before) if before.startafter == timing.startafter() => before.shift,
        _ => random_up_to(cx, timing.startafter()),
    };
    let (start, end) = timing.shifted(record.shift);
    record.offer.interval = bound(start, end);
    let context = event.market_context();
    let contexts = &cx.settings.market_contexts;
    if !contexts.is_empty() && !contexts.iter().any(|own| uri::same(own, context)) {
        let what = format!("market context {context} is not served here");
        return Err(Fault::new(48, Code::TargetMismatch, what));
    }
    record.offer.resources = resources(cx, &event.ei_target)?;
    record.offer.signals = signal::offered(cx.settings, event, &timing, record.shift)?;
    if cx.settings.dispatch_names_its_resource && ambiguous(cx, record) {
        let what = "a dispatch in watts that fits several resources";
        return Err(Fault::new(112, Code::NotDeployed, what));
    }
    // Rule 33: a new event in the past makes no sense; one already known may be over.
    if before.is_none() && timing.listed_until().is_some_and(|until| until <= cx.now) {
        return Err(Fault::new(33, Code::NotCompliant, "the event is new and already over"));
    }
    Ok(())
}

/// Which resources a target means; empty is the whole site. Its criteria are alternatives,
/// and what a match means is the VEN's matter (rule 22): resources that are named narrow
/// the event to themselves, also beside the VEN's own venID.
fn resources(cx: &Context<'_>, target: &EiTarget) -> Result<Vec<ResourceId>, Fault> {
    if target.is_empty() {
        return Ok(Vec::new());
    }
    let own = &cx.site.resources;
    let mut named: Vec<_> = own.iter().map(|resource| &resource.id).collect();
    named.retain(|id| target.resource_id.iter().any(|wanted| wanted == id.as_str()));
    if !named.is_empty() {
        return Ok(named.into_iter().cloned().collect());
    }
    let ven_id = cx.registration().map(|registration| registration.ven_id).unwrap_or_default();
    let settings = cx.settings;
    let groups = |id: &str| settings.groups.iter().any(|group| group == id);
    let fits = target.criteria().any(|criterion| match criterion {
        Target::Ven(id) => id == ven_id,
        Target::Group(id) | Target::GroupName(id) => groups(id),
        Target::Party(id) => id == ven_id || groups(id),
        Target::EndDeviceAsset(class) => settings.device_classes.iter().any(|own| own == class),
        _ => false,
    });
    if fits {
        return Ok(Vec::new());
    }
    Err(Fault::new(48, Code::TargetMismatch, "the target leads to nothing here"))
}

fn ambiguous(cx: &Context<'_>, record: &EventRecord) -> bool {
    let meant = match record.offer.resources.len() {
        0 => cx.site.resources.len(),
        named => named,
    };
    let mut values = record.offer.signals.iter().flat_map(|signal| &signal.values);
    meant > 1
        && values.any(|(_, value)| matches!(value, Signal::Setpoint { .. } | Signal::Delta { .. }))
}

/// From `start` to `end`; a duration of zero where there is no end.
pub(super) fn bound(start: Timestamp, end: Option<Timestamp>) -> Interval {
    let length = end.map(|end| end.duration_since(start)).unwrap_or_default();
    let duration = if length.is_positive() { length.unsigned_abs() } else { Default::default() };
    Interval { start, duration }
}
