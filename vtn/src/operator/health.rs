//! What monitors ask: `/metrics`, `/healthz`, `/readyz`. Viewers may on the operators' door; if
//! `vtn.toml` has `[metrics]`, whoever is on this machine may without a certificate.

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use super::api::Api;
use super::problem::Problem;
use crate::metrics;

/// The three alone, for everybody.
pub(super) fn router(api: Api) -> Router {
    Router::new()
        .route("/metrics", get(measured))
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .fallback(async || Problem::new("not_found", "only /metrics, /healthz, /readyz are here"))
        .with_state(api)
}

pub(super) async fn measured(State(api): State<Api>) -> impl IntoResponse {
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], api.vtn().metrics())
}

/// It answers: there is no more to it.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Whether VENs are served: what they say would be kept, and the VTN goes on.
///
/// # Errors
/// 503 with the reason.
pub(super) async fn ready(State(api): State<Api>) -> Result<&'static str, Problem> {
    if *api.about().stop.borrow() {
        return Err(Problem::unavailable("the VTN is ending"));
    }
    api.vtn().writes().await.map_err(|error| {
        let why = error.map_or_else(|| "it does not answer".to_owned(), |error| error.to_string());
        Problem::unavailable(format!("the store cannot be written: {why}"))
    })?;
    Ok("ready\n")
}
