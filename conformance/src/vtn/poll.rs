//! OadrPoll, VTN under test. OpenADR 2.0b Profile, rules 500, 501, 502.

use std::time::Duration;

use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::{self, Message};

use super::report::{offer, wanted};
use super::{Party, Reply, VtnPlay};
use crate::hook::Event;
use crate::say;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::wire::client::NoAnswer;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("poll-one-each", |play| Box::pin(one_each(play)))
        .given("a registered VEN that has fetched all that waits")
        .when("it polls; then an event, a report request and a re-registration wait, and it polls")
        .expect("oadrResponse 200; a payload a poll, late answers confirmed, then oadrResponse")
        .rules(&["500", "501"])
        .needs(&["create_event", "request_report", "reregister"]),
    Scenario::vtn("poll-unanswered", |play| Box::pin(unanswered(play)))
        .given("a registered VEN that has not answered a payload which a poll brought")
        .when("it polls for some minutes")
        .expect("silence or the next payload, and service again after a finite time")
        .rules(&["500"]),
    Scenario::vtn("poll-not-in-push", |play| Box::pin(at_another_service(play)))
        .given("a registered VEN")
        .when("it posts oadrPoll to EiEvent")
        .expect("HTTP 404, or 4xx")
        .rules(&["500", "511"]),
];

async fn one_each(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    play.register(&mut ven).await?;
    let specifier = play.unique("usage");
    let offered = say::report::usage(&specifier, &["r1"], play.now_s());
    emptied(play, &mut ven).await?;
    // What the VTN asks for of its own accord is taken on, so that it waits for nothing.
    offer(play, &mut ven, &[offered]).await?;
    let nothing = play.poll(&mut ven).await?;
    let holds = matches!(&nothing, Message::OadrResponse(one) if one.ei_response.is_ok());
    play.check(
        &["500", "501"],
        "an empty queue is told by oadrResponse 200",
        holds,
        say::saw::message(&nothing),
    );
    let wanted = fill(play, &ven, &specifier).await?;
    let (mut came, mut tries) = (emptied(play, &mut ven).await?, 0);
    while wanted.iter().any(|name| !came.contains(name)) && play.moment(tries).await? {
        came.extend(emptied(play, &mut ven).await?);
        tries += 1;
    }
    for name in wanted {
        let what = format!("a poll brings {name}");
        play.check(&["500", "501"], what, came.contains(&name), say::saw::list(&came));
    }
    Ok(())
}

/// Polls until oadrResponse comes, answering each payload, and gives what came.
async fn emptied(play: &mut VtnPlay, ven: &mut Party) -> Result<Vec<&'static str>, Stop> {
    let mut came = Vec::new();
    for _ in 0..MOST_POLLS {
        let message = play.poll(ven).await?;
        if let Message::OadrResponse(end) = &message {
            play.taken(&["500"], "an emptied queue is told by 200", &end.ei_response);
            return Ok(came);
        }
        came.push(message.name());
        play.confirmed(ven, &message, &["500"]).await?;
    }
    play.fail(
        &["500"],
        "the queue is emptied in the end, which oadrResponse tells",
        say::saw::list(came),
    )
}

/// Puts into the queue what the operator can put there, and tells what must come.
async fn fill(play: &mut VtnPlay, ven: &Party, specifier: &str) -> Result<Vec<&'static str>, Stop> {
    let (event, hook) = (Event::simple(&ven.id(), play.in_s(3600), 600), play.hook());
    let report = wanted((specifier, "r1"), (10, 60), (play.now_s(), 0));
    let told = [
        ("oadrDistributeEvent", play.create_event(&event).await.map(|_| ())),
        ("oadrCreateReport", requested(hook.request_report(&ven.id(), &report).await)),
        ("oadrRequestReregistration", hook.reregister(&ven.id()).await),
    ];
    let (mut names, mut reason) = (Vec::new(), None);
    for (name, told) in told {
        match told {
            Ok(()) => names.push(name),
            Err(stop @ Stop::Skip(_)) => reason = Some(stop),
            Err(other) => return Err(other),
        }
    }
    match (names.is_empty(), reason) {
        (true, Some(reason)) => Err(reason),
        _ => Ok(names),
    }
}

