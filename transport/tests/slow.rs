//! Slow peers are cut off: reliability T6, on paused time.
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod common;

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::*;
use oadr_transport::{Answer, Limits, Received};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep};

/// Waits for the server to close; gives the seconds that took.
async fn closed(stream: &mut (impl AsyncReadExt + Unpin), began: Instant) -> u64 {
    let mut rest = Vec::new();
    let _ = within(Duration::from_secs(3600), stream.read_to_end(&mut rest)).await;
    assert_eq!(rest, b"");
    began.elapsed().as_secs()
}

fn echoing() -> (Running, Dial) {
    simulated(echo(), Limits::default())
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_never_shakes_hands_is_cut_off() {
    let (server, dial) = echoing();
    let mut stream = dial.open().unwrap();
    assert_eq!(closed(&mut stream, Instant::now()).await, 10);
    assert_eq!(server.meters.handshakes_failed.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_says_nothing_after_the_handshake_is_cut_off() {
    let (server, dial) = echoing();
    let mut stream = dial.shaken(&pki().ven).await;
    assert_eq!(closed(&mut stream, Instant::now()).await, 10);
    assert_eq!(server.meters.slow_head.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_drips_is_cut_off_whatever_it_drips() {
    let (server, dial) = echoing();
    let stream = dial.shaken(&pki().ven).await;
    let began = Instant::now();
    let (mut read, mut write) = tokio::io::split(stream);
    let drip = tokio::spawn(async move {
        for byte in GOOD.bytes() {
            if write.write_all(&[byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_secs(1)).await;
        }
    });
    assert_eq!(closed(&mut read, began).await, 10);
    assert_eq!(server.meters.slow_head.load(Ordering::Relaxed), 1);
    drip.abort();
}

#[tokio::test(start_paused = true)]
async fn empty_lines_do_not_keep_a_head_alive() {
    let (_server, dial) = echoing();
    let stream = dial.shaken(&pki().ven).await;
    let began = Instant::now();
    let (mut read, mut write) = tokio::io::split(stream);
    let drip = tokio::spawn(async move {
        while write.write_all(b"\r\n").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
    });
    assert_eq!(closed(&mut read, began).await, 10);
    drip.abort();
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_is_cut_off_after_the_grace() {
    let (server, dial) = echoing();
    let mut stream = dial.shaken(&pki().ven).await;
    stream.write_all(GOOD.strip_suffix("/>").unwrap().as_bytes()).await.unwrap();
    let began = Instant::now();
    let last = answer(&mut stream).await.unwrap();
    assert_eq!((last.status, last.header("connection")), (503, Some("close")));
    assert_eq!(closed(&mut stream, began).await, 5);
    assert_eq!(server.meters.slow_body.load(Ordering::Relaxed), 1);
}

/// Sends a body of `total` bytes at `rate` bytes per second; the answer's status and after how
/// many seconds it came.
async fn body_at(rate: usize, total: usize) -> (u16, u64) {
    let (_server, dial) = echoing();
    let stream = dial.shaken(&pki().ven).await;
    let head = GOOD.replace("Content-Length: 4\r\n\r\n<a/>", "");
    let head = format!("{head}Content-Length: {total}\r\n\r\n");
    let began = Instant::now();
    let (mut read, mut write) = tokio::io::split(stream);
    let writer = tokio::spawn(async move {
        write.write_all(head.as_bytes()).await.unwrap();
        let mut left = total;
        while left > 0 {
            let now = left.min(rate);
            if write.write_all(&vec![b'x'; now]).await.is_err() {
                return;
            }
            left -= now;
            sleep(Duration::from_secs(1)).await;
        }
    });
    let answer = answer(&mut read).await.unwrap();
    writer.abort();
    (answer.status, began.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_body_may_come_at_the_slowest_rate_and_not_below() {
    assert_eq!(body_at(1100, 22_000).await, (200, 19));
    // 5 s of grace and 100 of 1,024 bytes a second: the sixth second is the last.
    assert_eq!(body_at(100, 22_000).await, (503, 5));
    // Fast enough, but longer than any body may take.
    assert_eq!(body_at(2000, 100_000).await, (503, 30));
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_in_good_order_and_later_than_a_slow_head() {
    let (server, dial) = echoing();
    let mut stream = dial.shaken(&pki().ven).await;
    for _ in 0..3 {
        stream.write_all(GOOD.as_bytes()).await.unwrap();
        assert_eq!(answer(&mut stream).await.unwrap().status, 200);
        sleep(Duration::from_secs(100)).await;
    }
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().status, 200);
    assert_eq!(closed(&mut stream, Instant::now()).await, 120);
    assert_eq!(server.meters.idle.load(Ordering::Relaxed), 1);
    assert_eq!(server.meters.slow_head.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_its_answer_is_cut_off() {
    let (server, dial) =
        simulated(|_, _: Received| async { Answer::ok(vec![b'x'; 1_000_000]) }, Limits::default());
    let mut stream = dial.buffer(4096).shaken(&pki().ven).await;
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    sleep(Duration::from_secs(19)).await;
    assert_eq!(server.meters.open.load(Ordering::Relaxed), 1);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(server.meters.slow_reader.load(Ordering::Relaxed), 1);
    assert_eq!(server.meters.open.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn a_slow_but_steady_reader_gets_its_answer() {
    let (_server, dial) =
        simulated(|_, _: Received| async { Answer::ok(vec![b'x'; 40_000]) }, Limits::default());
    let mut stream = dial.buffer(1024).shaken(&pki().ven).await;
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    let mut got = 0;
    let mut chunk = [0; 1024];
    while got < 40_000 {
        sleep(Duration::from_secs(10)).await;
        got += stream.read(&mut chunk).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_peer_costs_the_others_nothing() {
    let limits = Limits { max_requests_per_party: 2, ..Limits::default() };
    let (_server, dial) = simulated(echo(), limits);
    let mut held = Vec::new();
    for _ in 0..50 {
        let mut stream = dial.shaken(&pki().other).await;
        stream.write_all(&GOOD.as_bytes()[..GOOD.len() - 1]).await.unwrap();
        held.push(stream);
    }
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    assert_eq!(exchange(&dial, GOOD).await.0.unwrap().status, 200);
    assert!(began.elapsed() < Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn a_closing_server_takes_what_is_on_its_way_for_a_second_and_no_longer() {
    let (server, dial) = echoing();
    let mut stream = dial.shaken(&pki().ven).await;
    let head = GOOD.replace("Content-Length: 4\r\n\r\n<a/>", "Content-Length: 9000000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().status, 406);
    // More than the pipe holds: it must be read, or a socket would be reset and the answer lost.
    stream.write_all(&vec![b'x'; 500_000]).await.unwrap();
    assert_eq!(server.meters.open.load(Ordering::Relaxed), 1);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(server.meters.open.load(Ordering::Relaxed), 0);
    assert!(stream.write_all(b"x").await.is_err());
}
