//! TLS, VEN under test. OpenADR 2.0b Profile, rules 21, 67, 68, 516; section 10.

use std::sync::Arc;

use jiff::SignedDuration;
use oadr_certs::Identity;
use oadr_certs::dev::{KeyKind, Role, Subject, Validity};
use oadr_certs::tls::Pin;
use oadr_transport::{Clock as _, SystemClock};
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{ClientConfig, SignatureScheme};

use super::openssl::{self, Oddity, Workshop};
use super::{Model, VenPlay, said};
use crate::hook::VenSettings;
use crate::lab::Lab;
use crate::scenario::Scenario;
use crate::stage::told;
use crate::verdict::{Ended, Stop, inconclusive, optional};
use crate::wire::client::{Address, Caller, NoAnswer};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("tls-default-suites", |play| Box::pin(suites(play)))
        .given("a VEN as it comes from the factory; one that can be pushed to listens, too")
        .when("it calls; where it listens, TLS 1.1 and the two suites of the profile are tried")
        .expect(
            "it offers one of the two suites at least; it serves one of them, chooses it though others are offered, and refuses TLS 1.1",
        )
        .rules(&["67"]),
    Scenario::ven("tls-certificates", |play| Box::pin(certificates(play)))
        .given("a VEN, and VTNs with one certificate each: RSA, ECC, RSA of 1024 bits, X.509v1")
        .when("it is started towards each")
        .expect("it talks to one of the first two at least, and to neither of the last two")
        .rules(&["68"])
        .needs(&["start"]),
    Scenario::ven("tls-bad-identity", |play| Box::pin(bad_identity(play)))
        .given("a VEN; one that can be pushed to listens, too")
        .when(
            "it meets a VTN with a certificate of a foreign authority and one with an expired one; where it listens it is called with none, a foreign and an expired one",
        )
        .expect("no application data, in either direction")
        .rules(&["21", "516"])
        .needs(&["start"]),
];

async fn suites(play: &mut VenPlay) -> Ended {
    play.start(&VenSettings::default()).await?;
    for _ in 0..play.attempts() {
        if !play.top.state().handshakes.is_empty() {
            break;
        }
        play.breathe().await?;
    }
    let offers: Vec<Vec<u16>> =
        play.top.state().handshakes.iter().map(|one| one.suites.clone()).collect();
    if offers.is_empty() {
        return inconclusive("the VEN does not call");
    }
    let one_at_least =
        offers.iter().all(|offer| MANDATORY.iter().any(|(number, _)| offer.contains(number)));
    let what = "each handshake offers 0xC023 or 0x003C";
    let offers: Vec<Vec<String>> = offers.iter().map(|one| hex(one)).collect();
    play.check(&["67"], what, one_at_least, &offers);
    if !play.claims("push") {
        return Ok(());
    }
    optional(served_suites(play).await)
}

fn hex(suites: &[u16]) -> Vec<String> {
    suites.iter().map(|suite| format!("{suite:#06x}")).collect()
}

