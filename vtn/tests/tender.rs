//! EiTender: what a party may offer, see and take back; matching, repetition, crashes.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod trade;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use oadr_platform::market::{Command, Market, Matcher, Outcome};
use oadr_platform::{Answer, answer};
use oadr_schemas::ei::ei::EiTarget;
use oadr_schemas::ei::pyld::{EiCreateTender, EiDistributeTender, EiRequestTender};
use oadr_schemas::emix::TransactiveState;
use oadr_store::{Batch, Memory, Table, Trouble};
use oadr_vtn::trade::record::{State, Tender};

use trade::{CONTEXT, Hall, MARKET, OK, Offer, at, buy, code, number, only, sell, words};

#[tokio::test]
async fn two_crossing_tenders_match_between_their_limits() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let created = a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    assert_eq!((code(&created.ei_response), created.tender_id), (OK, vec!["t1".to_owned()]));
    assert!(created.responses.response.is_empty());
    assert_eq!(created.party_id, "ven-a");
    assert_eq!(code(&b.tender(&hall, "t1", buy(2_000, "0.20")).await.ei_response), OK);

    let made = hall.transactions();
    assert_eq!(made.len(), 1);
    let trade = &made[0].trade;
    assert_eq!((trade.buyer.as_str(), trade.seller.as_str()), ("ven-b", "ven-a"));
    assert_eq!((trade.quantity_wh, trade.price_per_kwh), (2_000.into(), number("0.15")));
    assert_eq!(hall.tender("ven-a", "t1").state, State::Matched);
    assert_eq!(hall.tender("ven-b", "t1").state, State::Matched);
}

#[tokio::test]
async fn the_same_tender_again_gets_the_same_reply_and_changes_nothing() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let create = a.create(vec![sell(2_000, "0.10").tender("t1")]);
    let first = a.raw(&hall, create.clone()).await;
    b.tender(&hall, "t9", buy(1_000, "0.20")).await;
    let before = (hall.tenders(), hall.transactions());
    assert_eq!(a.raw(&hall, create.clone()).await, first, "after it has traded");
    hall.pass(SignedDuration::from_hours(5));
    assert_eq!(a.raw(&hall, create).await, first, "after its time");
    assert_eq!((hall.tenders(), hall.transactions()), before);
}

#[tokio::test]
async fn other_content_under_a_known_id_is_refused_and_changes_nothing() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    hall.party("ven-b").await;
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    let before = hall.tenders();
    let other = a.tender(&hall, "t1", sell(2_000, "0.11")).await;
    assert_eq!(code(&other.ei_response), 452);
    assert!(words(&other.ei_response).contains("other content"), "{other:?}");
    assert!(other.tender_id.is_empty());
    let elsewhere = a.tender_to(&hall, ("ven-b", "t1"), sell(2_000, "0.10")).await;
    assert_eq!(code(&elsewhere.ei_response), 452, "another counterparty is other content");
    assert_eq!(hall.tenders(), before);
}

#[tokio::test]
async fn the_same_id_twice_in_one_message_is_one_tender_and_a_refusal() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let same = sell(2_000, "0.10").tender("t1");
    let other = sell(3_000, "0.10").tender("t1");
    let created = a.send(&hall, a.create(vec![same.clone(), other, same])).await;
    assert_eq!(code(&created.ei_response), OK);
    let codes: Vec<u16> = created.responses.response.iter().map(code).collect();
    assert_eq!(codes, [OK, 452, 452]);
    assert!(words(&created.responses.response[2]).contains("eiTender[3]/tenderID: twice"));
    assert_eq!(hall.tenders().len(), 1);
    let canceled = a.cancel(&hall, &["t1", "t1", "no", "no"]).await;
    let codes: Vec<u16> = canceled.responses.unwrap().response.iter().map(code).collect();
    assert_eq!(codes, [OK, 452, 452, 452]);
}

