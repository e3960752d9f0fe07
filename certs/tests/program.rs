//! The program `certs`, run as people run it: files, refusals, and the doctor's steps.

#![allow(clippy::unwrap_used)] // a test may

mod common;

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use common::{CA, SServer, Server, hosts, openssl_is_here, save, save_roots, ven, vtn_settings};
use oadr_certs::dev::{Ca, KeyKind, Role, Subject};
use oadr_certs::tls::{self, ServerSettings};
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;

fn certs(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certs")).current_dir(dir).args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    let all = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8_lossy(&all).into_owned()
}

#[test]
fn an_authority_is_made_and_issues_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = certs(dir.path(), args);
        (output.status.code().unwrap(), text(&output))
    };
    assert_eq!(run(&["init"]).0, 0);
    let (code, said) = run(&["init"]);
    assert!(code == 3 && said.contains("roots.pem is there already"), "{said}");
    let mut printed = String::new();
    for (role, name, key) in [
        ("vtn", "top", "ecc"),
        ("vtn", "top-rsa", "rsa"),
        ("ven", "ven 1", "rsa"),
        ("operator", "anna", "ecc"),
    ] {
        let (code, said) =
            run(&["issue", role, "--name", name, "--key", key, "--host", "localhost"]);
        assert_eq!(code, 0, "{said}");
        printed += &said;
    }
    let (code, said) = run(&["issue", "ven", "--name", "ven 1"]);
    assert!(code == 3 && said.contains("ven-1.pem is there already"), "{said}");
    let before = fs::read(dir.path().join("ven-1.key")).unwrap();
    assert_eq!(run(&["issue", "ven", "--name", "ven 1", "--force"]).0, 0);
    assert_ne!(before, fs::read(dir.path().join("ven-1.key")).unwrap());

    let (_, print) = run(&["fingerprint", "ven-1.pem"]);
    assert_eq!(print, fs::read_to_string(dir.path().join("ven-1.fingerprint")).unwrap());
    let (code, shown) = run(&["show", "top.pem"]);
    assert!(code == 0 && shown.contains("names        localhost"), "{shown}");
    assert!(
        shown.contains("issued by the next") && shown.contains("wants nothing more"),
        "{shown}"
    );
    let (code, json) = run(&["show", "top.pem", "--json"]);
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["names"][0], "localhost");
    assert_eq!(json[0]["issued_by_next"], true);
    assert_eq!(json[1]["authority"], true);

    let (code, said) = run(&["crl", "--revoke", "ven-1.pem"]);
    assert!(code == 0 && said.contains("1 revoked"), "{said}");
    let (code, said) = run(&["show", "absent.pem"]);
    assert!(code == 3 && said.contains("absent.pem"), "{said}");
    let (code, said) = run(&["show", "top.key"]);
    assert!(code == 3 && said.contains("holds no certificate"), "{said}");
    assert!(run(&["issue", "ven"]).0 == 2, "wrong arguments have their own code");
    printed += &shown;
    for key in ["top.key", "ven-1.key", "ca/rsa-root.key"] {
        let secret = fs::read_to_string(dir.path().join(key)).unwrap();
        let line = secret.lines().nth(1).unwrap();
        assert!(!printed.contains(line), "a key was printed");
    }
}

/// A VEN with its files, and whom it calls.
struct Patient {
    dir: tempfile::TempDir,
}

