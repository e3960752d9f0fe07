//! Events. OpenADR 2.0b Profile, EiEvent, as an operator sees it.

use axum::Json;
use axum::extract::State;
use oadr_platform::opt::Opt;
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::header::{IfMatch, OnceOnly, Tagged, tagged};
use super::input::{Asked, Given, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::record::{Delivery, Event, EventDraft};

/// An event with where it stands now.
#[derive(Debug, Serialize)]
pub(super) struct Seen {
    #[serde(flatten)]
    event: Event,
    status: String,
    version: String,
}

/// New content for an event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Modification {
    draft: EventDraft,
    #[serde(default)]
    reason: Option<String>,
}

/// Why an event is cancelled.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancellation {
    reason: Option<String>,
}

/// What a VEN got of an event and said.
#[derive(Debug, Serialize)]
pub(super) struct Reply {
    ven: String,
    opt: Option<Opt>,
    answered: bool,
    delivery: Delivery,
}

type Answer<T> = Result<Json<T>, Problem>;
pub(super) type OfVersion = Result<Tagged<Seen>, Problem>;

pub(super) async fn list(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Seen>> {
    let found = api.vtn().events(paging.after(), paging.one_more()?)?;
    let page = paging.page(found, |event| event.id.clone())?;
    Ok(Json(page.try_map(|event| seen(&api, event))?))
}

pub(super) async fn show(State(api): State<Api>, Named(id): Named<String>) -> OfVersion {
    one(&api, api.vtn().event(&id)?)
}

pub(super) async fn create(
    State(api): State<Api>,
    OnceOnly(request): OnceOnly,
    Given(draft): Given<EventDraft>,
) -> OfVersion {
    one(&api, api.vtn().create_event_once(request.as_ref(), draft).await?)
}

pub(super) async fn modify(
    State(api): State<Api>,
    Named(id): Named<String>,
    IfMatch(expected): IfMatch,
    Given(Modification { draft, reason }): Given<Modification>,
) -> OfVersion {
    one(&api, api.vtn().modify_event_if((&id, &expected), draft, reason).await?)
}

pub(super) async fn cancel(
    State(api): State<Api>,
    Named(id): Named<String>,
    IfMatch(expected): IfMatch,
    Asked(Cancellation { reason }): Asked<Cancellation>,
) -> OfVersion {
    one(&api, api.vtn().cancel_event_if((&id, &expected), reason).await?)
}

pub(super) async fn answers(
    State(api): State<Api>,
    Named(id): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Reply>> {
    let page = paging.cut(api.vtn().event_answers(&id)?, |reply| reply.ven.clone())?;
    Ok(Json(page.map(|reply| Reply {
        opt: reply.delivery.opt_of(None),
        answered: reply.delivery.is_answered(),
        ven: reply.ven,
        delivery: reply.delivery,
    })))
}

pub(super) fn one(api: &Api, event: Event) -> OfVersion {
    Ok(tagged(event.version(), seen(api, event)?))
}

pub(super) fn seen(api: &Api, event: Event) -> Result<Seen, Problem> {
    let status = api.vtn().event_status(&event)?;
    let version = event.version().to_string();
    Ok(Seen { event, status, version })
}
