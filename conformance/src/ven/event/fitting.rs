//! For whom an event is: market context, eiTarget of the event, eiTarget of a signal. OpenADR 2.0b
//! Profile, rules 22, 48, 111, 510, 512.

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::EiTarget;
use rust_decimal::Decimal;

use super::answers::{FOREIGN_MARKET, FOREIGN_RESOURCE};
use super::reply::{clearly_after, lead, refused, reply_to_first, taken};
use crate::hook::VenSettings;
use crate::say::event::{self, Change as _};
use crate::ven::{VenPlay, said};
use crate::verdict::{Ended, Stop};

pub async fn market_context(play: &mut VenPlay) -> Ended {
    let market_contexts = vec![event::MARKET.to_owned()];
    play.boot_as(&VenSettings { market_contexts, ..VenSettings::default() }).await?;
    let start = play.in_s(3600);
    let foreign = event::simple(&play.unique("event"), start, 60).market(FOREIGN_MARKET);
    let what = "an event of a foreign market context";
    let reply = reply_to_first(play, &[foreign], what).await?;
    refused(play, &["48"], (what, Code::TargetMismatch), &reply);
    let own = event::simple(&play.unique("event"), start, 60).market(MARKET_IN_CAPITALS);
    let what = "an event of its own market context, scheme and host in capitals";
    let reply = reply_to_first(play, &[own], what).await?;
    taken(play, &["512"], what, &reply);
    Ok(())
}

pub async fn target(play: &mut VenPlay) -> Ended {
    let resources = vec![OWN_RESOURCE.to_owned()];
    let own = match play.boot_as(&VenSettings { resources, ..VenSettings::default() }).await {
        Ok(()) => EiTarget::resources([OWN_RESOURCE]),
        // Its resources cannot be named, but it has a name itself.
        Err(Stop::Skip(_)) => {
            play.boot().await?;
            EiTarget::ven(play.ven()?.ven_id)
        }
        Err(other) => return Err(other),
    };
    let start = play.in_s(3600);
    let foreign = EiTarget::resources([FOREIGN_RESOURCE]);
    let event = event::simple(&play.unique("event"), start, 60).target(foreign);
    let what = "an event for foreign resources only";
    let reply = reply_to_first(play, &[event], what).await?;
    refused(play, &["48"], (what, Code::TargetMismatch), &reply);
    let resource_id = [FOREIGN_RESOURCE.to_owned()].into_iter().chain(own.resource_id.clone());
    let either = EiTarget { resource_id: resource_id.collect(), ..own.clone() };
    let targets = [
        (&["22"], "an event with an empty eiTarget", EiTarget::recipient()),
        (&["510"], "an event for the VEN by its venID", EiTarget::ven(play.ven()?.ven_id)),
        (&["510"], "an event for what is its own alone", own),
        (&["22"], "an event for a foreign resource or its own", either),
    ];
    for (rules, what, target) in targets {
        let event = event::simple(&play.unique("event"), start, 60).target(target);
        let reply = reply_to_first(play, &[event], what).await?;
        taken(play, rules, what, &reply);
    }
    Ok(())
}

pub async fn signal_target(play: &mut VenPlay) -> Ended {
    let device_classes = vec![OWN_CLASS.to_owned()];
    play.boot_as(&VenSettings { device_classes, ..VenSettings::default() }).await?;
    let cases: [(&str, &[&str], bool); 3] = [
        ("a signal for its own device class", &[OWN_CLASS], true),
        ("a signal for another device class", &[FOREIGN_CLASS], false),
        ("a signal for another device class or its own", &[FOREIGN_CLASS, OWN_CLASS], true),
    ];
    for (what, classes, is_for_it) in cases {
        let start = play.in_s(lead(play));
        let id = play.unique("event");
        let event = event::simple(&id, start, 600).to(|event| {
            let target = EiTarget::device_classes(classes.iter().copied());
            event.ei_event_signals.ei_event_signal[0].ei_target = Some(target);
        });
        // Whether one that is for none of its devices is an error is left open.
        let reply = reply_to_first(play, &[event], what).await?;
        if is_for_it {
            taken(play, &["111"], what, &reply);
        }
        play.until(clearly_after(start)).await?;
        let site = play.hook().site().await?;
        let follows = site.value_of(&id).is_some_and(|value| value == Decimal::ONE);
        let says = if is_for_it { "is applied" } else { "is not applied" };
        play.check(&["111"], format!("{what} {says}"), follows == is_for_it, said::site(&site));
    }
    Ok(())
}

/// [`event::MARKET`] as RFC 3986 lets it be written as well.
const MARKET_IN_CAPITALS: &str = "HTTP://CONFORMANCE.EXAMPLE/programme";
const OWN_RESOURCE: &str = "kit-resource-1";
const OWN_CLASS: &str = "Thermostat";
const FOREIGN_CLASS: &str = "Pool_Pump";
