//! EiOpt of the VTN in miniature. Rules 200 to 211.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{EiResponse, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{OadrCancelOpt, OadrCanceledOpt, OadrCreateOpt, OadrCreatedOpt};
use oadr_schemas::openadr::{Code, Message, is_device_class};
use oadr_schemas::xml::Text;
use serde_json::{Value, json};

use super::{State, error};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("opt-some-resources", "opt-schedule", "an empty target names one resource"),
    Fault::inside("opt-zero-ends", "opt-schedule", "a schedule of duration 0 ends at once"),
    Fault::message("opt-id-lost", "opt-schedule", "another optID comes back", |message| {
        if let Message::OadrCreatedOpt(created) = message {
            created.opt_id = "another".to_owned();
        }
    }),
    Fault::message("opt-request-lost", "opt-schedule", "no requestID comes back", |message| {
        if let Message::OadrCreatedOpt(created) = message {
            created.ei_response.request_id = String::new();
        }
    }),
    Fault::message("opt-for-another", "opt-wrong-ven", "a VEN may opt for another", |message| {
        if let Message::OadrCreatedOpt(created) = message {
            created.ei_response = EiResponse::ok(created.ei_response.request_id.as_str());
        }
    }),
    Fault::message("opt-unopt-another", "opt-wrong-ven", "a VEN may cancel for another", |m| {
        if let Message::OadrCanceledOpt(canceled) = m {
            canceled.ei_response = EiResponse::ok(canceled.ei_response.request_id.as_str());
        }
    }),
    Fault::inside("opt-replaces-all", "opt-supersede", "one resource's schedule replaces all"),
    Fault::inside("opt-replaces-both", "opt-supersede", "optOut replaces optIn"),
    Fault::inside("opt-piles-up", "opt-supersede", "older schedules stay in force"),
    Fault::inside("opt-any-market", "opt-scope", "the market context is not kept"),
    Fault::inside("opt-no-class", "opt-scope", "the device class is not kept"),
    Fault::inside("opt-any-class", "opt-scope", "every device class is taken"),
    Fault::inside("opt-one-of-shared", "opt-cancel", "one schedule of a shared optID stays"),
    Fault::inside("opt-replaced-unknown", "opt-cancel", "a replaced schedule is unknown: 452"),
    Fault::inside("opt-any-known", "opt-cancel", "an optID never used is cancelled: 200"),
    Fault::inside("opt-all-of-event", "opt-event-qualify", "one resource's opt is all resources'"),
    Fault::inside("opt-ce-wins", "opt-event-qualify", "oadrCreatedEvent alone counts"),
    Fault::inside("opt-ce-lost", "opt-event-qualify", "oadrCreatedEvent counts no more"),
    Fault::inside("opt-once-modified", "opt-event-qualify", "a modification undoes oadrCreateOpt"),
    Fault::inside("opt-any-resource", "opt-event-bad", "a resource outside the event is taken"),
    Fault::inside("opt-both", "opt-event-bad", "an event and a schedule at once are taken"),
    Fault::inside("opt-neither", "opt-event-bad", "an opt of nothing is taken"),
];

/// What is known of opts.
#[derive(Default)]
pub struct Opts {
    /// In force, oldest first.
    schedules: Vec<Schedule>,
    /// Every optID that was used for a schedule, by venID.
    used: BTreeSet<(String, String)>,
    /// By venID and eventID: what oadrCreateOpt has set.
    /// With the modificationNumber it was last set for.
    events: BTreeMap<(String, String), (u32, Set)>,
}

/// By resource; `None`: all others.
type Set = BTreeMap<Option<String>, OptType>;

#[derive(Clone)]
struct Schedule {
    ven_id: String,
    opt_id: String,
    opt: OptType,
    /// Empty: all.
    resources: Vec<String>,
    device_classes: Vec<String>,
    market_context: Option<String>,
    from: Timestamp,
    until: Option<Timestamp>,
}

/// oadrCreateOpt.
pub fn create(state: &mut State, opt: OadrCreateOpt) -> OadrCreatedOpt {
    let (opt_id, request_id) = (opt.opt_id.clone(), opt.request_id.clone());
    let ei_response = match take(state, opt) {
        Ok(()) => EiResponse::ok(request_id),
        Err((code, why)) => error(code, why, &request_id),
    };
    OadrCreatedOpt::new(ei_response, opt_id)
}

