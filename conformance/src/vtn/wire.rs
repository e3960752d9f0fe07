//! HTTP, VTN under test. OpenADR 2.0b Profile 9.1; rules 33, 53, 511.

use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::{self, Message};

use super::{Party, Reply, VtnPlay};
use crate::say;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::wire::http::{self, Framing};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("http-form", |play| Box::pin(form(play)))
        .given("a registered VEN")
        .when("it asks for its registration at the same address, written in every equivalent way")
        .expect("the same answer with the headers of the profile, unchunked; gzip if asked for")
        .rules(&["53", "511"]),
    Scenario::vtn("http-statuses", |play| Box::pin(statuses(play)))
        .given("a registered VEN")
        .when("it sends GET, asks an unknown service, posts broken XML, tells a wrong content type")
        .expect("501, 404, 406, 406")
        .rules(&["33", "511"]),
];

/// Whether a Content-Type is one that the profile allows.
pub fn is_xml(value: &str) -> bool {
    let text: String = value.chars().filter(|one| !one.is_whitespace()).collect();
    let text = text.to_ascii_lowercase();
    text == "application/xml" || text == "application/xml;charset=utf-8"
}

async fn form(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (plain, host) = (play.path(Service::EiRegisterParty), play.address.authority());
    let bare = host.trim_end_matches(":443").to_owned();
    let coded = plain.replace("/EiRegister", "/%45iRegister");
    let dotted = plain.replace("/Simple/", "/./Simple/");
    for (how, path, host) in [
        ("plain", &plain, bare),
        ("with an explicit port", &plain, host.clone()),
        ("with the host in capitals", &plain, host.to_ascii_uppercase()),
        ("with %45 for E", &coded, host.clone()),
        ("with a dot segment", &dotted, host.clone()),
    ] {
        let request = post(path, &host).with_body(request_of(play));
        let Some(reply) = answered(play, &mut ven, (how, request)).await? else { continue };
        let what = format!("an address written {how} leads to the service");
        let fits = matches!(reply.message, Some(Ok(Message::OadrCreatedPartyRegistration(_))));
        if play.check(&["511"], what, fits && reply.is_taken(), reply.story()) {
            has_headers(play, (how, &reply.http));
        }
    }
    compressed(play, &mut ven, &plain).await
}

fn has_headers(play: &mut VtnPlay, (how, answer): (&str, &http::Message)) {
    let saw = &headers(answer);
    let framed = answer.framing == Framing::Length;
    let what = format!("the answer tells its Content-Length and is not chunked ({how})");
    play.check(&["53"], what, framed && answer.get("Transfer-Encoding").is_none(), saw);
    let what = format!("the answer's Content-Type is application/xml ({how})");
    play.check(&["53"], what, answer.get("Content-Type").is_some_and(is_xml), saw);
    let what = format!("the answer is not compressed unasked ({how})");
    play.check(&["53"], what, answer.get("Content-Encoding").is_none(), saw);
}

/// The headers of a message, for people.
pub(super) fn headers(message: &http::Message) -> say::saw::Saw {
    say::saw::list(message.headers.iter().map(|(name, value)| format!("{name}: {value}")))
}

async fn compressed(play: &mut VtnPlay, ven: &mut Party, path: &str) -> Ended {
    let request = post(path, &play.address.authority()).header("Accept-Encoding", "gzip");
    let request = request.with_body(request_of(play));
    let how = "with Accept-Encoding: gzip";
    let Some(reply) = answered(play, ven, (how, request)).await? else { return Ok(()) };
    let coding = reply.http.get("Content-Encoding");
    let is_gzip = coding.is_some_and(|one| one.eq_ignore_ascii_case("gzip"));
    let what = "the answer is compressed with gzip when the VEN asks for it";
    play.check(&["53"], what, is_gzip, headers(&reply.http));
    let what = "the compressed answer holds the registration";
    play.check(&["53"], what, reply.is_taken(), reply.story());
    let framed = reply.http.framing == Framing::Length;
    let what = "the compressed answer tells its Content-Length";
    play.check(&["53"], what, framed, headers(&reply.http));
    Ok(())
}

/// The reply; `None`, and a check that fails, if there is none.
async fn answered(
    play: &mut VtnPlay,
    ven: &mut Party,
    (how, request): (&str, http::Message),
) -> Result<Option<Reply>, Stop> {
    match play.call(ven, request).await {
        Ok(reply) => Ok(Some(reply)),
        Err(error) => {
            let what = format!("a request {how} is answered");
            play.check(&["511"], what, false, say::saw::text(error));
            Ok(None)
        }
    }
}

async fn statuses(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let (path, host) = (play.path(Service::EiRegisterParty), play.address.authority());
    let nowhere = path.replace("/EiRegisterParty", "/EiNothing");
    let body = request_of(play);
    let text = String::from_utf8_lossy(&body).into_owned();
    let half = text[..text.len() / 2].to_owned().into_bytes();
    let invalid = text.replace("requestID", "requestAnything").into_bytes();
    let get = http::Message::new(format!("GET {path} HTTP/1.1")).header("Host", &host);
    let typed = http::Message::new(format!("POST {path} HTTP/1.1")).header("Host", &host);
    let typed = typed.header("Content-Type", "text/plain");
    for (what, rule, request, wanted) in [
        ("GET is answered with 501", "511", get, 501),
        ("an unknown service is 404", "511", post(&nowhere, &host).with_body(body.clone()), 404),
        ("broken XML is 406", "33", post(&path, &host).with_body(half), 406),
        ("what the schema refuses is 406", "33", post(&path, &host).with_body(invalid), 406),
        ("a wrong content type is 406", "511", typed.with_body(body), 406),
    ] {
        match play.call(&mut ven, request).await {
            Ok(reply) => drop(play.equal(&[rule], what, (reply.status, wanted))),
            Err(error) => drop(play.check(&[rule], what, false, say::saw::text(error))),
        }
    }
    let query = say::register_party::query(&play.unique("form"));
    match play.ask(&mut ven, query).await {
        Err(Stop::Inconclusive(why)) => inconclusive(format!("no service after that: {why}")),
        other => other.map(|_| ()),
    }
}

/// What every VTN answers and nothing comes of.
fn request_of(play: &VtnPlay) -> Vec<u8> {
    let request = say::register_party::query(&play.unique("form"));
    openadr::encode(request.into(), None).into_bytes()
}

fn post(path: &str, host: &str) -> http::Message {
    http::Message::new(format!("POST {path} HTTP/1.1"))
        .header("Host", host)
        .header("Content-Type", "application/xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_content_types_are_allowed() {
        for (value, allowed) in [
            ("application/xml", true),
            ("application/xml; charset=utf-8", true),
            ("application/xml;charset=UTF-8", true),
            ("application/xml; charset=iso-8859-1", false),
            ("text/xml", false),
        ] {
            assert_eq!(is_xml(value), allowed, "{value}");
        }
    }
}
