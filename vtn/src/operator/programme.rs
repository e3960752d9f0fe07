//! Programmes and groups of VENs, as an operator sees them.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::api::Api;
use super::input::{Asked, Given, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::control::Movement;
use crate::record::{Group, GroupDraft, Programme, ProgrammeDraft};

/// A VEN of a group.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    ven: String,
}

type Answer<T> = Result<Json<T>, Problem>;

pub(super) async fn list(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Programme>> {
    let found = api.vtn().programmes(paging.after(), paging.one_more()?)?;
    Ok(Json(paging.page(found, |programme| programme.market_context.clone())?))
}

pub(super) async fn show(State(api): State<Api>, Named(uri): Named<String>) -> Answer<Programme> {
    Ok(Json(api.vtn().programme(&uri)?))
}

pub(super) async fn put(
    State(api): State<Api>,
    Named(uri): Named<String>,
    Given(draft): Given<ProgrammeDraft>,
) -> Answer<Programme> {
    Ok(Json(api.vtn().put_programme(&uri, draft).await?))
}

/// Gives what it was.
pub(super) async fn remove(State(api): State<Api>, Named(uri): Named<String>) -> Answer<Programme> {
    Ok(Json(api.vtn().remove_programme(&uri).await?))
}

pub(super) async fn groups(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Group>> {
    let found = api.vtn().groups(paging.after(), paging.one_more()?)?;
    Ok(Json(paging.page(found, |group| group.id.clone())?))
}

pub(super) async fn group(State(api): State<Api>, Named(id): Named<String>) -> Answer<Group> {
    Ok(Json(api.vtn().group(&id)?))
}

pub(super) async fn put_group(
    State(api): State<Api>,
    Named(id): Named<String>,
    Given(draft): Given<GroupDraft>,
) -> Answer<Group> {
    Ok(Json(api.vtn().put_group(&id, draft).await?))
}

/// Gives what it was.
pub(super) async fn remove_group(
    State(api): State<Api>,
    Named(id): Named<String>,
) -> Answer<Group> {
    Ok(Json(api.vtn().remove_group(&id).await?))
}

pub(super) async fn members(
    State(api): State<Api>,
    Named(id): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Member>> {
    let found = api.vtn().group_members(&id, paging.after(), paging.one_more()?)?;
    Ok(Json(paging.page(found, String::clone)?.map(|ven| Member { ven })))
}

pub(super) async fn move_members(
    State(api): State<Api>,
    Named(id): Named<String>,
    Given(movement): Given<Movement>,
) -> Answer<Group> {
    Ok(Json(api.vtn().move_members(&id, &movement).await?))
}
