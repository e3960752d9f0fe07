//! Prices: absolute, as a factor on another, as a difference to another. EMIX 1.0
//! priceBase.

use rust_decimal::Decimal;

use super::Error;
use super::quantity::number;
use crate::ei::{emix, power};
use crate::xml::Uri;

/// A price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    /// So much money.
    Value(Decimal),
    /// So many times the price of a market (the one at hand if none is named).
    Multiplier {
        /// The factor.
        factor: Decimal,
        /// The market whose price it is a multiple of.
        of: Option<Uri>,
    },
    /// So much more than the price of a market.
    Relative {
        /// The difference; negative for less.
        difference: Decimal,
        /// The market whose price it is compared with.
        to: Option<Uri>,
    },
}

impl Price {
    /// The money it comes to where `base` is the price it refers to; `None` past 28
    /// digits.
    pub fn on(&self, base: Decimal) -> Option<Decimal> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Multiplier { factor, .. } => base.checked_mul(*factor),
            Self::Relative { difference, .. } => base.checked_add(*difference),
        }
    }

    fn multiplier(price: &emix::PriceMultiplier) -> Result<Self, Error> {
        let factor = number(&price.multiplier, "priceMultiplier/multiplier")?;
        Ok(Self::Multiplier { factor, of: price.market_context.clone() })
    }

    fn relative(price: &emix::PriceRelative) -> Self {
        Self::Relative { difference: price.value, to: price.market_context.clone() }
    }
}

impl TryFrom<&emix::PriceBase> for Price {
    type Error = Error;

    fn try_from(price: &emix::PriceBase) -> Result<Self, Error> {
        match price {
            emix::PriceBase::Price(price) => Ok(Self::Value(price.value)),
            emix::PriceBase::PriceMultiplier(price) => Self::multiplier(price),
            emix::PriceBase::PriceRelative(price) => Ok(Self::relative(price)),
        }
    }
}

impl TryFrom<&emix::PriceBase2> for Price {
    type Error = Error;

    fn try_from(price: &emix::PriceBase2) -> Result<Self, Error> {
        match price {
            emix::PriceBase2::Price(price) => Ok(Self::Value(price.value)),
            emix::PriceBase2::PriceMultiplier(price) => Self::multiplier(price),
            emix::PriceBase2::PriceRelative(price) => Ok(Self::relative(price)),
        }
    }
}

impl From<&Price> for emix::PriceBase {
    fn from(price: &Price) -> Self {
        match price {
            Price::Value(value) => Self::Price(emix::Price { value: *value }),
            Price::Multiplier { factor, of } => Self::PriceMultiplier(emix::PriceMultiplier {
                multiplier: (*factor).into(),
                market_context: of.clone(),
            }),
            Price::Relative { difference, to } => Self::PriceRelative(emix::PriceRelative {
                value: *difference,
                market_context: to.clone(),
            }),
        }
    }
}

/// The price of a unit of energy, and the unit.
pub(super) fn unit_energy_price(
    price: &power::UnitEnergyPrice,
) -> Result<(Price, super::Measure), Error> {
    let found = Price::try_from(&price.price_base).map_err(|e| e.within("unitEnergyPrice"))?;
    Ok((found, price.energy_item.measure()))
}
