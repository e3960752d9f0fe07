//! What a request carries, read strictly: JSON bodies and queries whose unknown fields are errors
//! that name the field.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::api::Api;
use super::problem::Problem;

/// A JSON body.
pub(super) struct Given<T>(pub T);

/// A query.
pub(super) struct Asked<T>(pub T);

/// A name in a path.
pub(super) struct Named<T>(pub T);

/// Whether the caller would rather have CSV than JSON.
pub(super) struct WantsCsv(pub bool);

impl<T: DeserializeOwned> FromRequest<Api> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, api: &Api) -> Result<Self, Problem> {
        if !says_json(request.headers()) {
            return Err(Problem::new("media_type", "the body must be application/json"));
        }
        let bytes = whole(request.into_body(), api.body_bytes()).await?;
        parse(&bytes).map(Self)
    }
}

/// Reads a body to its end.
///
/// # Errors
/// 413 if it has more than `limit` bytes; 400 if it does not come whole.
pub(super) async fn whole(body: Body, limit: usize) -> Result<Bytes, Problem> {
    to_bytes(body, limit).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        if source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>()) {
            return Problem::new("too_large", format!("the body is longer than {limit} bytes"));
        }
        Problem::bad_request("the body did not come whole")
    })
}

/// Reads JSON strictly; an error names the field.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let problem = Problem::invalid(error.inner().to_string());
        if path == "." { problem } else { problem.at(path) }
    })?;
    json.end().map_err(|error| Problem::invalid(error.to_string()))?;
    Ok(value)
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        let query = query.map_err(|error| {
            let text = error.body_text();
            let told = text.rsplit_once("query string: ").map_or(text.as_str(), |(_, told)| told);
            Problem::bad_request(format!("query: {told}"))
        })?;
        Ok(Self(query.0))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|error| Problem::bad_request(error.body_text()))
    }
}

impl<S: Sync> FromRequestParts<S> for WantsCsv {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let accept = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        Ok(Self(accept.is_some_and(prefers_csv)))
    }
}

/// Whether a request says of its body that it is JSON.
pub(super) fn says_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(is_json)
}

fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Of the two forms the first named wins: preferences by `q` have no use here.
fn prefers_csv(accept: &str) -> bool {
    let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let mut ours = kinds.filter(|kind| ["text/csv", "application/json"].contains(kind));
    ours.next() == Some("text/csv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::EventDraft;

    #[test]
    fn an_error_in_a_body_names_the_field() {
        let text = r#"{"market_context":"c","start":"2026-06-01T12:00:00Z","duration":"PT1H",
            "targets":{"all":true},
            "signals":[{"name":"SIMPLE","type":"level","intervals":[{"duration":"PT1H","valu":1}]}]}"#;
        let problem = parse::<EventDraft>(text.as_bytes()).err().unwrap();
        assert_eq!(problem.field.as_deref(), Some("signals[0].intervals[0].valu"));
        assert!(problem.message.contains("unknown field"), "{}", problem.message);
        assert!(parse::<Vec<u8>>(b"[1] [2]").is_err());
    }

    #[test]
    fn csv_is_given_to_who_names_it_first() {
        assert!(prefers_csv("text/csv"));
        assert!(prefers_csv("text/csv;q=0.9, application/json"));
        assert!(!prefers_csv("application/json, text/csv"));
        assert!(!prefers_csv("*/*"));
    }
}
