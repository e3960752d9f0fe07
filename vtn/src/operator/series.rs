//! Series of events and lists of holidays, as an operator sees them.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::event::{Seen, seen};
use super::input::{Asked, Given, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::control::{Preview, SeriesState, Slot};
use crate::record::{EventSeriesDraft, Holidays, HolidaysDraft};

/// An event of a series.
#[derive(Debug, Serialize)]
pub(super) struct Made {
    instant: Timestamp,
    by_operator: bool,
    event: Seen,
}

/// The instants of a series.
#[derive(Debug, Serialize)]
pub(super) struct Slots {
    items: Vec<Slot>,
}

/// What becomes of events that have not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Fate {
    Cancel,
    Leave,
}

/// How a series is stopped: there is no usual way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stop {
    events: Fate,
}

type Answer<T> = Result<Json<T>, Problem>;

pub(super) async fn list(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<SeriesState>> {
    let found = api.vtn().all_event_series(paging.after(), paging.one_more()?)?;
    Ok(Json(paging.page(found, |state| state.series.name.clone())?))
}

pub(super) async fn show(
    State(api): State<Api>,
    Named(name): Named<String>,
) -> Answer<SeriesState> {
    Ok(Json(api.vtn().event_series(&name)?))
}

pub(super) async fn put(
    State(api): State<Api>,
    Named(name): Named<String>,
    Given(draft): Given<EventSeriesDraft>,
) -> Answer<SeriesState> {
    Ok(Json(api.vtn().put_event_series(&name, draft).await?))
}

pub(super) async fn stop(
    State(api): State<Api>,
    Named(name): Named<String>,
    Asked(Stop { events }): Asked<Stop>,
) -> Answer<SeriesState> {
    Ok(Json(api.vtn().stop_event_series(&name, events == Fate::Cancel).await?))
}

pub(super) async fn preview(
    State(api): State<Api>,
    Given(preview): Given<Preview>,
) -> Answer<Slots> {
    Ok(Json(Slots { items: api.vtn().preview_event_series(&preview)? }))
}

/// The events of a series; `after` is the instant of the last one seen.
pub(super) async fn events(
    State(api): State<Api>,
    Named(name): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Made>> {
    let wrong = |_| Problem::bad_request("after: not a cursor of this list").at("after");
    let after =
        paging.after().map(|after| after.parse::<Timestamp>().map_err(wrong)).transpose()?;
    let found = api.vtn().series_events(&name, after, paging.one_more()?)?;
    let page = paging.page(found, |one| one.instant.to_string())?;
    Ok(Json(page.try_map(|one| {
        let event = seen(&api, one.event)?;
        Ok::<_, Problem>(Made { instant: one.instant, by_operator: one.by_operator, event })
    })?))
}

pub(super) async fn all_holidays(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Answer<Page<Holidays>> {
    let found = api.vtn().all_holidays(paging.after(), paging.one_more()?)?;
    Ok(Json(paging.page(found, |list| list.name.clone())?))
}

pub(super) async fn holidays(
    State(api): State<Api>,
    Named(name): Named<String>,
) -> Answer<Holidays> {
    Ok(Json(api.vtn().holidays(&name)?))
}

pub(super) async fn put_holidays(
    State(api): State<Api>,
    Named(name): Named<String>,
    Given(draft): Given<HolidaysDraft>,
) -> Answer<Holidays> {
    Ok(Json(api.vtn().put_holidays(&name, draft).await?))
}

/// Gives what it was.
pub(super) async fn remove_holidays(
    State(api): State<Api>,
    Named(name): Named<String>,
) -> Answer<Holidays> {
    Ok(Json(api.vtn().remove_holidays(&name).await?))
}
