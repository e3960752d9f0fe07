//! The VTN in miniature posts to PUSH VENs. Rules 38, 51.

use std::sync::Arc;

use oadr_certs::Thumbprint;
use oadr_certs::tls::{ClientSettings, NameCheck, Pin, client_config};
use oadr_conformance::wire::client::{Address, Caller};
use oadr_schemas::exchange::openadr_table;
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;

use super::{Model, State, event, poll, register_party, report, report_own, signature, wire};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("push-never", "reg-create-push", "nothing is posted to PUSH VENs"),
    Fault::inside("push-elsewhere", "reg-create-push", "metadata are posted to EiEvent"),
    Fault::inside("push-no-events", "event-push-delivery", "events are not posted"),
    Fault::inside("push-wants-an-answer", "event-push-delivery", "an empty 200 stops deliveries"),
    Fault::message(
        "push-no-request-id",
        "event-push-delivery",
        "the requestID of a list of events is empty",
        |message| {
            if let Message::OadrDistributeEvent(list) = message {
                list.request_id.clear();
            }
        },
    ),
    Fault::http(
        "push-untyped",
        "event-push-delivery",
        "requests have no Content-Type",
        |message| message.headers.retain(|(name, _)| name != "Content-Type"),
    ),
    Fault::http("push-compressed", "event-push-delivery", "requests are compressed", |message| {
        if message.start.starts_with("POST") {
            wire::pack(message);
        }
    }),
];

/// What is to be posted to whom.
struct Parcel {
    ven_id: String,
    thumbprint: String,
    address: String,
    message: Message,
}

/// Posts what waits for PUSH VENs, in turn; what cannot be delivered waits on.
pub async fn deliver(model: &Model) {
    let first = pick(&mut model.state());
    let mut next = first;
    while let Some(parcel) = next {
        if !post(model, &parcel).await {
            let mut state = model.state();
            if let Some(own) = state.parties.ven(&parcel.ven_id) {
                own.queue.push_front(parcel.message);
            }
            return;
        }
        next = pick(&mut model.state());
    }
}

fn pick(state: &mut State) -> Option<Parcel> {
    let silent = state.faults.has("push-never");
    let eventless = state.faults.has("push-no-events");
    let mut found = state.parties.by_print.iter_mut().filter_map(|(print, party)| {
        let own = party.registration.as_mut().filter(|own| !own.pull && !silent)?;
        own.queue.retain(|one| !eventless || !matches!(one, Message::OadrDistributeEvent(_)));
        let (address, message) =
            (own.address.clone().filter(|to| !to.contains('@'))?, own.queue.pop_front()?);
        Some(Parcel { ven_id: own.ven_id.clone(), thumbprint: print.clone(), address, message })
    });
    let mut parcel = found.next()?;
    if let Message::OadrDistributeEvent(_) = parcel.message {
        // Listed as it is now, not as it was when it was put there.
        parcel.message = event::list(state, &parcel.ven_id).into();
    }
    Some(parcel)
}

/// Whether it was delivered, and what was answered taken in.
async fn post(model: &Model, parcel: &Parcel) -> bool {
    let (Ok(address), Ok(print)) =
        (Address::parse(&parcel.address), parcel.thumbprint.parse::<Thumbprint>())
    else {
        return false;
    };
    let mut settings = ClientSettings::new(model.0.identity.clone(), model.0.roots.clone());
    settings.server_pin = Some(Pin::Thumbprint(print));
    settings.names = NameCheck::PinOnly;
    let Ok(config) = client_config(settings) else { return false };
    let (path, text) = written(&mut model.state(), parcel, &address.prefix);
    let text = signature::written(model, text, &parcel.thumbprint).await;
    let mut caller = Caller::new(address, Arc::clone(&config));
    let mut request = caller.post(&path, text.into_bytes());
    model.0.faults.http(&mut request);
    let Ok(answer) = caller.call(&request).await else { return false };
    if answer.status() != Some(200) {
        return false;
    }
    let mut state = model.state();
    if answer.body.is_empty()
        && state.faults.has("push-wants-an-answer")
        && let Some(own) = state.parties.ven(&parcel.ven_id)
    {
        own.pull = true;
    }
    if let Ok(received) = openadr::decode(&answer.body, &Limits::reports()) {
        take_in(&mut state, received.message);
    }
    true
}

/// The path and the document.
fn written(state: &mut State, parcel: &Parcel, prefix: &str) -> (String, String) {
    let row = openadr_table::pairing_of(&parcel.message);
    let service = row.map_or("EiEvent", |row| row.service.name());
    let service = if state.faults.has("push-elsewhere") { "EiEvent" } else { service };
    let mut message = parcel.message.clone();
    state.faults.message(&mut message);
    let text = openadr::encode(message, None);
    (format!("{prefix}OpenADR2/Simple/2.0b/{service}"), state.faults.text(text))
}

/// What a PULL VEN would have posted as a late answer.
fn take_in(state: &mut State, answer: Message) {
    match answer {
        Message::OadrCanceledPartyRegistration(m) => drop(register_party::canceled(state, m)),
        Message::OadrRegisteredReport(m) => drop(report_own::registered(state, m)),
        Message::OadrCreatedReport(m) => drop(report::created(state, m)),
        Message::OadrCanceledReport(m) => drop(report::canceled(state, m)),
        Message::OadrResponse(m) => drop(poll::response(state, m)),
        _ => {}
    }
}
