//! PUSH VENs: rules 38, 51, 405, 500 and section 9.1.7. The VEN listens at a port of this machine;
//! the clock stands until a test moves it.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::*;
use oadr_certs::{Identity, PeerCertificate};
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCanceledPartyRegistration, OadrDistributeEvent, OadrRegisterReport, OadrResponse,
};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits as XmlLimits;
use oadr_transport::{Answer, Limits, ManualClock, Peer, Received, Server, ServerSecurity};
use oadr_vtn::record::Item;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where a PUSH VEN listens: what it heard, and what it is to say instead of taking it.
#[derive(Clone)]
struct Ear {
    at: SocketAddr,
    heard: Arc<Mutex<Vec<(String, Message)>>>,
    says: Arc<Mutex<VecDeque<Answer>>>,
    task: Arc<JoinHandle<usize>>,
}

impl Ear {
    /// Answers well for the VEN `id`, unless it is told to say something else.
    async fn open(id: &str, own: &Identity, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<(String, Message)>>> = Arc::default();
        let says: Arc<Mutex<VecDeque<Answer>>> = Arc::default();
        let (hears, told, id) = (heard.clone(), says.clone(), id.to_owned());
        let handler = move |_: Peer, request: Received| {
            let message = openadr::decode(&request.body, &XmlLimits::reports()).unwrap().message;
            let said = told.lock().unwrap().pop_front();
            let answer = said.unwrap_or_else(|| well(&id, &message));
            hears.lock().unwrap().push((request.path, message));
            async move { answer }
        };
        let clock = Arc::new(ManualClock::new(noon()));
        let server = Server::new(Arc::new(handler), Limits::default(), clock);
        let security = ServerSecurity::for_simulation(own.leaf());
        let never = std::future::pending();
        let task = tokio::spawn(async move { server.serve(listener, security, never).await });
        Self { at, heard, says, task: Arc::new(task) }
    }

    fn address(&self) -> String {
        format!("http://{}/ven/", self.at)
    }

    /// The next `count` payloads, and no others.
    async fn hear(&self, count: usize) -> Vec<Message> {
        let enough = || self.heard.lock().unwrap().len() >= count;
        until(enough, &format!("{count} payloads")).await;
        let heard = std::mem::take(&mut *self.heard.lock().unwrap());
        assert_eq!(heard.len(), count, "{heard:?}");
        heard.into_iter().map(|(_, message)| message).collect()
    }

    async fn hear_events(&self) -> OadrDistributeEvent {
        self.hear(1).await.remove(0).try_into().unwrap()
    }

    async fn hear_nothing(&self) {
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(self.heard.lock().unwrap().is_empty(), "{:?}", self.heard.lock().unwrap());
    }

    fn say(&self, answer: Answer) {
        self.says.lock().unwrap().push_back(answer);
    }

    /// Nobody listens there any more.
    fn close(&self) {
        self.task.abort();
    }
}

/// What a VEN that means well answers.
fn well(id: &str, message: &Message) -> Answer {
    let ven_id = Some(id.to_owned());
    let answer: Message = match message {
        // Rule 51: nothing; oadrCreatedEvent comes later.
        Message::OadrDistributeEvent(_) => return Answer::status(200),
        Message::OadrRegisterReport(m) => oadr_schemas::openadr::oadr::OadrRegisteredReport {
            schema_version: None,
            ei_response: EiResponse::ok(m.request_id.as_str()),
            oadr_report_request: Vec::new(),
            ven_id,
        }
        .into(),
        Message::OadrCancelPartyRegistration(m) => OadrCanceledPartyRegistration {
            schema_version: None,
            ei_response: EiResponse::ok(m.request_id.as_str()),
            registration_id: Some(m.registration_id.clone()),
            ven_id,
        }
        .into(),
        _ => OadrResponse::ok("").with_ven_id(id).into(),
    };
    Answer::ok(openadr::encode(answer, None))
}

