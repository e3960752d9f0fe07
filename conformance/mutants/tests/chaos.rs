//! The chaos of the kit's VTN reaches a VEN, and is the same for the same seed.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use oadr_certs::dev::{Ca, Validity};
use oadr_conformance::chaos::Chaos;
use oadr_conformance::run::{self, Order};
use oadr_mutants::fault::Faults;
use oadr_transport::{Clock as _, SystemClock};

/// What became of each request of a VEN that boots, polls and answers: a status, or nothing.
async fn met(chaos: Option<&str>, seed: u64) -> Vec<(String, Option<u16>)> {
    let home = tempfile::tempdir().unwrap();
    let ca = Ca::ecc(Validity::days(SystemClock.now(), 2)).unwrap();
    ca.save(home.path(), false).unwrap();
    let hook = oadr_mutants::ven::start(&ca, Faults::none()).unwrap();
    let chaos = chaos.map(|text| Chaos::parse(text, seed).unwrap());
    let (certs, only, profiles) = (home.path().to_owned(), Some("poll-pace".into()), Vec::new());
    let order = Order { certs, hook, only, profiles, chaos };
    let listen = ([127, 0, 0, 1], 0).into();
    let run = run::ven(order, (listen, "localhost"), &mut |_, _, _| {}).await.unwrap();
    let exchanges = run.outcomes[0].exchanges.iter();
    let status = |start: &str| start.split(' ').nth(1).and_then(|code| code.parse().ok());
    exchanges
        .map(|one| {
            (one.asked.clone(), one.answer.as_ref().and_then(|answer| status(&answer.start)))
        })
        .collect()
}

fn count(met: &[(String, Option<u16>)], status: Option<u16>) -> usize {
    met.iter().filter(|(_, found)| *found == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_chaos_every_request_is_answered() {
    let met = met(None, 1).await;
    assert_eq!(count(&met, Some(200)), met.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_vtn_lets_nobody_in() {
    let met = met(Some("busy=1"), 1).await;
    assert!(!met.is_empty());
    assert_eq!(count(&met, Some(503)), met.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_is_the_same_trouble_for_a_ven() {
    let text = Some("busy=0.2,lost=0.2,twice=0.2,reregister=0.1");
    let (first, second) = (met(text, 4).await, met(text, 4).await);
    assert_eq!(first, second);
    assert!(count(&first, Some(503)) > 0 && count(&first, None) > 0, "{first:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ven_is_made_to_register_again() {
    let met = met(Some("reregister=0.3"), 2).await;
    let registrations = met.iter().filter(|(asked, _)| asked == "oadrCreatePartyRegistration");
    assert!(registrations.count() > 1, "{met:?}");
}
