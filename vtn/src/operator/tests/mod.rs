//! The API over real TLS on loopback, with certificates made for each test.

mod audited;
mod certificates;
mod doors;
mod input;
mod lists;
mod monitors;
mod once;
mod scrape;
mod versions;
mod wire;

use std::path::Path;
use std::sync::Arc;

use axum::http::Method;
use jiff::Timestamp;
use oadr_certs::dev::{Ca, KeyKind, Role as For, Validity};
use oadr_certs::files::{Writing, pem, write};
use oadr_certs::{Identity, Roots};
use oadr_transport::ManualClock;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{Call, CallError, Client};
use super::config::{Api, ClientConfig, Config, IdentityFiles, Operator, Print};
use super::problem::Problem;
use super::program::{Running, start};
use super::role::Role;

/// A VTN with three operators, its authority, and a directory for their files.
struct House {
    dir: TempDir,
    ca: Ca,
    clock: ManualClock,
    running: Running,
}

/// The same before it runs.
struct Plan {
    dir: TempDir,
    ca: Ca,
    config: Config,
}

/// Whom the operators' door trusts for certificates.
enum Trust {
    /// The operators' intermediate, as `vtn init --lab` sets it up.
    Operators,
    /// The root: every role gets through the handshake.
    All,
}

impl House {
    async fn open(trust: Trust) -> Self {
        Self::with(trust, |_| {}).await
    }

    /// With another configuration.
    async fn with(trust: Trust, change: impl FnOnce(&mut Config)) -> Self {
        let mut plan = Plan::new(trust, 30);
        change(&mut plan.config);
        plan.open().await
    }

    /// Calls with the certificate of a file's name.
    async fn call(&self, who: &str, call: Call) -> Result<Value, CallError> {
        self.client(who).json(call).await
    }

    /// Calls as administrator.
    async fn admin(&self, call: Call) -> Value {
        self.call("administrator", call).await.unwrap()
    }

    /// Calls as administrator and gives the refusal.
    async fn refused(&self, call: Call) -> Problem {
        refusal(self.call("administrator", call).await)
    }

    fn client(&self, who: &str) -> Client {
        self.client_at(self.running.operator_address(), who)
    }

    /// With the certificate of a file's name, to one of the doors.
    fn client_at(&self, door: std::net::SocketAddr, who: &str) -> Client {
        // Certificates are of the clock's time, which is not the client's: ours tells the same.
        let at = |name: &str| self.dir.path().join(name);
        let config = ClientConfig {
            url: format!("https://localhost:{}", door.port()),
            certificate: at(&format!("{who}.pem")),
            key: at(&format!("{who}.key")),
            ca: vec![at("vtns.pem")],
            pin: None,
        };
        let clock = Arc::clone(self.running.vtn().clock());
        Client::with_time(&config, Some(oadr_certs::tls::TimeSource::new(move || clock.now())))
            .unwrap()
    }

    async fn enrol(&self, ven: &str, last_byte: u8) -> Value {
        let fingerprint = format!("00:11:22:33:44:55:66:77:88:{last_byte:02X}");
        let body = json!({ "fingerprint": fingerprint, "ven_id": ven });
        self.admin(Call::new(Method::POST, &["vens"]).body(body)).await
    }
}

impl Plan {
    /// With certificates for so many days.
    fn new(trust: Trust, days: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ca = Ca::ecc(Validity::days(noon(), days)).unwrap();
        let at = |name: &str| dir.path().join(name);
        save_roots(&at("vens.pem"), &ca.anchors(For::Ven));
        save_roots(&at("vtns.pem"), &ca.anchors(For::Vtn));
        let trusted = match trust {
            Trust::Operators => ca.anchors(For::Operator),
            Trust::All => ca.roots(),
        };
        save_roots(&at("operators.pem"), &trusted);
        let own = ca.issue(For::Vtn, "vtn", KeyKind::Ecc, &["localhost".to_owned()]).unwrap();
        save(&own, dir.path(), "vtn");
        let operators = Role::ALL.map(|role| {
            let name = role.to_string();
            let identity = ca.issue(For::Operator, &name, KeyKind::Ecc, &[]).unwrap();
            save(&identity, dir.path(), &name);
            Operator { name, fingerprint: Print::Whole(identity.thumbprint()), role }
        });
        let config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            store: at("store"),
            identity: vec![IdentityFiles { certificate: at("vtn.pem"), key: at("vtn.key") }],
            ca: vec![at("vens.pem")],
            crl: Vec::new(),
            revocation: Default::default(),
            market: false,
            audit: Default::default(),
            vtn: toml::from_str("vtn_id = \"vtn\"").unwrap(),
            api: Api {
                listen: "127.0.0.1:0".parse().unwrap(),
                ca: vec![at("operators.pem")],
                crl: Vec::new(),
                body_bytes: 8 * 1024,
            },
            operators: operators.into(),
            metrics: None,
            client: None,
        };
        Self { dir, ca, config }
    }

    async fn open(self) -> House {
        let Self { dir, ca, config } = self;
        let clock = ManualClock::new(noon());
        let running = start(config, Arc::new(clock.clone())).await.unwrap();
        House { dir, ca, clock, running }
    }
}

fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn refusal(result: Result<Value, CallError>) -> Problem {
    match result {
        Err(CallError::Refused(problem)) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

/// An event for all, in an hour, half an hour long.
fn draft(id: &str) -> Value {
    json!({
        "id": id, "market_context": "urn:programme:1", "start": "2026-06-01T13:00:00Z",
        "duration": "PT30M", "targets": { "all": true },
        "signals": [{ "name": "SIMPLE", "type": "level",
            "intervals": [{ "duration": "PT30M", "value": "2" }] }],
    })
}

fn save(identity: &Identity, dir: &Path, name: &str) {
    let at = |end: &str| dir.join(format!("{name}.{end}"));
    identity.save(&at("pem"), &at("key"), false).unwrap();
}

fn save_roots(path: &Path, roots: &Roots) {
    let text: String = roots.ders().iter().map(|der| pem("CERTIFICATE", der)).collect();
    write(path, text.as_bytes(), Writing { secret: false, force: false }).unwrap();
}
