//! The client against servers that do as they please: OpenADR 2.0b Profile 9.1.5 to 9.1.7.
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod common;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use common::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use oadr_transport::{
    Answer, ClientLimits, Error, Limits, ManualClock, Received, Retry, TcpConnect, TlsFailure,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// A server that reads one request from each connection, says `answer` and closes. The requests
/// come out of the channel.
fn scripted(answers: Vec<Vec<u8>>) -> (Dial, mpsc::UnboundedReceiver<String>) {
    use oadr_transport::Listen;
    let (mut listener, dial) = memory();
    let (told, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut preface = [0; 10];
            stream.read_exact(&mut preface).await.unwrap();
            let length = u16::from_be_bytes([preface[8], preface[9]]);
            stream.read_exact(&mut vec![0; usize::from(length)]).await.unwrap();
            let der = &pki().vtn.chain[0];
            stream.write_all(b"oadr-sim").await.unwrap();
            stream.write_u16(der.len() as u16).await.unwrap();
            stream.write_all(der).await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"<a/>") {
                request.push(stream.read_u8().await.unwrap());
            }
            told.send(String::from_utf8(request).unwrap()).unwrap();
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
        std::future::pending::<()>().await;
    });
    (dial, requests)
}

async fn told(answer: impl Into<Vec<u8>>) -> Result<Vec<u8>, Error> {
    told_with(answer, ClientLimits { max_body: 1000, compression: true, ..Default::default() })
        .await
}

async fn told_with(answer: impl Into<Vec<u8>>, limits: ClientLimits) -> Result<Vec<u8>, Error> {
    let (dial, _requests) = scripted(vec![answer.into()]);
    let client = simulated_client(&dial, &pki().ven, limits);
    client.post(&service(), "<a/>").await.map(|reply| reply.body.to_vec())
}

fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_request_has_the_headers_of_the_profile_and_no_others() {
    let (dial, mut requests) = scripted(vec![ok("", b"<b/>"), ok("", b"<b/>")]);
    for compression in [false, true] {
        let limits = ClientLimits { compression, ..Default::default() };
        let client = simulated_client(&dial, &pki().ven, limits);
        let reply = client.post(&url("http://vtn:8080/p/Service"), "<a/>").await.unwrap();
        assert_eq!(reply.peer.common_name.as_deref(), Some("vtn"));
        let request = requests.recv().await.unwrap();
        let mut lines: Vec<_> = request.lines().collect();
        assert_eq!(lines.remove(0), "POST /p/Service HTTP/1.1");
        lines.sort_unstable();
        let mut expected = vec![
            "",
            "<a/>",
            "accept: application/xml",
            "content-length: 4",
            "content-type: application/xml",
            "host: vtn:8080",
        ];
        if compression {
            expected.insert(2, "accept-encoding: gzip, deflate");
        }
        assert_eq!(lines, expected);
    }
}

#[tokio::test]
async fn answers_in_every_permitted_form_are_read() {
    let body = b"<b/>".repeat(200);
    assert_eq!(told(ok("", &body)).await.unwrap(), body);
    let coded = told(ok("Content-Encoding: gzip\r\n", &gzip(&body))).await.unwrap();
    assert_eq!(coded, body);
    let charset = "HTTP/1.1 200 OK\r\nContent-Type: application/xml; charset=UTF-8\r\n";
    let chunked = format!("{charset}Transfer-Encoding: chunked\r\n\r\n4\r\n<b/>\r\n0\r\n\r\n");
    assert_eq!(told(chunked).await.unwrap(), b"<b/>");
    assert_eq!(told(format!("{charset}Connection: close\r\n\r\n<b/>")).await.unwrap(), b"<b/>");
    // Rule 51: a PUSH VEN takes events without a word.
    assert_eq!(told("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap(), b"");
}

#[tokio::test]
async fn answers_beyond_the_limit_are_not_read() {
    let too_large = |result| matches!(result, Err(Error::TooLarge(1000)));
    assert!(too_large(told(ok("", &[b'x'; 1001])).await));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n";
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1024)).repeat(3);
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n");
    assert!(too_large(told(chunked).await));
    assert!(too_large(told(format!("{head}\r\n{}", "x".repeat(1001))).await));
    let bomb = gzip(&vec![b'x'; 500_000]);
    assert!(bomb.len() < 1000);
    assert!(too_large(told(ok("Content-Encoding: gzip\r\n", &bomb)).await));
}

