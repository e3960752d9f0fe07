//! Registering with the VTN, again when it asks, and leaving when it says so.
//! OpenADR 2.0b Profile, 8.4, rules 400 to 407, 463 of rule 517.

use std::time::Duration;

use jiff::Timestamp;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCreatePartyRegistration,
    OadrCreatedPartyRegistration, OadrProfile, OadrQueryRegistration, OadrResponse, OadrTransport,
};
use oadr_schemas::openadr::{Code, ei::EiResponse};
use oadr_store::{Batch, Keys, Store};

use crate::context::{Context, Trouble, exact};
use crate::outbox;
use crate::service::poll::refuse;
use crate::service::report;
use crate::tables::{EVENTS, ONLY, REQUESTS, Registration, STANDING, Standing};

/// Registers anew: first of all traffic (rule 405), without a registrationID (rule 402).
/// The metadata (rule 309) and the fetching of events (rule 405) are owed from then on.
///
/// # Errors
/// [`Trouble::NotRegistered`] with what the VTN said.
pub(crate) async fn register(cx: &mut Context<'_>) -> Result<(), Trouble> {
    if cx.settings.query_first {
        query(cx).await?;
    }
    let request_id = cx.fresh_id();
    let request = request(cx, request_id, cx.settings.ven_id.clone(), None);
    let created = cx.ask(request).await.map_err(refused)?;
    let registration = taken(cx, created)?;
    tracing::info!(ven_id = registration.ven_id, vtn_id = registration.vtn_id, "registered");
    let mut batch = Batch::new();
    // Rule 406: the VTN has wiped what it had of us; what we owe is owed to nobody.
    outbox::clear(cx, &mut batch)?;
    drop_requests(cx, &mut batch)?;
    let metadata = report::metadata(cx, &registration.ven_id, None);
    outbox::push(cx, &mut batch, metadata)?;
    STANDING.put(&mut batch, ONLY, &Standing::In(registration))?;
    Ok(cx.store.commit(batch).await?)
}

/// Registers again with both IDs (rule 402); metadata and events stay as they are.
pub(crate) async fn register_again(cx: &mut Context<'_>, old: Registration) -> Result<(), Trouble> {
    let request_id = cx.fresh_id();
    let (ven_id, registration_id) = (Some(old.ven_id.clone()), Some(old.registration_id.clone()));
    let request = request(cx, request_id, ven_id, registration_id);
    let created = cx.ask(request).await.map_err(refused)?;
    let fresh = taken(cx, created)?;
    let registration = Registration { events_due: old.events_due, ..fresh };
    tracing::info!(ven_id = registration.ven_id, "registered again");
    let mut batch = Batch::new();
    STANDING.put(&mut batch, ONLY, &Standing::In(registration))?;
    Ok(cx.store.commit(batch).await?)
}

/// oadrRequestReregistration: owes the answer, then the registration. Rule 401.
pub(crate) async fn renew(cx: &mut Context<'_>) -> Result<(), Trouble> {
    let registration = Registration { renew: true, ..cx.registration()? };
    let answer = OadrResponse::ok("").with_ven_id(registration.ven_id.clone());
    let mut batch = Batch::new();
    outbox::push(cx, &mut batch, answer)?;
    STANDING.put(&mut batch, ONLY, &Standing::In(registration))?;
    Ok(cx.store.commit(batch).await?)
}

/// oadrCancelPartyRegistration: owes the answer, after which nothing is left. Rules 400, 407.
pub(crate) async fn cancel(
    cx: &mut Context<'_>,
    cancel: OadrCancelPartyRegistration,
) -> Result<(), Trouble> {
    let registration = Registration { leaving: true, ..cx.registration()? };
    if cancel.registration_id != registration.registration_id {
        let words = "this registrationID is not the one in force here";
        return refuse(cx, &cancel.into(), Code::InvalidId, words).await;
    }
    let answer = OadrCanceledPartyRegistration {
        schema_version: None,
        ei_response: EiResponse::ok(cancel.request_id),
        registration_id: Some(cancel.registration_id),
        ven_id: Some(registration.ven_id.clone()),
    };
    let mut batch = Batch::new();
    outbox::push(cx, &mut batch, answer)?;
    STANDING.put(&mut batch, ONLY, &Standing::In(registration))?;
    Ok(cx.store.commit(batch).await?)
}

