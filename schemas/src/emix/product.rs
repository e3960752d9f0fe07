//! The product most trades are made of: a firm quantity over one interval, from and to
//! an emixBase. EMIX 1.0 ProductType with power:temixPower; EI 1.0 EiTender.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{Description, Error, Frame, Head, Measure, Offer, Place, Quantity, Scale, Unit};
use crate::ei::emix::{self, EmixBase};
use crate::ei::power::TemixPower;
use crate::ei::xcal::{
    ArrayOfProperties, ArrayOfVcalendarContainedComponents, ArtifactBase, BaseProperty,
    DtstartProp, DtstartPropChoice, DurationProp, UidProp, VcalendarContainedComponent2,
    WsCalendarAttach, WsCalendarAttachChoice, WsCalendarInterval,
};
use crate::xml::{DateTime, Duration};

/// A firm quantity at a price over one interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// What it says as a whole: side, market, currency, expiry, state, terms.
    pub head: Head,
    /// The interval's uid.
    pub interval_uid: String,
    /// From here on, UTC.
    pub start: Timestamp,
    /// So long; whole seconds go on the wire.
    pub duration: SignedDuration,
    /// Where.
    pub place: Place,
    /// How much: power (W) throughout, or the energy (Wh) of the whole interval.
    pub quantity: Quantity,
    /// The unit and scale it is written in.
    pub measure: Measure,
    /// Money for one `price_per`.
    pub price: Decimal,
    /// The unit of energy the price is for, with its scale.
    pub price_per: Measure,
}

impl Product {
    /// So many watt-hours at a price for a kilowatt-hour, written in kWh.
    pub fn energy(
        head: Head,
        (start, duration): (Timestamp, SignedDuration),
        place: Place,
        (watt_hours, price_per_kwh): (Decimal, Decimal),
    ) -> Self {
        Self {
            head,
            interval_uid: "0".to_owned(),
            start,
            duration,
            place,
            quantity: Quantity::watt_hours(watt_hours),
            measure: Measure::KWH,
            price: price_per_kwh,
            price_per: Measure::KWH,
        }
    }

    /// The same at constant power: so many watts, written in kW.
    pub fn at_power(self, watts: Decimal, frame: Frame) -> Self {
        let measure = Measure { unit: Unit::W, scale: Scale::Kilo, frame: Some(frame) };
        Self { quantity: Quantity::watts(watts), measure, ..self }
    }

    /// Where it ends, exclusive.
    pub fn end(&self) -> Timestamp {
        self.start.checked_add(self.duration).unwrap_or(Timestamp::MAX)
    }

    /// The real energy of the whole interval in Wh, of a power rounded to 28 digits;
    /// `None` for apparent and reactive quantities and past 28 digits.
    pub fn watt_hours(&self) -> Option<Decimal> {
        match self.quantity.unit {
            Unit::Wh => Some(self.quantity.value),
            Unit::W => {
                let seconds = Decimal::from(self.duration.as_secs());
                self.quantity.value.checked_mul(seconds)?.checked_div(3_600.into())
            }
            _ => None,
        }
    }

    /// The price of a kilowatt-hour, whatever unit it is written for; `None` if it is
    /// not for real energy, or past 28 digits.
    pub fn price_per_kwh(&self) -> Option<Decimal> {
        let exponent = Scale::Kilo.exponent() - self.price_per.scale.exponent();
        (self.price_per.unit == Unit::Wh).then(|| super::shift(self.price, exponent))?
    }

    /// As an emixBase.
    ///
    /// # Errors
    /// If the duration is not of whole seconds up to 136 years, if quantity and measure
    /// differ in unit or 28 digits do not hold it, or if a power lacks its frame.
    pub fn to_emix(&self) -> Result<EmixBase, Error> {
        let head = self.head.clone();
        let attached = ArtifactBase::TemixPower(self.temix_power()?);
        let times = (self.start, self.duration);
        let interval = interval(&self.interval_uid, times, Some(attached))?;
        Ok(EmixBase::Product(emix::Product {
            properties: None,
            components: ArrayOfVcalendarContainedComponents {
                vcalendar_contained_component: vec![VcalendarContainedComponent2::Interval(
                    interval,
                )],
            },
            uid: head.uid,
            envelope_contents: None,
            transactive_state: head.state,
            expiration_date: head.expires.map(DateTime),
            integral_only: Some(head.integral_only),
            currency: head.currency,
            market_context: head.market_context,
            side: head.side,
            terms: head.terms,
        }))
    }

    fn temix_power(&self) -> Result<TemixPower, Error> {
        let quantity = self.measure.write(self.quantity, "temixPower/quantity")?;
        let power_item = match self.measure.unit.is_power() {
            true => Some(self.measure.power_item("temixPower/powerItem")?),
            false if self.price_per != self.measure => {
                let what = "an energy and its price are written in one unit";
                return Err(Error::new("temixPower/energyItem", what, "set price_per to measure"));
            }
            false => None,
        };
        Ok(TemixPower {
            emix_interface: self.place.clone(),
            price: emix::Price { value: self.price },
            power_item,
            energy_item: Some(self.price_per.energy_item("temixPower/energyItem")?),
            quantity,
        })
    }
}

impl TryFrom<Offer> for Product {
    type Error = Error;

    fn try_from(offer: Offer) -> Result<Self, Error> {
        let Offer { head, slices } = offer;
        let count = slices.len();
        let mut slices = slices.into_iter();
        match (slices.next(), slices.next()) {
            (Some(slice), None) => match slice.what {
                Description::Firm { place, quantity, measure, price, price_per } => Ok(Self {
                    head,
                    interval_uid: slice.uid,
                    start: slice.start,
                    duration: slice.duration,
                    place,
                    quantity,
                    measure,
                    price,
                    price_per,
                }),
                Description::Supply(supply) => Err(Error::new(
                    "emixBase/components/interval/x-wsCalendar-attach",
                    format!("{} is no firm quantity", supply.kind),
                    "attach a temixPower",
                )),
            },
            _ => Err(Error::new(
                "emixBase/components",
                format!("{count} intervals"),
                "tender one interval at a time",
            )),
        }
    }
}

impl TryFrom<&EmixBase> for Product {
    type Error = Error;

    fn try_from(base: &EmixBase) -> Result<Self, Error> {
        Offer::try_from(base)?.try_into()
    }
}

/// An interval as xCal writes it.
pub(super) fn interval(
    uid: &str,
    (start, duration): (Timestamp, SignedDuration),
    attached: Option<ArtifactBase>,
) -> Result<WsCalendarInterval, Error> {
    let seconds = u32::try_from(duration.as_secs());
    let whole = seconds.ok().filter(|_| duration.subsec_nanos() == 0);
    let seconds = whole.ok_or_else(|| {
        let what = format!("{duration:?} cannot be written");
        Error::new("interval/duration", what, "use whole seconds, not negative")
    })?;
    let mut base_property = vec![
        BaseProperty::Uid(UidProp { parameters: None, text: uid.to_owned() }),
        BaseProperty::Dtstart(DtstartProp {
            parameters: None,
            choice: DtstartPropChoice::DateTime(DateTime(start)),
        }),
        BaseProperty::Duration(DurationProp {
            parameters: None,
            duration: Duration::from_seconds(seconds),
        }),
    ];
    if let Some(attached) = attached {
        base_property.push(BaseProperty::XWsCalendarAttach(WsCalendarAttach {
            parameters: None,
            choice: vec![WsCalendarAttachChoice::ArtifactBase(attached)],
        }));
    }
    Ok(WsCalendarInterval { properties: Some(ArrayOfProperties { base_property }) })
}
