//! Terms: what limits how a product or resource may be used. EMIX 1.0 baseTerm.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Error, Quantity};
use crate::ei::emix::{self, BaseTerm};
use crate::ei::power;
use crate::ei::resource::OfferSegment;
use crate::ei::xcal::{BaseProperty, Vavailability};
use crate::wscal::{instant_of_end, instant_of_start};
use crate::xml::Duration;

/// A term.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Term {
    MinimumRun(Duration),
    MaximumRun(Duration),
    MinimumResponse(Duration),
    MaximumResponse(Duration),
    ResponseTime(Duration),
    MinimumNotification(Duration),
    MaximumNotification(Duration),
    MinimumRecovery(Duration),
    MinimumBetweenInvocations(Duration),
    /// At most `times` in a row of `each`.
    MaximumConsecutive {
        times: i32,
        each: Duration,
    },
    /// At most `times` within `within`.
    MaximumInvocations {
        times: i32,
        within: Duration,
    },
    /// At least `times` within `within`.
    MinimumStarts {
        times: i32,
        within: Duration,
    },
    /// Not called for less than this price.
    MinimumEconomicRequirement(Decimal),
    /// At least `price` for every `each`.
    MinimumRemuneration {
        price: Decimal,
        each: Duration,
    },
    StartupRemuneration(Decimal),
    /// Traded in steps of this.
    Granularity(Quantity),
    MaximumEnergy(Quantity),
    MaximumPower(Quantity),
    MinimumLoad(Quantity),
    MinimumLoadReduction(Quantity),
    OfferCurve(Vec<Segment>),
    /// To be had in these times: start and exclusive end.
    Available(Vec<(Timestamp, Timestamp)>),
    /// Not to be had in these times.
    Unavailable(Vec<(Timestamp, Timestamp)>),
    /// To be notified in these times.
    Notified(Vec<(Timestamp, Timestamp)>),
    /// EI's smoothing of responses, kept in the schema's form.
    Smoothing,
}

/// A piece of an offer curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its number.
    pub number: i32,
    /// Money for a unit of energy of the scale written.
    pub price: Decimal,
    /// How much power.
    pub quantity: Quantity,
    /// All of it or nothing.
    pub integral_only: bool,
}

impl TryFrom<&BaseTerm> for Term {
    type Error = Error;

    fn try_from(term: &BaseTerm) -> Result<Self, Error> {
        use BaseTerm as T;
        Ok(match term {
            T::MinimumRunDuration(t) => Self::MinimumRun(t.duration.duration),
            T::MaximumRunDuration(t) => Self::MaximumRun(t.duration.duration),
            T::MinimumResponseDuration(t) => Self::MinimumResponse(t.duration.duration),
            T::MaximumResponseDuration(t) => Self::MaximumResponse(t.duration.duration),
            T::ResponseTime(t) => Self::ResponseTime(t.duration.duration),
            T::MinimumNotificationDuration(t) => Self::MinimumNotification(t.duration.duration),
            T::MaximumNotificationDuration(t) => Self::MaximumNotification(t.duration.duration),
            T::MinimumRecoveryDuration(t) => Self::MinimumRecovery(t.duration.duration),
            T::MinimumDurationBetweenInvocations(t) => {
                Self::MinimumBetweenInvocations(t.duration.duration)
            }
            T::MaximumConsecutiveDurations(t) => {
                Self::MaximumConsecutive { times: t.durations, each: t.duration.duration }
            }
            T::MaximumInvocationsPerDuration(t) => {
                Self::MaximumInvocations { times: t.starts, within: t.duration.duration }
            }
            T::MinimumStartsPerDuration(t) => {
                Self::MinimumStarts { times: t.starts, within: t.duration.duration }
            }
            T::MinimumEconomicRequirement(t) => Self::MinimumEconomicRequirement(t.price.value),
            T::MinimumRemunerationRate(t) => {
                Self::MinimumRemuneration { price: t.price.value, each: t.duration.duration }
            }
            T::RequiredStartupRemuneration(t) => Self::StartupRemuneration(t.price.value),
            T::EiResponseSmoothing(_) => Self::Smoothing,
            other => return measured(other),
        })
    }
}