type Refusal = (Code, &'static str);

fn take(state: &mut State, opt: OadrCreateOpt) -> Result<(), Refusal> {
    let classes = opt.oadr_device_class.iter().flat_map(|class| &class.end_device_asset);
    let mut known = classes.map(|asset| is_device_class(&asset.mrid));
    if !known.all(|known| known) && !state.faults.has("opt-any-class") {
        return Err((Code::InvalidData, "no such device class"));
    }
    match (&opt.qualified_event_id, &opt.vavailability) {
        (Some(_), Some(_)) if !state.faults.has("opt-both") => {
            Err((Code::NotCompliant, "both an event and a schedule"))
        }
        (Some(event), _) => take_for_event(state, &opt, event),
        (None, Some(_)) => {
            keep(state, &opt);
            Ok(())
        }
        (None, None) if state.faults.has("opt-neither") => Ok(()),
        (None, None) => Err((Code::NotCompliant, "neither an event nor a schedule")),
    }
}

/// Rules 202 to 205, 210.
fn keep(state: &mut State, opt: &OadrCreateOpt) {
    let mut schedule = Schedule {
        ven_id: opt.ven_id.clone(),
        opt_id: opt.opt_id.clone(),
        opt: opt.opt_type.clone(),
        resources: opt.ei_target.resource_id.clone(),
        device_classes: Vec::new(),
        market_context: opt.market_context.as_ref().map(|uri| uri.to_string()),
        from: state.now,
        until: None,
    };
    let classes = opt.oadr_device_class.iter().flat_map(|class| &class.end_device_asset);
    schedule.device_classes = classes.map(|asset| asset.mrid.clone()).collect();
    spoil(state, &mut schedule);
    replace(state, &schedule);
    for (from, duration) in opt.vavailability.iter().flat_map(|schedule| schedule.times()) {
        let until = duration.from(from).and_then(|span| from.checked_add(span).ok());
        let endless = duration.is_zero() && !state.faults.has("opt-zero-ends");
        let until = until.filter(|_| !endless);
        state.opts.schedules.push(Schedule { from, until, ..schedule.clone() });
    }
    state.opts.used.insert((schedule.ven_id, schedule.opt_id));
}

fn spoil(state: &State, schedule: &mut Schedule) {
    if state.faults.has("opt-some-resources") && schedule.resources.is_empty() {
        schedule.resources.push("main".to_owned());
    }
    if state.faults.has("opt-any-market") {
        schedule.market_context = None;
    }
    if state.faults.has("opt-no-class") {
        schedule.device_classes.clear();
    }
}

/// Rule 203. What is kept for fewer programmes or devices replaces only what is kept for these.
fn replace(state: &mut State, new: &Schedule) {
    let faults = state.faults;
    if faults.has("opt-piles-up") {
        return;
    }
    for old in &mut state.opts.schedules {
        let kind = old.opt == new.opt || faults.has("opt-replaces-both");
        let market = new.market_context.is_none() || new.market_context == old.market_context;
        let devices = new.device_classes.is_empty() || new.device_classes == old.device_classes;
        // Rule 204: under the optID there may be several.
        if old.ven_id != new.ven_id || !kind || !market || !devices {
            continue;
        }
        let all = new.resources.is_empty() || faults.has("opt-replaces-all");
        let before = old.resources.len();
        old.resources.retain(|own| !all && !new.resources.contains(own));
        // An old one for all resources stays for those that the new one does not name.
        if all || (before > 0 && old.resources.is_empty()) {
            old.ven_id.clear();
        }
    }
    state.opts.schedules.retain(|schedule| !schedule.ven_id.is_empty());
}

/// Rule 206.
fn take_for_event(
    state: &mut State,
    opt: &OadrCreateOpt,
    event: &QualifiedEventID,
) -> Result<(), Refusal> {
    let id = event.event_id.clone();
    let Some(targets) = event_bridge::targets_of(state, &id) else {
        return Err((Code::InvalidId, "no such event"));
    };
    if !event_bridge::always(state, &id) {
        return Err((Code::NotAllowed, "the event wants no answer"));
    }
    let mut named = opt.ei_target.resource_id.clone();
    let outside = |name: &String| !targets.is_empty() && !targets.contains(name);
    if named.iter().any(outside) && !state.faults.has("opt-any-resource") {
        return Err((Code::TargetMismatch, "not a target of the event"));
    }
    if state.faults.has("opt-all-of-event") {
        named.clear();
    }
    let (modification, set) = state.opts.events.entry((opt.ven_id.clone(), id)).or_default();
    *modification = event.modification_number;
    if named.is_empty() {
        set.clear();
        set.insert(None, opt.opt_type.clone());
    }
    set.extend(named.into_iter().map(|name| (Some(name), opt.opt_type.clone())));
    Ok(())
}

/// oadrCancelOpt. Rules 204, 208, 211.
pub fn cancel(state: &mut State, opt: OadrCancelOpt) -> OadrCanceledOpt {
    let own = |schedule: &Schedule| schedule.ven_id == opt.ven_id && schedule.opt_id == opt.opt_id;
    let in_force = state.opts.schedules.iter().any(own);
    let mut known = state.opts.used.contains(&(opt.ven_id.clone(), opt.opt_id.clone()));
    known &= in_force || !state.faults.has("opt-replaced-unknown");
    known |= state.faults.has("opt-any-known");
    if state.faults.has("opt-one-of-shared") {
        let first = state.opts.schedules.iter().position(own);
        first.map(|at| state.opts.schedules.remove(at));
    } else {
        state.opts.schedules.retain(|schedule| !own(schedule));
    }
    let ei_response = match known {
        true => EiResponse::ok(opt.request_id),
        false => error(Code::InvalidId, "no such optID", &opt.request_id),
    };
    OadrCanceledOpt::new(ei_response, opt.opt_id)
}

/// The operator's `schedules`.
pub fn schedules(state: &State, question: &Value) -> Value {
    let own = |schedule: &&Schedule| question["ven_id"] == schedule.ven_id.as_str();
    let told = |schedule: &Schedule| {
        json!({
            "opt_id": schedule.opt_id, "opt": schedule.opt.text(), "resources": schedule.resources,
            "device_classes": schedule.device_classes,
            "market_context": schedule.market_context, "from": schedule.from,
            "until": schedule.until,
        })
    };
    let found: Vec<_> = state.opts.schedules.iter().filter(own).map(told).collect();
    json!({ "schedules": found })
}

/// The operator's `opts`. Rules 16, 206: oadrCreatedEvent counts where oadrCreateOpt has set
/// nothing.
pub fn opts(state: &State, question: &Value) -> Value {
    let text = |name: &str| question[name].as_str().unwrap_or_default().to_owned();
    let (ven, event) = (text("ven_id"), text("event_id"));
    let answer = event_bridge::ce_opt(state, &ven, &event);
    let set = state.opts.events.get(&(ven, event.clone()));
    let (modification, mut set) = set.cloned().unwrap_or_default();
    let newer = event_bridge::modification(state, &event) != Some(modification);
    if state.faults.has("opt-ce-wins") || (newer && state.faults.has("opt-once-modified")) {
        set.clear();
    }
    let lost = !set.is_empty() && state.faults.has("opt-ce-lost");
    if let Some(answer) = answer.filter(|_| !lost) {
        set.entry(None).or_insert(answer);
    }
    let told = |(resource, opt): (&Option<String>, &OptType)| json!({ "resource": resource, "opt": opt.text() });
    json!({ "opts": set.iter().map(told).collect::<Vec<_>>() })
}

/// What EiOpt has to know of events.
mod event_bridge {
    use oadr_schemas::openadr::ei::OptType;
    use oadr_schemas::openadr::oadr::ResponseRequired;

    use crate::vtn::State;

    /// The resources in its eiTarget; `None`: there is no such event.
    pub fn targets_of(state: &State, event: &str) -> Option<Vec<String>> {
        let event = state.events.named(event)?;
        Some(event.content.ei_event.ei_target.resource_id.clone())
    }

    /// oadrResponseRequired is `always`.
    pub fn always(state: &State, event: &str) -> bool {
        let event = state.events.named(event);
        event.is_some_and(|one| one.content.oadr_response_required == ResponseRequired::Always)
    }

    /// Its modificationNumber.
    pub fn modification(state: &State, event: &str) -> Option<u32> {
        Some(state.events.named(event)?.content.ei_event.modification_number())
    }

    /// What the VEN said by its last oadrCreatedEvent.
    pub fn ce_opt(state: &State, ven: &str, event: &str) -> Option<OptType> {
        state.events.named(event)?.opt_of(ven).cloned()
    }
}