#[tokio::test]
async fn answers_that_are_none_are_told_apart() {
    let malformed = |result| matches!(result, Err(Error::Malformed(_)));
    let cut = |result| matches!(result, Err(Error::Cut(_)));
    assert!(malformed(told("SSH-2.0-OpenSSH\r\n\r\n").await));
    assert!(malformed(told("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n").await));
    assert!(malformed(told("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await));
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok";
    assert!(malformed(told(html).await));
    assert!(malformed(told(ok("Content-Encoding: br\r\n", b"x")).await));
    assert!(malformed(told(ok("Content-Encoding: gzip\r\n", b"<b/>")).await));
    let unasked = ok("Content-Encoding: gzip\r\n", &gzip(b"<b/>"));
    assert!(malformed(told_with(unasked, ClientLimits::default()).await));
    assert!(cut(told("").await));
    assert!(cut(told("HTTP/1.1 200 OK\r\nContent-Le").await));
    let whole = ok("", b"<b/>");
    assert!(cut(told(&whole[..whole.len() - 1]).await));
}

#[tokio::test]
async fn the_status_decides_about_another_attempt() {
    for (status, retry) in [
        ("404 Not Found\r\n", Retry::No),
        ("406 Not Acceptable\r\n", Retry::No),
        ("501 Not Implemented\r\n", Retry::No),
        ("301 Moved Permanently\r\nLocation: http://else/\r\n", Retry::No),
        ("204 No Content\r\n", Retry::No),
        ("403 Forbidden\r\n", Retry::BackOff),
        ("500 Oops\r\n", Retry::BackOff),
        ("503 Busy\r\n", Retry::BackOff),
        ("503 Busy\r\nRetry-After: 17\r\n", Retry::After(Duration::from_secs(17))),
    ] {
        let error = told(format!("HTTP/1.1 {status}\r\n")).await.unwrap_err();
        let code: u16 = status[..3].parse().unwrap();
        assert!(matches!(error, Error::Status { status, .. } if status == code), "{error}");
        assert_eq!(error.retry(), retry, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_takes_no_longer_than_its_time_out() {
    let (_server, dial) = simulated(slow(Duration::from_secs(25)), Limits::default());
    let limits = ClientLimits { timeout: Duration::from_secs(7), ..Default::default() };
    let client = simulated_client(&dial, &pki().ven, limits);
    let began = Instant::now();
    let error = client.post(&service(), "<a/>").await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error}");
    assert_eq!((began.elapsed().as_secs(), error.retry()), (7, Retry::BackOff));
}

#[tokio::test(start_paused = true)]
async fn connecting_takes_no_longer_than_its_own_time_out() {
    let (listener, dial) = memory();
    let client = simulated_client(&dial, &pki().ven, ClientLimits::default());
    let began = Instant::now();
    let error = client.post(&service(), "<a/>").await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error}");
    assert_eq!(began.elapsed().as_secs(), 10);
    drop(listener);
    let error = client.post(&service(), "<a/>").await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error}");
    assert_eq!(error.retry(), Retry::BackOff);
}

#[tokio::test(start_paused = true)]
async fn connections_are_kept_alive_and_given_up_when_idle() {
    let (server, dial) = simulated(echo(), Limits::default());
    let client = simulated_client(&dial, &pki().ven, ClientLimits::default());
    let connections = || server.meters.connections.load(std::sync::atomic::Ordering::Relaxed);
    for _ in 0..10 {
        client.post(&service(), "<a/>").await.unwrap();
        sleep(Duration::from_secs(50)).await;
    }
    assert_eq!(connections(), 1);
    sleep(Duration::from_secs(61)).await;
    client.post(&service(), "<a/>").await.unwrap();
    assert_eq!(connections(), 2);
    client.reconnect();
    client.post(&service(), "<a/>").await.unwrap();
    assert_eq!(connections(), 3);
}

#[tokio::test]
async fn a_status_other_than_200_does_not_cost_the_connection() {
    let (server, dial) = simulated(
        |_, _: Received| async {
            Answer { status: 500, body: "<oops/>".into(), retry_after: None }
        },
        Limits::default(),
    );
    let client = simulated_client(&dial, &pki().ven, ClientLimits::default());
    for _ in 0..5 {
        assert!(client.post(&service(), "<a/>").await.is_err());
    }
    assert_eq!(server.meters.connections.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[tokio::test]
async fn rule_516_a_kept_connection_is_not_used_once_the_peer_has_expired() {
    let (server, dial) = simulated(echo(), Limits::default());
    let clock = ManualClock::new("2026-01-01T00:00:00Z".parse().unwrap());
    let client = oadr_transport::Client::new(
        dial,
        oadr_transport::ClientSecurity::for_simulation(&pki().ven.chain[0]),
        ClientLimits::default(),
        Arc::new(clock.clone()),
    );
    client.post(&service(), "<a/>").await.unwrap();
    clock.set("2099-01-01T00:00:00Z".parse().unwrap());
    let error = client.post(&service(), "<a/>").await.unwrap_err();
    assert!(matches!(error, Error::Tls(TlsFailure::TheirsExpired)), "{error}");
    assert_eq!(server.meters.status_200.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[tokio::test]
async fn with_tls_only_https_is_spoken() {
    let security = oadr_transport::ClientSecurity::tls(|| unreachable!("nobody is called"));
    let clock = Arc::new(oadr_transport::SystemClock);
    let client = oadr_transport::Client::new(TcpConnect, security, Default::default(), clock);
    let error = client.post(&url("http://localhost/x"), "<a/>").await.unwrap_err();
    assert!(matches!(error, Error::Address(_)), "{error}");
    assert_eq!(error.retry(), Retry::No);
}
