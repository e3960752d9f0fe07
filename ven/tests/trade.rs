//! EiTender, EiTransaction, EiDelivery: EI 1.0, the party's side. Each tender counts once,
//! whatever is lost on the way.
#![allow(clippy::unwrap_used)]

mod common;

use common::{World, t};
use jiff::SignedDuration;
use oadr_platform::Interval;
use oadr_platform::market::{Product, Side, Tender};
use oadr_schemas::ei::Message;
use oadr_schemas::ei::ei::{ArrayofResponses, EiResponse, EiTransaction, RefID};
use oadr_schemas::ei::emix::TransactiveState;
use oadr_schemas::ei::pyld::*;
use oadr_schemas::emix::{Delivery, Measure, Metered, Product as Wire, Quantity};
use oadr_schemas::openadr::Code;
use rust_decimal::Decimal;

fn tender(id: &str) -> Tender {
    Tender {
        id: id.into(),
        party: "house".into(),
        counter_party: None,
        side: Side::Sell,
        product: Product {
            market_context: "http://market.example/A".into(),
            class: "energy".into(),
            currency: "EUR".into(),
            interval: Interval::hour(t("2026-06-01T13:00:00Z")),
        },
        quantity_wh: Decimal::from(2_500),
        price_per_kwh: Decimal::new(21, 2),
        integral_only: false,
        expires_at: t("2026-06-01T13:00:00Z"),
    }
}

fn ok() -> EiResponse {
    EiResponse::ok(RefID::of("r"))
}

/// A market that takes every tender, for a little more than its limit, and has measured a
/// little less than was sold.
fn market(message: &Message) -> Message {
    match message {
        Message::EiCreateTender(m) => EiCreatedTender {
            ei_response: ok(),
            responses: ArrayofResponses::default(),
            party_id: m.party_id.clone(),
            counter_party_id: None,
            tender_id: m.ei_tender.iter().map(|tender| tender.tender_id.clone()).collect(),
        }
        .into(),
        Message::EiRequestTransaction(_) => EiReplyTransaction {
            ei_response: ok(),
            responses: None,
            ei_transaction: vec![transaction()],
        }
        .into(),
        Message::EiCreateDelivery(m) => {
            let mut delivery = Delivery::try_from(&m.delivery[0]).unwrap();
            let quantity = Quantity::watt_hours(Decimal::from(2_400));
            delivery.metered[0].quantity = Some((quantity, Measure::KWH));
            delivered(vec![delivery], ok())
        }
        other => panic!("{other:?}"),
    }
}

fn delivered(all: Vec<Delivery>, ei_response: EiResponse) -> Message {
    let now = t("2026-06-01T14:00:00Z");
    let ei_delivery = all.iter().map(|delivery| delivery.to_ei("d1", now).unwrap()).collect();
    EiCreatedDelivery { ei_response, responses: None, ei_delivery }.into()
}

fn transaction() -> EiTransaction {
    let head = oadr_schemas::emix::Head {
        uid: "t1".to_owned(),
        state: TransactiveState::Transaction,
        side: oadr_schemas::emix::Side::Sell,
        market_context: oadr_schemas::xml::Text::parse("http://market.example/A").unwrap(),
        currency: Some(oadr_schemas::xml::Text::parse("EUR").unwrap()),
        expires: None,
        integral_only: true,
        terms: None,
    };
    let times = (t("2026-06-01T13:00:00Z"), SignedDuration::from_hours(1));
    let meter = oadr_schemas::ei::power::MeterAsset { mrid: "ven-1".to_owned() };
    let place = oadr_schemas::emix::Place::MeterAsset(meter);
    let product = Wire::energy(head, times, place, (Decimal::from(2_500), Decimal::new(23, 2)));
    EiTransaction::accepting("t1", "x1", &product).unwrap()
}

/// Answers the first deliveries asked for with 469.
fn slow_meter(message: &Message) -> Message {
    match message {
        Message::EiCreateDelivery(_) => {
            let error = EiResponse::error(Code::NotDeployed, "not yet", RefID::of("r"));
            delivered(vec![], error)
        }
        other => market(other),
    }
}

fn strict(message: &Message) -> Message {
    match message {
        Message::EiCreateTender(m) => EiCreatedTender {
            ei_response: EiResponse::error(Code::TargetMismatch, "no", RefID::of("r")),
            responses: ArrayofResponses::default(),
            party_id: m.party_id.clone(),
            counter_party_id: None,
            tender_id: vec![],
        }
        .into(),
        Message::EiRequestTransaction(_) => {
            EiReplyTransaction { ei_response: ok(), responses: None, ei_transaction: vec![] }.into()
        }
        other => panic!("{other:?}"),
    }
}

