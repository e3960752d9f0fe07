//! A VEN that the VTN posts to: OpenADR 2.0b Profile, rules 23, 38, 51, 402, 405, 511, 517.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use common::{World, make, noon, vtn::Vtn};
use oadr_certs::PeerCertificate;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_schemas::openadr::oadr::*;
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::{Code, Message, decode, encode};
use oadr_schemas::xml::Limits;
use oadr_transport::{Answer, Handler, ManualClock, Peer, Received};
use oadr_ven::{Ear, Handle, Settings};
use tokio::task::JoinHandle;

const HERE: &str = "https://gateway.example:9443/ven/";

/// The VTN's certificate, and another's.
static CALLERS: LazyLock<[Arc<PeerCertificate>; 2]> = LazyLock::new(|| {
    let ca = Ca::ecc(Validity::days(noon(), 30)).unwrap();
    [Role::Vtn, Role::Ven].map(|role| {
        let own = ca.issue(role, "caller", KeyKind::Ecc, &[]).unwrap();
        Arc::new(PeerCertificate::from_der(own.leaf()).unwrap())
    })
});

/// A VEN that runs, and its ear.
struct Running {
    ear: Ear,
    vtn: Arc<Vtn>,
    clock: ManualClock,
    handle: Handle,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn pushed_to() -> Settings {
    Settings { push_to: Some(HERE.to_owned()), ..Settings::default() }
}

impl Running {
    async fn new() -> Self {
        let running = Self::of(World::with(pushed_to()).await);
        running.handle.settled().await;
        running.vtn.forget();
        running
    }

    fn of(world: World) -> Self {
        let World { mut ven, vtn, clock, .. } = world;
        let known = CALLERS[0].thumbprint;
        let ear = ven.ear("/ven/", Arc::new(move |peer| peer.thumbprint == known));
        let handle = ven.handle();
        let task = tokio::spawn(async move {
            ven.run(std::future::pending()).await.unwrap();
        });
        Self { ear, vtn, clock, handle, task }
    }

    async fn post(&self, caller: usize, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        let peer = Peer { certificate: Arc::clone(&CALLERS[caller]), address };
        let request = Received { path: path.to_owned(), body: body.into().into() };
        self.ear.handle(peer, request).await
    }

