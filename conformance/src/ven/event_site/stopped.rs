//! Events with startafter that are cancelled: they end after a random while. OpenADR 2.0b Profile,
//! rule 65.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::OptType;

use super::timeline::later;
use crate::say::event::{self, Change as _};
use crate::ven::VenPlay;
use crate::ven::event::reply::{lead, reply_to, reply_to_first, tell};
use crate::ven::event::{is_stopped, next};
use crate::verdict::{Ended, Stop, inconclusive};

pub async fn random_cancel(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let steered = play.setting.pace.is_steered();
    let (rounds, window_s) = if steered { (6, 30) } else { (4, 8) };
    let mut delays = Vec::new();
    for openly in [true, false] {
        let (rules, way) = (&["65"], if openly { "openly" } else { "by omission" });
        let mut own = Vec::new();
        for _ in 0..rounds {
            own.push(delay(play, window_s, openly).await?);
        }
        let most = SignedDuration::from_secs(i64::from(window_s) + 2);
        let inside = own.iter().all(|delay| *delay <= most);
        play.check(rules, format!("an event cancelled {way} ends within startafter"), inside, &own);
        // Where time is waited for the rounds are few, and mere chance could make them alike.
        if steered {
            let what = format!("events cancelled {way} do not end equally soon");
            play.check(rules, what, differ(&own), &own);
        }
        delays.extend(own);
    }
    play.check(&["65"], "cancelled events do not end equally soon", differ(&delays), &delays);
    Ok(())
}

/// Whether some end clearly later than others: a second's difference may be that of looking.
fn differ(delays: &[SignedDuration]) -> bool {
    let clear = |spread: SignedDuration| spread >= SignedDuration::from_secs(2);
    let ends = delays.iter().min().zip(delays.iter().max());
    ends.is_some_and(|(soonest, latest)| clear(*latest - *soonest))
}

/// Starts an event, cancels it, and gives how long it runs on; to the second.
async fn delay(play: &mut VenPlay, window_s: u32, openly: bool) -> Result<SignedDuration, Stop> {
    let start = play.in_s(lead(play) / 2);
    let id = play.unique("cancelled");
    // The other event is answered, which shows when the list was read.
    let beside = event::simple(&play.unique("beside"), play.in_s(DAY_S), 60);
    let event = event::simple(&id, start, LONG_S).startafter(window_s);
    let both = [event.clone(), beside.clone()];
    reply_to_first(play, &both, "an event with startafter").await?;
    runs(play, &id, later(start, i64::from(window_s) + 2)).await?;
    let learned = match openly {
        true => {
            let cancelled = next(&event).cancelled();
            let reply = reply_to_first(play, &[cancelled, beside], "its cancellation").await?;
            if reply.opt() == Some(&OptType::OptOut) {
                return inconclusive("the VEN says that the event cannot be cancelled");
            }
            reply.at
        }
        false => {
            let list = [beside];
            tell(play, &list).await?;
            reply_to(play, list[0].ei_event.id(), "the list without it").await?.at
        }
    };
    let longest = later(learned, i64::from(window_s) + 4);
    loop {
        let at = play.now();
        let site = play.hook().site().await?;
        if is_stopped(&site, &id) || at >= longest {
            let after = at.duration_since(learned);
            return Ok(SignedDuration::from_secs(after.as_secs()));
        }
        play.pass(1).await?;
    }
}

/// Waits until an event runs.
async fn runs(play: &mut VenPlay, id: &str, at_the_latest: Timestamp) -> Ended {
    while play.hook().site().await?.value_of(id).is_none() {
        if play.now() >= at_the_latest {
            return inconclusive("an event with startafter does not start");
        }
        play.pass(1).await?;
    }
    Ok(())
}

const LONG_S: u32 = 600;
const DAY_S: i64 = 86_400;
