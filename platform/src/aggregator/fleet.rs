//! The reference aggregator: what each VEN draws, has opted and could shed. Y.2072 8.2.2.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Aggregator, Notice, Share};
use crate::{
    Answer, EventId, Interval, MarketContext, OptId, PartyId, Reason, Refusal, Rid, answer,
    opt::{Opt, OptSchedule},
    reading::{Kind, Quality, Reading},
};

/// An aggregator that knows its VENs by what they answer and report.
///
/// What a VEN can shed is a fixed share of what it last drew. It counts as nothing when
/// the VEN is not registered, has opted out of the time, takes part in another event
/// then, or has not reported for an hour. The same notice again changes nothing.
#[derive(Debug)]
pub struct Fleet {
    share: Decimal,
    members: Mutex<BTreeMap<PartyId, Member>>,
}

/// What is known of one VEN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Its latest answers to events, with the version answered and when that is active.
    pub answers: BTreeMap<EventId, (u32, Opt, Interval)>,
    /// Its opt schedules.
    pub schedules: BTreeMap<OptId, OptSchedule>,
    /// The latest good power reading of each of its data points, W.
    pub power_w: BTreeMap<Rid, (Timestamp, Decimal)>,
}

impl Fleet {
    /// Of every VEN, `share` (0 to 1) of what it draws can be shed.
    ///
    /// # Errors
    /// [`Reason::Malformed`] if `share` is not a part.
    pub fn shedding(share: Decimal) -> Result<Self, Refusal> {
        if share < Decimal::ZERO || share > Decimal::ONE {
            return Err(Refusal::new(Reason::Malformed, "the share is not from 0 to 1"));
        }
        Ok(Self { share, members: Mutex::default() })
    }

    /// What is known of a registered VEN.
    pub fn member(&self, party: &PartyId) -> Option<Member> {
        self.members().get(party).cloned()
    }

    /// What all VENs together can shed over `interval` in a programme, W, as far as is
    /// known at `at`.
    pub fn sheddable_w(
        &self,
        programme: &MarketContext,
        interval: Interval,
        at: Timestamp,
    ) -> Decimal {
        self.shares(programme, interval, at).iter().map(|share| share.power_w).sum()
    }

    /// What each VEN can shed, most first, then by name.
    fn shares(&self, programme: &MarketContext, interval: Interval, at: Timestamp) -> Vec<Share> {
        let members = self.members();
        let share = |(party, member): (&PartyId, &Member)| {
            let drawn_w = member.drawn_w(at)?;
            let power_w =
                (drawn_w * self.share).round_dp_with_strategy(0, RoundingStrategy::ToZero);
            let free = member.is_free(programme, interval) && power_w > Decimal::ZERO;
            free.then(|| Share { party: party.clone(), power_w })
        };
        let mut shares: Vec<_> = members.iter().filter_map(share).collect();
        shares.sort_by(|a, b| b.power_w.cmp(&a.power_w).then_with(|| a.party.cmp(&b.party)));
        shares
    }

    fn take(&self, notice: Notice) -> Result<(), Refusal> {
        let mut members = self.members();
        match notice {
            Notice::Registered { party } => {
                members.entry(party).or_default();
            }
            Notice::Unregistered { party } => {
                members.remove(&party);
            }
            Notice::Answered { party, event, modification, opt, interval } => {
                known(&mut members, &party)?.answer(event, modification, opt, interval);
            }
            Notice::Opted { party, schedule } => {
                known(&mut members, &party)?.schedules.insert(schedule.id.clone(), schedule);
            }
            Notice::OptCancelled { party, opt } => {
                known(&mut members, &party)?.schedules.remove(&opt);
            }
            Notice::Reported { party, readings } => known(&mut members, &party)?.read(readings),
        }
        Ok(())
    }

    fn members(&self) -> MutexGuard<'_, BTreeMap<PartyId, Member>> {
        // Nothing under the lock panics; if it did, each member is still whole.
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Aggregator for Fleet {
    fn told<'a>(&'a self, notice: Notice, _: Timestamp) -> Answer<'a, ()> {
        answer(self.take(notice))
    }

    /// The VENs that can shed most come first, so that few are called; the last one is
    /// asked for what is missing only.
    fn targets<'a>(
        &'a self,
        programme: &'a MarketContext,
        interval: Interval,
        wanted_w: Decimal,
        at: Timestamp,
    ) -> Answer<'a, Option<Vec<Share>>> {
        let mut missing_w = wanted_w;
        let mut called = Vec::new();
        for share in self.shares(programme, interval, at) {
            if missing_w <= Decimal::ZERO {
                break;
            }
            let power_w = share.power_w.min(missing_w);
            missing_w -= power_w;
            called.push(Share { power_w, ..share });
        }
        answer(Ok(Some(called)))
    }
}

impl Member {
    /// An answer to an older version does not undo one to a newer.
    fn answer(&mut self, event: EventId, modification: u32, opt: Opt, interval: Interval) {
        let newest = self.answers.get(&event).map_or(0, |(newest, ..)| *newest);
        if modification >= newest {
            self.answers.insert(event, (modification, opt, interval));
        }
    }

    /// Late readings do not hide later ones.
    fn read(&mut self, readings: Vec<Reading>) {
        let told = |r: &Reading| r.kind == Kind::Power && r.quality != Quality::Bad;
        for reading in readings.into_iter().filter(told) {
            let latest = self.power_w.entry(reading.rid).or_insert((reading.at, reading.value));
            if reading.at >= latest.0 {
                *latest = (reading.at, reading.value);
            }
        }
    }

    /// What the VEN drew lately, W: the largest of its data points, since a site draws
    /// no less than its parts; nothing if it has not reported in the hour before `at`.
    fn drawn_w(&self, at: Timestamp) -> Option<Decimal> {
        let fresh = |time: &Timestamp| at.duration_since(*time) <= FRESH_FOR;
        self.power_w.values().filter(|(time, _)| fresh(time)).map(|(_, value)| *value).max()
    }

    /// Whether it can be called over `interval`.
    fn is_free(&self, programme: &MarketContext, interval: Interval) -> bool {
        let taken = self.answers.values().any(|(_, opt, active)| {
            *opt == Opt::In && (active.overlaps(&interval) || is_open_before(active, &interval))
        });
        let out = self.schedules.values().any(|schedule| {
            schedule.opt == Opt::Out
                && schedule.market_context.as_ref().is_none_or(|m| m == programme)
                && schedule.intervals.iter().any(|i| i.overlaps(&interval))
        });
        !taken && !out
    }
}

fn known<'a>(
    members: &'a mut BTreeMap<PartyId, Member>,
    party: &PartyId,
) -> Result<&'a mut Member, Refusal> {
    let unknown = || Refusal::new(Reason::Unknown, format!("{party} is not registered"));
    members.get_mut(party).ok_or_else(unknown)
}

/// An event of no length has an open end.
fn is_open_before(active: &Interval, interval: &Interval) -> bool {
    active.duration.is_zero() && active.start < interval.end()
}

const FRESH_FOR: SignedDuration = SignedDuration::from_hours(1);
