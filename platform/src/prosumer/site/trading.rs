//! The rule by which a simulated site trades the next hour, for the demo: what its
//! battery can give beyond the hour's own need it sells, what is missing it buys.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    plant::{J_PER_WH, Levels},
    profile::Profile,
    settings::{Settings, Trading},
};
use crate::{
    Interval,
    market::{Product, Side, Tender},
};

/// The tenders made so far: an hour's tender is decided once and stays the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Tenders(BTreeMap<Timestamp, Option<Tender>>);

impl Tenders {
    /// The tender for the hour after the one `at` is in; nothing if there is nothing to
    /// trade.
    pub(super) fn standing(
        &mut self,
        settings: &Settings,
        profile: &Profile,
        levels: &Levels,
        at: Timestamp,
    ) -> Vec<Tender> {
        let Some(trading) = &settings.trading else { return Vec::new() };
        let Some(hour) = next_hour(at) else { return Vec::new() };
        self.0.retain(|start, _| *start >= hour.start);
        let decided = self.0.entry(hour.start).or_insert_with(|| {
            let surplus_wh = deliverable(settings, trading, levels) - profile.energy_wh(hour);
            decide(trading, hour, surplus_wh)
        });
        decided.iter().cloned().collect()
    }
}

/// What the battery can give in an hour above its reserve, Wh.
fn deliverable(settings: &Settings, trading: &Trading, levels: &Levels) -> Decimal {
    let power_w = settings.battery.as_ref().map_or(Decimal::ZERO, |battery| battery.power_w);
    (levels.stored_j / J_PER_WH - trading.reserve_wh).min(power_w).max(Decimal::ZERO)
}

fn decide(trading: &Trading, hour: Interval, surplus_wh: Decimal) -> Option<Tender> {
    let quantity_wh =
        surplus_wh.round_dp_with_strategy(0, RoundingStrategy::ToNegativeInfinity).abs();
    let (side, price_per_kwh) = if surplus_wh > Decimal::ZERO {
        (Side::Sell, trading.sell_from_per_kwh)
    } else {
        (Side::Buy, trading.buy_to_per_kwh)
    };
    (!quantity_wh.is_zero()).then(|| Tender {
        id: format!("{}-{}", trading.party, hour.start.strftime("%Y%m%dT%H")).into(),
        party: trading.party.clone(),
        counter_party: None,
        side,
        product: Product {
            market_context: trading.market_context.clone(),
            class: trading.class.clone(),
            currency: trading.currency.clone(),
            interval: hour,
        },
        quantity_wh,
        price_per_kwh,
        integral_only: false,
        expires_at: hour.start,
    })
}

fn next_hour(at: Timestamp) -> Option<Interval> {
    let start = Timestamp::from_second((at.as_second().div_euclid(3600) + 1) * 3600).ok()?;
    start.checked_add(SignedDuration::from_hours(1)).ok()?;
    Some(Interval::hour(start))
}
