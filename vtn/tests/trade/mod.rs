//! A VTN with a market, and parties that trade there, without a network.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses its part.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use oadr_certs::PeerCertificate;
use oadr_certs::dev::{Ca, KeyKind, Role, Subject, Validity};
use oadr_platform::Market;
use oadr_platform::market::Matcher;
use oadr_schemas::ei::ei::{EiResponse, EiTender, EiTransaction};
use oadr_schemas::ei::power::{Pnode, ServiceDeliveryPoint};
use oadr_schemas::ei::pyld::{
    EiCancelTender, EiCanceledTender, EiCreateTender, EiCreateTransaction, EiCreatedTender,
    EiCreatedTransaction, EiReplyTender, EiReplyTransaction, EiRequestTender, EiRequestTransaction,
};
use oadr_schemas::ei::{self, Message};
use oadr_schemas::emix::{Head, Place, Product, Side, TransactiveState};
use oadr_schemas::exchange::{Reply, Request, ei_table};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::oadr::{OadrCreatePartyRegistration, OadrProfile, OadrTransport};
use oadr_schemas::xml::{self, Limits, Text};
use oadr_schemas::{emix, openadr};
use oadr_store::{Memory, Store};
use oadr_transport::{Answer, Handler, ManualClock, Peer, Random, Received};
use oadr_vtn::record::Enrolment;
use oadr_vtn::trade::record::{Tender, Transaction};
use oadr_vtn::{Hooks, Settings, Vtn};
use rand::SeedableRng;
use rust_decimal::Decimal;

/// The market's own partyID.
pub const MARKET: &str = "VTN-1";
/// The market context everything is traded in.
pub const CONTEXT: &str = "http://market.example/hourly";

/// A VTN with a market.
pub struct Hall {
    pub vtn: Vtn,
    pub clock: ManualClock,
    pub memory: Memory,
    pub settings: Settings,
}

impl Hall {
    /// With the reference market.
    pub async fn new() -> Self {
        Self::with(matcher()).await
    }

    pub async fn with(market: Arc<dyn Market>) -> Self {
        let memory = Memory::new();
        Self::on(memory, market).await
    }

    pub async fn on(memory: Memory, market: Arc<dyn Market>) -> Self {
        let mut settings = Settings::new(MARKET);
        settings.market_contexts = vec![CONTEXT.to_owned()];
        let clock = ManualClock::new(noon());
        let vtn = open(&settings, memory.open(), &clock, market).await.unwrap();
        Self { vtn, clock, memory, settings }
    }

    /// The program is killed and started again on the same store, with a fresh market.
    pub async fn restart(&mut self) {
        self.reopen(matcher()).await.unwrap();
    }

    pub async fn reopen(&mut self, market: Arc<dyn Market>) -> Result<(), oadr_vtn::Error> {
        self.vtn = open(&self.settings, self.memory.open(), &self.clock, market).await?;
        Ok(())
    }

    pub fn pass(&self, time: SignedDuration) {
        self.clock.advance(time.unsigned_abs());
    }

    /// A party that has registered.
    pub async fn party(&self, id: &str) -> Party {
        let certificate = certificate(id);
        let fingerprint = certificate.fingerprint();
        let enrolment = Enrolment {
            fingerprint,
            ven_id: Some(id.to_owned()),
            name: None,
            groups: Default::default(),
        };
        self.vtn.enrol_ven(enrolment).await.unwrap();
        let party = Party { certificate, id: id.to_owned() };
        let registration = OadrCreatePartyRegistration {
            schema_version: None,
            request_id: "r1".into(),
            registration_id: None,
            ven_id: None,
            oadr_profile_name: OadrProfile::V20b,
            oadr_transport_name: OadrTransport::SimpleHttp,
            oadr_transport_address: None,
            oadr_report_only: false,
            oadr_xml_signature: false,
            oadr_ven_name: None,
            oadr_http_pull_model: Some(true),
        };
        assert!(party.openadr(self, "EiRegisterParty", registration.into()).await.1);
        party
    }

    /// Every tender, in the order of party and tenderID.
    pub fn tenders(&self) -> Vec<Tender> {
        self.vtn.tenders(None, usize::MAX).unwrap()
    }

    pub fn tender(&self, party: &str, id: &str) -> Tender {
        let named = |t: &Tender| t.offer.party.as_str() == party && t.offer.id.as_str() == id;
        self.tenders().into_iter().find(named).unwrap()
    }

