//! HTTP of the VTN in miniature. OpenADR 2.0b Profile 9.1; rules 53, 511.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use oadr_conformance::wire::http;
use oadr_conformance::wire::server::{Reaction, Request};

use super::Model;
use super::event::profile_a;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("path-literal", "http-form", "paths are compared letter for letter"),
    Fault::inside("gzip-ignored", "http-form", "Accept-Encoding is ignored"),
    Fault::http("chunked", "http-form", "answers come in chunks", |message| {
        let mut body = format!("{:x}\r\n", message.body.len()).into_bytes();
        body.append(&mut message.body);
        body.extend_from_slice(b"\r\n0\r\n\r\n");
        message.body = body;
        message.headers.retain(|(name, _)| name != "Content-Length");
        message.headers.push(("Transfer-Encoding".to_owned(), "chunked".to_owned()));
    }),
    Fault::http("text-xml", "http-form", "the Content-Type is text/xml", |message| {
        message.headers.retain(|(name, _)| name != "Content-Type");
        message.headers.push(("Content-Type".to_owned(), "text/xml".to_owned()));
    }),
    Fault::inside("get-is-405", "http-statuses", "GET is 405"),
    Fault::inside("unknown-is-406", "http-statuses", "an unknown service is 406"),
    Fault::inside("broken-is-500", "http-statuses", "broken XML is 500"),
    Fault::inside("any-content-type", "http-statuses", "every content type will do"),
];

/// Meets a request.
pub fn meet(model: &Model, request: &Request) -> Reaction {
    if let Some(reaction) = super::poll::stalled(model, request) {
        return reaction;
    }
    let mut answer = answer(model, request);
    let accepted = request.message.get("Accept-Encoding").unwrap_or_default();
    if accepted.contains("gzip") && !answer.body.is_empty() && !model.0.faults.has("gzip-ignored") {
        pack(&mut answer);
    }
    model.0.faults.http(&mut answer);
    Reaction::Answer(answer)
}

/// Silence: an answer whose first line takes days.
pub fn silence() -> Reaction {
    Reaction::Slowly(status(200), Duration::from_secs(3600))
}

fn answer(model: &Model, request: &Request) -> http::Message {
    let faults = &model.0.faults;
    let Some((method, path)) = request.message.target() else { return status(406) };
    if method != "POST" {
        return status(if faults.has("get-is-405") { 405 } else { 501 });
    }
    let path = if faults.has("path-literal") { path.to_owned() } else { normal(path) };
    if let Some(service) = path.strip_prefix("/EI/Simple/1.0/") {
        let thumbprint = request.peer.thumbprint.to_string();
        let body = &request.message.body;
        return match super::transactive::answer(&mut model.state(), service, body, &thumbprint) {
            Ok(text) => document(text),
            Err(code) => status(code),
        };
    }
    if path == profile_a::PATH {
        let thumbprint = request.peer.thumbprint.to_string();
        let answer = profile_a::answer(model, &request.message.body, &thumbprint);
        return answer.map_or_else(status, document);
    }
    let service = path.strip_prefix("/OpenADR2/Simple/2.0b/");
    let Some(service) = service.filter(|service| SERVICES.contains(service)) else {
        return status(if faults.has("unknown-is-406") { 406 } else { 404 });
    };
    let is_xml =
        request.message.get("Content-Type").is_some_and(oadr_conformance::vtn::wire::is_xml);
    if !is_xml && !faults.has("any-content-type") {
        return status(406);
    }
    let thumbprint = request.peer.thumbprint.to_string();
    match model.answer(service, &request.message.body, &thumbprint) {
        Ok(text) => document(text.unwrap_or_default()),
        Err(406) if faults.has("broken-is-500") => status(500),
        Err(code) => status(code),
    }
}

/// RFC 3986, 6.2.2: what needs no percent sign has none, dot segments are gone.
fn normal(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let mut segments: Vec<String> = Vec::new();
    for segment in path.split('/').map(plain) {
        match segment.as_str() {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

fn plain(segment: &str) -> String {
    let mut parts = segment.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|two| u8::from_str_radix(two, 16).ok()).map(char::from);
        match code.filter(|one| one.is_ascii_alphanumeric() || "-._~".contains(*one)) {
            Some(letter) => {
                text.push(letter);
                text.push_str(&part[2..]);
            }
            None => {
                text.push('%');
                text.push_str(part);
            }
        }
    }
    text
}

/// A document as an answer.
pub fn document(text: String) -> http::Message {
    http::Message::new("HTTP/1.1 200 OK")
        .header("Content-Type", "application/xml")
        .with_body(text.into_bytes())
}

/// Codes a body with gzip. Writing to memory does not fail.
pub fn pack(message: &mut http::Message) {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let packed = packed.write_all(&message.body).and_then(|()| packed.finish());
    message.body = packed.unwrap_or_default();
    message.headers.retain(|(name, _)| name != "Content-Length");
    message.headers.push(("Content-Length".to_owned(), message.body.len().to_string()));
    message.headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
}

/// An answer without a payload.
pub fn status(code: u16) -> http::Message {
    http::Message::new(format!("HTTP/1.1 {code} -")).with_body(Vec::new())
}

const SERVICES: [&str; 5] = ["EiEvent", "EiOpt", "EiReport", "EiRegisterParty", "OadrPoll"];
