//! EiRegisterParty. OpenADR 2.0b Profile, section 8.5 and rules 400 to 407.
//!
//! A PUSH VEN is registered with its address (rule 38); what waits for it is posted there
//! ([`crate::push`]).

use oadr_platform::aggregator::Notice;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::check_registration;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCreatePartyRegistration,
    OadrCreatedPartyRegistration, OadrProfile, OadrProfile2, OadrProfiles, OadrQueryRegistration,
    OadrResponse, OadrTransport, OadrTransport2, OadrTransports,
};
use oadr_store::{Batch, Keys};
use oadr_transport::BaseUrl;

use crate::context::Context;
use crate::error::Error;
use crate::event::join;
use crate::ids::short;
use crate::record::{Due, Item, Party, Registration};
use crate::settings::Settings;
use crate::tables::{DUE, LIVE, METADATA, PARTIES};
use crate::{outbox, report, unit};

/// Tells what this VTN speaks, before anything is registered. Rule 404.
///
/// # Errors
/// None of its own.
pub(crate) async fn query_registration(
    cx: &Context<'_>,
    query: &OadrQueryRegistration,
) -> Result<OadrCreatedPartyRegistration, Error> {
    Ok(created(cx.settings, &query.request_id, &cx.party))
}

/// Registers a VEN, anew or again. Rules 402, 403, 406.
///
/// # Errors
/// 452 if the registrationID is not the one in force (rule 400); 459 if something is missing
/// (rule 402), 454 if it cannot be kept; 469 for a profile or transport that is not served here.
pub(crate) async fn create_party_registration(
    cx: &Context<'_>,
    create: &OadrCreatePartyRegistration,
) -> Result<OadrCreatedPartyRegistration, Error> {
    let asked = registration_asked(create)?;
    let mut batch = Batch::new();
    let current = cx.party.registration.as_ref();
    let renews = match (create.registration_id.as_deref().filter(|id| !id.is_empty()), current) {
        // Rule 400: 452 on mismatch.
        (Some(id), Some(current)) if id == current.id => true,
        (Some(_), _) => return Err(Error::invalid_id(400, "registrationID")),
        (None, _) => false,
    };
    if let Some(current) = current
        && !renews
        && is_repetition(cx, current, &asked, create)?
    {
        // A crash may have come between the record and the notice: again, then.
        cx.tell(Notice::Registered { party: cx.party_id() }).await;
        return Ok(created(cx.settings, &create.request_id, &cx.party));
    }
    let asked_for = outbox::answered(&cx.view, &mut batch, cx.ven(), is_reregistration)?.is_some();
    // Rule 406: unless the VTN asked for it, a new registration starts over.
    let keeps = renews || (asked_for && current.is_some());
    let id = match current {
        Some(current) if keeps => current.id.clone(),
        _ => cx.ids.make(),
    };
    let registration = Registration { id, at: cx.now, asked_for: asked_for && !renews, ..asked };
    let party = Party {
        name: cx.party.name.clone().or_else(|| registration.ven_name.clone()),
        registration: Some(registration),
        cancelled_registration: None,
        ..Party::clone(&cx.party)
    };
    PARTIES.swap(&mut batch, cx.ven(), &cx.party, &party)?;
    if !keeps {
        start_over(cx, &mut batch)?;
    }
    rejoin(cx, &mut batch, &party)?;
    cx.commit(batch).await?;
    cx.tell(Notice::Registered { party: cx.party_id() }).await;
    Ok(created(cx.settings, &create.request_id, &party))
}

