//! The reference matcher, rule by rule. Y.2072 8.2.1.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use common::{at, now, number, tender};
use oadr_platform::{
    Market, Reason,
    market::{Command, Matcher, Outcome, Side, Tender, Trade},
};
use rust_decimal::Decimal;

fn send(market: &Matcher, tender: Tender, seconds: i64) -> Vec<Outcome> {
    now(market.apply(Command::Tender(tender), at(seconds))).unwrap()
}

fn refused(market: &Matcher, command: Command, seconds: i64) -> Reason {
    now(market.apply(command, at(seconds))).unwrap_err().reason
}

fn trades(outcomes: &[Outcome]) -> Vec<&Trade> {
    fn trade(outcome: &Outcome) -> Option<&Trade> {
        if let Outcome::Matched(trade) = outcome { Some(trade) } else { None }
    }
    outcomes.iter().filter_map(trade).collect()
}

fn rested(tender: &Tender, wh: i64) -> Outcome {
    Outcome::Rested { tender: tender.reference(), remaining_wh: wh.into() }
}

#[test]
fn two_crossing_tenders_trade_at_the_midpoint() {
    let market = Matcher::default();
    let sell = tender("ven-1", "s", Side::Sell, 500, "0.20");
    assert_eq!(send(&market, sell.clone(), 1), [rested(&sell, 500)]);
    let outcomes = send(&market, tender("ven-2", "b", Side::Buy, 500, "0.30"), 2);
    let [Outcome::Matched(trade)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!((trade.buyer.as_str(), trade.seller.as_str()), ("ven-2", "ven-1"));
    assert_eq!((trade.buy_tender.as_str(), trade.sell_tender.as_str()), ("b", "s"));
    assert_eq!((trade.quantity_wh, trade.price_per_kwh), (500.into(), number("0.25")));
    assert_eq!(trade.id.as_str(), "ven-2/b~ven-1/s");
    assert_eq!(trade.amount(), Some(number("0.125")));
    assert_eq!(now(market.wakes_at()), Ok(None));
}

#[test]
fn tenders_that_do_not_cross_rest() {
    let market = Matcher::default();
    send(&market, tender("ven-1", "s", Side::Sell, 500, "0.31"), 1);
    let buy = tender("ven-2", "b", Side::Buy, 500, "0.30");
    assert_eq!(send(&market, buy.clone(), 2), [rested(&buy, 500)]);
}

#[test]
fn the_better_price_goes_first_and_then_the_earlier() {
    let market = Matcher::default();
    send(&market, tender("ven-1", "dear", Side::Sell, 100, "0.25"), 1);
    send(&market, tender("ven-2", "early", Side::Sell, 100, "0.20"), 2);
    send(&market, tender("ven-3", "late", Side::Sell, 100, "0.20"), 3);
    let buy = tender("ven-4", "b", Side::Buy, 250, "0.30");
    let outcomes = send(&market, buy, 4);
    let met: Vec<_> =
        trades(&outcomes).iter().map(|t| (t.sell_tender.as_str(), t.quantity_wh)).collect();
    assert_eq!(met, [("early", 100.into()), ("late", 100.into()), ("dear", Decimal::from(50))]);
}

#[test]
fn what_is_left_of_a_partial_fill_rests() {
    let market = Matcher::default();
    send(&market, tender("ven-1", "s", Side::Sell, 100, "0.20"), 1);
    let buy = tender("ven-2", "b", Side::Buy, 300, "0.20");
    let outcomes = send(&market, buy.clone(), 2);
    assert_eq!(outcomes[1..], [rested(&buy, 200)]);
    let outcomes = send(&market, tender("ven-3", "s", Side::Sell, 500, "0.10"), 3);
    assert_eq!(trades(&outcomes)[0].quantity_wh, 200.into());
}

#[test]
fn an_integral_tender_trades_whole_or_not_at_all() {
    let market = Matcher::default();
    let whole = Tender { integral_only: true, ..tender("ven-1", "s", Side::Sell, 500, "0.20") };
    send(&market, whole, 1);
    let small = tender("ven-2", "b", Side::Buy, 499, "0.30");
    assert_eq!(send(&market, small.clone(), 2), [rested(&small, 499)]);
    let outcomes = send(&market, tender("ven-3", "b", Side::Buy, 600, "0.30"), 3);
    assert_eq!(trades(&outcomes)[0].quantity_wh, 500.into());
    let whole = Tender { integral_only: true, ..tender("ven-4", "s", Side::Sell, 500, "0.20") };
    assert_eq!(send(&market, whole.clone(), 4), [rested(&whole, 500)]);
}

#[test]
fn a_directed_tender_meets_only_the_party_it_names() {
    let market = Matcher::default();
    let directed = Tender {
        counter_party: Some("ven-2".into()),
        ..tender("ven-1", "s", Side::Sell, 500, "0.20")
    };
    send(&market, directed, 1);
    assert!(trades(&send(&market, tender("ven-3", "b", Side::Buy, 500, "0.30"), 2)).is_empty());
    assert_eq!(trades(&send(&market, tender("ven-2", "b", Side::Buy, 500, "0.30"), 3)).len(), 1);
}

#[test]
fn a_tender_directed_at_the_operator_is_open() {
    let market = Matcher::operated_by("vtn".into());
    let to_vtn = Tender {
        counter_party: Some("vtn".into()),
        ..tender("ven-1", "s", Side::Sell, 500, "0.20")
    };
    send(&market, to_vtn.clone(), 1);
    assert_eq!(send(&market, to_vtn, 2), []);
    assert_eq!(trades(&send(&market, tender("ven-2", "b", Side::Buy, 500, "0.30"), 3)).len(), 1);
}

#[test]
fn a_party_does_not_trade_with_itself() {
    let market = Matcher::default();
    send(&market, tender("ven-1", "s", Side::Sell, 500, "0.20"), 1);
    assert!(trades(&send(&market, tender("ven-1", "b", Side::Buy, 500, "0.30"), 2)).is_empty());
    let own = tender("ven-1", "x", Side::Buy, 1, "0");
    let own = Tender { counter_party: Some("ven-1".into()), ..own };
    assert_eq!(refused(&market, Command::Tender(own), 3), Reason::NotAllowed);
}

#[test]
fn tenders_of_different_products_do_not_meet() {
    type Change = fn(&mut Tender);
    let changes: [Change; 4] = [
        |t| t.product.market_context = "http://other.example".into(),
        |t| t.product.class = "reactive".into(),
        |t| t.product.currency = "GBP".into(),
        |t| t.product.interval.duration /= 2,
    ];
    for change in changes {
        let market = Matcher::default();
        send(&market, tender("ven-1", "s", Side::Sell, 500, "0.20"), 1);
        let mut buy = tender("ven-2", "b", Side::Buy, 500, "0.30");
        change(&mut buy);
        assert_eq!(send(&market, buy.clone(), 2), [rested(&buy, 500)]);
    }
}

#[test]
fn an_expired_tender_never_matches_and_its_end_is_told_once() {
    let market = Matcher::default();
    let sell = Tender { expires_at: at(10), ..tender("ven-1", "s", Side::Sell, 500, "0.20") };
    send(&market, sell.clone(), 1);
    assert_eq!(now(market.wakes_at()), Ok(Some(at(10))));
    assert_eq!(now(market.apply(Command::Expire, at(9))), Ok(vec![]));
    let buy = tender("ven-2", "b", Side::Buy, 500, "0.30");
    let expired = Outcome::Expired { tender: sell.reference(), remaining_wh: 500.into() };
    assert_eq!(send(&market, buy.clone(), 10), [expired, rested(&buy, 500)]);
    assert_eq!(now(market.apply(Command::Expire, at(11))), Ok(vec![]));
}

#[test]
fn the_gate_closes_when_delivery_begins() {
    let market = Matcher::default();
    let late = tender("ven-1", "s", Side::Sell, 500, "0.20");
    let late = Tender { expires_at: at(20 * 3600), ..late };
    send(&market, late.clone(), 12 * 3600 - 1);
    assert_eq!(now(market.wakes_at()), Ok(Some(at(12 * 3600))));
    let buy = tender("ven-2", "b", Side::Buy, 500, "0.30");
    let buy = Tender { expires_at: at(20 * 3600), ..buy };
    assert_eq!(refused(&market, Command::Tender(buy), 12 * 3600), Reason::TooLate);
    let gone = now(market.apply(Command::Expire, at(12 * 3600))).unwrap();
    assert!(matches!(&gone[..], [Outcome::Expired { .. }]));
}

#[test]
fn the_same_tender_again_does_nothing_and_another_under_its_id_is_refused() {
    let market = Matcher::default();
    let sell = tender("ven-1", "s", Side::Sell, 500, "0.20");
    send(&market, sell.clone(), 1);
    assert_eq!(send(&market, sell.clone(), 2), []);
    let other = Tender { quantity_wh: 501.into(), ..sell.clone() };
    assert_eq!(refused(&market, Command::Tender(other), 3), Reason::Conflict);
    send(&market, tender("ven-2", "b", Side::Buy, 500, "0.30"), 4);
    assert_eq!(send(&market, sell, 5), [], "not even when it has traded");
}

#[test]
fn a_party_cannot_occupy_or_cancel_anothers_id() {
    let market = Matcher::default();
    let sell = tender("ven-1", "t", Side::Sell, 500, "0.20");
    send(&market, sell, 1);
    let same_id = tender("ven-2", "t", Side::Sell, 100, "0.10");
    assert_eq!(send(&market, same_id.clone(), 2), [rested(&same_id, 100)]);
    let foreign = tender("ven-3", "t", Side::Sell, 1, "1").reference();
    assert_eq!(refused(&market, Command::Cancel(foreign), 3), Reason::Unknown);
}

#[test]
fn a_cancelled_tender_is_out_of_the_market_and_cancelling_again_does_nothing() {
    let market = Matcher::default();
    let sell = tender("ven-1", "s", Side::Sell, 500, "0.20");
    send(&market, sell.clone(), 1);
    send(&market, tender("ven-2", "b", Side::Buy, 200, "0.30"), 2);
    let cancel = || now(market.apply(Command::Cancel(sell.reference()), at(3)));
    let left = Outcome::Cancelled { tender: sell.reference(), remaining_wh: 300.into() };
    assert_eq!(cancel(), Ok(vec![left]));
    assert_eq!(cancel(), Ok(vec![]));
    assert!(trades(&send(&market, tender("ven-3", "b", Side::Buy, 100, "0.30"), 4)).is_empty());
    assert_eq!(now(market.apply(Command::Expire, at(13 * 3600))).unwrap().len(), 1);
}

#[test]
fn what_has_traded_or_expired_cannot_be_cancelled() {
    let market = Matcher::default();
    let sell = tender("ven-1", "s", Side::Sell, 500, "0.20");
    send(&market, sell.clone(), 1);
    send(&market, tender("ven-2", "b", Side::Buy, 500, "0.30"), 2);
    assert_eq!(refused(&market, Command::Cancel(sell.reference()), 3), Reason::TooLate);
    let brief = Tender { expires_at: at(10), ..tender("ven-1", "x", Side::Sell, 1, "0.20") };
    send(&market, brief.clone(), 4);
    assert_eq!(refused(&market, Command::Cancel(brief.reference()), 10), Reason::TooLate);
}

#[test]
fn tenders_that_make_no_sense_are_refused_and_change_nothing() {
    type Change = fn(&mut Tender);
    let cases: [(Change, Reason); 7] = [
        (|t| t.quantity_wh = Decimal::ZERO, Reason::Malformed),
        (|t| t.quantity_wh = (-1).into(), Reason::Malformed),
        (|t| t.quantity_wh = Decimal::MAX, Reason::Malformed),
        (|t| t.quantity_wh = number("0.5"), Reason::TermsViolated),
        (|t| t.price_per_kwh = Decimal::MIN, Reason::Malformed),
        (|t| t.price_per_kwh = number("0.0000001"), Reason::TermsViolated),
        (|t| t.product.interval.duration = Default::default(), Reason::Malformed),
    ];
    for (change, reason) in cases {
        let market = Matcher::default();
        let mut bad = tender("ven-1", "s", Side::Sell, 500, "0.20");
        change(&mut bad);
        assert_eq!(refused(&market, Command::Tender(bad), 1), reason);
        assert_eq!(now(market.wakes_at()), Ok(None));
    }
}

#[test]
fn time_does_not_go_back() {
    let market = Matcher::default();
    now(market.apply(Command::Expire, at(12 * 3600))).unwrap();
    let sell = tender("ven-1", "s", Side::Sell, 500, "0.20");
    assert_eq!(refused(&market, Command::Tender(sell), 1), Reason::TooLate);
}

#[test]
fn ids_with_the_marks_of_a_trade_id_in_them_stay_apart() {
    let id_of = |buyer: &str, buy: &str| {
        let market = Matcher::default();
        send(&market, tender("c", "d", Side::Sell, 1, "0.20"), 1);
        let outcomes = send(&market, tender(buyer, buy, Side::Buy, 1, "0.30"), 2);
        trades(&outcomes)[0].id.clone()
    };
    assert_ne!(id_of("a/b", "x"), id_of("a", "b/x"));
    assert_ne!(id_of("a%2Fb", "x"), id_of("a/b", "x"));
}

#[test]
fn a_command_survives_the_log_as_text() {
    let sell = tender("ven-1", "s", Side::Sell, 500, "0.20");
    for command in
        [Command::Tender(sell.clone()), Command::Cancel(sell.reference()), Command::Expire]
    {
        let text = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command);
    }
}
