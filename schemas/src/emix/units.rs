//! Units between the schemas' types and plain values.

use super::{Error, Frame, Measure, Scale, Unit};
use crate::ei::{emix, power};
use crate::openadr;

macro_rules! real {
    ($unit:ident $item:ident) => {
        Measure { unit: Unit::$unit, scale: Scale::from(&$item.si_scale_code), frame: None }
    };
}

macro_rules! framed {
    ($unit:ident $item:ident) => {
        Measure {
            frame: Some(Frame {
                hertz: $item.power_attributes.hertz,
                volts: $item.power_attributes.voltage,
                ac: $item.power_attributes.ac,
            }),
            ..real!($unit $item)
        }
    };
}

impl power::PowerItem {
    /// Unit, scale and frame as plain values.
    pub fn measure(&self) -> Measure {
        match self {
            Self::PowerApparent(item) => framed!(VA item),
            Self::PowerReactive(item) => framed!(VAr item),
            Self::PowerReal(item) => framed!(W item),
        }
    }
}

impl power::EnergyItem {
    /// Unit and scale as plain values.
    pub fn measure(&self) -> Measure {
        match self {
            Self::EnergyApparent(item) => real!(VAh item),
            Self::EnergyReactive(item) => real!(VArh item),
            Self::EnergyReal(item) => real!(Wh item),
        }
    }
}

impl emix::ItemBase {
    /// Unit, scale and, of a power, frame as plain values.
    pub fn measure(&self) -> Measure {
        match self {
            Self::EnergyApparent(item) => real!(VAh item),
            Self::EnergyReactive(item) => real!(VArh item),
            Self::EnergyReal(item) => real!(Wh item),
            Self::PowerApparent(item) => framed!(VA item),
            Self::PowerReactive(item) => framed!(VAr item),
            Self::PowerReal(item) => framed!(W item),
            Self::Voltage(item) => real!(V item),
        }
    }
}

impl openadr::emix::ItemBase {
    /// Unit, scale and, of a power, frame as plain values; `None` for the units that
    /// are none of EMIX's (money, pulses, temperature, …).
    pub fn measure(&self) -> Option<Measure> {
        Some(match self {
            Self::EnergyApparent(item) => real!(VAh item),
            Self::EnergyReactive(item) => real!(VArh item),
            Self::EnergyReal(item) => real!(Wh item),
            Self::PowerApparent(item) => framed!(VA item),
            Self::PowerReactive(item) => framed!(VAr item),
            Self::PowerReal(item) => framed!(W item),
            Self::Voltage(item) => real!(V item),
            _ => return None,
        })
    }
}

impl Measure {
    /// As the power unit of the schema.
    ///
    /// # Errors
    /// If it is no power or lacks its frame.
    pub fn power_item(self, path: &str) -> Result<power::PowerItem, Error> {
        let frame = self.frame.ok_or_else(|| {
            Error::new(path, "a power without a frame", "state hertz, volts and ac")
        })?;
        let power_attributes =
            power::PowerAttributes { hertz: frame.hertz, voltage: frame.volts, ac: frame.ac };
        let si_scale_code = self.scale.into();
        Ok(match self.unit {
            Unit::W => power::PowerItem::PowerReal(power::PowerReal {
                item_description: Default::default(),
                item_units: power::ItemUnits::W,
                si_scale_code,
                power_attributes,
            }),
            Unit::VA => power::PowerItem::PowerApparent(power::PowerApparent {
                item_description: Default::default(),
                item_units: Default::default(),
                si_scale_code,
                power_attributes,
            }),
            Unit::VAr => power::PowerItem::PowerReactive(power::PowerReactive {
                item_description: Default::default(),
                item_units: Default::default(),
                si_scale_code,
                power_attributes,
            }),
            unit => {
                let what = format!("{unit} is no unit of power");
                return Err(Error::new(path, what, "use W, VA or VAr"));
            }
        })
    }

    /// As the energy unit of the schema.
    ///
    /// # Errors
    /// If it is no energy.
    pub fn energy_item(self, path: &str) -> Result<power::EnergyItem, Error> {
        let si_scale_code = self.scale.into();
        Ok(match self.unit {
            Unit::Wh => power::EnergyItem::EnergyReal(power::EnergyReal {
                item_description: Default::default(),
                item_units: Default::default(),
                si_scale_code,
            }),
            Unit::VAh => power::EnergyItem::EnergyApparent(power::EnergyApparent {
                item_description: Default::default(),
                item_units: Default::default(),
                si_scale_code,
            }),
            Unit::VArh => power::EnergyItem::EnergyReactive(power::EnergyReactive {
                item_description: Default::default(),
                item_units: Default::default(),
                si_scale_code,
            }),
            unit => {
                let what = format!("{unit} is no unit of energy");
                return Err(Error::new(path, what, "use Wh, VAh or VArh"));
            }
        })
    }
}