/// Ends a registration, as the VEN wishes. Rule 407.
///
/// # Errors
/// 452 if the registrationID is not the one in force (rule 400).
pub(crate) async fn cancel_party_registration(
    cx: &Context<'_>,
    cancel: &OadrCancelPartyRegistration,
) -> Result<OadrCanceledPartyRegistration, Error> {
    let id = &cancel.registration_id;
    match &cx.party.registration {
        Some(current) if current.id == *id => end(cx, id).await?,
        // The same again: done already.
        None if cx.party.cancelled_registration.as_ref() == Some(id) => {
            cx.tell(Notice::Unregistered { party: cx.party_id() }).await;
        }
        _ => return Err(Error::invalid_id(400, "registrationID")),
    }
    Ok(OadrCanceledPartyRegistration {
        schema_version: None,
        ei_response: EiResponse::ok(cancel.request_id.as_str()),
        registration_id: Some(id.clone()),
        ven_id: Some(cx.ven().to_owned()),
    })
}

/// The VEN has heard that its registration is over. Rules 401, 407. An answer to nothing is as good
/// as one that came twice.
///
/// # Errors
/// 452 if it names another registrationID than the one in force or the one that ended (rule 400).
pub(crate) async fn canceled_party_registration(
    cx: &Context<'_>,
    canceled: &OadrCanceledPartyRegistration,
) -> Result<OadrResponse, Error> {
    let answer = &canceled.ei_response;
    let ours = [
        cx.party.registration.as_ref().map(|current| current.id.as_str()),
        cx.party.cancelled_registration.as_deref(),
    ];
    let named = canceled.registration_id.as_deref().filter(|id| !id.is_empty());
    if named.is_some() && !ours.contains(&named) {
        return Err(Error::invalid_id(400, "registrationID"));
    }
    let mut batch = Batch::new();
    let cancels = |item: &Item| match item {
        Item::CancelPartyRegistration { request_id, .. } => {
            answer.request_id.is_empty() || answer.request_id == *request_id
        }
        _ => false,
    };
    let outstanding = outbox::answered(&cx.view, &mut batch, cx.ven(), cancels)?;
    if let Some(Item::CancelPartyRegistration { registration_id, .. }) = outstanding {
        if !answer.is_ok() {
            let code = answer.response_code.value();
            tracing::warn!(party = cx.ven(), code, "the VEN did not like its cancellation");
        }
        end(cx, &registration_id).await?;
    }
    Ok(OadrResponse::ok(answer.request_id.as_str()).with_ven_id(cx.ven()))
}

/// Forgets the registration, what was offered and asked for, and what waits.
async fn end(cx: &Context<'_>, registration_id: &str) -> Result<(), Error> {
    let mut batch = Batch::new();
    let party = Party {
        registration: None,
        cancelled_registration: Some(registration_id.to_owned()),
        ..Party::clone(&cx.party)
    };
    PARTIES.swap(&mut batch, cx.ven(), &cx.party, &party)?;
    forget(cx, &mut batch)?;
    rejoin(cx, &mut batch, &party)?;
    cx.commit(batch).await?;
    cx.tell(Notice::Unregistered { party: cx.party_id() }).await;
    Ok(())
}

