//! Options: the right to buy or sell later. EMIX 1.0 EmixOptionType.

use rust_decimal::Decimal;

use super::offer::slices;
use super::{Error, Head, Side, Slice};
use crate::ei::emix;

/// An option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionOffer {
    /// What it says as a whole.
    pub head: Head,
    /// The side that may exercise it.
    pub holder: Side,
    /// What the option costs, in the currency of the head.
    pub premium: Decimal,
    /// The price at which it is exercised.
    pub strike: Decimal,
    /// Its type, such as `SpinningReserve`.
    pub kind: String,
    /// What may be called for, and when.
    pub slices: Vec<Slice>,
}

impl TryFrom<&emix::EmixBase> for OptionOffer {
    type Error = Error;

    fn try_from(base: &emix::EmixBase) -> Result<Self, Error> {
        match base {
            emix::EmixBase::EmixOption(option) => Self::try_from(option),
            _ => {
                let mend = "give it xsi:type=\"emix:EmixOptionType\"";
                Err(Error::new("emixBase", "it is no option", mend))
            }
        }
    }
}

impl TryFrom<&emix::EmixOption> for OptionOffer {
    type Error = Error;

    fn try_from(option: &emix::EmixOption) -> Result<Self, Error> {
        Ok(Self {
            head: Head {
                uid: option.uid.clone(),
                state: option.transactive_state.clone(),
                side: option.side.clone(),
                market_context: option.market_context.clone(),
                currency: option.currency.clone(),
                expires: option.expiration_date.map(|date| date.0),
                integral_only: option.integral_only.unwrap_or(false),
                terms: option.terms.clone(),
            },
            holder: option.option_holder_side.clone(),
            premium: option.option_premium.value,
            strike: option.option_strike_price.value,
            kind: option.option_type.clone(),
            slices: slices(&option.components)?,
        })
    }
}
