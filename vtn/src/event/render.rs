//! An event as one VEN sees it at one time. OpenADR 2.0b Profile, rules 2, 5, 12 to 14, 29, 63,
//! 100 to 105, 111, 115.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::ei::{
    EiEvent, EiEventBaseline, EiEventSignal, EiEventSignals, EiMarketContext, EiTarget,
    EventDescriptor, SignalName, SignalTypeEnumerated,
};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::oadr::{OadrEvent, ResponseRequired};
use oadr_schemas::openadr::strm::Intervals;
use oadr_schemas::openadr::xcal::Properties;
use oadr_schemas::openadr::{Code, EventStatus};
use oadr_schemas::xml::{DateTime, Decimal, Duration, Text, Uri};

use crate::record::{BaselineDraft, Event, EventDraft, IntervalDraft, SignalDraft};
use crate::unit;

/// The event for `ven`, with status and current values as of `now`, which is also its
/// createdDateTime: so all events of an answer bear the same (rule 115).
///
/// # Errors
/// The rule that the draft breaks. A stored event was rendered before and breaks none.
pub(crate) fn render(event: &Event, ven: &str, now: Timestamp) -> Result<OadrEvent, Fault> {
    let draft = &event.draft;
    let mut ei_event = EiEvent {
        event_descriptor: descriptor(event, now),
        ei_active_period: period(draft)?.into(),
        ei_event_signals: EiEventSignals {
            ei_event_signal: signals(&draft.signals)?,
            ei_event_baseline: draft.baseline.as_ref().map(baseline).transpose()?,
        },
        ei_target: target(draft, ven),
    };
    ei_event.refresh(now)?;
    let oadr_response_required = match draft.response_required {
        true => ResponseRequired::Always,
        false => ResponseRequired::Never,
    };
    Ok(OadrEvent { ei_event, oadr_response_required })
}

/// When the event happens.
///
/// # Errors
/// As [`render`].
pub(crate) fn timing(draft: &EventDraft) -> Result<EventTiming, Fault> {
    EventTiming::from_properties(&period(draft)?)
}

fn descriptor(event: &Event, now: Timestamp) -> EventDescriptor {
    let modified = (event.modification > 0).then_some(DateTime(event.modified));
    EventDescriptor {
        event_id: event.id.clone(),
        modification_number: event.modification,
        modification_date_time: modified,
        modification_reason: event.reason.clone(),
        priority: Some(event.draft.priority),
        ei_market_context: EiMarketContext {
            market_context: Uri::from(event.draft.market_context.as_str()),
        },
        created_date_time: DateTime(now),
        event_status: match event.cancelled {
            Some(_) => EventStatus::Cancelled,
            None => EventStatus::Far,
        },
        test_event: event.draft.test.then(|| "true".to_owned()),
        vtn_comment: event.draft.comment.clone(),
    }
}

fn period(draft: &EventDraft) -> Result<Properties, Fault> {
    let optional = |span: Option<SignedDuration>, name| {
        span.map(|span| whole(span, name)).transpose().map(|span| span.map(Into::into))
    };
    let properties = Properties {
        // Rule 105: always present, zero if nothing is said.
        x_ei_notification: Some(whole(draft.notification, "notification")?.into()),
        x_ei_ramp_up: optional(draft.ramp_up, "ramp_up")?,
        x_ei_recovery: optional(draft.recovery, "recovery")?,
        ..Properties::new(draft.start, whole(draft.duration, "duration")?)
    };
    Ok(match draft.start_after {
        Some(window) => properties.with_startafter(whole(window, "start_after")?),
        None => properties,
    })
}

/// Rule 22 makes criteria alternatives: beside a venID resources would narrow nothing. So
/// resources stand alone, and an event for a VEN with all it has names the VEN (rule 63: one).
fn target(draft: &EventDraft, ven: &str) -> EiTarget {
    match draft.targets.resources.as_slice() {
        [] => EiTarget::ven(ven),
        resources => EiTarget::resources(resources.iter().cloned()),
    }
}

fn signals(drafts: &[SignalDraft]) -> Result<Vec<EiEventSignal>, Fault> {
    if drafts.is_empty() {
        return Err(Fault::new(33, Code::NotCompliant, "an event has one signal at least"));
    }
    drafts.iter().enumerate().map(|(place, draft)| signal(draft, place)).collect()
}

fn signal(draft: &SignalDraft, place: usize) -> Result<EiEventSignal, Fault> {
    let id = draft.id.clone().unwrap_or_else(|| place.to_string());
    let unknown = |what: &str, text: &str| {
        Fault::new(104, Code::NotRecognized, format!("signal {id}: no {what} {text:?}"))
    };
    let name = SignalName::parse(&draft.name).map_err(|_| unknown("signalName", &draft.name))?;
    let kind =
        SignalTypeEnumerated::parse(&draft.kind).map_err(|_| unknown("signalType", &draft.kind))?;
    let ei_target = match draft.device_classes.as_slice() {
        // Rule 111: without endDeviceAsset the target is left out.
        [] => None,
        classes => Some(EiTarget::device_classes(classes.iter().cloned())),
    };
    let item_base = unit_of(draft.unit.as_deref())?;
    let intervals = values(&draft.intervals)?;
    Ok(EiEventSignal { ei_target, item_base, ..EiEventSignal::new(id, name, kind, intervals) })
}

fn baseline(draft: &BaselineDraft) -> Result<EiEventBaseline, Fault> {
    Ok(EiEventBaseline {
        dtstart: draft.start.into(),
        duration: whole(draft.duration, "duration of the baseline")?.into(),
        intervals: Intervals::of_signal(values(&draft.intervals)?),
        baseline_id: draft.id.clone(),
        resource_id: draft.resources.clone(),
        baseline_name: draft.name.clone(),
        item_base: unit_of(draft.unit.as_deref())?,
    })
}

fn values(drafts: &[IntervalDraft]) -> Result<Vec<(Duration, Decimal)>, Fault> {
    if drafts.is_empty() {
        return Err(Fault::new(8, Code::NotCompliant, "a signal has one interval at least"));
    }
    drafts.iter().map(|draft| Ok((whole(draft.duration, "interval")?, draft.value))).collect()
}

fn unit_of(words: Option<&str>) -> Result<Option<ItemBase>, Fault> {
    let Some(words) = words else { return Ok(None) };
    let unit = unit::parse(words);
    unit.map(Some).ok_or_else(|| Fault::new(104, Code::NotRecognized, format!("no unit {words:?}")))
}

fn whole(span: SignedDuration, name: &str) -> Result<Duration, Fault> {
    unit::duration(span).ok_or_else(|| {
        Fault::new(1, Code::InvalidData, format!("{name}: {span} is not in whole seconds"))
    })
}
