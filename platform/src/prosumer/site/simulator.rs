//! The simulated site as a [`Prosumer`].

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{
    Flows, Profile, Settings,
    plant::{J_PER_WH, Plant},
    trading::Tenders,
};
use crate::{
    Answer, Interval, OptId, Prosumer, Reason, Refusal, answer,
    market::{Side, Tender, Trade},
    opt::{Opt, OptReason, OptSchedule},
    prosumer::{Decision, EventOffer, Instruction, Resource, ResourceStatus, Site},
    reading::{DataPoint, Kind, Quality, Reading},
};

/// A house simulated from real meter data, with a battery and a load that can wait.
///
/// Deterministic: the same calls at the same times give the same readings. Time counts
/// in whole seconds and does not go back: a call for an instant before one already told
/// or read takes effect at the latter.
#[derive(Debug)]
pub struct Simulator {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    plant: Plant,
    tenders: Tenders,
    schedules: Vec<OptSchedule>,
    manual_override: bool,
}

impl Simulator {
    /// A site whose energy register is at zero at `start`.
    ///
    /// # Errors
    /// [`Reason::Malformed`] if a setting is out of range.
    pub fn new(settings: Settings, profile: Profile, start: Timestamp) -> Result<Self, Refusal> {
        settings.check()?;
        let inner = Inner {
            plant: Plant::new(settings, profile, start),
            tenders: Tenders::default(),
            schedules: Vec::new(),
            manual_override: false,
        };
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// Someone at the site takes over, or gives control back, at `at`. Signals are
    /// dropped, and new ones refused, until control is back.
    pub fn set_override(&self, manual: bool, at: Timestamp) {
        let mut inner = self.inner();
        inner.manual_override = manual;
        if manual {
            inner.plant.set_active(Vec::new(), at);
        }
    }

    /// The site has a new opt schedule, or another one under the same id.
    pub fn add_schedule(&self, schedule: OptSchedule) {
        let mut inner = self.inner();
        inner.schedules.retain(|known| known.id != schedule.id);
        inner.schedules.push(schedule);
    }

    /// The site's opt schedule is no more.
    pub fn remove_schedule(&self, id: &OptId) {
        self.inner().schedules.retain(|known| known.id != *id);
    }

    /// What flows at `at`, for people who want to see why the meter reads what it reads.
    ///
    /// # Errors
    /// [`Reason::TooLate`] if `at` lies before the start, or more than two days back.
    pub fn flows(&self, at: Timestamp) -> Result<Flows, Refusal> {
        let read = self.inner().plant.read(at);
        read.map(|(_, flows)| flows).ok_or_else(too_far_back)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing under the lock panics; if it did, the next reading is better than none.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Prosumer for Simulator {
    fn describe(&self) -> Answer<'_, Site> {
        answer(Ok(self.inner().site()))
    }

    fn decide<'a>(&'a self, offer: &'a EventOffer, _: Timestamp) -> Answer<'a, Decision> {
        answer(Ok(self.inner().decide(offer)))
    }

    fn apply(&self, instruction: Instruction, at: Timestamp) -> Answer<'_, ()> {
        answer(self.inner().apply(instruction, at))
    }

    fn measure(&self, at: Timestamp) -> Answer<'_, Vec<Reading>> {
        answer(self.inner().measure(at))
    }

    fn status(&self, at: Timestamp) -> Answer<'_, Vec<ResourceStatus>> {
        answer(self.inner().status(at))
    }

    fn tenders(&self, at: Timestamp) -> Answer<'_, Vec<Tender>> {
        answer(self.inner().tenders(at))
    }

    fn traded(&self, trade: Trade, at: Timestamp) -> Answer<'_, ()> {
        answer(self.inner().traded(trade, at))
    }

    fn availability(&self, at: Timestamp) -> Answer<'_, Vec<OptSchedule>> {
        let ahead = |schedule: &&OptSchedule| schedule.intervals.iter().any(|i| i.end() > at);
        answer(Ok(self.inner().schedules.iter().filter(ahead).cloned().collect()))
    }
}

impl Inner {
    fn site(&self) -> Site {
        let settings = self.plant.settings();
        let id = &settings.resource;
        let point = |(name, kind): (&str, Kind)| DataPoint {
            rid: format!("{id}-{name}").into(),
            resource: id.clone(),
            kind,
            sample_at_least_every: Duration::from_secs(1),
            sample_at_most_every: Duration::from_secs(24 * 3600),
        };
        let points = POINTS.into_iter().filter(|(_, kind)| self.has(*kind)).map(point).collect();
        let description = "a house with meter data, simulated".to_owned();
        Site { resources: vec![Resource { id: id.clone(), description }], points }
    }

    fn has(&self, kind: Kind) -> bool {
        kind != Kind::Stored || self.plant.settings().battery.is_some()
    }

