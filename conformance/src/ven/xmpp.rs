//! XMPP, VEN under test: the kit is its server. OpenADR 2.0b Profile, 9.3 and rules 507, 515.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use oadr_certs::dev::{KeyKind, Role as CertificateRole};
use oadr_schemas::openadr::oadr::{OadrCreatePartyRegistration, OadrTransport, OadrTransport2};
use oadr_schemas::openadr::{self, Message};
use oadr_transport::net::BoxFuture;
use tokio::net::TcpListener;

use super::{Top, VenPlay, answer};
use crate::hook::VenSettings;
use crate::record::{Exchange, From, Packet};
use crate::say;
use crate::scenario::{Profile, Role, Scenario};
use crate::verdict::{Ended, Stop, inconclusive};
use crate::wire::client::Address;
use crate::xmpp::{
    self, Guest, Host, INFO, ITEMS, OPENADR, PING, Refusal, SERVICE, SERVICES, Server, Stanza,
    escape,
};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[Scenario::ven("xmpp-login", |play| Box::pin(login(play)))
    .profile(Profile::Xmpp)
    .feature("xmpp")
    .needs(&["start"])
    .given("a VEN that is set to XMPP, and the kit as its server and VTN")
    .when("it is started, registers and is sent a ping")
    .expect("TLS and SASL EXTERNAL under the certificate's name, one full JID, presence, discovery before the first request, the ping answered, no oadrPoll")
    .rules(&["507", "515"])];

/// The kit's VTN at its own server.
struct Desk {
    domain: String,
    top: Top,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Logins that broke a rule, and those that just broke off.
    refused: Vec<Refusal>,
    present: Vec<Guest>,
    /// All that ever came.
    jids: BTreeSet<String>,
    first: Option<Guest>,
    most_at_once: usize,
    stanzas: Vec<Stanza>,
}

impl Desk {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn service(&self) -> String {
        format!("kit-vtn@{}/services", self.domain)
    }

    fn answer(&self, stanza: &Stanza) -> Option<String> {
        let (get, set) = (stanza.is_iq("get"), stanza.is_iq("set"));
        if get && stanza.has(INFO, "query") {
            let query = format!(
                "<query xmlns='{INFO}'><identity category='server' type='im'/>\
                 <feature var='{INFO}'/><feature var='{ITEMS}'/><feature var='{OPENADR}'/></query>"
            );
            return Some(xmpp::result(stanza, &query));
        }
        if get && stanza.has(ITEMS, "query") {
            return Some(xmpp::result(stanza, &self.items(stanza)));
        }
        if get && stanza.has(PING, "ping") {
            return Some(xmpp::result(stanza, ""));
        }
        match stanza.payload() {
            Some(payload) if set && say::is_2b(payload.as_bytes()) => {
                Some(self.exchange(stanza, &payload))
            }
            _ if get || set => Some(xmpp::error(stanza, "cancel", "service-unavailable")),
            _ => None,
        }
    }

    fn items(&self, stanza: &Stanza) -> String {
        let names = ["EiRegisterParty", "EiEvent", "EiReport", "EiOpt"];
        let jid = escape(&self.service());
        let item = |name| format!("<item jid='{jid}' node='{SERVICE}{name}'/>");
        let asked = stanza.all((ITEMS, "query"), "node");
        let items: String = match asked.iter().any(|node| node == SERVICES) {
            true => names.map(item).concat(),
            false => String::new(),
        };
        format!("<query xmlns='{ITEMS}' node='{SERVICES}'>{items}</query>")
    }

    /// What the kit's VTN says to a payload, written down as any exchange.
    fn exchange(&self, stanza: &Stanza, payload: &str) -> String {
        let mut state = self.top.state();
        let Some(scene) = state.scene.clone() else {
            return xmpp::error(stanza, "cancel", "service-unavailable");
        };
        let at = scene.pace.now();
        let reply = match scene.sightings.look(Role::Ven, payload.as_bytes()) {
            Err(_) => None,
            Ok(message) => Some(offering_xmpp(answer::usual(&mut state, &message, at))),
        };
        drop(state);
        let (text, answer) = match reply {
            None => (String::new(), xmpp::error(stanza, "modify", "bad-request")),
            Some(reply) => {
                let text = openadr::encode(reply, None);
                let bare = text.find("?>").map_or(text.as_str(), |at| &text[at + 2..]);
                let answer = xmpp::result(stanza, bare.trim_start());
                (text, answer)
            }
        };
        let packet = |start: &str, body: &str| Packet {
            start: start.to_owned(),
            headers: Vec::new(),
            body: body.to_owned(),
        };
        scene.log.add(Exchange {
            at,
            took_ms: 0,
            from: From::Subject,
            party: "VTN".to_owned(),
            asked: say::name_of(payload.as_bytes()),
            answered: say::name_of(text.as_bytes()),
            request: packet("iq set", &stanza.text),
            answer: Some(packet("iq", &answer)),
            trouble: None,
        });
        answer
    }
}

