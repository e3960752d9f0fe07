//! EiOpt of the VEN in miniature. Rules 200 to 211.

use std::collections::BTreeMap;

use jiff::Timestamp;
use oadr_conformance::hook::Told;
use oadr_schemas::openadr::ei::{EiTarget, EventResponse, OptReason, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{OadrCancelOpt, OadrCreateOpt, OadrCreatedEvent};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::{DateTime, Duration};
use serde_json::{Value, json};

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::text("tolerance", "opt-send-schedule", "a schedule has a tolerance", |text| {
        if !text.contains("oadrCreateOpt") {
            return text;
        }
        let extra = "<xcal:tolerance><xcal:tolerate><xcal:startafter>PT5M</xcal:startafter>\
                     </xcal:tolerate></xcal:tolerance></xcal:properties>";
        text.replace("</xcal:properties>", extra)
    }),
    Fault::message("empty-class", "opt-send-schedule", "oadrDeviceClass is empty", |message| {
        if let Message::OadrCreateOpt(opt) = message {
            opt.oadr_device_class = Some(EiTarget::default());
        }
    }),
    Fault::message("no-schedule", "opt-send-schedule", "vavailability is left out", |message| {
        if let Message::OadrCreateOpt(opt) = message {
            opt.vavailability = None;
        }
    }),
    Fault::message("other-ven", "opt-send-schedule", "the venID is another's", |message| {
        if let Message::OadrCreateOpt(opt) = message {
            opt.ven_id = "somebody".to_owned();
        }
    }),
    Fault::message("no-opt-id", "opt-send-schedule", "the optID is empty", |message| {
        if let Message::OadrCreateOpt(opt) = message {
            opt.opt_id = String::new();
        }
    }),
    Fault::message("with-market", "opt-send-event", "an event's opt has a market", |message| {
        if let Message::OadrCreateOpt(opt) = message {
            opt.market_context = Some(oadr_schemas::xml::Uri::new("http://m.example/"));
        }
    }),
    Fault::inside("cancels-event-opt", "opt-send-event", "a reverted opt is cancelled"),
    Fault::inside("opts-out-all", "opt-send-event", "one resource is meant, all are told"),
    Fault::inside("keeps-the-opt", "opt-send-event", "the VTN is not told"),
    Fault::inside("answers-under-own-id", "opt-send-event", "a second answer has an ID of its own"),
    Fault::inside("answers-in", "opt-send-event", "a second answer says optIn for optOut"),
];

/// What is known of opts.
#[derive(Default)]
pub struct Opts {
    /// The last opt of an event, by eventID.
    pub of_event: BTreeMap<String, String>,
    /// How many there were, for optIDs.
    pub count: usize,
}

/// The answer to the question `opt_schedule`.
pub async fn schedule(state: &mut State, question: &Value) -> Told {
    let from: Option<Timestamp> = question["from"].as_str().and_then(|text| text.parse().ok());
    let Some(from) = from else { return Told::Failed("no from".to_owned()) };
    let length = question["duration_s"].as_u64().and_then(|s| u32::try_from(s).ok()).unwrap_or(0);
    let Some(bare) = bare(state, question) else { return not_registered() };
    let stretch = [(from, Duration::from_seconds(length))];
    let opt_id = bare.opt_id.clone();
    state.owe(OadrCreateOpt { vavailability: Some(stretch.into_iter().collect()), ..bare }).await;
    Told::Ok(json!({ "opt_id": opt_id }))
}

/// The answer to the question `opt_event`. Rule 211: an opt of an event is followed by another,
/// and never cancelled.
pub async fn event(state: &mut State, question: &Value) -> Told {
    let id = question["event_id"].as_str().unwrap_or_default();
    let Some(known) = state.events.known.get(id) else {
        return Told::Refused(format!("no event {id}"));
    };
    let qualified = QualifiedEventID::new(id, known.event.modification_number());
    let Some(mut bare) = bare(state, question) else { return not_registered() };
    if state.faults.has("keeps-the-opt") {
        return Told::done();
    }
    if state.faults.has("opts-out-all") {
        bare.ei_target = EiTarget::recipient();
    }
    if state.faults.has("cancels-event-opt")
        && let Some(opt_id) = state.opts.of_event.get(id).cloned()
    {
        return cancel(state, &opt_id).await;
    }
    if state.faults.has("answers-under-own-id") || state.faults.has("answers-in") {
        let opt = if state.faults.has("answers-in") { OptType::OptIn } else { bare.opt_type };
        let answer = EventResponse::new(qualified, opt, Code::Ok, "own");
        state.owe(OadrCreatedEvent::answering(bare.ven_id, vec![answer])).await;
        return Told::done();
    }
    state.opts.of_event.insert(id.to_owned(), bare.opt_id.clone());
    state.owe(OadrCreateOpt { qualified_event_id: Some(qualified), ..bare }).await;
    Told::done()
}

/// The answer to the question `cancel_opt`.
pub async fn cancel(state: &mut State, opt_id: &str) -> Told {
    let Some(ven_id) = state.registration.ven_id.clone() else { return not_registered() };
    let (schema_version, opt_id) = (None, opt_id.to_owned());
    let request_id = format!("cancel-{opt_id}");
    state.owe(OadrCancelOpt { schema_version, request_id, opt_id, ven_id }).await;
    Told::done()
}

/// oadrCreateOpt with neither a schedule nor an event.
fn bare(state: &mut State, question: &Value) -> Option<OadrCreateOpt> {
    let ven_id = state.registration.ven_id.clone()?;
    let resources = question["resources"].as_array().into_iter().flatten();
    let resources: Vec<_> = resources.filter_map(Value::as_str).collect();
    state.opts.count += 1;
    let opt_id = format!("opt-{}", state.opts.count);
    Some(OadrCreateOpt {
        schema_version: None,
        request_id: format!("create-{opt_id}"),
        opt_id,
        opt_type: if question["opt"] == "optOut" { OptType::OptOut } else { OptType::OptIn },
        opt_reason: OptReason::Economic,
        market_context: None,
        vavailability: None,
        created_date_time: DateTime(state.now),
        qualified_event_id: None,
        ei_target: match resources.is_empty() {
            true => EiTarget::ven(ven_id.as_str()),
            false => EiTarget::resources(resources),
        },
        oadr_device_class: None,
        ven_id,
    })
}

fn not_registered() -> Told {
    Told::Refused("not registered".to_owned())
}
