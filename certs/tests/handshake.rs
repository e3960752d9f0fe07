//! Our server against our client, with a clock that is given: expiry, revocation, pins, names,
//! resumption. Rules 68 and 516.
#![allow(clippy::unwrap_used)] // a test may

mod common;

use std::sync::Arc;

use common::{Answer, CA, Server, at, call, hosts, ven, vtn, vtn_settings, wide};
use jiff::Timestamp;
use oadr_certs::dev::{Ca, KeyKind, Role, Subject, Validity};
use oadr_certs::profile::{self, Refusal};
use oadr_certs::tls::{
    self, ClientOptions, ClientSettings, NameCheck, RevocationPolicy, ServerOptions,
    ServerSettings, TimeSource,
};
use oadr_certs::{Error, Fingerprint, Identity, PeerCertificate};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, ServerConfig, ServerConnection};

fn client(settings: ClientSettings) -> Arc<ClientConfig> {
    tls::client_config(settings).unwrap()
}

fn ven_settings() -> ClientSettings {
    ClientSettings::new(ven(KeyKind::Ecc), CA.roots())
}

/// Handshakes at `now` on both sides.
fn at_time(
    now: Timestamp,
    server: ServerSettings,
    client: ClientSettings,
) -> Result<Answer, String> {
    let time = Some(TimeSource::fixed(now));
    let options = ServerOptions { time: time.clone(), ..ServerOptions::default() };
    let server = Server::start(tls::server_config_with(server, options).unwrap());
    let options = ClientOptions { time, ..ClientOptions::default() };
    let answer = call(server.addr, &tls::client_config_with(client, options).unwrap(), "localhost");
    let told = server.outcome();
    answer.and_then(|answer| told.map(|_| answer))
}

fn own(role: Role, name: &str, validity: Validity) -> Identity {
    let hosts = if role == Role::Vtn { hosts() } else { Vec::new() };
    let subject = Subject { role, name: name.to_owned(), key: KeyKind::Ecc, hosts };
    CA.issue_for(&subject, validity).unwrap()
}

#[test]
fn both_sides_learn_the_others_certificate() {
    let server = Server::start(tls::server_config(vtn_settings()).unwrap());
    for kind in [KeyKind::Ecc, KeyKind::Rsa] {
        let own = ven(kind);
        let print = own.thumbprint().fingerprint().to_string();
        let config = client(ClientSettings::new(own, CA.roots()));
        let answer = call(server.addr, &config, "localhost").unwrap();
        assert!(answer.text.contains(&print), "{}", answer.text);
        assert!(answer.text.starts_with("TLSv1_3 Full"), "{}", answer.text);
        let peer = PeerCertificate::from_der(&answer.leaf).unwrap();
        assert_eq!(peer.common_name.as_deref(), Some("vtn"));
        assert_eq!(peer.not_after, wide().not_after);
    }
}

#[test]
fn rule_516_an_expired_certificate_ends_the_handshake_on_either_side() {
    let short = Validity { not_after: at("2030-06-01T00:00:00Z"), ..wide() };
    let (before, after) = (at("2030-06-01T00:00:00Z"), at("2030-06-01T00:00:01Z"));
    let brief_ven = || ClientSettings::new(own(Role::Ven, "brief", short), CA.roots());
    let brief_vtn = || {
        let identities = vec![own(Role::Vtn, "brief", short)];
        ServerSettings { identities, ..vtn_settings() }
    };
    assert!(at_time(before, brief_vtn(), brief_ven()).is_ok());
    let refused = at_time(after, vtn_settings(), brief_ven()).unwrap_err();
    assert!(refused.contains("CertificateExpired"), "{refused}");
    let refused = at_time(after, brief_vtn(), ven_settings()).unwrap_err();
    assert!(refused.contains("expired"), "{refused}");
    let late = Validity { not_before: after, ..wide() };
    let late = ClientSettings::new(own(Role::Ven, "late", late), CA.roots());
    assert!(at_time(before, vtn_settings(), late).is_err());
}

