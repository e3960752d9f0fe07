//! Why a VEN did or did not get, answer or follow an event, as an operator asks it.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::api::Api;
use super::input::Asked;
use super::problem::Problem;
use crate::explain::Explanation;

/// Which VEN, and which event if any.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    ven: String,
    event: Option<String>,
}

pub(super) async fn explain(
    State(api): State<Api>,
    Asked(Question { ven, event }): Asked<Question>,
) -> Result<Json<Explanation>, Problem> {
    Ok(Json(api.vtn().explain(&ven, event.as_deref())?))
}
