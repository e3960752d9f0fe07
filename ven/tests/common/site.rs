//! A site that does what the script says and writes down what it is told.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use oadr_platform::market::{Tender, Trade};
use oadr_platform::opt::{OptReason, OptSchedule};
use oadr_platform::prosumer::{
    Decision, EventOffer, Instruction, Resource, ResourceStatus, Site as Description,
};
use oadr_platform::reading::{DataPoint, Kind, Quality, Reading};
use oadr_platform::{Answer, Prosumer, Reason, accept, refuse};
use rust_decimal::Decimal;

pub struct Site {
    pub description: Description,
    script: Mutex<Script>,
}

pub struct Script {
    pub opt_in: bool,
    /// It cannot say.
    pub mute: bool,
    /// The meter cannot be read.
    pub unplugged: bool,
    pub asked: Vec<EventOffer>,
    pub told: Vec<(Timestamp, Instruction)>,
    pub tenders: Vec<Tender>,
    pub trades: Vec<Trade>,
    pub schedules: Vec<OptSchedule>,
}

impl Default for Site {
    /// Two resources; the first has a meter for power and energy, both tell their status.
    fn default() -> Self {
        let resource = |id: &str| Resource { id: id.into(), description: id.to_owned() };
        let point = |rid: &str, resource: &str, kind| DataPoint {
            rid: rid.into(),
            resource: resource.into(),
            kind,
            sample_at_least_every: Duration::from_secs(1),
            sample_at_most_every: Duration::from_secs(60),
        };
        let description = Description {
            resources: vec![resource("battery"), resource("heater")],
            points: vec![
                point("power", "battery", Kind::Power),
                point("energy", "battery", Kind::Energy),
                point("stored", "battery", Kind::Stored),
                point("battery-status", "battery", Kind::Status),
                point("heater-status", "heater", Kind::Status),
            ],
        };
        Self::of(description)
    }
}

impl Site {
    pub fn of(description: Description) -> Self {
        let script = Script {
            opt_in: true,
            mute: false,
            unplugged: false,
            asked: Vec::new(),
            told: Vec::new(),
            tenders: Vec::new(),
            trades: Vec::new(),
            schedules: Vec::new(),
        };
        Self { description, script: Mutex::new(script) }
    }

    pub fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// What one resource was told, as (when, levels or watts of all signals).
    pub fn told(&self, resource: &str) -> Vec<(Timestamp, Vec<String>)> {
        let script = self.script();
        let of = script.told.iter().filter(|(_, told)| told.resource.as_str() == resource);
        let words = |told: &Instruction| {
            told.active.iter().map(|active| format!("{:?}", active.signal)).collect()
        };
        of.map(|(at, told)| (*at, words(told))).collect()
    }
}

impl Prosumer for Site {
    fn describe(&self) -> Answer<'_, Description> {
        accept(self.description.clone())
    }

    fn decide<'a>(&'a self, offer: &'a EventOffer, _: Timestamp) -> Answer<'a, Decision> {
        let mut script = self.script();
        script.asked.push(offer.clone());
        match (script.mute, script.opt_in) {
            (true, _) => refuse(Reason::Unavailable, "nobody is at home"),
            (_, true) => accept(Decision::OptIn),
            (_, false) => accept(Decision::OptOut {
                reason: OptReason::Economic,
                detail: "too dear".to_owned(),
            }),
        }
    }

    fn apply(&self, instruction: Instruction, at: Timestamp) -> Answer<'_, ()> {
        self.script().told.push((at, instruction));
        accept(())
    }

    fn measure(&self, at: Timestamp) -> Answer<'_, Vec<Reading>> {
        if self.script().unplugged {
            return refuse(Reason::Unavailable, "unplugged");
        }
        // The register counts the seconds of the day.
        let value = Decimal::from(at.as_second().rem_euclid(86_400));
        let points = [("power", Kind::Power), ("energy", Kind::Energy)];
        let quality = Quality::Good;
        let reading =
            |(rid, kind): (&str, Kind)| Reading { rid: rid.into(), kind, at, value, quality };
        accept(points.into_iter().map(reading).collect())
    }

    fn status(&self, _: Timestamp) -> Answer<'_, Vec<ResourceStatus>> {
        let status = |id: &str| ResourceStatus {
            resource: id.into(),
            online: true,
            manual_override: id == "heater",
            sheddable_w: Decimal::from(500),
            power_w: Decimal::from(700),
        };
        accept(vec![status("battery"), status("heater")])
    }

    fn tenders(&self, _: Timestamp) -> Answer<'_, Vec<Tender>> {
        accept(self.script().tenders.clone())
    }

    fn traded(&self, trade: Trade, _: Timestamp) -> Answer<'_, ()> {
        self.script().trades.push(trade);
        accept(())
    }

    fn availability(&self, _: Timestamp) -> Answer<'_, Vec<OptSchedule>> {
        accept(self.script().schedules.clone())
    }
}
