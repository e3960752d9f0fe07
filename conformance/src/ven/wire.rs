//! HTTP, VEN under test: the form of what it sends, its statuses where it is a server, and its
//! patience. OpenADR 2.0b Profile 9.1; rules 33, 53, 511.

use std::time::Duration;

use jiff::Timestamp;
use oadr_schemas::exchange::openadr_table;
use oadr_schemas::openadr::oadr::{OadrCreatedEvent, OadrEvent};
use oadr_schemas::openadr::{self, Message};

use super::{Heard, Model, PREFIX, Scripted, VenPlay, said};
use crate::record::From;
use crate::say::event;
use crate::scenario::{Profile, Scenario};
use crate::verdict::{Ended, Stop, inconclusive, optional};
use crate::wire::client::{Address, Caller};
use crate::wire::http::{self, Framing};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("http-form", |play| Box::pin(form(play)))
        .given("a VEN that registers, polls and answers; one that can be pushed to listens, too")
        .when("its requests are looked at; the same is posted to it under paths that mean the same")
        .expect(
            "POST to the right service with Host, Content-Length, Content-Type and no chunks; each form of a path works",
        )
        .rules(&["53", "511"]),
    Scenario::ven("http-statuses", |play| Box::pin(statuses(play)))
        .given("a registered PUSH VEN")
        .when("it gets a GET, an unknown service, a broken document, a wrong content type")
        .expect("501, 404, 406, 406")
        .rules(&["33", "511", "9.1.5"])
        .profile(Profile::Push)
        .feature("push"),
    Scenario::ven("http-backoff", |play| Box::pin(backoff(play)))
        .given("a registered PULL VEN")
        .when(
            "the VTN answers 503, then ends connections, then recovers; later it answers 404 and 406",
        )
        .expect(
            "it tries again after growing, bounded pauses and recovers; what got 404 or 406 is not repeated",
        )
        .rules(&["9.1.5", "9.1.7"]),
];

async fn form(play: &mut VenPlay) -> Ended {
    play.start(&crate::hook::VenSettings::default()).await?;
    let start = play.in_s(3600);
    let id = play.unique("event");
    play.distribute(vec![event::simple(&id, start, 60)]).await?;
    play.pass(if play.setting.pace.is_steered() { 60 } else { 6 }).await?;
    let heard: Vec<Heard> = play.top.state().heard.iter().cloned().collect();
    if heard.is_empty() {
        return inconclusive("the VEN says nothing");
    }
    heads(play, &heard)?;
    let astray = heard.iter().filter(|one| !fits_service(one)).map(|one| &one.http.start);
    let astray: Vec<_> = astray.collect();
    let what = "each payload is posted to its service";
    play.check(&["511"], what, astray.is_empty(), &astray);
    if play.claims("push") { optional(served(play).await) } else { Ok(()) }
}

/// Rule 53 and 9.1: the heads of requests.
fn heads(play: &mut VenPlay, heard: &[Heard]) -> Ended {
    let own = Address::parse(&play.url).map_err(Stop::Inconclusive)?;
    let wrong = |holds: &dyn Fn(&http::Message) -> bool| -> Vec<String> {
        let bad = heard.iter().map(|one| &one.http).filter(|http| !holds(http));
        bad.map(|http| format!("{} {:?}", http.start, http.headers)).take(3).collect()
    };
    let host = |http: &http::Message| {
        let given = http.get("Host").unwrap_or_default();
        given.eq_ignore_ascii_case(&own.authority())
            || (own.port == 443 && given.eq_ignore_ascii_case(&own.host))
    };
    let post = |http: &http::Message| {
        http.start.starts_with(&format!("POST {PREFIX}OpenADR2/Simple/2.0b/"))
            && http.start.ends_with(" HTTP/1.1")
    };
    let length = |http: &http::Message| http.framing == Framing::Length;
    let plain = |http: &http::Message| http.get("Transfer-Encoding").is_none();
    let kind = |http: &http::Message| is_xml(http);
    for (rules, what, bad) in [
        (&["511"], "each request is an HTTP/1.1 POST under the VTN's prefix", wrong(&post)),
        (&["53"], "Host is the VTN's", wrong(&host)),
        (&["53"], "Content-Length is there", wrong(&length)),
        (&["53"], "no transfer coding is used", wrong(&plain)),
        (&["53"], "Content-Type is application/xml, in UTF-8 if it says so", wrong(&kind)),
    ] {
        play.check(rules, what, bad.is_empty(), bad);
    }
    Ok(())
}