/// The terms whose reading can fail.
fn measured(term: &BaseTerm) -> Result<Term, Error> {
    use BaseTerm as T;
    let power = |quantity: &power::PowerQuantity, path: &str| {
        quantity.power_item.measure().read(&quantity.quantity, path)
    };
    match term {
        T::MarketGranularity(t) => granularity(t).map(Term::Granularity),
        T::MaximumEnergy(t) => {
            let quantity = &t.energy_quantity;
            let path = "maximumEnergy/energyQuantity/quantity";
            quantity.energy_item.measure().read(&quantity.quantity, path).map(Term::MaximumEnergy)
        }
        T::MaximumPower(t) => {
            power(&t.power_quantity, "maximumPower/powerQuantity").map(Term::MaximumPower)
        }
        T::MinimumLoad(t) => {
            power(&t.power_quantity, "minimumLoad/powerQuantity").map(Term::MinimumLoad)
        }
        T::MinimumLoadReduction(t) => {
            let path = "minimumLoadReduction/powerQuantity";
            power(&t.power_quantity, path).map(Term::MinimumLoadReduction)
        }
        T::OfferCurve(t) => {
            t.offer_segment.iter().map(segment).collect::<Result<_, _>>().map(Term::OfferCurve)
        }
        T::AvailabilitySchedule(t) => {
            times(&t.vavailability, "availabilitySchedule").map(Term::Available)
        }
        T::UnavailabilitySchedule(t) => {
            times(&t.vavailability, "unavailabilitySchedule").map(Term::Unavailable)
        }
        T::NotificationSchedule(t) => {
            times(&t.vavailability, "notificationSchedule").map(Term::Notified)
        }
        // Read above; nothing else reaches this.
        _ => Ok(Term::Smoothing),
    }
}

fn granularity(term: &emix::MarketGranularity) -> Result<Quantity, Error> {
    term.item_base.measure().read(&term.quantity, "marketGranularity/quantity")
}

fn segment(segment: &OfferSegment) -> Result<Segment, Error> {
    let path = format!("offerCurve/offerSegment[{}]/quantity", segment.segment);
    Ok(Segment {
        number: segment.segment,
        price: segment.price.value,
        quantity: segment.power_item.measure().read(&segment.quantity, &path)?,
        integral_only: segment.integral_only,
    })
}

/// The times of schedules. Recurrences are not expanded.
fn times(schedules: &[Vavailability], name: &str) -> Result<Vec<(Timestamp, Timestamp)>, Error> {
    let all = schedules.iter().flat_map(|schedule| &schedule.components.available);
    let read = |(k, available): (usize, &crate::ei::xcal::Available)| {
        let path = format!("{name}/vavailability/available[{k}]");
        let (mut start, mut end, mut duration) = (None, None, None);
        for property in available.properties.iter().flat_map(|all| &all.base_property) {
            match property {
                BaseProperty::Dtstart(at) => start = Some(instant_of_start(&at.choice)),
                BaseProperty::Dtend(at) => end = Some(instant_of_end(&at.choice)),
                BaseProperty::Duration(length) => duration = Some(length.duration),
                BaseProperty::Rrule(_) | BaseProperty::Rdate(_) => {
                    let mend = "list every time with dtstart and duration";
                    return Err(Error::new(path, "a recurring time", mend));
                }
                _ => {}
            }
        }
        let last = |start: Timestamp| {
            end.or_else(|| start.checked_add(duration?.from(start)?).ok()).filter(|e| *e >= start)
        };
        let found = start.and_then(|start| Some((start, last(start)?)));
        found
            .ok_or_else(|| Error::new(path, "no time", "give it a dtstart and a duration or dtend"))
    };
    all.enumerate().map(read).collect()
}
