//! The reference matcher, whatever it is told: conservation, limits, replay, an oracle.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::collections::BTreeMap;

use common::{at, noon, now};
use jiff::Timestamp;
use oadr_platform::{
    Interval, Market, Refusal,
    market::{Command, Matcher, Outcome, Product, Side, Tender, TenderRef, Trade},
};
use proptest::{collection::vec, prelude::*};
use rust_decimal::Decimal;

/// A log as the VTN keeps it. Ids and parties are few, so that they collide.
fn logs(length: usize) -> impl Strategy<Value = Vec<(Command, Timestamp)>> {
    vec((commands(), 0_i64..8), 0..length).prop_map(|steps| {
        let mut seconds = 0;
        let pace = |(command, pause)| {
            seconds += pause;
            (command, at(seconds))
        };
        steps.into_iter().map(pace).collect()
    })
}

fn commands() -> impl Strategy<Value = Command> {
    prop_oneof![
        8 => tenders().prop_map(Command::Tender),
        2 => tenders().prop_map(|t| Command::Cancel(t.reference())),
        1 => Just(Command::Expire),
    ]
}

fn tenders() -> impl Strategy<Value = Tender> {
    let who = (0..4_u8, 0..12_u8, prop::option::weighted(0.2, 0..4_u8));
    let what = (any::<bool>(), 0..2_u8, 1..6_i64, -3..6_i64);
    (who, what, prop::bool::weighted(0.25), 1..60_i64).prop_map(
        |((party, id, to), (buys, hour, wh, price), integral_only, expiry)| Tender {
            id: format!("t{id}").into(),
            party: format!("ven-{party}").into(),
            counter_party: to.map(|to| format!("ven-{to}").into()),
            side: if buys { Side::Buy } else { Side::Sell },
            product: product(hour),
            quantity_wh: wh.into(),
            price_per_kwh: Decimal::new(price, 6),
            integral_only,
            expires_at: at(expiry),
        },
    )
}

/// One of two products; the gate of the first closes while the log runs.
fn product(hour: u8) -> Product {
    let start = if hour == 0 { at(30) } else { at(3600) };
    Product { interval: Interval::hour(start), ..noon() }
}

fn run(log: &[(Command, Timestamp)]) -> Vec<Result<Vec<Outcome>, Refusal>> {
    let market = Matcher::default();
    log.iter().map(|(command, at)| now(market.apply(command.clone(), *at))).collect()
}

fn trades(results: &[Result<Vec<Outcome>, Refusal>]) -> Vec<Trade> {
    let outcomes = results.iter().flatten().flatten();
    let trade = |o: &Outcome| if let Outcome::Matched(t) = o { Some(t.clone()) } else { None };
    outcomes.filter_map(trade).collect()
}

/// The tenders that were taken, each under its name.
fn taken(
    log: &[(Command, Timestamp)],
    results: &[Result<Vec<Outcome>, Refusal>],
) -> BTreeMap<TenderRef, Tender> {
    let mut taken = BTreeMap::new();
    for ((command, _), result) in log.iter().zip(results) {
        if let (Command::Tender(tender), Ok(_)) = (command, result) {
            taken.entry(tender.reference()).or_insert_with(|| tender.clone());
        }
    }
    taken
}