/// Adds to the batch: the VTN has our word that its cancellation is done. Registration,
/// report requests and events go (rule 407); the site is released.
pub(crate) fn farewell_said(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Trouble> {
    tracing::info!("the VTN cancelled the registration");
    let wait = cx.settings.register_again_after;
    let not_before = wait.and_then(|wait| cx.now.checked_add(wait).ok());
    STANDING.put(batch, ONLY, &Standing::Out { not_before })?;
    outbox::clear(cx, batch)?;
    drop_requests(cx, batch)?;
    for (id, _) in EVENTS.range(cx.store, Keys::all())? {
        EVENTS.delete(batch, id);
    }
    Ok(())
}

/// The VTN does not know us (463, rule 517): register anew, after `wait`. Events go on until
/// the VTN, asked again, says otherwise.
pub(crate) async fn forget(cx: &Context<'_>, wait: Duration) -> Result<(), oadr_store::Error> {
    let mut batch = Batch::new();
    let not_before = cx.now.checked_add(wait).ok();
    STANDING.put(&mut batch, ONLY, &Standing::Out { not_before })?;
    cx.store.commit(batch).await
}

/// Rule 401: powered up, a VEN that is not registered tries at once, whatever it was waiting for;
/// but not one that is to stay away.
pub(crate) async fn powered_up(store: &Store, now: Timestamp) -> Result<(), oadr_store::Error> {
    if let Some(Standing::Out { not_before: Some(at) }) = STANDING.get(store, ONLY)?
        && at > now
    {
        let mut batch = Batch::new();
        STANDING.put(&mut batch, ONLY, &Standing::Out { not_before: Some(now) })?;
        store.commit(batch).await?;
    }
    Ok(())
}

/// Asks what the VTN offers (rule 404).
async fn query(cx: &mut Context<'_>) -> Result<(), Trouble> {
    let request = OadrQueryRegistration { schema_version: None, request_id: cx.fresh_id() };
    let offer = cx.ask(request).await.map_err(refused)?;
    let fits = offer.oadr_profiles.oadr_profile.iter().any(|profile| {
        let transports = &profile.oadr_transports.oadr_transport;
        profile.oadr_profile_name == OadrProfile::V20b
            && transports.iter().any(|t| t.oadr_transport_name == OadrTransport::SimpleHttp)
    });
    if !fits {
        let told = "the VTN does not offer profile 2.0b over simpleHttp".to_owned();
        return Err(Trouble::NotRegistered(told));
    }
    Ok(())
}

fn request(
    cx: &Context<'_>,
    request_id: String,
    ven_id: Option<String>,
    registration_id: Option<String>,
) -> OadrCreatePartyRegistration {
    OadrCreatePartyRegistration {
        schema_version: None,
        request_id,
        registration_id,
        ven_id,
        oadr_profile_name: OadrProfile::V20b,
        oadr_transport_name: OadrTransport::SimpleHttp,
        oadr_transport_address: cx.settings.push_to.clone(),
        oadr_report_only: false,
        oadr_xml_signature: false,
        oadr_ven_name: Some(cx.settings.name.clone()),
        oadr_http_pull_model: Some(cx.settings.push_to.is_none()),
    }
}

/// The registration that the VTN grants (rule 403).
fn taken(cx: &Context<'_>, created: OadrCreatedPartyRegistration) -> Result<Registration, Trouble> {
    let missing = |what: &str| Trouble::NotRegistered(format!("the VTN gave no {what} (rule 403)"));
    let wanted = created.oadr_requested_oadr_poll_freq.map(exact).filter(|every| !every.is_zero());
    let poll_every = wanted.unwrap_or(cx.settings.poll_by_default);
    Ok(Registration {
        ven_id: created.ven_id.ok_or_else(|| missing("venID"))?,
        vtn_id: created.vtn_id,
        registration_id: created.registration_id.ok_or_else(|| missing("registrationID"))?,
        poll_every: poll_every.max(cx.settings.poll_at_least_every),
        push_to: cx.settings.push_to.clone(),
        since: cx.now,
        events_due: true,
        renew: false,
        leaving: false,
    })
}

/// No refusal of a registration is final: the operator may let us in.
fn refused(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Refused(told) => Trouble::NotRegistered(told),
        other => other,
    }
}

fn drop_requests(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Trouble> {
    for (id, _) in REQUESTS.range(cx.store, Keys::all())? {
        REQUESTS.delete(batch, id);
    }
    Ok(())
}
