//! An event as the operator writes it: `event` of docs/hooks.md. Rules 2, 63, 100 to 105, 111.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{
    EiEvent, EiEventBaseline, EiEventSignal, EiEventSignals, EiMarketContext, EiTarget,
    EventDescriptor, EventStatusEnumerated, SignalName, SignalTypeEnumerated,
};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{OadrEvent, ResponseRequired};
use oadr_schemas::openadr::power::PowerAttributes;
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::openadr::strm::Intervals;
use oadr_schemas::openadr::xcal::{DurationProp, Properties};
use oadr_schemas::xml::{Duration, Text, Uri};
use rust_decimal::Decimal;
use serde::Deserialize;

/// An event.
#[derive(Deserialize)]
pub struct Draft {
    pub id: Option<String>,
    pub vens: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    start: Timestamp,
    duration_s: u32,
    startafter_s: Option<u32>,
    notification_s: Option<u32>,
    ramp_up_s: Option<i64>,
    recovery_s: Option<i64>,
    priority: Option<u32>,
    response: String,
    market_context: Option<String>,
    test: Option<String>,
    comment: Option<String>,
    signals: Vec<Signal>,
    baseline: Option<Baseline>,
}

#[derive(Deserialize)]
struct Signal {
    id: Option<String>,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    unit: Option<String>,
    intervals: Vec<Interval>,
    #[serde(default)]
    device_classes: Vec<String>,
}

#[derive(Deserialize)]
struct Interval {
    duration_s: u32,
    value: Decimal,
}

#[derive(Deserialize)]
struct Baseline {
    id: String,
    name: String,
    start: Timestamp,
    duration_s: u32,
    intervals: Vec<Interval>,
    unit: Option<String>,
    #[serde(default)]
    resources: Vec<String>,
}

impl Draft {
    /// The event under an ID, not yet held against the rules.
    ///
    /// # Errors
    /// What in it has no form on the wire.
    pub fn event(&self, id: &str) -> Result<OadrEvent, String> {
        let signals: Result<Vec<_>, String> =
            self.signals.iter().enumerate().map(|(at, signal)| signal.form(at)).collect();
        let ei_event_baseline = self.baseline.as_ref().map(Baseline::form).transpose()?;
        let ei_event = EiEvent {
            event_descriptor: self.descriptor(id),
            ei_active_period: self.period().into(),
            ei_event_signals: EiEventSignals { ei_event_signal: signals?, ei_event_baseline },
            ei_target: EiTarget {
                group_id: self.groups.clone(),
                resource_id: self.resources.clone(),
                ..EiTarget::recipient()
            },
        };
        let oadr_response_required = match self.response.as_str() {
            "never" => ResponseRequired::Never,
            _ => ResponseRequired::Always,
        };
        Ok(OadrEvent { ei_event, oadr_response_required })
    }

    fn descriptor(&self, id: &str) -> EventDescriptor {
        let market = self.market_context.as_deref().unwrap_or(MARKET);
        EventDescriptor {
            event_id: id.to_owned(),
            modification_number: 0,
            modification_date_time: None,
            modification_reason: None,
            priority: Some(self.priority.unwrap_or(0)),
            ei_market_context: EiMarketContext { market_context: Uri::from(market) },
            created_date_time: self.start.into(),
            event_status: EventStatusEnumerated::Far,
            test_event: self.test.clone(),
            vtn_comment: self.comment.clone(),
        }
    }

    fn period(&self) -> Properties {
        let mut period = Properties::new(self.start, Duration::from_seconds(self.duration_s));
        period.x_ei_notification = span(i64::from(self.notification_s.unwrap_or(0)));
        period.x_ei_ramp_up = self.ramp_up_s.and_then(span);
        period.x_ei_recovery = self.recovery_s.and_then(span);
        match self.startafter_s {
            Some(window) => period.with_startafter(Duration::from_seconds(window)),
            None => period,
        }
    }
}

impl Signal {
    fn form(&self, at: usize) -> Result<EiEventSignal, String> {
        let name = SignalName::parse(&self.name).map_err(|error| error.to_string())?;
        let kind = SignalTypeEnumerated::parse(&self.kind).map_err(|error| error.to_string())?;
        let id = self.id.clone().unwrap_or_else(|| at.to_string());
        let classes = (!self.device_classes.is_empty())
            .then(|| EiTarget::device_classes(self.device_classes.iter().map(String::as_str)));
        Ok(EiEventSignal {
            item_base: unit(self.unit.as_deref())?,
            ei_target: classes,
            ..EiEventSignal::new(id, name, kind, values(&self.intervals))
        })
    }
}

impl Baseline {
    fn form(&self) -> Result<EiEventBaseline, String> {
        Ok(EiEventBaseline {
            dtstart: self.start.into(),
            duration: Duration::from_seconds(self.duration_s).into(),
            intervals: Intervals::of_signal(values(&self.intervals)),
            baseline_id: self.id.clone(),
            resource_id: self.resources.clone(),
            baseline_name: self.name.clone(),
            item_base: unit(self.unit.as_deref())?,
        })
    }
}

fn values(intervals: &[Interval]) -> impl Iterator<Item = (Duration, Decimal)> + '_ {
    intervals.iter().map(|one| (Duration::from_seconds(one.duration_s), one.value))
}

/// Either sign (rule 31).
fn span(seconds: i64) -> Option<DurationProp> {
    let length = Duration::from_seconds(u32::try_from(seconds.unsigned_abs()).ok()?);
    Some(Duration { negative: seconds < 0, ..length }.into())
}

fn unit(named: Option<&str>) -> Result<Option<ItemBase>, String> {
    let power = |scale| ItemBase::power_real(scale, PowerAttributes::ac(50.into(), 230.into()));
    Ok(Some(match named {
        None => return Ok(None),
        Some("W") => power(SiScaleCode::None_),
        Some("kW") => power(SiScaleCode::K),
        Some("Wh") => ItemBase::energy_real(SiScaleCode::None_),
        Some("kWh") => ItemBase::energy_real(SiScaleCode::K),
        Some(words) => match words.split_once('/') {
            Some((code, "kWh")) => ItemBase::currency_per_kwh(currency(code)?),
            Some((code, "kW")) => ItemBase::currency_per_kw(currency(code)?),
            _ => return Err(format!("no unit {words}")),
        },
    }))
}

fn currency<T: Text>(code: &str) -> Result<T, String> {
    T::parse(code).map_err(|_| format!("no currency {code}"))
}

/// Where the operator names none.
const MARKET: &str = "http://model.example/programme";
