//! The energy of a site over time: who draws what, step by step, exactly.
//!
//! Power is in W to a thousandth, time in whole seconds, energy in J. In a step the
//! power of everything is constant; a step ends at the next full minute or where
//! something changes. So the register is a line from knot to knot, reading between
//! them is exact, and reading never changes what comes later.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    profile::Profile,
    settings::{Battery, Settings},
    wish::{Wish, wish},
};
use crate::{Interval, TradeId, signal::ActiveSignal};

/// What flows at an instant, W. All are zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// What the meter data says the site would draw.
    pub base_w: Decimal,
    /// What of it is shed.
    pub shed_w: Decimal,
    /// What is drawn because it was shed before.
    pub rebound_w: Decimal,
    /// What goes into the battery, before its losses.
    pub charge_w: Decimal,
    /// What comes out of the battery.
    pub discharge_w: Decimal,
}

impl Flows {
    /// What is drawn from the grid, W; negative is feeding in.
    pub fn net_w(&self) -> Decimal {
        self.base_w - self.shed_w + self.rebound_w + self.charge_w - self.discharge_w
    }
}

/// What has accumulated at an instant, J.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Levels {
    /// The net energy register.
    pub(super) register_j: Decimal,
    /// What the battery holds.
    pub(super) stored_j: Decimal,
    /// What is still to be drawn because it was shed.
    pub(super) owed_j: Decimal,
}

/// A change of flows, and the levels at that instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knot {
    at_s: i64,
    ends_s: i64,
    pub(super) levels: Levels,
    pub(super) flows: Flows,
}

/// A site in time.
#[derive(Clone, Debug)]
pub(super) struct Plant {
    settings: Settings,
    profile: Profile,
    active: Vec<ActiveSignal>,
    contracts: BTreeMap<TradeId, (Interval, Decimal)>,
    knots: VecDeque<Knot>,
}

