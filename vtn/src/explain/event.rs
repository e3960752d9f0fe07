//! The event: is it there, is it for this VEN, and what is it? OpenADR 2.0b Profile, rules 3, 6,
//! 10, 13, 22, 48, 510.

use oadr_schemas::openadr::EventStatus;

use super::cause::Cause;
use super::facts::{EventFacts, Facts};
use super::finding::Finding;
use crate::record::{Event, Party, SignalDraft};

pub(super) fn unknown(id: &str) -> Finding {
    let text = format!("there is no event {id} here");
    Finding::new(Cause::EventUnknown, text).mend("`vtn event list` tells which there are")
}

/// Adds what the event is; gives whether it is for this VEN.
pub(super) fn findings(
    party: &Party,
    about: &EventFacts,
    facts: &Facts<'_>,
    found: &mut Vec<Finding>,
) -> bool {
    let by = targeted(&about.event, party);
    let is_for = by.is_some();
    found.push(by.unwrap_or_else(|| not_targeted(about, party)));
    let context = &about.event.draft.market_context;
    if !about.served {
        let text = format!("its market context {context} is not among those served here");
        let mend = "`vtn programme list`, and market_contexts in vtn.toml, say which are";
        found.push(Finding::new(Cause::MarketContextNotServed, text).mend(mend));
    }
    found.push(status(about, facts));
    if about.event.draft.test {
        let text = "it is a test event: a VEN shows it and does nothing (rule 6)";
        found.push(Finding::new(Cause::TestEvent, text));
    }
    found.extend(about.rivals.first().map(|rival| outranked(about, rival)));
    found.extend(optional(&about.event.draft.signals));
    is_for
}

/// By what the event is for the party.
fn targeted(event: &Event, party: &Party) -> Option<Finding> {
    let targets = &event.draft.targets;
    let group = || targets.groups.iter().find(|group| party.groups.contains(*group));
    let by = if targets.vens.contains(&party.id) {
        "by its venID".to_owned()
    } else if let Some(group) = group() {
        format!("by its group {group}")
    } else if targets.all {
        "as for all".to_owned()
    } else {
        return None;
    };
    let resources = match targets.resources.as_slice() {
        [] => String::new(),
        some => format!(", for its resources {}", list(some)),
    };
    Some(Finding::new(Cause::Targeted, format!("the event is for it, {by}{resources}")))
}

fn not_targeted(about: &EventFacts, party: &Party) -> Finding {
    let targets = &about.event.draft.targets;
    let named = [("VEN", &targets.vens), ("group", &targets.groups)];
    let named = named.into_iter().filter(|(_, names)| !names.is_empty());
    let named: Vec<String> = named.map(|(kind, names)| kind_of(kind, names)).collect();
    let own: Vec<String> = party.groups.iter().cloned().collect();
    let into = targets
        .groups
        .first()
        .map(|group| format!("`vtn group add {group} {}` puts it into {group}; ", party.id));
    let own = if own.is_empty() { "no group".to_owned() } else { kind_of("group", &own) };
    let taken = about.delivery.as_ref().is_some_and(|delivery| delivery.withdrawn);
    let was = if taken { "; it was for this one, and was taken from it" } else { "" };
    let text = format!("the event is for {}, and it is in {own}{was}", named.join(" and "));
    let mend = format!("{}`vtn event modify` changes the targets", into.unwrap_or_default());
    Finding::new(Cause::NotTargeted, text).since(about.event.modified).mend(mend)
}

fn status(about: &EventFacts, facts: &Facts<'_>) -> Finding {
    let EventFacts { event, timing, .. } = about;
    let status = timing.status_at(facts.now, event.cancelled.is_some());
    if let Some(at) = event.cancelled {
        let why = event.reason.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        let text = format!("event {} was cancelled at {at:.0}{why}", event.id);
        return Finding::new(Cause::EventCancelled, text).since(at);
    }
    let end = timing.ends_at().map_or("it is cancelled".to_owned(), |end| format!("{end:.0}"));
    let times = format!("from {:.0} until {end}", timing.start());
    let rank = format!("priority {}, modification {}", event.draft.priority, event.modification);
    let (code, is, since) = match status {
        EventStatus::Completed => (Cause::EventCompleted, "is over", timing.ends_at()),
        EventStatus::Active => (Cause::EventActive, "is running", Some(timing.start())),
        EventStatus::Near => (Cause::EventNear, "is about to start", timing.near_from()),
        _ => (Cause::EventFar, "is to come", Some(event.created)),
    };
    Finding::new(code, format!("it {is}: {times}, {rank}")).since(since)
}

fn outranked(about: &EventFacts, rival: &Event) -> Finding {
    let (own, other) = (about.event.draft.priority, rival.draft.priority);
    let text = format!(
        "event {} has priority {other} at the same time and outranks its {own} (rule 3)",
        rival.id
    );
    let mend = "what a VEN does with both is its own matter: cancel one, or give it its priority";
    Finding::new(Cause::Outranked, text).since(rival.created).mend(mend)
}

/// Rule 510: only these three are followed by every VEN.
fn optional(signals: &[SignalDraft]) -> Option<Finding> {
    let every = |signal: &SignalDraft| {
        matches!(
            (signal.name.as_str(), signal.kind.as_str()),
            ("SIMPLE", _) | ("ELECTRICITY_PRICE", "price") | ("LOAD_DISPATCH", "setpoint")
        )
    };
    if signals.iter().any(every) {
        return None;
    }
    let names: Vec<_> = signals.iter().map(|one| format!("{} {}", one.name, one.kind)).collect();
    let text = format!("not every VEN can follow its signals, {} (rule 510)", list(&names));
    Some(Finding::new(Cause::SignalsOptional, text).mend("add a SIMPLE signal beside them"))
}

/// One name or more, with what they are.
fn kind_of(kind: &str, names: &[String]) -> String {
    let many = if names.len() > 1 { "s" } else { "" };
    format!("{kind}{many} {}", list(names))
}

/// The first few names.
pub(super) fn list(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// Names in a sentence.
const SHOWN: usize = 5;
