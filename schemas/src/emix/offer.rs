//! Any product: what its head says, and its intervals bound, each with a description.
//! EMIX 1.0 ProductType.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::supply::Supply;
use super::terms::Term;
use super::{CurrencyCode, Error, Measure, Place, Quantity, Side, TransactiveState};
use crate::ei::emix;
use crate::ei::power::TemixPower;
use crate::ei::xcal::{ArrayOfVcalendarContainedComponents, ArtifactBase, WsCalendarAttachChoice};
use crate::wscal::{Attachments, Bound, Sequence};
use crate::xml::Uri;

/// What products and options say alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// emix:uid.
    pub uid: String,
    /// Whether it is a quote, a tender, a transaction…
    pub state: TransactiveState,
    /// Buy or sell, as the sender sees it.
    pub side: Side,
    /// In which market.
    pub market_context: Uri,
    /// The money of its prices; `None` leaves it to the market.
    pub currency: Option<CurrencyCode>,
    /// From this instant on it can no longer be taken.
    pub expires: Option<Timestamp>,
    /// All or nothing; false if not said.
    pub integral_only: bool,
    /// The terms as they came; [`Head::terms`] reads them.
    pub terms: Option<emix::ArrayOfTerms>,
}

/// A product with all its intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it says as a whole.
    pub head: Head,
    /// Its intervals, in order of start.
    pub slices: Vec<Slice>,
}

/// An interval of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Its uid.
    pub uid: String,
    /// From here on.
    pub start: Timestamp,
    /// So long.
    pub duration: SignedDuration,
    /// What is delivered in it.
    pub what: Description,
}

/// What is delivered in an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Description {
    /// TeMIX: a firm quantity at a price.
    Firm {
        /// Where.
        place: Place,
        /// How much, as power or as the energy of the whole interval.
        quantity: Quantity,
        /// How it is written.
        measure: Measure,
        /// Money for one scaled unit of energy.
        price: Decimal,
        /// The unit the price is for.
        price_per: Measure,
    },
    /// As much as is drawn, at tariffs.
    Supply(Supply),
}

impl Head {
    /// The terms as plain values.
    ///
    /// # Errors
    /// A number or schedule in them that cannot be read.
    pub fn terms(&self) -> Result<Vec<Term>, Error> {
        let all = self.terms.iter().flat_map(|terms| &terms.base_term);
        all.map(|term| Term::try_from(term).map_err(|e| e.within("emixBase/terms"))).collect()
    }
}

impl TryFrom<&emix::EmixBase> for Offer {
    type Error = Error;

    fn try_from(base: &emix::EmixBase) -> Result<Self, Error> {
        let emix::EmixBase::Product(product) = base else {
            let what = "it is no product";
            return Err(Error::new("emixBase", what, "give it xsi:type=\"emix:ProductType\""));
        };
        Self::try_from(product)
    }
}

impl TryFrom<&emix::Product> for Offer {
    type Error = Error;

    fn try_from(product: &emix::Product) -> Result<Self, Error> {
        let head = Head {
            uid: product.uid.clone(),
            state: product.transactive_state.clone(),
            side: product.side.clone(),
            market_context: product.market_context.clone(),
            currency: product.currency.clone(),
            expires: product.expiration_date.map(|date| date.0),
            integral_only: product.integral_only.unwrap_or(false),
            terms: product.terms.clone(),
        };
        Ok(Self { head, slices: slices(&product.components)? })
    }
}

/// The intervals of a calendar, bound and described.
pub(super) fn slices(
    components: &ArrayOfVcalendarContainedComponents,
) -> Result<Vec<Slice>, Error> {
    const PATH: &str = "emixBase/components";
    let sequence = Sequence::of(components).and_then(Sequence::bind);
    let bound = sequence.map_err(|error| {
        Error::new(PATH, error.to_string(), "state start and duration of every interval")
    })?;
    if bound.is_empty() {
        return Err(Error::new(PATH, "no interval", "add one with dtstart and duration"));
    }
    bound.into_iter().map(slice).collect()
}

fn slice(bound: Bound<Attachments<'_>>) -> Result<Slice, Error> {
    let path = format!("emixBase/components/interval[{}]/x-wsCalendar-attach", bound.uid);
    let mend = "attach one temixPower, fullRequirementsPower or blockPowerFullRequirements";
    let attached = bound.payload.unwrap_or_default();
    let [attached] = attached.as_slice() else {
        let what = format!("{} things attached", attached.len());
        return Err(Error::new(path, what, mend));
    };
    let what = match attached {
        WsCalendarAttachChoice::ArtifactBase(ArtifactBase::TemixPower(firm)) => read_firm(firm),
        WsCalendarAttachChoice::ArtifactBase(ArtifactBase::FullRequirementsPower(full)) => {
            Supply::try_from(full).map(Description::Supply)
        }
        WsCalendarAttachChoice::ArtifactBase(ArtifactBase::BlockPowerFullRequirements(block)) => {
            Supply::try_from(block).map(Description::Supply)
        }
        _ => Err(Error::new("", "another kind of product is attached", mend)),
    };
    let what = what.map_err(|error| error.within(&path))?;
    Ok(Slice { uid: bound.uid, start: bound.start, duration: bound.duration, what })
}

/// With a power unit the quantity is power and an energy unit is the price's; with an
/// energy unit alone it is both. Without an energy unit the price is for the power over
/// an hour, in the same scale.
fn read_firm(firm: &TemixPower) -> Result<Description, Error> {
    let power = firm.power_item.as_ref().map(|item| item.measure());
    let energy = firm.energy_item.as_ref().map(|item| item.measure());
    let measure = power
        .or(energy)
        .ok_or_else(|| Error::new("temixPower", "no unit", "add a powerItem or an energyItem"))?;
    let hourly = || measure.unit.over_an_hour().map(|unit| Measure::new(unit, measure.scale));
    let price_per = energy.or_else(hourly).unwrap_or(measure);
    Ok(Description::Firm {
        place: firm.emix_interface.clone(),
        quantity: measure.read(&firm.quantity, "temixPower/quantity")?,
        measure,
        price: firm.price.value,
        price_per,
    })
}
