//! Deliveries: what was metered, interval by interval. EMIX 1.0 DeliveryType with
//! emix:measurement; EI 1.0 EiDelivery.

use jiff::{SignedDuration, Timestamp};

use super::product::interval;
use super::{Error, Measure, Quantity};
use crate::ei::ei::EiDelivery;
use crate::ei::emix::{self, ItemBase};
use crate::ei::xcal::{
    ArrayOfVcalendarContainedComponents, ArtifactBase, VcalendarContainedComponent2,
    WsCalendarAttachChoice,
};
use crate::wscal::{Attachments, Bound, Sequence};
use crate::xml::DateTime;

/// What was delivered at one place, into or out of the market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// emix:uid.
    pub uid: String,
    /// Into the market (true) or out of it.
    pub injection: bool,
    /// The metered intervals, in order of start; in a request the intervals asked for.
    pub metered: Vec<Metered>,
}

/// An interval of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metered {
    /// Its uid.
    pub uid: String,
    /// From here on, UTC.
    pub start: Timestamp,
    /// So long.
    pub duration: SignedDuration,
    /// How much, and how it is written; `None` where it is yet to be metered.
    pub quantity: Option<(Quantity, Measure)>,
}

impl TryFrom<&emix::Delivery> for Delivery {
    type Error = Error;

    fn try_from(delivery: &emix::Delivery) -> Result<Self, Error> {
        Ok(Self {
            uid: delivery.uid.clone(),
            injection: delivery.injection,
            metered: read(&delivery.components).map_err(|e| e.within("delivery"))?,
        })
    }
}

impl TryFrom<&EiDelivery> for Delivery {
    type Error = Error;

    fn try_from(delivery: &EiDelivery) -> Result<Self, Error> {
        Ok(Self {
            uid: delivery.uid.clone(),
            injection: delivery.injection,
            metered: read(&delivery.components).map_err(|e| e.within("eiDelivery"))?,
        })
    }
}

impl Delivery {
    /// As EMIX has it: what eiCreateDelivery asks with.
    ///
    /// # Errors
    /// If a duration is not of whole seconds or a quantity does not fit its measure.
    pub fn to_emix(&self) -> Result<emix::Delivery, Error> {
        Ok(emix::Delivery {
            properties: None,
            components: self.components()?,
            uid: self.uid.clone(),
            envelope_contents: None,
            injection: self.injection,
        })
    }

    /// As EI has it: what eiCreatedDelivery answers with.
    ///
    /// # Errors
    /// As [`Delivery::to_emix`].
    pub fn to_ei(&self, id: impl Into<String>, created: Timestamp) -> Result<EiDelivery, Error> {
        Ok(EiDelivery {
            schema_version: None,
            properties: None,
            components: self.components()?,
            uid: self.uid.clone(),
            envelope_contents: None,
            injection: self.injection,
            ei_delivery_id: id.into(),
            created_date_time: DateTime(created),
        })
    }

    fn components(&self) -> Result<ArrayOfVcalendarContainedComponents, Error> {
        let component = |metered: &Metered| {
            let attached = metered.quantity.map(measurement).transpose()?;
            let times = (metered.start, metered.duration);
            interval(&metered.uid, times, attached).map(VcalendarContainedComponent2::Interval)
        };
        let all = self.metered.iter().map(component).collect::<Result<_, Error>>()?;
        Ok(ArrayOfVcalendarContainedComponents { vcalendar_contained_component: all })
    }
}

fn measurement((quantity, measure): (Quantity, Measure)) -> Result<ArtifactBase, Error> {
    use crate::ei::power::{EnergyItem, PowerItem};
    const PATH: &str = "measurement";
    let item_base = if measure.unit.is_power() {
        match measure.power_item(PATH)? {
            PowerItem::PowerApparent(item) => ItemBase::PowerApparent(item),
            PowerItem::PowerReactive(item) => ItemBase::PowerReactive(item),
            PowerItem::PowerReal(item) => ItemBase::PowerReal(item),
        }
    } else {
        match measure.energy_item(PATH)? {
            EnergyItem::EnergyApparent(item) => ItemBase::EnergyApparent(item),
            EnergyItem::EnergyReactive(item) => ItemBase::EnergyReactive(item),
            EnergyItem::EnergyReal(item) => ItemBase::EnergyReal(item),
        }
    };
    let quantity = measure.write(quantity, "measurement/quantity")?;
    Ok(ArtifactBase::Measurement(emix::Measurement { quantity, item_base }))
}

fn read(components: &ArrayOfVcalendarContainedComponents) -> Result<Vec<Metered>, Error> {
    let sequence = Sequence::of(components).and_then(Sequence::bind);
    let bound = sequence.map_err(|error| {
        let mend = "state start and duration of every interval";
        Error::new("components", error.to_string(), mend)
    })?;
    bound.into_iter().map(metered).collect()
}

fn metered(bound: Bound<Attachments<'_>>) -> Result<Metered, Error> {
    let path = format!("components/interval[{}]/x-wsCalendar-attach", bound.uid);
    let attached = bound.payload.unwrap_or_default();
    let quantity = match attached.as_slice() {
        [] => None,
        [WsCalendarAttachChoice::ArtifactBase(ArtifactBase::Measurement(found))] => {
            let measure = found.item_base.measure();
            let quantity = measure.read(&found.quantity, "measurement/quantity");
            Some((quantity.map_err(|error| error.within(&path))?, measure))
        }
        _ => {
            let mend = "attach one emix:measurement, or nothing to ask for one";
            return Err(Error::new(path, "something else than a measurement", mend));
        }
    };
    let Bound { uid, start, duration, .. } = bound;
    Ok(Metered { uid, start, duration, quantity })
}
