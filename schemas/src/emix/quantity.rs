//! Quantities in base units, and the units they are written in. EMIX 1.0: itemBase,
//! powerItem, energyItem, quantity.

use std::fmt;

use rust_decimal::Decimal;

use super::{Error, Scale, shift};
use crate::xml::Float;

/// So much of something, in its base unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// How much, exactly.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit,
}

/// The base units of EMIX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Watt: real power.
    W,
    /// Watt-hour: real energy.
    Wh,
    /// Volt-ampere: apparent power.
    VA,
    /// Volt-ampere-hour: apparent energy.
    VAh,
    /// Volt-ampere reactive: reactive power.
    VAr,
    /// Volt-ampere-hour reactive: reactive energy.
    VArh,
    /// Volt.
    V,
}

/// How quantities are written: in which unit and scale, for power also at which
/// frequency and voltage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Measure {
    /// The base unit.
    pub unit: Unit,
    /// The power of ten it is written in.
    pub scale: Scale,
    /// What the schema demands beside a power unit.
    pub frame: Option<Frame>,
}

/// The circuit a power is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Frequency in hertz; 0 for direct current.
    pub hertz: Decimal,
    /// Voltage in volts.
    pub volts: Decimal,
    /// Alternating current.
    pub ac: bool,
}

impl Quantity {
    /// So many watts.
    pub fn watts(value: Decimal) -> Self {
        Self { value, unit: Unit::W }
    }

    /// So many watt-hours.
    pub fn watt_hours(value: Decimal) -> Self {
        Self { value, unit: Unit::Wh }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value.normalize(), self.unit)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Unit {
    /// Whether it is one of power.
    pub fn is_power(self) -> bool {
        matches!(self, Self::W | Self::VA | Self::VAr)
    }

    /// Whether it is one of energy.
    pub fn is_energy(self) -> bool {
        matches!(self, Self::Wh | Self::VAh | Self::VArh)
    }

    /// The energy of a power over an hour: W → Wh.
    pub fn over_an_hour(self) -> Option<Self> {
        match self {
            Self::W => Some(Self::Wh),
            Self::VA => Some(Self::VAh),
            Self::VAr => Some(Self::VArh),
            _ => None,
        }
    }
}

impl Measure {
    /// Without a frame: for energy.
    pub const fn new(unit: Unit, scale: Scale) -> Self {
        Self { unit, scale, frame: None }
    }

    /// Real energy in kilowatt-hours.
    pub const KWH: Self = Self::new(Unit::Wh, Scale::Kilo);

    /// A number in this measure as a quantity in the base unit; `None` past 28 digits.
    pub fn quantity(self, number: Decimal) -> Option<Quantity> {
        let value = shift(number, self.scale.exponent())?;
        Some(Quantity { value, unit: self.unit })
    }

    /// What is on the wire as a quantity in the base unit.
    ///
    /// # Errors
    /// If it is `INF` or `NaN`, or passes 28 digits.
    pub fn read(self, text: &Float, path: &str) -> Result<Quantity, Error> {
        let number = number(text, path)?;
        self.quantity(number).ok_or_else(|| {
            Error::new(path, format!("{text} is too large or too fine"), "keep to 28 digits")
        })
    }

    /// A quantity as it goes on the wire.
    ///
    /// # Errors
    /// If it has another unit, or passes 28 digits in this scale.
    pub fn write(self, quantity: Quantity, path: &str) -> Result<Float, Error> {
        if quantity.unit != self.unit {
            let what = format!("{quantity} cannot be written in {}", self.unit);
            return Err(Error::new(path, what, "make quantity and measure agree"));
        }
        let number = shift(quantity.value, -self.scale.exponent()).ok_or_else(|| {
            let what = format!("{quantity} does not fit its scale");
            Error::new(path, what, "use a smaller or larger scale")
        })?;
        Ok(number.normalize().into())
    }
}

/// A number on the wire, exactly.
///
/// # Errors
/// If it is `INF` or `NaN`, or passes 28 digits.
pub(super) fn number(text: &Float, path: &str) -> Result<Decimal, Error> {
    text.decimal().ok_or_else(|| {
        let what = format!("{text} is no number to reckon with");
        Error::new(path, what, "give a finite number of at most 28 digits")
    })
}
