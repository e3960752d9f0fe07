//! EiTender: markets that misbehave, crashes, restarts.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod trade;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use oadr_platform::market::{Command, Market, Matcher, Outcome};
use oadr_platform::{Answer, answer};
use oadr_store::{Memory, Trouble};
use oadr_vtn::trade::record::State;

use trade::{Hall, MARKET, OK, buy, code, number, sell};

#[tokio::test]
async fn a_vtn_without_a_market_refuses_politely() {
    let hall = Hall::with(Arc::new(oadr_platform::market::NoMarket)).await;
    let a = hall.party("ven-a").await;
    let created = a.tender(&hall, "t1", buy(1_000, "0.10")).await;
    assert_eq!(code(&created.ei_response), 469);
    assert_eq!(a.tender(&hall, "t1", buy(1_000, "0.10")).await, created, "again: the same");
    assert!(matches!(hall.tender("ven-a", "t1").state, State::Refused(_)));
}

#[tokio::test]
async fn what_a_market_refused_once_stays_refused_under_another_market() {
    let mut hall = Hall::with(Arc::new(oadr_platform::market::NoMarket)).await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(1_000, "0.10")).await;
    hall.restart().await;
    b.tender(&hall, "t2", buy(1_000, "0.10")).await;
    assert!(hall.transactions().is_empty());
}

#[tokio::test]
async fn a_restart_replays_the_log_into_a_fresh_market() {
    let mut hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(5_000, "0.10")).await;
    b.tender(&hall, "t2", buy(2_000, "0.10")).await;
    a.tender(&hall, "t3", sell(1_000, "0.05")).await;
    a.cancel(&hall, &["t3"]).await;
    let before = (hall.tenders(), hall.transactions());
    hall.restart().await;
    assert_eq!((hall.tenders(), hall.transactions()), before);
    b.tender(&hall, "t4", buy(9_000, "0.10")).await;
    let last = hall.transactions().pop().unwrap().trade;
    assert_eq!(last.quantity_wh, 3_000.into(), "what was left of t1, and nothing of t3");
}

#[tokio::test]
async fn a_crash_after_the_log_loses_nothing_and_doubles_nothing() {
    for written in [true, false] {
        let mut hall = Hall::new().await;
        let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
        a.tender(&hall, "t1", sell(2_000, "0.10")).await;
        hall.memory.set_trouble(Some(Trouble::SyncFails { written }));
        let create = b.create(vec![buy(2_000, "0.20").tender("t2")]);
        assert_eq!(b.raw(&hall, create.clone()).await.status, 500, "it was not acknowledged");
        hall.restart().await;
        let expected = usize::from(written);
        assert_eq!(hall.transactions().len(), expected, "ruled on at the start if it was logged");
        assert_eq!(code(&b.send(&hall, create).await.ei_response), OK, "the retry is answered");
        assert_eq!(hall.transactions().len(), 1);
    }
}

#[tokio::test]
async fn a_crash_between_the_log_and_the_ruling_is_made_good_at_the_start() {
    for written in [true, false] {
        let memory = Memory::new();
        let fails = Fails { matcher: matcher(), memory: memory.clone(), written };
        let mut hall = Hall::on(memory, Arc::new(fails)).await;
        let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
        a.tender(&hall, "t1", sell(2_000, "0.10")).await;
        let create = b.create(vec![buy(2_000, "0.20").tender("t2")]);
        assert_eq!(b.raw(&hall, create.clone()).await.status, 500);
        hall.restart().await;
        assert_eq!(hall.transactions().len(), 1);
        let id = hall.transactions()[0].trade.id.clone();
        assert_eq!(id.as_str(), "ven-b/t2~ven-a/t1", "the same name in every replay");
        assert_eq!(code(&b.send(&hall, create).await.ei_response), OK);
        assert_eq!(hall.transactions().len(), 1);
    }
}

#[tokio::test]
async fn a_request_dropped_half_way_holds_nobody_up() {
    let stall = Arc::new(Stall { matcher: matcher(), stalls: AtomicBool::new(false) });
    let hall = Hall::with(stall.clone()).await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    stall.stalls.store(true, Ordering::Relaxed);
    tokio::select! {
        biased;
        _ = b.tender(&hall, "t2", buy(2_000, "0.20")) => panic!("the market waits"),
        () = tokio::task::yield_now() => {}
    }
    stall.stalls.store(false, Ordering::Relaxed);
    assert!(hall.transactions().is_empty());
    a.tender(&hall, "t3", sell(1_000, "0.90")).await;
    assert_eq!(hall.transactions().len(), 1, "the next one tells the market the rest");
    assert_eq!(code(&b.tender(&hall, "t2", buy(2_000, "0.20")).await.ei_response), OK);
    assert_eq!(hall.transactions().len(), 1);
}

