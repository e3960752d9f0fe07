//! The checker: compares the VTN's store, the VENs' and the sites' with what was said and
//! acknowledged. Each complaint says which promise is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use oadr_platform::opt::Opt;
use oadr_ven::{EventView, Status};
use oadr_vtn::Vtn;
use oadr_vtn::record::{Event, ReadingValue, RequestState};
use rust_decimal::Decimal;

use crate::check_trade;
use crate::site::Scripted;
use crate::world::{Member, World};

/// A promise that is broken, or not kept yet.
#[derive(Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It was acknowledged and is not there.
    Lost(String),
    /// It is there more than once.
    Twice(String),
    /// It is there, and nobody said it, or not to this party.
    Foreign(String),
    /// The two ends do not agree.
    Disagree(String),
    /// Something is still under way.
    Unfinished(String),
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(what) => write!(f, "lost: {what}"),
            Self::Twice(what) => write!(f, "twice: {what}"),
            Self::Foreign(what) => write!(f, "foreign: {what}"),
            Self::Disagree(what) => write!(f, "no agreement: {what}"),
            Self::Unfinished(what) => write!(f, "unfinished: {what}"),
        }
    }
}

/// Where complaints go.
pub type Found = Vec<Complaint>;

/// All that is wrong at `now`, in protocol time.
pub fn complaints(world: &World, now: Timestamp) -> Found {
    let mut found = Found::new();
    let Some(vtn) = world.vtn.lock().unwrap().clone() else {
        return vec![Complaint::Unfinished("the VTN has not started".to_owned())];
    };
    if !world.script.is_over() {
        found.push(Complaint::Unfinished("the operator's script".to_owned()));
    }
    for member in &world.members {
        let Some(handle) = member.handle.lock().unwrap().clone() else {
            found.push(Complaint::Unfinished(format!("{} has not started", member.ven)));
            continue;
        };
        let status = handle.status().borrow().clone();
        at_rest(&vtn, member, &status, &mut found);
        events(&vtn, member, &status, &mut found);
        opts(&vtn, member, now, &mut found);
        readings(world, &vtn, member, now, &mut found);
        check_trade::tenders(world, &vtn, (member, &status), now, &mut found);
        check_trade::trades(&vtn, member, &status, &mut found);
    }
    answers(world, &vtn, &mut found);
    check_trade::market(world, &vtn, &mut found);
    found
}

/// Nothing waits, nothing is owed.
fn at_rest(vtn: &Vtn, member: &Member, status: &Status, found: &mut Found) {
    let ven = member.ven;
    let mut unfinished = |is_left: bool, what: String| {
        if is_left {
            found.push(Complaint::Unfinished(format!("{ven}: {what}")));
        }
    };
    unfinished(!status.registered, "not registered".to_owned());
    unfinished(status.owed > 0, format!("owes {} answers", status.owed));
    unfinished(status.opts.1 > 0, format!("{} opts are not taken", status.opts.1));
    unfinished(status.trouble.is_some(), format!("{:?}", status.trouble));
    let outbox = vtn.outbox(ven).unwrap();
    unfinished(!outbox.waiting.is_empty(), format!("the VTN has {:?}", outbox.waiting));
    unfinished(!outbox.unanswered.is_empty(), format!("owes for {:?}", outbox.unanswered));
    unfinished(outbox.events.is_some(), format!("its events wait: {:?}", outbox.events));
}

/// Each event ends the same on both sides, and at the site.
fn events(vtn: &Vtn, member: &Member, status: &Status, found: &mut Found) {
    let ven = member.ven;
    let known = |view: &&EventView| view.state != "cancelled";
    let mut views: BTreeMap<&str, &EventView> =
        status.events.iter().filter(known).map(|view| (view.id.as_str(), view)).collect();
    for event in vtn.events(None, usize::MAX).unwrap() {
        let view = views.remove(event.id.as_str());
        let replies = vtn.event_answers(&event.id).unwrap();
        let delivery = replies.into_iter().find(|r| r.ven == ven).map(|r| r.delivery);
        let listed = delivery.filter(|d| !d.withdrawn && event.cancelled.is_none());
        match (listed, view) {
            (None, None) => {}
            (None, Some(view)) => found.push(Complaint::Disagree(format!(
                "{ven} holds {} v{}, which is cancelled or not for it",
                event.id, view.modification
            ))),
            (Some(_), None) => {
                found.push(Complaint::Disagree(format!("{ven} does not know {}", event.id)));
            }
            (Some(delivery), Some(view)) => {
                let said = delivery.answer.as_ref().map(|a| (a.modification, a.opt));
                version(ven, &event, (said, delivery.opt_of(None)), view, found);
            }
        }
    }
    for id in views.into_keys() {
        found.push(Complaint::Foreign(format!("{ven} has {id}, which no operator made")));
    }
    let obeyed = |view: &&EventView| view.state == "running" && view.opt == Some(Opt::In);
    let wanted: BTreeSet<_> =
        status.events.iter().filter(obeyed).map(|v| (v.id.clone(), v.modification)).collect();
    let notes = member.site.notes();
    let active = notes.told.iter().flat_map(|told| &told.active);
    let told: BTreeSet<_> = active.map(|a| (a.key.event.to_string(), a.key.modification)).collect();
    if told != wanted {
        found.push(Complaint::Disagree(format!("{ven}'s site obeys {told:?}, not {wanted:?}")));
    }
}

