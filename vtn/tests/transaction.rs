//! EiTransaction: who sees what was agreed, and accepting a tender directed at oneself.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod trade;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use oadr_platform::market::Side;
use oadr_schemas::ei::ei::EiTransaction;
use oadr_schemas::ei::pyld::{EiCreateTransaction, EiRequestTransaction};
use oadr_schemas::emix::{Product, Side as WireSide, TransactiveState};
use oadr_store::{Batch, Table};
use oadr_transport::Random;
use oadr_vtn::trade::record::State;
use rand::{Rng, SeedableRng};
use rust_decimal::Decimal;

use trade::{CONTEXT, Hall, OK, Offer, Party, at, buy, code, number, only, sell, words};

#[tokio::test]
async fn both_parties_see_their_transaction_and_nobody_else_does() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let c = hall.party("ven-c").await;
    a.tender(&hall, "ta", sell(2_000, "0.10")).await;
    b.tender(&hall, "tb", buy(2_000, "0.20")).await;

    let of_a = a.transactions(&hall, &[]).await.ei_transaction;
    let of_b = b.transactions(&hall, &[]).await.ei_transaction;
    assert_eq!((of_a.len(), of_b.len()), (1, 1));
    assert_eq!(of_a[0].transaction_id, of_b[0].transaction_id);
    for (one, tender, side) in [(&of_a[0], "ta", WireSide::Sell), (&of_b[0], "tb", WireSide::Buy)] {
        assert_eq!(one.tender_id.as_deref(), Some(tender));
        let product = Product::try_from(&one.emix_base).unwrap();
        assert_eq!(product.head.state, TransactiveState::Transaction);
        assert_eq!(product.head.side, side);
        assert_eq!(product.watt_hours(), Some(2_000.into()));
        assert_eq!(product.price_per_kwh(), Some(number("0.15")));
        assert_eq!((product.start, product.duration), (at(120), SignedDuration::from_hours(1)));
    }
    assert!(c.transactions(&hall, &[]).await.ei_transaction.is_empty());
}

#[tokio::test]
async fn transactions_are_asked_for_by_id_interval_context_and_counterparty() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    for (n, start) in [(1, 120), (2, 180)] {
        let ids = (format!("s{n}"), format!("b{n}"));
        a.tender(&hall, &ids.0, Offer { start: at(start), ..sell(1_000, "0.10") }).await;
        b.tender(&hall, &ids.1, Offer { start: at(start), ..buy(1_000, "0.10") }).await;
    }
    let ids = |reply: oadr_schemas::ei::pyld::EiReplyTransaction| {
        reply.ei_transaction.into_iter().map(|one| one.transaction_id).collect::<Vec<_>>()
    };
    let all = ["ven-b/b1~ven-a/s1", "ven-b/b2~ven-a/s2"];
    assert_eq!(ids(a.transactions(&hall, &[]).await), all);
    assert_eq!(ids(a.transactions(&hall, &all[1..]).await), all[1..]);
    let mut in_time = a.ask_transactions(&[]);
    let tender = Offer { start: at(200), ..buy(1, "0") }.tender("t");
    in_time.interval = interval(&tender.emix_base);
    assert_eq!(ids(a.send(&hall, in_time).await), all[1..]);
    let of = |one: &str| EiRequestTransaction {
        counter_party_id: vec![one.into()],
        ..a.ask_transactions(&[])
    };
    assert_eq!(ids(a.send(&hall, of("ven-b")).await), all);
    assert_eq!(ids(a.send(&hall, of("ven-c")).await), [""; 0]);
    let at_market = |one: &str| EiRequestTransaction {
        market_context: vec![one.into()],
        ..a.ask_transactions(&[])
    };
    assert_eq!(ids(a.send(&hall, at_market(CONTEXT)).await), all);
    assert_eq!(ids(a.send(&hall, at_market("http://x.example/")).await), [""; 0]);
}

