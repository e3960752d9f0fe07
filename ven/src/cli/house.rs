//! The site of the program: a simulator for each of its resources, all on the same meter data,
//! and what a laboratory does to it by hand: a meter that stands still or is unplugged, a
//! customer who is away, a tender.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use oadr_platform::market::{Tender, Trade};
use oadr_platform::opt::OptSchedule;
use oadr_platform::prosumer::site::{Profile, Settings, Simulator};
use oadr_platform::prosumer::{
    Decision, EventOffer, Instruction, NoProsumer, ResourceStatus, Site,
};
use oadr_platform::reading::Reading;
use oadr_platform::{Answer, OptId, Prosumer, Reason, Refusal, ResourceId, accept, refuse};
use serde::Deserialize;

/// A site of one or more resources.
pub struct House {
    parts: Vec<(ResourceId, Simulator)>,
    by_hand: Mutex<ByHand>,
}

struct ByHand {
    /// What the meter does, and since when; before the first it is live.
    meter: Vec<(Timestamp, Meter)>,
    tenders: Vec<Tender>,
}

/// What the meter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meter {
    /// It tells what flows.
    Live,
    /// It tells the same over and over.
    Still,
    /// It tells nothing.
    Unplugged,
}

impl House {
    /// A site whose registers are at zero at `since`: the resource of `settings`, and `also`
    /// others like it.
    ///
    /// # Errors
    /// [`Reason::Malformed`] if a setting is out of range or a resource is named twice.
    pub fn new(
        settings: &Settings,
        also: &[ResourceId],
        profile: &Profile,
        since: Timestamp,
    ) -> Result<Self, Refusal> {
        let mut parts: Vec<(ResourceId, Simulator)> = Vec::new();
        for resource in [&settings.resource].into_iter().chain(also) {
            if parts.iter().any(|(known, _)| known == resource) {
                let what = format!("the resource {resource} is named twice");
                return Err(Refusal::new(Reason::Malformed, what));
            }
            let settings = Settings { resource: resource.clone(), ..settings.clone() };
            parts.push((resource.clone(), Simulator::new(settings, profile.clone(), since)?));
        }
        let by_hand = ByHand { meter: Vec::new(), tenders: Vec::new() };
        Ok(Self { parts, by_hand: Mutex::new(by_hand) })
    }

    /// Whether it has this resource.
    pub fn has(&self, resource: &ResourceId) -> bool {
        self.parts.iter().any(|(id, _)| id == resource)
    }

    /// From `at` on the meter does this.
    pub fn set_meter(&self, meter: Meter, at: Timestamp) {
        self.by_hand().meter.push((at, meter));
    }

    /// Events that fall into the schedule are opted out of, or no longer; the VTN learns of it
    /// from whoever calls this.
    pub fn add_schedule(&self, schedule: &OptSchedule) {
        for part in self.of(&schedule.resources) {
            part.add_schedule(schedule.clone());
        }
    }

    /// The schedule is no more.
    pub fn remove_schedule(&self, id: &OptId) {
        self.parts.iter().for_each(|(_, part)| part.remove_schedule(id));
    }

    /// The site has this tender.
    pub fn add_tender(&self, tender: Tender) {
        self.by_hand().tenders.push(tender);
    }

    /// These resources; all, if none is named.
    fn of<'a>(&'a self, named: &'a [ResourceId]) -> impl Iterator<Item = &'a Simulator> {
        let parts = self.parts.iter();
        parts.filter(|(id, _)| named.is_empty() || named.contains(id)).map(|(_, part)| part)
    }

    fn by_hand(&self) -> MutexGuard<'_, ByHand> {
        // Nothing under the lock panics.
        self.by_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Prosumer for House {
    fn describe(&self) -> Answer<'_, Site> {
        Box::pin(async {
            let mut whole = Site::default();
            for (_, part) in &self.parts {
                let site = part.describe().await?;
                whole.resources.extend(site.resources);
                whole.points.extend(site.points);
            }
            Ok(whole)
        })
    }

    /// In if one of the resources that it is for is.
    fn decide<'a>(&'a self, offer: &'a EventOffer, at: Timestamp) -> Answer<'a, Decision> {
        Box::pin(async move {
            let mut no = None;
            for part in self.of(&offer.resources) {
                match part.decide(offer, at).await? {
                    Decision::OptIn => return Ok(Decision::OptIn),
                    out => no = no.or(Some(out)),
                }
            }
            match no {
                Some(out) => Ok(out),
                None => NoProsumer.decide(offer, at).await,
            }
        })
    }