fn both(trade: &Trade) -> (TenderRef, TenderRef) {
    let name = |party: &_, tender: &_| TenderRef {
        party: Clone::clone(party),
        tender: Clone::clone(tender),
    };
    (name(&trade.buyer, &trade.buy_tender), name(&trade.seller, &trade.sell_tender))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_trade_breaks_a_tender(log in logs(60)) {
        let results = run(&log);
        let taken = taken(&log, &results);
        let mut filled: BTreeMap<TenderRef, Decimal> = BTreeMap::new();
        let mut ids = std::collections::BTreeSet::new();
        for trade in trades(&results) {
            let (buy, sell) = both(&trade);
            prop_assert!(ids.insert(trade.id.clone()), "one id, two trades");
            prop_assert_ne!(&trade.buyer, &trade.seller);
            prop_assert!(trade.quantity_wh > Decimal::ZERO);
            for (name, partner, side) in [(&buy, &sell, Side::Buy), (&sell, &buy, Side::Sell)] {
                let tender = &taken[name];
                prop_assert_eq!(tender.side, side);
                prop_assert_eq!(&tender.product, &trade.product);
                prop_assert!(trade.at < tender.stops_at());
                prop_assert!(tender.counter_party.as_ref().is_none_or(|p| *p == partner.party));
                prop_assert!(!tender.integral_only || trade.quantity_wh == tender.quantity_wh);
                *filled.entry(name.clone()).or_default() += trade.quantity_wh;
            }
            prop_assert!(trade.price_per_kwh <= taken[&buy].price_per_kwh);
            prop_assert!(trade.price_per_kwh >= taken[&sell].price_per_kwh);
        }
        for (name, filled) in filled {
            prop_assert!(filled <= taken[&name].quantity_wh);
        }
    }

    #[test]
    fn every_tender_ends_with_all_its_energy_accounted_for(log in logs(60)) {
        let mut log = log;
        log.push((Command::Expire, at(4000)));
        let results = run(&log);
        let mut left: BTreeMap<_, _> =
            taken(&log, &results).into_iter().map(|(name, t)| (name, t.quantity_wh)).collect();
        let (mut bought, mut sold) = (Decimal::ZERO, Decimal::ZERO);
        for outcome in results.iter().flatten().flatten() {
            match outcome {
                Outcome::Matched(trade) => {
                    let (buy, sell) = both(trade);
                    *left.get_mut(&buy).unwrap() -= trade.quantity_wh;
                    *left.get_mut(&sell).unwrap() -= trade.quantity_wh;
                    bought += trade.quantity_wh;
                    sold += trade.quantity_wh;
                }
                Outcome::Rested { tender, remaining_wh } => {
                    prop_assert_eq!(left[tender], *remaining_wh);
                }
                Outcome::Expired { tender, remaining_wh }
                | Outcome::Cancelled { tender, remaining_wh } => {
                    prop_assert_eq!(left.remove(tender), Some(*remaining_wh));
                }
            }
        }
        prop_assert_eq!(bought, sold);
        prop_assert!(left.values().all(Decimal::is_zero), "still standing: {left:?}");
    }

    #[test]
    fn a_replay_gives_the_same_to_the_letter(log in logs(60)) {
        let text = serde_json::to_string(&log).unwrap();
        let read: Vec<(Command, Timestamp)> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(format!("{:?}", run(&log)), format!("{:?}", run(&read)));
    }

    #[test]
    fn retries_change_nothing(log in logs(40), picks in vec(any::<prop::sample::Index>(), 0..20)) {
        let plain = run(&log);
        let mut retried = log.clone();
        let mut again: Vec<_> = picks.iter().filter(|_| !log.is_empty()).map(|p| p.index(log.len())).collect();
        again.sort_unstable();
        for i in again.into_iter().rev() {
            retried.insert(i + 1, log[i].clone());
        }
        prop_assert_eq!(trades(&plain), trades(&run(&retried)));
    }

    #[test]
    fn refused_commands_leave_no_trace(log in logs(40)) {
        let results = run(&log);
        let kept: Vec<_> = log.iter().zip(&results).filter(|(_, r)| r.is_ok()).map(|(c, _)| c.clone()).collect();
        let answered: Vec<_> = results.into_iter().filter(Result::is_ok).collect();
        prop_assert_eq!(run(&kept), answered);
    }

    #[test]
    fn products_do_not_touch_each_other(log in logs(60)) {
        let of = |hour: u8| {
            let mine = |(command, _): &&(Command, Timestamp)| match command {
                Command::Tender(tender) => tender.product == product(hour),
                _ => false,
            };
            trades(&run(&log.iter().filter(mine).cloned().collect::<Vec<_>>()))
        };
        // Ids are shared by both products in a log: give every hour its own.
        let apart = |(command, at): &(Command, Timestamp)| match command {
            Command::Tender(tender) => {
                let hour = u8::from(tender.product == product(1));
                let id = format!("{}-{hour}", tender.id).into();
                Some((Command::Tender(Tender { id, ..tender.clone() }), *at))
            }
            _ => None,
        };
        let mixed = trades(&run(&log.iter().filter_map(apart).collect::<Vec<_>>()));
        for hour in 0..2 {
            let key = |t: &Trade| (t.buyer.clone(), t.seller.clone(), t.quantity_wh, t.price_per_kwh, t.at);
            let mixed: Vec<_> = mixed.iter().filter(|t| t.product == product(hour)).map(key).collect();
            prop_assert_eq!(mixed, of(hour).iter().map(key).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_two_standing_tenders_could_have_met(log in logs(60)) {
        let results = run(&log);
        let standing = oracle(&log).1;
        prop_assert_eq!(trades(&results), oracle(&log).0);
        for (a, a_left) in &standing {
            for (b, b_left) in &standing {
                prop_assert!(meets(a, *a_left, b, *b_left).is_none(), "{a:?} {b:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_matcher_agrees_with_a_plain_list(log in logs(7)) {
        prop_assert_eq!(trades(&run(&log)), oracle(&log).0);
    }
}

/// The rules once more, the slow way: one list, looked through from the start for every
/// trade.
fn oracle(log: &[(Command, Timestamp)]) -> (Vec<Trade>, Vec<(Tender, Decimal)>) {
    let mut seen: BTreeMap<TenderRef, Tender> = BTreeMap::new();
    let mut standing: Vec<(Tender, Decimal)> = Vec::new();
    let mut trades = Vec::new();
    for (command, at) in log {
        standing.retain(|(t, _)| t.expires_at > *at && t.product.interval.start > *at);
        match command {
            Command::Cancel(which) => standing.retain(|(t, _)| t.reference() != *which),
            Command::Tender(t) => {
                let sound = t.counter_party.as_ref() != Some(&t.party);
                let timely = t.expires_at > *at && t.product.interval.start > *at;
                if !sound || !timely || seen.contains_key(&t.reference()) {
                    continue;
                }
                seen.insert(t.reference(), t.clone());
                let mut left = t.quantity_wh;
                while let Some((i, quantity)) = best(t, left, &standing) {
                    trades.push(plain_trade(t, &standing[i].0, quantity, *at));
                    left -= quantity;
                    standing[i].1 -= quantity;
                    if standing[i].1.is_zero() {
                        standing.remove(i);
                    }
                }
                if !left.is_zero() {
                    standing.push((t.clone(), left));
                }
            }
            _ => {}
        }
    }
    (trades, standing)
}

fn best(t: &Tender, left: Decimal, standing: &[(Tender, Decimal)]) -> Option<(usize, Decimal)> {
    let mut best: Option<(usize, Decimal)> = None;
    for (i, (other, other_left)) in standing.iter().enumerate() {
        let Some(quantity) = meets(t, left, other, *other_left) else { continue };
        let better = |b: usize| match t.side {
            Side::Buy => other.price_per_kwh < standing[b].0.price_per_kwh,
            Side::Sell => other.price_per_kwh > standing[b].0.price_per_kwh,
        };
        if best.is_none_or(|(b, _)| better(b)) {
            best = Some((i, quantity));
        }
    }
    best
}

fn meets(a: &Tender, a_left: Decimal, b: &Tender, b_left: Decimal) -> Option<Decimal> {
    let (buy, sell) = if a.side == Side::Buy { (a, b) } else { (b, a) };
    let quantity = a_left.min(b_left);
    let fits = buy.side == Side::Buy
        && sell.side == Side::Sell
        && buy.product == sell.product
        && buy.party != sell.party
        && buy.price_per_kwh >= sell.price_per_kwh
        && a.counter_party.as_ref().is_none_or(|p| *p == b.party)
        && b.counter_party.as_ref().is_none_or(|p| *p == a.party)
        && !(a.integral_only && quantity < a_left)
        && !(b.integral_only && quantity < b_left);
    (fits && quantity > Decimal::ZERO).then_some(quantity)
}

fn plain_trade(a: &Tender, b: &Tender, quantity_wh: Decimal, at: Timestamp) -> Trade {
    let (buy, sell) = if a.side == Side::Buy { (a, b) } else { (b, a) };
    let middle = (buy.price_per_kwh + sell.price_per_kwh) / Decimal::TWO;
    Trade {
        id: format!("{}/{}~{}/{}", buy.party, buy.id, sell.party, sell.id).into(),
        product: buy.product.clone(),
        quantity_wh,
        price_per_kwh: middle.round_dp(6),
        buyer: buy.party.clone(),
        seller: sell.party.clone(),
        buy_tender: buy.id.clone(),
        sell_tender: sell.id.clone(),
        at,
    }
}
