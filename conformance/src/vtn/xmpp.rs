//! XMPP, VTN under test. OpenADR 2.0b Profile, 9.3 and rules 38, 51, 507, 515.

use std::collections::BTreeMap;
use std::time::Duration;

use oadr_certs::PeerCertificate;
use oadr_schemas::exchange::openadr_table;
use oadr_schemas::openadr::oadr::{OadrCreatePartyRegistration, OadrTransport};
use oadr_schemas::openadr::{self, Message};

use super::{Party, VtnPlay};
use crate::hook::{Event, XmppPlace};
use crate::record::{Exchange, From, Packet};
use crate::say;
use crate::scenario::{Profile, Role, Scenario};
use crate::verdict::{Ended, Stop, inconclusive};
use crate::xmpp::{Client, INFO, ITEMS, Login, OPENADR, SERVICE, SERVICES, Stanza, escape, result};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] =
    &[Scenario::vtn("xmpp-exchange", |play| Box::pin(exchange(play)))
        .profile(Profile::Xmpp)
        .feature("xmpp")
        .given("two VENs at the VTN's XMPP server, logged in by their certificates")
        .when("one discovers the services, registers, sends metadata, fetches events, errs, writes to the other, and gets an event")
        .expect("iq results with the payloads of HTTP PUSH, a 4xx inside a result, bad-request for what is invalid; the other VEN hears nothing")
        .rules(&["38", "51", "301", "507", "515"])];

/// A VEN at the server.
struct Line {
    party: Party,
    client: Client,
    /// Where each service is, by its name.
    services: BTreeMap<String, String>,
    /// Payloads that the VTN sent by itself.
    came: Vec<Message>,
}

async fn exchange(play: &mut VtnPlay) -> Ended {
    let Some(place) = play.setting.xmpp.clone() else {
        return Err(Stop::Skip("the hook does not tell where the XMPP server is".to_owned()));
    };
    let mut line = enter(play, &place).await?;
    discover(play, &mut line).await?;
    register(play, &mut line).await?;
    let metadata = say::report::metadata(play, &line.party, &[]);
    wanted(play, &mut line, metadata, "oadrRegisteredReport").await?;
    let request = say::event::request(&line.party, None, &play.unique("ev"));
    wanted(play, &mut line, request, "oadrDistributeEvent").await?;
    pushed(play, &mut line).await?;
    refusals(play, &mut line).await?;
    strangers(play, &mut line, &place).await?;
    event(play, &mut line).await?;
    line.client.leave().await;
    Ok(())
}

/// A VEN that is let in and logs in.
async fn enter(play: &mut VtnPlay, place: &XmppPlace) -> Result<Line, Stop> {
    let party = play.unregistered().await?;
    let about = PeerCertificate::from_der(party.identity.leaf()).map_err(crate::stage::told)?;
    let user = about.common_name.unwrap_or_default();
    let domain = place.jid.rsplit_once('@').map_or(place.jid.as_str(), |(_, rest)| rest);
    let domain = domain.split('/').next().unwrap_or_default().to_owned();
    let login = Login {
        server: place.server.clone(),
        domain: domain.clone(),
        user: user.clone(),
        resource: RESOURCE.to_owned(),
        config: play.setting.lab.client(party.identity.clone())?,
        answers_pings: true,
    };
    let client = match login.enter().await {
        Ok(client) => client,
        Err(why) => {
            let what = "a VEN logs in by SASL EXTERNAL under its certificate's common name";
            return play.fail(&["515"], what, why);
        }
    };
    let jid = format!("{user}@{domain}/{RESOURCE}");
    let what = "the full JID is that of the certificate with the resource asked for";
    play.equal(&["515"], what, (client.jid.clone(), jid));
    client.send("<presence/>").await.map_err(Stop::Inconclusive)?;
    Ok(Line { party, client, services: BTreeMap::new(), came: Vec::new() })
}

/// Where the services are: XEP-0030, at the bare domain.
async fn discover(play: &mut VtnPlay, line: &mut Line) -> Ended {
    let domain = line.client.domain.clone();
    let info = ask(line, &domain, "get", &format!("<query xmlns='{INFO}'/>")).await?;
    let features = info.all((INFO, "feature"), "var");
    let serves = features.iter().any(|one| one.eq_ignore_ascii_case(OPENADR));
    play.check(&["515"], "disco#info of the domain lists OpenADR", serves, &info.text);
    let query = format!("<query xmlns='{ITEMS}' node='{SERVICES}'/>");
    let items = ask(line, &domain, "get", &query).await?;
    let nodes = items.all((ITEMS, "item"), "node").into_iter();
    for (node, jid) in nodes.zip(items.all((ITEMS, "item"), "jid")) {
        let head = node.get(..SERVICE.len()).unwrap_or_default();
        if head.eq_ignore_ascii_case(SERVICE) {
            line.services.insert(node[SERVICE.len()..].to_owned(), jid);
        }
    }
    let all = ["EiRegisterParty", "EiEvent", "EiReport", "EiOpt"];
    let all = all.iter().all(|name| line.services.contains_key(*name));
    play.require(&["515"], "disco#items tells where all services are", all, &items.text)
}

