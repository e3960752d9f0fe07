//! VENs: who takes part. OpenADR 2.0b Profile, EiRegisterParty, as an operator sees it.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use jiff::Timestamp;
use oadr_certs::Fingerprint;
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::input::{Asked, Given, Named, parse};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::control::{Approval, Import, Imported, OutboxState};
use crate::record::{Enrolment, Party};

/// A VEN as an operator sees it.
#[derive(Debug, Serialize)]
pub(super) struct Ven {
    #[serde(flatten)]
    party: Party,
    registered: bool,
    last_heard: Option<Timestamp>,
}

/// The groups a VEN is to be in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Groups {
    groups: BTreeSet<String>,
}

/// A certificate a VEN may speak with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificateAdded {
    fingerprint: Fingerprint,
}

type Answer<T> = Result<Json<T>, Problem>;

pub(super) async fn list(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Ven>> {
    let found = api.vtn().vens(paging.after(), paging.one_more()?)?;
    let page = paging.page(found, |party| party.id.clone())?;
    Ok(Json(page.map(|party| seen(&api, party))))
}

pub(super) async fn show(State(api): State<Api>, Named(id): Named<String>) -> Answer<Ven> {
    Ok(Json(seen(&api, api.vtn().ven(&id)?)))
}

pub(super) async fn enrol(
    State(api): State<Api>,
    Given(enrolment): Given<Enrolment>,
) -> Answer<Ven> {
    Ok(Json(seen(&api, api.vtn().enrol_ven(enrolment).await?)))
}

pub(super) async fn import(
    State(api): State<Api>,
    Given(import): Given<Import>,
) -> Answer<Imported> {
    Ok(Json(api.vtn().import_vens(&import).await?))
}

/// The body may be left out: then everything stays as it was written down.
pub(super) async fn approve(
    State(api): State<Api>,
    Named(id): Named<String>,
    body: Bytes,
) -> Answer<Ven> {
    let vtn = api.vtn();
    let approval = if body.is_empty() {
        Approval { groups: vtn.ven(&id)?.groups, ..Approval::default() }
    } else {
        parse(&body)?
    };
    Ok(Json(seen(&api, vtn.approve_ven(&id, approval).await?)))
}

pub(super) async fn bar(State(api): State<Api>, Named(id): Named<String>) -> Answer<Ven> {
    Ok(Json(seen(&api, api.vtn().bar_ven(&id).await?)))
}

/// Ends the registration: the VEN is told by its next poll.
pub(super) async fn remove(State(api): State<Api>, Named(id): Named<String>) -> Answer<Ven> {
    api.vtn().cancel_registration(&id).await?;
    Ok(Json(seen(&api, api.vtn().ven(&id)?)))
}

pub(super) async fn reregister(State(api): State<Api>, Named(id): Named<String>) -> Answer<Ven> {
    api.vtn().request_reregistration(&id).await?;
    Ok(Json(seen(&api, api.vtn().ven(&id)?)))
}

pub(super) async fn groups(
    State(api): State<Api>,
    Named(id): Named<String>,
    Given(Groups { groups }): Given<Groups>,
) -> Answer<Ven> {
    Ok(Json(seen(&api, api.vtn().set_groups(&id, groups).await?)))
}

pub(super) async fn add_certificate(
    State(api): State<Api>,
    Named(id): Named<String>,
    Given(CertificateAdded { fingerprint }): Given<CertificateAdded>,
) -> Answer<Ven> {
    Ok(Json(seen(&api, api.vtn().add_certificate(&id, fingerprint).await?)))
}

pub(super) async fn remove_certificate(
    State(api): State<Api>,
    Named((id, print)): Named<(String, String)>,
) -> Answer<Ven> {
    let print = print.parse().map_err(|error: oadr_certs::Error| {
        Problem::bad_request(error.to_string()).at("fingerprint")
    })?;
    Ok(Json(seen(&api, api.vtn().remove_certificate(&id, print).await?)))
}

pub(super) async fn outbox(
    State(api): State<Api>,
    Named(id): Named<String>,
) -> Answer<OutboxState> {
    Ok(Json(api.vtn().outbox(&id)?))
}

fn seen(api: &Api, party: Party) -> Ven {
    let last_heard = api.vtn().last_heard(&party.id);
    Ven { registered: party.is_registered(), last_heard, party }
}