/// A VEN that has not registered, and where it listens.
async fn listening<'a>(bench: &'a Bench, id: &str) -> (Ven<'a>, Ear, Identity) {
    let own = identity_until(id, noon().checked_add(minutes(60 * 24 * 30)).unwrap());
    let certificate = Arc::new(PeerCertificate::from_der(own.leaf()).unwrap());
    bench.enrol(id, certificate.fingerprint()).await;
    let ear = Ear::open(id, &own, 0).await;
    (Ven { bench, certificate, id: id.to_owned() }, ear, own)
}

async fn register(ven: &Ven<'_>, ear: &Ear) {
    let mut create = ven.create_registration();
    create.oadr_http_pull_model = Some(false);
    create.oadr_transport_address = Some(ear.address());
    assert!(ven.created(create).await.ei_response.is_ok());
}

/// A PUSH VEN that has taken the VTN's metadata.
async fn settled<'a>(bench: &'a Bench, id: &str) -> (Ven<'a>, Ear, Identity) {
    let (ven, ear, own) = listening(bench, id).await;
    register(&ven, &ear).await;
    OadrRegisterReport::try_from(ear.hear(1).await.remove(0)).unwrap();
    until(|| bench.vtn.outbox(id).unwrap().unanswered.is_empty(), "metadata are answered").await;
    (ven, ear, own)
}

fn trouble(bench: &Bench, id: &str) -> Option<(u32, String)> {
    bench.vtn.outbox(id).unwrap().push_trouble.map(|trouble| (trouble.failures, trouble.why))
}

#[tokio::test]
async fn rule_405_metadata_come_first_then_events_and_each_to_its_service() {
    let bench = Bench::new().await;
    let _pushing = pushing(&bench);
    let (ven, ear, _) = listening(&bench, "v").await;
    bench.vtn.create_event(simple(&["v"], bench.now(), &[1])).await.unwrap();
    register(&ven, &ear).await;
    until(|| ear.heard.lock().unwrap().len() == 2, "metadata and events").await;
    let paths: Vec<String> = ear.heard.lock().unwrap().iter().map(|(p, _)| p.clone()).collect();
    let base = "/ven/OpenADR2/Simple/2.0b";
    assert_eq!(paths, [format!("{base}/EiReport"), format!("{base}/EiEvent")]);
    let events = OadrDistributeEvent::try_from(ear.hear(2).await.remove(1)).unwrap();
    assert!(!events.request_id.is_empty() && events.oadr_event.len() == 1);
    assert_eq!(events.ei_response, None, "rule 40: it answers nothing");
    assert!(bench.vtn.last_heard("v").is_some());
}

#[tokio::test]
async fn rule_51_an_empty_200_takes_events_and_the_answer_comes_later() {
    let bench = Bench::new().await;
    let _pushing = pushing(&bench);
    let (ven, ear, _) = settled(&bench, "v").await;
    let later = bench.now().checked_add(minutes(60)).unwrap();
    bench.vtn.create_event(simple(&["v"], later, &[1])).await.unwrap();
    let events = ear.hear_events().await;
    let created = ven.answer(&events, oadr_schemas::openadr::ei::OptType::OptIn);
    assert_eq!(ven.code(created).await, 200);
    bench.pass(minutes(30));
    ear.hear_nothing().await;
    assert_eq!(bench.vtn.counters().pushed, 2);
}

#[tokio::test]
async fn events_without_an_answer_are_pushed_again_so_often_and_no_more() {
    let bench = Bench::with(|settings| settings.limits.event_tries = 3).await;
    let _pushing = pushing(&bench);
    let (_ven, ear, _) = settled(&bench, "v").await;
    let later = bench.now().checked_add(minutes(60)).unwrap();
    bench.vtn.create_event(simple(&["v"], later, &[1])).await.unwrap();
    for _ in 0..3 {
        ear.hear_events().await;
        ear.hear_nothing().await;
        bench.pass(minutes(1));
    }
    bench.pass(minutes(10));
    ear.hear_nothing().await;
}