#[tokio::test]
async fn a_transaction_of_others_and_an_unknown_one_are_answered_alike() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let c = hall.party("ven-c").await;
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    b.tender(&hall, "t2", buy(2_000, "0.20")).await;
    let known = hall.transactions()[0].trade.id.to_string();
    let reply = c.transactions(&hall, &[&known]).await;
    let unknown = c.transactions(&hall, &["nothing"]).await;
    assert_eq!(only(reply.responses.as_ref()), only(unknown.responses.as_ref()));
    assert_eq!(only(reply.responses.as_ref()).0, 452);
    assert!(reply.ei_transaction.is_empty());
    let as_other = EiRequestTransaction { party_id: "ven-a".into(), ..c.ask_transactions(&[]) };
    let as_nobody = EiRequestTransaction { party_id: "ven-x".into(), ..c.ask_transactions(&[]) };
    let (other, nobody) = (c.send(&hall, as_other).await, c.send(&hall, as_nobody).await);
    assert_eq!(other, nobody);
    assert_eq!(code(&other.ei_response), 452);
}

#[tokio::test]
async fn a_tender_directed_at_a_party_is_accepted_by_it_at_its_price() {
    let mut hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender_to(&hall, ("ven-b", "t1"), sell(5_000, "0.10")).await;
    let created = b.accept(&hall, ("ven-a", "t1", "x1"), buy(2_000, "0.10")).await;
    assert_eq!(code(&created.ei_response), OK, "{created:?}");
    assert_eq!(created.transaction_id, ["x1"]);
    assert_eq!(hall.tender("ven-a", "t1").remaining_wh, 3_000.into());
    let trade = hall.transactions()[0].trade.clone();
    assert_eq!((trade.buyer.as_str(), trade.seller.as_str()), ("ven-b", "ven-a"));
    assert_eq!((trade.quantity_wh, trade.price_per_kwh), (2_000.into(), number("0.10")));

    let before = hall.transactions();
    let again = b.accept(&hall, ("ven-a", "t1", "x1"), buy(2_000, "0.10")).await;
    assert_eq!(again, created, "again: the same");
    let other = b.accept(&hall, ("ven-a", "t1", "x1"), buy(1_000, "0.10")).await;
    assert_eq!(code(&other.ei_response), 452, "the same id, other content");
    assert_eq!(hall.transactions(), before);

    let rest = b.accept(&hall, ("ven-a", "t1", "x2"), buy(3_000, "0.10")).await;
    assert_eq!(code(&rest.ei_response), OK);
    assert_eq!(hall.tender("ven-a", "t1").state, State::Matched);
    for party in [&a, &b] {
        let seen = party.transactions(&hall, &["x1", "x2"]).await;
        assert_eq!(seen.ei_transaction.len(), 2);
        assert!(seen.ei_transaction.iter().all(|one| one.tender_id.as_deref() == Some("t1")));
    }
    let before = (hall.tenders(), hall.transactions());
    hall.restart().await;
    assert_eq!((hall.tenders(), hall.transactions()), before);
}

#[tokio::test]
async fn an_acceptance_must_say_what_the_tender_says() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender_to(&hall, ("ven-b", "t1"), sell(5_000, "0.10")).await;
    let whole = Offer { integral_only: true, ..sell(5_000, "0.10") };
    a.tender_to(&hall, ("ven-b", "t2"), whole).await;
    let wrong = [
        ("t1", buy(5_001, "0.10"), "5000 Wh left"),
        ("t1", buy(5_000, "0.09"), "price"),
        ("t1", sell(5_000, "0.10"), "side"),
        ("t1", Offer { start: at(180), ..buy(5_000, "0.10") }, "interval"),
        ("t1", Offer { pnode: Some("north"), ..buy(5_000, "0.10") }, "product"),
        ("t2", buy(4_999, "0.10"), "all or nothing"),
    ];
    for (tender, offer, why) in wrong {
        let created = b.accept(&hall, ("ven-a", tender, "x1"), offer).await;
        assert_eq!(code(&created.ei_response), 451, "{created:?}");
        assert!(words(&created.ei_response).contains(why), "{why}: {created:?}");
        assert!(created.transaction_id.is_empty());
    }
    assert!(hall.transactions().is_empty());
}

