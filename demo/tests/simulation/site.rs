//! A site that follows a script: all it says is a function of its number and of time, so that
//! the checker can say it again.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_platform::market::{Product, Side, Tender, Trade};
use oadr_platform::opt::{Opt, OptReason, OptSchedule};
use oadr_platform::prosumer::{Decision, EventOffer, Instruction, Resource, ResourceStatus, Site};
use oadr_platform::reading::{DataPoint, Kind, Quality, Reading};
use oadr_platform::{Answer, Interval, Prosumer, ResourceId, accept};
use rust_decimal::Decimal;

use crate::edges::SimClock;

/// One site; it lives on when its VEN crashes.
pub struct Scripted {
    pub ven: String,
    index: u32,
    /// From then on nothing new is wanted, UTC.
    rests_at: Timestamp,
    notes: Mutex<Notes>,
}

/// What it was told.
#[derive(Default)]
pub struct Notes {
    pub trades: BTreeMap<String, Trade>,
    /// Trades told again with other content.
    pub contradictions: Vec<String>,
    /// The instruction in force.
    pub told: Option<Instruction>,
}

impl Scripted {
    pub fn new(ven: &str, index: u32, rests_at: Timestamp) -> Self {
        Self { ven: ven.to_owned(), index, rests_at, notes: Mutex::default() }
    }

    pub fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap()
    }

    /// What it says to a version of an event.
    pub fn opinion(ven: &str, event: &str, modification: u32) -> Opt {
        let sum: u32 = ven.bytes().chain(event.bytes()).map(u32::from).sum();
        if (sum + modification).is_multiple_of(3) { Opt::Out } else { Opt::In }
    }

    /// What a data point reads: grows with time, and no two points read the same. Exact as a
    /// float of the wire for half an hour.
    pub fn reading(rid: &str, at: Timestamp) -> Decimal {
        let place: i64 = rid.bytes().map(i64::from).sum::<i64>() % 8;
        Decimal::from(at.duration_since(SimClock::dawn()).as_millis() as i64 * 8 + place)
    }

    /// The tenders it wants to stand at `at`; no two have the same price.
    pub fn wanted_tenders(&self, at: Timestamp) -> Vec<Tender> {
        let mut tenders = Vec::new();
        for number in 0.. {
            let since = SimClock::dawn() + TENDERS_AFTER + TENDER_EVERY * number;
            if since > at.min(self.rests_at) {
                break;
            }
            tenders.push(self.tender(number));
        }
        tenders
    }

    fn tender(&self, number: i32) -> Tender {
        let serial = Decimal::new(i64::from(self.index) * 1000 + i64::from(number), 6);
        let (side, limit) = match (number + self.index as i32) % 2 {
            0 => (Side::Buy, Decimal::new(30, 2)),
            _ => (Side::Sell, Decimal::new(20, 2)),
        };
        let start = SimClock::dawn() + SignedDuration::from_hours(12 + i64::from(number % 2));
        Tender {
            id: format!("{}-{number}", self.ven).into(),
            party: self.ven.as_str().into(),
            counter_party: None,
            side,
            product: Product {
                market_context: "http://market.example/".into(),
                class: "energy".into(),
                currency: "EUR".into(),
                interval: Interval::hour(start),
            },
            quantity_wh: Decimal::from(1000 + 300 * (number % 4)),
            price_per_kwh: limit + serial,
            integral_only: number % 5 == 4,
            expires_at: start - SignedDuration::from_hours(1),
        }
    }

    /// The schedules it has at `at`: one after the other, since a newer one for the same takes the
    /// place of an older (rule 203); each stands for a while, then is taken back.
    pub fn wanted_schedules(&self, at: Timestamp) -> Vec<OptSchedule> {
        let passed = at.min(self.rests_at).duration_since(SimClock::dawn()).as_secs();
        let stands = |number: &i64| (10 + 30 * number..35 + 30 * number).contains(&passed);
        (0..20).filter(stands).map(|number| self.schedule(number)).collect()
    }

    fn schedule(&self, number: i64) -> OptSchedule {
        let start = SimClock::dawn() + SignedDuration::from_hours(24 + 2 * number);
        OptSchedule {
            id: format!("{}-away-{number}", self.ven).into(),
            opt: Opt::Out,
            reason: OptReason::Economic,
            market_context: None,
            resources: Vec::new(),
            intervals: vec![Interval::hour(start)],
        }
    }

    fn resource(&self) -> ResourceId {
        format!("{}-site", self.ven).as_str().into()
    }
}

impl Prosumer for Scripted {
    fn describe(&self) -> Answer<'_, Site> {
        let resource = Resource { id: self.resource(), description: "a site".to_owned() };
        let point = |(name, kind)| DataPoint {
            rid: format!("{}-{name}", self.ven).into(),
            resource: self.resource(),
            kind,
            sample_at_least_every: Duration::from_secs(1),
            sample_at_most_every: Duration::from_secs(60),
        };
        let points = [("energy", Kind::Energy), ("power", Kind::Power), ("status", Kind::Status)];
        let points = points.into_iter().map(point).collect();
        accept(Site { resources: vec![resource], points })
    }

    fn decide<'a>(&'a self, offer: &'a EventOffer, _: Timestamp) -> Answer<'a, Decision> {
        accept(match Self::opinion(&self.ven, offer.event.as_str(), offer.modification) {
            Opt::In => Decision::OptIn,
            Opt::Out => {
                Decision::OptOut { reason: OptReason::Economic, detail: "too dear".to_owned() }
            }
        })
    }

    fn apply(&self, instruction: Instruction, _: Timestamp) -> Answer<'_, ()> {
        self.notes().told = Some(instruction);
        accept(())
    }

    fn measure(&self, at: Timestamp) -> Answer<'_, Vec<Reading>> {
        let reading = |(name, kind)| {
            let rid = format!("{}-{name}", self.ven);
            let value = Self::reading(&rid, at);
            Reading { rid: rid.into(), kind, at, value, quality: Quality::Good }
        };
        let points = [("energy", Kind::Energy), ("power", Kind::Power)];
        accept(points.into_iter().map(reading).collect())
    }

    fn status(&self, _: Timestamp) -> Answer<'_, Vec<ResourceStatus>> {
        accept(vec![ResourceStatus {
            resource: self.resource(),
            online: true,
            manual_override: false,
            sheddable_w: Decimal::from(500),
            power_w: Decimal::from(700),
        }])
    }

    fn tenders(&self, at: Timestamp) -> Answer<'_, Vec<Tender>> {
        accept(self.wanted_tenders(at))
    }

    fn traded(&self, trade: Trade, _: Timestamp) -> Answer<'_, ()> {
        let mut notes = self.notes();
        let known = notes.trades.entry(trade.id.to_string()).or_insert_with(|| trade.clone());
        if *known != trade {
            let words = format!("{} was told trade {} in two forms", self.ven, trade.id);
            notes.contradictions.push(words);
        }
        accept(())
    }

    fn availability(&self, at: Timestamp) -> Answer<'_, Vec<OptSchedule>> {
        accept(self.wanted_schedules(at))
    }
}

const TENDERS_AFTER: SignedDuration = SignedDuration::from_secs(10);
const TENDER_EVERY: SignedDuration = SignedDuration::from_secs(15);
