//! Green Button feeds: what there is, and each as the Atom document that it is. Personal data: for
//! who works with it.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::api::Api;
use super::input::{Asked, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::record::GreenButton;

/// A VEN's feeds, by ID.
pub(super) async fn list(
    State(api): State<Api>,
    Named(ven): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<GreenButton>>, Problem> {
    let found = api.vtn().green_button(&ven, paging.after(), paging.one_more()?)?;
    Ok(Json(paging.page(found, |one| one.id.clone())?))
}

/// One feed (RFC 4287).
pub(super) async fn show(
    State(api): State<Api>,
    Named((ven, feed)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let xml = api.vtn().green_button_feed(&ven, &feed)?;
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8; type=feed");
    Ok(([(CONTENT_TYPE, kind)], xml).into_response())
}
