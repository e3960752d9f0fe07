//! EiEvent: what a VEN says, and events for the kit's VTN to send.
//! OpenADR 2.0b Profile, rules 2, 12, 35, 42, 100 to 105.

use jiff::Timestamp;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{
    EiEvent, EiEventSignal, EiEventSignals, EiMarketContext, EiTarget, EventDescriptor,
    EventResponse, EventStatusEnumerated, OptType, QualifiedEventID, SignalName,
    SignalTypeEnumerated,
};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{
    OadrCreatedEvent, OadrDistributeEvent, OadrEvent, OadrRequestEvent, ResponseRequired,
};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::strm::Intervals;
use oadr_schemas::openadr::xcal::Properties;
use oadr_schemas::xml::{DateTime, Text, Uri};
use rust_decimal::Decimal;

use super::seconds;
use crate::vtn::Party;

/// oadrRequestEvent.
pub fn request(ven: &Party, reply_limit: Option<u32>, request_id: &str) -> OadrRequestEvent {
    let (request_id, ven_id) = (request_id.to_owned(), ven.id());
    let ei_request_event = EiRequestEvent { request_id, ven_id, reply_limit };
    OadrRequestEvent { schema_version: None, ei_request_event }
}

/// oadrCreatedEvent: one answer to every event of a list that wants one.
pub fn answer_all(ven: &Party, list: &OadrDistributeEvent, opt: OptType) -> OadrCreatedEvent {
    let wanted = list.oadr_event.iter().filter(|event| event.is_to_be_answered());
    let answers = wanted.map(|event| {
        let event = &event.ei_event;
        let id = QualifiedEventID::new(event.id(), event.modification_number());
        EventResponse::new(id, opt.clone(), Code::Ok, list.request_id.as_str())
    });
    OadrCreatedEvent::answering(ven.id(), answers.collect())
}

/// oadrCreatedEvent: one answer to one modification of one event.
pub fn answer(
    ven: &Party,
    (event, modification): (&str, u32),
    opt: OptType,
    request_id: &str,
) -> OadrCreatedEvent {
    let id = QualifiedEventID::new(event, modification);
    let response = EventResponse::new(id, opt, Code::Ok, request_id);
    OadrCreatedEvent::answering(ven.id(), vec![response])
}

/// The event of this id in a list.
pub fn find<'a>(list: &'a OadrDistributeEvent, id: &str) -> Option<&'a EiEvent> {
    list.oadr_event.iter().map(|event| &event.ei_event).find(|event| event.id() == id)
}

/// Whether an answer is due.
pub trait Answerable {
    /// oadrResponseRequired is `always`.
    fn is_to_be_answered(&self) -> bool;
}

impl Answerable for OadrEvent {
    fn is_to_be_answered(&self) -> bool {
        self.oadr_response_required == ResponseRequired::Always
    }
}

/// An event for the recipient: SIMPLE level 1, from `start` for `duration_s`, to be answered.
pub fn simple(id: &str, start: Timestamp, duration_s: u32) -> OadrEvent {
    let signal = signal("SIMPLE", "level", None, &[(duration_s, 1)]);
    let mut properties = Properties::new(start, seconds(duration_s));
    properties.x_ei_notification = Some(seconds(0).into());
    OadrEvent {
        ei_event: EiEvent {
            event_descriptor: EventDescriptor {
                event_id: id.to_owned(),
                modification_number: 0,
                modification_date_time: None,
                modification_reason: None,
                priority: Some(0),
                ei_market_context: market(MARKET),
                created_date_time: DateTime(start),
                event_status: EventStatusEnumerated::Far,
                test_event: None,
                vtn_comment: None,
            },
            ei_active_period: properties.into(),
            ei_event_signals: EiEventSignals {
                ei_event_signal: vec![signal],
                ei_event_baseline: None,
            },
            ei_target: EiTarget::recipient(),
        },
        oadr_response_required: ResponseRequired::Always,
    }
}

/// A signal; an unknown name becomes an extension, so it must begin with `x-`.
pub fn signal(
    name: &str,
    kind: &str,
    unit: Option<ItemBase>,
    intervals: &[(u32, i64)],
) -> EiEventSignal {
    let values = intervals.iter().map(|(length, value)| (seconds(*length), Decimal::from(*value)));
    let name = SignalName::parse(name).unwrap_or(SignalName::Simple);
    let kind = SignalTypeEnumerated::parse(kind).unwrap_or(SignalTypeEnumerated::Level);
    let signal = EiEventSignal::new("0", name, kind, values);
    EiEventSignal { item_base: unit, ..signal }
}

/// A market context.
pub fn market(uri: &str) -> EiMarketContext {
    EiMarketContext { market_context: Uri::parse(uri).unwrap_or_default() }
}

/// Changes on an event, each giving it back.
pub trait Change: Sized {
    /// Any change.
    fn to(self, change: impl FnOnce(&mut EiEvent)) -> Self;

    /// modificationNumber.
    fn modification(self, number: u32) -> Self {
        self.to(|event| event.event_descriptor.modification_number = number)
    }

    /// eventStatus.
    fn status(self, status: EventStatusEnumerated) -> Self {
        self.to(|event| event.event_descriptor.event_status = status)
    }

    /// eventStatus cancelled.
    fn cancelled(self) -> Self {
        self.status(EventStatusEnumerated::Cancelled)
    }

    /// Its market context.
    fn market(self, uri: &str) -> Self {
        self.to(|event| event.event_descriptor.ei_market_context = market(uri))
    }

    /// Its eiTarget.
    fn target(self, target: EiTarget) -> Self {
        self.to(|event| event.ei_target = target)
    }

    /// startafter.
    fn startafter(self, window_s: u32) -> Self {
        self.to(|event| {
            let properties = event.ei_active_period.properties.clone();
            event.ei_active_period.properties = properties.with_startafter(seconds(window_s));
        })
    }

    /// The values of its first signal, which also make its duration.
    fn values(self, intervals: &[(u32, i64)]) -> Self {
        self.to(|event| {
            let all = intervals.iter().map(|(length, _)| length).sum();
            event.ei_active_period.properties.duration = seconds(all).into();
            let values =
                intervals.iter().map(|(length, value)| (seconds(*length), Decimal::from(*value)));
            event.ei_event_signals.ei_event_signal[0].intervals = Intervals::of_signal(values);
        })
    }

    /// All its signals, signalIDs numbered.
    fn signals(self, signals: Vec<EiEventSignal>) -> Self {
        self.to(|event| {
            let numbered = signals
                .into_iter()
                .enumerate()
                .map(|(at, signal)| EiEventSignal { signal_id: at.to_string(), ..signal });
            event.ei_event_signals.ei_event_signal = numbered.collect();
        })
    }
}

impl Change for OadrEvent {
    fn to(mut self, change: impl FnOnce(&mut EiEvent)) -> Self {
        change(&mut self.ei_event);
        self
    }
}

/// The same event that wants no answer.
pub fn never(event: OadrEvent) -> OadrEvent {
    OadrEvent { oadr_response_required: ResponseRequired::Never, ..event }
}

/// The market context of the kit's events.
pub const MARKET: &str = "http://conformance.example/programme";
