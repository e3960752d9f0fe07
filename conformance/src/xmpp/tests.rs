//! Streams cut to stanzas, and a client at a server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::tls::{ClientSettings, ServerSettings, client_config, server_config};
use oadr_transport::net::BoxFuture;
use oadr_transport::{Clock as _, SystemClock};
use tokio::net::TcpListener;

use super::reader::Reader;
use super::*;

async fn cut(text: &str) -> Vec<String> {
    let mut reader = Reader::new(text.as_bytes());
    reader.header().await.unwrap();
    let mut found = Vec::new();
    while let Some(stanza) = reader.stanza().await.unwrap() {
        found.push(stanza.text);
    }
    found
}

#[tokio::test]
async fn stanzas_are_cut_where_their_tags_balance() {
    let stanzas = [
        "<presence/>",
        "<iq id='a>b' type=\"get\"><x><y/>text</x></iq>",
        "<message><![CDATA[</message>]]></message>",
    ];
    let text = format!("{} {}\n</stream:stream>", header("to='d'"), stanzas.join(" "));
    assert_eq!(cut(&text).await, stanzas);
}

#[tokio::test]
async fn what_xmpp_forbids_is_an_error() {
    for text in ["<a><!-- c --></a>", "<!DOCTYPE a>", "<a><?pi?></a>", "text<a/>", "<a>"] {
        let mut reader = Reader::new(text.as_bytes());
        assert!(reader.stanza().await.is_err(), "{text}");
    }
}

#[test]
fn a_payload_keeps_the_prefixes_that_were_declared_outside() {
    let stanza = Stanza::new("<iq xmlns:o='urn:o' id='1'><o:x a='b'/></iq>".to_owned());
    let payload = stanza.payload().unwrap();
    assert!(payload.contains(" xmlns:o=\"urn:o\"") && payload.ends_with(" a='b'/>"), "{payload}");
    let stanza =
        Stanza::new("<iq xmlns:o='urn:o'><p:x xmlns:p='urn:p'><o:y/></p:x></iq>".to_owned());
    let payload = stanza.payload().unwrap();
    assert_eq!(payload.matches("xmlns:p=").count(), 1, "{payload}");
    assert!(roxmltree::Document::parse(&payload).is_ok(), "{payload}");
    let stanza = Stanza::new("<iq><x xmlns='urn:o'/></iq>".to_owned());
    assert_eq!(stanza.payload().unwrap(), "<x xmlns='urn:o'/>");
    assert_eq!(Stanza::new("<iq/>".to_owned()).payload(), None);
}

#[derive(Default)]
struct Echo {
    refused: Mutex<Vec<Refusal>>,
    guests: Mutex<Vec<Guest>>,
}

impl Host for Echo {
    fn refused(&self, why: Refusal) {
        self.refused.lock().unwrap().push(why);
    }

    fn came(&self, guest: &Guest) {
        self.guests.lock().unwrap().push(guest.clone());
    }

    fn heard<'a>(&'a self, _: &'a Guest, stanza: Stanza) -> BoxFuture<'a, Vec<String>> {
        Box::pin(async move {
            let payload = stanza.payload().unwrap_or_default();
            if stanza.is_iq("set") { vec![result(&stanza, &payload)] } else { Vec::new() }
        })
    }

    fn left(&self, guest: &Guest) {
        self.guests.lock().unwrap().retain(|one| one.jid != guest.jid);
    }
}

fn now() -> Timestamp {
    SystemClock.now()
}

async fn place(ca: &Ca) -> (Arc<Echo>, Server) {
    let own = ca.issue(Role::Vtn, "server", KeyKind::Ecc, &["localhost".to_owned()]).unwrap();
    let config =
        server_config(ServerSettings { identities: vec![own], roots: ca.roots(), crls: vec![] });
    let echo = Arc::new(Echo::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host: Arc<dyn Host> = Arc::<Echo>::clone(&echo);
    let server = Server::open(listener, config.unwrap(), "localhost".to_owned(), host);
    (echo, server.await.unwrap())
}

fn login(ca: &Ca, server: &Server, user: &str) -> Login {
    let own = ca.issue(Role::Ven, "ven-a", KeyKind::Ecc, &[]).unwrap();
    Login {
        server: server.address.to_string(),
        domain: "localhost".to_owned(),
        user: user.to_owned(),
        resource: "client".to_owned(),
        config: client_config(ClientSettings::new(own, ca.roots())).unwrap(),
        answers_pings: true,
    }
}

#[tokio::test]
async fn a_client_logs_in_by_its_certificate_asks_and_answers_pings() {
    let ca = Ca::ecc(Validity::days(now(), 1)).unwrap();
    let (echo, server) = place(&ca).await;
    let mut client = login(&ca, &server, "ven-a").enter().await.unwrap();
    assert_eq!(client.jid, "ven-a@localhost/client");
    let answer = client.ask("localhost", "set", "<x xmlns='urn:x'/>").await.unwrap();
    assert!(answer.is_iq("result") && answer.has("urn:x", "x"));
    let guest = echo.guests.lock().unwrap()[0].clone();
    assert!(guest.send("<message><body/></message>".to_owned()));
    let heard = client.next(Duration::from_secs(5)).await.unwrap();
    assert_eq!(heard.name(), "message");
}

#[tokio::test]
async fn a_name_that_is_not_the_certificates_does_not_come_in() {
    let ca = Ca::ecc(Validity::days(now(), 1)).unwrap();
    let (echo, server) = place(&ca).await;
    let refused = login(&ca, &server, "ven-b").enter().await.err().unwrap();
    assert!(refused.contains("invalid-authzid"), "{refused}");
    for _ in 0..100 {
        if !echo.refused.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let refused = echo.refused.lock().unwrap()[0].clone();
    assert!(matches!(&refused, Refusal::Rule(why) if why.contains("ven-b")), "{refused:?}");
}