#[tokio::test]
async fn a_message_holds_a_hundred_tenders_and_no_more() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let tenders: Vec<_> = (0..101).map(|n| sell(100, "0.1").tender(&format!("t{n}"))).collect();
    let many = a.send(&hall, a.create(tenders.clone())).await;
    assert_eq!(code(&many.ei_response), 454);
    assert!(words(&many.ei_response).contains("at most 100"), "{many:?}");
    assert!(hall.tenders().is_empty());
    assert_eq!(code(&a.send(&hall, a.create(tenders[..100].to_vec())).await.ei_response), OK);
    let ids: Vec<String> = (0..101).map(|n| format!("t{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(code(&a.cancel(&hall, &ids).await.ei_response), 454);
    assert!(hall.tenders().iter().all(|tender| tender.state == State::Open));
    let canceled = a.cancel(&hall, &ids[..100]).await;
    assert_eq!(canceled.responses.unwrap().response.len(), 100);
    assert!(hall.tenders().iter().all(|tender| tender.state == State::Cancelled));
}

#[tokio::test]
async fn a_tender_after_its_time_or_the_gate_is_refused() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let expired = Offer { expires: Some(at(0)), ..buy(1_000, "0.10") };
    let late = Offer { start: at(0), ..buy(1_000, "0.10") };
    for (id, offer, why) in [("t1", expired, "expirationDate"), ("t2", late, "gate")] {
        let created = a.tender(&hall, id, offer).await;
        assert_eq!(code(&created.ei_response), 451, "{created:?}");
        assert!(words(&created.ei_response).contains(why), "{created:?}");
    }
    assert!(hall.tenders().is_empty());
    let in_time = Offer { expires: Some(at(1)), start: at(1), ..buy(1_000, "0.10") };
    assert_eq!(code(&a.tender(&hall, "t3", in_time).await.ei_response), OK);
}

#[tokio::test]
async fn a_delivery_more_than_400_days_ahead_is_refused() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let last = 400 * 24 * 60 - 60;
    for (start, want) in [(last + 1, 454), (last, OK)] {
        let far = Offer { start: at(start), ..buy(1_000, "0.10") };
        assert_eq!(code(&a.tender(&hall, &format!("t{start}"), far).await.ei_response), want);
    }
    assert_eq!(hall.tenders().len(), 1);
}

#[tokio::test]
async fn nothing_matches_after_expiry_even_if_nobody_wrote_it_down() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", Offer { expires: Some(at(10)), ..sell(1_000, "0.10") }).await;
    hall.pass(SignedDuration::from_mins(10));
    b.tender(&hall, "t2", buy(1_000, "0.20")).await;
    assert!(hall.transactions().is_empty());
    assert_eq!(hall.tender("ven-a", "t1").state, State::Expired);
}

#[tokio::test]
async fn the_passing_of_time_is_written_down_when_the_program_asks() {
    let mut hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    a.tender(&hall, "t1", Offer { expires: Some(at(10)), ..sell(1_000, "0.10") }).await;
    hall.vtn.let_market_time_pass().await.unwrap();
    assert_eq!(hall.tender("ven-a", "t1").state, State::Open);
    hall.pass(SignedDuration::from_mins(10));
    hall.vtn.let_market_time_pass().await.unwrap();
    assert_eq!(hall.tender("ven-a", "t1").state, State::Expired);
    hall.restart().await;
    assert_eq!(hall.tender("ven-a", "t1").state, State::Expired);
}

#[tokio::test]
async fn a_clock_that_goes_back_reopens_no_gate() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    hall.pass(SignedDuration::from_hours(1));
    a.tender(&hall, "t1", sell(1_000, "0.10")).await;
    hall.clock.set(at(0));
    let early = Offer { start: at(30), ..sell(1_000, "0.10") };
    assert_eq!(code(&a.tender(&hall, "t2", early).await.ei_response), 451);
}

