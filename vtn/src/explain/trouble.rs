//! Other messages that were not taken: what else is wrong with the VEN. OpenADR 2.0b Profile,
//! rules 33, 48.

use super::cause::Cause;
use super::facts::{Asked, Facts};
use super::finding::Finding;
use crate::refused::{Refused, Side};

/// One finding a kind of refusal: those since the event was made, and not about it.
pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let about = |one: &Refused| match &facts.event {
        Asked::Event(about) => {
            let own = one.by == Side::Ven && one.payload == "oadrCreatedEvent";
            own || one.events.contains(&about.event.id) || one.at < about.event.created
        }
        _ => false,
    };
    // Standing and registration say why already.
    let rest = facts.refused.iter().filter(|one| one.code != 463 && !about(one));
    let mut kinds: Vec<Vec<&Refused>> = Vec::new();
    for one in rest {
        let alike =
            |kind: &&mut Vec<&Refused>| kind.first().is_some_and(|first| key(first) == key(one));
        match kinds.iter_mut().find(alike) {
            Some(kind) => kind.push(one),
            None => kinds.push(vec![one]),
        }
    }
    kinds.iter().filter_map(|kind| told(kind, &facts.ven)).collect()
}

fn told(kind: &[&Refused], ven: &str) -> Option<Finding> {
    let (first, last) = (kind.first()?, kind.last()?);
    let payload = if last.payload.is_empty() { "what cannot be read" } else { last.payload };
    let often = match kind.len() {
        1 => "once".to_owned(),
        times => format!("{times} times, last at {:.0}", last.at),
    };
    let (code, why) = (last.code, &last.why);
    let text = match last.by {
        Side::Vtn => format!("its {payload} was refused with {code}, {often}: {why}"),
        Side::Ven => format!("by {payload} it refused ours with {code}, {often}: {why}"),
    };
    let found = Finding::new(Cause::MessagesRefused, text).since(first.at);
    Some(match (last.by, code) {
        (Side::Vtn, 406) => found.mend(
            "its software writes what the schema does not allow; \
            `vtn run --trace-messages DIR` archives it",
        ),
        (Side::Vtn, 452) => found
            .mend(format!("it may use IDs of an earlier registration: `vtn ven reregister {ven}`")),
        (Side::Vtn, 500..) => found.mend("the VTN failed: its log says more"),
        _ => found,
    })
}

fn key(one: &Refused) -> (Side, &str, u16) {
    (one.by, one.payload, one.code)
}
