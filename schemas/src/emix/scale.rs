//! SI scales, and shifting decimals by them without losing a digit.

use rust_decimal::Decimal;

use crate::{ei, openadr};

/// A power of ten that a unit is written in. EMIX 1.0 siscale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Scale {
    Pico,
    Nano,
    Micro,
    Milli,
    Centi,
    Deci,
    /// The unit itself.
    #[default]
    One,
    Kilo,
    Mega,
    Giga,
    Tera,
}

impl Scale {
    /// Every scale, smallest first.
    pub const ALL: [Self; 11] = [
        Self::Pico,
        Self::Nano,
        Self::Micro,
        Self::Milli,
        Self::Centi,
        Self::Deci,
        Self::One,
        Self::Kilo,
        Self::Mega,
        Self::Giga,
        Self::Tera,
    ];

    /// The exponent of ten.
    pub const fn exponent(self) -> i32 {
        match self {
            Self::Pico => -12,
            Self::Nano => -9,
            Self::Micro => -6,
            Self::Milli => -3,
            Self::Centi => -2,
            Self::Deci => -1,
            Self::One => 0,
            Self::Kilo => 3,
            Self::Mega => 6,
            Self::Giga => 9,
            Self::Tera => 12,
        }
    }
}

macro_rules! codes {
    ($($module:ident),+) => { $(
        impl From<&$module::scale::SiScaleCode> for Scale {
            fn from(code: &$module::scale::SiScaleCode) -> Self {
                // By the text, so that no name of a variant can mislead.
                match &*crate::xml::Text::text(code) {
                    "p" => Self::Pico,
                    "n" => Self::Nano,
                    "micro" => Self::Micro,
                    "m" => Self::Milli,
                    "c" => Self::Centi,
                    "d" => Self::Deci,
                    "k" => Self::Kilo,
                    "M" => Self::Mega,
                    "G" => Self::Giga,
                    "T" => Self::Tera,
                    _ => Self::One,
                }
            }
        }

        impl From<Scale> for $module::scale::SiScaleCode {
            fn from(scale: Scale) -> Self {
                let text = match scale {
                    Scale::Pico => "p",
                    Scale::Nano => "n",
                    Scale::Micro => "micro",
                    Scale::Milli => "m",
                    Scale::Centi => "c",
                    Scale::Deci => "d",
                    Scale::One => "none",
                    Scale::Kilo => "k",
                    Scale::Mega => "M",
                    Scale::Giga => "G",
                    Scale::Tera => "T",
                };
                // All eleven are literals of the type; a test goes through them.
                <Self as crate::xml::Text>::parse(text).unwrap_or(Self::None_)
            }
        }
    )+ };
}

codes!(ei, openadr);

/// `value` times ten to the `exponent`, exactly; `None` if 28 digits do not hold it.
pub fn shift(value: Decimal, exponent: i32) -> Option<Decimal> {
    if value.is_zero() {
        return Some(Decimal::ZERO);
    }
    let value = value.normalize();
    let decimals = i32::try_from(value.scale()).ok()? - exponent;
    if let Ok(decimals) = u32::try_from(decimals) {
        return Decimal::try_from_i128_with_scale(value.mantissa(), decimals).ok();
    }
    let factor = 10_i128.checked_pow(decimals.unsigned_abs())?;
    Decimal::try_from_i128_with_scale(value.mantissa().checked_mul(factor)?, 0).ok()
}
