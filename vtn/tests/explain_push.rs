//! Why what is pushed to a VEN does not arrive. OpenADR 2.0b Profile, rules 38, 51, 402.

#![allow(clippy::unwrap_used)]

mod common;

use std::net::TcpListener;

use common::{Bench, minutes, noon, pushing, simple, until};
use oadr_vtn::explain::{Cause, Weight};
use oadr_vtn::record::EventDraft;

const AE: (&str, &str) = ("A", "e");

/// An address where nobody listens any more.
fn deserted() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/ven/", listener.local_addr().unwrap())
}

#[tokio::test]
async fn rule_38_an_event_that_is_to_be_pushed_waits_for_no_poll() {
    let bench = Bench::new().await;
    let (a, address) = (bench.enrolled("A").await, deserted());
    let mut create = a.create_registration();
    create.oadr_http_pull_model = Some(false);
    create.oadr_transport_address = Some(address.clone());
    a.created(create).await;
    assert_eq!(bench.verdict("A", ""), "A can take part");
    let draft = EventDraft { id: Some("e".into()), ..simple(&["A"], noon(), &[1]) };
    bench.vtn.create_event(draft).await.unwrap();
    bench.pass(minutes(2));
    assert_eq!(bench.verdict("A", "e"), "A has not got event e: the event has to be pushed to it");
    let waits = bench.why(AE, Cause::NotPushed);
    assert_eq!((waits.since, waits.weight), (Some(noon()), Weight::Stops));
    for cause in [Cause::NotPolledSince, Cause::Silent, Cause::PushFails] {
        assert!(!bench.finds(AE, cause), "{cause:?}");
    }
    let _pushing = pushing(&bench);
    until(|| bench.vtn.outbox("A").unwrap().push_trouble.is_some(), "it fails").await;
    let fails = bench.why(AE, Cause::PushFails);
    assert!(fails.text.contains(&format!("pushed to {address} does not arrive; attempts: 1")));
    assert_eq!((fails.since, fails.weight), (Some(bench.now()), Weight::Hinders));
    let why = bench.vtn.outbox("A").unwrap().push_trouble.unwrap().why;
    assert!(bench.why(AE, Cause::NotPushed).text.ends_with(&format!("that fails: {why}")));
    assert!(bench.verdict("A", "").starts_with("A can take part, but what is pushed to"));
}