fn requested(told: Result<Result<String, String>, Stop>) -> Ended {
    match told? {
        Ok(_) => Ok(()),
        Err(why) => inconclusive(format!("the operator side refuses the report: {why}")),
    }
}

async fn unanswered(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    play.register(&mut ven).await?;
    let (mut first, mut tries) = (play.poll(&mut ven).await?, 0);
    while matches!(first, Message::OadrResponse(_)) && play.moment(tries).await? {
        first = play.poll(&mut ven).await?;
        tries += 1;
    }
    if matches!(first, Message::OadrResponse(_)) {
        return inconclusive("the VTN's metadata do not wait for the VEN: see reg-metadata-first");
    }
    let is_steered = play.setting.pace.is_steered();
    ven.caller.patience = if is_steered { SHORT } else { SILENCE };
    // Time that has to be waited for is spent on fewer minutes.
    let pause = if is_steered { 360 } else { 14 };
    let what = "polls are served again though a payload stays unanswered";
    let mut served = false;
    for _ in 0..TRIES {
        match poll_barely(play, &mut ven).await? {
            Some(true) => served = true,
            Some(false) => {}
            None => return Err(Stop::Failed),
        }
        if served {
            break;
        }
        play.pass(pause).await?;
    }
    ven.caller.patience = PATIENCE;
    let silence = format!("silence at {TRIES} polls, {pause} s apart");
    // No rule says how long a VTN may wait: an hour is long enough, a few minutes are not.
    if !served && !is_steered {
        return inconclusive(silence);
    }
    play.require(&["500"], what, served, say::saw::text(silence))?;
    // Whether an answer as late as this still counts is the VTN's own matter.
    play.owe(&mut ven, &first).await?;
    play.poll(&mut ven).await?;
    Ok(())
}

/// Whether a poll is answered by a payload or by nothing; `None` if it is by anything else.
async fn poll_barely(play: &mut VtnPlay, ven: &mut Party) -> Result<Option<bool>, Stop> {
    let text = openadr::encode(say::poll(ven).into(), None);
    let path = play.path(Service::OadrPoll);
    let request = ven.caller.post(&path, text.into_bytes());
    let what = "a poll is met with silence or a payload while one is unanswered";
    match play.call(ven, request).await {
        Err(NoAnswer::Late | NoAnswer::Broken(_)) => {
            ven.caller.hang_up();
            Ok(Some(false))
        }
        Err(other) => inconclusive(other.to_string()),
        Ok(Reply { status: 200, message: Some(Ok(one)), .. }) if is_served(&one) => Ok(Some(true)),
        // An empty body is as good as silence.
        Ok(Reply { status: 200, message: None, .. }) => Ok(Some(false)),
        Ok(other) => {
            play.check(&["500"], what, false, other.story());
            Ok(None)
        }
    }
}

/// Whether it is no refusal.
fn is_served(answer: &Message) -> bool {
    answer.response().is_none_or(EiResponse::is_ok)
}

async fn at_another_service(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let text = openadr::encode(say::poll(&ven).into(), None);
    let reply = play.post_text(&mut ven, Service::EiEvent, text).await?;
    let code = reply.response().map(|one| one.response_code.value().clone());
    let refused = (400..500).contains(&reply.status) || code.is_some_and(|c| c.starts_with('4'));
    let what = "oadrPoll at EiEvent is met with HTTP 404 or 4xx";
    play.check(&["500", "511"], what, refused, reply.story());
    let polled = play.poll(&mut ven).await?;
    let what = "oadrPoll at OadrPoll is served after that";
    play.check(&["500"], what, is_served(&polled), say::saw::message(&polled));
    Ok(())
}

const MOST_POLLS: usize = 20;
/// Some minutes of polls.
const TRIES: usize = 10;
/// After so long, of the machine's time, a poll counts as met with silence.
const SILENCE: Duration = Duration::from_secs(5);
const SHORT: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(10);