/// Rule 406: registration and report data are wiped. Rules 301, 309: then this VTN's own
/// metadata come first of all, then events (405).
fn start_over(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Error> {
    forget(cx, batch)?;
    let item = Item::RegisterReport { request_id: cx.ids.make(), report_request_id: None };
    outbox::restart(&cx.view, batch, cx.ven(), (item, cx.now))?;
    if !LIVE.range(&cx.view, Keys::of((cx.ven(),)).limit(1))?.is_empty() {
        DUE.put(batch, cx.ven(), &Due { at: cx.now, tries: 0 })?;
    }
    Ok(())
}

/// Events are on the list of a VEN that became a full one, and off that of one that became a
/// Report Only VEN, which is not told so: it has no EiEvent.
fn rejoin(cx: &Context<'_>, batch: &mut Batch, party: &Party) -> Result<(), Error> {
    if party.takes_events() == cx.party.takes_events() {
        return Ok(());
    }
    join(&cx.view, batch, party, cx.now)?;
    if !party.takes_events() {
        DUE.delete(batch, cx.ven());
    }
    Ok(())
}

fn forget(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Error> {
    report::wipe(&cx.view, batch, cx.ven())?;
    outbox::drop_if(&cx.view, batch, cx.ven(), |_| true)?;
    DUE.delete(batch, cx.ven());
    Ok(())
}

/// Whether this is the last registration's request once more, its reply having been lost: the
/// same words, and the VEN has not gone on since. Where the VTN had asked for it, nothing was wiped
/// that would tell: then the time for an answer does. Everything else is a VEN that starts over.
fn is_repetition(
    cx: &Context<'_>,
    current: &Registration,
    asked: &Registration,
    create: &OadrCreatePartyRegistration,
) -> Result<bool, Error> {
    let same =
        Registration { id: String::new(), at: asked.at, asked_for: false, ..current.clone() };
    let same = same == *asked && !create.request_id.is_empty();
    if current.asked_for && cx.now.duration_since(current.at) <= cx.settings.limits.answer_within {
        return Ok(same);
    }
    let untouched = METADATA.range(&cx.view, Keys::of((cx.ven(),)).limit(1))?.is_empty()
        && matches!(outbox::head(&cx.view, cx.ven())?, Some(Item::RegisterReport { .. }));
    Ok(same && untouched)
}

/// What the request says, without an ID yet.
fn registration_asked(create: &OadrCreatePartyRegistration) -> Result<Registration, Error> {
    check_registration(create)?;
    if create.oadr_profile_name != OadrProfile::V20b
        || create.oadr_transport_name != OadrTransport::SimpleHttp
    {
        let what = "only profile 2.0b over simpleHttp is served here";
        return Err(Error::rule(403, Code::NotDeployed, what));
    }
    let name = create.oadr_ven_name.clone().filter(|name| !name.trim().is_empty());
    short(402, "oadrVenName", name.as_deref().unwrap_or_default())?;
    short(402, "requestID", &create.request_id)?;
    // Rule 402 above: simpleHttp says whether it pulls, and where it is if it does not.
    let pull = create.oadr_http_pull_model.unwrap_or(true);
    let address = create.oadr_transport_address.clone().filter(|text| !text.trim().is_empty());
    short(402, "oadrTransportAddress", address.as_deref().unwrap_or_default())?;
    if let Some(text) = address.as_deref().filter(|_| !pull) {
        text.parse::<BaseUrl>().map_err(|_| {
            Error::rule(402, Code::InvalidData, "oadrTransportAddress is not an address")
        })?;
    }
    Ok(Registration {
        id: String::new(),
        at: jiff::Timestamp::UNIX_EPOCH,
        request_id: create.request_id.clone(),
        pull,
        address,
        report_only: create.oadr_report_only,
        xml_signature: create.oadr_xml_signature,
        ven_name: name,
        asked_for: false,
    })
}

/// Rule 403: IDs and poll interval for a VEN that is registered. Rule 404: neither for one that
/// is not.
fn created(settings: &Settings, request_id: &str, party: &Party) -> OadrCreatedPartyRegistration {
    let registration = party.registration.as_ref();
    let poll = unit::duration(settings.poll_every).map(Into::into);
    OadrCreatedPartyRegistration {
        schema_version: None,
        ei_response: EiResponse::ok(request_id),
        registration_id: registration.map(|registration| registration.id.clone()),
        ven_id: registration.map(|_| party.id.clone()),
        vtn_id: settings.vtn_id.clone(),
        oadr_profiles: profiles(),
        oadr_requested_oadr_poll_freq: poll,
        oadr_service_specific_info: None,
        oadr_extensions: None,
    }
}

/// What is served here, no more: 2.0b over simple HTTP.
pub(crate) fn profiles() -> OadrProfiles {
    let oadr_transport_name = OadrTransport::SimpleHttp;
    let oadr_transport = vec![OadrTransport2 { oadr_transport_name }];
    let oadr_profile_name = OadrProfile::V20b;
    let oadr_transports = OadrTransports { oadr_transport };
    OadrProfiles { oadr_profile: vec![OadrProfile2 { oadr_profile_name, oadr_transports }] }
}

fn is_reregistration(item: &Item) -> bool {
    matches!(item, Item::RequestReregistration)
}