/// The kit's VTN serves XMPP here.
fn offering_xmpp(mut message: Message) -> Message {
    if let Message::OadrCreatedPartyRegistration(created) = &mut message {
        for profile in &mut created.oadr_profiles.oadr_profile {
            let oadr_transport_name = OadrTransport::Xmpp;
            profile.oadr_transports.oadr_transport.push(OadrTransport2 { oadr_transport_name });
        }
        created.oadr_requested_oadr_poll_freq = None;
    }
    message
}

impl Host for Desk {
    fn refused(&self, why: Refusal) {
        self.seen().refused.push(why);
    }

    fn came(&self, guest: &Guest) {
        let mut seen = self.seen();
        seen.present.push(guest.clone());
        seen.jids.insert(guest.jid.clone());
        seen.first.get_or_insert_with(|| guest.clone());
        seen.most_at_once = seen.most_at_once.max(seen.present.len());
    }

    fn heard<'a>(&'a self, _: &'a Guest, stanza: Stanza) -> BoxFuture<'a, Vec<String>> {
        self.seen().stanzas.push(stanza.clone());
        Box::pin(async move { self.answer(&stanza).into_iter().collect() })
    }

    fn left(&self, guest: &Guest) {
        let mut seen = self.seen();
        if let Some(at) = seen.present.iter().position(|one| one.jid == guest.jid) {
            seen.present.remove(at);
        }
    }
}

async fn login(play: &mut VenPlay) -> Ended {
    let domain = Address::parse(&play.url).map_err(Stop::Inconclusive)?.host;
    let (desk, server) = open(play, domain.clone()).await?;
    let url = format!("xmpp://{domain}:{}", server.address.port());
    let hook = play.hook();
    match hook.start((&url, "xmpp"), true, None, &VenSettings::default()).await {
        // A VEN that is not let in may not start: its login says why.
        Err(Stop::Inconclusive(_)) if has_refused(&desk).await => return session(play, &desk),
        started => started?,
    }
    let mut requests = Vec::new();
    for _ in 0..BOOT_S {
        requests = payloads(&desk);
        if !requests.is_empty() {
            break;
        }
        play.pass(1).await?;
    }
    // What follows a registration follows now.
    play.pass(5).await?;
    session(play, &desk)?;
    if requests.is_empty() {
        return play.fail(&["507"], "the VEN registers over XMPP", stanzas(&desk));
    }
    discovery(play, &desk);
    registration(play, &desk);
    ping(play, &desk).await?;
    play.pass(if play.setting.pace.is_steered() { 60 } else { 5 }).await?;
    let polls = payloads(&desk).iter().any(|one| say::name_of(one.as_bytes()) == "oadrPoll");
    play.check(&["507"], "a VEN over XMPP never polls", !polls, stanzas(&desk));
    let _ = hook.stop().await;
    Ok(())
}

