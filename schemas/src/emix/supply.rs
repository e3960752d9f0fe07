//! Full requirements: as much as is drawn, at one price or in blocks. EMIX 1.0
//! fullRequirementsPower, blockPowerFullRequirements.

use super::price::unit_energy_price;
use super::{Error, Measure, Place, Price, Quantity, Scale, Unit};
use crate::ei::power::{BlockPowerFullRequirements, FullRequirementsPower, PowerItem};
use crate::xml::{Float, Text};

/// A supply at tariffs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supply {
    /// power:productType, such as `fullRequirementsPower`.
    pub kind: String,
    /// Where.
    pub place: Place,
    /// The price of energy and the unit it is for, if there is one for all.
    pub energy_price: Option<(Price, Measure)>,
    /// A price besides, not tied to energy.
    pub price: Option<Price>,
    /// The least power that is taken.
    pub minimum: Option<Quantity>,
    /// The most power that is given.
    pub maximum: Option<Quantity>,
    /// The blocks of a block tariff, as listed.
    pub tiers: Vec<Tier>,
}

/// A block of a tariff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The price in it.
    pub price: Price,
    /// The energy up to which it holds.
    pub up_to: Quantity,
}

impl TryFrom<&FullRequirementsPower> for Supply {
    type Error = Error;

    fn try_from(full: &FullRequirementsPower) -> Result<Self, Error> {
        const PATH: &str = "fullRequirementsPower";
        let limit = |value: &Option<Float>, name| {
            power_limit(full.power_item.as_ref(), value.as_ref(), name)
        };
        let read = || {
            Ok(Self {
                kind: full.product_type.text().into_owned(),
                place: full.emix_interface.clone(),
                energy_price: full.unit_energy_price.as_ref().map(unit_energy_price).transpose()?,
                price: full.price_base.as_ref().map(Price::try_from).transpose()?,
                minimum: limit(&full.minimum_power, "minimumPower")?,
                maximum: limit(&full.maximum_power, "maximumPower")?,
                tiers: Vec::new(),
            })
        };
        read().map_err(|error: Error| error.within(PATH))
    }
}

impl TryFrom<&BlockPowerFullRequirements> for Supply {
    type Error = Error;

    fn try_from(block: &BlockPowerFullRequirements) -> Result<Self, Error> {
        const PATH: &str = "blockPowerFullRequirements";
        let limit = |value: &Option<Float>, name| {
            power_limit(block.power_item.as_ref(), value.as_ref(), name)
        };
        let read = || {
            let energy_price = block.unit_energy_price.as_ref().map(unit_energy_price);
            let energy_price = energy_price.transpose()?;
            let measure = block_measure(energy_price.as_ref(), block.power_item.as_ref());
            let tier = |(k, tier): (usize, &crate::ei::power::BlockPowerPrice)| {
                let path = format!("priceTiers/blockPowerPrice[{k}]");
                let price = Price::try_from(&tier.price_base).map_err(|e| e.within(&path))?;
                let path = format!("{path}/maximumEnergyQuantity");
                let up_to = measure.read(&tier.maximum_energy_quantity, &path)?;
                Ok(Tier { price, up_to })
            };
            let tiers = block.price_tiers.block_power_price.iter().enumerate().map(tier);
            let tiers = tiers.collect::<Result<_, Error>>()?;
            Ok(Self {
                kind: block.product_type.text().into_owned(),
                place: block.emix_interface.clone(),
                energy_price,
                price: None,
                minimum: limit(&block.minimum_power, "minimumPower")?,
                maximum: limit(&block.maximum_power, "maximumPower")?,
                tiers,
            })
        };
        read().map_err(|error: Error| error.within(PATH))
    }
}

/// The unit of the blocks' energy, which the element does not say: that of the energy
/// price, else that of the power over an hour, else watt-hours.
fn block_measure(price: Option<&(Price, Measure)>, power: Option<&PowerItem>) -> Measure {
    let hourly = |item: &PowerItem| {
        let measure = item.measure();
        measure.unit.over_an_hour().map(|unit| Measure::new(unit, measure.scale))
    };
    price
        .map(|(_, measure)| *measure)
        .or_else(|| power.and_then(hourly))
        .unwrap_or(Measure::new(Unit::Wh, Scale::One))
}

fn power_limit(
    item: Option<&PowerItem>,
    value: Option<&Float>,
    name: &str,
) -> Result<Option<Quantity>, Error> {
    let Some(value) = value else { return Ok(None) };
    let item = item.ok_or_else(|| {
        Error::new(name, "a limit without a unit", "add a powerItem such as powerReal")
    })?;
    item.measure().read(value, name).map(Some)
}
