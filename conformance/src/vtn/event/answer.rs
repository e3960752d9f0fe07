//! oadrCreatedEvent. OpenADR 2.0b Profile, rules 12, 16, 17, 21, 25, 35, 42, 48.

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, EventResponse, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{OadrCreatedEvent, OadrDistributeEvent};
use oadr_schemas::xml::Text;

use super::seen;
use crate::hook::Event;
use crate::say;
use crate::verdict::{Ended, Stop};
use crate::vtn::{Party, VtnPlay};

pub(super) async fn opt_recorded(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let event = Event::simple(&ven.id(), play.in_s(3600), 600);
    let first = play.create_event(&event).await?;
    let second = play.create_event(&event).await?;
    let list = seen::poll_with(play, &mut ven, &second).await?;
    seen::event(play, &list, &first)?;
    let both = [&first, &second].map(|id| (id.as_str(), OptType::OptIn));
    answered(play, &mut ven, &list, &both, "one oadrCreatedEvent for two events").await?;
    let ids = [first.as_str(), second.as_str()];
    stored(play, &ven, &ids, [OptType::OptIn, OptType::OptIn], &["16"]).await?;
    let what = "an optOut that comes unasked";
    answered(play, &mut ven, &list, &[(&first, OptType::OptOut)], what).await?;
    stored(play, &ven, &ids, [OptType::OptOut, OptType::OptIn], &["16", "17"]).await?;
    let what = "a second optOut in a message of its own";
    answered(play, &mut ven, &list, &[(&second, OptType::OptOut)], what).await?;
    stored(play, &ven, &ids, [OptType::OptOut, OptType::OptOut], &["16", "17"]).await?;
    let mixed = [(first.as_str(), OptType::OptOut), (second.as_str(), OptType::OptIn)];
    answered(play, &mut ven, &list, &mixed, "different answers in one message").await?;
    stored(play, &ven, &ids, [OptType::OptOut, OptType::OptIn], &["16", "25"]).await
}

/// Answers events of a list: the list's requestID inside, none outside (rule 42).
async fn answered(
    play: &mut VtnPlay,
    ven: &mut Party,
    list: &OadrDistributeEvent,
    opts: &[(&str, OptType)],
    what: &str,
) -> Ended {
    let answers = opts.iter().map(|(id, opt)| {
        let number = say::event::find(list, id).map_or(0, |event| event.modification_number());
        let id = QualifiedEventID::new(*id, number);
        EventResponse::new(id, opt.clone(), Code::Ok, list.request_id.as_str())
    });
    let created = OadrCreatedEvent::answering(ven.id(), answers.collect());
    let response = play.ask(ven, created).await?.ei_response;
    play.taken(&["12", "17", "42"], format!("{what} is taken"), &response);
    Ok(())
}

/// Whether the VTN has these opts of two events, for whichever resources.
async fn stored(
    play: &mut VtnPlay,
    ven: &Party,
    ids: &[&str; 2],
    wanted: [OptType; 2],
    rules: &[&'static str],
) -> Ended {
    for (id, wanted) in ids.iter().zip(wanted) {
        let opts = play.hook().opts(&ven.id(), id).await?;
        let right = !opts.is_empty() && opts.iter().all(|one| one.opt == wanted.text());
        let what = format!("{} is stored for {id}", wanted.text());
        let saw = opts.iter().map(|one| &one.opt);
        play.check(rules, what, right, say::saw::list(saw));
    }
    Ok(())
}

pub(super) async fn created_faults(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let event = Event::simple(&ven.id(), play.in_s(3600), 600);
    let id = play.create_event(&event).await?;
    seen::catch_up(play, &mut ven).await?;
    seen::modify(play, &id, &event.values(&[(300, 1), (300, 2)])).await?;
    let list = seen::catch_up(play, &mut ven).await?;
    let number = seen::event(play, &list, &id)?.modification_number();
    play.equal(&["5"], "the event is at modification 1", (number, 1));

    let error = EiResponse::error(Code::InvalidData, "it makes no sense", &list.request_id);
    let refusing = OadrCreatedEvent::refusing(ven.id(), error);
    let response = play.ask(&mut ven, refusing).await?.ei_response;
    let what = "an error without eventResponses is taken";
    play.taken(&["25", "35"], what, &response);

    let unknown = play.unique("no-such-event");
    let answer = say::event::answer(&ven, (&unknown, 0), OptType::OptIn, &list.request_id);
    let what = "an unknown eventID is answered with 452";
    refused(play, &mut ven, answer, (&["21", "33", "48"], what, Code::InvalidId)).await?;

    let answer = say::event::answer(&ven, (&id, 0), OptType::OptIn, &list.request_id);
    let what = "a wrong modificationNumber is answered with 450";
    refused(play, &mut ven, answer, (&["48"], what, Code::OutOfSequence)).await
}

async fn refused(
    play: &mut VtnPlay,
    ven: &mut Party,
    answer: OadrCreatedEvent,
    (rules, what, code): (&[&'static str], &str, Code),
) -> Result<(), Stop> {
    let response = play.ask(ven, answer).await?.ei_response;
    play.refused(rules, what, (&response, &[&code.to_string()]));
    Ok(())
}