#[tokio::test]
async fn a_tender_takes_part_and_the_rest_stays_open() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(5_000, "0.10")).await;
    b.tender(&hall, "t2", buy(2_000, "0.10")).await;
    let open = hall.tender("ven-a", "t1");
    assert_eq!((open.state, open.remaining_wh), (State::Open, 3_000.into()));
    let reply = a.tenders(&hall, &["t1"]).await;
    let said = (OK, "open: 2000 Wh traded, 3000 Wh left".to_owned());
    assert_eq!(only(reply.responses.as_ref()), said);

    let canceled = a.cancel(&hall, &["t1"]).await;
    let said = (OK, "cancelled: 2000 Wh traded, 3000 Wh taken back".to_owned());
    assert_eq!(only(canceled.responses.as_ref()), said);
    assert_eq!(a.cancel(&hall, &["t1"]).await, canceled, "again: the same");
    b.tender(&hall, "t3", buy(3_000, "0.10")).await;
    assert_eq!(hall.transactions().len(), 1, "what was taken back does not trade");
}

#[tokio::test]
async fn what_has_been_matched_cannot_be_taken_back() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(2_000, "0.10")).await;
    b.tender(&hall, "t2", buy(2_000, "0.10")).await;
    let canceled = a.cancel(&hall, &["t1"]).await;
    assert_eq!(code(&canceled.ei_response), 451);
    assert_eq!(only(canceled.responses.as_ref()).0, 451);
    assert_eq!(hall.transactions().len(), 1);
}

#[tokio::test]
async fn an_all_or_nothing_tender_does_not_trade_in_part() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", Offer { integral_only: true, ..sell(5_000, "0.10") }).await;
    b.tender(&hall, "t2", buy(2_000, "0.20")).await;
    assert!(hall.transactions().is_empty());
    b.tender(&hall, "t3", buy(5_000, "0.20")).await;
    assert_eq!(hall.transactions().len(), 1);
}

#[tokio::test]
async fn places_of_the_grid_are_products_of_their_own_and_a_meter_is_not() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", Offer { pnode: Some("north"), ..sell(1_000, "0.10") }).await;
    b.tender(&hall, "t2", Offer { pnode: Some("south"), ..buy(1_000, "0.20") }).await;
    b.tender(&hall, "t3", buy(1_000, "0.20")).await;
    assert!(hall.transactions().is_empty());
    b.tender(&hall, "t4", Offer { pnode: Some("north"), ..buy(1_000, "0.20") }).await;
    assert_eq!(hall.transactions().len(), 1);
}

#[tokio::test]
async fn a_tender_that_makes_no_sense_is_refused_with_its_place_and_the_others_are_taken() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let good = buy(1_000, "0.10");
    let mut fraction = good.product(TransactiveState::Tender);
    fraction.quantity.value = number("1000.5");
    let mut moneyless = good.product(TransactiveState::Tender);
    moneyless.head.currency = None;
    let empty = |product: &mut oadr_schemas::emix::Product| product.duration = SignedDuration::ZERO;
    let mut instant = good.product(TransactiveState::Tender);
    empty(&mut instant);
    let agreed = good.product(TransactiveState::Transaction);
    let tenders = [good.product(TransactiveState::Tender), fraction, moneyless, instant, agreed];
    let tenders = tenders.iter().enumerate().map(|(n, product)| {
        let emix_base = product.to_emix().unwrap();
        oadr_schemas::ei::ei::EiTender { tender_id: format!("t{n}"), emix_base }
    });
    let mut tenders: Vec<_> = tenders.collect();
    tenders.push(good.tender(""));
    tenders.push(Offer { context: "http://elsewhere.example/", ..good }.tender("t6"));
    let created = a.send(&hall, a.create(tenders)).await;
    assert_eq!(code(&created.ei_response), OK, "one was taken");
    assert_eq!(created.tender_id, ["t0"]);
    let said: Vec<_> =
        created.responses.response.iter().map(|one| (code(one), words(one))).collect();
    let wants = [
        (OK, "OK"),
        (454, "eiTender[2]/emixBase/components/…/quantity"),
        (459, "eiTender[3]/emixBase/currency"),
        (454, "eiTender[4]/emixBase/components"),
        (459, "eiTender[5]/emixBase/transactiveState"),
        (459, "eiTender[6]/tenderID"),
        (462, "eiTender[7]/emixBase/marketContext"),
    ];
    assert_eq!(said.len(), wants.len());
    for (said, want) in said.iter().zip(wants) {
        assert_eq!(said.0, want.0, "{said:?}");
        assert!(said.1.starts_with(want.1), "{said:?} {want:?}");
    }
    assert_eq!(hall.tenders().len(), 1);
}

