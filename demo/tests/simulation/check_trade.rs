//! The checker's part for the market: tenders once each, trades within their limits, the same
//! on both sides, and nobody else's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use oadr_platform::market::{Side, Trade};
use oadr_ven::Status;
use oadr_vtn::Vtn;
use oadr_vtn::trade::record::{State, Tender};
use rust_decimal::Decimal;

use crate::check::{Complaint, Found};
use crate::world::{Member, World};

/// A member's tenders: those the site wants, each once at the VTN. Told apart by their price.
pub fn tenders(
    world: &World,
    vtn: &Vtn,
    (member, status): (&Member, &Status),
    now: Timestamp,
    found: &mut Found,
) {
    let (ven, entries) = (member.ven, world.journal.entries());
    let mut kept: BTreeMap<Decimal, Vec<Tender>> = BTreeMap::new();
    for tender in all(vtn).into_iter().filter(|tender| tender.offer.party.as_str() == ven) {
        kept.entry(tender.offer.price_per_kwh.normalize()).or_default().push(tender);
    }
    for wanted in member.site.wanted_tenders(now) {
        let id = wanted.id.to_string();
        let taken = entries.tenders.contains(&(ven.to_owned(), id.clone()));
        match kept.remove(&wanted.price_per_kwh.normalize()).as_deref() {
            None if taken => found.push(Complaint::Lost(format!("tender {id}"))),
            None => found.push(Complaint::Unfinished(format!("tender {id} is not sent"))),
            Some([tender]) => {
                let offer = &tender.offer;
                let same = (offer.side, offer.quantity_wh, offer.integral_only, &offer.product)
                    == (wanted.side, wanted.quantity_wh, wanted.integral_only, &wanted.product);
                if !same || matches!(tender.state, State::Logged | State::Refused(_)) {
                    found.push(Complaint::Disagree(format!("tender {wanted:?} is {tender:?}")));
                }
            }
            Some(several) => {
                let words = format!("tender {id}, {} times", several.len());
                found.push(Complaint::Twice(words));
            }
        }
        let view = status.tenders.iter().find(|view| view.id == id);
        if view.is_none_or(|view| view.state != "standing") {
            found.push(Complaint::Unfinished(format!("tender {id} at its VEN: {view:?}")));
        }
    }
    for tender in kept.into_values().flatten() {
        found.push(Complaint::Foreign(format!("{ven}'s tender {}", tender.offer.id)));
    }
}

/// A member's trades: those the VTN made for it, and no others.
pub fn trades(vtn: &Vtn, member: &Member, status: &Status, found: &mut Found) {
    let (ven, notes) = (member.ven, member.site.notes());
    found.extend(notes.contradictions.iter().cloned().map(Complaint::Disagree));
    let party = ven.into();
    let made: BTreeMap<_, _> = made(vtn)
        .into_iter()
        .filter_map(|trade| Some((trade.id.to_string(), (trade.side_of(&party)?, trade))))
        .collect();
    for (id, told) in &notes.trades {
        let Some((side, trade)) = made.get(id) else {
            found.push(Complaint::Foreign(format!("{ven} was told of trade {id}")));
            continue;
        };
        let terms =
            |trade: &Trade| (trade.quantity_wh.normalize(), trade.price_per_kwh.normalize());
        let own = |trade: &Trade| match side {
            Side::Buy => trade.buy_tender.clone(),
            Side::Sell => trade.sell_tender.clone(),
        };
        if told.side_of(&party) != Some(*side) || terms(told) != terms(trade) {
            found.push(Complaint::Disagree(format!("{ven} takes trade {trade:?} for {told:?}")));
        }
        if own(told) != own(trade) || told.product.interval != trade.product.interval {
            found.push(Complaint::Disagree(format!("{ven} takes {trade:?} for {told:?}")));
        }
    }
    let known: BTreeSet<_> = status.trades.iter().map(|view| &view.id).collect();
    if known.len() != status.trades.len() {
        found.push(Complaint::Twice(format!("a trade at {ven}: {:?}", status.trades)));
    }
    for id in made.keys() {
        if !known.contains(id) || !notes.trades.contains_key(id) {
            found.push(Complaint::Unfinished(format!("{ven} has not heard of trade {id}")));
        }
    }
}

/// The market as a whole: each trade between two tenders that allow it, none twice, no tender
/// used up more than once; and what sites bought is what sites sold.
pub fn market(world: &World, vtn: &Vtn, found: &mut Found) {
    let mut left: BTreeMap<_, _> = all(vtn)
        .into_iter()
        .map(|tender| (tender.reference(), (tender.traded_wh(), tender.offer)))
        .collect();
    let mut ids = BTreeSet::new();
    for trade in made(vtn) {
        if !ids.insert(trade.id.clone()) {
            found.push(Complaint::Twice(format!("trade {}", trade.id)));
        }
        let sides = [
            (&trade.buyer, &trade.buy_tender, Side::Buy),
            (&trade.seller, &trade.sell_tender, Side::Sell),
        ];
        for (party, tender, side) in sides {
            let key = left.keys().find(|k| k.party == *party && k.tender == *tender).cloned();
            let Some((traded, offer)) = key.and_then(|key| left.get_mut(&key)) else {
                found.push(Complaint::Foreign(format!("trade {trade:?} without a tender")));
                continue;
            };
            *traded -= trade.quantity_wh;
            let within = match side {
                Side::Buy => trade.price_per_kwh <= offer.price_per_kwh,
                Side::Sell => trade.price_per_kwh >= offer.price_per_kwh,
            };
            if !within || offer.side != side || offer.product != trade.product {
                found.push(Complaint::Disagree(format!("trade {trade:?} of {offer:?}")));
            }
        }
        if trade.buyer == trade.seller {
            found.push(Complaint::Disagree(format!("{} trades with itself", trade.buyer)));
        }
    }
    for (tender, (difference, _)) in left.iter().filter(|(_, (left, _))| !left.is_zero()) {
        found.push(Complaint::Disagree(format!("tender {tender} is {difference} Wh off")));
    }
    let (mut bought, mut sold) = (Decimal::ZERO, Decimal::ZERO);
    for member in &world.members {
        for trade in member.site.notes().trades.values() {
            match trade.side_of(&member.ven.into()) {
                Some(Side::Buy) => bought += trade.quantity_wh,
                Some(Side::Sell) => sold += trade.quantity_wh,
                None => {}
            }
        }
    }
    if bought != sold {
        found.push(Complaint::Disagree(format!("{bought} Wh bought, {sold} Wh sold")));
    }
}

fn all(vtn: &Vtn) -> Vec<Tender> {
    vtn.tenders(None, usize::MAX).unwrap()
}

fn made(vtn: &Vtn) -> Vec<Trade> {
    let made = vtn.transactions(None, usize::MAX).unwrap();
    made.into_iter().map(|(_, transaction)| transaction.trade).collect()
}