#[tokio::test]
async fn a_ven_out_of_reach_is_tried_ever_more_rarely_and_loses_nothing() {
    let bench = Bench::with(|settings| settings.limits.event_tries = 2).await;
    let _pushing = pushing(&bench);
    let (_ven, ear, own) = settled(&bench, "v").await;
    ear.close();
    until(|| std::net::TcpStream::connect(ear.at).is_err(), "nobody listens").await;
    let later = bench.now().checked_add(minutes(600)).unwrap();
    let event = bench.vtn.create_event(simple(&["v"], later, &[1])).await.unwrap();
    for failures in 1..=8 {
        until(|| trouble(&bench, "v").is_some_and(|(n, _)| n == failures), "the next attempt")
            .await;
        let (_, why) = trouble(&bench, "v").unwrap();
        assert!(why.contains("no connection") || why.contains("connection lost"), "{why}");
        // Half of the time it waits is too little.
        let wait = i64::from(1 << (failures - 1));
        bench.pass(seconds(wait) / 2);
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(trouble(&bench, "v").unwrap().0, failures);
        bench.pass(seconds(wait));
    }
    let replies = bench.vtn.event_answers(&event.id).unwrap();
    assert!(
        replies[0].delivery.sent.is_none(),
        "what did not arrive was not sent: {:?}",
        replies[0]
    );
    let ear = Ear::open("v", &own, ear.at.port()).await;
    bench.pass(minutes(5));
    ear.hear_events().await;
    until(|| trouble(&bench, "v").is_none(), "all is well").await;
}

#[tokio::test]
async fn retry_after_is_kept_to() {
    let bench = Bench::new().await;
    let _pushing = pushing(&bench);
    let (_ven, ear, _) = settled(&bench, "v").await;
    ear.say(Answer::unavailable(Duration::from_secs(100)));
    bench.vtn.create_event(simple(&["v"], bench.now(), &[1])).await.unwrap();
    ear.hear_events().await;
    until(|| trouble(&bench, "v").is_some(), "it is busy").await;
    bench.pass(seconds(99));
    ear.hear_nothing().await;
    bench.pass(seconds(2));
    ear.hear_events().await;
}

#[tokio::test]
async fn what_a_ven_will_not_take_is_given_up_with_a_record() {
    let bench = Bench::with(|settings| settings.limits.payload_tries = 2).await;
    let _pushing = pushing(&bench);
    let (_ven, ear, _) = settled(&bench, "v").await;
    for _ in 0..2 {
        ear.say(Answer::status(406));
    }
    bench.vtn.request_reregistration("v").await.unwrap();
    for _ in 0..2 {
        ear.hear(1).await;
        let held = || trouble(&bench, "v").is_some_and(|(_, why)| why.contains("406"));
        until(held, "it is refused").await;
        bench.pass(minutes(2));
    }
    until(|| !bench.vtn.outbox("v").unwrap().given_up.is_empty(), "given up").await;
    let state = bench.vtn.outbox("v").unwrap();
    assert!(state.waiting.is_empty() && state.unanswered.is_empty(), "{state:?}");
    assert_eq!(state.given_up[0].entry.item, Item::RequestReregistration);
    ear.hear_nothing().await;
}

#[tokio::test]
async fn what_waited_for_too_long_is_given_up_but_not_the_last_word() {
    let bench = Bench::with(|settings| settings.push.give_up_after = minutes(60)).await;
    let _pushing = pushing(&bench);
    let (_ven, ear, _) = settled(&bench, "v").await;
    ear.close();
    until(|| std::net::TcpStream::connect(ear.at).is_err(), "nobody listens").await;
    bench.vtn.request_reregistration("v").await.unwrap();
    bench.vtn.cancel_registration("v").await.unwrap();
    until(|| trouble(&bench, "v").is_some(), "it is tried").await;
    bench.pass(minutes(61));
    until(|| bench.vtn.outbox("v").unwrap().given_up.len() == 1, "one is given up").await;
    let state = bench.vtn.outbox("v").unwrap();
    assert_eq!(state.given_up[0].entry.item, Item::RequestReregistration);
    assert!(matches!(state.waiting[0].item, Item::CancelPartyRegistration { .. }), "{state:?}");
}

