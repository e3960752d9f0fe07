//! What the VEN said to the event. OpenADR 2.0b Profile, rules 12, 25, 36, 48, 52, 201, 206.

use oadr_platform::opt::Opt;

use super::cause::Cause;
use super::event::list;
use super::facts::{EventFacts, Facts};
use super::finding::Finding;
use crate::record::{Delivery, EventAnswer, ResourceOpt};
use crate::refused::{Refused, Side};

/// The links after the event has reached the VEN.
pub(super) fn findings(about: &EventFacts, facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(delivery) = &about.delivery {
        found.extend(answered(about, delivery));
        found.extend(opted(&delivery.opts));
    }
    found.extend(about.excuses.iter().take(EXCUSES).map(|schedule| {
        let text =
            format!("by its schedule {} it is out then ({})", schedule.opt_id, schedule.reason);
        Finding::new(Cause::ScheduledOut, text).since(schedule.received)
    }));
    found.extend(refused(about, facts));
    found
}

/// The answer by oadrCreatedEvent, or that there is none.
fn answered(about: &EventFacts, delivery: &Delivery) -> Option<Finding> {
    let event = &about.event;
    if !event.draft.response_required {
        return Some(Finding::new(Cause::AnswerNotWanted, "it asks for no answer (rule 12)"));
    }
    let current = |answer: &&EventAnswer| answer.modification == event.modification;
    match (&delivery.sent, delivery.answer.as_ref().filter(current)) {
        (_, Some(answer)) => Some(said(answer, delivery)),
        (Some(sent), None) if about.is_sent() => {
            let older = delivery.answer.as_ref().map(|answer| {
                let opt = word(answer.opt);
                format!("; to modification {} it said {opt}", answer.modification)
            });
            let text = format!("it has not answered since{}", older.unwrap_or_default());
            let mend = "if it is heard, its software does not answer, or what it answers is \
                refused; rule 12 wants an answer each time the event comes";
            Some(Finding::new(Cause::NotAnswered, text).since(sent.at).mend(mend))
        }
        (_, None) => delivery.answer.as_ref().map(|answer| {
            let text = format!("its last answer: {}", told(answer));
            Finding::new(Cause::AnsweredOlder, text).since(answer.at)
        }),
    }
}

fn said(answer: &EventAnswer, delivery: &Delivery) -> Finding {
    let text = told(answer);
    let (code, mend) = match (answer.code, answer.opt) {
        // Rule 206: also where the opt came first.
        _ if delivery.opts.iter().any(is_whole) => (Cause::AnswerOverruled, None),
        (200, Opt::In) => (Cause::AnsweredIn, None),
        (200, Opt::Out) => (Cause::AnsweredOut, None),
        (460, _) => (Cause::AnsweredWithError, Some("it cannot follow the signal: use another")),
        (462, _) => {
            let mend = "it does not know the market context or the resources: set them at the site";
            (Cause::AnsweredWithError, Some(mend))
        }
        _ => (Cause::AnsweredWithError, Some("the site's log says more")),
    };
    let found = Finding::new(code, text).since(answer.at);
    match mend {
        Some(mend) => found.mend(mend),
        None => found,
    }
}

fn told(answer: &EventAnswer) -> String {
    let under = answer.request_id.as_deref().map(|id| format!(" under requestID {id}"));
    let words = answer.description.as_deref().filter(|_| answer.code != 200);
    format!(
        "it answered {} to modification {}{}, code {}{}",
        word(answer.opt),
        answer.modification,
        under.unwrap_or_default(),
        answer.code,
        words.map(|words| format!(": {words}")).unwrap_or_default(),
    )
}

/// What oadrCreateOpt says: the last word on all of the VEN, and what differs from it.
fn opted(opts: &[ResourceOpt]) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(whole) = opts.iter().rev().find(|opt| is_whole(opt)) {
        let code = if whole.opt == Opt::In { Cause::OptedIn } else { Cause::OptedOut };
        let text = format!(
            "by oadrCreateOpt {} it is {} ({})",
            whole.opt_id,
            if whole.opt == Opt::In { "in" } else { "out" },
            whole.reason
        );
        found.push(Finding::new(code, text).since(whole.at));
    }
    let part = |opt: &&ResourceOpt| !is_whole(opt) && opt.opt == Opt::Out;
    let parts: Vec<&ResourceOpt> = opts.iter().filter(part).collect();
    if let Some(first) = parts.first() {
        let names: Vec<String> = parts.iter().map(|opt| part_of(opt)).collect();
        let text = format!("by oadrCreateOpt {} {} is out", first.opt_id, list(&names));
        found.push(Finding::new(Cause::OptedOutInPart, text).since(first.at));
    }
    found
}

/// What it said that was not taken, and that it did not take what it was sent: not once
/// something newer was taken.
fn refused(about: &EventFacts, facts: &Facts<'_>) -> Option<Finding> {
    let delivery = about.delivery.as_ref();
    let answer = delivery.and_then(|delivery| delivery.answer.as_ref()).map(|answer| answer.at);
    let opts = delivery.into_iter().flat_map(|delivery| &delivery.opts).map(|opt| opt.at);
    let taken = opts.chain(answer).max();
    let sent = delivery.and_then(|delivery| delivery.sent.as_ref()).map(|sent| sent.at);
    let newer = |one: &&Refused| taken.is_none_or(|taken| one.at > taken);
    let last = facts.refused.iter().rev().filter(newer).find(|one| match one.by {
        Side::Vtn => one.events.contains(&about.event.id),
        Side::Ven => one.payload == "oadrCreatedEvent" && sent.is_some_and(|sent| one.at >= sent),
    })?;
    let Refused { payload, code, why, .. } = last;
    let found = match last.by {
        Side::Ven => {
            let text = format!("it refused the list of events with {code}: {why}");
            Finding::new(Cause::ListRefused, text).mend("the site's log says more (rule 25)")
        }
        Side::Vtn => {
            let text = format!("its {payload} about the event was refused with {code}: {why}");
            let mend = match code {
                450 => {
                    "it answers another modification than it was sent last: have it fetch its \
                    events (oadrRequestEvent)"
                }
                452 => "it was not sent this event, or names it wrongly",
                _ => "the VEN's software has to mend it",
            };
            Finding::new(Cause::AnswerRefused, text).mend(mend)
        }
    };
    Some(found.since(last.at))
}

fn is_whole(opt: &ResourceOpt) -> bool {
    opt.resource.is_none() && opt.device_classes.is_empty()
}

fn part_of(opt: &ResourceOpt) -> String {
    let classes = opt.device_classes.join("/");
    match (&opt.resource, classes.is_empty()) {
        (Some(resource), true) => resource.clone(),
        (Some(resource), false) => format!("{resource} ({classes})"),
        (None, _) => classes,
    }
}

fn word(opt: Opt) -> &'static str {
    match opt {
        Opt::In => "optIn",
        Opt::Out => "optOut",
    }
}

/// Schedules told.
const EXCUSES: usize = 3;
