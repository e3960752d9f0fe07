//! Units of signals and reports. OpenADR 2.0b Profile, section 8.2.2, rules 104, 331.

use rust_decimal::Decimal;

use super::currency::ISO3AlphaCurrencyCodeContent as CurrencyCode;
use super::emix::ItemBase;
use super::oadr::{Currency, CurrencyItemDescription, PulseCount};
use super::power::{EnergyReal, ItemUnits, PowerAttributes, PowerReal};
use super::scale::SiScaleCode;

impl ItemBase {
    /// Real power in watts times the scale.
    pub fn power_real(scale: SiScaleCode, attributes: PowerAttributes) -> Self {
        Self::PowerReal(PowerReal {
            item_description: Default::default(),
            item_units: ItemUnits::W,
            si_scale_code: scale,
            power_attributes: attributes,
        })
    }

    /// Real energy in watt-hours times the scale.
    pub fn energy_real(scale: SiScaleCode) -> Self {
        Self::EnergyReal(EnergyReal {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code: scale,
        })
    }

    /// Pulses of a meter, each worth `factor`.
    pub fn pulse_count(factor: Decimal) -> Self {
        Self::PulseCount(PulseCount {
            item_description: Default::default(),
            item_units: Default::default(),
            pulse_factor: factor.into(),
        })
    }

    /// Money for a kilowatt-hour.
    pub fn currency_per_kwh(code: CurrencyCode) -> Self {
        Self::CurrencyPerKWh(money(CurrencyItemDescription::CurrencyPerKWh, code))
    }

    /// Money for a kilowatt.
    pub fn currency_per_kw(code: CurrencyCode) -> Self {
        Self::CurrencyPerKW(money(CurrencyItemDescription::CurrencyPerKW, code))
    }
}

fn money(item_description: CurrencyItemDescription, item_units: CurrencyCode) -> Currency {
    Currency { item_description, item_units, si_scale_code: SiScaleCode::None_ }
}

impl PowerAttributes {
    /// Alternating current of so many hertz and volts.
    pub fn ac(hertz: Decimal, voltage: Decimal) -> Self {
        Self { hertz, voltage, ac: true }
    }
}
