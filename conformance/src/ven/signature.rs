//! XML signatures, VEN under test. OpenADR 2.0b Profile 10.6, rule 514.

use std::collections::BTreeSet;

use oadr_certs::dev::{KeyKind, Role};
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCreatedEvent, OadrDistributeEvent, OadrPoll,
    OadrRegisterReport, OadrRequestEvent, OadrRequestReregistration,
};
use oadr_schemas::openadr::{self, Message};

use super::{Scripted, VenPlay};
use crate::hook::VenSettings;
use crate::record::From;
use crate::say::event;
use crate::say::report;
use crate::scenario::{Profile, Scenario};
use crate::sign::{Audit, Came, Forger, Seal, Signer, Spoil};
use crate::verdict::{Ended, Stop, inconclusive};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("sig-roundtrip", |play| Box::pin(roundtrip(play)))
        .profile(Profile::Signed)
        .feature("signatures")
        .needs(&["start"])
        .given("a VEN that is set to sign, and a VTN that signs")
        .when("it registers, polls, is told of an event, of a report, to register again and to leave")
        .expect("all that it says is signed beside its object, by listed methods, with its certificate, a fresh time and a new nonce")
        .rules(&["514"]),
    Scenario::ven("sig-required", |play| Box::pin(required(play)))
        .profile(Profile::Signed)
        .feature("signatures")
        .needs(&["start"])
        .given("a VEN that is set to sign")
        .when("a VTN answers its registration unsigned; later its polls bring events unsigned or with a signature that proves nothing")
        .expect("it acts on none of them, and on those that are signed")
        .rules(&["514"]),
    Scenario::ven("sig-replay", |play| Box::pin(replay(play)))
        .profile(Profile::Signed)
        .feature("signatures")
        .needs(&["start"])
        .given("a VEN that is set to sign, registered")
        .when("events come whose signature's time stamp is too old or too far ahead, and a document twice")
        .expect("what is out of time is ignored; a nonce that comes again may be")
        .rules(&["514"]),
];

/// The kit's VTN signs from now on.
async fn sign_here(play: &VenPlay) -> Result<Signer, Stop> {
    let signer = Signer::new(&play.vtn_identity()?).await?;
    play.top.state().signer = Some(signer.clone());
    Ok(signer)
}

fn signing() -> VenSettings {
    VenSettings { signatures: true, ..VenSettings::default() }
}

async fn roundtrip(play: &mut VenPlay) -> Ended {
    let audit = Audit::new(play).await?;
    sign_here(play).await?;
    play.boot_as(&signing()).await?;
    let ven = play.ven()?;
    let says = ven.signs;
    play.check(&["514"], "a VEN that signs says so when it registers", says, ven.clone());
    let known = event::simple(&play.unique("event"), play.in_s(3600), 60);
    play.distribute(vec![known]).await?;
    play.expect::<OadrCreatedEvent>(&["514"], play.soon()).await?;
    let metadata = report::request("ask", ("METADATA", &["METADATA"]), (0, 0), None);
    let id = Some(ven.ven_id.clone());
    play.tell(report::create("create", id.clone(), vec![metadata])).await?;
    play.tell(report::cancel("cancel-report", id.clone(), &["none"], false)).await?;
    play.tell(OadrRequestReregistration { schema_version: None, ven_id: ven.ven_id }).await?;
    play.tell(OadrCancelPartyRegistration {
        schema_version: None,
        request_id: "cancel".to_owned(),
        registration_id: ven.registration_id,
        ven_id: id,
    })
    .await?;
    // What comes of it is for other scenarios to judge.
    play.pass(play.soon() * 2).await?;
    look_at_all(play, audit).await
}

/// Everything that the VEN has posted.
async fn look_at_all(play: &mut VenPlay, mut audit: Audit) -> Ended {
    let peer = play.top.state().peer.clone();
    let Some(peer) = peer else { return inconclusive("nobody called") };
    let mut names = BTreeSet::new();
    let mut polls = 0;
    for exchange in play.log.all().into_iter().filter(|one| one.from == From::Subject) {
        // All polls are alike.
        polls += usize::from(exchange.asked == "oadrPoll");
        if exchange.asked == "oadrPoll" && polls > MOST_POLLS {
            continue;
        }
        names.insert(exchange.asked.clone());
        let came = Came {
            name: &exchange.asked,
            document: &exchange.request.body,
            peer: &peer.der,
            at: exchange.at,
        };
        audit.look(came).await?;
    }
    audit.judge(play)?;
    for wanted in ["oadrCreatePartyRegistration", "oadrPoll", "oadrCreatedEvent"] {
        if !names.contains(wanted) {
            return inconclusive(format!("no {wanted} came, only {names:?}"));
        }
    }
    Ok(())
}

