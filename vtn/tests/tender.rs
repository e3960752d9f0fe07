//! EiTender: what a party may offer, see and take back; matching, repetition, crashes.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod trade;

use jiff::SignedDuration;
use oadr_schemas::ei::ei::EiTarget;
use oadr_schemas::ei::emix::{ArrayOfTerms, BaseTerm, MinimumRunDuration};
use oadr_schemas::ei::pyld::{EiCreateTender, EiDistributeTender};
use oadr_schemas::ei::xcal::DurationProp;
use oadr_schemas::emix::TransactiveState;
use oadr_schemas::xml::Duration;
use oadr_vtn::trade::record::State;

use trade::{Hall, OK, Offer, at, buy, code, number, only, sell, words};

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

/// This market knows no terms: standard ones are none, and of others it does not act as if they
/// were not there (EMIX `reject`).
#[tokio::test]
async fn rule_emix_terms_that_the_market_does_not_know_are_refused() {
    let hall = Hall::new().await;
    let a = hall.party("ven-a").await;
    let duration = DurationProp { parameters: None, duration: Duration::from_seconds(3600) };
    let term = BaseTerm::MinimumRunDuration(MinimumRunDuration { duration });
    for (terms, expected) in [(vec![term], 469), (Vec::new(), OK)] {
        let mut product = buy(1_000, "0.10").product(TransactiveState::Tender);
        product.head.terms = Some(ArrayOfTerms { base_term: terms });
        let emix_base = product.to_emix().unwrap();
        let tender = oadr_schemas::ei::ei::EiTender { tender_id: "t1".into(), emix_base };
        let created = a.send(&hall, a.create(vec![tender])).await;
        assert_eq!(code(&created.ei_response), expected, "{created:?}");
        let said = created.responses.response.first().map(words).unwrap_or_default();
        assert!(expected == OK || said.contains("terms: "), "{created:?}");
        assert_eq!(hall.tenders().len(), usize::from(expected == OK));
    }
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
