//! Opt schedules. OpenADR 2.0b Profile, EiOpt, as an operator sees it.

use axum::Json;
use axum::extract::State;

use super::api::Api;
use super::input::{Asked, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::record::{OptChange, OptEntry};

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
