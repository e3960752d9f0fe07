//! Limits, overload, panics and shutdown: reliability T6, T16.
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::*;
use oadr_transport::{Answer, ClientLimits, Error, Limits, Received, Retry};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{Instant, sleep};

async fn ask(dial: &Dial, identity: &oadr_certs::Identity) -> u16 {
    let mut stream = dial.shaken(identity).await;
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    answer(&mut stream).await.unwrap().status
}

async fn is_dropped(mut stream: DuplexStream) -> bool {
    let byte = within(Duration::from_secs(1), stream.read(&mut [0])).await;
    matches!(byte, Ok(0) | Err(_))
}

#[tokio::test(start_paused = true)]
async fn connections_beyond_the_limit_are_dropped_before_the_handshake() {
    let limits = Limits { max_connections: 3, ..Limits::default() };
    let (server, dial) = simulated(echo(), limits);
    let mut kept = Vec::new();
    for _ in 0..3 {
        kept.push(dial.shaken(&pki().ven).await);
    }
    assert!(is_dropped(dial.open().unwrap()).await);
    assert_eq!(server.meters.refused_all.load(Ordering::Relaxed), 1);
    kept.pop();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(ask(&dial, &pki().ven).await, 200);
}

#[tokio::test(start_paused = true)]
async fn connections_of_one_address_are_limited_without_harm_to_others() {
    let limits = Limits { max_connections_per_address: 2, ..Limits::default() };
    let (server, dial) = simulated(echo(), limits);
    let _kept = [dial.shaken(&pki().ven).await, dial.shaken(&pki().ven).await];
    assert!(is_dropped(dial.from("192.0.2.1:77").open().unwrap()).await);
    assert_eq!(server.meters.refused_address.load(Ordering::Relaxed), 1);
    assert_eq!(ask(&dial.from("192.0.2.2:1"), &pki().ven).await, 200);
}

#[tokio::test(start_paused = true)]
async fn silence_takes_nobodys_turn_to_shake_hands() {
    let limits = Limits { max_handshakes: 1, ..Limits::default() };
    let (_server, dial) = simulated(echo(), limits);
    let _silent = [dial.open().unwrap(), dial.open().unwrap()];
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    assert_eq!(ask(&dial, &pki().ven).await, 200);
    assert_eq!(began.elapsed().as_secs(), 0);
}

/// A handshake that stops after its first word.
async fn stalled(dial: &Dial) -> DuplexStream {
    let mut stream = dial.open().unwrap();
    stream.write_all(b"oadr-sim").await.unwrap();
    stream
}