async fn with(trade: fn(&Message) -> Message) -> World {
    let world = World::registered().await;
    world.vtn.state().trade = Some(trade);
    world.site.script().tenders = vec![tender("t1")];
    world
}

fn tenders(world: &World) -> Vec<EiCreateTender> {
    let state = world.vtn.state();
    let all = state.heard_ei.iter();
    all.filter_map(|m| if let Message::EiCreateTender(m) = m { Some(m.clone()) } else { None })
        .collect()
}

#[tokio::test]
async fn a_tender_of_the_site_goes_to_the_market_once_in_its_own_words() {
    let mut world = with(strict).await;
    world.vtn.state().trade = Some(market);
    world.pass(200).await;
    let sent = tenders(&world);
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].party_id.as_str(), sent[0].counter_party_id.as_str()), ("ven-1", "vtn-1"));
    let product = sent[0].ei_tender[0].product().unwrap();
    assert_eq!(product.watt_hours(), Some(Decimal::from(2_500)));
    assert_eq!(product.price_per_kwh(), Some(Decimal::new(21, 2)));
    assert_eq!(product.head.state, TransactiveState::Tender);
    assert_eq!(product.start, t("2026-06-01T13:00:00Z"));
}

#[tokio::test]
async fn a_tender_whose_answer_was_lost_is_sent_again_word_for_word() {
    let mut world = with(market).await;
    world.vtn.state().lost_ei = 2;
    world.pass(61).await;
    world.restart().await;
    world.pass(120).await;
    let sent = tenders(&world);
    assert_eq!(sent.len(), 3);
    assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "the same ids each time");
    assert_eq!(world.status().tenders[0].state, "standing");
}

#[tokio::test]
async fn a_refused_tender_is_told_and_not_repeated() {
    let mut world = with(strict).await;
    world.pass(300).await;
    assert_eq!(tenders(&world).len(), 1);
    assert_eq!(world.status().tenders[0].state, "462 no");
}

#[tokio::test]
async fn a_transaction_reaches_the_site_in_the_words_of_its_tender_once() {
    let mut world = with(market).await;
    world.pass(300).await;
    let trades = world.site.script().trades.clone();
    assert_eq!(trades.len(), 1);
    assert_eq!(trades[0].seller.as_str(), "house");
    assert_eq!(trades[0].sell_tender.as_str(), "t1");
    assert_eq!(trades[0].price_per_kwh, Decimal::new(23, 2));
    assert_eq!(trades[0].product, tender("t1").product);
    world.restart().await;
    world.pass(200).await;
    assert_eq!(world.site.script().trades.len(), 2, "told again after a restart, while it counts");
}

#[tokio::test]
async fn a_delivery_is_read_back_when_the_hour_is_over_and_asked_for_until_it_is_there() {
    let mut world = with(slow_meter).await;
    world.until("2026-06-01T13:59:00Z").await;
    let asked = |world: &World| {
        let state = world.vtn.state();
        let all = state.heard_ei.iter();
        all.filter(|m| matches!(m, Message::EiCreateDelivery(_))).cloned().collect::<Vec<_>>()
    };
    assert_eq!(asked(&world), [], "not before its end");
    world.until("2026-06-01T14:05:00Z").await;
    let first = asked(&world);
    assert!((4..=7).contains(&first.len()), "{}", first.len());
    assert!(first.windows(2).all(|pair| pair[0] == pair[1]), "the same question each time");
    let Message::EiCreateDelivery(m) = &first[0] else { panic!() };
    let wanted = Delivery::try_from(&m.delivery[0]).unwrap();
    assert!(wanted.injection, "sold is injected");
    let Metered { start, duration, .. } = wanted.metered[0];
    assert_eq!((start, duration.as_secs()), (t("2026-06-01T13:00:00Z"), 3_600));
    assert_eq!(world.status().trades[0].delivered_wh, None);
    world.vtn.state().trade = Some(market);
    world.pass(120).await;
    assert_eq!(world.status().trades[0].delivered_wh, Some(Decimal::from(2_400)));
    let after = asked(&world).len();
    world.pass(300).await;
    assert_eq!(asked(&world).len(), after);
}

#[tokio::test]
async fn a_tender_that_expired_during_an_outage_is_not_sent() {
    let mut world = with(market).await;
    world.site.script().tenders[0].expires_at = t("2026-06-01T12:02:00Z");
    world.pass(55).await;
    world.vtn.state().away = Some(None);
    world.until("2026-06-01T12:10:00Z").await;
    world.vtn.state().away = None;
    world.pass(120).await;
    assert_eq!(tenders(&world).len(), 0);
    assert_eq!(world.status().tenders[0].state, "it expired before the VTN had it");
}
