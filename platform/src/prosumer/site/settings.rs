//! What a simulated site consists of. Read from `ven.toml` as it stands.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, MarketContext, PartyId, ProductClass, Reason, Refusal, ResourceId};

/// A site without its base load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The one resource the site is; its data points' rIDs begin with it.
    pub resource: ResourceId,
    /// A battery, if there is one.
    pub battery: Option<Battery>,
    /// A load that can wait, if there is one.
    pub flexible: Option<Flexible>,
    /// How it looks at prices; none: prices change nothing.
    pub tariff: Option<Tariff>,
    /// How it trades; none: it does not.
    pub trading: Option<Trading>,
}

/// A battery. Its losses all count when it is charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Battery {
    /// What it holds, Wh.
    pub capacity_wh: Decimal,
    /// The most it charges or discharges with, W.
    pub power_w: Decimal,
    /// What comes back of what goes in: above 0, at most 1, at most four decimals.
    pub round_trip_efficiency: Decimal,
    /// What it holds at first, and is charged to again when nothing is asked, Wh.
    pub rest_wh: Decimal,
}

/// The part of the base load that can wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flexible {
    /// Which part of the base load: 0 to 1.
    pub share: Decimal,
    /// Which part of the energy shed is drawn later: 0 to 1, at most four decimals.
    pub rebound: Decimal,
    /// The most that is drawn later at once, W.
    pub rebound_power_w: Decimal,
}

/// How a site looks at prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// The usual price of a kWh, to which relative prices refer.
    pub usual_per_kwh: Decimal,
    /// From this price on it sheds and discharges.
    pub dear_from_per_kwh: Decimal,
    /// Up to this price it charges.
    pub cheap_to_per_kwh: Decimal,
    /// The money of these prices; others are ignored.
    pub currency: Currency,
}

/// How a site trades the next hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trading {
    /// The site's id as a party, its venID. Set when the VEN is registered.
    pub party: PartyId,
    /// In which market.
    pub market_context: MarketContext,
    /// Of which kind of product.
    pub class: ProductClass,
    /// The money of the limits.
    pub currency: Currency,
    /// The least it takes for a kWh of surplus.
    pub sell_from_per_kwh: Decimal,
    /// The most it pays for a kWh of shortfall.
    pub buy_to_per_kwh: Decimal,
    /// What it never sells out of its battery, Wh.
    pub reserve_wh: Decimal,
}

impl Settings {
    /// Whether the numbers make a site.
    ///
    /// # Errors
    /// [`Reason::Malformed`] naming the setting that does not.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut checks = Vec::new();
        if let Some(battery) = &self.battery {
            let efficiency = battery.round_trip_efficiency;
            checks.extend([
                ("battery.capacity_wh", amount(battery.capacity_wh)),
                ("battery.power_w", amount(battery.power_w)),
                ("battery.round_trip_efficiency", part(efficiency) && !efficiency.is_zero()),
                (
                    "battery.rest_wh",
                    amount(battery.rest_wh) && battery.rest_wh <= battery.capacity_wh,
                ),
            ]);
        }
        if let Some(flexible) = &self.flexible {
            checks.extend([
                ("flexible.share", part(flexible.share)),
                ("flexible.rebound", part(flexible.rebound)),
                ("flexible.rebound_power_w", amount(flexible.rebound_power_w)),
            ]);
        }
        if let Some(tariff) = &self.tariff {
            let (cheap, dear) = (tariff.cheap_to_per_kwh, tariff.dear_from_per_kwh);
            checks.push(("tariff.cheap_to_per_kwh", cheap < dear));
        }
        if let Some(trading) = &self.trading {
            checks.push(("trading.reserve_wh", amount(trading.reserve_wh)));
        }
        match checks.iter().find(|(_, good)| !good) {
            None => Ok(()),
            Some((name, _)) => {
                Err(Refusal::new(Reason::Malformed, format!("site setting {name} is out of range")))
            }
        }
    }
}

/// A whole number of W or Wh that no sum can carry too far.
fn amount(value: Decimal) -> bool {
    value >= Decimal::ZERO && value <= Decimal::from(1_000_000_000) && value.is_integer()
}

fn part(value: Decimal) -> bool {
    value >= Decimal::ZERO && value <= Decimal::ONE && value.normalize().scale() <= 4
}