    fn decide(&self, offer: &EventOffer) -> Decision {
        let out = |reason, detail: &str| Decision::OptOut { reason, detail: detail.to_owned() };
        let settings = self.plant.settings();
        if !offer.resources.is_empty() && !offer.resources.contains(&settings.resource) {
            return out(OptReason::NotParticipating, "none of its resources is here");
        }
        if self.manual_override {
            return out(OptReason::OverrideStatus, "someone on site has taken over");
        }
        let away = self.schedules.iter().find(|schedule| {
            schedule.opt == Opt::Out
                && schedule.market_context.as_ref().is_none_or(|m| *m == offer.market_context)
                && schedule.intervals.iter().any(|interval| meets(interval, &offer.interval))
        });
        if away.is_some() {
            return out(OptReason::Schedule, "an opt-out schedule covers part of it");
        }
        if settings.battery.is_none() && settings.flexible.is_none() {
            return out(OptReason::NotParticipating, "nothing on site can wait");
        }
        Decision::OptIn
    }

    fn apply(&mut self, instruction: Instruction, at: Timestamp) -> Result<(), Refusal> {
        if instruction.resource != self.plant.settings().resource {
            let detail = format!("no resource {}", instruction.resource);
            return Err(Refusal::new(Reason::Unknown, detail));
        }
        if self.manual_override && !instruction.active.is_empty() {
            return Err(Refusal::new(Reason::NotAllowed, "someone on site has taken over"));
        }
        self.plant.set_active(instruction.active, at);
        Ok(())
    }

    fn measure(&mut self, at: Timestamp) -> Result<Vec<Reading>, Refusal> {
        let (levels, flows) = self.plant.read(at).ok_or_else(too_far_back)?;
        let value = |kind| match kind {
            Kind::Power => Some(flows.net_w()),
            Kind::Energy => Some(wh(levels.register_j)),
            Kind::Stored => Some(wh(levels.stored_j)),
            Kind::Status => None,
        };
        let id = &self.plant.settings().resource;
        let reading = |(name, kind): (&str, Kind)| {
            let rid = format!("{id}-{name}").into();
            Some(Reading { rid, kind, at, value: value(kind)?, quality: Quality::Good })
        };
        Ok(POINTS.into_iter().filter(|(_, kind)| self.has(*kind)).filter_map(reading).collect())
    }

    fn status(&mut self, at: Timestamp) -> Result<Vec<ResourceStatus>, Refusal> {
        let (levels, flows) = self.plant.read(at).ok_or_else(too_far_back)?;
        let sheddable_w = match self.manual_override {
            true => Decimal::ZERO,
            false => self.plant.sheddable_w(&levels, &flows),
        };
        Ok(vec![ResourceStatus {
            resource: self.plant.settings().resource.clone(),
            online: true,
            manual_override: self.manual_override,
            sheddable_w,
            power_w: flows.net_w(),
        }])
    }

    fn tenders(&mut self, at: Timestamp) -> Result<Vec<Tender>, Refusal> {
        let (levels, _) = self.plant.read(at).ok_or_else(too_far_back)?;
        Ok(self.tenders.standing(self.plant.settings(), self.plant.profile(), &levels, at))
    }

    fn traded(&mut self, trade: Trade, at: Timestamp) -> Result<(), Refusal> {
        let no = |reason, detail: &str| Err(Refusal::new(reason, detail));
        let Some(trading) = &self.plant.settings().trading else {
            return no(Reason::NotOffered, "this site does not trade");
        };
        let Some(side) = trade.side_of(&trading.party) else {
            return no(Reason::NotAllowed, "this site has no part in the trade");
        };
        let seconds = Decimal::from(trade.product.interval.duration.as_secs());
        let sound = trade.quantity_wh > Decimal::ZERO && trade.quantity_wh <= MOST_WH;
        if !sound || seconds.is_zero() {
            return no(Reason::Malformed, "the quantity or its interval is out of range");
        }
        let power_w = (trade.quantity_wh * J_PER_WH / seconds).round_dp(3);
        let power_w = if side == Side::Buy { power_w } else { -power_w };
        self.plant.commit(trade.id, trade.product.interval, power_w, at);
        Ok(())
    }
}

/// Whether a schedule's interval touches an event's; one of no length has an open end.
fn meets(schedule: &Interval, event: &Interval) -> bool {
    match event.duration.is_zero() {
        true => schedule.end() > event.start,
        false => schedule.overlaps(event),
    }
}

/// Energy for the wire: Wh to a thousandth, half to even.
fn wh(joules: Decimal) -> Decimal {
    (joules / J_PER_WH).round_dp(3).normalize()
}

fn too_far_back() -> Refusal {
    Refusal::new(Reason::TooLate, "before the start, or more than two days back")
}

/// Rule 510 wants the status of the resource; it is told by `status`, not by `measure`.
const POINTS: [(&str, Kind); 4] = [
    ("power", Kind::Power),
    ("energy", Kind::Energy),
    ("stored", Kind::Stored),
    ("status", Kind::Status),
];
const MOST_WH: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
