//! No request does work that grows with the number of VENs. Counted, not timed: what a request
//! reads of the store is the same among two VENs and among two thousand.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{certificate, minutes, noon, simple};
use oadr_platform as _;
use oadr_schemas::openadr::oadr::{OadrDistributeEvent, OadrPoll, OadrRequestEvent};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::{self, Message};
use oadr_store::{
    Answer, Batch, Engine, Error, Memory, Pair, Read, Snapshot, Span, Store, View, Watchers,
};
use oadr_transport::{Handler, ManualClock, Peer, Random, Received};
use oadr_vtn::record::Enrolment;
use oadr_vtn::settings::Policy;
use oadr_vtn::{Hooks, Settings, Vtn};
use rand::SeedableRng;

#[tokio::test]
async fn a_poll_reads_as_much_among_two_thousand_vens_as_among_two() {
    let (few, many) = (Crowd::of(2).await, Crowd::of(2_000).await);
    // Nothing waits; then an event for everybody; then its answer is awaited.
    let (idle_few, idle_many) = (few.poll().await, many.poll().await);
    assert_eq!(idle_few, idle_many);
    assert!(idle_few.1 <= 8, "an idle poll reads {} rows", idle_few.1);
    for crowd in [&few, &many] {
        let mut draft = simple(&[], noon().checked_add(minutes(60)).unwrap(), &[1]);
        draft.id = Some("e".into());
        draft.targets.all = true;
        crowd.vtn.create_event(draft).await.unwrap();
    }
    assert_eq!(few.poll().await, many.poll().await);
    assert_eq!(few.request_event().await, many.request_event().await);
    assert_eq!(few.poll().await, many.poll().await);
}

#[tokio::test]
async fn certificates_that_end_soon_are_found_without_reading_all() {
    let (few, many) = (Crowd::of(2).await, Crowd::of(2_000).await);
    for crowd in [&few, &many] {
        let read = crowd.certificates_that_end_soon();
        assert!(read <= 4, "{read} rows for the one that was seen");
    }
}

/// A VTN with so many registered VENs, of which one is asked to speak.
struct Crowd {
    vtn: Vtn,
    counted: Arc<Counted>,
    peer: Peer,
    id: String,
}

impl Crowd {
    async fn of(size: usize) -> Self {
        let counted = Arc::new(Counted::new(Memory::new().open()));
        let store = Store::with_engine(counted.clone());
        let settings = Settings { policy: Policy::Open, ..Settings::new("VTN-1") };
        let clock = Arc::new(ManualClock::new(noon()));
        let random = Random::seed_from_u64(7);
        let vtn = Vtn::open(settings, store, Hooks::default(), clock, random).await.unwrap();
        for n in 1..size {
            let mut fingerprint = [0; 10];
            fingerprint[2..].copy_from_slice(&(n as u64).to_be_bytes());
            let fingerprint = oadr_certs::Fingerprint(fingerprint);
            let (ven_id, name) = (Some(format!("crowd-{n}")), None);
            let groups = Default::default();
            vtn.enrol_ven(Enrolment { fingerprint, ven_id, name, groups }).await.unwrap();
        }
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
        let peer = Peer { certificate: certificate("one of many"), address };
        let mut crowd = Self { vtn, counted, peer, id: String::new() };
        crowd.register().await;
        crowd
    }

    async fn register(&mut self) {
        let bench = common::Bench::new().await;
        let create = bench.stranger("unused").create_registration();
        let Message::OadrCreatedPartyRegistration(created) = self.send(create.into()).await.0
        else {
            panic!()
        };
        self.id = created.ven_id.unwrap();
        // The VTN's metadata, once; its answer is not awaited here.
        self.poll().await;
    }

    /// Polls; gives the payload's name and how many rows were read.
    async fn poll(&self) -> (&'static str, usize) {
        let poll = OadrPoll { schema_version: None, ven_id: self.id.clone() };
        let (reply, read) = self.send(poll.into()).await;
        (reply.name(), read)
    }

    async fn request_event(&self) -> (usize, usize) {
        let (request_id, ven_id) = ("e1".into(), self.id.clone());
        let ei_request_event = EiRequestEvent { request_id, ven_id, reply_limit: None };
        let request = OadrRequestEvent { schema_version: None, ei_request_event };
        let (reply, read) = self.send(request.into()).await;
        (OadrDistributeEvent::try_from(reply).unwrap().oadr_event.len(), read)
    }

    /// How many rows are read to find the one certificate that was seen.
    fn certificates_that_end_soon(&self) -> usize {
        let before = self.counted.rows.load(Ordering::Relaxed);
        let year = noon().checked_add(minutes(366 * 24 * 60)).unwrap();
        let found = self.vtn.ven_certificates(Some(year), None, usize::MAX).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].ven, self.id);
        self.counted.rows.load(Ordering::Relaxed) - before
    }

    async fn send(&self, message: Message) -> (Message, usize) {
        let service = match &message {
            Message::OadrPoll(_) => "OadrPoll",
            Message::OadrRequestEvent(_) => "EiEvent",
            _ => "EiRegisterParty",
        };
        let path = format!("/OpenADR2/Simple/2.0b/{service}");
        let body = openadr::encode(message, None).into_bytes().into();
        let before = self.counted.rows.load(Ordering::Relaxed);
        let answer = self.vtn.handle(self.peer.clone(), Received { path, body }).await;
        let read = self.counted.rows.load(Ordering::Relaxed) - before;
        assert_eq!(answer.status, 200);
        (common::read(&answer), read)
    }
}

/// An engine that counts the rows that are read.
struct Counted {
    inner: Store,
    watchers: Watchers,
    rows: Arc<AtomicUsize>,
}

impl Counted {
    fn new(inner: Store) -> Self {
        Self { inner, watchers: Watchers::default(), rows: Arc::default() }
    }
}

impl Engine for Counted {
    fn snapshot(&self) -> Result<Snapshot, Error> {
        let (inner, rows) = (self.inner.snapshot()?, Arc::clone(&self.rows));
        Ok(Snapshot::new(Arc::new(CountedView { inner, rows })))
    }

    fn commit(&self, batch: Batch) -> Answer {
        let inner = self.inner.clone();
        Box::pin(async move { inner.commit(batch).await })
    }

    fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    fn close(&self) -> Answer {
        let inner = self.inner.clone();
        Box::pin(async move { inner.close().await })
    }
}

struct CountedView {
    inner: Snapshot,
    rows: Arc<AtomicUsize>,
}

impl View for CountedView {
    fn get(&self, table: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.rows.fetch_add(1, Ordering::Relaxed);
        self.inner.get_bytes(table, key)
    }

    fn range(&self, table: &str, span: &Span) -> Result<Vec<Pair>, Error> {
        let found = self.inner.range_bytes(table, span)?;
        self.rows.fetch_add(found.len() + 1, Ordering::Relaxed);
        Ok(found)
    }

    fn tables(&self) -> Result<Vec<String>, Error> {
        self.inner.tables()
    }
}