#[tokio::test]
async fn an_option_is_not_traded_here_and_says_so() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let mut create = a.create(vec![buy(1_000, "0.10").tender("t1")]);
    let oadr_schemas::ei::emix::EmixBase::Product(product) = &create.ei_tender[0].emix_base else {
        panic!("a product")
    };
    let delivery = oadr_schemas::ei::emix::Delivery {
        properties: None,
        components: product.components.clone(),
        uid: "d".into(),
        envelope_contents: None,
        injection: true,
    };
    create.ei_tender[0].emix_base = oadr_schemas::ei::emix::EmixBase::Delivery(delivery);
    let created = a.send(&hall, create).await;
    assert_eq!(code(&created.ei_response), 459);
    assert!(words(&created.ei_response).contains("emix:ProductType"), "{created:?}");
}

#[tokio::test]
async fn a_market_context_is_compared_as_a_uri() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t1", sell(1_000, "0.10")).await;
    let spelled = Offer { context: "HTTP://Market.Example:80/hourly", ..buy(1_000, "0.10") };
    assert_eq!(code(&b.tender(&hall, "t2", spelled).await.ei_response), OK);
    assert_eq!(hall.transactions().len(), 1);
}

#[tokio::test]
async fn nobody_tenders_for_another_or_to_nobody() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    hall.party("ven-b").await;
    let create = a.create(vec![buy(1_000, "0.10").tender("t1")]);
    let as_other = EiCreateTender { party_id: "ven-b".into(), ..create.clone() };
    let as_nobody = EiCreateTender { party_id: "ven-x".into(), ..create.clone() };
    let (other, nobody) = (a.send(&hall, as_other).await, a.send(&hall, as_nobody).await);
    assert_eq!(other.ei_response, nobody.ei_response, "another and nobody are told alike");
    assert_eq!(code(&other.ei_response), 452);
    for to in ["ven-x", "ven-a", ""] {
        let created = a.tender_to(&hall, (to, "t1"), buy(1_000, "0.10")).await;
        assert_eq!(code(&created.ei_response), 452, "to {to:?}");
    }
    assert!(hall.tenders().is_empty());
}

#[tokio::test]
async fn who_is_not_registered_gets_463() {
    let hall = Hall::new().await;
    let known = hall.party("ven-a").await;
    let stranger =
        trade::Party { certificate: trade::certificate("stranger"), id: "ven-a".to_owned() };
    let created = stranger.tender(&hall, "t1", buy(1_000, "0.10")).await;
    assert_eq!(code(&created.ei_response), 463);
    assert_eq!(code(&stranger.tenders(&hall, &[]).await.ei_response), 463);
    assert_eq!(code(&stranger.cancel(&hall, &["t1"]).await.ei_response), 463);
    assert_eq!(code(&stranger.transactions(&hall, &[]).await.ei_response), 463);
    assert!(hall.tenders().is_empty());
    assert_eq!(code(&known.tender(&hall, "t1", buy(1_000, "0.10")).await.ei_response), OK);
}

