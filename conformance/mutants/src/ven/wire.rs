//! HTTP of the VEN in miniature: how long to leave a silent VTN alone, and what is said to it
//! then. OpenADR 2.0b Profile 9.1; rules 53, 511.

use jiff::{SignedDuration, Timestamp};
use oadr_conformance::wire::http;

use super::State;
use super::link::Link;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::http("no-content-type", "http-form", "Content-Type is left out", |message| {
        message.headers.retain(|(name, _)| name != "Content-Type");
    }),
    Fault::http("wrong-content-type", "http-form", "Content-Type is text/xml", |message| {
        rewrite(message, "Content-Type", "text/xml");
    }),
    Fault::http("wrong-host", "http-form", "Host is somebody else", |message| {
        rewrite(message, "Host", "vtn.example");
    }),
    Fault::http("chunked", "http-form", "bodies are sent in chunks", |message| {
        message.headers.retain(|(name, _)| name != "Content-Length");
        message.headers.push(("Transfer-Encoding".to_owned(), "chunked".to_owned()));
        let mut body = Vec::new();
        if !message.body.is_empty() {
            body.extend(format!("{:x}\r\n", message.body.len()).into_bytes());
            body.append(&mut message.body);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"0\r\n\r\n");
        message.body = body;
    }),
    Fault::inside("paths-by-letter", "http-form", "paths are compared letter by letter"),
    Fault::inside("any-method", "http-statuses", "every method is taken for POST"),
    Fault::inside("any-service", "http-statuses", "every service is taken for one it has"),
    Fault::inside("broken-is-fine", "http-statuses", "broken documents are met with 200"),
    Fault::inside("any-content-type", "http-statuses", "every content type is taken for XML"),
    Fault::inside("no-back-off", "http-backoff", "it tries again every second"),
    Fault::inside("gives-up", "http-backoff", "after three failures it never tries again"),
    Fault::inside("loses-answers", "http-backoff", "an answer met with 503 is not sent again"),
    Fault::inside("repeats-refused", "http-backoff", "what is met with 404 is sent again"),
    Fault::inside("repeats-invalid", "http-backoff", "what is met with 406 is sent again"),
];

/// Minds how an exchange went: after a failure the VTN is left alone, twice as long each time, up
/// to a minute.
pub fn mind(link: &mut Link, status: Option<u16>, now: Timestamp) {
    let repeated = (status == Some(404) && link.faults.has("repeats-refused"))
        || (status == Some(406) && link.faults.has("repeats-invalid"));
    link.away = matches!(status, None | Some(503 | 500)) || repeated;
    if !link.away {
        (link.pause_s, link.silences) = (1, 0);
        return;
    }
    link.silences += 1;
    let given_up = link.faults.has("gives-up") && link.silences >= 3;
    let pause = SignedDuration::from_secs(if given_up { FOR_EVER } else { link.pause_s });
    link.quiet_until = now.saturating_add(pause).unwrap_or(now);
    if !link.faults.has("no-back-off") {
        link.pause_s = (link.pause_s * 2).min(LONGEST);
    }
}

/// Says what could not be said before.
pub async fn step(state: &mut State) {
    while state.link.quiet_until <= state.now {
        let Some(message) = state.owed.pop_front() else { return };
        state.say(message.clone()).await;
        if state.link.away {
            state.owed.push_front(message);
            return;
        }
    }
}

fn rewrite(message: &mut http::Message, name: &str, value: &str) {
    for header in message.headers.iter_mut().filter(|(own, _)| own == name) {
        value.clone_into(&mut header.1);
    }
}

/// The ceiling, seconds.
const LONGEST: i64 = 60;
const FOR_EVER: i64 = 1_000_000;
