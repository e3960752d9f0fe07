//! XML signatures, VTN under test. OpenADR 2.0b Profile 10.6, rule 514.

use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::OadrCreatePartyRegistration;
use oadr_schemas::openadr::{self, Message};
use serde_json::json;

use super::{Party, Reply, VtnPlay};
use crate::hook::{Event, Told};
use crate::say;
use crate::scenario::{Profile, Scenario};
use crate::sign::{Audit, Came, Forger, Seal, Signer, Spoil};
use crate::verdict::{Ended, Stop, inconclusive};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("sig-roundtrip", |play| Box::pin(roundtrip(play)))
        .profile(Profile::Signed)
        .feature("signatures")
        .given("a VEN that signs and of which the VTN expects it")
        .when("it registers, sends metadata, fetches and answers an event, opts, polls and leaves, all signed")
        .expect("all is taken, and each answer is signed beside its object, by listed methods, with the certificate, a fresh time and a new nonce")
        .rules(&["514"]),
    Scenario::vtn("sig-required", |play| Box::pin(required(play)))
        .profile(Profile::Signed)
        .feature("signatures")
        .given("a VEN that signs and is registered so")
        .when("its registration is cancelled, and one that is to be made comes, unsigned or with a signature that proves nothing")
        .expect("no success is told and nothing happens")
        .rules(&["514"]),
    Scenario::vtn("sig-replay", |play| Box::pin(replay(play)))
        .profile(Profile::Signed)
        .feature("signatures")
        .given("a VEN that signs and is registered so")
        .when("signed messages come whose time stamp is too old, or too far ahead, and one comes twice")
        .expect("what is out of time is ignored; a nonce that comes again may be")
        .rules(&["514"]),
];

/// A VEN that signs, not registered, and whether the VTN's operator knows that it does.
async fn signing(play: &mut VtnPlay) -> Result<(Party, bool), Stop> {
    let mut ven = play.stranger()?;
    ven.signer = Some(Signer::new(&ven.identity).await?);
    let print = ven.identity.thumbprint();
    let question = json!({
        "do": "admit", "ven_name": ven.name, "fingerprint": print.fingerprint().to_string(),
        "thumbprint": print.to_string(), "ven_id": null, "signatures": true,
    });
    match play.hook().put(question).await {
        // It learns of it by the registration then.
        Told::Cannot(_) => Ok((ven, false)),
        told => told.get::<serde_json::Value>().map(|_| (ven, true)),
    }
}

/// The same, registered.
async fn registered(play: &mut VtnPlay) -> Result<Party, Stop> {
    let (mut ven, _) = signing(play).await?;
    register(play, &mut ven).await?;
    Ok(ven)
}

async fn register(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let create = creation(&play.unique("reg"));
    match taken(play, ven, create).await? {
        Some(Message::OadrCreatedPartyRegistration(created)) if created.ei_response.is_ok() => {
            ven.learn(&created);
            Ok(())
        }
        other => play.fail(&["514"], "a signed registration is taken", other),
    }
}

fn creation(request_id: &str) -> OadrCreatePartyRegistration {
    let create = say::register_party::create(request_id);
    OadrCreatePartyRegistration { oadr_xml_signature: true, ..create }
}

/// Posts a message that is signed as it should be: it must not be ignored.
async fn taken(
    play: &mut VtnPlay,
    ven: &mut Party,
    message: impl Into<Message>,
) -> Result<Option<Message>, Stop> {
    let message = message.into();
    let what = format!("a signed {} is answered", message.name());
    let reply = play.post(ven, message).await?;
    let (status, payload) = (reply.status, reply.message);
    play.require(&["514"], what, status == 200, status)?;
    Ok(payload.and_then(Result::ok))
}

async fn roundtrip(play: &mut VtnPlay) -> Ended {
    let mut audit = Audit::new(play).await?;
    let (mut ven, _) = signing(play).await?;
    let query = say::register_party::query(&play.unique("query"));
    taken(play, &mut ven, query).await?;
    register(play, &mut ven).await?;
    if play.setting.pace.is_steered() {
        // What waits for the next poll has to bear the time it is sent, not that of its making.
        play.pass(audit.stale_s()).await?;
    }
    play.settle(&mut ven).await?;
    event(play, &mut ven).await?;
    let (from, now, id) = (play.in_s(3600), play.now_s(), play.unique("opt"));
    let opt = (id.as_str(), OptType::OptOut);
    let opt = say::opt::schedule(&ven, opt, (from, 600), now);
    taken(play, &mut ven, opt).await?;
    let cancel = say::opt::cancel(&ven, &id, "cancel-opt");
    taken(play, &mut ven, cancel).await?;
    let metadata = say::report::request("ask", ("METADATA", &["METADATA"]), (0, 0), None);
    let create = say::report::create("create-report", ven.ven_id.clone(), vec![metadata]);
    taken(play, &mut ven, create).await?;
    let leave = say::register_party::cancel(&ven, &play.unique("cancel"));
    taken(play, &mut ven, leave).await?;
    let peer = ven.caller.peer().to_owned();
    for exchange in play.log.all() {
        let Some(answer) = exchange.answer.filter(|answer| !answer.body.is_empty()) else {
            continue;
        };
        let came = Came {
            name: &format!("{} to {}", exchange.answered, exchange.asked),
            document: &answer.body,
            peer: &peer,
            at: exchange.at,
        };
        audit.look(came).await?;
    }
    audit.judge(play)
}

