//! OadrPoll, VEN under test: when a VEN polls and what it does with what comes.
//! OpenADR 2.0b Profile, rules 37, 51, 500, 501.

use jiff::Timestamp;
use oadr_schemas::openadr::oadr::{
    OadrCreatePartyRegistration, OadrCreatedEvent, OadrPoll, OadrRegisteredReport,
};

use super::{Scripted, VenPlay, answer};
use crate::record::From;
use crate::say::event;
use crate::scenario::{Profile, Scenario};
use crate::verdict::{Ended, inconclusive};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("poll-drain", |play| Box::pin(drain(play)))
        .given("a registered PULL VEN for which three payloads wait; later one more, and the next poll goes unanswered")
        .when("it polls")
        .expect(
            "the second to fourth poll follow at once, each payload is answered in a request of its own, and a poll without answer does no harm",
        )
        .rules(&["500", "501"]),
    Scenario::ven("poll-pace", |play| Box::pin(pace(play)))
        .given("a PULL VEN that is told to poll every five seconds")
        .when("nothing waits for it")
        .expect(
            "it registers for pull and polls, not more often than asked on average, and does not fetch events instead",
        )
        .rules(&["37", "51", "500"]),
    Scenario::ven("poll-not-in-push", |play| Box::pin(never(play)))
        .given("a registered PUSH VEN")
        .when("it is watched")
        .expect("it never polls")
        .rules(&["51", "500"])
        .profile(Profile::Push)
        .feature("push"),
];

async fn drain(play: &mut VenPlay) -> Ended {
    // Long enough that what follows at once differs from what comes at the next turn.
    play.top.state().poll_s = 10;
    play.boot().await?;
    let (first, second) = (play.unique("event"), play.unique("event"));
    let start = play.in_s(3600);
    let events = [event::simple(&first, start, 60), event::simple(&second, start, 60)];
    let begun = play.log.len();
    play.distribute(vec![events[0].clone()]).await?;
    let asked = play.unique("md");
    play.queue(answer::metadata(&asked, Some(play.ven()?.ven_id)));
    play.distribute(events.to_vec()).await?;
    let soon = play.soon();
    answered(play, &first, soon, "the first payload").await?;
    answered(play, &second, 5, "the third payload").await?;
    let answer =
        play.hear_when(5, |one: &OadrRegisteredReport| one.ei_response.request_id == asked);
    let answer = answer.await?.is_some();
    let saw = play.so_far();
    play.check(&["500"], "the second payload is answered in a request of its own", answer, saw);
    play.settle().await?;
    let polls = polls(play, begun);
    let at_once = match (polls.first(), polls.get(3)) {
        (Some(first), Some(fourth)) => fourth.duration_since(*first).as_secs() < 5,
        _ => false,
    };
    let what = "three payloads are fetched at once, and a poll more to see that it was all";
    play.check(&["500", "501"], what, at_once, &polls);
    unanswered(play, start).await
}

/// The VTN may leave polls without an answer while it waits for one (rule 500).
async fn unanswered(play: &mut VenPlay, start: Timestamp) -> Ended {
    // Twice: a client may repeat at once over a new connection.
    play.script("oadrPoll", Scripted::HangUp);
    play.script("oadrPoll", Scripted::HangUp);
    let (id, within) = (play.unique("event"), play.soon() + 60);
    play.distribute(vec![event::simple(&id, start, 60)]).await?;
    answered(play, &id, within, "a payload after a poll without answer").await
}

async fn answered(play: &mut VenPlay, id: &str, within_s: u64, what: &str) -> Ended {
    let of_it = |created: &OadrCreatedEvent| {
        created.answers().iter().any(|one| one.qualified_event_id.event_id == id)
    };
    let heard = play.hear_when::<OadrCreatedEvent>(within_s, of_it).await?;
    let saw = play.so_far();
    let what = format!("{what} is answered in a request of its own");
    play.require(&["500"], what, heard.is_some_and(|(heard, _)| heard.service == "EiEvent"), saw)
}

/// When the VEN polled, after so many exchanges of the record.
fn polls(play: &VenPlay, begun: usize) -> Vec<Timestamp> {
    let said = play.log.all().into_iter().skip(begun);
    let polls = said.filter(|one| one.from == From::Subject && one.asked == "oadrPoll");
    polls.map(|one| one.at).collect()
}

async fn pace(play: &mut VenPlay) -> Ended {
    play.top.state().poll_s = EVERY_S;
    play.boot().await?;
    let created = play.log.all().into_iter().find(|one| one.asked == "oadrCreatePartyRegistration");
    registers_for_pull(play, created.map(|one| one.request.body).unwrap_or_default())?;
    // The first poll belongs to the registration: what the VTN has for a new VEN is fetched.
    play.hear::<OadrPoll>(u64::from(EVERY_S) + 5).await?;
    let span = if play.setting.pace.is_steered() { 120 } else { 20 };
    let begun = play.log.len();
    watch(play, span).await?;
    let polls = polls(play, begun);
    let polled = polls.len();
    // It may poll more rarely than it was asked to.
    let polls_at_all = polled > 0 || play.hear::<OadrPoll>(RARELY_S).await?.is_some();
    let saw = format_args!("no poll in {} s", span + RARELY_S);
    play.check(&["37", "500"], "a PULL VEN polls", polls_at_all, saw);
    // A whole interval more: the watch need not begin with one.
    let most = span / u64::from(EVERY_S) + 1;
    let what = format!("in {span} s it polls {most} times at most");
    play.check(&["500"], what, u64::try_from(polled).unwrap_or(0) <= most, &polls);
    let all = play.log.all().into_iter().skip(begun);
    let fetched = all.filter(|one| one.asked == "oadrRequestEvent").count();
    let what = "oadrRequestEvent is no substitute for oadrPoll";
    play.check(&["500"], what, fetched <= 1, format_args!("{fetched} in {span} s"));
    Ok(())
}

fn registers_for_pull(play: &mut VenPlay, body: String) -> Ended {
    let received =
        oadr_schemas::openadr::decode(body.as_bytes(), &oadr_schemas::xml::Limits::reports());
    let created =
        received.ok().and_then(|one| OadrCreatePartyRegistration::try_from(one.message).ok());
    let Some(created) = created else { return inconclusive("its registration was not seen") };
    let pull = created.oadr_http_pull_model;
    play.check(&["37", "51"], "a VEN that is set to pull registers so", pull == Some(true), pull);
    Ok(())
}

/// Lets seconds pass so that the record has the time of each message to the second.
async fn watch(play: &VenPlay, seconds: u64) -> Ended {
    if !play.setting.pace.is_steered() {
        return play.pass(seconds).await;
    }
    for _ in 0..seconds {
        play.pass(1).await?;
    }
    Ok(())
}

async fn never(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    // What ran before may have polled until it was stopped.
    let begun = play.log.len();
    let span = if play.setting.pace.is_steered() { 120 } else { 15 };
    play.pass(span).await?;
    let polls = polls(play, begun);
    play.check(&["51", "500"], "a PUSH VEN never polls", polls.is_empty(), &polls);
    Ok(())
}

const EVERY_S: u32 = 5;
/// How long a VEN is waited for that polls rarely, seconds.
const RARELY_S: u64 = 60;
