//! XMPP of the VTN in miniature: its server, and itself as a service there. OpenADR 2.0b Profile
//! 9.3; rules 38, 507, 515.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use oadr_conformance::xmpp::{
    self, Guest, Host, INFO, ITEMS, OPENADR, PING, Refusal, SERVICE, SERVICES, Server, Stanza,
};
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;
use oadr_transport::net::BoxFuture;
use tokio::net::TcpListener;
use tokio_rustls::rustls::ServerConfig;

use super::{Model, event};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("xmpp-routes-vens", "xmpp-exchange", "one VEN reaches another"),
    Fault::inside("xmpp-hides-services", "xmpp-exchange", "disco#items lists nothing"),
    Fault::inside("xmpp-mute", "xmpp-exchange", "nothing is said that was not asked for"),
    Fault::inside("xmpp-eventless", "xmpp-exchange", "events wait until they are asked for"),
    Fault::inside("xmpp-errs-outside", "xmpp-exchange", "an application error is an iq error"),
    Fault::inside("xmpp-vague-error", "xmpp-exchange", "an invalid document is not a bad-request"),
];

/// The domain of the server.
pub const DOMAIN: &str = "localhost";
/// The VTN at its server.
pub const JID: &str = "vtn@localhost/services";

/// Who is logged in, and where the server listens.
#[derive(Default)]
pub struct Hall {
    guests: Mutex<Vec<Guest>>,
    /// `host:port`, once it does.
    pub address: OnceLock<String>,
}

impl Hall {
    fn guests(&self) -> MutexGuard<'_, Vec<Guest>> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the server.
///
/// # Errors
/// Those of the listener.
pub async fn open(model: &Model, config: Arc<ServerConfig>) -> std::io::Result<Server> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("127.0.0.1:{}", listener.local_addr()?.port());
    let _ = model.0.hall.address.set(address);
    Server::open(listener, config, DOMAIN.to_owned(), Arc::new(model.clone())).await
}

/// Sends what waits for VENs over XMPP, in turn; for whom is not there it waits on.
pub fn deliver(model: &Model) {
    if model.0.faults.has("xmpp-mute") {
        return;
    }
    let mut state = model.state();
    for guest in model.0.hall.guests().iter() {
        let own = state.parties.registered().find(|own| own.address.as_ref() == Some(&guest.jid));
        let Some(own) = own else { continue };
        let (ven_id, queue) = (own.ven_id.clone(), std::mem::take(&mut own.queue));
        for (number, message) in queue.into_iter().enumerate() {
            let eventless = state.faults.has("xmpp-eventless");
            if eventless && matches!(message, Message::OadrDistributeEvent(_)) {
                continue;
            }
            let message = match message {
                Message::OadrDistributeEvent(_) => event::list(&mut state, &ven_id).into(),
                other => other,
            };
            let text = openadr::encode(message, None);
            let id = format!("vtn-{}-{number}", state.now.as_second());
            let bare = bare(&text);
            let jid = xmpp::escape(&guest.jid);
            guest.send(format!("<iq type='set' id='{id}' from='{JID}' to='{jid}'>{bare}</iq>"));
        }
    }
}

impl Host for Model {
    fn refused(&self, _: Refusal) {}

    fn came(&self, guest: &Guest) {
        self.0.hall.guests().push(guest.clone());
    }

    fn heard<'a>(&'a self, guest: &'a Guest, stanza: Stanza) -> BoxFuture<'a, Vec<String>> {
        Box::pin(async move {
            let answer = self.hear(guest, &stanza);
            deliver(self);
            answer.into_iter().collect()
        })
    }

    fn left(&self, guest: &Guest) {
        self.0.hall.guests().retain(|one| one.jid != guest.jid);
    }
}

impl Model {
    fn hear(&self, guest: &Guest, stanza: &Stanza) -> Option<String> {
        let faults = self.0.faults;
        let (to, asks) = (stanza.get("to"), stanza.is_iq("get") || stanza.is_iq("set"));
        if to != JID && to != DOMAIN && !to.is_empty() {
            if faults.has("xmpp-routes-vens") {
                let guests = self.0.hall.guests();
                guests.iter().filter(|one| one.jid == to).for_each(|one| {
                    one.send(stanza.text.clone());
                });
            }
            return asks.then(|| xmpp::error(stanza, "cancel", "service-unavailable"));
        }
        if stanza.is_iq("get") && stanza.has(PING, "ping") {
            return Some(xmpp::result(stanza, ""));
        }
        if stanza.is_iq("get") && stanza.has(INFO, "query") {
            let query = format!("<query xmlns='{INFO}'><feature var='{OPENADR}'/></query>");
            return Some(xmpp::result(stanza, &query));
        }
        if stanza.is_iq("get") && stanza.has(ITEMS, "query") {
            let names = ["EiRegisterParty", "EiEvent", "EiReport", "EiOpt"];
            let names = if faults.has("xmpp-hides-services") { &names[..0] } else { &names[..] };
            let item = |name| format!("<item jid='{JID}' node='{SERVICE}{name}'/>");
            let items: String = names.iter().map(item).collect();
            let query = format!("<query xmlns='{ITEMS}' node='{SERVICES}'>{items}</query>");
            return Some(xmpp::result(stanza, &query));
        }
        match stanza.payload() {
            Some(payload) if stanza.is_iq("set") => Some(self.exchange(guest, stanza, &payload)),
            _ => asks.then(|| xmpp::error(stanza, "cancel", "service-unavailable")),
        }
    }

    /// A payload and its answer, as over HTTP.
    fn exchange(&self, guest: &Guest, stanza: &Stanza, payload: &str) -> String {
        let faults = self.0.faults;
        let message = openadr::decode(payload.as_bytes(), &Limits::reports());
        let row = message.as_ref().ok().and_then(|one| openadr_table::pairing_of(&one.message));
        let service = row.map_or(Service::EiEvent, |row| row.service);
        // Rule 507: nobody polls here.
        if service == Service::OadrPoll {
            return xmpp::error(stanza, "cancel", "feature-not-implemented");
        }
        let thumbprint = guest.peer.thumbprint.to_string();
        match self.answer(service.name(), payload.as_bytes(), &thumbprint) {
            Ok(Some(text)) if faults.has("xmpp-errs-outside") && !text.contains(">200<") => {
                xmpp::error(stanza, "cancel", "not-acceptable")
            }
            Ok(text) => xmpp::result(stanza, bare(&text.unwrap_or_default())),
            Err(406) if !faults.has("xmpp-vague-error") => {
                xmpp::error(stanza, "modify", "bad-request")
            }
            Err(_) => xmpp::error(stanza, "cancel", "service-unavailable"),
        }
    }
}

/// Without its XML declaration: inside a stream it has no place.
fn bare(text: &str) -> &str {
    match text.find("?>") {
        Some(at) if text.starts_with("<?xml") => text[at + 2..].trim_start(),
        _ => text,
    }
}
