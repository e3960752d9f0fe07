//! The link over sockets: whose answers count. A rogue VTN, even with a certificate of a
//! trusted authority, is not obeyed once the VTN is known (threat T14).
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use oadr_certs::Identity;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::oadr::{OadrPoll, OadrResponse};
use oadr_schemas::openadr::{Message, encode};
use oadr_store::Memory;
use oadr_transport::{
    Answer, Client, ClientLimits, ClientSecurity, Limits, Received, Retry, Server, ServerSecurity,
    SystemClock, TcpConnect,
};
use oadr_ven::{About, Link, Wire};
use tokio::net::TcpListener;

fn identities() -> [Identity; 3] {
    let (not_before, not_after) = ("2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z");
    let validity =
        Validity { not_before: not_before.parse().unwrap(), not_after: not_after.parse().unwrap() };
    let ca = Ca::ecc(validity).unwrap();
    [("vtn", Role::Vtn), ("rogue", Role::Vtn), ("ven", Role::Ven)]
        .map(|(name, role)| ca.issue(role, name, KeyKind::Ecc, &[]).unwrap())
}

/// A VTN on loopback that answers every poll with "nothing waits"; its address.
async fn serve(identity: &Identity) -> String {
    let nothing = || Answer::ok(encode(OadrResponse::ok("").with_ven_id("ven-1").into(), None));
    serve_with(identity, nothing).await
}

/// A VTN on loopback that answers every poll the same; its address.
async fn serve_with(identity: &Identity, answer: fn() -> Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    let security = ServerSecurity::for_simulation(identity.leaf());
    let handler = move |_, request: Received| async move {
        assert_eq!(request.path, "/OpenADR2/Simple/2.0b/OadrPoll");
        answer()
    };
    let server = Server::new(Arc::new(handler), Limits::default(), Arc::new(SystemClock));
    tokio::spawn(async move { server.serve(listener, security, std::future::pending()).await });
    address
}

fn wire(address: &str, ven: &Identity, memory: &Memory) -> Wire {
    let security = ClientSecurity::for_simulation(ven.leaf());
    let client = Client::new(TcpConnect, security, ClientLimits::default(), Arc::new(SystemClock));
    Wire::new(client, address.parse().unwrap(), memory.open()).unwrap()
}

fn poll() -> Message {
    OadrPoll { schema_version: None, ven_id: "ven-1".into() }.into()
}

#[tokio::test]
async fn the_certificate_of_the_first_contact_is_the_vtns_for_good() {
    let [vtn, rogue, ven] = identities();
    let memory = Memory::new();
    let first = wire(&serve(&vtn).await, &ven, &memory);
    assert_eq!(first.pin(), None);
    let reply = first.openadr(Service::OadrPoll, poll()).await.unwrap();
    assert!(matches!(reply, Some(Message::OadrResponse(_))));
    assert_eq!(first.pin(), Some(vtn.thumbprint()));
    first.openadr(Service::OadrPoll, poll()).await.unwrap();
    // After a restart, at the same address, somebody else.
    let second = wire(&serve(&rogue).await, &ven, &memory);
    assert_eq!(second.pin(), Some(vtn.thumbprint()));
    let silence = second.openadr(Service::OadrPoll, poll()).await.unwrap_err();
    assert_eq!(silence.retry, Retry::BackOff);
    assert!(silence.detail.contains("forget-vtn"), "{silence}");
    assert_eq!(second.pin(), Some(vtn.thumbprint()));
}

#[tokio::test]
async fn messages_are_traced_as_they_are_on_the_wire() {
    let [vtn, _, ven] = identities();
    let dir = tempfile::tempdir().unwrap();
    let wire = wire(&serve(&vtn).await, &ven, &Memory::new());
    let wire = wire.traced(dir.path().join("trace")).unwrap();
    wire.openadr(Service::OadrPoll, poll()).await.unwrap();
    let read = |name: &str| std::fs::read_to_string(dir.path().join("trace").join(name)).unwrap();
    assert_eq!(read("00000000-OadrPoll-out.xml"), encode(poll(), None));
    assert!(read("00000001-OadrPoll-in.xml").contains("oadrResponse"));
}

#[tokio::test]
async fn nobody_there_is_a_silence_worth_another_attempt() {
    let [_, _, ven] = identities();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    drop(listener);
    let silence = wire(&address, &ven, &Memory::new());
    let silence = silence.openadr(Service::OadrPoll, poll()).await.unwrap_err();
    assert_eq!((silence.retry, silence.about), (Retry::BackOff, About::Link));
}

#[tokio::test]
async fn what_came_to_nothing_is_the_message_or_the_whole_link() {
    let [vtn, _, ven] = identities();
    let (pause, soon) = (Retry::After(Duration::from_secs(7)), Retry::BackOff);
    let answers: [(fn() -> Answer, _); 5] = [
        (|| Answer::status(500), (soon, About::Message)),
        (|| Answer::ok("<oadrPayload/>"), (soon, About::Message)),
        (|| Answer::status(502), (soon, About::Link)),
        (|| Answer::status(403), (soon, About::Link)),
        (|| Answer::unavailable(Duration::from_secs(7)), (pause, About::Link)),
    ];
    for (answer, wanted) in answers {
        let wire = wire(&serve_with(&vtn, answer).await, &ven, &Memory::new());
        let silence = wire.openadr(Service::OadrPoll, poll()).await.unwrap_err();
        assert_eq!((silence.retry, silence.about), wanted, "{silence}");
    }
}
