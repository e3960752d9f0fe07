//! Client and server inside a deterministic simulation: delays, held and broken links, crashes of
//! the server. Every acknowledged request was handled; the same seed gives the same story.
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod common;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::pki;
use oadr_transport::{
    Answer, Backoff, Client, ClientLimits, ClientSecurity, Clock, Connect, Error, Limits, Listen,
    OffsetClock, Received, Retry, Server, ServerSecurity,
};
use rand::{Rng, SeedableRng};
use turmoil::net::{TcpListener, TcpStream};

struct SimulatedListener(TcpListener);

impl Listen for SimulatedListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        self.0.accept().await
    }
}

#[derive(Clone)]
struct SimulatedConnect;

impl Connect for SimulatedConnect {
    type Stream = TcpStream;

    async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        TcpStream::connect((host, port)).await
    }
}

/// What the server has handled, on a disk that survives crashes: how often each request.
type Disk = Arc<Mutex<BTreeMap<String, u32>>>;

/// What a run amounts to.
#[derive(Debug, PartialEq, Default)]
struct Story {
    handled: BTreeMap<String, u32>,
    acknowledged: Vec<String>,
    failures: Vec<String>,
    crashes: u32,
    millis: u128,
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(OffsetClock::new("2026-12-01T00:00:00Z".parse().unwrap(), 1))
}

async fn vtn(disk: Disk) -> turmoil::Result {
    let handler = move |_, request: Received| {
        let disk = Arc::clone(&disk);
        async move {
            let id = String::from_utf8(request.body.to_vec()).unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            *disk.lock().unwrap().entry(id).or_default() += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            Answer::ok(request.body)
        }
    };
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 8443)).await?;
    let server = Server::new(Arc::new(handler), Limits::default(), clock());
    let security = ServerSecurity::for_simulation(&pki().vtn.chain[0]);
    server.serve(SimulatedListener(listener), security, std::future::pending()).await;
    Ok(())
}

async fn ven(name: String, seed: u64, story: Arc<Mutex<Story>>) -> turmoil::Result {
    let limits = ClientLimits {
        timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(3),
        ..Default::default()
    };
    let security = ClientSecurity::for_simulation(&pki().ven.chain[0]);
    let clock = clock();
    let client = Client::new(SimulatedConnect, security, limits, Arc::clone(&clock));
    let url = "http://vtn:8443/OpenADR2/Simple/2.0b/EiReport".parse().unwrap();
    let mut backoff = Backoff::new(Duration::from_secs(4), seed);
    for number in 0..REQUESTS {
        let id = format!("{name}-{number}");
        loop {
            match client.post(&url, id.clone()).await {
                Ok(reply) => {
                    assert_eq!(reply.body, id.as_bytes());
                    backoff.reset();
                    story.lock().unwrap().acknowledged.push(id);
                    break;
                }
                Err(error) => {
                    let wait = match error.retry() {
                        Retry::No => panic!("{error}"),
                        Retry::After(time) => time,
                        Retry::BackOff => backoff.after_failure(),
                    };
                    story.lock().unwrap().failures.push(kind(&error).to_owned());
                    clock.sleep(wait).await;
                }
            }
        }
    }
    Ok(())
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::Connect(_) => "connect",
        Error::Tls(_) => "handshake",
        Error::Timeout(_) => "timeout",
        Error::Cut(_) => "cut",
        _ => "other",
    }
}

fn tell(seed: u64) -> Story {
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .tick_duration(Duration::from_millis(5))
        .simulation_duration(Duration::from_secs(600))
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(Duration::from_millis(300))
        .build();
    let disk = Disk::default();
    let story = Arc::new(Mutex::new(Story::default()));
    {
        let disk = Arc::clone(&disk);
        sim.host("vtn", move || vtn(Arc::clone(&disk)));
    }
    for name in ["a", "b", "c"] {
        sim.client(name, ven(name.to_owned(), seed, Arc::clone(&story)));
    }
    let mut crashes = 0;
    let mut next = random.random_range(200..1500);
    while !sim.step().unwrap() {
        if sim.elapsed().as_millis() < next {
            continue;
        }
        next += random.random_range(500..2500_u128);
        let name = ["a", "b", "c"][random.random_range(0..3)];
        match random.random_range(0..4) {
            0 => {
                crashes += 1;
                sim.crash("vtn");
                sim.bounce("vtn");
            }
            1 => sim.partition(name, "vtn"),
            _ => sim.repair(name, "vtn"),
        }
        if sim.elapsed() > Duration::from_secs(60) {
            // The weather clears: everybody must get through.
            for name in ["a", "b", "c"] {
                sim.repair(name, "vtn");
            }
            next = u128::MAX;
        }
    }
    let mut story = std::mem::take(&mut *story.lock().unwrap());
    story.handled = disk.lock().unwrap().clone();
    story.crashes = crashes;
    story.millis = sim.elapsed().as_millis();
    story
}

#[test]
fn every_acknowledged_request_was_handled_whatever_the_weather() {
    let mut failures: BTreeMap<String, u32> = BTreeMap::new();
    let (mut crashes, mut repeated) = (0, 0);
    for seed in 0..20 {
        let story = tell(seed);
        assert_eq!(story.acknowledged.len(), 3 * REQUESTS, "seed {seed}");
        for id in &story.acknowledged {
            let times = story.handled.get(id).copied().unwrap_or(0);
            assert!(times >= 1, "seed {seed}: {id} acknowledged, never handled");
            repeated += times - 1;
        }
        for failure in story.failures {
            *failures.entry(failure).or_default() += 1;
        }
        crashes += story.crashes;
    }
    println!("{crashes} crashes, {repeated} handled again, failures {failures:?}");
    // A calm simulation would show nothing.
    assert!(crashes >= 20 && repeated >= 1 && failures.len() >= 3, "{crashes} {failures:?}");
}

#[test]
fn the_same_seed_tells_the_same_story() {
    assert_eq!(tell(7), tell(7));
    assert_ne!(tell(7), tell(8));
}

const REQUESTS: usize = 25;