    /// As the VTN does; `None` is an empty 200.
    async fn tell(&self, service: &str, message: impl Into<Message>) -> Option<Message> {
        let path = format!("/ven/OpenADR2/Simple/2.0b/{service}");
        let answer = self.post(0, &path, encode(message.into(), None)).await;
        assert_eq!(answer.status, 200);
        let read = |body: &[u8]| decode(body, &Limits::reports()).unwrap().message;
        let answer = (!answer.body.is_empty()).then(|| read(&answer.body));
        // What it does about it is done.
        self.handle.nudge();
        self.handle.settled().await;
        answer
    }
}

fn metadata() -> OadrRegisterReport {
    OadrRegisterReport {
        schema_version: None,
        request_id: "md-1".into(),
        oadr_report: Vec::new(),
        ven_id: Some("ven-1".into()),
        report_request_id: None,
    }
}

fn code(answer: Option<Message>) -> String {
    answer.unwrap().response().unwrap().response_code.value().clone()
}

#[tokio::test]
async fn rule_402_it_registers_with_its_address_and_never_polls() {
    let running = Running::of(World::with(pushed_to()).await);
    running.handle.settled().await;
    let create = running.vtn.one::<OadrCreatePartyRegistration>();
    assert_eq!(create.oadr_http_pull_model, Some(false));
    assert_eq!(create.oadr_transport_address.as_deref(), Some(HERE));
    running.clock.advance(Duration::from_secs(1_800));
    running.handle.settled().await;
    assert_eq!(running.vtn.polls(), 0, "rule 51");
}

#[tokio::test]
async fn what_answers_at_once_goes_back_with_the_reply() {
    let running = Running::new().await;
    let answer = running.tell("EiReport", metadata()).await;
    let registered = OadrRegisteredReport::try_from(answer.unwrap()).unwrap();
    assert_eq!(registered.ei_response.request_id, "md-1");
    assert!(running.vtn.names().is_empty(), "{:?}", running.vtn.names());
}

#[tokio::test]
async fn rule_51_events_are_taken_without_a_word_and_answered_in_a_request() {
    let running = Running::new().await;
    let list = make::list("list-1", [make::event("e1")]);
    for times in 1..=2 {
        assert!(running.tell("EiEvent", list.clone()).await.is_none());
        let answers = running.vtn.all::<OadrCreatedEvent>();
        assert_eq!(answers.len(), times, "the same again is answered again");
        assert_eq!(answers[times - 1].answers()[0].qualified_event_id.event_id, "e1");
    }
}

#[tokio::test]
async fn rule_517_only_the_vtn_is_heard() {
    let running = Running::new().await;
    let body = encode(make::list("list-1", [make::event("e1")]).into(), None);
    let path = "/ven/OpenADR2/Simple/2.0b/EiEvent";
    assert_eq!(running.post(1, path, body.clone()).await.status, 403);
    assert!(running.vtn.names().is_empty());
    assert_eq!(running.post(0, path, body).await.status, 200);
}

#[tokio::test]
async fn what_is_not_for_a_ven_is_refused_and_does_nothing() {
    let running = Running::new().await;
    let base = "/ven/OpenADR2/Simple/2.0b";
    let good = encode(metadata().into(), None);
    for (path, body, status) in [
        (format!("{base}/OadrPoll"), good.clone(), 404),
        (format!("{base}/EiEvent"), good.clone(), 404),
        ("/OpenADR2/Simple/2.0b/EiReport".to_owned(), good.clone(), 404),
        ("/ven/EI/Simple/1.0/EiTender".to_owned(), good.clone(), 404),
        (format!("{base}/EiReport"), good.replace("requestID", "requestId"), 406),
        (format!("{base}/EiReport"), "so".to_owned(), 406),
    ] {
        assert_eq!(running.post(0, &path, body).await.status, status, "{path}");
    }
    let ei_request_event =
        EiRequestEvent { request_id: "r".into(), ven_id: "ven-1".into(), reply_limit: None };
    let request = OadrRequestEvent { schema_version: None, ei_request_event };
    assert_eq!(code(running.tell("EiEvent", request).await), "459", "rule 23");
    let foreign = OadrRegisterReport { ven_id: Some("ven-2".into()), ..metadata() };
    assert_eq!(code(running.tell("EiReport", foreign).await), "452", "rule 21");
    assert!(running.vtn.names().is_empty(), "{:?}", running.vtn.names());
}

#[tokio::test]
async fn a_cancellation_is_answered_and_then_rule_405_nothing_is_taken() {
    let running = Running::new().await;
    let cancel = OadrCancelPartyRegistration {
        schema_version: None,
        request_id: "c1".into(),
        registration_id: "reg-1".into(),
        ven_id: Some("ven-1".into()),
    };
    let answer = running.tell("EiRegisterParty", cancel).await.unwrap();
    assert!(OadrCanceledPartyRegistration::try_from(answer).unwrap().ei_response.is_ok());
    assert!(!running.handle.status().borrow().registered);
    let answer = running.tell("EiEvent", make::list("list-1", [make::event("e1")])).await;
    assert_eq!(code(answer), Code::NotRegistered.number().to_string());
    assert!(running.vtn.all::<OadrCreatedEvent>().is_empty());
}

#[tokio::test]
async fn asked_to_it_registers_again_with_both_ids() {
    let running = Running::new().await;
    let again = OadrRequestReregistration { schema_version: None, ven_id: "ven-1".into() };
    assert_eq!(code(running.tell("EiRegisterParty", again).await), "200");
    let create = running.vtn.one::<OadrCreatePartyRegistration>();
    assert_eq!(create.registration_id.as_deref(), Some("reg-1"));
}

#[tokio::test]
async fn a_vtn_that_falls_silent_is_asked_for_its_events() {
    let running = Running::new().await;
    running.clock.advance(Duration::from_secs(3_599));
    running.handle.settled().await;
    let before = running.vtn.all::<OadrRequestEvent>().len();
    running.clock.advance(Duration::from_secs(7_200));
    running.handle.settled().await;
    assert!(running.vtn.all::<OadrRequestEvent>().len() > before);
}

#[tokio::test]
async fn at_another_address_it_registers_again_and_keeps_its_ids() {
    let mut world = World::with(pushed_to()).await;
    world.step().await;
    world.vtn.forget();
    for (push_to, pull) in [(Some("https://else.example/".to_owned()), false), (None, true)] {
        world.settings.push_to.clone_from(&push_to);
        world.restart().await;
        world.step().await;
        let create = world.vtn.one::<OadrCreatePartyRegistration>();
        assert_eq!(create.registration_id.as_deref(), Some("reg-1"));
        assert_eq!(
            (create.oadr_transport_address, create.oadr_http_pull_model),
            (push_to, Some(pull))
        );
        world.pass(60).await;
        assert_eq!(world.vtn.all::<OadrCreatePartyRegistration>().len(), 1, "once");
        world.vtn.forget();
    }
}
