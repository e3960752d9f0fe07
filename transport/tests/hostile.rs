//! Damaged requests by the thousand: whatever arrives, a handler sees only what a second, simple
//! and strict reading of the same bytes sees too (reliability T7), and nothing falls over.
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod common;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::*;
use oadr_transport::{Answer, Limits, Random, Received};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Up to three requests, damaged in one to three places.
fn damaged(random: &mut Random) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in 0..random.random_range(1..=3) {
        bytes.extend(GOOD.replace("<a/>", &format!("<{number}/>")).bytes());
    }
    for _ in 0..random.random_range(1..=3) {
        let place = random.random_range(0..bytes.len());
        match random.random_range(0..6) {
            0 => bytes[place] = random.random(),
            1 => drop(bytes.remove(place)),
            2 => bytes.insert(place, *b"\r\n \t:,;0\0".choose(random).unwrap()),
            3 => {
                let piece = PIECES.choose(random).unwrap();
                bytes.splice(place..place, piece.bytes());
            }
            4 => {
                // A header of some kind at a line's end, where it does most harm.
                let piece = format!("\r\n{}", PIECES.choose(random).unwrap());
                let ends: Vec<_> =
                    (0..bytes.len()).filter(|i| bytes[*i..].starts_with(b"\r\n")).collect();
                if let Some(end) = ends.choose(random) {
                    bytes.splice(*end..*end, piece.bytes());
                }
            }
            _ => {
                let end = random.random_range(place..bytes.len());
                let copy = bytes[place..end].to_vec();
                bytes.splice(place..place, copy);
            }
        }
    }
    bytes
}

/// The bodies that the strictest reading finds, up to the first fault.
fn strictly_read(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    loop {
        while let Some(rest) = bytes.strip_prefix(b"\r\n") {
            bytes = rest;
        }
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return bodies;
        };
        let head: String = bytes[..end].iter().copied().map(char::from).collect();
        bytes = &bytes[end + 4..];
        let lines: Vec<_> = head.split("\r\n").collect();
        if lines.iter().any(|line| line.contains(['\r', '\n']) || line.starts_with([' ', '\t'])) {
            return bodies;
        }
        let named = |wanted: &str| {
            let fields = lines[1..].iter().filter_map(|line| line.split_once(':'));
            let values = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
            values.map(|(_, value)| value.trim()).collect::<Vec<_>>()
        };
        let lengths = named("content-length");
        let length = match lengths[..] {
            [] => 0,
            [one] if one.bytes().all(|byte| byte.is_ascii_digit()) => {
                one.parse().unwrap_or(usize::MAX)
            }
            _ => return bodies,
        };
        if !named("transfer-encoding").is_empty() || length > bytes.len() {
            return bodies;
        }
        bodies.push(bytes[..length].to_vec());
        bytes = &bytes[length..];
    }
}

fn is_subsequence(some: &[Vec<u8>], all: &[Vec<u8>]) -> bool {
    let mut all = all.iter();
    some.iter().all(|body| all.any(|other| other == body))
}

#[tokio::test(start_paused = true)]
async fn no_handler_sees_what_a_strict_reader_does_not() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (server, dial) = simulated(
        {
            let seen = Arc::clone(&seen);
            move |_, request: Received| {
                seen.lock().unwrap().push(request.body.to_vec());
                async { Answer::ok("<ok/>") }
            }
        },
        Limits::default(),
    );
    let mut handled = 0;
    for seed in 0..CASES {
        let mut random = Random::seed_from_u64(seed);
        let bytes = damaged(&mut random);
        let mut stream = dial.shaken(&pki().ven).await;
        // In two pieces: the cut may fall anywhere.
        let cut = random.random_range(0..bytes.len());
        let _ = stream.write_all(&bytes[..cut]).await;
        tokio::task::yield_now().await;
        let _ = stream.write_all(&bytes[cut..]).await;
        let mut answers = Vec::new();
        let _ = within(Duration::from_secs(300), stream.read_to_end(&mut answers)).await;
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        let strict = strictly_read(&bytes);
        let text = bytes.escape_ascii();
        assert!(is_subsequence(&seen, &strict), "seed {seed}: {seen:?} but {strict:?}: {text}");
        handled += seen.len();
    }
    let count = |meter: &std::sync::atomic::AtomicU64| meter.load(Ordering::Relaxed);
    let (malformed, panicked) = (count(&server.meters.malformed), count(&server.meters.panicked));
    println!("{CASES} streams, {handled} requests handled, {malformed} cut off as malformed");
    // Neither all nothing nor all good: the damage is of the right size.
    assert!(handled > 500 && malformed > 500, "{handled} {malformed}");
    assert_eq!(panicked, 0);
    assert_eq!(exchange(&dial, GOOD).await.0.unwrap().status, 200);
}

const CASES: u64 = 3000;

const PIECES: [&str; 12] = [
    "Content-Length: 4",
    "Content-Length: 40",
    "content-length:\t0",
    "Content-Length : 9",
    "Transfer-Encoding: chunked",
    "transfer-encoding:identity",
    " folded",
    "\n",
    "\r",
    "GET / HTTP/1.1",
    "Expect: 100-continue",
    "Connection: close",
];
