//! What events look like. OpenADR 2.0b Profile, rules 2, 4, 8, 9, 40, 41, 100 to 107, 116, 510.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{EiEvent, EiEventSignal, SignalName, SignalTypeEnumerated};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::xml::Text as _;
use rust_decimal::Decimal;

use super::seen;
use crate::hook::{Baseline, Event, Interval, Signal};
use crate::say::saw::{self, Saw};
use crate::stage::Stage;
use crate::verdict::{Ended, optional};
use crate::vtn::{Party, VtnPlay};

pub(super) async fn new_form(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let given = Event::simple(&ven.id(), play.in_s(3600), 360);
    let given = given.values(&[(60, 1), (120, 2), (180, 3)]);
    let id = play.create_event(&given).await?;
    let list = seen::poll_with(play, &mut ven, &id).await?;
    let response = &list.ei_response;
    let answers = response.as_ref().is_some_and(|response| response.is_ok());
    let saw = saw::response(response.as_ref());
    play.check(&["40"], "the list has an eiResponse that says 200", answers, saw);
    let own = &list.request_id;
    play.check(&["41"], "the list has a requestID of its own", !own.is_empty(), saw::text("empty"));
    play.equal(&["21", "512"], "the list bears the vtnID", (&list.vtn_id, &ven.vtn_id));
    let event = seen::event(play, &list, &id)?;
    play.equal(&["4"], "a new event is modification 0", (event.modification_number(), 0));
    let notification = &event.ei_active_period.properties.x_ei_notification;
    play.check(&["105"], "x-eiNotification is there", notification.is_some(), saw::text("missing"));
    let [signal] = &event.ei_event_signals.ei_event_signal[..] else {
        let all = &event.ei_event_signals.ei_event_signal;
        let saw = saw::list(all.iter().map(|one| &one.signal_name));
        return play.fail(&["510"], "the event has the one signal it was given", saw);
    };
    seen::signal(play, event, signal);
    simple(play, signal);
    let values = seen::values(signal);
    let wanted = [1, 2, 3].map(|value| Some(Decimal::from(value)));
    let what = "the intervals carry the values that the operator gave";
    play.equal(&["100"], what, (&values[..], &wanted[..]));
    Ok(())
}

fn shown(values: &[Option<Decimal>]) -> Saw {
    saw::list(values.iter().map(|value| value.map_or("none".to_owned(), |v| v.to_string())))
}

/// Rules 9, 116.
fn simple(stage: &mut Stage, signal: &EiEventSignal) {
    stage.check(
        &["104"],
        "the signal is SIMPLE",
        signal.is_simple(),
        saw::text(&signal.signal_name),
    );
    let level = signal.signal_type == SignalTypeEnumerated::Level;
    stage.check(&["116"], "SIMPLE is of type level", level, saw::text(signal.signal_type.text()));
    let allowed = |value: &Option<Decimal>| {
        value.is_none_or(|value| (0..=3).any(|level| value == Decimal::from(level)))
    };
    let values = seen::values(signal);
    stage.check(&["9"], "SIMPLE is 0, 1, 2 or 3", values.iter().all(allowed), shown(&values));
}

pub(super) async fn multi_signal(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let given = several(&ven, play.in_s(3600));
    let id = play.create_event(&given).await?;
    let list = seen::poll_with(play, &mut ven, &id).await?;
    let event = seen::event(play, &list, &id)?;
    three_signals(play, event)?;
    seen::acknowledge(play, &mut ven, &list).await?;
    // Baselines are not asked of everybody: judged where the operator can give one.
    optional(with_baseline(play, &mut ven).await)
}

/// SIMPLE, a price and a load, ten minutes long.
fn several(ven: &Party, start: Timestamp) -> Event {
    let price = Signal::new("ELECTRICITY_PRICE", "price", Some("EUR/kWh"), &[(300, 1), (300, 2)]);
    let load = Signal::new("LOAD_DISPATCH", "setpoint", Some("kW"), &[(600, 5)]);
    let signals = vec![Signal::simple(&[(600, 1)]), price, load];
    Event { signals, ..Event::simple(&ven.id(), start, 600) }
}

fn three_signals(play: &mut VtnPlay, event: &EiEvent) -> Ended {
    let signals = &event.ei_event_signals.ei_event_signal;
    let names: Vec<_> = signals.iter().map(|signal| &signal.signal_name).collect();
    let ids: Vec<_> = signals.iter().map(|signal| signal.signal_id.as_str()).collect();
    let differ = ids.iter().collect::<BTreeSet<_>>().len() == ids.len();
    play.check(&["107"], "each signal has a signalID of its own", differ, saw::list(&ids));
    for signal in signals {
        seen::signal(play, event, signal);
    }
    let of = |name: SignalName| signals.iter().find(|signal| signal.signal_name == name);
    let level = signals.iter().find(|signal| signal.is_simple());
    let found = (level, of(SignalName::ElectricityPrice), of(SignalName::LoadDispatch));
    let (Some(level), Some(price), Some(load)) = found else {
        let what = "the event has SIMPLE, ELECTRICITY_PRICE and LOAD_DISPATCH";
        return play.fail(&["106", "510"], what, saw::list(names));
    };
    simple(play, level);
    let none = level.item_base.is_none();
    play.check(&["104"], "SIMPLE has no unit", none, saw::unit(level.item_base.as_ref()));
    let type_of = |signal: &EiEventSignal| signal.signal_type.clone();
    let what = "ELECTRICITY_PRICE is of type price";
    play.equal(&["104", "510"], what, (type_of(price), SignalTypeEnumerated::Price));
    let unit = &price.item_base;
    let fits = matches!(unit, Some(ItemBase::CurrencyPerKWh(_)));
    play.check(
        &["104"],
        "ELECTRICITY_PRICE is in currency per kWh",
        fits,
        saw::unit(unit.as_ref()),
    );
    let what = "LOAD_DISPATCH is of type setpoint";
    play.equal(&["104", "510"], what, (type_of(load), SignalTypeEnumerated::Setpoint));
    let unit = &load.item_base;
    let fits = matches!(
        unit,
        Some(ItemBase::PowerReal(_) | ItemBase::PowerApparent(_) | ItemBase::PowerReactive(_))
    );
    play.check(&["104"], "LOAD_DISPATCH is in a unit of power", fits, saw::unit(unit.as_ref()));
    Ok(())
}

/// An event with a baseline, which need not be as long as the event.
async fn with_baseline(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let start = play.in_s(7200);
    let interval = |value: i64| Interval { duration_s: 300, value: value.into() };
    let baseline = Baseline {
        id: play.unique("baseline"),
        name: "usual load".to_owned(),
        start,
        duration_s: 900,
        intervals: vec![interval(10), interval(12), interval(11)],
        unit: Some("kW".to_owned()),
        resources: Vec::new(),
    };
    let event = Event { baseline: Some(baseline), ..several(ven, start) };
    let Ok(id) = play.hook().create_event(&event).await? else { return Ok(()) };
    let list = seen::poll_with(play, ven, &id).await?;
    let event = seen::event(play, &list, &id)?;
    let Some(baseline) = &event.ei_event_signals.ei_event_baseline else {
        let what = "an event with a baseline carries it";
        return play.fail(&["101"], what, saw::text("no eiEventBaseline"));
    };
    let start = Timestamp::from(&baseline.dtstart);
    let whole = (start, baseline.duration.duration.from(start), &["102"][..]);
    seen::intervals(play, ("the baseline", "101"), &baseline.intervals.interval, whole);
    Ok(())
}