/// A PUSH VEN as a server, tried with the program openssl.
async fn served_suites(play: &mut VenPlay) -> Ended {
    play.model = Model::Push;
    play.top.state().ven = None;
    play.start(&VenSettings::default()).await?;
    for _ in 0..play.attempts() {
        if play.top.state().ven.is_some() {
            break;
        }
        play.breathe().await?;
    }
    let address = play.door_of_ven()?;
    let lab = play.setting.lab.clone();
    let shop = Workshop::open(lab.directory(), "conformance-suites").await?;
    let own = shop.certificate(Oddity::Nothing, "localhost").await?;
    let (cert, key) = (own.0.display().to_string(), own.1.display().to_string());
    let (to, chain) = (address.authority(), shop.chain());
    let shake = async |args: &[&str]| {
        let own = ["-cert", &cert, "-key", &key, "-cert_chain", &chain];
        let fixed = [&["s_client", "-brief", "-connect", &to], &own[..]].concat();
        // What it ends with tells whether there was a handshake: none is no trouble here.
        match openssl::run(&[&fixed[..], args].concat()).await {
            Ok(said) => said,
            Err(Stop::Inconclusive(said) | Stop::Skip(said)) => said,
            Err(Stop::Failed) => String::new(),
        }
    };
    let old = shake(&["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]).await;
    let refused = chosen(&old).is_none();
    play.check(&["67"], "TLS 1.1 is refused where it listens", refused, &old);
    let mut served = Vec::new();
    for (_, name) in MANDATORY {
        let said = shake(&["-tls1_2", "-cipher", name]).await;
        served.extend(chosen(&said).filter(|suite| suite == name));
    }
    let what = "it serves one of the two suites at least";
    play.check(&["67"], what, !served.is_empty(), &served);
    let many = format!("{}:{}:HIGH", MANDATORY[0].1, MANDATORY[1].1);
    let said = shake(&["-tls1_2", "-cipher", &many]).await;
    let suite = chosen(&said);
    let picked = suite.as_deref().is_some_and(|s| MANDATORY.iter().any(|(_, name)| *name == s));
    play.check(&["67"], "it chooses one of the two though others are offered", picked, &suite);
    Ok(())
}

/// The suite of a handshake that openssl tells of; `None` if there was none.
fn chosen(said: &str) -> Option<String> {
    let line = said.lines().find_map(|line| line.strip_prefix("Ciphersuite: "))?;
    Some(line.trim().to_owned())
}

async fn certificates(play: &mut VenPlay) -> Ended {
    let kinds = [("kit-vtn-rsa", KeyKind::Rsa), ("kit-vtn-ecc", KeyKind::Ecc)];
    let (mut called, mut asked) = (0, Vec::new());
    for (name, kind) in kinds {
        let identity = play.setting.lab.party(name, Role::Vtn, kind)?;
        let visits = play.lure(vec![identity]).await?;
        called += visits.handshakes.len();
        if visits.requests > 0 {
            asked.push(kind.to_string());
        }
    }
    let what = "it talks to a VTN with an RSA or an ECC certificate at least";
    let saw = format!("of {called} handshakes none was finished and used");
    play.check(&["68"], what, !asked.is_empty(), saw);
    optional(odd_certificates(play).await)
}

/// Servers with certificates that rule 68 does not allow.
async fn odd_certificates(play: &mut VenPlay) -> Ended {
    let lab = play.setting.lab.clone();
    let shop = Workshop::open(lab.authority().map(|_| lab.directory())?, "conformance-odd").await?;
    let host = Address::parse(&play.url).map_err(Stop::Inconclusive)?.host;
    let (called, asked) = met(play, &shop, Oddity::Nothing, &host).await?;
    if !called || !asked {
        // It may want ECC: then nothing can be said of its view of RSA keys.
        return Err(Stop::Skip("the VEN does not talk to the RSA server of openssl".to_owned()));
    }
    for (oddity, what) in [
        (Oddity::ShortKey, "an RSA key of 1024 bits"),
        (Oddity::VersionOne, "a certificate of X.509v1"),
    ] {
        let (called, asked) = met(play, &shop, oddity, &host).await?;
        if !called {
            return inconclusive("the VEN does not call the server of openssl again");
        }
        play.check(&["68"], format!("a VTN with {what} gets no request"), !asked, what);
    }
    Ok(())
}

/// Starts the VEN towards a server with this certificate: whether it called, whether it asked.
async fn met(
    play: &mut VenPlay,
    shop: &Workshop,
    oddity: Oddity,
    host: &str,
) -> Result<(bool, bool), Stop> {
    let files = shop.certificate(oddity, host).await?;
    let (server, port) = shop.serve(&files, play.listens_at()).await?;
    let (hook, url, model) = (play.hook(), play.url_at(port)?, play.model.word());
    // The server never answers, so the VEN may not come back from its start before it ends.
    let start = tokio::spawn(async move {
        hook.start((&url, model), true, None, &VenSettings::default()).await
    });
    let mut patience = CALL_TENTHS;
    while patience > 0 && !server.was_asked() {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        // What follows a handshake follows soon.
        let waits = !server.was_called() || !start.is_finished();
        patience = if waits { patience - 1 } else { (patience - 1).min(ASK_TENTHS) };
    }
    let seen = (server.was_called(), server.was_asked());
    server.end().await;
    start.await.map_err(told)??;
    Ok(seen)
}

async fn bad_identity(play: &mut VenPlay) -> Ended {
    let good = play.setting.lab.party("kit-vtn-ecc", Role::Vtn, KeyKind::Ecc)?;
    let also = play.setting.lab.party("kit-vtn-rsa", Role::Vtn, KeyKind::Rsa)?;
    if play.lure(vec![good, also]).await?.requests == 0 {
        return inconclusive("the VEN does not come to a second door with a good certificate");
    }
    shut_out(play, "of a foreign authority", vec![foreign(Role::Vtn)?]).await?;
    match expired(play, Role::Vtn) {
        Ok(identities) => shut_out(play, "that has expired", identities).await?,
        // The tester's own certificates are all good: what is judged stands.
        Err(Stop::Skip(_)) => {}
        Err(other) => return Err(other),
    }
    if play.claims("push") { optional(callers(play).await) } else { Ok(()) }
}

/// A server with these certificates gets nothing from the VEN.
async fn shut_out(play: &mut VenPlay, what: &str, identities: Vec<Identity>) -> Ended {
    let visits = play.lure(identities).await?;
    if visits.handshakes.is_empty() {
        return inconclusive("the VEN does not call");
    }
    let what = format!("a VTN with a certificate {what} gets no request");
    let saw = format_args!("{} requests", visits.requests);
    play.check(&["516"], what, visits.requests == 0, saw);
    Ok(())
}

/// A PUSH VEN as a server: callers that it must not listen to.
async fn callers(play: &mut VenPlay) -> Ended {
    play.model = Model::Push;
    play.top.state().ven = None;
    play.boot().await?;
    let (address, peer) = (play.door_of_ven()?, play.top.state().peer.clone());
    let Some(peer) = peer else { return inconclusive("the VEN's certificate was not seen") };
    let lab = play.setting.lab.clone();
    let pinned = |identity| lab.client_pinned(identity, Pin::Thumbprint(peer.thumbprint));
    let mut callers = vec![
        ("without certificate", nameless(&*pinned(play.vtn_identity()?)?)),
        ("with a certificate of a foreign authority", pinned(foreign(Role::Vtn)?)?),
    ];
    match expired(play, Role::Vtn) {
        Ok(identities) => {
            for identity in identities.into_iter().take(1) {
                callers.push(("with a certificate that has expired", pinned(identity)?));
            }
        }
        Err(Stop::Skip(_)) => {}
        Err(other) => return Err(other),
    }
    for (what, config) in callers {
        let mut caller = Caller::new(address.clone(), config);
        let id = play.unique("list");
        let list = play.list(&id, Vec::new());
        let path = format!("{}OpenADR2/Simple/2.0b/EiEvent", address.prefix);
        let text = oadr_schemas::openadr::encode(list.into(), None);
        let request = caller.post(&path, text.into_bytes());
        let answer = play.call(&mut caller, &request).await;
        if let Err(NoAnswer::Connect(why)) = &answer {
            return inconclusive(format!("the VEN does not listen: {why}"));
        }
        let refused = match &answer {
            Ok(answer) => answer.status() == Some(403),
            Err(_) => true,
        };
        let what = format!("a caller {what} is not let in: no handshake, or 403");
        play.check(&["21", "516"], what, refused, said::http(&answer));
    }
    Ok(())
}

fn foreign(role: Role) -> Result<Identity, Stop> {
    Lab::stranger()?.issue(role, "stranger", KeyKind::Ecc, &hosts("localhost")).map_err(told)
}

/// Certificates of both kinds that ended yesterday.
fn expired(play: &VenPlay, role: Role) -> Result<Vec<Identity>, Stop> {
    let host = Address::parse(&play.url).map_err(Stop::Inconclusive)?.host;
    let now = SystemClock.now();
    let before = |hours| now.saturating_sub(SignedDuration::from_hours(hours)).map_err(told);
    let validity = Validity { not_before: before(240)?, not_after: before(24)? };
    let authority = play.setting.lab.authority()?;
    let issue = |key| {
        let (name, hosts) = ("expired".to_owned(), hosts(&host));
        authority.issue_for(&Subject { role, name, key, hosts }, validity).map_err(told)
    };
    Ok(vec![issue(KeyKind::Ecc)?, issue(KeyKind::Rsa)?])
}

fn hosts(host: &str) -> Vec<String> {
    vec![host.to_owned(), "localhost".to_owned(), "127.0.0.1".to_owned()]
}

/// The same client, with nothing to show.
fn nameless(config: &ClientConfig) -> Arc<ClientConfig> {
    let mut config = config.clone();
    config.client_auth_cert_resolver = Arc::new(Nameless);
    Arc::new(config)
}

#[derive(Debug)]
struct Nameless;

impl ResolvesClientCert for Nameless {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// Rule 67, by number and by the name that openssl has for it.
const MANDATORY: [(u16, &str); 2] =
    [(0xC023, "ECDHE-ECDSA-AES128-SHA256"), (0x003C, "AES128-SHA256")];
/// How long a VEN has to call, in tenths of a second of the machine's time.
const CALL_TENTHS: usize = 150;
/// How long a VEN that called has to ask.
const ASK_TENTHS: usize = 20;
