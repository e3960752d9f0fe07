//! The same for the payloads of EI 1.0 that are served: `answers_ei.txt`.

#[path = "../trade/mod.rs"]
mod trade;

use jiff::SignedDuration;
use oadr_schemas::ei::Message;
use oadr_schemas::ei::ei::EiTransaction;
use oadr_schemas::ei::pyld::{EiCreateDelivery, EiCreateTransaction};
use oadr_schemas::emix::{Delivery, Metered, TransactiveState};
use oadr_schemas::exchange::ei_table;
use oadr_schemas::xml::{self, Limits};
use oadr_store::Pair;

use crate::answers::{Answers, Expected};
use crate::change;
use trade::{CONTEXT, Hall, OK, Party, at, buy, sell};

/// A market in which `A` has a tender of its own, `mine`, and one of `B` directed at it, `offered`.
struct World {
    hall: Hall,
    a: Party,
}

impl World {
    async fn new() -> Self {
        let hall = Hall::new().await;
        let (a, b) = (hall.party("A").await, hall.party("B").await);
        let mine = a.tender(&hall, "mine", buy(1_000, "0.10")).await;
        assert_eq!(trade::code(&mine.ei_response), OK);
        let offered = b.tender_to(&hall, ("A", "offered"), sell(5_000, "0.10")).await;
        assert_eq!(trade::code(&offered.ei_response), OK);
        Self { hall, a }
    }

    fn messages(&self) -> Vec<Message> {
        let a = &self.a;
        let mut tenders = a.ask_tenders(&["mine"]);
        tenders.market_context = vec![CONTEXT.into()];
        let mut transactions = a.ask_transactions(&["none yet"]);
        transactions.market_context = vec![CONTEXT.into()];
        let accepted = EiTransaction {
            transaction_id: "accepted".into(),
            tender_id: Some("offered".into()),
            emix_base: buy(1_000, "0.10").product(TransactiveState::Transaction).to_emix().unwrap(),
        };
        let accept = EiCreateTransaction {
            request_id: "a1".into(),
            party_id: "A".into(),
            counter_party_id: "B".into(),
            ei_transaction: vec![accepted],
        };
        let hour = Metered {
            uid: "0".into(),
            start: at(-60),
            duration: SignedDuration::from_hours(1),
            quantity: None,
        };
        let delivery = Delivery { uid: "d".into(), injection: false, metered: vec![hour] };
        let deliver = EiCreateDelivery {
            request_id: "d1".into(),
            requestor_party_id: "A".into(),
            delivery: vec![delivery.to_emix().unwrap()],
        };
        let cancel = oadr_schemas::ei::pyld::EiCancelTender {
            request_id: "c1".into(),
            party_id: "A".into(),
            counter_party_id: Some(trade::MARKET.into()),
            tender_id: vec!["mine".into()],
        };
        vec![
            a.create(vec![buy(2_000, "0.05").tender("new")]).into(),
            tenders.into(),
            cancel.into(),
            accept.into(),
            transactions.into(),
            deliver.into(),
        ]
    }

    async fn send(&self, name: &str, document: &str) -> (u16, u16) {
        let row = ei_table::PAIRINGS.iter().find(|row| row.request == name).unwrap();
        let path = format!("/EI/Simple/1.0/{}", row.service.name());
        let answer = self.a.post(&self.hall, &path, document.to_owned()).await;
        if answer.status != 200 {
            assert!(answer.body.is_empty(), "{name}: {answer:?}");
            return (answer.status, 0);
        }
        let reply: Message = xml::decode_any(&answer.body, &Limits::reports()).unwrap();
        assert_eq!(Some(reply.name()), row.reply, "{name}");
        (200, trade::code(reply.response().unwrap()))
    }

    fn dump(&self) -> Vec<(String, Vec<Pair>)> {
        crate::world::dump(self.hall.vtn.store())
    }
}

#[tokio::test]
async fn every_change_of_an_ei_payload_gets_its_answer_and_leaves_no_trace() {
    let answers = Answers::read(include_str!("answers_ei.txt"));
    let (mut wrong, mut made) = (Vec::new(), 0);
    let mut world = World::new().await;
    for message in world.messages() {
        let (name, document) = (message.name(), xml::encode_any(&message));
        for change in change::all(&document) {
            let before = world.dump();
            let (status, code) = world.send(name, &change.text).await;
            let changed = world.dump() != before;
            let expected = answers.to(name, &change);
            let got = Expected { status, code, changes: expected.changes.map(|_| changed) };
            if got != expected {
                let (place, way) = (&change.place, change.way);
                wrong.push(format!("{name} {place} {way}: {got:?}, not {expected:?}"));
            }
            if changed {
                world = World::new().await;
            }
            made += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {made}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(answers.idle(), [""; 0], "lines of answers_ei.txt that nothing needs");
    assert!(made > 700, "only {made} changes");
}

#[tokio::test]
async fn the_same_ei_request_again_gets_the_same_reply_and_changes_nothing_more() {
    for message in World::new().await.messages() {
        let world = World::new().await;
        let (name, document) = (message.name(), xml::encode_any(&message));
        let first = world.send(name, &document).await;
        let expected = if name == "eiCreateDelivery" { 462 } else { OK };
        assert_eq!(first, (200, expected), "{name}");
        let before = world.dump();
        assert_eq!(world.send(name, &document).await, first, "{name}");
        assert!(world.dump() == before, "{name}");
    }
}