fn is_xml(http: &http::Message) -> bool {
    let kind = http.get("Content-Type").unwrap_or_default().to_ascii_lowercase();
    let (kind, more) = kind.split_once(';').unwrap_or((&kind, "charset=utf-8"));
    kind.trim() == "application/xml"
        && matches!(more.trim().replace('"', "").as_str(), "charset=utf-8")
}

fn fits_service(heard: &Heard) -> bool {
    match &heard.message {
        // It answers payloads of every service.
        Ok(Message::OadrResponse(_)) | Err(_) => true,
        Ok(message) => {
            openadr_table::pairing_of(message).is_none_or(|row| row.service.name() == heard.service)
        }
    }
}

/// A PUSH VEN as a server: paths that mean the same (rule 511), the form of its answers.
async fn served(play: &mut VenPlay) -> Ended {
    play.model = Model::Push;
    play.top.state().ven = None;
    play.boot().await?;
    let address = play.door_of_ven()?;
    let base = format!("{}OpenADR2/Simple/2.0b", address.prefix);
    let upper = address.authority().to_ascii_uppercase();
    let forms = [
        ("the path as it is", format!("{base}/EiEvent"), None),
        ("an escaped letter", format!("{base}/%45iEvent"), None),
        ("a dot segment", format!("{base}/./EiEvent"), None),
        ("a host in capitals", format!("{base}/EiEvent"), Some(upper)),
    ];
    for (what, path, host) in forms {
        let id = play.unique("event");
        let list = play.unique("list");
        let start = play.in_s(3600);
        let list = play.list(&list, vec![event::simple(&id, start, 60)]);
        let body = openadr::encode(list.into(), None).into_bytes();
        let request = move |caller: &Caller| {
            let mut request = caller.post(&path, body);
            if let (Some(host), Some(first)) = (host, request.headers.first_mut()) {
                first.1 = host;
            }
            request
        };
        let answer = play.knock(&address, request).await?;
        let ok = answer.as_ref().is_ok_and(|answer| answer.status() == Some(200));
        play.check(&["511"], format!("{what} is understood"), ok, said::http(&answer));
        if let Ok(answer) = answer {
            let length = answer.framing == Framing::Length;
            let saw = &answer.headers;
            play.check(&["53"], "its answer has Content-Length and no chunks", length, saw);
            let xml = answer.body.is_empty() || is_xml(&answer);
            play.check(&["53"], "its answer has the right Content-Type", xml, saw);
        }
    }
    Ok(())
}

async fn statuses(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let address = play.door_of_ven()?;
    let base = format!("{}OpenADR2/Simple/2.0b/", address.prefix);
    let id = play.unique("list");
    let good = openadr::encode(play.list(&id, Vec::new()).into(), None);
    let broken = good.replace("vtnID", "vtnId");
    let event = format!("{base}EiEvent");
    let get = http::Message::new(format!("GET {event} HTTP/1.1"))
        .header("Host", address.authority())
        .with_body(Vec::new());
    let text = |kind: &str, path: &str, body: &str| {
        http::Message::new(format!("POST {path} HTTP/1.1"))
            .header("Host", address.authority())
            .header("Content-Type", kind)
            .with_body(body.as_bytes().to_vec())
    };
    let xml = "application/xml";
    for (what, request, wanted) in [
        ("a good document", text(xml, &event, &good), 200),
        ("a GET", get, 501),
        ("a service that does not exist", text(xml, &format!("{base}EiNothing"), &good), 404),
        ("what breaks the schema", text(xml, &event, &broken), 406),
        ("what is no XML", text(xml, &event, "so { \"it\": \"is\" }"), 406),
        ("the content type text/plain", text("text/plain", &event, &good), 406),
    ] {
        let answer = play.knock(&address, |_| request).await?;
        let status = answer.as_ref().ok().and_then(http::Message::status);
        let rules: &[_] = if wanted == 406 { &["33", "9.1.5"] } else { &["511", "9.1.5"] };
        let what = format!("{what} is met with {wanted}");
        play.check(rules, what, status == Some(wanted), said::http(&answer));
    }
    Ok(())
}

async fn backoff(play: &mut VenPlay) -> Ended {
    // Long enough that a pause differs from the usual interval.
    play.top.state().poll_s = if play.setting.pace.is_steered() { 10 } else { 4 };
    play.boot().await?;
    let begun = play.log.len();
    let met = attempts(play, begun, 4, Scripted::Status(503, None)).await?;
    gaps_grow(play, "503", &met);
    recovers(play).await?;
    let begun = play.log.len();
    let met = attempts(play, begun, 4, Scripted::HangUp).await?;
    gaps_grow(play, "a connection that ends", &met);
    recovers(play).await?;
    let again = answers_to(play, Scripted::Status(503, None), PATIENCE_S).await?;
    play.check(&["9.1.7"], "an answer that got 503 is sent again", again >= 2, again);
    for code in [404, 406] {
        let watch = if play.setting.pace.is_steered() { PATIENCE_S } else { 12 };
        let sent = answers_to(play, Scripted::Status(code, None), watch).await?;
        let what = format!("what got {code} is not repeated");
        play.check(&["9.1.5"], what, sent == 1, format_args!("sent {sent} times"));
    }
    Ok(())
}

