//! Signals as exact values in base units. OpenADR 2.0b Profile, rules 8, 9, 104, 109, 111,
//! 116; the table of well-known signals.

use jiff::SignedDuration;
use oadr_platform::Currency;
use oadr_platform::signal::{OfferedSignal, Signal};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::ei::{EiEvent, EiEventSignal, SignalName, SignalTypeEnumerated as Type};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::xml::Text;
use rust_decimal::Decimal;

use super::resolve::bound;
use crate::settings::Settings;

/// All signals of an event that are for this VEN, shifted by r.
pub(super) fn offered(
    settings: &Settings,
    event: &EiEvent,
    timing: &EventTiming,
    shift: SignedDuration,
) -> Result<Vec<OfferedSignal>, Fault> {
    let mut offered = Vec::new();
    for signal in &event.ei_event_signals.ei_event_signal {
        let mut values = Vec::new();
        let read = reader(settings, signal)?;
        for bounds in timing.intervals(signal)? {
            let bounds = bounds.shifted(shift);
            values.push((bound(bounds.start, bounds.end), read(bounds.value)?));
        }
        if is_for_us(settings, signal)? {
            offered.push(OfferedSignal { id: signal.signal_id.clone(), values });
        }
    }
    Ok(offered)
}

/// Rule 111: device classes are alternatives; without any, the signal is for all.
fn is_for_us(settings: &Settings, signal: &EiEventSignal) -> Result<bool, Fault> {
    let Some(target) = signal.ei_target.as_ref().filter(|target| !target.is_empty()) else {
        return Ok(true);
    };
    if target.end_device_asset.len() != target.criteria().count() {
        let what = format!("signal {} targets more than device classes", signal.signal_id);
        return Err(Fault::new(111, Code::NotCompliant, what));
    }
    let own = &settings.device_classes;
    Ok(target.end_device_asset.iter().any(|asset| own.contains(&asset.mrid)))
}

type Read = Box<dyn Fn(Decimal) -> Result<Signal, Fault> + Send>;

/// How to read the values of a signal. "Served" is judged by name, type and unit (rule 109).
fn reader(settings: &Settings, signal: &EiEventSignal) -> Result<Read, Fault> {
    let (name, kind) = (signal.signal_name.text(), signal.signal_type.text());
    let of_own = settings.other_signals.iter().any(|(n, k)| *n == name && *k == kind);
    if of_own {
        let (name, kind) = (name.into_owned(), kind.into_owned());
        return Ok(Box::new(move |value| {
            Ok(Signal::Other { name: name.clone(), kind: kind.clone(), value })
        }));
    }
    let unserved = || {
        let unit = if signal.item_base.is_some() { " in this unit" } else { " without a unit" };
        let what = format!("{name} {kind}{unit} is not served here");
        Fault::new(109, Code::SignalNotSupported, what)
    };
    let unit = signal.item_base.as_ref();
    Ok(match (&signal.signal_name, &signal.signal_type) {
        // Rule 116: level, and nothing else.
        (SignalName::Simple | SignalName::LowerSimple, Type::Level) => Box::new(level),
        (SignalName::ElectricityPrice, Type::Price) => {
            let (currency, factor) = money(unit).ok_or_else(unserved)?;
            Box::new(move |value| {
                let price_per_kwh = product(value, factor)?;
                Ok(Signal::Price { price_per_kwh, currency: currency.clone() })
            })
        }
        (SignalName::ElectricityPrice, Type::PriceRelative) => {
            let (currency, factor) = money(unit).ok_or_else(unserved)?;
            Box::new(move |value| {
                let price_per_kwh = product(value, factor)?;
                Ok(Signal::PriceRelative { price_per_kwh, currency: currency.clone() })
            })
        }
        (SignalName::ElectricityPrice, Type::PriceMultiplier) if unit.is_none() => {
            Box::new(|value| Ok(Signal::PriceMultiplier(value)))
        }
        (SignalName::LoadDispatch, Type::Setpoint) => {
            let factor = watts(unit).ok_or_else(unserved)?;
            Box::new(move |value| Ok(Signal::Setpoint { power_w: product(value, factor)? }))
        }
        (SignalName::LoadDispatch, Type::Delta) => {
            let factor = watts(unit).ok_or_else(unserved)?;
            Box::new(move |value| Ok(Signal::Delta { power_w: product(value, factor)? }))
        }
        (SignalName::LoadDispatch, Type::Multiplier) if unit.is_none() => {
            Box::new(|value| Ok(Signal::Multiplier(value)))
        }
        _ => return Err(unserved()),
    })
}

/// Rule 9: 0, 1, 2 or 3.
fn level(value: Decimal) -> Result<Signal, Fault> {
    let level = u8::try_from(value).ok().filter(|level| *level <= 3 && value.is_integer());
    let wrong = || Fault::new(9, Code::InvalidData, format!("{value} is no level of SIMPLE"));
    level.map(Signal::Simple).ok_or_else(wrong)
}

fn product(value: Decimal, factor: Decimal) -> Result<Decimal, Fault> {
    let wrong = || Fault::new(104, Code::InvalidData, format!("{value} is out of range"));
    value.checked_mul(factor).ok_or_else(wrong)
}

/// Money for a kWh: which, and how much of it one unit is.
fn money(unit: Option<&ItemBase>) -> Option<(Currency, Decimal)> {
    match unit? {
        ItemBase::CurrencyPerKWh(unit) => {
            let code = unit.item_units.text();
            Some((code.as_ref().into(), factor(&unit.si_scale_code)))
        }
        _ => None,
    }
}

/// Watts in one unit of real power.
fn watts(unit: Option<&ItemBase>) -> Option<Decimal> {
    match unit? {
        ItemBase::PowerReal(unit) => Some(factor(&unit.si_scale_code)),
        _ => None,
    }
}

/// The factor of an SI prefix.
fn factor(scale: &SiScaleCode) -> Decimal {
    let places = |n| Decimal::new(1, n);
    match scale {
        SiScaleCode::P => places(12),
        SiScaleCode::N => places(9),
        SiScaleCode::Micro => places(6),
        SiScaleCode::LowerM => places(3),
        SiScaleCode::C => places(2),
        SiScaleCode::D => places(1),
        SiScaleCode::None_ => Decimal::ONE,
        SiScaleCode::K => Decimal::from(1_000),
        SiScaleCode::M => Decimal::from(1_000_000),
        SiScaleCode::G => Decimal::from(1_000_000_000_i64),
        SiScaleCode::T => Decimal::from(1_000_000_000_000_i64),
    }
}
