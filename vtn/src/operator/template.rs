//! Templates of events, as an operator sees them.

use axum::Json;
use axum::extract::State;

use super::api::Api;
use super::event::{OfVersion, one};
use super::header::OnceOnly;
use super::input::{Asked, Given, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::control::Occasion;
use crate::record::{Template, TemplateDraft};

type Answer<T> = Result<Json<T>, Problem>;

pub(super) async fn list(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Template>> {
    let found = api.vtn().templates(paging.after(), paging.one_more()?)?;
    Ok(Json(paging.page(found, |template| template.name.clone())?))
}

pub(super) async fn show(State(api): State<Api>, Named(name): Named<String>) -> Answer<Template> {
    Ok(Json(api.vtn().template(&name)?))
}

pub(super) async fn put(
    State(api): State<Api>,
    Named(name): Named<String>,
    Given(draft): Given<TemplateDraft>,
) -> Answer<Template> {
    Ok(Json(api.vtn().put_template(&name, draft).await?))
}

/// Gives what it was.
pub(super) async fn remove(State(api): State<Api>, Named(name): Named<String>) -> Answer<Template> {
    Ok(Json(api.vtn().remove_template(&name).await?))
}

pub(super) async fn create_event(
    State(api): State<Api>,
    Named(name): Named<String>,
    OnceOnly(request): OnceOnly,
    Given(occasion): Given<Occasion>,
) -> OfVersion {
    one(&api, api.vtn().create_event_of_once(request.as_ref(), &name, occasion).await?)
}
