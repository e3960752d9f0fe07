//! Whom events and signals name. OpenADR 2.0b Profile, rules 63, 111, 510.

use oadr_schemas::openadr::ei::{EiEvent, EiEventSignal};
use oadr_schemas::openadr::{Target, is_device_class};

use super::seen;
use crate::hook::{Event, Signal};
use crate::say;
use crate::verdict::{Ended, optional};
use crate::vtn::{Party, VtnPlay};

pub(super) async fn targets(play: &mut VtnPlay) -> Ended {
    let (mut one, mut other) = (play.registered().await?, play.registered().await?);
    resources(play, &mut one).await?;
    // Neither several VENs nor device classes are asked of everybody: judged where the operator
    // can name them.
    optional(both(play, &mut one, &mut other).await)?;
    optional(device_classes(play, &mut one).await)
}

/// Rule 63: several VENs are told by several events, or not at all.
fn at_most_one(play: &mut VtnPlay, ven: &Party, event: &EiEvent) {
    let named = &event.ei_target.ven_id;
    play.check(&["63"], "eiTarget has one venID at most", named.len() <= 1, say::saw::list(named));
    let own = named.iter().all(|named| *named == ven.id());
    play.check(
        &["21", "510"],
        "a venID in eiTarget is that of the VEN",
        own,
        say::saw::list(named),
    );
}

async fn resources(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let wanted = ["load-1", "load-2"].map(str::to_owned);
    let event =
        Event { resources: wanted.to_vec(), ..Event::simple(&ven.id(), play.in_s(3600), 600) };
    let id = play.create_event(&event).await?;
    let list = seen::poll_with(play, ven, &id).await?;
    let event = seen::event(play, &list, &id)?;
    at_most_one(play, ven, event);
    let found = &event.ei_target.resource_id;
    let all = wanted.iter().all(|wanted| found.contains(wanted));
    play.check(
        &["510"],
        "eiTarget has the resourceIDs of the operator",
        all,
        say::saw::list(found),
    );
    seen::acknowledge(play, ven, &list).await
}

async fn both(play: &mut VtnPlay, one: &mut Party, other: &mut Party) -> Ended {
    let event = Event {
        vens: vec![one.id(), other.id()],
        ..Event::simple(&one.id(), play.in_s(7200), 600)
    };
    let id = play.create_event(&event).await?;
    for ven in [one, other] {
        let list = seen::poll_with(play, ven, &id).await?;
        let event = seen::event(play, &list, &id)?;
        at_most_one(play, ven, event);
        let whole = event.ei_target.is_whole_ven();
        let what = "an event for VENs as a whole names nothing narrower";
        play.check(&["510"], what, whole, say::saw::target(&event.ei_target));
        seen::acknowledge(play, ven, &list).await?;
    }
    Ok(())
}

async fn device_classes(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let load = Signal::new("LOAD_DISPATCH", "setpoint", Some("kW"), &[(600, 5)]);
    let classes = ["Thermostat", "Water_Heater"].map(str::to_owned);
    let load = Signal { device_classes: classes.to_vec(), ..load };
    let event = Event {
        signals: vec![Signal::simple(&[(600, 1)]), load],
        ..Event::simple(&ven.id(), play.in_s(9000), 600)
    };
    let Ok(id) = play.hook().create_event(&event).await? else { return Ok(()) };
    let list = seen::poll_with(play, ven, &id).await?;
    let event = seen::event(play, &list, &id)?;
    let signals = &event.ei_event_signals.ei_event_signal;
    let narrowed = |signal: &&EiEventSignal| !signal.is_simple();
    let Some(load) = signals.iter().find(narrowed) else {
        let saw = say::saw::list(signals.iter().map(|one| &one.signal_name));
        return play.fail(&["106", "510"], "the event has LOAD_DISPATCH beside SIMPLE", saw);
    };
    let named: Vec<_> = load.ei_target.iter().flat_map(|target| target.criteria()).collect();
    let classes_only = |target: &Target<'_>| matches!(target, Target::EndDeviceAsset(mrid) if is_device_class(mrid));
    let what = "the eiTarget of a signal has device classes alone";
    play.check(&["111"], what, named.iter().all(classes_only), &named);
    let all = classes.iter().all(|class| named.contains(&Target::EndDeviceAsset(class)));
    let what = "the eiTarget of a signal has the device classes of the operator";
    play.check(&["111"], what, all, &named);
    let simple = signals.iter().find(|signal| signal.is_simple());
    let target = simple.and_then(|signal| signal.ei_target.as_ref());
    let what = "a signal without device class has no eiTarget";
    play.check(&["111"], what, target.is_none(), target.map(say::saw::target));
    Ok(())
}
