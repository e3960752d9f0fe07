//! The well-known signals: which type, unit and values go together. OpenADR 2.0b
//! Profile, section 8.2.2, table 1; rules 9, 104, 116.

use rust_decimal::Decimal;

use super::Fault;
use crate::openadr::Code;
use crate::openadr::ei::{EiEventSignal, SignalName, SignalTypeEnumerated};
use crate::openadr::emix::ItemBase;
use crate::openadr::oadr::CurrencyItemDescription as Per;

/// One combination of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The signal.
    pub name: SignalName,
    /// Its type.
    pub kind: SignalTypeEnumerated,
    /// Its unit.
    pub unit: Unit,
    /// The values it may carry.
    pub values: Values,
}

/// The kinds of unit the table tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// No itemBase.
    None,
    /// currency, currencyPerKW or currencyPerKWh.
    Money,
    /// currencyPerKW.
    MoneyPerKW,
    /// currencyPerKWh.
    MoneyPerKWh,
    /// powerReal, powerApparent or powerReactive.
    Power,
    /// energyReal, energyApparent or energyReactive.
    Energy,
}

/// The values a row admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Any finite number.
    Any,
    /// From the one to the other, both inside.
    Between(i32, i32),
    /// Whole numbers from the one to the other, both inside.
    Whole(i32, i32),
}

/// Holds a signal's type, unit and values against the table. Names of a deployment's
/// own (`x-…`) pass with any finite values.
///
/// # Errors
/// Rule 116 if SIMPLE is not of type `level`, 9 if its values are not 0 to 3; 104 if
/// another well-known signal does not follow the table; 100 if a value is no number.
pub fn check_signal(signal: &EiEventSignal) -> Result<(), Fault> {
    let id = &signal.signal_id;
    let simple = signal.is_simple();
    let fault = |rule, what: String| {
        Err(Fault::new(rule, Code::InvalidData, format!("signal {id}: {what}")))
    };
    if let SignalName::Extension(_) = signal.signal_name {
        return check_values(signal, Values::Any);
    }
    let name = if simple { &SignalName::Simple } else { &signal.signal_name };
    let of_type: Vec<&Row> =
        SIGNALS.iter().filter(|row| row.name == *name && row.kind == signal.signal_type).collect();
    if of_type.is_empty() {
        let rule = if simple { 116 } else { 104 };
        return fault(rule, format!("{name} cannot be of type {}", signal.signal_type));
    }
    match of_type.iter().find(|row| row.unit.admits(signal.item_base.as_ref())) {
        Some(row) => check_values(signal, row.values),
        None => fault(104, format!("{name} {} needs {}", signal.signal_type, of_type[0].unit)),
    }
}

fn check_values(signal: &EiEventSignal, values: Values) -> Result<(), Fault> {
    let rule = if signal.is_simple() { 9 } else { 104 };
    let fault = |rule, code, what: String| {
        Err(Fault::new(rule, code, format!("signal {}: {what}", signal.signal_id)))
    };
    for (k, interval) in signal.intervals.interval.iter().enumerate() {
        let Some(value) = interval.signal_value() else {
            let what = format!("interval {k} has no single finite payloadFloat");
            return fault(100, Code::NotCompliant, what);
        };
        if !values.admit(value) {
            let what = format!("interval {k} has the value {value}, not {values}");
            return fault(rule, Code::InvalidData, what);
        }
    }
    match &signal.current_value {
        Some(current) if !current.value().is_some_and(|value| values.admit(value)) => {
            fault(rule, Code::InvalidData, format!("the currentValue is not {values}"))
        }
        _ => Ok(()),
    }
}

