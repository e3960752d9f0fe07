//! Mutual TLS over loopback sockets: OpenADR 2.0b Profile 9.2, rules 516 and 517.
#![allow(clippy::unwrap_used)] // Tests, and their helpers, may fail loudly.

mod common;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::*;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::tls::{
    ClientSettings, NameCheck, Pin, ServerSettings, client_config, server_config,
};
use oadr_certs::{Identity, Roots, Thumbprint};
use oadr_transport::{
    Answer, Client, ClientLimits, ClientSecurity, Clock, Error, Handler, Limits, Peer, Received,
    Retry, ServerSecurity, SystemClock, TcpConnect, TlsFailure,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls;

async fn start(handler: impl Handler, identity: &Identity) -> (Running, SocketAddr) {
    let settings = ServerSettings {
        identities: vec![identity.clone()],
        roots: pki().roots(),
        crls: Vec::new(),
    };
    let config = server_config(settings).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let security = ServerSecurity::tls(move || Arc::clone(&config));
    (serve(handler, Limits::default(), listener, security), address)
}

fn client_of(settings: ClientSettings) -> Client {
    let config = client_config(settings).unwrap();
    client(config)
}

fn client(config: Arc<rustls::ClientConfig>) -> Client {
    let security = ClientSecurity::tls(move || Arc::clone(&config));
    Client::new(TcpConnect, security, ClientLimits::default(), Arc::new(SystemClock))
}

fn ven() -> Client {
    client_of(ClientSettings::new(pki().ven.clone(), pki().roots()))
}

async fn post(client: &Client, address: SocketAddr) -> Result<Vec<u8>, Error> {
    let url = url(&format!("https://localhost:{}/x", address.port()));
    client.post(&url, "<a/>").await.map(|reply| reply.body.to_vec())
}

/// A request long enough to be on its way still when it is refused.
async fn post_long(client: &Client, address: SocketAddr) -> Result<Vec<u8>, Error> {
    let url = url(&format!("https://localhost:{}/x", address.port()));
    client.post(&url, vec![b'x'; 900_000]).await.map(|reply| reply.body.to_vec())
}

async fn failure(client: &Client, address: SocketAddr) -> TlsFailure {
    let error = post(client, address).await.unwrap_err();
    assert_eq!(error.retry(), Retry::BackOff);
    match error {
        Error::Tls(failure) => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_end_learns_the_others_certificate() {
    let handler = |peer: Peer, _: Received| async move {
        Answer::ok(peer.certificate.thumbprint.to_string())
    };
    let (_server, address) = start(handler, &pki().vtn).await;
    for identity in [&pki().ven, &pki().other] {
        let client = client_of(ClientSettings::new(identity.clone(), pki().roots()));
        let url = url(&format!("https://localhost:{}/x", address.port()));
        let reply = client.post(&url, "<a/>").await.unwrap();
        let own = Thumbprint::of_der(&identity.chain[0]).to_string();
        assert_eq!(reply.body, own.as_bytes());
        assert_eq!(reply.peer.thumbprint, Thumbprint::of_der(&pki().vtn.chain[0]));
    }
}

#[tokio::test]
async fn both_tls_versions_are_served() {
    let (_server, address) = start(echo(), &pki().vtn).await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let config = raw_config(Some(&pki().ven), version);
        assert_eq!(post(&client(config), address).await.unwrap(), b"<a/>");
    }
}

/// Client settings that ours would not let pass.
fn raw_config(
    identity: Option<&Identity>,
    version: &'static rustls::SupportedProtocolVersion,
) -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    for root in pki().roots().ders() {
        roots.add(root.clone()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots);
    Arc::new(match identity {
        Some(identity) => {
            builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key()).unwrap()
        }
        None => builder.with_no_client_auth(),
    })
}

#[tokio::test]
async fn a_client_without_a_good_certificate_reaches_no_handler_and_learns_why() {
    let reached = Arc::new(AtomicUsize::new(0));
    let handler = {
        let reached = Arc::clone(&reached);
        move |_: Peer, _: Received| {
            reached.fetch_add(1, Ordering::Relaxed);
            async { Answer::ok("<a/>") }
        }
    };
    let (server, address) = start(handler, &pki().vtn).await;
    let now = SystemClock.now();
    let stranger = Ca::ecc(Validity::days(now, 1))
        .unwrap()
        .issue(Role::Ven, "ven", KeyKind::Ecc, &[])
        .unwrap();
    let expired = pki().expired(Role::Ven);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for identity in [None, Some(&stranger), Some(&expired)] {
            // Repeated: the alert races with our request in TLS 1.3.
            for _ in 0..20 {
                let failure = failure(&client(raw_config(identity, version)), address).await;
                assert!(matches!(failure, TlsFailure::OursRefused(_)), "{failure:?} {version:?}");
                let error = post_long(&client(raw_config(identity, version)), address).await;
                assert!(matches!(error, Err(Error::Tls(TlsFailure::OursRefused(_)))), "{error:?}");
            }
        }
    }
    assert_eq!(reached.load(Ordering::Relaxed), 0);
    // The server gives the last one a moment to read its alert.
    within(Duration::from_secs(5), async {
        while server.meters.open.load(Ordering::Relaxed) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_eq!(server.meters.handshakes_failed.load(Ordering::Relaxed), 240);
}

#[tokio::test]
async fn a_server_that_is_not_who_it_should_be_is_told_apart() {
    let settings = || ClientSettings::new(pki().ven.clone(), pki().roots());
    let (_good, good) = start(echo(), &pki().vtn).await;
    let (_expired, expired) = start(echo(), &pki().expired(Role::Vtn)).await;
    let elsewhere = ["vtn.example".to_owned()];
    let misnamed = pki().ca.issue(Role::Vtn, "misnamed", KeyKind::Ecc, &elsewhere).unwrap();
    let (_misnamed, misnamed_at) = start(echo(), &misnamed).await;

    assert_eq!(failure(&client_of(settings()), expired).await, TlsFailure::TheirsExpired);
    assert_eq!(failure(&client_of(settings()), misnamed_at).await, TlsFailure::TheirsWrongName);
    let others = Ca::ecc(Validity::days(SystemClock.now(), 1)).unwrap().roots();
    let distrusting = ClientSettings::new(pki().ven.clone(), others);
    assert_eq!(failure(&client_of(distrusting), good).await, TlsFailure::TheirsUntrusted);
    let pin = |identity: &Identity| Pin::Thumbprint(Thumbprint::of_der(&identity.chain[0]));
    let pinned = ClientSettings { server_pin: Some(pin(&misnamed)), ..settings() };
    assert_eq!(failure(&client_of(pinned.clone()), good).await, TlsFailure::TheirsNotPinned);
    let by_pin = ClientSettings { names: NameCheck::PinOnly, ..pinned };
    assert_eq!(post(&client_of(by_pin), misnamed_at).await.unwrap(), b"<a/>");
    let right = ClientSettings { server_pin: Some(pin(&pki().vtn)), ..settings() };
    assert_eq!(post(&client_of(right), good).await.unwrap(), b"<a/>");
}

#[tokio::test]
async fn who_does_not_speak_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 512]).await;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    assert!(matches!(failure(&ven(), address).await, TlsFailure::Other(_)));
    let error = post(&ven(), address).await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");

    let (server, address) = start(echo(), &pki().vtn).await;
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(GOOD.as_bytes()).await.unwrap();
    let mut answered = Vec::new();
    let _ = within(Duration::from_secs(5), plain.read_to_end(&mut answered)).await;
    assert!(!answered.starts_with(b"HTTP"));
    assert_eq!(server.meters.handshakes_failed.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_unknown_host_is_no_connection() {
    let url = url("https://no-such-host.invalid/x");
    let error = ven().post(&url, "<a/>").await.unwrap_err();
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
}

#[tokio::test]
async fn ten_parallel_requests_share_kept_connections() {
    let (server, address) = start(slow(Duration::from_millis(20)), &pki().vtn).await;
    let limits = ClientLimits { max_idle: 10, ..ClientLimits::default() };
    let config = client_config(ClientSettings::new(pki().ven.clone(), pki().roots())).unwrap();
    let security = ClientSecurity::tls(move || Arc::clone(&config));
    let client = Client::new(TcpConnect, security, limits, Arc::new(SystemClock));
    for _ in 0..10 {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { post(&client, address).await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), b"<a/>");
        }
    }
    let connections = server.meters.connections.load(Ordering::Relaxed);
    assert!(connections <= 10, "{connections} connections for 80 requests");
    assert_eq!(server.meters.status_200.load(Ordering::Relaxed), 80);
}