#[test]
fn rule_516_a_peer_that_expired_since_its_handshake_is_refused_even_when_it_resumes() {
    let short = Validity { not_after: at("2030-06-01T00:00:00Z"), ..wide() };
    let later = at("2030-06-01T00:00:01Z");
    let config = client(ClientSettings::new(own(Role::Ven, "brief", short), CA.roots()));
    // The server's clock stands still at the end, while its tickets stay good.
    let options =
        ServerOptions { time: Some(TimeSource::fixed(short.not_after)), ..Default::default() };
    let server = tls::server_config_with(vtn_settings(), options).unwrap();
    for kind in [HandshakeKind::Full, HandshakeKind::Resumed] {
        let conn = in_memory(&config, &server);
        assert_eq!(conn.handshake_kind(), Some(kind));
        let peer = tls::peer(&conn, short.not_after).unwrap();
        assert_eq!(peer.common_name.as_deref(), Some("brief"));
        let refused = tls::peer(&conn, later);
        assert!(matches!(refused, Err(Error::Unacceptable(Refusal::Expired))), "{refused:?}");
    }
}

/// Both ends in one thread, without sockets.
fn in_memory(client: &Arc<ClientConfig>, server: &Arc<ServerConfig>) -> ServerConnection {
    let mut server = ServerConnection::new(server.clone()).unwrap();
    let name = "localhost".try_into().unwrap();
    let mut client = ClientConnection::new(client.clone(), name).unwrap();
    while client.wants_write() || server.wants_write() {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        let mut rest = &wire[..];
        while !rest.is_empty() {
            server.read_tls(&mut rest).unwrap();
            server.process_new_packets().unwrap();
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        let mut rest = &wire[..];
        while !rest.is_empty() {
            client.read_tls(&mut rest).unwrap();
            client.process_new_packets().unwrap();
        }
    }
    server
}

#[test]
fn a_revocation_list_counts_for_its_issuer_and_a_policy_can_demand_more() {
    let listed = |revoked: &[&Identity], until: Timestamp| {
        let revoked: Vec<_> = revoked.iter().map(|one| one.leaf().clone()).collect();
        let validity = Validity { not_before: at("2026-01-01T00:00:00Z"), not_after: until };
        CA.crls(&revoked, validity).unwrap()
    };
    let bad = ven(KeyKind::Ecc);
    let bad_client = client(ClientSettings::new(bad.clone(), CA.roots()));
    let good = client(ven_settings());
    let outcome = |crls, revocation| {
        let options = ServerOptions { revocation, ..ServerOptions::default() };
        let settings = ServerSettings { crls, ..vtn_settings() };
        let server = Server::start(tls::server_config_with(settings, options).unwrap());
        [&good, &bad_client].map(|client| call(server.addr, client, "localhost").is_ok())
    };
    let lax = RevocationPolicy::default();
    let (fresh, stale) = (at("2098-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    assert_eq!(outcome(listed(&[&bad], fresh), lax), [true, false]);
    assert_eq!(outcome(listed(&[&bad], stale), lax), [true, false], "a stale list still counts");
    let strict = RevocationPolicy { refuse_stale: true, refuse_unknown: true };
    assert_eq!(outcome(listed(&[&bad], fresh), strict), [true, false]);
    assert_eq!(outcome(listed(&[], fresh), strict), [true, true]);
    assert_eq!(outcome(listed(&[], stale), strict), [false, false]);
    // Only the VTN authority's list: nothing is known of the VENs.
    let one_list = |crls: Vec<_>| crls.into_iter().skip(1).take(1).collect::<Vec<_>>();
    assert_eq!(outcome(one_list(listed(&[], fresh)), lax), [true, true]);
    assert_eq!(outcome(one_list(listed(&[], fresh)), strict), [false, false]);
}

#[test]
fn a_client_refuses_a_revoked_server() {
    let server_own = vtn(KeyKind::Ecc);
    let crls = CA.crls(&[server_own.leaf().clone()], wide()).unwrap();
    let settings = ServerSettings { identities: vec![server_own.clone()], ..vtn_settings() };
    let server = Server::start(tls::server_config(settings).unwrap());
    for names in [NameCheck::Strict, NameCheck::PinOnly] {
        let pin = Some(server_own.thumbprint().into());
        let own = ClientSettings { crls: crls.clone(), names, server_pin: pin, ..ven_settings() };
        for name in ["localhost", "elsewhere.example"] {
            let refused = call(server.addr, &client(own.clone()), name).unwrap_err();
            assert!(refused.contains("Revoked"), "{refused}");
        }
    }
}

#[test]
fn the_pin_refuses_another_genuine_server() {
    let server = Server::start(tls::server_config(vtn_settings()).unwrap());
    let answered = call(server.addr, &client(ven_settings()), "localhost").unwrap();
    let right = Fingerprint::of_der(&answered.leaf);
    let other = vtn(KeyKind::Ecc).thumbprint();
    for names in [NameCheck::Strict, NameCheck::PinOnly] {
        let pinned = |pin| {
            let own = ClientSettings { server_pin: Some(pin), names, ..ven_settings() };
            call(server.addr, &client(own), "localhost")
        };
        assert!(pinned(right.into()).is_ok());
        let refused = pinned(other.into()).unwrap_err();
        assert!(refused.contains("PinDiffers"), "{refused}");
        assert!(pinned(other.fingerprint().into()).is_err());
    }
}

#[test]
fn the_name_is_checked_unless_a_pin_stands_in_for_it() {
    let server = Server::start(tls::server_config(vtn_settings()).unwrap());
    let answered = call(server.addr, &client(ven_settings()), "127.0.0.1").unwrap();
    let pin = Some(Fingerprint::of_der(&answered.leaf).into());
    let refused = call(server.addr, &client(ven_settings()), "elsewhere.example").unwrap_err();
    assert!(refused.contains("not valid for name"), "{refused}");
    let strict = ClientSettings { server_pin: pin, ..ven_settings() };
    assert!(call(server.addr, &client(strict), "elsewhere.example").is_err());
    let pinned = ClientSettings { server_pin: pin, names: NameCheck::PinOnly, ..ven_settings() };
    assert!(call(server.addr, &client(pinned.clone()), "elsewhere.example").is_ok());
    let foreign = Ca::ecc(wide()).unwrap().roots();
    let elsewhere = ClientSettings { roots: foreign, ..pinned };
    let refused = call(server.addr, &client(elsewhere), "elsewhere.example").unwrap_err();
    assert!(refused.contains("UnknownIssuer"), "a pin is no root: {refused}");
    let bare = ClientSettings { names: NameCheck::PinOnly, ..ven_settings() };
    assert!(matches!(tls::client_config(bare), Err(Error::PinMissing)));
}

#[test]
fn a_session_is_resumed_and_still_tells_who_the_peer_is() {
    let server = Server::start(tls::server_config(vtn_settings()).unwrap());
    let config = client(ven_settings());
    let first = call(server.addr, &config, "localhost").unwrap();
    let second = call(server.addr, &config, "localhost").unwrap();
    assert!(first.text.contains(" Full "), "{}", first.text);
    assert!(second.text.contains(" Resumed "), "{}", second.text);
    let print = |answer: &Answer| answer.text.split(' ').next_back().unwrap().to_owned();
    assert_eq!(print(&first), print(&second));
}

#[test]
fn one_role_can_be_trusted_without_the_others() {
    let settings = ServerSettings { roots: CA.anchors(Role::Operator), ..vtn_settings() };
    let server = Server::start(tls::server_config(settings).unwrap());
    let operator = own(Role::Operator, "anna", wide());
    let operator = client(ClientSettings::new(operator, CA.roots()));
    assert!(call(server.addr, &operator, "localhost").is_ok());
    assert!(call(server.addr, &client(ven_settings()), "localhost").is_err());
}

#[test]
fn a_second_identity_serves_a_server_that_takes_only_its_kind() {
    // A server whose suites and schemes are RSA only cannot be had from rustls settings; the
    // resolver is asked directly.
    let options = ClientOptions { other_identity: Some(ven(KeyKind::Rsa)), ..Default::default() };
    let config = tls::client_config_with(ven_settings(), options).unwrap();
    let resolver = config.client_auth_cert_resolver.clone();
    let rsa = [rustls::SignatureScheme::RSA_PSS_SHA256];
    let ecc = [rustls::SignatureScheme::ECDSA_NISTP256_SHA256];
    let picked = |schemes| resolver.resolve(&[], schemes).unwrap().key.algorithm();
    assert_eq!(picked(&rsa), rustls::SignatureAlgorithm::RSA);
    assert_eq!(picked(&ecc), rustls::SignatureAlgorithm::ECDSA);
}

#[test]
fn rule_68_the_profile_refuses_what_path_validation_may_not() {
    let now = at("2030-01-01T00:00:00Z");
    let refusal = |der: &[u8], now| match profile::admit(der, now) {
        Err(Error::Unacceptable(refusal)) => Some(refusal),
        other => other.map(|()| None).unwrap(),
    };
    let good = ven(KeyKind::Rsa);
    assert_eq!(refusal(good.leaf(), now), None);
    assert_eq!(refusal(&good.chain[1], now), Some(Refusal::Authority));
    assert_eq!(refusal(good.leaf(), at("2099-01-01T00:00:01Z")), Some(Refusal::Expired));
    assert_eq!(refusal(good.leaf(), at("2000-01-01T00:00:00Z")), Some(Refusal::NotYetValid));
    let mut trailing = good.leaf().to_vec();
    trailing.push(0);
    assert!(matches!(profile::admit(&trailing, now), Err(Error::BadCertificate(_))));
}

#[test]
fn what_openadr_wants_and_lacks_is_told() {
    let told = |der: &[u8], now| -> Vec<String> {
        let found = profile::findings_of_der(der, now).unwrap();
        found.into_iter().map(|finding| finding.what).collect()
    };
    let now = at("2030-01-01T00:00:00Z");
    assert!(told(vtn(KeyKind::Ecc).leaf(), now).is_empty());
    assert_eq!(told(ven(KeyKind::Ecc).leaf(), now), ["names no host (subjectAltName)"]);
    let operator = told(own(Role::Operator, "anna", wide()).leaf(), now);
    assert!(operator.contains(&"may not act as TLS server".to_owned()), "{operator:?}");
    let soon = told(vtn(KeyKind::Ecc).leaf(), at("2098-12-22T00:00:00Z"));
    assert_eq!(soon, ["expires in 10 days (2099-01-01T00:00:00Z)"]);
    assert_eq!(told(vtn(KeyKind::Ecc).leaf(), at("2099-06-01T00:00:00Z")), ["expired"]);
}

#[test]
fn a_key_is_never_printed() {
    let identity = ven(KeyKind::Ecc);
    let rustls_pki_types::PrivateKeyDer::Pkcs8(key) = &identity.key else { panic!() };
    let bytes = key.secret_pkcs8_der();
    let settings = ClientSettings::new(identity.clone(), CA.roots());
    let seen = format!("{identity:?} {settings:?} {:?}", client(settings.clone()));
    assert!(seen.contains(&identity.thumbprint().fingerprint().to_string()), "{seen}");
    // P-256: the secret stands in bytes 36 to 67 of the PKCS #8 form.
    let hex: String = bytes[36..44].iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{:?}", &bytes[36..44]);
    assert!(!seen.to_lowercase().contains(&hex), "{seen}");
    assert!(!seen.contains(list.trim_matches(['[', ']'])), "{seen}");
}