#[tokio::test(start_paused = true)]
async fn handshakes_wait_for_each_other_within_their_time_out() {
    let limits = Limits { max_handshakes: 1, ..Limits::default() };
    let (server, dial) = simulated(echo(), limits);
    let _stalled = stalled(&dial).await;
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    assert_eq!(ask(&dial.from("192.0.2.2:1"), &pki().ven).await, 200);
    assert_eq!(began.elapsed().as_secs(), 9);
    assert_eq!(server.meters.handshakes_failed.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn stalled_handshakes_of_one_address_delay_no_other() {
    let limits = Limits { max_handshakes: 3, max_handshakes_per_address: 2, ..Limits::default() };
    let (_server, dial) = simulated(echo(), limits);
    let mut held = Vec::new();
    for port in 1..20 {
        // One IPv6 subscriber may change its address within its network.
        held.push(stalled(&dial.from(&format!("[2001:db8::{port}]:1"))).await);
    }
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    assert_eq!(ask(&dial.from("[2001:db8:0:1::1]:1"), &pki().ven).await, 200);
    assert_eq!(began.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_party_beyond_its_share_gets_503_and_others_do_not() {
    let limits = Limits { max_requests_per_party: 3, ..Limits::default() };
    let (server, dial) = simulated(slow(Duration::from_secs(10)), limits);
    let greedy: Vec<_> = (0..10)
        .map(|_| {
            let dial = dial.clone();
            tokio::spawn(async move { ask(&dial, &pki().ven).await })
        })
        .collect();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(ask(&dial, &pki().other).await, 200);
    let mut statuses = Vec::new();
    for task in greedy {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 503, 503, 503, 503, 503, 503, 503]);
    assert_eq!(server.meters.refused_party.load(Ordering::Relaxed), 7);
    assert_eq!(ask(&dial, &pki().ven).await, 200);
}

#[tokio::test(start_paused = true)]
async fn an_overloaded_server_says_when_to_return_and_keeps_the_connection() {
    let limits = Limits { max_requests: 1, ..Limits::default() };
    let (server, dial) = simulated(slow(Duration::from_secs(10)), limits);
    let busy = tokio::spawn({
        let dial = dial.clone();
        async move { ask(&dial, &pki().other).await }
    });
    sleep(Duration::from_secs(1)).await;
    let mut stream = dial.shaken(&pki().ven).await;
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    let refused = answer(&mut stream).await.unwrap();
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    assert_eq!(server.meters.refused_requests.load(Ordering::Relaxed), 1);
    assert_eq!(busy.await.unwrap(), 200);
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_too_long_gives_503_and_still_ends_its_work() {
    let done = Arc::new(AtomicUsize::new(0));
    let limits = Limits { max_requests: 1, ..Limits::default() };
    let (server, dial) = simulated(
        {
            let done = Arc::clone(&done);
            move |_, _: Received| {
                let done = Arc::clone(&done);
                async move {
                    sleep(Duration::from_secs(40)).await;
                    done.fetch_add(1, Ordering::Relaxed);
                    Answer::ok("<a/>")
                }
            }
        },
        limits,
    );
    let began = Instant::now();
    assert_eq!(ask(&dial, &pki().ven).await, 503);
    assert_eq!((began.elapsed().as_secs(), done.load(Ordering::Relaxed)), (30, 0));
    // It still holds its place, so a second one cannot pile up on it.
    assert_eq!(ask(&dial, &pki().other).await, 503);
    assert_eq!(server.meters.timed_out.load(Ordering::Relaxed), 1);
    sleep(Duration::from_secs(11)).await;
    assert_eq!(done.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_ends_its_work_when_the_peer_hangs_up() {
    let done = Arc::new(AtomicUsize::new(0));
    let (_server, dial) = simulated(
        {
            let done = Arc::clone(&done);
            move |_, _: Received| {
                let done = Arc::clone(&done);
                async move {
                    sleep(Duration::from_secs(2)).await;
                    done.fetch_add(1, Ordering::Relaxed);
                    Answer::ok("<a/>")
                }
            }
        },
        Limits::default(),
    );
    let mut stream = dial.shaken(&pki().ven).await;
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    drop(stream);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(done.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_panic_costs_its_request_only() {
    std::panic::set_hook(Box::new(|_| {}));
    let (server, dial) = simulated(
        |_, request: Received| async move {
            assert_ne!(&request.body[..], b"<p/>", "as the test wants");
            Answer::ok(request.body)
        },
        Limits::default(),
    );
    let mut neighbour = dial.shaken(&pki().other).await;
    let bad = GOOD.replace("<a/>", "<p/>");
    for _ in 0..20 {
        let (answer, alive) = exchange(&dial, &bad).await;
        assert_eq!((answer.unwrap().status, alive), (500, true));
    }
    assert_eq!(server.meters.panicked.load(Ordering::Relaxed), 20);
    neighbour.write_all(GOOD.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut neighbour).await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn shutdown_finishes_what_is_in_flight_and_refuses_new_work() {
    let (mut server, dial) = simulated(slow(Duration::from_secs(8)), Limits::default());
    let idle = dial.shaken(&pki().other).await;
    let mut busy = dial.shaken(&pki().ven).await;
    busy.write_all(GOOD.as_bytes()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    server.stop();
    assert!(is_dropped(idle).await);
    assert!(dial.open().is_err());
    let last = answer(&mut busy).await.unwrap();
    assert_eq!((last.status, last.header("connection")), (200, Some("close")));
    assert_eq!(answer(&mut busy).await, None);
    drop(busy);
    assert_eq!(server.stopped().await, 0);
    assert_eq!(began.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn shutdown_cuts_off_what_does_not_finish_in_time() {
    let (mut server, dial) = simulated(slow(Duration::from_secs(25)), Limits::default());
    let mut busy = dial.shaken(&pki().ven).await;
    busy.write_all(GOOD.as_bytes()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    server.stop();
    assert_eq!(server.stopped().await, 1);
    assert_eq!(began.elapsed().as_secs(), 10);
    assert_eq!(answer(&mut busy).await, None);
}

#[tokio::test(start_paused = true)]
async fn shutdown_waits_for_handlers_whose_peer_has_gone() {
    let (mut server, dial) = simulated(slow(Duration::from_secs(5)), Limits::default());
    let mut gone = dial.shaken(&pki().ven).await;
    gone.write_all(GOOD.as_bytes()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    drop(gone);
    let began = Instant::now();
    server.stop();
    assert_eq!(server.stopped().await, 0);
    assert_eq!(began.elapsed().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_client_is_told_how_long_to_stay_away() {
    let limits = Limits { max_requests: 0, ..Limits::default() };
    let (_server, dial) = simulated(echo(), limits);
    let client = simulated_client(&dial, &pki().ven, ClientLimits::default());
    let error = client.post(&service(), "<a/>").await.unwrap_err();
    assert!(matches!(error, Error::Status { status: 503, .. }));
    assert_eq!(error.retry(), Retry::After(Duration::from_secs(5)));
}
