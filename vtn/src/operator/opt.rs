//! Opt schedules. OpenADR 2.0b Profile, EiOpt, as an operator sees it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::input::{Asked, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::control::Available;
use crate::record::{OptChange, OptEntry};

/// For when, and for which programme, availability is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    at: Option<Timestamp>,
    market_context: Option<String>,
}

/// Who is in and who is out.
#[derive(Debug, Serialize)]
pub(super) struct Availability {
    at: Timestamp,
    market_context: Option<String>,
    resources: Vec<Available>,
}

/// Who is in and who is out at an instant; now if none is said.
pub(super) async fn availability(
    State(api): State<Api>,
    Named(ven): Named<String>,
    Asked(When { at, market_context }): Asked<When>,
) -> Result<Json<Availability>, Problem> {
    let at = at.unwrap_or_else(|| api.vtn().clock().now());
    let resources = api.vtn().availabilities(&ven, market_context.as_deref(), at)?;
    Ok(Json(Availability { at, market_context, resources }))
}

/// A VEN's schedules in force, oldest first; `after` is the place of the last one seen.
pub(super) async fn list(
    State(api): State<Api>,
    Named(ven): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<OptEntry>>, Problem> {
    Ok(Json(paging.by_place(api.vtn().opts(&ven)?)?))
}

/// What happened to a VEN's opts, newest first; `after` is the number of the last one seen.
pub(super) async fn history(
    State(api): State<Api>,
    Named(ven): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<OptChange>>, Problem> {
    let found = api.vtn().opt_history_before(&ven, paging.number()?, paging.one_more()?)?;
    let page = paging.page(found, |(place, _)| place.to_string())?;
    Ok(Json(page.map(|(_, change)| change)))
}
