//! What an operator is told when something was not done: JSON that names what to mend.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::Error;

/// An error, as it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    #[serde(skip, default)]
    pub status: u16,
    /// A word for programs; see [`CODES`].
    pub code: String,
    /// What is wrong and how to mend it, for people.
    pub message: String,
    /// The conformance rule of OpenADR 2.0b that is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<u16>,
    /// Where in the request, such as `signals[0].intervals[1].value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// With `precondition`: the version that stands now, to be put between the quotes of
    /// `If-Match` by who has read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<String>,
}

/// Every `code`, with its status and meaning.
pub const CODES: &[(&str, u16, &str)] = &[
    ("bad_request", 400, "a query, a path or a header is not in its form"),
    ("not_an_operator", 403, "the certificate is on no list of this VTN's operators"),
    ("role", 403, "the operator's role may not do this"),
    ("cross_site", 403, "the request comes from a page of another site"),
    ("not_found", 404, "nothing of this name"),
    ("method", 405, "the path does not take this method"),
    ("conflict", 409, "the name is taken, or the thing is in no state for it"),
    ("precondition", 412, "the event stands at another version than If-Match says: `stands`"),
    ("too_large", 413, "the body is longer than api.body_bytes"),
    ("media_type", 415, "not sent as application/json, which all but GET must be"),
    ("invalid", 422, "the body is not what is wanted, or breaks a rule"),
    ("idempotency_key_reused", 422, "the Idempotency-Key was given to another request before"),
    ("internal", 500, "a failure of the VTN; its log says more"),
    ("unavailable", 503, "not now: the store or audit log is full, closing or busy; try again"),
];

impl Problem {
    /// A problem of a kind that [`CODES`] lists.
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        let row = CODES.iter().find(|(name, ..)| *name == code);
        // 500 if somebody forgets the row: a test holds all uses against the table.
        let status = row.map_or(500, |(_, status, _)| *status);
        let (code, message) = (code.to_owned(), message.into());
        Self { status, code, message, rule: None, field: None, stands: None }
    }

    pub(super) fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new("bad_request", message)
    }

    pub(super) fn not_found(kind: &str, id: &str) -> Self {
        Self::new("not_found", format!("no {kind} {id:?}"))
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new("invalid", message)
    }

    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        Self::new("unavailable", message)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        use oadr_store::Error as Store;
        match &error {
            Error::Fault(fault) => {
                let rule = Some(fault.rule);
                Self { rule, ..Self::invalid(fault.what.clone()) }
            }
            Error::Unknown { kind, id } => Self::not_found(kind, id),
            Error::Clash(what) => Self::new("conflict", what.clone()),
            Error::Precondition { stands } => {
                let stands = Some(stands.clone());
                Self { stands, ..Self::new("precondition", error.to_string()).at("If-Match") }
            }
            Error::Invalid { field, what } => Self::invalid(what.clone()).at(field.clone()),
            Error::KeyReused => {
                Self::new("idempotency_key_reused", error.to_string()).at("Idempotency-Key")
            }
            Error::Settings(what) => Self::invalid(what.clone()),
            Error::Refused(refusal) => Self::new("conflict", refusal.to_string()),
            Error::Store(Store::Conflict { .. } | Store::SnapshotLost) => {
                Self::unavailable("somebody else was writing; try again")
            }
            Error::Store(inner @ (Store::Full { .. } | Store::Closed)) => {
                Self::unavailable(inner.to_string())
            }
            _ => {
                tracing::error!(%error, "an operator's request failed");
                Self::new("internal", "the VTN failed; its log says more")
            }
        }
    }
}

impl From<oadr_store::Error> for Problem {
    fn from(error: oadr_store::Error) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self)).into_response()
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        problem.into_response()
    }
}