/// Meets whatever comes this way until it came so often; gives when.
async fn attempts(
    play: &mut VenPlay,
    begun: usize,
    wanted: usize,
    how: Scripted,
) -> Result<Vec<Timestamp>, Stop> {
    for _ in 0..MOST {
        play.script("", how.clone());
    }
    let mut end = play.in_s(PATIENCE_S);
    let mut met = Vec::new();
    while met.len() < wanted && play.now() < end {
        match play.setting.pace.is_steered() {
            // A pause of a second is not to be measured in seconds.
            true => play.setting.pace.pass(TENTH).await?,
            false => play.wait_a_little().await?,
        }
        let now = together(play, begun);
        if now.len() > met.len() {
            end = play.in_s(PATIENCE_S);
        }
        met = now;
    }
    play.top.state().scripted.clear();
    Ok(met)
}

/// When the VEN called, calls in a row taken as one: a request may be repeated at once when the
/// connection it was sent over turns out closed, and several may wait.
fn together(play: &VenPlay, begun: usize) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = Vec::new();
    for one in play.log.all().into_iter().skip(begun).filter(|one| one.from == From::Subject) {
        let fresh = times.last().is_none_or(|last| one.at.duration_since(*last).as_millis() >= 500);
        if fresh {
            times.push(one.at);
        }
    }
    times
}

/// Section 9.1.7: near 1 s, doubled each time, with some jitter, up to a ceiling.
fn gaps_grow(play: &mut VenPlay, what: &str, met: &[Timestamp]) {
    let gaps: Vec<f64> =
        met.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs_f64()).collect();
    let tries = format!("after {what} it tries again within {PATIENCE_S} s");
    play.check(&["9.1.7"], tries, gaps.len() >= 3, &gaps);
    let (Some(first), Some(last)) = (gaps.first(), gaps.last()) else { return };
    // At the poll interval or over it a pause need not grow: the ceiling is tied to it.
    let ceiling = f64::from(play.top.state().poll_s) * 0.8;
    let grows = *first >= ceiling || (*last >= first * 1.8 || *last >= ceiling);
    play.check(&["9.1.7"], format!("pauses after {what} grow"), grows, &gaps);
    let shrinks = gaps.windows(2).any(|pair| pair[1] < pair[0] * 0.7 - 1.0 && pair[1] < ceiling);
    play.check(&["9.1.7"], format!("pauses after {what} do not shrink"), !shrinks, &gaps);
}

/// The VTN is well again: an event is answered in time.
async fn recovers(play: &mut VenPlay) -> Ended {
    let within = u64::try_from(PATIENCE_S).unwrap_or(0) + play.soon();
    let id = play.unique("event");
    let event = simple(play, &id);
    play.distribute(vec![event]).await?;
    let heard = play.hear_when(within, |one: &OadrCreatedEvent| answers(one, &id)).await?;
    let saw = play.so_far();
    play.require(&["9.1.7"], "when the VTN is well again the VEN goes on", heard.is_some(), saw)
}

/// How often an answer is sent, the first time met in this way, until so long after that.
async fn answers_to(play: &mut VenPlay, how: Scripted, watch_s: i64) -> Result<usize, Stop> {
    let id = play.unique("event");
    let event = simple(play, &id);
    play.script("oadrCreatedEvent", how);
    play.distribute(vec![event]).await?;
    let soon = i64::try_from(play.soon()).unwrap_or(0);
    let (mut end, mut sent) = (play.in_s(soon), 0);
    while sent < 2 && play.now() < end {
        play.wait_a_little().await?;
        let all = play.all::<OadrCreatedEvent>();
        let now = all.iter().filter(|(_, one)| answers(one, &id)).count();
        if now > sent {
            end = play.in_s(watch_s);
        }
        sent = now;
    }
    Ok(sent)
}

fn simple(play: &VenPlay, id: &str) -> OadrEvent {
    event::simple(id, play.in_s(3600), 60)
}

fn answers(created: &OadrCreatedEvent, id: &str) -> bool {
    created.answers().iter().any(|one| one.qualified_event_id.event_id == id)
}

/// No pause is longer, seconds.
const PATIENCE_S: i64 = 60;
const TENTH: Duration = Duration::from_millis(100);
const MOST: usize = 500;