    /// Every transaction, in the order they were made.
    pub fn transactions(&self) -> Vec<Transaction> {
        self.vtn.transactions(None, usize::MAX).unwrap().into_iter().map(|(_, t)| t).collect()
    }
}

pub fn matcher() -> Arc<dyn Market> {
    Arc::new(Matcher::operated_by(MARKET.into()))
}

async fn open(
    settings: &Settings,
    store: Store,
    clock: &ManualClock,
    market: Arc<dyn Market>,
) -> Result<Vtn, oadr_vtn::Error> {
    let hooks = Hooks { market, ..Hooks::default() };
    let random = Random::seed_from_u64(1);
    Vtn::open(settings.clone(), store, hooks, Arc::new(clock.clone()), random).await
}

/// A party's end.
#[derive(Clone)]
pub struct Party {
    pub certificate: Arc<PeerCertificate>,
    pub id: String,
}

impl Party {
    /// Posts raw bytes.
    pub async fn post(&self, hall: &Hall, path: &str, body: String) -> Answer {
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        let peer = Peer { certificate: Arc::clone(&self.certificate), address };
        let received = Received { path: path.to_owned(), body: body.into_bytes().into() };
        hall.vtn.handle(peer, received).await
    }

    /// Sends an OpenADR message; the reply, and whether it says success.
    pub async fn openadr(
        &self,
        hall: &Hall,
        service: &str,
        message: openadr::Message,
    ) -> (openadr::Message, bool) {
        let path = format!("/OpenADR2/Simple/2.0b/{service}");
        let answer = self.post(hall, &path, openadr::encode(message, None)).await;
        let reply = openadr::decode(&answer.body, &Limits::reports()).unwrap().message;
        let good = reply.response().is_some_and(|response| response.response_code.is_ok());
        (reply, good)
    }

    /// The raw answer to an EI message at its own address.
    pub async fn raw(&self, hall: &Hall, message: impl Into<Message>) -> Answer {
        let message = message.into();
        let service = ei_table::pairing_of(&message).unwrap().service;
        let path = format!("/EI/Simple/1.0/{}", service.name());
        self.post(hall, &path, xml::encode_any(&message)).await
    }

    /// Sends an EI message and reads the reply, which is schema-valid.
    pub async fn send<R: Request<Message = Message>>(&self, hall: &Hall, request: R) -> R::Reply {
        let answer = self.raw(hall, request).await;
        assert_eq!(answer.status, 200, "HTTP status");
        let reply: Message = xml::decode_any(&answer.body, &Limits::reports()).unwrap();
        R::Reply::from_body(Some(reply)).unwrap_or_else(|other| panic!("another reply: {other:?}"))
    }

    /// eiCreateTender to the market.
    pub fn create(&self, tenders: Vec<EiTender>) -> EiCreateTender {
        EiCreateTender {
            request_id: "t1".into(),
            party_id: self.id.clone(),
            counter_party_id: MARKET.into(),
            ei_tender: tenders,
        }
    }

    pub async fn tender(&self, hall: &Hall, id: &str, offer: Offer<'_>) -> EiCreatedTender {
        self.send(hall, self.create(vec![offer.tender(id)])).await
    }

    /// The same, directed at one party.
    pub async fn tender_to(
        &self,
        hall: &Hall,
        (other, id): (&str, &str),
        offer: Offer<'_>,
    ) -> EiCreatedTender {
        let create = self.create(vec![offer.tender(id)]);
        self.send(hall, EiCreateTender { counter_party_id: other.into(), ..create }).await
    }

    pub async fn cancel(&self, hall: &Hall, ids: &[&str]) -> EiCanceledTender {
        let cancel = EiCancelTender {
            request_id: "c1".into(),
            party_id: self.id.clone(),
            counter_party_id: None,
            tender_id: ids.iter().map(|id| (*id).to_owned()).collect(),
        };
        self.send(hall, cancel).await
    }

    /// What an eiRequestTender without filters asks.
    pub fn ask_tenders(&self, ids: &[&str]) -> EiRequestTender {
        EiRequestTender {
            request_id: "q1".into(),
            party_id: self.id.clone(),
            counter_party_id: Vec::new(),
            requestor_party_id: self.id.clone(),
            market_context: Vec::new(),
            tender_id: ids.iter().map(|id| (*id).to_owned()).collect(),
            interval: None,
        }
    }

    pub async fn tenders(&self, hall: &Hall, ids: &[&str]) -> EiReplyTender {
        self.send(hall, self.ask_tenders(ids)).await
    }