impl Patient {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        save_roots(&CA.roots(), &dir.path().join("roots.pem"));
        save(&ven(KeyKind::Ecc), dir.path(), "ven");
        Self { dir }
    }

    /// Exit code and what was said.
    fn check(&self, host: &str, addr: SocketAddr, extra: &[&str]) -> (i32, String) {
        let url = format!("https://{host}:{}/OpenADR2/Simple/2.0b/OadrPoll", addr.port());
        let mut args = vec!["check", &url, "--cert", "ven.pem", "--key", "ven.key"];
        if !extra.contains(&"--ca") {
            args.extend(["--ca", "roots.pem"]);
        }
        args.extend(extra);
        let output = certs(self.dir.path(), &args);
        (output.status.code().unwrap(), text(&output))
    }

    /// The check must fail in exactly these steps.
    fn fails(&self, host: &str, addr: SocketAddr, extra: &[&str], steps: &[&str]) -> String {
        let (code, said) = self.check(host, addr, extra);
        let failed: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("FAIL  ")).collect();
        let named = failed.iter().zip(steps).all(|(line, step)| line.starts_with(step));
        assert!(code == 1 && failed.len() == steps.len() && named, "{steps:?}:\n{said}");
        let mends = said.lines().filter(|line| line.contains("mend: ")).count();
        assert!(mends >= steps.len(), "every failure has a mend:\n{said}");
        said
    }
}

fn http(config: Arc<ServerConfig>, date: &str) -> Server {
    let head = format!("HTTP/1.1 405 Method Not Allowed\r\ndate: {date}\r\n\r\n");
    Server::answering(move || config.clone(), move |_| head.clone())
}

/// The Date header of this moment.
#[allow(clippy::disallowed_methods)] // the program under test reads the real clock
fn today() -> String {
    let now = jiff::Timestamp::now();
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap()
}

/// A server of rustls alone, to be wrong in ways that ours cannot be.
fn bare(
    identity: &oadr_certs::Identity,
    versions: &[&'static rustls::SupportedProtocolVersion],
    clients: Option<&Ca>,
) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(versions)
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(ca) => {
            let mut store = rustls::RootCertStore::empty();
            store.add_parsable_certificates(ca.roots().ders().iter().cloned());
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(store), provider).build();
            builder.with_client_cert_verifier(verifier.unwrap())
        }
    };
    let key = identity.key.clone_key();
    Arc::new(builder.with_single_cert(identity.chain.clone(), key).unwrap())
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_good_server() {
    let patient = Patient::new();
    let server = http(tls::server_config(vtn_settings()).unwrap(), &today());
    let (code, said) = patient.check("localhost", server.addr, &[]);
    assert_eq!(code, 0, "{said}");
    for step in [
        "name resolution",
        "TCP",
        "TLS",
        "chain",
        "expiry",
        "host name",
        "client certificate",
        "clock",
    ] {
        assert!(said.contains(&format!("ok    {step}")), "{step}:\n{said}");
    }
    assert!(said.contains("taken (HTTP/1.1 405 Method Not Allowed)"), "{said}");
}