async fn register(play: &mut VtnPlay, line: &mut Line) -> Ended {
    let create = OadrCreatePartyRegistration {
        oadr_transport_name: OadrTransport::Xmpp,
        oadr_transport_address: Some(line.client.jid.clone()),
        oadr_http_pull_model: Some(false),
        ..say::register_party::create(&play.unique("reg"))
    };
    let told = wanted(play, line, create, "oadrCreatedPartyRegistration").await?;
    let Message::OadrCreatedPartyRegistration(created) = told else { return Err(Stop::Failed) };
    let taken = created.ei_response.is_ok() && created.ven_id.is_some();
    play.require(&["38", "507"], "a VEN registers over XMPP", taken, &created)?;
    line.party.learn(&created);
    Ok(())
}

/// What the VTN says by itself: to a VEN that has just registered, first of all its metadata.
async fn pushed(play: &mut VtnPlay, line: &mut Line) -> Ended {
    let metadata = |message: &Message| matches!(message, Message::OadrRegisterReport(_));
    for _ in 0..PATIENCE_S {
        hear(play, line).await?;
        if line.came.iter().any(metadata) {
            break;
        }
        play.pass(1).await?;
    }
    let names: Vec<_> = line.came.iter().map(Message::name).collect();
    let came = line.came.iter().any(metadata);
    play.check(&["38", "51", "301"], "the VTN's metadata comes by itself over XMPP", came, &names);
    let polls = line.came.iter().any(|message| matches!(message, Message::OadrPoll(_)));
    play.check(&["507"], "a VTN does not poll", !polls, names);
    Ok(())
}

/// An application's error comes in a result, an invalid document is a bad request.
async fn refusals(play: &mut VtnPlay, line: &mut Line) -> Ended {
    let mut cancel = say::register_party::cancel(&line.party, &play.unique("cancel"));
    cancel.registration_id = "none".to_owned();
    let told = wanted(play, line, cancel, "oadrCanceledPartyRegistration").await?;
    let code = told.response().map(|response| response.response_code.clone());
    let refused = code.as_ref().is_some_and(|code| !code.is_ok());
    play.check(&["515"], "an application error is a code inside a result", refused, &code);
    let request = say::event::request(&line.party, None, &play.unique("ev"));
    let text = openadr::encode(request.into(), None);
    let text = text.replace("eiRequestEvent", "eiRequestNothing");
    let to = line.services.get("EiEvent").cloned().unwrap_or_default();
    let answer = put(play, line, &to, &text).await?;
    let bad = answer.is_iq("error")
        && answer.has(ERRORS, "bad-request")
        && answer.all(("jabber:client", "error"), "type") == ["modify"];
    let what = "what breaks the schema is answered by bad-request, type modify";
    play.check(&["515"], what, bad, &answer.text);
    Ok(())
}

