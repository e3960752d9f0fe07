//! Units and spans between an operator's words and the wire: `kW`, `Wh`, `EUR/kWh`, `PT15M`.
//!
//! Words: `[scale]` + `W`, `VA`, `VAR`, `Wh`, `VAh`, `VARh`, `V`, `A`, `Hz` with the SI scales
//! p n u m c d k M G T; an ISO 4217 code alone or with `/kW` or `/kWh`; `celsius`,
//! `fahrenheit`; `therm`; `pulses*FACTOR`. What has no word here is shown as its element's name.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{
    Currency, CurrencyItemDescription, Current, Frequency, PulseCount, Temperature,
    TemperatureUnit, Therm,
};
use oadr_schemas::openadr::power::{
    EnergyApparent, EnergyReactive, EnergyReal, ItemUnits, PowerApparent, PowerAttributes,
    PowerReactive, PowerReal, Voltage,
};
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::xml::{Decimal, Duration, Float, Text};

/// The wire form of a unit. `None`: these words name none.
#[must_use]
pub fn parse(words: &str) -> Option<ItemBase> {
    let (kind, fixed) = (Default::default(), Default::default());
    match words {
        "celsius" | "fahrenheit" => {
            let item_units = TemperatureUnit::parse(words).ok()?;
            let si_scale_code = SiScaleCode::None_;
            return Some(ItemBase::Temperature(Temperature {
                item_description: kind,
                item_units,
                si_scale_code,
            }));
        }
        "therm" => {
            let si_scale_code = SiScaleCode::None_;
            let therm =
                Therm { item_description: Default::default(), item_units: fixed, si_scale_code };
            return Some(ItemBase::Therm(therm));
        }
        _ => {}
    }
    if let Some(factor) = words.strip_prefix("pulses*") {
        let pulse_factor = Float::parse(factor).ok()?;
        return Some(ItemBase::PulseCount(PulseCount {
            item_description: Default::default(),
            item_units: Default::default(),
            pulse_factor,
        }));
    }
    money(words).or_else(|| scaled(words))
}

/// `EUR`, `EUR/kW`, `EUR/kWh`.
fn money(words: &str) -> Option<ItemBase> {
    let (code, per) = words.split_once('/').unwrap_or((words, ""));
    let currency = |item_description| {
        Some(Currency {
            item_description,
            item_units: Text::parse(code).ok()?,
            si_scale_code: SiScaleCode::None_,
        })
    };
    match per {
        "" => currency(CurrencyItemDescription::Currency).map(ItemBase::Currency),
        "kW" => currency(CurrencyItemDescription::CurrencyPerKW).map(ItemBase::CurrencyPerKW),
        "kWh" => currency(CurrencyItemDescription::CurrencyPerKWh).map(ItemBase::CurrencyPerKWh),
        _ => None,
    }
}

/// A scale and a unit that takes one.
fn scaled(words: &str) -> Option<ItemBase> {
    const UNITS: [&str; 9] = ["VARh", "VAh", "Wh", "VAR", "VA", "Hz", "W", "V", "A"];
    let unit = UNITS.into_iter().find(|unit| words.ends_with(unit))?;
    let si_scale_code = scale(words.strip_suffix(unit)?)?;
    Some(match unit {
        "W" => ItemBase::PowerReal(PowerReal {
            item_description: Default::default(),
            item_units: ItemUnits::W,
            si_scale_code,
            power_attributes: grid(),
        }),
        "VA" => ItemBase::PowerApparent(PowerApparent {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
            power_attributes: grid(),
        }),
        "VAR" => ItemBase::PowerReactive(PowerReactive {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
            power_attributes: grid(),
        }),
        "Wh" => ItemBase::EnergyReal(EnergyReal {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
        }),
        "VAh" => ItemBase::EnergyApparent(EnergyApparent {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
        }),
        "VARh" => ItemBase::EnergyReactive(EnergyReactive {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
        }),
        "V" => ItemBase::Voltage(Voltage {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
        }),
        "A" => ItemBase::Current(Current {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
        }),
        _ => ItemBase::Frequency(Frequency {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
        }),
    })
}