impl Unit {
    /// Whether an itemBase is of this kind; a money unit also by its description.
    pub fn admits(self, unit: Option<&ItemBase>) -> bool {
        let money = |per: &[Per]| match unit {
            Some(ItemBase::Currency(u)) => {
                u.item_description == Per::Currency && per.contains(&Per::Currency)
            }
            Some(ItemBase::CurrencyPerKW(u)) => {
                u.item_description == Per::CurrencyPerKW && per.contains(&Per::CurrencyPerKW)
            }
            Some(ItemBase::CurrencyPerKWh(u)) => {
                u.item_description == Per::CurrencyPerKWh && per.contains(&Per::CurrencyPerKWh)
            }
            _ => false,
        };
        match self {
            Self::None => unit.is_none(),
            Self::Money => money(&[Per::Currency, Per::CurrencyPerKW, Per::CurrencyPerKWh]),
            Self::MoneyPerKW => money(&[Per::CurrencyPerKW]),
            Self::MoneyPerKWh => money(&[Per::CurrencyPerKWh]),
            Self::Power => matches!(
                unit,
                Some(
                    ItemBase::PowerReal(_)
                        | ItemBase::PowerApparent(_)
                        | ItemBase::PowerReactive(_)
                )
            ),
            Self::Energy => matches!(
                unit,
                Some(
                    ItemBase::EnergyReal(_)
                        | ItemBase::EnergyApparent(_)
                        | ItemBase::EnergyReactive(_)
                )
            ),
        }
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "no unit",
            Self::Money => "currency, currencyPerKW or currencyPerKWh as unit",
            Self::MoneyPerKW => "currencyPerKW as unit",
            Self::MoneyPerKWh => "currencyPerKWh as unit",
            Self::Power => "powerReal, powerApparent or powerReactive as unit",
            Self::Energy => "energyReal, energyApparent or energyReactive as unit",
        })
    }
}

impl Values {
    /// Whether `value` is among them.
    pub fn admit(self, value: Decimal) -> bool {
        match self {
            Self::Any => true,
            Self::Between(low, high) => value >= low.into() && value <= high.into(),
            Self::Whole(low, high) => {
                value.is_integer() && value >= low.into() && value <= high.into()
            }
        }
    }
}

impl std::fmt::Display for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => write!(f, "a finite number"),
            Self::Between(low, high) => write!(f, "from {low} to {high}"),
            Self::Whole(i32::MIN, i32::MAX) => write!(f, "a whole number"),
            Self::Whole(low, high) => write!(f, "a whole number from {low} to {high}"),
        }
    }
}

macro_rules! rows {
    ($($name:ident $kind:ident $unit:ident $values:expr;)+) => { &[$(Row {
        name: SignalName::$name,
        kind: SignalTypeEnumerated::$kind,
        unit: Unit::$unit,
        values: $values,
    }),+] };
}

/// The table. BID_PRICE has "currency/XX" as its unit there, which leaves the kind of
/// money open.
pub const SIGNALS: &[Row] = rows! {
    Simple           Level                     None        Values::Whole(0, 3);
    ElectricityPrice Price                     MoneyPerKWh Values::Any;
    ElectricityPrice PriceRelative             MoneyPerKWh Values::Any;
    ElectricityPrice PriceMultiplier           None        Values::Any;
    EnergyPrice      Price                     MoneyPerKWh Values::Any;
    EnergyPrice      PriceRelative             MoneyPerKWh Values::Any;
    EnergyPrice      PriceMultiplier           None        Values::Any;
    DemandCharge     Price                     MoneyPerKW  Values::Any;
    DemandCharge     PriceRelative             MoneyPerKW  Values::Any;
    DemandCharge     PriceMultiplier           None        Values::Any;
    BidPrice         Price                     Money       Values::Any;
    BidLoad          Setpoint                  Power       Values::Any;
    BidEnergy        Setpoint                  Energy      Values::Any;
    ChargeState      Setpoint                  Energy      Values::Any;
    ChargeState      Delta                     Energy      Values::Any;
    ChargeState      Multiplier                None        Values::Between(0, 1);
    LoadDispatch     Setpoint                  Power       Values::Any;
    LoadDispatch     Delta                     Power       Values::Any;
    LoadDispatch     Multiplier                None        Values::Any;
    LoadDispatch     Level                     Power       Values::Whole(-10, 10);
    LoadControl      XLoadControlCapacity      None        Values::Between(0, 1);
    LoadControl      XLoadControlLevelOffset   None        Values::Whole(i32::MIN, i32::MAX);
    LoadControl      XLoadControlSetpoint      None        Values::Any;
    LoadControl      XLoadControlPercentOffset None        Values::Any;
};