/// What a VEN writes to another does not arrive.
async fn strangers(play: &mut VtnPlay, line: &mut Line, place: &XmppPlace) -> Ended {
    let mut other = match enter(play, place).await {
        Ok(other) => other,
        // No certificate is left for another: the rest is judged.
        Err(Stop::Skip(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    let to = escape(&other.client.jid);
    let said = |error| Stop::Inconclusive(error);
    let message = format!("<message to='{to}'><body>{SECRET}</body></message>");
    line.client.send(&message).await.map_err(said)?;
    let iq = format!("<iq type='set' id='{SECRET}' to='{to}'><x xmlns='urn:{SECRET}'/></iq>");
    line.client.send(&iq).await.map_err(said)?;
    // Answers come in turn: what was to be routed before this was routed.
    let domain = line.client.domain.clone();
    ask(line, &domain, "get", &format!("<query xmlns='{INFO}'/>")).await?;
    let mut heard = Vec::new();
    while let Some(stanza) = other.client.next(Duration::from_secs(1)).await {
        heard.push(stanza.text);
    }
    other.client.leave().await;
    let arrived: Vec<_> = heard.iter().filter(|text| text.contains(SECRET)).collect();
    let what = "what a VEN writes to another VEN is not delivered";
    play.check(&["515"], what, arrived.is_empty(), arrived);
    Ok(())
}

/// An event of the operator's comes by itself, where the operator can make one.
async fn event(play: &mut VtnPlay, line: &mut Line) -> Ended {
    let event = Event::simple(&line.party.id(), play.in_s(3600), 600);
    let id = match play.create_event(&event).await {
        Ok(id) => id,
        // Nobody can make one: the rest is judged.
        Err(Stop::Skip(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    let mut list = None;
    for _ in 0..PATIENCE_S {
        play.pass(1).await?;
        hear(play, line).await?;
        list = line.came.iter().find_map(|message| match message {
            Message::OadrDistributeEvent(list) if say::event::find(list, &id).is_some() => {
                Some(list.clone())
            }
            _ => None,
        });
        if list.is_some() {
            break;
        }
    }
    let Some(list) = list else {
        let names: Vec<_> = line.came.iter().map(Message::name).collect();
        return play.fail(&["38", "51"], "an event comes by itself over XMPP", names);
    };
    let opt = oadr_schemas::openadr::ei::OptType::OptIn;
    let created = say::event::answer_all(&line.party, &list, opt);
    let told = wanted(play, line, created, "oadrResponse").await?;
    let ok = told.response().is_some_and(|response| response.is_ok());
    play.check(&["38", "51"], "its answer is taken", ok, told);
    Ok(())
}

/// Takes what the VTN says by itself, and answers as a PUSH VEN would.
async fn hear(play: &mut VtnPlay, line: &mut Line) -> Ended {
    while let Some(stanza) = line.client.next(Duration::from_millis(300)).await {
        let Some(payload) = stanza.payload().filter(|_| stanza.is_iq("set")) else { continue };
        let message = match play.sightings.look(Role::Vtn, payload.as_bytes()) {
            Ok(message) => message,
            Err(why) => return play.fail(&[crate::base::SCHEMA], "what comes is valid", why),
        };
        // An event is answered on its own, as over HTTP PUSH.
        let answer = match &message {
            Message::OadrDistributeEvent(_) => None,
            other => say::late_answer(&line.party, other),
        };
        let text = answer.map(|answer| openadr::encode(answer, None)).unwrap_or_default();
        let reply = result(&stanza, without_declaration(&text));
        line.client.send(&reply).await.map_err(Stop::Inconclusive)?;
        line.came.push(message);
    }
    Ok(())
}

/// Sends a message and gives what comes, which must be a result with that payload.
async fn wanted(
    play: &mut VtnPlay,
    line: &mut Line,
    message: impl Into<Message>,
    wanted: &str,
) -> Result<Message, Stop> {
    let message = message.into();
    let name = message.name();
    let service = openadr_table::pairing_of(&message).map_or("EiEvent", |row| row.service.name());
    let to = line.services.get(service).cloned().unwrap_or_default();
    let answer = put(play, line, &to, &openadr::encode(message, None)).await?;
    let what = format!("{name} is answered by an iq result");
    play.require(&["38", "515"], what, answer.is_iq("result"), &answer.text)?;
    let Some(payload) = answer.payload() else {
        return play.fail(&["33"], format!("{name} is answered by {wanted}"), &answer.text);
    };
    match play.sightings.look(Role::Vtn, payload.as_bytes()) {
        Ok(message) => {
            let what = format!("{name} is answered by {wanted}");
            play.require(&["33"], what, message.name() == wanted, message.name())?;
            Ok(message)
        }
        Err(why) => {
            play.fail(&[crate::base::SCHEMA], format!("the answer to {name} is valid"), why)
        }
    }
}

/// Sends a document by iq set, and writes the exchange down.
async fn put(play: &VtnPlay, line: &mut Line, to: &str, text: &str) -> Result<Stanza, Stop> {
    let at = play.now();
    let answer = line.client.ask(to, "set", without_declaration(text)).await;
    let packet =
        |start: String, body: &str| Packet { start, headers: Vec::new(), body: body.to_owned() };
    let shown = answer.as_ref().ok();
    play.log.add(Exchange {
        at,
        took_ms: 0,
        from: From::Kit,
        party: line.party.name.clone(),
        asked: say::name_of(text.as_bytes()),
        answered: shown
            .map(|one| say::name_of(one.payload().unwrap_or_default().as_bytes()))
            .unwrap_or_default(),
        request: packet(format!("iq set to {to}"), text),
        answer: shown.map(|one| packet(format!("iq {}", one.get("type")), &one.text)),
        trouble: answer.as_ref().err().cloned(),
    });
    match answer {
        Ok(answer) => Ok(answer),
        Err(why) => inconclusive(format!("iq set to {to}: {why}")),
    }
}

async fn ask(line: &mut Line, to: &str, kind: &str, payload: &str) -> Result<Stanza, Stop> {
    let answer = line.client.ask(to, kind, payload).await;
    answer.map_err(|why| Stop::Inconclusive(format!("iq {kind} to {to}: {why}")))
}

/// XMPP has no place for an XML declaration inside a stream.
fn without_declaration(text: &str) -> &str {
    match text.find("?>") {
        Some(at) if text.starts_with("<?xml") => text[at + 2..].trim_start(),
        _ => text,
    }
}

const PATIENCE_S: usize = 10;
const RESOURCE: &str = "kit";
const SECRET: &str = "from-ven-to-ven";
const ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
