//! What monitors are told, over TLS and on this machine's own listener.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::scrape::Scrape;
use super::*;
use crate::operator::config::Metrics;
use crate::operator::program::StartError;

#[tokio::test]
async fn a_scrape_over_tls_counts_what_was_answered() {
    let house = House::open(Trust::Operators).await;
    let before = house.scrape().await;
    let polls =
        r#"vtn_messages_total{service="OadrPoll",payload="oadrPoll",status="200",code="200"}"#;
    let strange = r#"vtn_messages_total{service="unknown",payload="",status="404",code=""}"#;
    assert_eq!((before.value(polls), before.value("vtn_registered_vens")), (0.0, 0.0));
    let mut ven = house.ven("secret-ven-name").await;
    let metadata = ven.poll().await;
    assert_eq!(metadata, (200, None), "the VTN's own metadata, which has no response");
    let waits = house.until(|scrape| scrape.value(r#"vtn_outbox_depth{what="unanswered"}"#) == 1.0);
    waits.await;
    for _ in 0..3 {
        assert_eq!(ven.poll().await, (200, Some("200".to_owned())));
    }
    assert_eq!(ven.post("NoSuchService", "<none/>".into()).await.0, 404);
    house.until(|scrape| scrape.value("vtn_registered_vens") == 1.0).await;
    let after = house.scrape().await;
    // A reply without eiResponse is as good as one with 200.
    assert_eq!((after.value(polls), after.value(strange)), (4.0, 1.0));
    assert_eq!(after.value(r#"vtn_answer_seconds_count{service="OadrPoll"}"#), 4.0);
    assert_eq!(after.value("vtn_online_vens"), 1.0);
    let syncs = |scrape: &Scrape| scrape.value("vtn_store_sync_seconds_count");
    assert!(syncs(&after) > syncs(&before), "{after:?}");
    assert_eq!(
        after.count(&format!("vtn_build_info{{version=\"{}\"", env!("CARGO_PKG_VERSION"))),
        1
    );
    let text = house.text().await;
    assert!(!text.contains("secret-ven-name"), "no label names a VEN");
}

#[tokio::test]
async fn what_peers_make_up_is_no_label() {
    let house = House::open(Trust::Operators).await;
    let mut ven = house.ven("a").await;
    let settled = house.scrape().await.count("vtn_messages_total");
    for n in 0..20 {
        let made_up = format!("<made-up-{n} xmlns=\"urn:{n}\"/>");
        assert_eq!(ven.post(&format!("Service{n}"), made_up.clone()).await.0, 404);
        assert_eq!(ven.post("EiReport", made_up).await.0, 406);
        ven.id = format!("made-up-{n}");
        assert_eq!(ven.poll().await.1.as_deref(), Some("452"));
    }
    let after = house.scrape().await;
    let services = after.values_of("service");
    assert!(services.iter().all(|service| !service.starts_with("Service")), "{services:?}");
    assert!(after.count("vtn_messages_total") <= settled + 3, "{after:?}");
    let refused =
        r#"vtn_messages_total{service="OadrPoll",payload="oadrPoll",status="200",code="452"}"#;
    assert_eq!(after.value(refused), 20.0);
}

#[tokio::test]
async fn an_online_ven_is_one_that_was_heard_lately_by_the_clock() {
    let house = House::open(Trust::Operators).await;
    let clock = &house.clock;
    let mut ven = house.ven("a").await;
    house.ven("b").await;
    assert_eq!(house.scrape().await.value("vtn_online_vens"), 2.0);
    // Polls are every 10 s: three of them, and what the counting is out by.
    clock.advance(Duration::from_secs(29));
    ven.poll().await;
    clock.advance(Duration::from_secs(3));
    assert_eq!(house.scrape().await.value("vtn_online_vens"), 1.0);
    clock.advance(Duration::from_secs(29));
    assert_eq!(house.scrape().await.value("vtn_online_vens"), 0.0);
    house.until(|scrape| scrape.value("vtn_registered_vens") == 2.0).await;
}

#[tokio::test]
async fn monitors_need_a_certificate_on_the_list() {
    let house = House::open(Trust::All).await;
    house.issue_ven("ven-1");
    for call in [Call::metrics(), Call::ready()] {
        let problem = refusal(house.call("ven-1", call.clone()).await);
        assert_eq!((problem.status, problem.code.as_str()), (403, "not_an_operator"));
        assert!(house.client("viewer").bytes(call).await.is_ok());
    }
}

#[tokio::test]
async fn this_machine_s_listener_tells_the_same_and_nothing_else() {
    let house = House::with(Trust::Operators, listening).await;
    let plain = house.running.metrics_address().unwrap();
    assert!(plain.ip().is_loopback());
    let (status, text) = get(plain, "/metrics").await;
    assert_eq!(status, 200);
    Scrape::read(&text);
    assert_eq!(get(plain, "/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(get(plain, "/readyz").await, (200, "ready\n".to_owned()));
    for path in ["/", "/api/openapi.json", "/api/v1/status", "/api/v1/vens", "/metrics/x"] {
        assert_eq!(get(plain, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_listener_that_other_machines_reach_is_refused_at_the_start() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:9464"] {
        let mut plan = Plan::new(Trust::Operators, 30);
        plan.config.metrics = Some(Metrics { listen: address.parse().unwrap() });
        let clock = Arc::new(ManualClock::new(noon()));
        let error = start(plan.config, clock).await.unwrap_err();
        let told = error.to_string();
        assert!(matches!(error, StartError::Config(_)), "{told}");
        assert!(told.starts_with("metrics.listen: ") && told.contains(address), "{told}");
        assert!(told.contains("give 127.0.0.1"), "the mend: {told}");
    }
}

#[tokio::test]
async fn a_vtn_that_cannot_write_is_alive_and_not_ready() {
    let house = House::with(Trust::Operators, listening).await;
    let plain = house.running.metrics_address().unwrap();
    assert_eq!(get(plain, "/readyz").await.0, 200);
    house.running.vtn().store().close().await.unwrap();
    // What was found out a moment ago counts for a second.
    let (mut status, mut text) = (200, String::new());
    for _ in 0..100 {
        (status, text) = get(plain, "/readyz").await;
        if status != 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(status == 503 && text.contains("the store cannot be written"), "{status}: {text}");
    let problem = house.refused(Call::ready()).await;
    assert_eq!((problem.status, problem.code.as_str()), (503, "unavailable"));
    assert_eq!(get(plain, "/healthz").await.0, 200);
    assert_eq!(get(plain, "/metrics").await.0, 200);
}

#[tokio::test]
async fn a_vtn_that_is_ending_is_not_ready_while_it_finishes() {
    let house = House::with(Trust::Operators, listening).await;
    let plain = house.running.metrics_address().unwrap();
    // A request that is under way holds the end up.
    let mut held = house.client("administrator").connect().await.unwrap();
    let body = json!({ "fingerprint": "00:11:22:33:44:55:66:77:88:99", "ven_id": "a" }).to_string();
    let head = format!(
        "POST /api/v1/vens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    held.write_all(head.as_bytes()).await.unwrap();
    held.flush().await.unwrap();
    // Long enough that the head has come: the next request on this thread is answered after it.
    house.admin(Call::new(Method::GET, &["status"])).await;
    let ending = tokio::spawn(house.running.stop());
    let mut told = get(plain, "/readyz").await;
    while told.0 == 200 {
        tokio::task::yield_now().await;
        told = get(plain, "/readyz").await;
    }
    assert!(told.0 == 503 && told.1.contains("is ending"), "{told:?}");
    assert_eq!(get(plain, "/healthz").await.0, 200);
    assert!(!ending.is_finished());
    held.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    held.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(ending.await.unwrap().unwrap(), 0);
    assert!(TcpStream::connect(plain).await.is_err(), "then monitors find nobody");
}

pub(super) fn listening(config: &mut Config) {
    config.metrics = Some(Metrics { listen: "127.0.0.1:0".parse().unwrap() });
}

impl House {
    async fn text(&self) -> String {
        let body = self.client("viewer").bytes(Call::metrics()).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    async fn scrape(&self) -> Scrape {
        Scrape::read(&self.text().await)
    }

    /// Scrapes until it holds: gauges follow what is stored within a second or two.
    async fn until(&self, holds: impl Fn(&Scrape) -> bool) {
        for _ in 0..600 {
            if holds(&self.scrape().await) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?}", self.scrape().await);
    }
}

/// A request without TLS; gives status and body.
pub(super) async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}
