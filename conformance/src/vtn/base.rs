//! What holds for a VTN whatever the service. OpenADR 2.0b Profile, rules 1, 21, 23, 33, 46, 48.

mod id;
mod receiver;

use super::VtnPlay;
use crate::base::SCHEMA;
use crate::hook::Event;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("base-wellformed", |play| Box::pin(wellformed(play)))
        .given("all scenarios of the run, and one exchange more")
        .when("the VTN has sent its documents")
        .expect("each valid by the schema, times in UTC, no schemaLocation, schemaVersion told")
        .rules(&["1", "45", "509"]),
    Scenario::vtn("base-tolerant-receiver", |play| Box::pin(receiver::tolerant(play)))
        .given("a registered VEN")
        .when("it sends a time with a fraction, and optional elements filled, empty and left out")
        .expect("all is taken; what is filled counts, empty is as good as left out")
        .rules(&["1", "46"]),
    Scenario::vtn("base-missing-or-wrong", |play| Box::pin(receiver::missing_or_wrong(play)))
        .given("a VEN that is not registered, and one that is")
        .when("an element is missing that a rule demands; a payload comes that only a VTN sends")
        .expect("459; 459 or HTTP 404, and nothing is done")
        .rules(&["23", "33", "48", "401"]),
    Scenario::vtn("base-wrong-id", |play| Box::pin(id::wrong(play)))
        .given("two registered VENs")
        .when("one names the other's venID, nobody's, and its own in letters of the other case")
        .expect("452 or 463 each time, in the payload that answers the request")
        .rules(&["21", "33", "500", "512", "517"]),
];

async fn wellformed(play: &mut VtnPlay) -> Ended {
    let went = exchange(play).await;
    let documents = play.setting.sightings.documents() + play.sightings.documents();
    if documents == 0 {
        went?;
        return inconclusive("the VTN has sent no document");
    }
    for (rule, what) in [
        ("1", "times are UTC with Z and durations have no decimals"),
        ("45", "no document carries schemaLocation"),
        ("509", "every payload tells schemaVersion 2.0b"),
        (SCHEMA, "every document is valid by the schema"),
    ] {
        let mut saw = play.setting.sightings.of(rule);
        saw.extend(play.sightings.of(rule));
        play.check(&[rule], what, saw.is_empty(), &saw);
    }
    Ok(())
}

/// Something to look at, should this be the only scenario of the run.
async fn exchange(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let event = Event::simple(&ven.id(), play.in_s(3600), 600);
    match play.create_event(&event).await {
        Ok(_) | Err(Stop::Skip(_) | Stop::Inconclusive(_)) => {}
        Err(failed) => return Err(failed),
    }
    play.events(&mut ven).await?;
    play.drain(&mut ven).await?;
    Ok(())
}