/// An event and its answer, where the operator can make one.
async fn event(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let event = Event::simple(&ven.id(), play.in_s(3600), 600);
    match play.create_event(&event).await {
        Err(Stop::Skip(_)) => {}
        told => drop(told?),
    }
    play.drain(ven).await?;
    Ok(())
}

async fn required(play: &mut VtnPlay) -> Ended {
    let mut ven = registered(play).await?;
    let Some(own) = ven.signer.clone() else { return inconclusive("the VEN has no signer") };
    let other = match play.stranger() {
        Ok(stranger) => Some(Signer::new(&stranger.identity).await?),
        // There is no second certificate: the other cases are judged all the same.
        Err(_) => None,
    };
    let forger = Forger { own, other };
    for how in Spoil::ALL {
        let cancel = say::register_party::cancel(&ven, &play.unique("cancel"));
        let mut harmless = cancel.clone();
        harmless.registration_id = "none".to_owned();
        let texts = [cancel, harmless].map(|one| openadr::encode(one.into(), None));
        let spoiled = forger.spoil(how, (&texts[0], &texts[1]), play.now()).await?;
        let Some(text) = spoiled else { continue };
        ignored(play, &mut ven, text, &format!("a message {}", how.words())).await?;
    }
    unsigned_registration(play).await
}

/// Posts an oadrCancelPartyRegistration that must be ignored: the registration lives on.
async fn ignored(play: &mut VtnPlay, ven: &mut Party, text: String, what: &str) -> Ended {
    no_success(play, ven, text, what).await;
    let reply = play.post(ven, say::poll(ven).into()).await?;
    let told = format!("{what}: nothing happens, the registration lives on");
    play.require(&["514"], told, is_success(&reply), (reply.status, &reply.message))
}

/// Posts a document of EiRegisterParty that must be ignored. How that is told is left open: an
/// HTTP status, a refusal, or the end of the connection.
async fn no_success(play: &mut VtnPlay, ven: &mut Party, text: String, what: &str) {
    let path = play.path(Service::EiRegisterParty);
    let request = ven.caller.post(&path, text.into_bytes());
    let reply = play.call(ven, request).await.ok();
    let taken = reply.as_ref().is_some_and(is_success);
    let saw = reply.map(|reply| (reply.status, reply.message));
    play.check(&["514"], format!("{what}: no success is told"), !taken, saw);
}

/// A valid payload under HTTP 200 that refuses nothing.
fn is_success(reply: &Reply) -> bool {
    let message = reply.message.as_ref().and_then(|message| message.as_ref().ok());
    reply.status == 200
        && message.is_some_and(|message| message.response().is_none_or(|response| response.is_ok()))
}

/// Where the operator has said that the VEN signs, not even its registration may come unsigned.
async fn unsigned_registration(play: &mut VtnPlay) -> Ended {
    let mut ven = match signing(play).await {
        Ok((ven, true)) => ven,
        // Nobody can tell it, or no certificate is left: the rest is judged.
        Ok((_, false)) | Err(Stop::Skip(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    let create = creation(&play.unique("reg"));
    let text = openadr::encode(create.into(), None);
    let what = "an unsigned registration of a VEN that signs";
    no_success(play, &mut ven, text, what).await;
    let poll = say::poll(&ven);
    let poll = play.post(&mut ven, poll.into()).await?;
    let registered = is_success(&poll);
    play.check(&["514"], format!("{what}: it is not registered"), !registered, poll.message);
    register(play, &mut ven).await
}

async fn replay(play: &mut VtnPlay) -> Ended {
    let mut ven = registered(play).await?;
    let Some(signer) = ven.signer.clone() else { return inconclusive("the VEN has no signer") };
    let window = play.replay_window_s();
    let beyond = window.map_or(DAY_S, |window| window + play.margin_s());
    for (shift, what) in [(-beyond, "a time stamp too old"), (beyond, "a time stamp ahead")] {
        let seal = Seal::at(play.in_s(shift));
        let cancel = say::register_party::cancel(&ven, &play.unique("cancel"));
        let text = signer.sign(&openadr::encode(cancel.into(), None), &seal).await?;
        ignored(play, &mut ven, text, &format!("{what} by {beyond} s")).await?;
    }
    if let Some(window) = window {
        let seal = Seal::at(play.in_s(-window / 2));
        let reply = poll(play, &mut ven, &signer, &seal).await?;
        let what = "a time stamp half as old as is allowed is taken";
        play.check(&["514"], what, is_success(&reply), (reply.status, &reply.message));
    }
    let seal = Seal::at(play.now());
    let first = poll(play, &mut ven, &signer, &seal).await?;
    play.check(&["514"], "a nonce is taken once", is_success(&first), &first.message);
    // The second time it may be taken or not.
    poll(play, &mut ven, &signer, &seal).await?;
    let fresh = poll(play, &mut ven, &signer, &Seal::at(play.now())).await?;
    let what = "after a nonce that came twice a new one is taken";
    play.check(&["514"], what, is_success(&fresh), fresh.message);
    Ok(())
}

async fn poll(
    play: &mut VtnPlay,
    ven: &mut Party,
    signer: &Signer,
    seal: &Seal,
) -> Result<Reply, Stop> {
    let text = signer.sign(&openadr::encode(say::poll(ven).into(), None), seal).await?;
    play.post_text(ven, Service::OadrPoll, text).await
}

/// Beyond any window that makes sense.
const DAY_S: i64 = 24 * 3600;
