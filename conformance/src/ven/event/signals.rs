//! Which signals a VEN takes. OpenADR 2.0b Profile, rules 48, 69, 104, 106, 109, 110, 112, 116, 510.

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::currency::ISO3AlphaCurrencyCodeContent as Currency;
use oadr_schemas::openadr::ei::EiEventSignal;
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::OadrEvent;
use oadr_schemas::openadr::power::PowerAttributes;
use oadr_schemas::openadr::scale::SiScaleCode;
use rust_decimal::Decimal;

use super::reply::{refused, refused_somehow, replies, reply_to, reply_to_first, taken, tell};
use crate::hook::VenSettings;
use crate::say::event::{self, Change as _, signal};
use crate::ven::VenPlay;
use crate::verdict::{Ended, Stop};

pub async fn unsupported(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let cases = [
        ("a signal nobody knows", signal("x-kit-unknown", "level", None, &[(60, 1)])),
        ("a price in kilowatts", signal("ELECTRICITY_PRICE", "price", Some(kw()), &[(60, 1)])),
    ];
    for (what, signal) in cases {
        let event = of(play, vec![signal]);
        let reply = reply_to_first(play, &[event], what).await?;
        refused(play, &["48", "109"], (what, Code::SignalNotSupported), &reply);
    }
    match unclear(play).await {
        // It has no resources that could be mistaken for each other.
        Err(Stop::Skip(_)) => Ok(()),
        ended => ended,
    }
}

/// Rule 112, for a VEN that has resources for which it can happen.
async fn unclear(play: &mut VenPlay) -> Ended {
    let resources = ["kit-resource-1", "kit-resource-2"].map(str::to_owned).to_vec();
    let settings = VenSettings { resources, ambiguous: true, ..VenSettings::default() };
    play.boot_as(&settings).await?;
    let event = of(play, vec![setpoint()]);
    let what = "a load for one of several resources, without saying which";
    let reply = reply_to_first(play, &[event], what).await?;
    let found = (reply.code().value().clone(), Code::NotDeployed.to_string());
    play.equal(&["112"], format!("{what} is answered with 469"), found);
    Ok(())
}

pub async fn minimum(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let simple = || signal("SIMPLE", "level", None, &[(60, 1)]);
    let cases: [(&[&'static str], &str, Vec<EiEventSignal>); 4] = [
        (&["510", "116"], "SIMPLE", vec![simple()]),
        (&["510", "104"], "ELECTRICITY_PRICE of type price", vec![price()]),
        (&["510", "104"], "LOAD_DISPATCH of type setpoint", vec![setpoint()]),
        (&["106"], "an event of all three signals", vec![simple(), price(), setpoint()]),
    ];
    for (rules, what, signals) in cases {
        let event = of(play, signals);
        let reply = reply_to_first(play, &[event], what).await?;
        taken(play, rules, what, &reply);
    }
    // Rule 110: it means nothing yet, and must not disturb.
    let early = EiEventSignal { current_value: Some(Decimal::TEN.into()), ..price() };
    let event = of(play, vec![early]);
    play.forget();
    let id = event.ei_event.id().to_owned();
    play.distribute(vec![event]).await?;
    let what = "a currentValue of a price before the event is active";
    let reply = reply_to(play, &id, what).await?;
    taken(play, &["110"], what, &reply);
    simple_of_another_type(play).await
}

/// Rule 69 lets it be, rule 116 does not: either will do, but for that event only.
async fn simple_of_another_type(play: &mut VenPlay) -> Ended {
    let odd = of(play, vec![signal("SIMPLE", "price", None, &[(60, 1)])]);
    let good = of(play, vec![signal("SIMPLE", "level", None, &[(60, 1)])]);
    let ids = [odd.ei_event.id().to_owned(), good.ei_event.id().to_owned()];
    tell(play, &[odd, good]).await?;
    let what = "SIMPLE of type price";
    let found = replies(play, &[&ids[0], &ids[1]], what).await?;
    let [odd, good] = found.as_slice() else { return Err(Stop::Failed) };
    if !odd.code().is_ok() {
        refused_somehow(play, &["69", "116"], what, odd);
    }
    taken(play, &["69", "116"], "a good event beside SIMPLE of type price", good);
    Ok(())
}

/// An event of these signals, an hour from now.
fn of(play: &VenPlay, signals: Vec<EiEventSignal>) -> OadrEvent {
    event::simple(&play.unique("event"), play.in_s(3600), 60).signals(signals)
}

fn price() -> EiEventSignal {
    let per_kwh = ItemBase::currency_per_kwh(Currency::Usd);
    signal("ELECTRICITY_PRICE", "price", Some(per_kwh), &[(60, 1)])
}

fn setpoint() -> EiEventSignal {
    signal("LOAD_DISPATCH", "setpoint", Some(kw()), &[(60, 2)])
}

fn kw() -> ItemBase {
    let grid = PowerAttributes::ac(Decimal::from(60), Decimal::from(120));
    ItemBase::power_real(SiScaleCode::K, grid)
}
