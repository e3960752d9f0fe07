//! What the operator may not define. OpenADR 2.0b Profile, rules 8, 9, 70, 104, 111.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::seen;
use crate::hook::{Event, Signal};
use crate::say;
use crate::verdict::{Ended, Stop};
use crate::vtn::{Party, VtnPlay};

pub(super) async fn bad_definition(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    // Whoever refuses everything refuses nothing.
    let good = Event::simple(&ven.id(), play.in_s(3600), 600);
    let id = play.unique("event");
    let named = Event { id: Some(id.clone()), ..good.clone() };
    let first = match play.hook().create_event(&named).await? {
        Ok(id) => id,
        Err(_) => play.create_event(&good).await?,
    };
    let mut before = known(play, &mut ven).await?;
    seen_in(play, &before, &first);
    let mut judged = 0;
    judged += usize::from(whole(play, &mut ven, &mut before).await?);
    for (rule, what, event) in bad(play, &ven) {
        judged += usize::from(refused(play, rule, what, &event).await?);
    }
    // Only where the operator names events can a name be used twice.
    if first == id {
        let again = Event { id: Some(id), start: play.in_s(9000), ..named };
        let made = play.hook().create_event(&again).await?;
        let renamed = made.as_ref().is_ok_and(|made| *made != first);
        let what = "a second event of the same eventID is refused";
        play.check(&["70"], what, made.is_err() || renamed, say::saw::text("it is taken"));
        before.extend(made.ok());
        judged += 1;
    }
    if judged == 0 {
        return Err(Stop::Skip("the operator hook has no means to define any of them".to_owned()));
    }
    let after = known(play, &mut ven).await?;
    let what = "nothing that was refused reaches the VEN";
    play.equal(&["8", "9", "70", "104", "111"], what, (after, before));
    Ok(())
}

fn seen_in(play: &mut VtnPlay, known: &BTreeSet<String>, id: &str) {
    play.check(&["50"], "the good event is listed", known.contains(id), say::saw::list(known));
}

/// The eventIDs that polls and an oadrRequestEvent bring.
async fn known(play: &mut VtnPlay, ven: &mut Party) -> Result<BTreeSet<String>, Stop> {
    let mut all = BTreeSet::new();
    for message in play.drain(ven).await? {
        if let oadr_schemas::openadr::Message::OadrDistributeEvent(list) = message {
            all.extend(seen::ids(&list).into_iter().map(str::to_owned));
        }
    }
    let list = seen::catch_up(play, ven).await?;
    all.extend(seen::ids(&list).into_iter().map(str::to_owned));
    Ok(all)
}

/// Whether it could be judged: a hook may have no words for what is wrong.
async fn refused(
    play: &mut VtnPlay,
    rule: &'static str,
    what: &str,
    event: &Event,
) -> Result<bool, Stop> {
    let made = play.hook().create_event(event).await;
    told(play, (rule, what), made)
}

fn told(
    play: &mut VtnPlay,
    (rule, what): (&'static str, &str),
    made: Result<Result<String, String>, Stop>,
) -> Result<bool, Stop> {
    match made {
        Ok(made) => {
            play.check(
                &[rule],
                format!("{what} is refused"),
                made.is_err(),
                say::saw::text("it is taken"),
            );
            Ok(true)
        }
        Err(Stop::Skip(_)) => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

/// Rule 8 binds what is sent: an operator's side may also mend the sum.
async fn whole(
    play: &mut VtnPlay,
    ven: &mut Party,
    known: &mut BTreeSet<String>,
) -> Result<bool, Stop> {
    let signals = vec![Signal::simple(&[(200, 1), (100, 2)])];
    let event = Event { signals, ..Event::simple(&ven.id(), play.in_s(7200), 600) };
    let id = match play.hook().create_event(&event).await {
        Ok(Ok(id)) => id,
        made => return told(play, ("8", "an event longer than its intervals"), made),
    };
    let list = seen::catch_up(play, ven).await?;
    let event = seen::event(play, &list, &id)?;
    let period = &event.ei_active_period.properties;
    let start = Timestamp::from(&period.dtstart);
    let whole = period.duration.duration.from(start);
    for signal in &event.ei_event_signals.ei_event_signal {
        let lengths = signal.intervals.interval.iter().map(|one| one.duration.as_ref());
        let sum: Option<SignedDuration> =
            lengths.map(|one| one.and_then(|own| own.duration.from(start))).sum();
        let what = "an event longer than its intervals is refused, or sent as long as they are";
        play.equal(&["8"], what, (sum, whole));
    }
    known.insert(id);
    Ok(true)
}

/// Events that break one rule each.
fn bad(play: &VtnPlay, ven: &Party) -> [(&'static str, &'static str, Event); 3] {
    let good = Event::simple(&ven.id(), play.in_s(7200), 600);
    let with = |signal: Signal| Event { signals: vec![signal], ..good.clone() };
    let price = Signal::new("ELECTRICITY_PRICE", "setpoint", Some("EUR/kWh"), &[(600, 1)]);
    let load = Signal::new("LOAD_DISPATCH", "setpoint", Some("kW"), &[(600, 1)]);
    let toaster = Signal { device_classes: vec!["Toaster".to_owned()], ..load };
    [
        ("9", "SIMPLE of value 4", with(Signal::simple(&[(600, 4)]))),
        ("104", "ELECTRICITY_PRICE of type setpoint", with(price)),
        ("111", "a device class that is none", with(toaster)),
    ]
}
