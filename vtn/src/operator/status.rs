//! How the VTN is, and copies of its store.

use std::path::PathBuf;

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use oadr_certs::{Fingerprint, profile};
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::held::{Held, Holder};
use super::input::Given;
use super::problem::Problem;
use crate::Counters;
use crate::audit::{Audit, Condition, Head};
use crate::settings::Policy;

/// How the VTN is.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    version: &'static str,
    vtn_id: String,
    now: Timestamp,
    started: Timestamp,
    policy: Policy,
    poll_every: SignedDuration,
    store: Option<PathBuf>,
    certificates: Vec<Certificate>,
    counters: Counters,
    audit: Option<Condition>,
}

/// One of our certificates.
#[derive(Debug, Serialize)]
struct Certificate {
    fingerprint: Fingerprint,
    not_after: Timestamp,
    expires_soon: bool,
}

/// Where to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupRequest {
    dir: PathBuf,
}

/// What was copied.
#[derive(Debug, Serialize)]
pub(super) struct BackupSummary {
    dir: PathBuf,
    tables: u64,
    records: u64,
    bytes: u64,
    audit: Option<Head>,
}

pub(super) async fn status(State(api): State<Api>) -> Json<Status> {
    let (vtn, about, now) = (api.vtn(), api.about(), api.clock().now());
    let settings = vtn.settings();
    let certificate = |own: Held| {
        let not_after = own.not_after?;
        let expires_soon = not_after.duration_since(now) < profile::WARN_AHEAD;
        Some(Certificate { fingerprint: own.fingerprint, not_after, expires_soon })
    };
    let mut held = api.held().await;
    held.retain(|one| one.holder == Holder::Vtn);
    Json(Status {
        version: env!("CARGO_PKG_VERSION"),
        vtn_id: settings.vtn_id.clone(),
        now,
        started: about.started,
        policy: settings.policy,
        poll_every: settings.poll_every,
        store: about.store.clone(),
        certificates: held.into_iter().filter_map(certificate).collect(),
        counters: vtn.counters(),
        audit: vtn.audit().map(Audit::condition),
    })
}

/// Copies the store and then the audit log while they are used.
///
/// # Errors
/// 422 if the directory is relative; 409 if it holds a store or cannot be written.
pub(super) async fn backup(
    State(api): State<Api>,
    Given(BackupRequest { dir }): Given<BackupRequest>,
) -> Result<Json<BackupSummary>, Problem> {
    use oadr_store::Error as Store;
    if !dir.is_absolute() {
        let message = "must be an absolute path on the VTN's machine";
        return Err(Problem::invalid(message).at("dir"));
    }
    let summary = api.vtn().store().backup(&dir).await.map_err(|error| match error {
        Store::Closed | Store::SnapshotLost => Problem::from(error),
        // Everything else is about the directory that was named, and says so.
        error => Problem::new("conflict", error.to_string()).at("dir"),
    })?;
    let audit = match api.vtn().audit() {
        None => None,
        Some(audit) => Some(audit.copy(dir.clone()).await.map_err(|error| {
            let what = format!("{error}; the store was copied, so take another directory");
            Problem::new("conflict", what).at("dir")
        })?),
    };
    let oadr_store::Summary { tables, records, bytes } = summary;
    Ok(Json(BackupSummary { dir, tables, records, bytes, audit }))
}
