//! The audit log, as an administrator reads it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;

use super::api::Api;
use super::input::Asked;
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::audit::{Query, Shown, read};

/// Which lines.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wanted {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    ven: Option<String>,
    operator: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// A page of the log, oldest first; `after` is the number of the last line seen. A page may be
/// empty and have another after it: some megabytes are looked through at a time.
///
/// # Errors
/// 400 if the query makes no sense; 404 if this VTN keeps no log.
pub(super) async fn list(
    State(api): State<Api>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<Page<Shown>>, Problem> {
    let Wanted { since, until, ven, operator, limit, after } = wanted;
    if since.zip(until).is_some_and(|(since, until)| since > until) {
        return Err(Problem::bad_request("since is after until").at("since"));
    }
    if ven.is_some() && operator.is_some() {
        let what = "a line is of a VEN or of an operator: ask for one of them";
        return Err(Problem::bad_request(what).at("operator"));
    }
    let paging = Paging { limit, after };
    let (limit, after) = (paging.limit()?, paging.number()?.unwrap_or(0));
    let Some(audit) = api.vtn().audit() else {
        return Err(Problem::new("not_found", "this VTN keeps no audit log"));
    };
    let (dir, query) =
        (audit.dir().to_owned(), Query { after, since, until, ven, operator, limit });
    let looking = tokio::task::spawn_blocking(move || read(&dir, &query));
    let found = looking.await.unwrap_or(Err(crate::audit::Error::Closed));
    let found = found.map_err(|error| {
        tracing::error!(%error, "the audit log cannot be read");
        Problem::new("internal", "the audit log cannot be read; the VTN's log says more")
    })?;
    Ok(Json(Page { items: found.lines, next: found.next.map(|seq| seq.to_string()) }))
}
