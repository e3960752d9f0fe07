//! The matcher's state: which tenders stand, in which order, and what became of others.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{Outcome, Product, Side, Tender, TenderRef, Trade, price::midpoint};
use crate::{Reason, Refusal, TradeId};

/// Every tender not yet forgotten, and the order of those that stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Book {
    latest: Option<Timestamp>,
    arrivals: u64,
    entries: BTreeMap<TenderRef, Entry>,
    /// Per product and side, best first.
    standing: BTreeMap<(Product, Side), BTreeMap<Rank, TenderRef>>,
    /// When a standing tender stops by itself.
    stops: BTreeSet<(Timestamp, TenderRef)>,
    /// When a tender may be forgotten: its gate has long been closed by then, so the
    /// same id could not match again.
    forgets: BTreeSet<(Timestamp, TenderRef)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    tender: Tender,
    remaining_wh: Decimal,
    arrival: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Standing,
    Matched,
    Expired,
    Cancelled,
}

/// Price, the better the smaller; then arrival.
type Rank = (Decimal, u64);

impl Book {
    /// The latest time it was told; time does not go back behind it.
    pub(super) fn latest(&self) -> Timestamp {
        self.latest.unwrap_or(Timestamp::MIN)
    }

    /// When the next standing tender stops by itself.
    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        self.stops.first().map(|(at, _)| *at)
    }

    /// Whether this very tender has been entered before.
    pub(super) fn knows(&self, tender: &Tender) -> Result<bool, Refusal> {
        match self.entries.get(&tender.reference()) {
            None => Ok(false),
            Some(entry) if entry.tender == *tender => Ok(true),
            Some(_) => {
                let detail = format!("tender {} came before with other content", tender.id);
                Err(Refusal::new(Reason::Conflict, detail))
            }
        }
    }

    /// Whether the tender could be cancelled at `at`, or has been already.
    pub(super) fn cancellable(&self, which: &TenderRef, at: Timestamp) -> Result<(), Refusal> {
        let no = |reason, what| Err(Refusal::new(reason, format!("tender {}{what}", which.tender)));
        match self.entries.get(which) {
            None => no(Reason::Unknown, " is not known"),
            Some(Entry { state: State::Cancelled, .. }) => Ok(()),
            Some(Entry { state: State::Matched, .. }) => no(Reason::TooLate, " has been matched"),
            Some(entry) if entry.state == State::Expired || entry.tender.stops_at() <= at => {
                no(Reason::TooLate, " has expired")
            }
            Some(_) => Ok(()),
        }
    }

    /// Lets time pass to `at`: takes out what has expired, forgets what is long over.
    pub(super) fn pass_time(&mut self, at: Timestamp) -> Vec<Outcome> {
        self.latest = Some(at);
        let mut outcomes = Vec::new();
        while let Some((_, which)) = self.stops.first().filter(|(stops, _)| *stops <= at).cloned() {
            if let Some(remaining_wh) = self.take_out(&which, State::Expired) {
                outcomes.push(Outcome::Expired { tender: which, remaining_wh });
            }
        }
        while self.forgets.first().is_some_and(|(forgets, _)| *forgets <= at) {
            if let Some((_, which)) = self.forgets.pop_first() {
                self.entries.remove(&which);
            }
        }
        outcomes
    }

    /// Takes a standing tender back; nothing if it was taken back before.
    pub(super) fn cancel(&mut self, which: &TenderRef) -> Option<Outcome> {
        let remaining_wh = self.take_out(which, State::Cancelled)?;
        Some(Outcome::Cancelled { tender: which.clone(), remaining_wh })
    }

    /// Matches a new tender with those standing, and lets the rest of it stand.
    pub(super) fn enter(&mut self, tender: Tender, at: Timestamp, outcomes: &mut Vec<Outcome>) {
        let which = tender.reference();
        let arrival = self.arrivals;
        self.arrivals += 1;
        let partners = self.partners(&tender);
        let mut remaining_wh = tender.quantity_wh;
        for (partner, quantity_wh) in partners {
            let Some(entry) = self.entries.get_mut(&partner) else { continue };
            entry.remaining_wh -= quantity_wh;
            remaining_wh -= quantity_wh;
            outcomes.push(Outcome::Matched(trade(&tender, &entry.tender, quantity_wh, at)));
            if entry.remaining_wh.is_zero() {
                self.take_out(&partner, State::Matched);
            }
        }
        let forgets = tender.product.interval.end().checked_add(REMEMBERED_FOR);
        self.forgets.insert((forgets.unwrap_or(Timestamp::MAX), which.clone()));
        let mut state = State::Matched;
        if !remaining_wh.is_zero() {
            state = State::Standing;
            let side = (tender.product.clone(), tender.side);
            self.standing.entry(side).or_default().insert(rank(&tender, arrival), which.clone());
            self.stops.insert((tender.stops_at(), which.clone()));
            outcomes.push(Outcome::Rested { tender: which.clone(), remaining_wh });
        }
        self.entries.insert(which, Entry { tender, remaining_wh, arrival, state });
    }

    /// With whom a new tender trades, and how much, best partner first.
    fn partners(&self, tender: &Tender) -> Vec<(TenderRef, Decimal)> {
        let mut found = Vec::new();
        let mut wanted = tender.quantity_wh;
        let other = (tender.product.clone(), tender.side.opposite());
        for which in self.standing.get(&other).into_iter().flat_map(BTreeMap::values) {
            let Some(entry) = self.entries.get(which) else { continue };
            if wanted.is_zero() || !crosses(tender, &entry.tender) {
                break;
            }
            let quantity = wanted.min(entry.remaining_wh);
            let whole = !(tender.integral_only && quantity < wanted
                || entry.tender.integral_only && quantity < entry.remaining_wh);
            if whole && may_meet(tender, &entry.tender) {
                found.push((which.clone(), quantity));
                wanted -= quantity;
            }
        }
        found
    }

    /// Ends a standing tender as `state`, and tells what was left of it.
    fn take_out(&mut self, which: &TenderRef, state: State) -> Option<Decimal> {
        let entry = self.entries.get_mut(which).filter(|entry| entry.state == State::Standing)?;
        entry.state = state;
        self.stops.remove(&(entry.tender.stops_at(), which.clone()));
        let side = (entry.tender.product.clone(), entry.tender.side);
        if let Some(ranks) = self.standing.get_mut(&side) {
            ranks.remove(&rank(&entry.tender, entry.arrival));
            if ranks.is_empty() {
                self.standing.remove(&side);
            }
        }
        Some(entry.remaining_wh)
    }
}