#[tokio::test]
async fn only_the_party_it_is_directed_at_accepts_a_tender() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let c = hall.party("ven-c").await;
    a.tender_to(&hall, ("ven-b", "t1"), sell(5_000, "0.10")).await;
    a.tender(&hall, "open", Offer { start: at(180), ..sell(5_000, "0.10") }).await;
    let unknown = c.accept(&hall, ("ven-a", "nothing", "x1"), buy(5_000, "0.10")).await;
    assert_eq!(code(&unknown.ei_response), 452);
    let offer = Offer { start: at(180), ..buy(5_000, "0.10") };
    for (owner, tender, offer) in
        [("ven-a", "t1", buy(5_000, "0.10")), ("ven-a", "open", offer), ("ven-x", "t1", offer)]
    {
        let created = c.accept(&hall, (owner, tender, "x1"), offer).await;
        assert_eq!(created.ei_response, unknown.ei_response, "{owner} {tender}");
        assert_eq!(created.responses, unknown.responses, "{owner} {tender}");
    }
    let own = a.accept(&hall, ("ven-a", "t1", "x1"), buy(5_000, "0.10")).await;
    assert_eq!(code(&own.ei_response), 452, "nobody trades with itself");
    let as_b = EiCreateTransaction {
        request_id: "a1".into(),
        party_id: "ven-b".into(),
        counter_party_id: "ven-a".into(),
        ei_transaction: vec![EiTransaction {
            transaction_id: "x1".into(),
            tender_id: Some("t1".into()),
            emix_base: buy(5_000, "0.10").product(TransactiveState::Transaction).to_emix().unwrap(),
        }],
    };
    assert_eq!(code(&c.send(&hall, as_b.clone()).await.ei_response), 452);
    assert!(hall.transactions().is_empty());
    assert_eq!(code(&b.send(&hall, as_b).await.ei_response), OK);
}

#[tokio::test]
async fn a_directed_tender_that_is_over_is_not_accepted() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender_to(&hall, ("ven-b", "recalled"), sell(5_000, "0.10")).await;
    assert_eq!(code(&a.cancel(&hall, &["recalled"]).await.ei_response), OK);
    assert_eq!(code(&a.cancel(&hall, &["recalled"]).await.ei_response), OK);
    let short = Offer { expires: Some(at(5)), ..sell(5_000, "0.10") };
    a.tender_to(&hall, ("ven-b", "short"), short).await;
    hall.pass(SignedDuration::from_mins(5));
    for tender in ["recalled", "short"] {
        let created = b.accept(&hall, ("ven-a", tender, "x1"), buy(5_000, "0.10")).await;
        assert_eq!(code(&created.ei_response), 451, "{created:?}");
    }
    assert_eq!(code(&a.cancel(&hall, &["short"]).await.ei_response), 451);
    assert!(hall.transactions().is_empty());
}

#[tokio::test]
async fn a_directed_tender_does_not_meet_the_market() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender_to(&hall, ("ven-b", "t1"), sell(5_000, "0.10")).await;
    b.tender(&hall, "t2", buy(5_000, "0.20")).await;
    assert!(hall.transactions().is_empty());
}

#[tokio::test]
async fn a_name_a_party_gave_cannot_stop_the_market_from_trading() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender_to(&hall, ("ven-b", "d"), sell(1_000, "0.10")).await;
    let name = "ven-b/t2~ven-a/t1";
    let created = b.accept(&hall, ("ven-a", "d", name), buy(1_000, "0.10")).await;
    assert_eq!(code(&created.ei_response), 454, "{created:?}");
    assert!(words(&created.ei_response).contains("eiTransaction[1]/transactionID"));
    assert!(hall.transactions().is_empty());
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    assert_eq!(code(&b.tender(&hall, "t2", buy(2_000, "0.20")).await.ei_response), OK);
    assert_eq!(hall.transactions()[0].trade.id.as_str(), name);
}