    fn apply(&self, instruction: Instruction, at: Timestamp) -> Answer<'_, ()> {
        match self.parts.iter().find(|(id, _)| *id == instruction.resource) {
            Some((_, part)) => part.apply(instruction, at),
            None => refuse(Reason::Unknown, format!("no resource {}", instruction.resource)),
        }
    }

    fn measure(&self, at: Timestamp) -> Answer<'_, Vec<Reading>> {
        // A report may ask for what was, whatever the meter does by now.
        let then = self.by_hand().meter.iter().rev().find(|(since, _)| *since <= at).copied();
        let told = match then {
            Some((_, Meter::Unplugged)) => {
                return refuse(Reason::Unavailable, "the meter is unplugged");
            }
            Some((since, Meter::Still)) => since,
            Some((_, Meter::Live)) | None => at,
        };
        Box::pin(async move {
            let mut all = Vec::new();
            for (_, part) in &self.parts {
                all.extend(part.measure(told).await?.into_iter().map(|one| Reading { at, ..one }));
            }
            Ok(all)
        })
    }

    fn status(&self, at: Timestamp) -> Answer<'_, Vec<ResourceStatus>> {
        Box::pin(async move {
            let mut all = Vec::new();
            for (_, part) in &self.parts {
                all.extend(part.status(at).await?);
            }
            Ok(all)
        })
    }

    /// The first resource trades for the whole site.
    fn tenders(&self, at: Timestamp) -> Answer<'_, Vec<Tender>> {
        Box::pin(async move {
            let mut all = self.by_hand().tenders.clone();
            if let Some((_, part)) = self.parts.first() {
                all.extend(part.tenders(at).await?);
            }
            Ok(all)
        })
    }

    /// A tender by hand asks nothing of the simulators: the meter will tell what flowed.
    fn traded(&self, trade: Trade, at: Timestamp) -> Answer<'_, ()> {
        let own = |tender: &Tender| [&trade.buy_tender, &trade.sell_tender].contains(&&tender.id);
        if self.by_hand().tenders.iter().any(own) {
            return accept(());
        }
        match self.parts.first() {
            Some((_, part)) => part.traded(trade, at),
            None => accept(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use oadr_platform::opt::{Opt, OptReason};
    use oadr_platform::{Interval, prosumer};

    use super::*;

    fn t(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Two resources that draw what the hour's number says.
    fn house() -> House {
        let rows = (0..24).map(|hour| format!("2026-01-01T{hour:02}:00:00Z,{}\n", 100 + hour));
        let text = format!("timestamp_utc,wh\n{}", rows.collect::<String>());
        let settings: Settings = toml::from_str(
            "resource = \"a\"\n[flexible]\nshare = \"0.5\"\nrebound = \"0\"\nrebound_power_w = \"0\"",
        )
        .unwrap();
        let profile = Profile::parse(&text).unwrap();
        House::new(&settings, &["b".into()], &profile, t("2026-06-01T00:00:00Z")).unwrap()
    }

    async fn power(house: &House, at: &str) -> Result<Vec<(String, String)>, Refusal> {
        let read = house.measure(t(at)).await?;
        let of_power = read.iter().filter(|reading| reading.rid.as_str().ends_with("-power"));
        assert!(read.iter().all(|reading| reading.at == t(at)));
        Ok(of_power.map(|r| (r.rid.to_string(), r.value.to_string())).collect())
    }

    #[tokio::test]
    async fn a_meter_stands_still_or_tells_nothing_from_when_it_is_told_to() {
        let house = house();
        let watts = |w: &str| ["a-power", "b-power"].map(|rid| (rid.to_owned(), w.to_owned()));
        assert_eq!(power(&house, "2026-06-01T01:30:00Z").await.unwrap(), watts("101"));
        house.set_meter(Meter::Still, t("2026-06-01T01:30:00Z"));
        assert_eq!(power(&house, "2026-06-01T05:30:00Z").await.unwrap(), watts("101"));
        house.set_meter(Meter::Unplugged, t("2026-06-01T06:00:00Z"));
        let nothing = power(&house, "2026-06-01T06:00:00Z").await.unwrap_err();
        assert_eq!(nothing.reason, Reason::Unavailable);
        house.set_meter(Meter::Live, t("2026-06-01T07:00:00Z"));
        assert_eq!(power(&house, "2026-06-01T07:30:00Z").await.unwrap(), watts("107"));
        // What it did not tell then, it does not tell afterwards.
        assert!(power(&house, "2026-06-01T06:30:00Z").await.is_err());
        assert_eq!(power(&house, "2026-06-01T05:30:00Z").await.unwrap(), watts("101"));
    }

    #[tokio::test]
    async fn who_is_away_with_one_resource_takes_part_with_the_other() {
        let house = house();
        let interval = Interval::hour(t("2026-06-01T12:00:00Z"));
        let schedule = OptSchedule {
            id: "s".into(),
            opt: Opt::Out,
            reason: OptReason::NotParticipating,
            market_context: None,
            resources: vec!["a".into()],
            intervals: vec![interval],
        };
        house.add_schedule(&schedule);
        let offer = |resources: &[&str]| prosumer::EventOffer {
            event: "e".into(),
            modification: 0,
            market_context: "m".into(),
            priority: 0,
            test: false,
            interval,
            resources: resources.iter().map(|id| (*id).into()).collect(),
            signals: Vec::new(),
        };
        let is_in = async |resources: &[&str]| {
            let decided = house.decide(&offer(resources), interval.start).await.unwrap();
            matches!(decided, Decision::OptIn)
        };
        assert_eq!((is_in(&[]).await, is_in(&["b"]).await), (true, true));
        assert!(!is_in(&["a"]).await);
        assert!(!is_in(&["c"]).await, "nothing of it is here");
        house.remove_schedule(&"s".into());
        assert!(is_in(&["a"]).await);
    }

    #[test]
    fn a_resource_cannot_be_named_twice() {
        let settings: Settings = toml::from_str("resource = \"a\"").unwrap();
        let text = "timestamp_utc,wh\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,2\n";
        let profile = Profile::parse(text).unwrap();
        let also = ["b".into(), "a".into()];
        let twice = House::new(&settings, &also, &profile, t("2026-06-01T00:00:00Z"));
        assert_eq!(twice.err().unwrap().reason, Reason::Malformed);
    }
}
