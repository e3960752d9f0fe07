//! The HTTP binding byte by byte: OpenADR 2.0b Profile 9.1, rules 53, 511, 516.
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::*;
use flate2::read::{GzDecoder, ZlibDecoder};
use oadr_transport::{Answer, Limits, ManualClock, Received, Server};
use std::io::Read;
use tokio::io::AsyncWriteExt;

/// Replaces a line of the good request.
fn with(old: &str, new: &str) -> String {
    assert!(GOOD.contains(old), "{old}");
    GOOD.replace(old, new)
}

fn echoing() -> (Running, Dial) {
    simulated(echo(), Limits { max_body: 100, ..Limits::default() })
}

#[tokio::test]
async fn a_good_request_is_answered_with_exact_headers() {
    let (_server, dial) = echoing();
    let (answer, alive) = exchange(&dial, GOOD).await;
    let answer = answer.unwrap();
    assert!(alive);
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"<a/>"[..]));
    assert_eq!(answer.header("content-length"), Some("4"));
    assert_eq!(answer.header("content-type"), Some("application/xml"));
    assert!(answer.header("date").unwrap().ends_with(" GMT"));
    assert_eq!(answer.header("connection"), None);
    assert_eq!(answer.header("server"), None);
}

/// OpenLEADR 0.5.36 answers another Content-Type with 500.
#[tokio::test]
async fn rule_9_1_5_a_bad_request_gets_its_status_and_the_connection_goes_on() {
    let (server, dial) = echoing();
    for (request, status) in [
        (with("POST", "PUT"), 501),
        (with("POST", "DELETE"), 501),
        ("GET / HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), 501),
        (with("Host: vtn\r\n", ""), 406),
        (with("Host: vtn\r\n", "Host: vtn\r\nHost: vtn\r\n"), 406),
        (with("Content-Type: application/xml\r\n", ""), 406),
        (with("application/xml", "text/xml"), 406),
        (with("application/xml", "application/xml; charset=utf-16"), 406),
        (with("application/xml\r\n", "application/xml\r\nContent-Type: text/xml\r\n"), 406),
        (with("Host", "Content-Encoding: gzip\r\nHost"), 406),
        (with("/OadrPoll", "/OadrPoll?x=1"), 404),
        (with("/OadrPoll", "/OadrPoll?"), 404),
        (with("/OadrPoll", "/%zz"), 404),
        (with("application/xml", "application/xml;charset=UTF-8"), 200),
        (with("Host: vtn", "Host: vtn\r\nUser-Agent: x\r\nAccept: application/xml"), 200),
    ] {
        let (answer, alive) = exchange(&dial, &request).await;
        let answer = answer.unwrap_or_else(|| panic!("no answer to {request}"));
        assert_eq!((answer.status, alive), (status, true), "{request}");
    }
    let count = |status| server.meters.by_status().iter().find(|(s, _)| *s == status).unwrap().1;
    assert_eq!((count(501), count(406), count(404)), (3, 7, 3));
}

#[tokio::test]
async fn requests_without_a_usable_length_are_refused_and_the_connection_closed() {
    let (_server, dial) = echoing();
    let chunked = "Transfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n0\r\n\r\n";
    for (request, status) in [
        (with("Content-Length: 4\r\n\r\n<a/>", "\r\n"), 406),
        (with("Content-Length: 4\r\n\r\n<a/>", chunked), 406),
        (with("HTTP/1.1", "HTTP/1.0"), 406),
        (with("Content-Length: 4\r\n\r\n<a/>", "Content-Length: 101\r\n\r\n"), 406),
        (with("Content-Length: 4", "Content-Length: 999999999999"), 406),
    ] {
        let (answer, alive) = exchange(&dial, &request).await;
        let answer = answer.unwrap_or_else(|| panic!("no answer to {request}"));
        assert_eq!((answer.status, alive), (status, false), "{request}");
        assert_eq!(answer.header("connection"), Some("close"), "{request}");
    }
}

#[tokio::test]
async fn heads_that_parsers_read_differently_reach_nobody() {
    let reached = Arc::new(Mutex::new(0));
    let (server, dial) = simulated(
        {
            let reached = Arc::clone(&reached);
            move |_, _| {
                *reached.lock().unwrap() += 1;
                async { Answer::ok("<a/>") }
            }
        },
        Limits::default(),
    );
    let smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    let tail = "Content-Length: 4\r\n\r\n<a/>";
    let hostile = [
        with(tail, &format!("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{smuggled}")),
        with(tail, &format!("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{smuggled}")),
        with(tail, &format!("Transfer-Encoding:\tchunked\r\n\r\n{smuggled}")),
        with(tail, &format!("Transfer-Encoding: xchunked\r\n\r\n{smuggled}")),
        with(tail, &format!("Transfer-Encoding: chunked, identity\r\n\r\n{smuggled}")),
        with(tail, &format!("Transfer-Encoding : chunked\r\n{tail}")),
        with(tail, &format!("X: y\r\n Transfer-Encoding: chunked\r\n{tail}")),
        with(tail, &format!("Content-Length: 4\r\n{tail}")),
        with(tail, &format!("Content-Length: 40\r\n{tail}")),
        with("Content-Length: 4", "Content-Length: 4, 4"),
        with("Content-Length: 4", "Content-Length: +4"),
        with("Content-Length: 4", "Content-Length: 0x4"),
        with("Content-Length: 4", "Content-Length : 4"),
        with("Content-Length: 4", "Content-Length:"),
        with("Host: vtn\r\n", "Host: vtn\n"),
        with("HTTP/1.1\r\n", "HTTP/1.1\n"),
        GOOD.replace("\r\n", "\n"),
        with("Host: vtn\r\n", "Host: vtn\rX: y\r\n"),
        with("Host: vtn", "Host: vtn\r\n\tfolded: yes"),
        with("Host: vtn", "Host: v\0tn"),
        with("Host: vtn", "Host vtn"),
        with(" HTTP/1.1", ""),
        with("HTTP/1.1", "HTTP/2.0"),
        with("POST /", "POST  /"),
        format!("{}{}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", GOOD),
    ];
    for request in &hostile {
        let (answer, alive) = exchange(&dial, request).await;
        assert!(!alive, "{request}");
        assert!(answer.is_none_or(|answer| answer.status >= 400), "{request}");
        assert_eq!(*reached.lock().unwrap(), 0, "{request}");
    }
    assert!(server.meters.malformed.load(std::sync::atomic::Ordering::Relaxed) > 15);
    assert_eq!(exchange(&dial, GOOD).await.0.unwrap().status, 200);
}

#[tokio::test]
async fn heads_that_are_too_long_are_refused() {
    let (_server, dial) = echoing();
    let fields: String = (0..70).map(|i| format!("X-{i}: y\r\n")).collect();
    let long = format!("X: {}\r\n", "y".repeat(20_000));
    for extra in [fields, long] {
        let (answer, alive) = exchange(&dial, &with("Host", &format!("{extra}Host"))).await;
        assert_eq!((answer.map(|answer| answer.status), alive), (Some(431), false));
    }
}

#[tokio::test]
async fn rule_511_equivalent_paths_reach_the_same_service() {
    let (_server, dial) = simulated(
        |_, request: Received| async move { Answer::ok(request.path) },
        Limits::default(),
    );
    for path in [
        "/OpenADR2/Simple/2.0b/OadrPoll",
        "/OpenADR2/Simple/2.0b/%4FadrPoll",
        "/OpenADR2/./Simple/x/../2.0b/OadrPoll",
        "https://VTN:443/OpenADR2/Simple/2.0b/OadrPoll",
    ] {
        let request = with("/OpenADR2/Simple/2.0b/OadrPoll", path);
        let (answer, _) = exchange(&dial, &request).await;
        assert_eq!(answer.unwrap().body, b"/OpenADR2/Simple/2.0b/OadrPoll", "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_when_asked_with_exact_length() {
    let xml = "<reading>1</reading>".repeat(500);
    let (_server, dial) = simulated(
        {
            let xml = xml.clone();
            move |_, _| {
                let xml = xml.clone();
                async move { Answer::ok(xml) }
            }
        },
        Limits::default(),
    );
    for (accept, coding) in [
        ("gzip", Some("gzip")),
        ("deflate", Some("deflate")),
        ("gzip, deflate", Some("gzip")),
        ("gzip;q=0, deflate;q=0.5", Some("deflate")),
        ("br", None),
        ("identity", None),
    ] {
        let request = with("Host", &format!("Accept-Encoding: {accept}\r\nHost"));
        let (answer, alive) = exchange(&dial, &request).await;
        let answer = answer.unwrap();
        assert!(alive, "{accept}");
        assert_eq!(answer.header("content-encoding"), coding, "{accept}");
        let mut plain = String::new();
        match coding {
            Some("gzip") => GzDecoder::new(&answer.body[..]).read_to_string(&mut plain),
            Some(_) => ZlibDecoder::new(&answer.body[..]).read_to_string(&mut plain),
            None => (&answer.body[..]).read_to_string(&mut plain),
        }
        .unwrap();
        assert_eq!(plain, xml, "{accept}");
        assert_eq!(answer.body.len() < xml.len() / 10, coding.is_some(), "{accept}");
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_turn() {
    let (_server, dial) = echoing();
    let mut stream = dial.shaken(&pki().ven).await;
    let second = GOOD.replace("<a/>", "<b/>");
    stream.write_all(format!("{GOOD}{second}").as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().body, b"<a/>");
    assert_eq!(answer(&mut stream).await.unwrap().body, b"<b/>");
}

#[tokio::test]
async fn rule_516_an_expired_peer_is_turned_away_on_an_open_connection() {
    let clock = ManualClock::new("2026-01-01T00:00:00Z".parse().unwrap());
    let server = Server::new(Arc::new(echo()), Limits::default(), Arc::new(clock.clone()));
    let (listener, dial) = memory();
    let _server = run(server, listener, vtn_security());
    let mut stream = dial.shaken(&pki().ven).await;
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    let before = answer(&mut stream).await.unwrap();
    assert_eq!(before.status, 200);
    assert_eq!(before.header("date"), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
    clock.set("2099-01-01T00:00:00Z".parse().unwrap());
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().status, 403);
    assert_eq!(answer(&mut stream).await, None);
}

#[tokio::test]
async fn the_handlers_status_and_retry_after_are_passed_on() {
    let (_server, dial) = simulated(
        |_, request: Received| async move {
            match &request.body[..] {
                b"<a/>" => Answer::status(404),
                b"<b/>" => Answer::unavailable(Duration::from_millis(2500)),
                b"<c/>" => Answer::status(100),
                _ => Answer::status(7),
            }
        },
        Limits::default(),
    );
    for (body, status, retry_after) in
        [("<a/>", 404, None), ("<b/>", 503, Some("3")), ("<c/>", 500, None), ("<d/>", 500, None)]
    {
        let (answer, _) = exchange(&dial, &with("<a/>", body)).await;
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("retry-after")), (status, retry_after), "{body}");
    }
}

#[tokio::test]
async fn rule_517_a_peer_refused_by_the_handler_loses_its_connection() {
    let (_server, dial) =
        simulated(|_, _: Received| async { Answer::status(403) }, Limits::default());
    let mut stream = dial.shaken(&pki().ven).await;
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    let refused = answer(&mut stream).await.unwrap();
    assert_eq!((refused.status, refused.header("connection")), (403, Some("close")));
    assert_eq!(answer(&mut stream).await, None);
}

#[tokio::test]
async fn the_observer_sees_every_answered_request() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let server =
        Server::new(Arc::new(echo()), Limits::default(), Arc::new(oadr_transport::SystemClock))
            .observe({
                let seen = Arc::clone(&seen);
                move |observed| {
                    let who = observed.peer.certificate.common_name.clone();
                    let sizes = (observed.received, observed.sent);
                    seen.lock().unwrap().push((
                        who,
                        observed.path.to_owned(),
                        observed.status,
                        observed.handled,
                        sizes,
                    ));
                }
            });
    let (listener, dial) = memory();
    let _server = run(server, listener, vtn_security());
    exchange(&dial, &with("POST", "PUT")).await;
    let path = "/OpenADR2/Simple/2.0b/OadrPoll".to_owned();
    let who = Some("ven".to_owned());
    let expected =
        [(who.clone(), path.clone(), 501, false, (0, 0)), (who, path, 200, true, (4, 4))];
    assert_eq!(*seen.lock().unwrap(), expected);
}