/// The VEN has the last version; its answer to it is the site's and is known to the VTN.
fn version(
    ven: &str,
    event: &Event,
    (said, opt): (Option<(u32, Opt)>, Option<Opt>),
    view: &EventView,
    found: &mut Found,
) {
    let (id, last) = (&event.id, event.modification);
    if view.modification != last {
        let words = format!("{ven} has {id} v{}, the VTN v{last}", view.modification);
        found.push(Complaint::Disagree(words));
        return;
    }
    let opinion = Scripted::opinion(ven, id, last);
    if view.opt != Some(opinion) || view.code != 200 {
        let words = format!("{ven} says {:?} ({}) to {id} v{last}", view.opt, view.code);
        found.push(Complaint::Disagree(words));
    }
    let answered = said == Some((last, opinion)) && opt == Some(opinion);
    if event.draft.response_required && !answered {
        let words =
            format!("{ven} says {opinion:?} to {id} v{last}, the VTN has {said:?}, {opt:?}");
        found.push(Complaint::Disagree(words));
    }
}

/// Each acknowledged answer is there, unless a later one is.
fn answers(world: &World, vtn: &Vtn, found: &mut Found) {
    for ((ven, event), (modification, opt)) in &world.journal.entries().answers {
        let replies = vtn.event_answers(event).unwrap();
        let reply = replies.into_iter().find(|reply| reply.ven == *ven);
        let kept = reply.and_then(|reply| reply.delivery.answer);
        let is_there = kept.as_ref().is_some_and(|kept| {
            kept.modification > *modification
                || kept.modification == *modification && kept.opt == *opt
        });
        if !is_there {
            let words = format!("{ven}'s {opt:?} to {event} v{modification}; there is {kept:?}");
            found.push(Complaint::Lost(words));
        }
    }
}

/// The schedules in force are those the site has, each once.
fn opts(vtn: &Vtn, member: &Member, now: Timestamp, found: &mut Found) {
    let ven = member.ven;
    let mut kept: Vec<_> = vtn.opts(ven).unwrap().into_iter().map(|opt| opt.opt_id).collect();
    kept.sort();
    if let Some(pair) = kept.windows(2).find(|pair| pair[0] == pair[1]) {
        found.push(Complaint::Twice(format!("{ven}'s schedule {}", pair[0])));
    }
    let wanted = member.site.wanted_schedules(now);
    let mut wanted: Vec<_> = wanted.into_iter().map(|opt| opt.id.to_string()).collect();
    wanted.sort();
    if kept != wanted {
        found.push(Complaint::Disagree(format!("{ven} wants {wanted:?}, the VTN has {kept:?}")));
    }
}

/// Readings: each acknowledged one is there, none was made up, none is missing in a row.
fn readings(world: &World, vtn: &Vtn, member: &Member, now: Timestamp, found: &mut Found) {
    let (ven, entries) = (member.ven, world.journal.entries());
    let mut kept = BTreeMap::new();
    for (specifier, series) in vtn.series(ven).unwrap() {
        let rid = series.point.rid;
        let all = (Timestamp::MIN, Timestamp::MAX);
        for datum in vtn.readings((ven, &rid), all, usize::MAX).unwrap() {
            let reading = datum.reading;
            let value = match reading.value {
                ReadingValue::Number(value) => Some(value.normalize()),
                ReadingValue::Status(_) => None,
                ReadingValue::Odd(text) => panic!("a reading is {text}"),
            };
            let known = (ven.to_owned(), specifier.clone(), rid.clone(), reading.start, value);
            if !entries.sent.contains(&known) {
                found.push(Complaint::Foreign(format!("the reading {known:?}")));
            }
            if value.is_some_and(|value| value != Scripted::reading(&rid, reading.start)) {
                found.push(Complaint::Disagree(format!("the value of {known:?}")));
            }
            if kept.insert((rid.clone(), reading.start), value).is_some() {
                found.push(Complaint::Twice(format!("the reading {known:?}")));
            }
        }
    }
    for ((of, request), taken) in &entries.taken {
        let missing = |(_, _, rid, start, value): &&(_, _, String, Timestamp, Option<Decimal>)| {
            of == ven && kept.get(&(rid.clone(), *start)) != Some(value)
        };
        if let Some(lost) = taken.iter().find(missing) {
            found.push(Complaint::Lost(format!("the reading {lost:?} of {request}")));
        }
    }
    for request in vtn.report_requests(ven).unwrap() {
        if request.every.is_zero() {
            continue;
        }
        let taken = entries.taken.get(&(ven.to_owned(), request.id.clone()));
        let starts: BTreeSet<_> = taken.into_iter().flatten().map(|row| row.3).collect();
        let starts: Vec<_> = starts.into_iter().collect();
        let step = |pair: &[Timestamp]| pair[1].duration_since(pair[0]);
        if let Some(gap) = starts.windows(2).find(|pair| step(pair) != request.granularity) {
            let words = format!("{ven}'s readings between {} and {}", gap[0], gap[1]);
            found.push(Complaint::Lost(words));
        }
        let late = request.every + SignedDuration::from_secs(60);
        let fresh = starts.last().is_some_and(|last| now.duration_since(*last) < late);
        if request.state == RequestState::Running && !fresh {
            let words = format!("{ven}'s report {}: last {:?}", request.id, starts.last());
            found.push(Complaint::Unfinished(words));
        }
        if request.state == RequestState::Asked {
            let words = format!("{ven} does not say whether it makes report {}", request.id);
            found.push(Complaint::Unfinished(words));
        }
    }
}