#[tokio::test]
async fn a_party_sees_its_own_tenders_and_those_directed_at_it() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let c = hall.party("ven-c").await;
    a.tender(&hall, "open", sell(1_000, "0.10")).await;
    a.tender_to(&hall, ("ven-b", "direct"), sell(1_000, "0.10")).await;
    b.tender(&hall, "mine", Offer { start: at(240), ..buy(1_000, "0.05") }).await;
    let ids = |reply: oadr_schemas::ei::pyld::EiReplyTender| {
        reply.ei_tender.into_iter().map(|tender| tender.tender_id).collect::<Vec<_>>()
    };
    assert_eq!(ids(a.tenders(&hall, &[]).await), ["open", "direct"]);
    assert_eq!(ids(b.tenders(&hall, &[]).await), ["direct", "mine"]);
    assert_eq!(ids(c.tenders(&hall, &[]).await), [""; 0]);

    let of_a = EiRequestTender { party_id: "ven-a".into(), ..b.ask_tenders(&[]) };
    assert_eq!(ids(b.send(&hall, of_a).await), ["direct"]);
    let with_market =
        EiRequestTender { counter_party_id: vec![MARKET.into()], ..a.ask_tenders(&[]) };
    assert_eq!(ids(a.send(&hall, with_market).await), ["open"]);
    let elsewhere = EiRequestTender {
        market_context: vec!["http://elsewhere.example/".into()],
        ..a.ask_tenders(&[])
    };
    assert_eq!(ids(a.send(&hall, elsewhere).await), [""; 0]);
    let here = EiRequestTender { market_context: vec![CONTEXT.into()], ..a.ask_tenders(&[]) };
    assert_eq!(ids(a.send(&hall, here).await), ["open", "direct"]);
    let mut in_time = b.ask_tenders(&[]);
    in_time.interval = Some(interval_of(&Offer { start: at(230), ..buy(1, "0") }));
    assert_eq!(ids(b.send(&hall, in_time).await), ["mine"]);
    a.cancel(&hall, &["open"]).await;
    assert_eq!(ids(a.tenders(&hall, &[]).await), ["direct"]);
}

#[tokio::test]
async fn an_id_of_another_and_an_unknown_one_are_answered_byte_for_byte_alike() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    a.tender(&hall, "t-of-a", sell(1_000, "0.10")).await;
    let same = |known: oadr_transport::Answer, unknown: oadr_transport::Answer| {
        let text = |answer: oadr_transport::Answer| {
            String::from_utf8(answer.body.to_vec()).unwrap().replace("t-of-x", "t-of-a")
        };
        let (known, unknown) = (text(known), text(unknown));
        assert_eq!(known, unknown);
    };
    let ask = |id| b.raw(&hall, b.ask_tenders(&[id]));
    same(ask("t-of-a").await, ask("t-of-x").await);
    let of_a = |id| EiRequestTender { party_id: "ven-a".into(), ..b.ask_tenders(&[id]) };
    same(b.raw(&hall, of_a("t-of-a")).await, b.raw(&hall, of_a("t-of-x")).await);
    let listed = |of: &str| EiRequestTender { party_id: of.into(), ..b.ask_tenders(&[]) };
    same(b.raw(&hall, listed("ven-a")).await, b.raw(&hall, listed("ven-x")).await);
    let for_other =
        |of: &str| EiRequestTender { requestor_party_id: of.into(), ..b.ask_tenders(&[]) };
    same(b.raw(&hall, for_other("ven-a")).await, b.raw(&hall, for_other("ven-x")).await);
    let cancel = |id: &str| oadr_schemas::ei::pyld::EiCancelTender {
        request_id: "c".into(),
        party_id: "ven-b".into(),
        counter_party_id: None,
        tender_id: vec![id.into()],
    };
    same(b.raw(&hall, cancel("t-of-a")).await, b.raw(&hall, cancel("t-of-x")).await);
    assert_eq!(hall.tender("ven-a", "t-of-a").state, State::Open);
}

#[tokio::test]
async fn an_id_asked_for_often_is_answered_once_and_a_hundred_at_most() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    let c = hall.party("ven-c").await;
    a.tender(&hall, "t1", sell(1_000, "0.10")).await;
    for other in [&b, &c] {
        other.tender_to(&hall, ("ven-a", "t1"), sell(1_000, "0.10")).await;
        other.tender_to(&hall, ("ven-a", "t2"), sell(1_000, "0.10")).await;
    }
    let reply = a.tenders(&hall, &["t1", "t1", "no", "t1", "no"]).await;
    let codes: Vec<u16> = reply.responses.unwrap().response.iter().map(code).collect();
    assert_eq!(codes, [OK, OK, OK, 452], "its own and two directed at it");
    assert_eq!(reply.ei_tender.len(), 3);
    let many = a.tenders(&hall, &["t1"; 101]).await;
    assert_eq!((code(&many.ei_response), many.ei_tender.len()), (454, 0));
    assert!(many.responses.is_none());
}