/// A unit in words; what [`parse`] reads, where it has words.
#[must_use]
pub fn words(unit: &ItemBase) -> String {
    let with = |scale: &SiScaleCode, unit: &str| format!("{}{unit}", prefix(scale));
    match unit {
        ItemBase::PowerReal(u) => with(&u.si_scale_code, "W"),
        ItemBase::PowerApparent(u) => with(&u.si_scale_code, "VA"),
        ItemBase::PowerReactive(u) => with(&u.si_scale_code, "VAR"),
        ItemBase::EnergyReal(u) => with(&u.si_scale_code, "Wh"),
        ItemBase::EnergyApparent(u) => with(&u.si_scale_code, "VAh"),
        ItemBase::EnergyReactive(u) => with(&u.si_scale_code, "VARh"),
        ItemBase::Voltage(u) => with(&u.si_scale_code, "V"),
        ItemBase::Current(u) => with(&u.si_scale_code, "A"),
        ItemBase::Frequency(u) => with(&u.si_scale_code, "Hz"),
        ItemBase::Currency(u) => u.item_units.text().into_owned(),
        ItemBase::CurrencyPerKW(u) => format!("{}/kW", u.item_units.text()),
        ItemBase::CurrencyPerKWh(u) => format!("{}/kWh", u.item_units.text()),
        ItemBase::CurrencyPerThm(u) => format!("{}/therm", u.item_units.text()),
        ItemBase::Temperature(u) => u.item_units.text().into_owned(),
        ItemBase::Therm(_) => "therm".to_owned(),
        ItemBase::PulseCount(u) => format!("pulses*{}", u.pulse_factor),
        ItemBase::CustomUnit(u) => with(&u.si_scale_code, &u.item_units),
        ItemBase::OadrGBDataDescription(_) => "oadrGBDataDescription".to_owned(),
    }
}

/// A span on the wire. `None` if it is no whole number of seconds (rule 1) or too long.
#[must_use]
pub fn duration(span: SignedDuration) -> Option<Duration> {
    let seconds = u32::try_from(span.as_secs().unsigned_abs()).ok()?;
    if span.subsec_nanos() != 0 {
        return None;
    }
    Some(Duration { negative: span.is_negative(), ..Duration::from_seconds(seconds) })
}

/// A span from the wire, months and years counted from `start`. `None` out of the calendar.
#[must_use]
pub fn span(duration: &Duration, start: Timestamp) -> Option<SignedDuration> {
    duration.from(start)
}

/// A number in a unit as watts or watt-hours: the unit without its scale and the number with
/// it. `None` for any other unit, or past 28 digits.
#[must_use]
pub fn in_base(words: &str, value: Decimal) -> Option<(&'static str, Decimal)> {
    let base = ["Wh", "W"].into_iter().find(|base| words.ends_with(base))?;
    let exponent: i32 = match words.strip_suffix(base)? {
        "p" => -12,
        "n" => -9,
        "u" => -6,
        "m" => -3,
        "c" => -2,
        "d" => -1,
        "" => 0,
        "k" => 3,
        "M" => 6,
        "G" => 9,
        "T" => 12,
        _ => return None,
    };
    let ten = |power: u32| Decimal::from(10_i64.pow(power));
    let scaled = match exponent {
        0.. => value.checked_mul(ten(exponent.unsigned_abs())),
        _ => value.checked_div(ten(exponent.unsigned_abs())),
    };
    scaled.map(|scaled| (base, scaled))
}

fn scale(prefix: &str) -> Option<SiScaleCode> {
    SCALES.into_iter().find(|(_, text)| *text == prefix).map(|(scale, _)| scale)
}

fn prefix(scale: &SiScaleCode) -> &'static str {
    SCALES.iter().find(|(known, _)| known == scale).map_or("", |(_, text)| text)
}

/// Public supply in Europe; the schema wants it with every power.
fn grid() -> PowerAttributes {
    PowerAttributes { hertz: Decimal::from(50), voltage: Decimal::from(230), ac: true }
}

const SCALES: [(SiScaleCode, &str); 11] = [
    (SiScaleCode::P, "p"),
    (SiScaleCode::N, "n"),
    (SiScaleCode::Micro, "u"),
    (SiScaleCode::LowerM, "m"),
    (SiScaleCode::C, "c"),
    (SiScaleCode::D, "d"),
    (SiScaleCode::K, "k"),
    (SiScaleCode::M, "M"),
    (SiScaleCode::G, "G"),
    (SiScaleCode::T, "T"),
    (SiScaleCode::None_, ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_there_and_back() {
        let known = [
            "W",
            "kW",
            "MW",
            "mW",
            "Wh",
            "kWh",
            "VAR",
            "kVARh",
            "VA",
            "V",
            "uA",
            "Hz",
            "EUR",
            "GBP/kWh",
            "USD/kW",
            "celsius",
            "therm",
            "pulses*0.5",
        ];
        for text in known {
            let unit = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(words(&unit), text);
        }
    }

    #[test]
    fn what_is_no_unit_is_refused() {
        for text in ["", "kEUR", "EUR/h", "w", "xW", "EURO/kWh", "pulses*x"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn watts_come_out_without_their_scale() {
        let value = |words| in_base(words, Decimal::from(5)).map(|(base, n)| (base, n.to_string()));
        assert_eq!(value("kW"), Some(("W", "5000".to_owned())));
        assert_eq!(value("mWh"), Some(("Wh", "0.005".to_owned())));
        assert_eq!(value("EUR/kWh"), None);
        assert_eq!(value("VA"), None);
    }

    #[test]
    fn rule_1_has_no_fractions() {
        assert_eq!(duration(SignedDuration::from_millis(1500)), None);
        let span = SignedDuration::from_secs(-900);
        assert_eq!(duration(span).unwrap().to_string(), "-PT15M");
    }
}
