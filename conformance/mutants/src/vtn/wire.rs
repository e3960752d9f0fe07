//! HTTP of the VTN in miniature. OpenADR 2.0b Profile 9.1; rules 53, 511.

use oadr_conformance::wire::http;
use oadr_conformance::wire::server::{Reaction, Request};

use super::Model;
use super::event::profile_a;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// Meets a request.
pub fn meet(model: &Model, request: &Request) -> Reaction {
    let mut answer = answer(model, request);
    model.0.faults.http(&mut answer);
    Reaction::Answer(answer)
}

fn answer(model: &Model, request: &Request) -> http::Message {
    let Some((method, path)) = request.message.target() else { return status(406) };
    if method != "POST" {
        return status(501);
    }
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
    let Some(service) = path.strip_prefix("/OpenADR2/Simple/2.0b/") else { return status(404) };
    if !SERVICES.contains(&service) {
        return status(404);
    }
    let thumbprint = request.peer.thumbprint.to_string();
    match model.answer(service, &request.message.body, &thumbprint) {
        Ok(text) => document(text.unwrap_or_default()),
        Err(code) => status(code),
    }
}

fn document(text: String) -> http::Message {
    http::Message::new("HTTP/1.1 200 OK")
        .header("Content-Type", "application/xml")
        .with_body(text.into_bytes())
}

fn status(code: u16) -> http::Message {
    http::Message::new(format!("HTTP/1.1 {code} -")).with_body(Vec::new())
}

const SERVICES: [&str; 5] = ["EiEvent", "EiOpt", "EiReport", "EiRegisterParty", "OadrPoll"];