impl Tender {
    /// The instant from which it cannot match: its expiry or its gate.
    pub fn stops_at(&self) -> Timestamp {
        self.expires_at.min(self.product.interval.start)
    }
}

fn rank(tender: &Tender, arrival: u64) -> Rank {
    match tender.side {
        Side::Buy => (-tender.price_per_kwh, arrival),
        Side::Sell => (tender.price_per_kwh, arrival),
    }
}

/// Whether the buyer's limit reaches the seller's.
fn crosses(one: &Tender, other: &Tender) -> bool {
    let (buy, sell) = sides(one, other);
    buy.price_per_kwh >= sell.price_per_kwh
}

/// Whether the two parties may trade with each other.
fn may_meet(one: &Tender, other: &Tender) -> bool {
    let open_to = |a: &Tender, b: &Tender| a.counter_party.as_ref().is_none_or(|p| *p == b.party);
    one.party != other.party && open_to(one, other) && open_to(other, one)
}

fn sides<'a>(one: &'a Tender, other: &'a Tender) -> (&'a Tender, &'a Tender) {
    match one.side {
        Side::Buy => (one, other),
        Side::Sell => (other, one),
    }
}

fn trade(one: &Tender, other: &Tender, quantity_wh: Decimal, at: Timestamp) -> Trade {
    let (buy, sell) = sides(one, other);
    Trade {
        id: trade_id(buy, sell),
        product: one.product.clone(),
        quantity_wh,
        price_per_kwh: midpoint(buy.price_per_kwh, sell.price_per_kwh),
        buyer: buy.party.clone(),
        seller: sell.party.clone(),
        buy_tender: buy.id.clone(),
        sell_tender: sell.id.clone(),
        at,
    }
}

/// Two tenders trade at most once, so their names name the trade. The marks between
/// them are escaped inside them: no two pairs share a name.
fn trade_id(buy: &Tender, sell: &Tender) -> TradeId {
    let plain = |text: &str| text.replace('%', "%25").replace('/', "%2F").replace('~', "%7E");
    let name =
        |tender: &Tender| format!("{}/{}", plain(tender.party.as_str()), plain(tender.id.as_str()));
    format!("{}~{}", name(buy), name(sell)).into()
}

/// How long after delivery a tender's id still means that tender.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
