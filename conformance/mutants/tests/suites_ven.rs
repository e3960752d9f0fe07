//! `tls-default-suites` for VENs, played against the program openssl, which has the cipher suites
//! of rule 67 where rustls has none: a VEN that obeys, and four that do not.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use oadr_certs::Identity;
use oadr_certs::dev::{Ca, KeyKind, Role as For, Validity};
use oadr_certs::tls::{ClientSettings, client_config};
use oadr_conformance::hook::{Hook, Told};
use oadr_conformance::run::{self, Order, Outcome};
use oadr_conformance::say;
use oadr_conformance::verdict::Verdict;
use oadr_conformance::wire::client::{Address, Caller};
use oadr_schemas::openadr;
use oadr_transport::net::BoxFuture;
use oadr_transport::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::process::{Child, Command};

const BOTH: &str = "ECDHE-ECDSA-AES128-SHA256:AES128-SHA256";

/// What the VEN offers as a client, and its options as a server.
#[derive(Clone, Copy)]
struct Ways {
    offers: &'static str,
    serves: &'static [&'static str],
}

const GOOD: Ways = Ways { offers: BOTH, serves: &["-tls1_2", "-cipher", BOTH] };

#[tokio::test]
async fn a_ven_with_the_suites_passes() {
    let Some(outcome) = play(GOOD).await else { return };
    assert_eq!(outcome.verdict, Verdict::Passed, "{:?}", outcome.checks);
    assert_eq!(outcome.checks.len(), 4, "the server's side is looked at");
}

#[tokio::test]
async fn a_ven_that_offers_one_of_them_passes() {
    let Some(outcome) = play(Ways { offers: "AES128-SHA256", ..GOOD }).await else { return };
    assert_eq!(outcome.verdict, Verdict::Passed, "{:?}", outcome.checks);
}

#[tokio::test]
async fn a_ven_that_offers_neither_fails() {
    fails_by(Ways { offers: "ECDHE-ECDSA-AES128-GCM-SHA256", ..GOOD }, "each handshake offers")
        .await;
}

#[tokio::test]
async fn a_ven_that_serves_tls_1_1_fails() {
    let serves = &["-cipher", "ALL:@SECLEVEL=0"];
    fails_by(Ways { serves, ..GOOD }, "TLS 1.1 is refused").await;
}

#[tokio::test]
async fn a_ven_that_serves_neither_fails() {
    let serves = &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"];
    fails_by(Ways { serves, ..GOOD }, "it serves one").await;
}

#[tokio::test]
async fn a_ven_that_prefers_another_suite_fails() {
    const OTHERS: &str = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA256";
    let serves = &["-tls1_2", "-serverpref", "-cipher", OTHERS];
    fails_by(Ways { serves, ..GOOD }, "it chooses one").await;
}

async fn fails_by(ways: Ways, what: &str) {
    let Some(outcome) = play(ways).await else { return };
    let broken = |one: &&oadr_conformance::verdict::Check| !one.holds;
    let broken: Vec<_> = outcome.checks.iter().filter(broken).collect();
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert!(broken.iter().any(|one| one.what.starts_with(what)), "{broken:?}");
}

/// Plays the scenario; `None` if there is no openssl.
async fn play(ways: Ways) -> Option<Outcome> {
    if Command::new("openssl").arg("version").output().await.is_err() {
        eprintln!("skipped: there is no program openssl");
        return None;
    }
    let home = tempfile::tempdir().unwrap();
    let ca = Ca::new(Validity::days(SystemClock.now(), 2)).unwrap();
    ca.save(home.path(), false).unwrap();
    let hook = Arc::new(Site::new(&ca, home.path(), ways));
    let (certs, profiles, chaos) = (home.path().to_owned(), Vec::new(), None);
    let order = Order { certs, hook, only: Some("tls-default-suites".to_owned()), profiles, chaos };
    let listen = ([127, 0, 0, 1], 0).into();
    let run = run::ven(order, (listen, "localhost"), &mut |_, _, _| {}).await.unwrap();
    Some(run.outcomes.into_iter().next().unwrap())
}

/// A VEN that is two runs of openssl.
struct Site {
    ways: Ways,
    identity: Identity,
    ca: oadr_certs::Roots,
    home: std::path::PathBuf,
    server: Mutex<Option<Child>>,
}

impl Site {
    fn new(ca: &Ca, home: &Path, ways: Ways) -> Self {
        let hosts = ["localhost".to_owned()];
        for kind in [KeyKind::Ecc, KeyKind::Rsa] {
            let identity = ca.issue(For::Ven, "ven", kind, &hosts).unwrap();
            let file = |end: &str| home.join(format!("site-{kind}.{end}"));
            identity.save(&file("pem"), &file("key"), true).unwrap();
        }
        let identity = ca.issue(For::Ven, "ven", KeyKind::Ecc, &hosts).unwrap();
        let (ca, home, server) = (ca.roots(), home.to_owned(), Mutex::default());
        Self { ways, identity, ca, home, server }
    }

    fn file(&self, name: &str) -> String {
        self.home.join(name).display().to_string()
    }

    /// One handshake, whatever comes of it.
    async fn call(&self, to: &Address) {
        let (to, cert, key) =
            (to.authority(), self.file("site-ecc.pem"), self.file("site-ecc.key"));
        let mut client = Command::new("openssl");
        client.args(["s_client", "-tls1_2", "-connect", &to, "-cert", &cert, "-key", &key]);
        client.args(["-cipher", self.ways.offers]).stdin(Stdio::null()).output().await.unwrap();
    }

    /// Listens, and registers as a PUSH VEN that does.
    async fn listen(&self, to: Address) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut server = Command::new("openssl");
        let at = format!("127.0.0.1:{port}");
        server.args(["s_server", "-accept", &at, "-verify", "3", "-quiet"]);
        for (cert, kind) in [("", "ecc"), ("d", "rsa")] {
            let (pem, key) =
                (self.file(&format!("site-{kind}.pem")), self.file(&format!("site-{kind}.key")));
            server.args([format!("-{cert}cert"), pem, format!("-{cert}key"), key]);
        }
        server.args(["-CAfile", &self.file("roots.pem")]).args(self.ways.serves);
        let server = server.stdin(Stdio::piped()).stderr(Stdio::null()).stdout(Stdio::null());
        *self.server.lock().unwrap() = Some(server.kill_on_drop(true).spawn().unwrap());
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let settings = ClientSettings::new(self.identity.clone(), self.ca.clone());
        let path = format!("{}OpenADR2/Simple/2.0b/EiRegisterParty", to.prefix);
        let mut caller = Caller::new(to, client_config(settings).unwrap());
        let address = format!("https://localhost:{port}/ven/");
        let create = say::register_party::create_push("register", Some(&address));
        let request = caller.post(&path, openadr::encode(create.into(), None).into_bytes());
        caller.call(&request).await.unwrap();
    }
}

impl Hook for Site {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        Box::pin(async move {
            match question["do"].as_str().unwrap_or_default() {
                "hello" => Told::Ok(json!({ "subject": "openssl", "features": ["push"] })),
                "start" => {
                    let to = Address::parse(question["url"].as_str().unwrap()).unwrap();
                    match question["model"] == "push" {
                        true => self.listen(to).await,
                        false => self.call(&to).await,
                    }
                    Told::done()
                }
                other => Told::Cannot(format!("no {other}")),
            }
        })
    }
}