#[test]
fn the_doctor_tells_what_stops_it_before_tls() {
    let patient = Patient::new();
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    patient.fails("nowhere.invalid", unused, &[], &["name resolution"]);
    patient.fails("localhost", unused, &[], &["TCP"]);
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = plain.local_addr().unwrap();
    std::thread::spawn(move || {
        for tcp in plain.incoming() {
            let _ = tcp.unwrap().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let said = patient.fails("localhost", addr, &[], &["TLS"]);
    assert!(said.contains("is it the HTTPS port?"), "{said}");
}

#[test]
fn the_doctor_judges_the_servers_certificate() {
    let patient = Patient::new();
    let server = http(tls::server_config(vtn_settings()).unwrap(), &today());
    save_roots(&CA.anchors(Role::Ven), &patient.dir.path().join("ven-ca.pem"));
    let said = patient.fails("localhost", server.addr, &["--ca", "ven-ca.pem"], &["chain"]);
    assert!(said.contains("ok    host name") && said.contains("VTN CA"), "{said}");
    let pin = "00:11:22:33:44:55:66:77:88:99";
    patient.fails("localhost", server.addr, &["--pin", pin], &["pin"]);

    let leaf = |name: &str, hosts: Vec<String>, validity| {
        let subject = Subject { role: Role::Vtn, name: name.into(), key: KeyKind::Ecc, hosts };
        CA.issue_for(&subject, validity).unwrap()
    };
    let nameless = leaf("nameless", Vec::new(), common::wide());
    let print = nameless.thumbprint().fingerprint().to_string();
    let settings = ServerSettings { identities: vec![nameless], ..vtn_settings() };
    let server = http(tls::server_config(settings).unwrap(), &today());
    let said = patient.fails("localhost", server.addr, &[], &["host name"]);
    assert!(said.contains(&print), "the fingerprint to pin is told:\n{said}");
    let (code, said) = patient.check("localhost", server.addr, &["--pin", &print]);
    assert!(code == 0 && said.contains("ok    pin"), "{said}");

    let expired = leaf("expired", hosts(), common::past());
    let settings = ServerSettings { identities: vec![expired], ..vtn_settings() };
    let server = http(tls::server_config(settings).unwrap(), &today());
    let said = patient.fails("localhost", server.addr, &[], &["expiry"]);
    assert!(said.contains("ok    chain") && said.contains("ok    clock"), "{said}");

    let revoked = common::vtn(KeyKind::Ecc);
    let lists = CA.crls(&[revoked.leaf().clone()], common::wide()).unwrap();
    let lists: String = lists.iter().map(|list| oadr_certs::files::pem("X509 CRL", list)).collect();
    fs::write(patient.dir.path().join("crl.pem"), lists).unwrap();
    let settings = ServerSettings { identities: vec![revoked], ..vtn_settings() };
    let server = http(tls::server_config(settings).unwrap(), &today());
    let said = patient.fails("localhost", server.addr, &["--crl", "crl.pem"], &["chain"]);
    assert!(said.contains("revocation list"), "{said}");
}

#[test]
fn the_doctor_tells_that_our_certificate_is_refused() {
    let patient = Patient::new();
    let others = Ca::ecc(common::wide()).unwrap();
    let own = common::vtn(KeyKind::Ecc);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = http(bare(&own, &[version], Some(&others)), &today());
        let said = patient.fails("localhost", server.addr, &[], &["client certificate"]);
        assert!(said.contains("UnknownCA") && said.contains("ok    TLS"), "{said}");
        let server = http(bare(&own, &[version], None), &today());
        let said = patient.fails("localhost", server.addr, &[], &["client certificate"]);
        assert!(said.contains("did not ask for one"), "{said}");
    }
    // Ours is over: said before the call, and again by the server.
    let subject =
        Subject { role: Role::Ven, name: "late".into(), key: KeyKind::Ecc, hosts: Vec::new() };
    save(&CA.issue_for(&subject, common::past()).unwrap(), patient.dir.path(), "ven");
    let server = http(tls::server_config(vtn_settings()).unwrap(), &today());
    let steps = ["our certificate", "client certificate"];
    let said = patient.fails("localhost", server.addr, &[], &steps);
    assert!(said.contains("CertificateExpired"), "{said}");
}

#[test]
fn the_doctor_compares_the_clocks() {
    let patient = Patient::new();
    let late = "Sun, 06 Nov 1994 08:49:37 GMT";
    let server = http(tls::server_config(vtn_settings()).unwrap(), late);
    let said = patient.fails("localhost", server.addr, &[], &["clock"]);
    assert!(said.contains("theirs 1994-11-06T08:49:37Z"), "{said}");
}

#[test]
fn the_doctor_knows_a_server_of_the_old_suites() {
    if !openssl_is_here("the_doctor_knows_a_server_of_the_old_suites") {
        return;
    }
    let patient = Patient::new();
    let saved = save(&common::vtn(KeyKind::Ecc), patient.dir.path(), "vtn");
    let old = ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:AES128-SHA256"];
    let server = SServer::start(&saved, &old);
    let (code, said) = patient.check("localhost", server.addr, &[]);
    assert!(code == 1 && said.contains("FAIL  TLS") && said.contains("0003-tls-suites"), "{said}");
}
