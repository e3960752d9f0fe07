//! HTTP PUSH, VTN under test: a VEN that listens, and what it is to hear.
//! OpenADR 2.0b Profile, rules 38, 41, 51.

mod listener;

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::OadrDistributeEvent;

use super::{Party, VtnPlay};
use crate::hook::Event;
use crate::say;
use crate::scenario::{Profile, Scenario};
use crate::verdict::{Ended, Stop, inconclusive};
use crate::wire::http;

pub use listener::{Listener, Posted};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] =
    &[Scenario::vtn("event-push-delivery", |play| Box::pin(delivery(play)))
        .profile(Profile::Push)
        .given("a PUSH VEN that is registered")
        .when("the operator creates an event, and another when the first is answered")
        .expect(
            "each is posted to EiEvent, an empty 200 suffices, oadrCreatedEvent is then accepted",
        )
        .rules(&["38", "41", "51", "53"])
        .needs(&["create_event"])];

async fn delivery(play: &mut VtnPlay) -> Ended {
    let (mut ven, mut listener) = registered(play).await?;
    let mut known: Vec<String> = Vec::new();
    for which in ["an event", "a second event, the first being answered,"] {
        let event = Event::simple(&ven.id(), play.in_s(3600), 600);
        known.push(play.create_event(&event).await?);
        let posted = awaited(play, &mut listener, (which, &known)).await?;
        answered(play, &mut ven, &posted).await?;
    }
    Ok(())
}

/// Waits until all these events are posted together, the last being new.
async fn awaited(
    play: &mut VtnPlay,
    listener: &mut Listener,
    (which, known): (&str, &[String]),
) -> Result<OadrDistributeEvent, Stop> {
    let rules = ["38", "51"];
    let what = format!("{which} is posted to the PUSH VEN");
    loop {
        let Some(posted) = listener.wait_for(play, "oadrDistributeEvent").await? else {
            return play.fail(&rules, what, say::saw::text(listener.story()));
        };
        let Some(Ok(Message::OadrDistributeEvent(list))) = posted.message else { continue };
        if known.iter().any(|id| say::event::find(&list, id).is_none()) {
            continue;
        }
        play.check(&rules, what, true, ());
        let wanted = "/p/OpenADR2/Simple/2.0b/EiEvent";
        play.equal(&["51", "511"], "it is posted to EiEvent", (posted.path.as_str(), wanted));
        let what = "the requestID of a list of events is filled";
        play.check(&["41"], what, !list.request_id.is_empty(), &list.request_id);
        has_headers(play, &posted.http);
        return Ok(list);
    }
}

/// Rule 53 and profile 9.1: what heads a request that a VTN posts.
fn has_headers(play: &mut VtnPlay, request: &http::Message) {
    let saw = &super::wire::headers(request);
    play.check(&["53"], "the request names its Host", request.get("Host").is_some(), saw);
    let framed = request.framing == http::Framing::Length;
    play.check(&["53"], "the request tells its Content-Length", framed, saw);
    let typed = request.get("Content-Type").is_some_and(super::wire::is_xml);
    play.check(&["53"], "the request's Content-Type is application/xml", typed, saw);
    let coded = request.get("Content-Encoding").is_some();
    play.check(&["53"], "the request's body is not compressed", !coded, saw);
}

async fn answered(play: &mut VtnPlay, ven: &mut Party, list: &OadrDistributeEvent) -> Ended {
    let created = say::event::answer_all(ven, list, OptType::OptIn);
    let response = play.ask(ven, created).await?;
    let what = "oadrCreatedEvent after the empty 200 is accepted";
    play.taken(&["51"], what, &response.ei_response);
    Ok(())
}

/// A PUSH VEN, registered, metadata exchanged, its events fetched.
///
/// # Errors
/// Inconclusive, if the VTN does not let it come so far: `reg-create-push` says why.
pub async fn registered(play: &mut VtnPlay) -> Result<(Party, Listener), Stop> {
    let before = play.checks().len();
    let ended = begun(play).await;
    play.prepared(before, ended)
}

async fn begun(play: &mut VtnPlay) -> Result<(Party, Listener), Stop> {
    let (mut ven, mut listener) = Listener::open(play).await?;
    let id = play.unique("create");
    let create = say::register_party::create_push(&id, Some(&listener.url));
    let created = play.ask(&mut ven, create).await?;
    if !created.ei_response.is_ok() {
        return inconclusive(format!(
            "the registration is refused: {:?}",
            say::saw::response(&created.ei_response)
        ));
    }
    listener.learn(&mut ven, &created);
    let _ = listener.wait_for(play, "oadrRegisterReport").await?;
    let metadata = say::report::metadata(play, &ven, &[]);
    play.ask(&mut ven, metadata).await?;
    let request = say::event::request(&ven, None, &play.unique("ev"));
    play.say(&mut ven, request).await?;
    Ok((ven, listener))
}