/// Whether a login has come to nothing, or does in a moment of the machine's time.
async fn has_refused(desk: &Desk) -> bool {
    for _ in 0..40 {
        if !desk.seen().refused.is_empty() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    false
}

async fn open(play: &VenPlay, domain: String) -> Result<(Arc<Desk>, Server), Stop> {
    let seen = Mutex::default();
    let desk = Arc::new(Desk { domain: domain.clone(), top: play.top.clone(), seen });
    let lab = &play.setting.lab;
    let own = [("kit-vtn-ecc", KeyKind::Ecc), ("kit-vtn-rsa", KeyKind::Rsa)];
    let own: Result<Vec<_>, _> =
        own.into_iter().map(|(name, key)| lab.party(name, CertificateRole::Vtn, key)).collect();
    let config = lab.server(own?)?;
    let said = |error: std::io::Error| Stop::Inconclusive(format!("the kit's server: {error}"));
    let listener = TcpListener::bind((play.listens_at(), 0)).await.map_err(said)?;
    let host: Arc<dyn Host> = Arc::<Desk>::clone(&desk);
    let server = Server::open(listener, config, domain, host).await.map_err(said)?;
    Ok((desk, server))
}

/// Login and session: TLS, SASL EXTERNAL, the JID, presence.
fn session(play: &mut VenPlay, desk: &Desk) -> Ended {
    let seen = desk.seen();
    let what = "the VEN logs in by TLS and SASL EXTERNAL under its certificate's common name";
    let wrong = seen.refused.iter().any(|one| matches!(one, Refusal::Rule(_)));
    let came = seen.first.is_some() && !wrong;
    play.require(&["515"], what, came, &seen.refused)?;
    let resource = seen.first.as_ref().map(|guest| guest.resource.clone()).unwrap_or_default();
    let what = "it asks for a resource name of its own: its JID is a full one";
    play.check(&["515"], what, !resource.is_empty(), &resource);
    let one = seen.most_at_once == 1 && seen.jids.len() == 1;
    play.check(&["515"], "it uses one JID, once", one, (&seen.jids, seen.most_at_once));
    let presence = |stanza: &Stanza| stanza.name() == "presence" && stanza.get("type").is_empty();
    let present = seen.stanzas.iter().any(presence);
    play.check(&["515"], "it tells its presence", present, texts(&seen));
    Ok(())
}

/// Discovery: asked before the first request, and heeded by it.
fn discovery(play: &mut VenPlay, desk: &Desk) {
    let seen = desk.seen();
    let of = |holds: &dyn Fn(&Stanza) -> bool| seen.stanzas.iter().position(holds);
    let first = of(&is_request);
    let info = of(&|stanza| stanza.is_iq("get") && stanza.has(INFO, "query"));
    let items = of(&|stanza| {
        stanza.is_iq("get") && stanza.all((ITEMS, "query"), "node").iter().any(|n| n == SERVICES)
    });
    for (at, what) in [(info, "disco#info"), (items, "disco#items for the services")] {
        let before = at.is_some() && at < first;
        let what = format!("{what} is asked before the first request");
        play.check(&["515"], what, before, texts(&seen));
    }
    let mut to = seen.stanzas.iter().filter(|stanza| is_request(stanza)).map(|one| one.get("to"));
    let service = desk.service();
    let right = to.all(|to| to == service);
    play.check(&["515"], "requests go to the JID that was discovered", right, texts(&seen));
}

/// What it says of itself when it registers.
fn registration(play: &mut VenPlay, desk: &Desk) {
    let payloads = payloads(desk);
    let create = payloads.iter().find_map(|payload| {
        let limits = oadr_schemas::xml::Limits::reports();
        let message = openadr::decode(payload.as_bytes(), &limits).ok()?.message;
        OadrCreatePartyRegistration::try_from(message).ok()
    });
    let jid = desk.seen().first.as_ref().map(|guest| guest.jid.clone());
    let told = create.as_ref().map(|create| &create.oadr_transport_name);
    let xmpp = told == Some(&OadrTransport::Xmpp);
    play.check(&["507"], "it registers for the transport xmpp", xmpp, told);
    let address = create.as_ref().and_then(|create| create.oadr_transport_address.clone());
    let what = "its full JID is its oadrTransportAddress";
    play.check(&["515"], what, address.is_some() && address == jid, (&address, &jid));
}

async fn ping(play: &mut VenPlay, desk: &Desk) -> Ended {
    let Some(guest) = desk.seen().present.first().cloned() else {
        return inconclusive("the VEN has left");
    };
    let (from, to) = (escape(&desk.domain), escape(&guest.jid));
    let ping = format!(
        "<iq type='get' id='{PING_ID}' from='{from}' to='{to}'><ping xmlns='{PING}'/></iq>"
    );
    guest.send(ping);
    let answered = || {
        let seen = desk.seen();
        seen.stanzas.iter().any(|one| one.is_iq("result") && one.get("id") == PING_ID)
    };
    for _ in 0..PING_S {
        if answered() {
            break;
        }
        play.pass(1).await?;
        play.settle().await?;
        // A ping takes the machine's time, whatever the VEN's clock.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let answered = answered();
    play.check(&["515"], "a ping is answered by a result", answered, stanzas(desk));
    Ok(())
}

fn is_request(stanza: &Stanza) -> bool {
    stanza.is_iq("set") && stanza.payload().is_some_and(|one| one.contains(say::NS_2B))
}

/// The OpenADR payloads so far.
fn payloads(desk: &Desk) -> Vec<String> {
    let seen = desk.seen();
    let requests = seen.stanzas.iter().filter(|stanza| is_request(stanza));
    requests.filter_map(Stanza::payload).collect()
}

fn stanzas(desk: &Desk) -> Vec<String> {
    texts(&desk.seen())
}

fn texts(seen: &Seen) -> Vec<String> {
    let short = |stanza: &Stanza| stanza.text.chars().take(160).collect();
    seen.stanzas.iter().map(short).collect()
}

const BOOT_S: u64 = 60;
const PING_S: u64 = 10;
const PING_ID: &str = "kit-ping";