#[tokio::test]
async fn an_answer_to_an_oversized_request_arrives_before_the_connection_closes() {
    let (_server, address) = start(echo(), &pki().vtn).await;
    for _ in 0..20 {
        let connector = TlsConnector::from(raw_config(Some(&pki().ven), &rustls::version::TLS13));
        let name = "localhost".try_into().unwrap();
        let tcp = TcpStream::connect(address).await.unwrap();
        let mut stream = connector.connect(name, tcp).await.unwrap();
        let head = GOOD.replace("Content-Length: 4\r\n\r\n<a/>", "Content-Length: 1000000\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        // The whole body is on its way, unread, when the answer comes.
        let _ = stream.write_all(&vec![b'x'; 600_000]).await;
        let answer = within(Duration::from_secs(5), answer(&mut stream)).await.unwrap();
        assert_eq!(answer.status, 406);
    }
}

#[tokio::test]
async fn our_client_is_told_that_its_request_is_too_long() {
    let (_server, address) = start(echo(), &pki().vtn).await;
    for _ in 0..20 {
        let error = post_long(&ven(), address).await;
        assert!(matches!(error, Err(Error::Status { status: 406, .. })), "{error:?}");
    }
}

#[tokio::test]
async fn shutdown_over_sockets_finishes_what_is_in_flight() {
    let (mut server, address) = start(slow(Duration::from_millis(300)), &pki().vtn).await;
    let client = ven();
    let in_flight = tokio::spawn({
        let client = client.clone();
        async move { post(&client, address).await }
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    server.stop();
    assert_eq!(in_flight.await.unwrap().unwrap(), b"<a/>");
    assert_eq!(within(Duration::from_secs(5), server.stopped()).await, 0);
    let error = post(&client, address).await.unwrap_err();
    assert!(
        matches!(&error, Error::Connect(e) if e.kind() == io::ErrorKind::ConnectionRefused),
        "{error:?}"
    );
}

#[tokio::test]
async fn new_settings_serve_the_next_connection() {
    let renewed =
        pki().ca.issue(Role::Vtn, "renewed", KeyKind::Ecc, &["localhost".into()]).unwrap();
    let roots: Roots = pki().roots();
    let configs = [&pki().vtn, &renewed].map(|identity| {
        let identities = vec![identity.clone()];
        server_config(ServerSettings { identities, roots: roots.clone(), crls: Vec::new() })
            .unwrap()
    });
    let which = Arc::new(AtomicUsize::new(0));
    let security = ServerSecurity::tls({
        let which = Arc::clone(&which);
        move || Arc::clone(&configs[which.load(Ordering::Relaxed)])
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = url(&format!("https://localhost:{}/x", listener.local_addr().unwrap().port()));
    let _server = serve(echo(), Limits::default(), listener, security);
    let client = ven();
    let name = async || client.post(&service, "<a/>").await.unwrap().peer.common_name.clone();
    assert_eq!(name().await.as_deref(), Some("vtn"));
    which.store(1, Ordering::Relaxed);
    assert_eq!(name().await.as_deref(), Some("vtn"));
    client.reconnect();
    assert_eq!(name().await.as_deref(), Some("renewed"));
}
