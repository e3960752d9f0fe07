//! Lists and events that are valid by the schema and make no sense. OpenADR 2.0b Profile, rules 21,
//! 33, 48.

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::oadr::OadrDistributeEvent;

use super::reply::{refused_somehow, reply_to, reply_to_first, taken};
use crate::say::event::{self, Change as _};
use crate::say::seconds;
use crate::ven::VenPlay;
use crate::verdict::Ended;

pub async fn bad_content(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    foreign_vtn(play).await?;
    let id = play.unique("event");
    let yesterday = event::simple(&id, play.in_s(-DAY_S), 60);
    let what = "a new event that ended yesterday";
    // As if it were still to come: of one that says completed nothing might be wanted.
    play.forget();
    play.distribute(vec![yesterday]).await?;
    let reply = reply_to(play, &id, what).await?;
    refused_somehow(play, &["33", "48"], what, &reply);
    let short = event::simple(&play.unique("event"), play.in_s(3600), 60)
        .to(|event| event.ei_active_period.properties.duration = seconds(90).into());
    let what = "an event of 90 s whose intervals last 60 s";
    let reply = reply_to_first(play, &[short], what).await?;
    refused_somehow(play, &["33", "48"], what, &reply);
    Ok(())
}

async fn foreign_vtn(play: &mut VenPlay) -> Ended {
    let id = play.unique("event");
    let event = event::simple(&id, play.in_s(3600), 60);
    let request_id = play.unique("list");
    let list = play.list(&request_id, vec![event.clone().modification(1)]);
    let list = OadrDistributeEvent { vtn_id: "Foreign-VTN".to_owned(), ..list };
    // Not to be fetched, under the right vtnID.
    play.top.state().events.clear();
    play.forget();
    play.tell(list).await?;
    let what = "a list with a foreign vtnID";
    let reply = reply_to(play, &id, what).await?;
    let found = (reply.code().value().clone(), Code::InvalidId.to_string());
    play.equal(&["21", "33"], format!("{what} is answered with 452"), found);
    // Had it been taken, the lower number would now be answered with 450.
    let what = "an event that only a foreign VTN has spoken of before, with a higher number,";
    let reply = reply_to_first(play, &[event], what).await?;
    taken(play, &["21", "48"], what, &reply);
    Ok(())
}

const DAY_S: i64 = 86_400;