#[tokio::test]
async fn names_taken_before_the_market_needs_them_do_not_stop_it() {
    let mut hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    // As if written when parties could still give such names.
    let names: Table<(String, String), (u64, u64)> = Table::new("transactions_of", 1);
    let mut batch = Batch::new();
    names.put(&mut batch, ("ven-b", "ven-b/t2~ven-a/t1"), &(0, 0)).unwrap();
    names.put(&mut batch, ("ven-a", "ven-b/t2~ven-a/t1~2.0"), &(0, 0)).unwrap();
    names.put(&mut batch, ("ven-b", "ven-b/t2~ven-a/t1~2.0.1"), &(0, 0)).unwrap();
    hall.vtn.store().commit(batch).await.unwrap();
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    assert_eq!(code(&b.tender(&hall, "t2", buy(2_000, "0.20")).await.ei_response), OK);
    assert_eq!(hall.transactions()[0].trade.id.as_str(), "ven-b/t2~ven-a/t1~2.0.2");
    let before = hall.transactions();
    hall.restart().await;
    assert_eq!(hall.transactions(), before);
}

#[tokio::test]
async fn an_id_asked_for_often_is_answered_once_and_a_long_list_is_cut() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let place = "n".repeat(40_000);
    let sold = Offer { pnode: Some(&place), ..sell(5_000, "0.10") };
    let bought = Offer { pnode: Some(&place), ..buy(100, "0.10") };
    a.tender_to(&hall, ("ven-b", "t1"), sold).await;
    for n in 0..40 {
        let name = format!("x{n}");
        let made = b.accept(&hall, ("ven-a", "t1", &name), bought).await;
        assert_eq!(code(&made.ei_response), OK, "{made:?}");
    }
    let reply = a.transactions(&hall, &["x1", "x1", "no", "x1", "no"]).await;
    assert_eq!(reply.ei_transaction.len(), 1);
    assert_eq!(only(reply.responses.as_ref()).0, 452);
    let many = a.transactions(&hall, &["x1"; 101]).await;
    assert_eq!((code(&many.ei_response), many.ei_transaction.len()), (454, 0));
    let answer = a.raw(&hall, a.ask_transactions(&[])).await;
    assert!(answer.body.len() < 1_200_000, "{}", answer.body.len());
    let newest = a.transactions(&hall, &[]).await;
    assert!(words(&newest.ei_response).starts_with("cut after"));
    assert_eq!(newest.ei_transaction.last().unwrap().transaction_id, "x39");
}

#[tokio::test]
async fn a_message_holds_a_hundred_acceptances_and_each_id_once() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender_to(&hall, ("ven-b", "t1"), sell(5_000, "0.10")).await;
    let accept = |names: Vec<String>| {
        let one = |transaction_id| EiTransaction {
            transaction_id,
            tender_id: Some("t1".into()),
            emix_base: buy(10, "0.10").product(TransactiveState::Transaction).to_emix().unwrap(),
        };
        EiCreateTransaction {
            request_id: "a1".into(),
            party_id: "ven-b".into(),
            counter_party_id: "ven-a".into(),
            ei_transaction: names.into_iter().map(one).collect(),
        }
    };
    let many = accept((0..101).map(|n| format!("x{n}")).collect());
    assert_eq!(code(&b.send(&hall, many).await.ei_response), 454);
    assert!(hall.transactions().is_empty());
    let twice = b.send(&hall, accept(vec!["x1".into(), "x2".into(), "x1".into()])).await;
    let codes: Vec<u16> = twice.responses.unwrap().response.iter().map(code).collect();
    assert_eq!((codes, hall.transactions().len()), (vec![OK, OK, 452], 2));
}

