//! XMPP of the VEN in miniature: login, discovery, and its requests. What a VTN sends to it is
//! refused: it only goes as far as its registration and what follows. OpenADR 2.0b Profile 9.3;
//! rules 507, 515.

use std::collections::BTreeMap;

use oadr_certs::tls::{ClientSettings, client_config};
use oadr_certs::{Identity, PeerCertificate, Roots};
use oadr_conformance::wire::client::Address;
use oadr_conformance::xmpp::{Client, INFO, ITEMS, Login, OPENADR, SERVICE, SERVICES, Stanza};
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::oadr::OadrTransport;
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;

use crate::fault::{Fault, Faults};

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("xmpp-wrong-name", "xmpp-login", "the user name is not the common name"),
    Fault::inside("xmpp-no-resource", "xmpp-login", "no resource name of its own"),
    Fault::inside("xmpp-twice", "xmpp-login", "two JIDs"),
    Fault::inside("xmpp-hidden", "xmpp-login", "presence is not told"),
    Fault::inside("xmpp-no-discovery", "xmpp-login", "services are guessed"),
    Fault::inside("xmpp-deaf", "xmpp-login", "pings are not answered"),
    Fault::inside("xmpp-as-http", "xmpp-login", "it registers for simpleHttp"),
    Fault::inside("xmpp-polls", "xmpp-login", "it polls"),
];

/// A VEN that is logged in.
pub struct Session {
    faults: Faults,
    client: Client,
    /// A second login, by a fault.
    _double: Option<Client>,
    /// Where each service is, by its name.
    services: BTreeMap<String, String>,
}

/// Logs in at `xmpp://host:port` and finds the services.
///
/// # Errors
/// What keeps it from that.
pub async fn enter(
    to: &Address,
    (identity, roots): (Identity, Roots),
    faults: Faults,
) -> Result<Session, String> {
    let about = PeerCertificate::from_der(identity.leaf()).map_err(|error| error.to_string())?;
    let config = client_config(ClientSettings::new(identity, roots));
    let name = about.common_name.unwrap_or_default();
    let login = Login {
        server: to.authority(),
        domain: to.host.clone(),
        user: if faults.has("xmpp-wrong-name") { "somebody".to_owned() } else { name },
        resource: if faults.has("xmpp-no-resource") { String::new() } else { "model".to_owned() },
        config: config.map_err(|error| error.to_string())?,
        answers_pings: !faults.has("xmpp-deaf"),
    };
    let mut client = login.enter().await?;
    let double = match faults.has("xmpp-twice") {
        true => Some(Login { resource: "double".to_owned(), ..login }.enter().await?),
        false => None,
    };
    if !faults.has("xmpp-hidden") {
        client.send("<presence/>").await?;
    }
    let services = match faults.has("xmpp-no-discovery") {
        true => guessed(&to.host),
        false => discovered(&mut client).await?,
    };
    Ok(Session { faults, client, _double: double, services })
}

async fn discovered(client: &mut Client) -> Result<BTreeMap<String, String>, String> {
    let domain = client.domain.clone();
    let info = client.ask(&domain, "get", &format!("<query xmlns='{INFO}'/>")).await?;
    if !info.all((INFO, "feature"), "var").iter().any(|one| one == OPENADR) {
        return Err(format!("{domain} does not serve OpenADR"));
    }
    let query = format!("<query xmlns='{ITEMS}' node='{SERVICES}'/>");
    let items = client.ask(&domain, "get", &query).await?;
    let nodes = items.all((ITEMS, "item"), "node").into_iter();
    let nodes = nodes.filter_map(|node| Some(node.strip_prefix(SERVICE)?.to_owned()));
    Ok(nodes.zip(items.all((ITEMS, "item"), "jid")).collect())
}

fn guessed(domain: &str) -> BTreeMap<String, String> {
    let names = ["EiRegisterParty", "EiEvent", "EiReport", "EiOpt"];
    names.map(|name| (name.to_owned(), format!("vtn@{domain}"))).into()
}

impl Session {
    /// Sends a message and gives what the result brings.
    pub async fn say(&mut self, mut message: Message) -> Option<Message> {
        if let Message::OadrCreatePartyRegistration(create) = &mut message {
            if !self.faults.has("xmpp-as-http") {
                create.oadr_transport_name = OadrTransport::Xmpp;
            }
            create.oadr_transport_address = Some(self.client.jid.clone());
        }
        let service = openadr_table::pairing_of(&message).map_or(Service::EiEvent, |p| p.service);
        // There is no such service over XMPP; the fault that polls asks the next best.
        let service = if service == Service::OadrPoll { Service::EiEvent } else { service };
        let to = self.services.get(service.name())?.clone();
        let answer = self.client.ask(&to, "set", &openadr::encode(message, None)).await.ok()?;
        read(&answer)
    }
}

fn read(answer: &Stanza) -> Option<Message> {
    let payload = answer.payload().filter(|_| answer.is_iq("result"))?;
    openadr::decode(payload.as_bytes(), &Limits::reports()).ok().map(|one| one.message)
}