async fn required(play: &mut VenPlay) -> Ended {
    unsigned_answer(play).await?;
    let own = sign_here(play).await?;
    play.boot_as(&signing()).await?;
    let other = match play.setting.lab.party("kit-stranger", Role::Vtn, KeyKind::Ecc) {
        Ok(identity) => Some(Signer::new(&identity).await?),
        // There is no second certificate: the other cases are judged all the same.
        Err(_) => None,
    };
    let forger = Forger { own, other };
    for how in Spoil::ALL {
        let (id, texts) = lists(play);
        let spoiled = forger.spoil(how, (&texts[0], &texts[1]), play.now()).await?;
        let Some(text) = spoiled else { continue };
        ignored(play, &id, text, &format!("an event {}", how.words())).await?;
    }
    alive(play).await
}

/// A VTN that does not sign: the registration comes to nothing.
async fn unsigned_answer(play: &mut VenPlay) -> Ended {
    play.start(&signing()).await?;
    // The kit's VTN signs nothing yet; whether the VEN goes on shows at once.
    play.pass(5).await?;
    let came = play.names();
    if !came.iter().any(|name| name.contains("Registration")) {
        return inconclusive(format!("the VEN does not begin to register: {came:?}"));
    }
    let went_on = !play.all::<OadrRegisterReport>().is_empty()
        || !play.all::<OadrRequestEvent>().is_empty()
        || !play.all::<OadrPoll>().is_empty();
    let what = "an unsigned oadrCreatedPartyRegistration is ignored: nothing follows it";
    play.check(&["514"], what, !went_on, came);
    play.forget();
    play.top.state().ven = None;
    Ok(())
}

/// A list of one event, and a list with another for the eyes of the signature only.
fn lists(play: &mut VenPlay) -> (String, [String; 2]) {
    let (id, start) = (play.unique("event"), play.in_s(3600));
    let request_id = play.unique("list");
    let texts = [id.clone(), format!("{id}-harmless")].map(|id| {
        let list: OadrDistributeEvent = play.list(&request_id, vec![event::simple(&id, start, 60)]);
        openadr::encode(Message::from(list), None)
    });
    // oadrRequestEvent must not bring, signed, what the poll brings spoiled.
    play.top.state().events.clear();
    (id, texts)
}

/// The next poll brings an event that must be ignored: it is not answered.
async fn ignored(play: &mut VenPlay, id: &str, text: String, what: &str) -> Ended {
    play.script("oadrPoll", Scripted::Text(text));
    let soon = play.soon();
    let answer = play.hear_when::<OadrCreatedEvent>(soon, |created| names(created, id)).await?;
    let what = format!("{what} is not acted on");
    play.check(&["514"], what, answer.is_none(), answer.map(|(_, created)| created));
    let waits = play.top.state().scripted.iter().any(|(name, _)| *name == "oadrPoll");
    if waits { inconclusive("the VEN does not poll any more") } else { Ok(()) }
}

fn names(created: &OadrCreatedEvent, event: &str) -> bool {
    created.answers().iter().any(|one| one.qualified_event_id.event_id == event)
}

/// A signed event is answered: the VEN was not just deaf.
async fn alive(play: &mut VenPlay) -> Ended {
    let id = play.unique("event");
    let known = event::simple(&id, play.in_s(3600), 60);
    play.distribute(vec![known]).await?;
    let soon = play.soon();
    let answer = play.hear_when::<OadrCreatedEvent>(soon, |created| names(created, &id)).await?;
    let saw = play.names();
    play.check(&["514"], "a signed event is acted on", answer.is_some(), saw);
    Ok(())
}

async fn replay(play: &mut VenPlay) -> Ended {
    let signer = sign_here(play).await?;
    play.boot_as(&signing()).await?;
    let window = play.replay_window_s();
    let beyond = window.map_or(DAY_S, |window| window + play.margin_s());
    // Until its poll the VEN's time goes on: what is ahead has to be ahead then.
    let ahead = beyond + i64::try_from(play.soon()).unwrap_or(0);
    for (shift, what) in [(-beyond, "a time stamp too old"), (ahead, "a time stamp ahead")] {
        let (id, texts) = lists(play);
        let text = signer.sign(&texts[0], &Seal::at(play.in_s(shift))).await?;
        ignored(play, &id, text, &format!("an event with {what} by {beyond} s")).await?;
    }
    let (id, texts) = lists(play);
    let text = signer.sign(&texts[0], &Seal::at(play.now())).await?;
    play.script("oadrPoll", Scripted::Text(text.clone()));
    play.script("oadrPoll", Scripted::Text(text));
    let soon = play.soon();
    let answer = play.hear_when::<OadrCreatedEvent>(soon, |created| names(created, &id)).await?;
    let saw = play.names();
    play.check(&["514"], "a nonce is taken once", answer.is_some(), saw);
    // The second time it may be taken or not.
    play.pass(soon).await?;
    alive(play).await
}

const MOST_POLLS: usize = 5;
/// Beyond any window that makes sense.
const DAY_S: i64 = 24 * 3600;