/// Conservation over random sequences: for every interval energy bought = energy sold = what the
/// tenders gave up; no limit is broken; a restart changes nothing.
#[tokio::test]
async fn energy_and_money_are_conserved_over_random_sequences() {
    for seed in 0..12 {
        let mut hall = Hall::new().await;
        let mut parties = Vec::new();
        for name in ["ven-a", "ven-b", "ven-c"] {
            parties.push(hall.party(name).await);
        }
        let mut dice = Random::seed_from_u64(seed);
        for n in 0..60 {
            step(&hall, &parties, &mut dice, n).await;
            if dice.random_ratio(1, 15) {
                hall.restart().await;
            }
        }
        check(&hall, seed);
        let before = (hall.tenders(), hall.transactions());
        hall.restart().await;
        assert_eq!((hall.tenders(), hall.transactions()), before, "seed {seed}");
    }
}

/// One random thing happens.
async fn step(hall: &Hall, parties: &[Party], dice: &mut Random, n: u32) {
    let price = ["0.05", "0.10", "0.15", "-0.02"][dice.random_range(0..4)];
    let wh = dice.random_range(1..=5) * 500;
    let side = if dice.random() { "buy" } else { "sell" };
    let offer = Offer {
        side,
        start: at([120, 180][dice.random_range(0..2)]),
        integral_only: dice.random_ratio(1, 4),
        expires: dice.random_ratio(1, 4).then(|| at(dice.random_range(1..200))),
        ..buy(wh, price)
    };
    let (me, other) = (dice.random_range(0..3), dice.random_range(0..3));
    let (me, other) = (&parties[me], &parties[other]);
    let old = format!("t{}", dice.random_range(0..=n));
    match dice.random_range(0..10) {
        0 => drop(me.cancel(hall, &[&old]).await),
        1 => drop(me.tender(hall, &old, offer).await),
        2 => drop(me.tender_to(hall, (&other.id, &format!("t{n}")), offer).await),
        3 => drop(me.accept(hall, (&other.id, &old, &format!("x{n}")), offer).await),
        4 => hall.pass(SignedDuration::from_mins(dice.random_range(0..6))),
        _ => drop(me.tender(hall, &format!("t{n}"), offer).await),
    }
}

fn check(hall: &Hall, seed: u64) {
    let mut balance: BTreeMap<(String, Side), Decimal> = BTreeMap::new();
    for tender in hall.tenders() {
        assert!(tender.remaining_wh >= Decimal::ZERO, "seed {seed}");
        let sum = balance.entry((tender.offer.product.interval.to_string(), tender.offer.side));
        if !tender.is_direct() {
            *sum.or_default() += tender.traded_wh();
        }
    }
    let mut traded: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut money: BTreeMap<String, Decimal> = BTreeMap::new();
    for transaction in hall.transactions() {
        let trade = &transaction.trade;
        assert_ne!(trade.buyer, trade.seller, "seed {seed}");
        if transaction.accepted.is_none() {
            *traded.entry(trade.product.interval.to_string()).or_default() += trade.quantity_wh;
            let limit = |party: &str, id: &str| hall.tender(party, id).offer.price_per_kwh;
            assert!(trade.price_per_kwh <= limit(trade.buyer.as_str(), trade.buy_tender.as_str()));
            assert!(
                trade.price_per_kwh >= limit(trade.seller.as_str(), trade.sell_tender.as_str())
            );
        }
        let amount = trade.amount().unwrap();
        *money.entry(trade.buyer.to_string()).or_default() -= amount;
        *money.entry(trade.seller.to_string()).or_default() += amount;
    }
    for ((interval, side), given) in balance {
        let traded = traded.get(&interval).copied().unwrap_or_default();
        assert_eq!(given, traded, "seed {seed}: {interval} {side:?}");
    }
    assert_eq!(money.values().sum::<Decimal>(), Decimal::ZERO, "seed {seed}");
}

fn interval(
    base: &oadr_schemas::ei::emix::EmixBase,
) -> Option<oadr_schemas::ei::xcal::WsCalendarInterval> {
    use oadr_schemas::ei::{emix::EmixBase, xcal::VcalendarContainedComponent2};
    let EmixBase::Product(product) = base else { return None };
    match product.components.vcalendar_contained_component.first() {
        Some(VcalendarContainedComponent2::Interval(interval)) => Some(interval.clone()),
        _ => None,
    }
}