impl Plant {
    /// A site whose register is at zero at `start`.
    pub(super) fn new(settings: Settings, profile: Profile, start: Timestamp) -> Self {
        let rest_wh = settings.battery.as_ref().map_or(Decimal::ZERO, |b| b.rest_wh);
        let levels = Levels { stored_j: rest_wh * J_PER_WH, ..Levels::default() };
        let knots = VecDeque::with_capacity(KNOTS + 1);
        let mut plant =
            Self { settings, profile, active: Vec::new(), contracts: BTreeMap::new(), knots };
        plant.tie(start.as_second(), levels);
        plant
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The signals are these from `at` on, or from the latest instant read.
    pub(super) fn set_active(&mut self, active: Vec<ActiveSignal>, at: Timestamp) {
        if self.active != active {
            self.change(at, |plant| plant.active = active);
        }
    }

    /// Draws `power_w` from the grid over `interval`, on top of other contracts in it.
    pub(super) fn commit(
        &mut self,
        trade: TradeId,
        interval: Interval,
        power_w: Decimal,
        at: Timestamp,
    ) {
        if interval.end() > at && !self.contracts.contains_key(&trade) {
            self.change(at, |plant| {
                plant.contracts.insert(trade, (interval, power_w));
            });
        }
    }

    /// The levels and flows at `at`; none if that is before what is remembered.
    pub(super) fn read(&mut self, at: Timestamp) -> Option<(Levels, Flows)> {
        self.advance(at.as_second());
        let after = self.knots.partition_point(|knot| knot.at_s <= at.as_second());
        let knot = self.knots.get(after.checked_sub(1)?)?;
        Some((self.after(knot, at.as_second() - knot.at_s), knot.flows))
    }

    /// How much less it could draw at once, W, if all were asked of it.
    pub(super) fn sheddable_w(&self, levels: &Levels, flows: &Flows) -> Decimal {
        let battery = self.room(levels, STEP_S).1;
        self.flexible_w(flows.base_w) - flows.shed_w + battery - flows.discharge_w + flows.charge_w
    }

    fn change(&mut self, at: Timestamp, how: impl FnOnce(&mut Self)) {
        let at_s = at.as_second();
        self.advance(at_s);
        let last = self.knots.back().copied();
        how(self);
        if let Some(knot) = last {
            let lasted = (at_s - knot.at_s).max(0);
            let levels = self.after(&knot, lasted);
            if lasted == 0 {
                self.knots.pop_back();
            }
            self.tie(knot.at_s + lasted, levels);
        }
    }

    /// Goes through every step that is over at `at_s`.
    fn advance(&mut self, at_s: i64) {
        while let Some(knot) = self.knots.back().copied().filter(|knot| knot.ends_s <= at_s) {
            let levels = self.after(&knot, knot.ends_s - knot.at_s);
            self.tie(knot.ends_s, levels);
        }
    }

    /// Begins a step.
    fn tie(&mut self, at_s: i64, levels: Levels) {
        self.contracts.retain(|_, (interval, _)| interval.end().as_second() > at_s);
        let ends_s = self.next_change(at_s);
        let flows = self.flows(at_s, ends_s, &levels);
        if self.knots.len() >= KNOTS {
            self.knots.pop_front();
        }
        self.knots.push_back(Knot { at_s, ends_s, levels, flows });
    }

    /// The next full minute, or the end of a signal or edge of a contract before it.
    fn next_change(&self, at_s: i64) -> i64 {
        let minute = (at_s.div_euclid(STEP_S) + 1) * STEP_S;
        let ends = self.active.iter().filter_map(|signal| Some(signal.until?.as_second()));
        let edges = self.contracts.values().map(|(interval, _)| interval);
        let edges = edges.flat_map(|i| [i.start.as_second(), i.end().as_second()]);
        ends.chain(edges).filter(|s| *s > at_s).fold(minute, i64::min)
    }

    /// The levels `lasted_s` seconds into a step.
    fn after(&self, knot: &Knot, lasted_s: i64) -> Levels {
        let (seconds, flows) = (Decimal::from(lasted_s), &knot.flows);
        let efficiency =
            self.settings.battery.as_ref().map_or(Decimal::ONE, |b| b.round_trip_efficiency);
        let rebound = self.settings.flexible.as_ref().map_or(Decimal::ZERO, |f| f.rebound);
        Levels {
            register_j: knot.levels.register_j + flows.net_w() * seconds,
            stored_j: knot.levels.stored_j
                + (flows.charge_w * efficiency - flows.discharge_w) * seconds,
            owed_j: knot.levels.owed_j + (flows.shed_w * rebound - flows.rebound_w) * seconds,
        }
    }

    /// What flows in a step that begins with these levels.
    fn flows(&self, at_s: i64, ends_s: i64, levels: &Levels) -> Flows {
        let at = Timestamp::from_second(at_s).unwrap_or(Timestamp::MAX);
        let active: Vec<_> = self
            .active
            .iter()
            .filter(|s| s.until.is_none_or(|until| until.as_second() > at_s))
            .collect();
        let contracts = self.contracts.values().filter(|(interval, _)| interval.contains(at));
        let contract_w = contracts.map(|(_, power_w)| *power_w).reduce(|a, b| a + b);
        let base_w = self.profile.power_w(at);
        let lasts_s = ends_s - at_s;
        match wish(&active, contract_w, self.settings.tariff.as_ref()) {
            Wish::Rest => self.rest(base_w, levels, lasts_s),
            Wish::Charge => {
                let charge_w = self.room(levels, lasts_s).0;
                Flows { charge_w, ..self.rest(base_w, levels, lasts_s) }
            }
            Wish::Shed { load, battery } => {
                let shed_w = thousandth(self.flexible_w(base_w) * load);
                let power_w = self.settings.battery.as_ref().map_or(Decimal::ZERO, |b| b.power_w);
                let discharge_w =
                    self.room(levels, lasts_s).1.min(power_w * battery).min(base_w - shed_w);
                Flows { base_w, shed_w, discharge_w: thousandth(discharge_w), ..Flows::default() }
            }
            Wish::Net { power_w, shed } => self.towards(power_w, shed, base_w, (levels, lasts_s)),
            Wish::More(power_w) => self.towards(base_w + power_w, true, base_w, (levels, lasts_s)),
            Wish::Times(times) => self.towards(base_w * times, true, base_w, (levels, lasts_s)),
        }
    }

    /// Nothing is asked: draw what is owed, charge gently up to rest.
    fn rest(&self, base_w: Decimal, levels: &Levels, lasts_s: i64) -> Flows {
        let most_w = self.settings.flexible.as_ref().map_or(Decimal::ZERO, |f| f.rebound_power_w);
        let rebound_w = thousandth(levels.owed_j / Decimal::from(lasts_s)).min(most_w);
        let charge_w = self.settings.battery.as_ref().map_or(Decimal::ZERO, |battery| {
            let missing_j = battery.rest_wh * J_PER_WH - levels.stored_j;
            charge_for(missing_j, battery, lasts_s).min(thousandth(battery.power_w / Decimal::TWO))
        });
        Flows { base_w, rebound_w, charge_w, ..Flows::default() }
    }

    /// As near to a net power as it gets: the battery first, then the load if it may.
    fn towards(&self, net_w: Decimal, shed: bool, base_w: Decimal, now: (&Levels, i64)) -> Flows {
        let (charge_w, discharge_w) = self.room(now.0, now.1);
        let less_w = thousandth(base_w - net_w);
        let charge_w = charge_w.min((-less_w).max(Decimal::ZERO));
        let discharge_w = discharge_w.min(less_w.max(Decimal::ZERO));
        let left_w = (less_w - discharge_w).max(Decimal::ZERO);
        let shed_w = if shed { self.flexible_w(base_w).min(left_w) } else { Decimal::ZERO };
        Flows { base_w, shed_w, charge_w, discharge_w, ..Flows::default() }
    }

    /// With how much the battery can charge, and discharge, over the whole step, W.
    fn room(&self, levels: &Levels, lasts_s: i64) -> (Decimal, Decimal) {
        let Some(battery) = &self.settings.battery else { return Default::default() };
        let room_j = battery.capacity_wh * J_PER_WH - levels.stored_j;
        let out_w = thousandth(levels.stored_j / Decimal::from(lasts_s));
        (charge_for(room_j, battery, lasts_s), out_w.min(battery.power_w))
    }

    fn flexible_w(&self, base_w: Decimal) -> Decimal {
        self.settings.flexible.as_ref().map_or(Decimal::ZERO, |f| thousandth(base_w * f.share))
    }
}

/// The power that stores at most `room_j` in `lasts_s` seconds, losses counted.
fn charge_for(room_j: Decimal, battery: &Battery, lasts_s: i64) -> Decimal {
    let stored_per_w = battery.round_trip_efficiency * Decimal::from(lasts_s);
    thousandth(room_j.max(Decimal::ZERO) / stored_per_w).min(battery.power_w)
}

/// Cut to a thousandth of a W, towards zero.
fn thousandth(power_w: Decimal) -> Decimal {
    power_w.round_dp_with_strategy(3, RoundingStrategy::ToZero)
}

/// The length of a step, and the grid steps end on.
const STEP_S: i64 = 60;
/// Two days of steps are remembered, for readings of the near past.
const KNOTS: usize = 2 * 24 * 60;
pub(super) const J_PER_WH: Decimal = Decimal::from_parts(3600, 0, 0, false, 0);