#[tokio::test]
async fn tenders_that_come_at_once_are_all_served() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let mut both = Vec::new();
    for n in 0..40 {
        let (party, offer) =
            if n % 2 == 0 { (&a, sell(100, "0.1")) } else { (&b, buy(100, "0.1")) };
        let create = party.create(vec![offer.tender(&format!("t{n}"))]);
        both.push((party.clone(), create));
    }
    let hall = Arc::new(hall);
    let tasks: Vec<_> = both
        .into_iter()
        .map(|(party, create)| {
            let hall = Arc::clone(&hall);
            tokio::spawn(async move { party.send(&hall, create).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(code(&task.await.unwrap().ei_response), OK);
    }
    assert_eq!(hall.transactions().len(), 20);
    let mut numbers: Vec<u64> = hall.tenders().iter().map(|tender| tender.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u64>>(), "one number each");
}

#[tokio::test]
async fn a_market_that_breaks_a_limit_is_not_believed_and_goes_on() {
    let mut hall = Hall::with(Arc::new(Cheat(matcher()))).await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    let created = b.tender(&hall, "t2", buy(2_000, "0.20")).await;
    assert_eq!(code(&created.ei_response), 469, "{created:?}");
    assert!(hall.transactions().is_empty());
    assert_eq!(hall.tender("ven-a", "t1").state, State::Open);
    assert!(matches!(hall.tender("ven-b", "t2").state, State::Refused(_)));
    assert_eq!(b.tender(&hall, "t2", buy(2_000, "0.20")).await, created, "again: the same");

    // Where it keeps to the limits it is believed, before and after a restart.
    a.tender(&hall, "t3", sell(1_000, "0.10")).await;
    assert_eq!(code(&b.tender(&hall, "t4", buy(1_000, "0.30")).await.ei_response), OK);
    assert_eq!(hall.transactions().len(), 1);
    let before = (hall.tenders(), hall.transactions());
    hall.reopen(Arc::new(Cheat(matcher()))).await.unwrap();
    assert_eq!((hall.tenders(), hall.transactions()), before);
    a.tender(&hall, "t5", sell(1_000, "0.10")).await;
    assert_eq!(code(&b.tender(&hall, "t6", buy(1_000, "0.30")).await.ei_response), OK);
    assert_eq!(hall.transactions().len(), 2);
}

#[tokio::test]
async fn a_bad_ruling_left_by_a_crash_does_not_keep_the_vtn_from_opening() {
    let mut hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    hall.memory.set_trouble(Some(Trouble::SyncFails { written: true }));
    let create = b.create(vec![buy(2_000, "0.20").tender("t2")]);
    assert_eq!(b.raw(&hall, create.clone()).await.status, 500);
    hall.reopen(Arc::new(Cheat(matcher()))).await.unwrap();
    assert!(hall.transactions().is_empty());
    assert_eq!(code(&b.send(&hall, create).await.ei_response), 469);
}

#[tokio::test]
async fn a_log_that_does_not_replay_is_noticed() {
    let mut hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    b.tender(&hall, "t2", buy(2_000, "0.20")).await;
    let error = hall.reopen(Arc::new(Cheat(matcher()))).await.unwrap_err();
    assert!(error.to_string().contains("does not replay"), "{error}");
}

fn matcher() -> Matcher {
    Matcher::operated_by(MARKET.into())
}

/// The reference market, and a disk that fails with the commit after t2.
struct Fails {
    matcher: Matcher,
    memory: Memory,
    written: bool,
}

impl Market for Fails {
    fn apply<'a>(&'a self, command: Command, at: Timestamp) -> Answer<'a, Vec<Outcome>> {
        let second = matches!(&command, Command::Tender(tender) if tender.id.as_str() == "t2");
        if second {
            self.memory.set_trouble(Some(Trouble::SyncFails { written: self.written }));
        }
        self.matcher.apply(command, at)
    }
}

/// The reference market, as slow as one wants.
struct Stall {
    matcher: Matcher,
    stalls: AtomicBool,
}

impl Market for Stall {
    fn apply<'a>(&'a self, command: Command, at: Timestamp) -> Answer<'a, Vec<Outcome>> {
        match self.stalls.load(Ordering::Relaxed) {
            true => Box::pin(std::future::pending()),
            false => self.matcher.apply(command, at),
        }
    }
}

/// The reference market, but the buyer pays a little more than it said.
struct Cheat(Matcher);

impl Market for Cheat {
    fn apply<'a>(&'a self, command: Command, at: Timestamp) -> Answer<'a, Vec<Outcome>> {
        let honest = self.0.apply(command, at);
        Box::pin(async move {
            let mut outcomes = honest.await?;
            for outcome in &mut outcomes {
                if let Outcome::Matched(trade) = outcome {
                    trade.price_per_kwh = number("0.21");
                }
            }
            answer(Ok(outcomes)).await
        })
    }
}
