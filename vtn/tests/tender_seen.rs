//! EiTender: who sees which tenders, and how much of them at once.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod trade;

use oadr_schemas::ei::pyld::EiRequestTender;
use oadr_store::{Batch, Table};
use oadr_vtn::trade::record::{State, Tender};

use trade::{CONTEXT, Hall, MARKET, OK, Offer, at, buy, code, sell, words};

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

fn interval_of(offer: &Offer<'_>) -> oadr_schemas::ei::xcal::WsCalendarInterval {
    use oadr_schemas::ei::{emix::EmixBase, xcal::VcalendarContainedComponent2};
    let EmixBase::Product(product) = offer.tender("t").emix_base else { panic!("a product") };
    match product.components.vcalendar_contained_component.into_iter().next().unwrap() {
        VcalendarContainedComponent2::Interval(interval) => interval,
        other => panic!("{other:?}"),
    }
}