    pub fn ask_transactions(&self, ids: &[&str]) -> EiRequestTransaction {
        EiRequestTransaction {
            request_id: "q2".into(),
            party_id: self.id.clone(),
            counter_party_id: Vec::new(),
            requestor_party_id: self.id.clone(),
            market_context: Vec::new(),
            transaction_id: ids.iter().map(|id| (*id).to_owned()).collect(),
            interval: None,
        }
    }

    pub async fn transactions(&self, hall: &Hall, ids: &[&str]) -> EiReplyTransaction {
        self.send(hall, self.ask_transactions(ids)).await
    }

    /// Accepts `owner`'s tender.
    pub async fn accept(
        &self,
        hall: &Hall,
        (owner, tender, transaction): (&str, &str, &str),
        offer: Offer<'_>,
    ) -> EiCreatedTransaction {
        let one = EiTransaction {
            transaction_id: transaction.into(),
            tender_id: Some(tender.into()),
            emix_base: offer.product(TransactiveState::Transaction).to_emix().unwrap(),
        };
        let create = EiCreateTransaction {
            request_id: "a1".into(),
            party_id: self.id.clone(),
            counter_party_id: owner.into(),
            ei_transaction: vec![one],
        };
        self.send(hall, create).await
    }
}

/// What a tender offers. Energy in the hour from 14:00, until the gate, in euros.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub side: &'a str,
    pub wh: i64,
    pub price: &'a str,
    pub start: Timestamp,
    pub expires: Option<Timestamp>,
    pub integral_only: bool,
    pub context: &'a str,
    pub pnode: Option<&'a str>,
}

/// To buy so many Wh at so much for a kWh at most.
pub fn buy(wh: i64, price: &str) -> Offer<'_> {
    Offer {
        side: "buy",
        wh,
        price,
        start: at(120),
        expires: None,
        integral_only: false,
        context: CONTEXT,
        pnode: None,
    }
}

/// To sell so many Wh at so much for a kWh at least.
pub fn sell(wh: i64, price: &str) -> Offer<'_> {
    Offer { side: "sell", ..buy(wh, price) }
}

impl Offer<'_> {
    pub fn product(&self, state: TransactiveState) -> Product {
        let node = |node: &str| node.to_owned();
        let place = match self.pnode {
            Some(name) => Place::Pnode(Pnode { node: node(name) }),
            None => Place::ServiceDeliveryPoint(ServiceDeliveryPoint { node: node("meter") }),
        };
        let head = Head {
            uid: "p1".into(),
            state,
            side: Side::parse(self.side).unwrap(),
            market_context: self.context.into(),
            currency: Some(emix::CurrencyCode::parse("EUR").unwrap()),
            expires: self.expires,
            integral_only: self.integral_only,
            terms: None,
        };
        let amounts = (self.wh.into(), number(self.price));
        Product::energy(head, (self.start, SignedDuration::from_hours(1)), place, amounts)
    }

    pub fn tender(&self, id: &str) -> EiTender {
        let emix_base = self.product(TransactiveState::Tender).to_emix().unwrap();
        EiTender { tender_id: id.into(), emix_base }
    }
}

/// The day every test begins: 2026-06-01, noon UTC.
pub fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

/// A certificate of a throw-away authority, valid for a year.
pub fn certificate(name: &str) -> Arc<PeerCertificate> {
    static CA: OnceLock<Ca> = OnceLock::new();
    let ca = CA.get_or_init(|| Ca::ecc(Validity::days(noon(), 3650)).unwrap());
    let (name, hosts) = (name.to_owned(), Vec::new());
    let subject = Subject { role: Role::Ven, name, key: KeyKind::Ecc, hosts };
    let identity = ca.issue_for(&subject, Validity::days(noon(), 365)).unwrap();
    Arc::new(PeerCertificate::from_der(identity.leaf()).unwrap())
}

/// So many minutes after noon.
pub fn at(minutes: i64) -> Timestamp {
    noon().checked_add(SignedDuration::from_mins(minutes)).unwrap()
}

pub fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The code of a response.
pub fn code(response: &EiResponse) -> u16 {
    response.response_code.value().parse().unwrap()
}

/// The words of a response.
pub fn words(response: &EiResponse) -> &str {
    response.response_description.as_deref().unwrap_or_default()
}

/// The code and words of the only item of a list.
pub fn only(responses: Option<&ei::ei::ArrayofResponses>) -> (u16, String) {
    let all = &responses.expect("responses").response;
    assert_eq!(all.len(), 1, "{all:?}");
    (code(&all[0]), words(&all[0]).to_owned())
}

/// 200.
pub const OK: u16 = Code::Ok.number();
