//! Messages to put into a VTN's mouth.

use oadr_schemas::openadr::ei::*;
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::*;
use oadr_schemas::openadr::power::PowerAttributes;
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::openadr::strm::Intervals;
use oadr_schemas::openadr::xcal::{Properties, WsCalendarInterval};
use oadr_schemas::xml::{Duration, Text, Uri};
use rust_decimal::Decimal;

use super::{noon, t};

pub fn d(text: &str) -> Duration {
    Duration::parse(text).unwrap()
}

/// An event under construction: SIMPLE, one hour from one o'clock, for the recipient.
pub fn event(id: &str) -> OadrEvent {
    let values = [(d("PT1H"), Decimal::from(2))];
    let simple = EiEventSignal::new("s0", SignalName::Simple, SignalTypeEnumerated::Level, values);
    let mut properties = Properties::new(t("2026-06-01T13:00:00Z"), d("PT1H"));
    properties.x_ei_notification = Some(d("PT0S").into());
    OadrEvent {
        ei_event: EiEvent {
            event_descriptor: EventDescriptor {
                event_id: id.to_owned(),
                modification_number: 0,
                modification_date_time: None,
                modification_reason: None,
                priority: Some(1),
                ei_market_context: EiMarketContext {
                    market_context: Uri::parse("http://market.example/A").unwrap(),
                },
                created_date_time: noon().into(),
                event_status: EventStatusEnumerated::Far,
                test_event: None,
                vtn_comment: None,
            },
            ei_active_period: properties.into(),
            ei_event_signals: EiEventSignals {
                ei_event_signal: vec![simple],
                ei_event_baseline: None,
            },
            ei_target: EiTarget::recipient(),
        },
        oadr_response_required: ResponseRequired::Always,
    }
}

/// Changes on an event, each giving it back.
pub trait Change: Sized {
    fn to(self, change: impl FnOnce(&mut EiEvent)) -> Self;

    fn version(self, number: u32) -> Self {
        self.to(|event| event.event_descriptor.modification_number = number)
    }

    fn cancelled(self) -> Self {
        let cancelled = EventStatusEnumerated::Cancelled;
        self.to(|event| event.event_descriptor.event_status = cancelled)
    }

    fn priority(self, priority: u32) -> Self {
        self.to(|event| event.event_descriptor.priority = Some(priority))
    }

    fn market(self, context: &str) -> Self {
        let context = Uri::parse(context).unwrap();
        self.to(|event| event.event_descriptor.ei_market_context.market_context = context)
    }

    /// Start, and the lengths and values of the intervals of its one signal.
    fn times(self, start: &str, intervals: &[(&str, i64)]) -> Self {
        self.to(|event| {
            let properties = &mut event.ei_active_period.properties;
            properties.dtstart = t(start).into();
            let all = intervals.iter().map(|(length, _)| d(length).exact().unwrap().as_secs());
            let seconds = u32::try_from(all.sum::<i64>()).unwrap();
            properties.duration = Duration::from_seconds(seconds).into();
            let values = intervals.iter().map(|(length, value)| (d(length), Decimal::from(*value)));
            event.ei_event_signals.ei_event_signal[0].intervals = Intervals::of_signal(values);
        })
    }

    fn startafter(self, window: &str) -> Self {
        self.to(|event| {
            let properties = event.ei_active_period.properties.clone();
            event.ei_active_period.properties = properties.with_startafter(d(window));
        })
    }

    fn target(self, target: EiTarget) -> Self {
        self.to(|event| event.ei_target = target)
    }

    fn signals(self, signals: Vec<EiEventSignal>) -> Self {
        self.to(|event| event.ei_event_signals.ei_event_signal = signals)
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

/// A signal of one hour.
pub fn signal(name: &str, kind: &str, value: i64, unit: Option<ItemBase>) -> EiEventSignal {
    let (name, kind) =
        (SignalName::parse(name).unwrap(), SignalTypeEnumerated::parse(kind).unwrap());
    let values = [(d("PT1H"), Decimal::from(value))];
    let signal = EiEventSignal::new(format!("{name:?}"), name, kind, values);
    EiEventSignal { item_base: unit, ..signal }
}

pub fn kilowatts() -> Option<ItemBase> {
    let mains = PowerAttributes { hertz: 50.into(), voltage: 230.into(), ac: true };
    Some(ItemBase::power_real(SiScaleCode::K, mains))
}

pub fn euro_per_kwh() -> Option<ItemBase> {
    use oadr_schemas::openadr::currency::ISO3AlphaCurrencyCodeContent as Code;
    Some(ItemBase::currency_per_kwh(Code::parse("EUR").unwrap()))
}

/// The list of events as a poll brings it.
pub fn list(request_id: &str, events: impl IntoIterator<Item = OadrEvent>) -> OadrDistributeEvent {
    OadrDistributeEvent {
        schema_version: None,
        ei_response: Some(EiResponse::ok("")),
        request_id: request_id.to_owned(),
        vtn_id: "vtn-1".to_owned(),
        oadr_event: events.into_iter().collect(),
    }
}

/// A report request: specifier, rIDs, granularity, reportBackDuration, interval.
pub fn report(
    id: &str,
    (specifier, rids): (&str, &[&str]),
    (granularity, back): (&str, &str),
    interval: Option<(&str, &str)>,
) -> OadrReportRequest {
    let payload = |rid: &&str| SpecifierPayload {
        rid: (*rid).to_owned(),
        item_base: None,
        reading_type: ReadingType::XNotApplicable,
    };
    OadrReportRequest {
        report_request_id: id.to_owned(),
        report_specifier: ReportSpecifier {
            report_specifier_id: specifier.to_owned(),
            granularity: d(granularity).into(),
            report_back_duration: d(back).into(),
            report_interval: interval.map(|(start, length)| WsCalendarInterval {
                properties: Properties::new(t(start), d(length)),
            }),
            specifier_payload: rids.iter().map(payload).collect(),
        },
    }
}

pub fn create(request_id: &str, requests: Vec<OadrReportRequest>) -> OadrCreateReport {
    OadrCreateReport {
        schema_version: None,
        request_id: request_id.to_owned(),
        oadr_report_request: requests,
        ven_id: Some("ven-1".to_owned()),
    }
}

pub fn cancel(ids: &[&str], follow: bool) -> OadrCancelReport {
    OadrCancelReport {
        schema_version: None,
        request_id: "cancel".to_owned(),
        report_request_id: ids.iter().map(|id| (*id).to_owned()).collect(),
        report_to_follow: follow,
        ven_id: Some("ven-1".to_owned()),
    }
}
