//! IDs that are not the sender's. Rules 21, 33, 500, 512, 517.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiResponse, OptType};

use crate::say;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::{Party, VtnPlay, has_code};

pub(super) async fn wrong(play: &mut VtnPlay) -> Ended {
    let mut ven = lettered(play).await?;
    let other = play.registered().await?;
    let (own, nobody) = (ven.id(), play.unique("nobody"));
    named(play, &mut ven, (&other.id(), "another VEN's venID")).await?;
    named(play, &mut ven, (&nobody, "nobody's venID")).await?;
    let flipped: String = own.chars().map(flip).collect();
    if flipped == own {
        return inconclusive("the VTN gives venIDs without letters, and none can be preset");
    }
    named(play, &mut ven, (&flipped, "the own venID in letters of the other case")).await?;
    ven.ven_id = Some(own);
    let list = play.events(&mut ven).await?;
    let response = list.ei_response.as_ref();
    let what = "the right venID is still served";
    play.check(
        &["21"],
        what,
        response.is_some_and(EiResponse::is_ok),
        say::saw::response(response),
    );
    Ok(())
}

/// A registered VEN whose venID has letters, if that can be had.
async fn lettered(play: &mut VtnPlay) -> Result<Party, Stop> {
    let ven = play.registered().await?;
    if ven.id().chars().any(|one| one.is_ascii_alphabetic()) {
        return Ok(ven);
    }
    let wanted = play.unique("Kit-Ven");
    match play.preset(&wanted).await {
        Ok(mut ven) => {
            play.register(&mut ven).await?;
            play.settle(&mut ven).await?;
            Ok(ven)
        }
        Err(Stop::Skip(_)) => Ok(ven),
        Err(other) => Err(other),
    }
}

/// Requests of each service under a venID that is not the sender's.
async fn named(play: &mut VtnPlay, ven: &mut Party, (id, whose): (&str, &str)) -> Ended {
    ven.ven_id = Some(id.to_owned());
    let request = play.unique("wrong");
    let polled = play.poll(ven).await?;
    let (is_response, name) = (matches!(polled, Message::OadrResponse(_)), polled.name());
    let what = format!("oadrPoll under {whose} is answered by oadrResponse");
    play.check(&["500"], what, is_response, name);
    refused(play, ("500", "oadrPoll", whose), &polled);
    let list = play.ask(ven, say::event::request(ven, None, &request)).await?;
    refused(play, ("21", "oadrRequestEvent", whose), &list.into());
    let metadata = say::report::metadata(play, ven, &[]);
    let registered = play.ask(ven, metadata).await?;
    refused(play, ("21", "oadrRegisterReport", whose), &registered.into());
    let opt = (request.as_str(), OptType::OptOut);
    let opt = say::opt::schedule(ven, opt, (play.in_s(3600), 600), play.now_s());
    let created = play.ask(ven, opt).await?;
    refused(play, ("21", "oadrCreateOpt", whose), &created.into());
    Ok(())
}

/// The source lets 452 and 463 stand for a certificate that does not fit the venID.
fn refused(play: &mut VtnPlay, (rule, asked, whose): (&'static str, &str, &str), answer: &Message) {
    let what = format!("{asked} under {whose} is answered with 452 or 463");
    let fits = answer.response().is_some_and(|one| has_code(one, &["452", "463"]));
    play.check(&[rule, "33", "512", "517"], what, fits, say::saw::message(answer));
}

fn flip(letter: char) -> char {
    match letter.is_ascii_lowercase() {
        true => letter.to_ascii_uppercase(),
        false => letter.to_ascii_lowercase(),
    }
}