#[tokio::test]
async fn a_reply_is_cut_at_a_mebibyte_and_says_so() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let place = "n".repeat(40_000);
    let ids: Vec<String> = (0..40).map(|n| format!("t{n}")).collect();
    for id in &ids {
        a.tender(&hall, id, Offer { pnode: Some(&place), ..sell(1_000, "0.10") }).await;
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for asked in [&[][..], &ids] {
        let answer = a.raw(&hall, a.ask_tenders(asked)).await;
        assert!(answer.body.len() < 1_200_000, "{}", answer.body.len());
        let reply = a.tenders(&hall, asked).await;
        assert!((20..30).contains(&reply.ei_tender.len()), "{}", reply.ei_tender.len());
        assert!(words(&reply.ei_response).starts_with("cut after"), "{:?}", reply.ei_response);
    }
    let reply = a.tenders(&hall, &ids).await;
    let last = reply.responses.unwrap().response.pop().unwrap();
    assert_eq!(code(&last), 469, "{last:?}");
    let alone = a.tenders(&hall, &["t39"]).await;
    assert_eq!((alone.ei_tender.len(), words(&alone.ei_response)), (1, "OK"));
}

#[tokio::test]
async fn a_tender_that_grows_in_canonical_form_is_refused_or_can_be_read() {
    let hall = Hall::new().await;
    let (a, b) = (hall.party("ven-a").await, hall.party("ven-b").await);
    for (count, want) in [(60_000, 454), (15_000, OK)] {
        let place = ">".repeat(count);
        let offer = Offer { pnode: Some(&place), ..sell(1_000, "0.10") };
        let mut create = a.create(vec![offer.tender(&format!("t{count}"))]);
        create.counter_party_id = "ven-b".into();
        let body = oadr_schemas::xml::encode(&create).replace("&gt;", ">");
        let answer = a.post(&hall, "/EI/Simple/1.0/EiTender", body).await;
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(text.contains(&format!(">{want}<")), "{count}: {} {text}", answer.status);
    }
    assert_eq!(b.tenders(&hall, &[]).await.ei_tender.len(), 1);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_does_not_hide_the_others() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    a.tender(&hall, "bad", sell(1_000, "0.10")).await;
    a.tender(&hall, "good", sell(1_000, "0.10")).await;
    let rows: Table<(String, String), Tender> = Table::new("tenders", 1);
    let mut batch = Batch::new();
    let bad = Tender { wire: "<eiTender>".into(), ..hall.tender("ven-a", "bad") };
    rows.put(&mut batch, ("ven-a", "bad"), &bad).unwrap();
    hall.vtn.store().commit(batch).await.unwrap();
    let listed = a.tenders(&hall, &[]).await.ei_tender;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].tender_id, "good");
    let named = a.tenders(&hall, &["bad", "good"]).await;
    assert_eq!(named.ei_tender.len(), 1);
    assert_eq!(code(&named.responses.unwrap().response[0]), 469);
}

#[tokio::test]
async fn what_is_not_served_is_not_found() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let distribute = EiDistributeTender {
        request_id: "d".into(),
        party_id: "ven-a".into(),
        ei_target: EiTarget::default(),
        ei_tender: vec![buy(1_000, "0.10").tender("t1")],
    };
    assert_eq!(a.raw(&hall, distribute).await.status, 404);
    let create = a.create(vec![buy(1_000, "0.10").tender("t1")]);
    let body = oadr_schemas::xml::encode(&create);
    assert_eq!(a.post(&hall, "/EI/Simple/1.0/EiQuote", body.clone()).await.status, 404);
    assert_eq!(a.post(&hall, "/EI/Simple/1.0/EiTender", body).await.status, 200);
}

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

fn interval_of(offer: &Offer<'_>) -> oadr_schemas::ei::xcal::WsCalendarInterval {
    use oadr_schemas::ei::{emix::EmixBase, xcal::VcalendarContainedComponent2};
    let EmixBase::Product(product) = offer.tender("t").emix_base else { panic!("a product") };
    match product.components.vcalendar_contained_component.into_iter().next().unwrap() {
        VcalendarContainedComponent2::Interval(interval) => interval,
        other => panic!("{other:?}"),
    }
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
