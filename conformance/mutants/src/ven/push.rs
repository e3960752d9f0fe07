//! The VEN in miniature as a PUSH VEN: its door. Rules 37, 51, 405, 511.

use std::sync::Weak;

use oadr_certs::tls::{ServerSettings, server_config};
use oadr_certs::{Identity, Roots};
use oadr_conformance::wire::http;
use oadr_conformance::wire::server::{Door, Reaction};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;
use tokio::sync::Mutex;

use super::hook::Inside;
use super::{State, tls};
use crate::fault::{Fault, Faults};

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[Fault::inside(
    "heeds-strangers",
    "reg-ignore-unregistered",
    "events are answered and held without a registration",
)];

/// Opens the door of the VEN that is inside, and gives its base address.
///
/// # Errors
/// What keeps it shut.
pub async fn open(
    inside: Weak<Mutex<Inside>>,
    faults: Faults,
    (identity, roots): (Identity, Roots),
) -> Result<(Door, String), String> {
    let config = if faults.has("takes-any-client") {
        tls::careless_server(identity)?
    } else {
        let settings = ServerSettings { identities: vec![identity], roots, crls: Vec::new() };
        server_config(settings).map_err(|error| error.to_string())?
    };
    let meet = move |request: oadr_conformance::wire::server::Request| {
        let inside = inside.clone();
        async move {
            let Some(inside) = inside.upgrade() else { return Reaction::HangUp };
            let mut inside = inside.lock().await;
            match inside.ven() {
                Some(ven) => Reaction::Answer(meet(ven, &request.message)),
                None => Reaction::HangUp,
            }
        }
    };
    let listen = ([127, 0, 0, 1], 0).into();
    let door = Door::open(listen, config, meet, |_| {}).await.map_err(|e| e.to_string())?;
    let address = format!("https://localhost:{}{PREFIX}", door.address.port());
    Ok((door, address))
}

fn meet(ven: &mut State, request: &http::Message) -> http::Message {
    let mut answer = match answer(ven, request) {
        Ok(text) => http::Message::new("HTTP/1.1 200 OK")
            .header("Content-Type", "application/xml")
            .with_body(text.into_bytes()),
        Err(code) => http::Message::new(format!("HTTP/1.1 {code} -")).with_body(Vec::new()),
    };
    ven.faults.http(&mut answer);
    answer
}

/// The document that answers; empty, if none does.
fn answer(ven: &mut State, request: &http::Message) -> Result<String, u16> {
    let (method, path) = request.target().ok_or(406_u16)?;
    if method != "POST" && !ven.faults.has("any-method") {
        return Err(501);
    }
    let exact = ven.faults.has("paths-by-letter");
    let path = if exact { path.to_owned() } else { normal(path) };
    let service = path.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix(SIMPLE));
    if !service.is_some_and(|name| SERVICES.contains(&name)) && !ven.faults.has("any-service") {
        return Err(404);
    }
    let kind = request.get("Content-Type").unwrap_or_default();
    if !kind.starts_with("application/xml") && !ven.faults.has("any-content-type") {
        return Err(406);
    }
    let received = match openadr::decode(&request.body, &Limits::reports()) {
        Ok(received) => received,
        Err(_) if ven.faults.has("broken-is-fine") => return Ok(String::new()),
        Err(_) => return Err(406),
    };
    Ok(take(ven, received.message))
}

/// What is answered at once; what is owed besides follows at the next step.
fn take(ven: &mut State, message: Message) -> String {
    if ven.registration.id.is_none() && !ven.faults.has("heeds-strangers") {
        return String::new();
    }
    if matches!(message, Message::OadrDistributeEvent(_)) {
        ven.arrived.push_back(message);
        return String::new();
    }
    ven.pushed = true;
    let mut answers = ven.take(message).into_iter();
    let first = answers.next().map(|first| ven.link.written(first));
    ven.owed.extend(answers);
    first.unwrap_or_default()
}

/// A path as RFC 3986 makes it normal: escaped letters as letters, no dot segments, no authority.
fn normal(path: &str) -> String {
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => path,
    };
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(h, l)| h * 16 + l),
            _ => None,
        };
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    let mut segments: Vec<&str> = Vec::new();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for segment in text.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    format!("/{}", segments.join("/"))
}

fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

const PREFIX: &str = "/ven/";
const SIMPLE: &str = "OpenADR2/Simple/2.0b/";
const SERVICES: [&str; 4] = ["EiEvent", "EiOpt", "EiReport", "EiRegisterParty"];