#[tokio::test]
async fn a_registration_that_is_cancelled_ends_with_the_ven_s_answer() {
    let bench = Bench::new().await;
    let _pushing = pushing(&bench);
    let (_ven, ear, _) = settled(&bench, "v").await;
    bench.vtn.cancel_registration("v").await.unwrap();
    assert!(matches!(ear.hear(1).await[0], Message::OadrCancelPartyRegistration(_)));
    until(|| bench.vtn.ven("v").unwrap().registration.is_none(), "it is over").await;
    bench.vtn.create_event(simple(&["v"], bench.now(), &[1])).await.unwrap();
    ear.hear_nothing().await;
}

#[tokio::test]
async fn a_ven_that_registers_at_another_address_is_called_there_at_once() {
    let bench = Bench::new().await;
    let _pushing = pushing(&bench);
    let (ven, old, own) = settled(&bench, "v").await;
    old.close();
    until(|| std::net::TcpStream::connect(old.at).is_err(), "nobody listens").await;
    bench.vtn.create_event(simple(&["v"], bench.now(), &[1])).await.unwrap();
    until(|| trouble(&bench, "v").is_some(), "it is tried").await;
    let new = Ear::open("v", &own, 0).await;
    register(&ven, &new).await;
    let heard = new.hear(2).await;
    assert!(matches!(heard[..], [Message::OadrRegisterReport(_), Message::OadrDistributeEvent(_)]));
}

#[tokio::test]
async fn what_was_not_pushed_is_pushed_after_a_restart() {
    let mut bench = Bench::new().await;
    let (ven, ear, _) = listening(&bench, "v").await;
    register(&ven, &ear).await;
    ear.hear_nothing().await;
    bench.restart().await;
    let _pushing = pushing(&bench);
    assert!(matches!(ear.hear(1).await[0], Message::OadrRegisterReport(_)));
}

#[tokio::test]
async fn a_ven_that_polls_is_not_called() {
    let bench = Bench::new().await;
    let _pushing = pushing(&bench);
    let (ven, ear, _) = listening(&bench, "v").await;
    let mut create = ven.create_registration();
    create.oadr_transport_address = Some(ear.address());
    assert!(ven.created(create).await.ei_response.is_ok());
    bench.vtn.create_event(simple(&["v"], bench.now(), &[1])).await.unwrap();
    ear.hear_nothing().await;
    ven.take_metadata().await;
    assert_eq!(ven.poll_events().await.oadr_event.len(), 1);
}

#[tokio::test]
async fn many_vens_are_called_side_by_side_and_one_that_hangs_keeps_none_waiting() {
    let bench = Bench::with(|settings| settings.push.exchanges = 4).await;
    let _pushing = pushing(&bench);
    // Takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mute = bench.enrolled("mute").await;
    let mut create = mute.create_registration();
    create.oadr_http_pull_model = Some(false);
    create.oadr_transport_address = Some(format!("http://{}/", silent.local_addr().unwrap()));
    assert!(mute.created(create).await.ei_response.is_ok());
    for name in ["a", "b", "c", "d", "e", "f"] {
        settled(&bench, name).await;
    }
}

#[tokio::test]
async fn an_answer_with_another_certificate_is_nobody_s() {
    let bench = Bench::new().await;
    let _pushing = pushing(&bench);
    let (ven, ear, _) = listening(&bench, "v").await;
    ear.close();
    until(|| std::net::TcpStream::connect(ear.at).is_err(), "nobody listens").await;
    let other = identity_until("w", noon().checked_add(minutes(60)).unwrap());
    let impostor = Ear::open("v", &other, 0).await;
    register(&ven, &impostor).await;
    impostor.hear(1).await;
    until(|| !bench.vtn.strangers().is_empty(), "its answer is refused").await;
    assert_eq!(bench.vtn.outbox("v").unwrap().unanswered.len(), 1);
}
