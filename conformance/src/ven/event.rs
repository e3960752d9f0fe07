//! EiEvent, VEN under test: what it answers. OpenADR 2.0b Profile, rules 12 to 69, 104 to 116.

use oadr_schemas::openadr::ei::EventResponse;
use oadr_schemas::openadr::oadr::OadrCreatedEvent;

use super::VenPlay;
use crate::say::event;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("event-always", |play| Box::pin(always(play)))
        .given("a registered VEN")
        .when("an event that is to be answered comes; the same list again; another event under the same requestID")
        .expect("an oadrCreatedEvent each time: 200, an optType, the list's requestID inside, none outside")
        .rules(&["12", "35", "42", "43", "56", "62"]),
];

async fn always(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let (id, other) = (play.unique("event"), play.unique("event"));
    let start = play.in_s(3600);
    let known = event::simple(&id, start, 60);
    let request_id = play.unique("list");
    let list = play.list(&request_id, vec![known.clone()]);
    play.tell(list.clone()).await?;
    answered(play, &id, &request_id, "a new event").await?;
    play.tell(list).await?;
    answered(play, &id, &request_id, "the same event again").await?;
    let both = play.list(&request_id, vec![known, event::simple(&other, start, 60)]);
    play.tell(both).await?;
    answered(play, &other, &request_id, "another event under the same requestID").await?;
    Ok(())
}

/// Waits for the answer to an event and checks its form.
async fn answered(
    play: &mut VenPlay,
    event: &str,
    request_id: &str,
    what: &str,
) -> Result<EventResponse, Stop> {
    let soon = play.soon();
    let of_it = |created: &OadrCreatedEvent| {
        created.answers().iter().any(|one| one.qualified_event_id.event_id == event)
    };
    let Some((_, created)) = play.hear_when::<OadrCreatedEvent>(soon, of_it).await? else {
        let saw = play.names();
        return play.fail(&["12", "56", "62"], format!("{what} is answered"), saw);
    };
    let outer = &created.ei_created_event.ei_response;
    play.check(&["35"], format!("{what}: the outer code is 200"), outer.is_ok(), outer);
    let what_outer = format!("{what}: the outer requestID is empty");
    play.check(&["42"], what_outer, outer.request_id.is_empty(), outer);
    let answer = created.answers().iter().find(|one| one.qualified_event_id.event_id == event);
    let Some(answer) = answer.cloned() else { return Err(Stop::Failed) };
    let inner = (answer.request_id.as_str(), request_id);
    play.equal(&["42", "43"], format!("{what}: the list's requestID is repeated"), inner);
    let code = &answer.response_code;
    play.check(&["12"], format!("{what}: it is answered with 200"), code.is_ok(), code);
    Ok(answer)
}
